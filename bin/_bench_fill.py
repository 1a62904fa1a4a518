"""Many old tickets for a measure: copies of a closed one, written by the database itself, so that it takes seconds."""

from collections.abc import Mapping
from typing import Any

FILLER = "lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor incididunt ut labore"
MESSAGES = 6


def copy_tickets(count: int, *, ticket_id: int) -> None:
    """Copy one closed ticket `count` times, each with six messages and a Message-ID that answers could name."""
    from django.db import connection

    from deskhand.mail.models import KnownMessageId
    from deskhand.tickets.models import Message, Ticket

    message_id = Message.objects.filter(ticket=ticket_id).values_list("pk", flat=True)[0]
    known = KnownMessageId(message_id="", ticket_id=ticket_id, seen="received", seen_at="2026-11-18T12:00:00Z")
    known.save()
    last = Ticket.objects.order_by("-pk").values_list("pk", flat=True)[0]
    words = f"n || ' ' || '{FILLER}' || ' ' || md5(n::text)"
    people = "(SELECT array_agg(id) FROM clients_contact)"
    with connection.cursor() as cursor:
        cursor.execute(
            _copies(
                Ticket,
                {
                    "id": "nextval('tickets_ticket_id_seq')",
                    "number": "nextval('tickets_ticket_number')",
                    "public_id": "substr(md5('t' || n), 1, 22)",
                    "subject": "'Old ' || n",
                    "requester_id": f"({people})[1 + n %% array_length({people}, 1)]",
                    "queue_at": "old.queue_at - n * interval '1 minute'",
                },
                source=f"tickets_ticket AS old, generate_series(1, {count}) AS n WHERE old.id = %s",
            ),
            [ticket_id],
        )
        places = (
            f"tickets_ticket AS t, generate_series(1, {MESSAGES}) AS place, LATERAL (SELECT t.id * 10 + place AS n)"
        )
        new = f"{places} AS numbers WHERE t.id > {last} AND old.id = %s"
        values = {
            "id": "nextval('tickets_message_id_seq')",
            "ticket_id": "t.id",
            "position": "place",
            "public_id": "substr(md5('m' || n), 1, 22)",
            "text": words,
            "html": f"'<p>' || {words} || '</p>'",
            "submission_key": "NULL",
        }
        cursor.execute(_copies(Message, values, source=f"tickets_message AS old, {new}"), [message_id])
        ids = {
            "id": "nextval('mail_knownmessageid_id_seq')",
            "ticket_id": "t.id",
            "message_id": "'<' || t.id || '@old>'",
        }
        source = f"mail_knownmessageid AS old, tickets_ticket AS t WHERE t.id > {last} AND old.id = %s"
        cursor.execute(_copies(KnownMessageId, ids, source=source), [known.pk])
        cursor.execute("ANALYZE")


def _copies(model: Any, values: Mapping[str, str], *, source: str) -> str:
    meta = model._meta  # noqa: SLF001 -- Django documents it
    columns = [field.column for field in meta.concrete_fields if not field.generated]
    asked = ", ".join(values.get(column, f"old.{column}") for column in columns)
    return f"INSERT INTO {meta.db_table} ({', '.join(columns)}) SELECT {asked} FROM {source}"  # noqa: S608 -- all ours

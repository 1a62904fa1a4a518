"""Makes the plan of a seeded desk and prints it as JSON: it asks for each page itself, and notes the SQL statements."""

import json
import os
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import psycopg

from bin._bench_plan import Page, Plan
from bin._desk import opened

STAFF, CLIENT = "agent3@bench.example", "ottoline@thistlewood.example"
DEEP = 200
PAGE = 50
COMMON, PHRASE = "please", "checkout customer"


def main() -> None:
    """Print the plan of the desk in the folder given."""
    with opened(Path(sys.argv[1])):
        tickets = int(_cell("SELECT count(*) FROM tickets_ticket"))
        newest = int(_cell("SELECT max(id) FROM tickets_ticket"))
        plan = Plan(tickets, newest, os.environ["DATABASE_URL"], list(_pages()))
    json.dump(asdict(plan), sys.stdout)


def _cell(sql: str, *values: str) -> str:
    """Return the one cell that a statement finds. Exits where it finds none."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        found = cursor.fetchone()
    if found is None or found[0] is None:
        sys.exit(f"The desk was not seeded for {sql}")
    return str(found[0])


def _pages() -> Iterator[Page]:
    from django.urls import reverse

    inbox, search = reverse("workspace:inbox"), reverse("portal:search")
    yield _asked("inbox, first page", inbox, STAFF)
    yield _asked("inbox, deep", f"{inbox}?after={_deep('inbox')}", STAFF)
    yield _asked("closed, 200 deep", f"{inbox}?view=closed&after={_deep('closed')}", STAFF)
    yield _asked("ticket, 20 entries", reverse("workspace:ticket", args=[_ticket("t.entry_count = 20", of="%")]), STAFF)
    yield _asked("portal home", reverse("portal:home"), CLIENT)
    yield _asked("portal ticket", reverse("portal:ticket", args=[_ticket("t.entry_count = 6", of=CLIENT)]), CLIENT)
    yield _asked("portal, closed", reverse("portal:closed"), CLIENT)
    yield _asked("is this the same?", f"{reverse('portal:similar')}?subject=order+page+customers+checkout", CLIENT)
    yield _asked("portal, search", f"{search}?q={COMMON}", CLIENT)
    yield _asked("search, common word", f"{inbox}?view=search&q={COMMON}", STAFF)
    yield _asked("search, rare word", f"{inbox}?view=search&q={_rare()}", STAFF)
    yield _asked("search, two words", f"{inbox}?view=search&q={PHRASE.replace(' ', '+')}", STAFF)
    fields = {
        "subject": "The order page is slow today",
        "text": "It took a minute to load this morning.",
        "category": "",
    }
    # By somebody else, whose new tickets do not stand on the pages measured here.
    yield _asked("create by the form", reverse("portal:new_ticket"), _opener(), fields)


def _deep(view: str) -> str:
    """Return the cursor 200 pages down a view, or as far down as it goes."""
    from deskhand.tickets.models import Kind, Ticket, Turn
    from deskhand.tickets.queries.inbox import Cursor

    tickets = Ticket.objects.filter(kind=Kind.CLOSED).order_by("-queue_at", "id")
    if view == "inbox":
        queue = Ticket.objects.exclude(kind=Kind.CLOSED).filter(turn__lte=Turn.CLIENT)
        tickets = queue.order_by("turn", "-queue_at", "id")
    last = tickets[max(0, min(DEEP * PAGE, tickets.count() - PAGE) - 1)]
    return str(Cursor(last.turn, last.queue_at, last.pk))


def _ticket(condition: str, *, of: str) -> int:
    """Return the newest ticket number of whoever has such an address that fits."""
    sql = """
    SELECT t.number FROM tickets_ticket AS t JOIN clients_contact AS p ON p.id = t.requester_id
    JOIN accounts_user AS c ON c.id = p.user_id WHERE {} AND c.email LIKE %s ORDER BY t.id DESC LIMIT 1
    """
    return int(_cell(sql.format(condition), of))


def _opener() -> str:
    """Return the address of a contact of another client than the one whose pages are asked for."""
    sql = """
    SELECT c.email FROM clients_contact AS p JOIN accounts_user AS c ON c.id = p.user_id
    WHERE p.client_id <> (
        SELECT q.client_id FROM clients_contact AS q JOIN accounts_user AS u ON u.id = q.user_id WHERE u.email = %s
    ) AND c.is_active ORDER BY p.id DESC LIMIT 1
    """
    return _cell(sql, CLIENT)


def _rare() -> str:
    """Return the one word that nobody else wrote: the reference of some old ticket."""
    sql = """
    SELECT substring(text FROM 'Reference (\\w+)') FROM tickets_message WHERE text LIKE %s ORDER BY id DESC LIMIT 1
    """
    return _cell(sql, "%Reference %")


def _asked(name: str, path: str, address: str, fields: dict[str, str] | None = None) -> Page:
    """Ask twice in this very process, and note the statements of the second time; a form is sent, then rolled back."""
    from django.db import connection, transaction
    from django.test import Client

    from deskhand.accounts.models import User

    statements: list[str] = []

    def note(execute: Any, sql: str, values: Any, *more: Any) -> Any:
        # Statements that are prepared never stand anywhere with their values: these are put into them here.
        statements.append(psycopg.ClientCursor(connection.connection).mogrify(sql, values))
        return execute(sql, values, *more)

    browser = Client(SERVER_NAME="localhost")
    browser.force_login(User.objects.get(email=address), "deskhand.web.recognizing.PersonBackend")
    session = browser.cookies["sessionid"].value
    browser.get(path)
    if fields is None:
        with connection.execute_wrapper(note):
            answer = browser.get(path)
    else:
        with transaction.atomic(), connection.execute_wrapper(note):
            answer = browser.post(path, fields)
            transaction.set_rollback(True)
    if answer.status_code != (200 if fields is None else 302):
        sys.exit(f"{name}: {path} answers {answer.status_code}")
    return Page(name, path, session, fields or {}, statements, sum(map(_blocks, statements)))


def _blocks(statement: str) -> int:
    if not statement.startswith(("SELECT", "(SELECT")):
        return 0
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + statement)  # as it was captured
        plan = cursor.fetchone()[0][0]["Plan"]
    return int(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"])


if __name__ == "__main__":
    main()

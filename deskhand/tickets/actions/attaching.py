"""Attaching files: to a message, or to the ticket itself afterwards."""

from collections.abc import Sequence

from django.db import transaction

from deskhand.events import Act
from deskhand.events.recording import record
from deskhand.files.actions.storing import claim
from deskhand.files.models import File
from deskhand.tickets.actions.locking import locked
from deskhand.tickets.events import FilesAttached
from deskhand.tickets.models import Attachment, Message, Ticket


def attach(
    ticket: Ticket,
    files: Sequence[File],
    *,
    message: Message | None,
    act: Act,
    inline: frozenset[str] = frozenset(),
) -> None:
    """Attach files under the ticket's lock; `inline` holds public ids shown within the text."""
    if not files:
        return
    Attachment.objects.bulk_create(
        Attachment(
            ticket=ticket, message=message, file=file, is_inline=file.public_id in inline,
            added_at=act.at, added_by_id=act.actor_id,
        )
        for file in files
    )  # fmt: skip
    claim(files, act=act)
    ticket.attachment_count += len(files)


@transaction.atomic
def attach_files(*, ticket_id: int, files: Sequence[File], act: Act) -> None:
    """Attach files to the ticket itself. Nothing happens without files."""
    if not files:
        return
    ticket = locked(ticket_id)
    attach(ticket, files, message=None, act=act)
    ticket.save(update_fields=["attachment_count"])
    fact = FilesAttached(
        subject_id=ticket.pk,
        file_ids=[file.pk for file in files],
        names=[file.name for file in files],
    )
    record(fact, act=act)

"""Attaching files: to a message, or to the ticket itself afterwards."""

from collections.abc import Sequence

from django.db import transaction

from deskhand.accounts.models import User
from deskhand.events import Act
from deskhand.events.recording import record
from deskhand.files.actions.storing import claim
from deskhand.files.models import File
from deskhand.tickets.actions.locking import locked
from deskhand.tickets.events import FilesAttached
from deskhand.tickets.models import Attachment, Message, Ticket


class FilesNotFound(ValueError):
    """Some of the named uploads are not the writer's own, or were attached already."""


def uploads_of(user: User, public_ids: Sequence[str]) -> list[File]:
    """Return the writer's own unclaimed uploads in the order named, each once. Raises FilesNotFound."""
    wanted = list(dict.fromkeys(public_ids))
    found = {file.public_id: file for file in File.objects.unclaimed_of(user).filter(public_id__in=wanted)}
    if len(found) != len(wanted):
        raise FilesNotFound("A file is no longer there. Please remove it and attach it again.")
    return [found[public_id] for public_id in wanted]


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

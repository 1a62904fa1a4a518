"""All files of a contact's tickets, the newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import Q, QuerySet

from deskhand.clients.models import Contact
from deskhand.core.paging import IdCursor
from deskhand.files.kinds import DOCUMENTS, PICTURES
from deskhand.files.models import ScanState
from deskhand.tickets.client_view.search import beginning, words_of
from deskhand.tickets.client_view.values import ClientFile
from deskhand.tickets.models import Attachment, Ticket

PAGE_SIZE = 50
# Logos in mail signatures come again with every mail; a pasted screenshot is larger (bytes).
SMALLEST_PICTURE_IN_MAIL = 10 * 1024


class FileKind(StrEnum):
    """What clients tell files apart by."""

    PICTURES = "pictures"
    DOCUMENTS = "documents"
    OTHER = "other"


@dataclass(frozen=True, kw_only=True)
class ClientFileRow:
    """A file, the ticket it hangs on, and who brought it when."""

    file: ClientFile
    number: int
    subject: str
    added_by: str
    """A name, "you", or an empty string where nobody is known."""
    added_at: datetime

    @property
    def ticket_href(self) -> str:
        """The ticket's path in the portal."""
        return f"/tickets/{self.number}"


@dataclass(frozen=True, kw_only=True)
class FilesPage:
    """Up to 50 files, and the place the next page begins after (None at the end)."""

    rows: Sequence[ClientFileRow]
    next_cursor: IdCursor | None


def client_files(
    contact: Contact, *, words: str = "", kind: FileKind | None = None, after: IdCursor | None = None
) -> FilesPage:
    """Return a page of files on tickets the contact sees: what clients see there, and nothing infected. One query.

    Every word has to be part of the file's name or begin a word of the ticket's subject; a ticket's number finds all
    of its files. `after` is the `next_cursor` of the page above.
    """
    files = _shown_to(contact)
    if words.strip():
        files = files.filter(_matching(words))
    if kind is not None:
        files = files.filter(_of_kind(kind))
    if after is not None:
        files = files.filter(pk__lt=after.id)
    found = list(files.select_related("file", "ticket", "added_by", "message__author").order_by("-pk")[: PAGE_SIZE + 1])
    next_cursor = IdCursor(found[PAGE_SIZE - 1].pk) if len(found) > PAGE_SIZE else None
    return FilesPage(rows=[_row(contact, attachment) for attachment in found[:PAGE_SIZE]], next_cursor=next_cursor)


def _shown_to(contact: Contact) -> QuerySet[Attachment]:
    seen = Ticket.objects.visible_to(contact)
    shown = Attachment.objects.filter(ticket__in=seen, file__claimed_at__isnull=False).exclude(message__is_held=True)
    in_signatures = Q(is_inline=True, file__size_bytes__lt=SMALLEST_PICTURE_IN_MAIL) & ~Q(content_id="")
    return shown.exclude(file__scan_state=ScanState.INFECTED).exclude(in_signatures)


def _matching(typed: str) -> Q:
    found = Q()
    for word in words_of(typed):
        found &= Q(file__name__icontains=word) | Q(ticket__subject_words=beginning(word))
    number = typed.strip().removeprefix("#")
    if number.isascii() and number.isdecimal():
        found |= Q(ticket__number=int(number))
    return found or Q(pk=None)


def _of_kind(kind: FileKind) -> Q:
    pictures, documents = Q(file__content_type__in=sorted(PICTURES)), Q(file__content_type__regex=DOCUMENTS)
    if kind is FileKind.PICTURES:
        return pictures
    return documents if kind is FileKind.DOCUMENTS else ~pictures & ~documents


def _row(contact: Contact, attachment: Attachment) -> ClientFileRow:
    file, message = attachment.file, attachment.message
    by = message.author if message else attachment.added_by
    return ClientFileRow(
        file=ClientFile(
            public_id=file.public_id, name=file.name, size_bytes=file.size_bytes, content_type=file.content_type
        ),
        number=attachment.ticket.number,
        subject=attachment.ticket.subject,
        added_by="" if by is None else "you" if by.pk == contact.user_id else by.name,
        added_at=attachment.added_at,
    )

"""What the settings show of mailboxes: what each is for, and how reading it goes."""

from dataclasses import dataclass
from datetime import datetime

from deskhand.mail.models import ImapAccount, Mailbox


@dataclass(frozen=True)
class ImapHealth:
    """How reading a mailbox by IMAP goes. `error` is in the server's words, empty when all is well."""

    is_enabled: bool
    last_fetch_at: datetime | None
    error: str
    error_at: datetime | None
    next_try_at: datetime | None


@dataclass(frozen=True)
class MailboxRow:
    """One mailbox in the list. `imap` is None where mail comes another way."""

    id: int
    name: str
    address: str
    aliases: tuple[str, ...]
    team: str
    category: str
    is_enabled: bool
    imap: ImapHealth | None


def list_mailboxes() -> list[MailboxRow]:
    """Return every mailbox, the desk's main address first. Two queries."""
    boxes = Mailbox.objects.select_related("team", "category", "imap").prefetch_related("aliases").order_by("id")
    return [
        MailboxRow(
            id=box.pk,
            name=box.name,
            address=box.address,
            aliases=tuple(sorted(alias.address for alias in box.aliases.all())),
            team=box.team.name if box.team else "",
            category=box.category.name if box.category else "",
            is_enabled=box.is_enabled,
            imap=health_of(getattr(box, "imap", None)),
        )
        for box in boxes
    ]


def health_of(account: ImapAccount | None) -> ImapHealth | None:
    """Return how reading goes. No query."""
    if account is None:
        return None
    return ImapHealth(
        is_enabled=account.is_enabled,
        last_fetch_at=account.last_fetch_at,
        error=account.last_error,
        error_at=account.last_error_at,
        next_try_at=account.next_try_at,
    )

"""Taking in what IMAP brings: every mail of a folder once, whatever is cut off when."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from deskhand.mail.actions.receiving import store
from deskhand.mail.actions.servers import WELL, note_failure
from deskhand.mail.first_look import look_at, return_path_of
from deskhand.mail.models import Door, ImapAccount, ImapMail, ImapPosition, InboundMail

LEASE = timedelta(minutes=2)
FIRST_WAIT = timedelta(seconds=15)


class AccountChanged(Exception):
    """The account was changed, switched off or removed since its reader began: it has to begin anew."""


@dataclass(frozen=True)
class Place:
    """A mail as a server names it."""

    account: ImapAccount
    folder: str
    uid_validity: int
    uid: int

    @property
    def folder_key(self) -> dict[str, Any]:
        """What tells the folder, and with it what the UIDs mean."""
        return {
            "account": self.account,
            "epoch": self.account.epoch,
            "folder": self.folder,
            "uid_validity": self.uid_validity,
        }

    @property
    def key(self) -> dict[str, Any]:
        """What tells the mail."""
        return self.folder_key | {"uid": self.uid}


def begin_position(
    account: ImapAccount, *, folder: str, uid_validity: int, first_uid: int, backlog: Sequence[int], at: datetime
) -> ImapPosition:
    """Note where reading begins in a folder seen for the first time, or with another UIDVALIDITY."""
    position, _ = ImapPosition.objects.get_or_create(
        account=account,
        epoch=account.epoch,
        folder=folder,
        uid_validity=uid_validity,
        defaults={"first_uid": first_uid, "last_uid": first_uid - 1, "backlog": list(backlog), "began_at": at},
    )
    return position


@transaction.atomic
def change_backlog(position: ImapPosition, *, add: Collection[int] = (), drop: Collection[int] = ()) -> None:
    """Note what is still to be taken, and what no more: it was taken, or is gone."""
    kept = ImapPosition.objects.select_for_update().filter(pk=position.pk).first()
    if kept is not None:
        kept.backlog = sorted({*kept.backlog, *add} - set(drop))
        kept.save(update_fields=["backlog"])


@transaction.atomic(durable=True)
def take(raw: bytes, *, place: Place, at: datetime) -> None:
    """Store one fetched mail and how far reading came; returns once that is committed.

    The same place twice changes nothing. What this account brought before under another number (a server that was
    moved, a mail put back by hand) is only noted, not stored again. Raises AccountChanged and DatabaseError.
    """
    # Two readers at once: the second waits here for the first, and then finds the mail taken. Settings wait here too,
    # so that nothing is taken by those that were.
    if _unchanged(place.account).select_for_update(no_key=True).first() is None:
        raise AccountChanged
    if not ImapMail.objects.filter(**place.key).exists():
        mail = _brought_before(raw, place.account) or store(
            raw, door=Door.IMAP, at=at, envelope_from=return_path_of(raw), mailbox=place.account.mailbox
        )
        ImapMail.objects.create(**place.key, mail=mail)
    ImapPosition.objects.filter(**place.folder_key, last_uid__lt=place.uid).update(last_uid=place.uid)


def refuse_changed(account: ImapAccount) -> None:
    """Raise AccountChanged unless the account still is as its reader knows it."""
    if not _unchanged(account).exists():
        raise AccountChanged


def note_settled(place: Place, *, at: datetime) -> None:
    """Note that the server was told what is to become of a mail."""
    ImapMail.objects.filter(**place.key).update(settled_at=at)


def note_success(account_id: int, *, at: datetime, trouble: str = "") -> None:
    """Note that the folder was read through; `trouble` says which mail could not be taken, and is tried again."""
    ImapAccount.objects.filter(pk=account_id).update(
        **WELL | {"last_fetch_at": at, "last_error": trouble, "last_error_at": at if trouble else None}
    )


def note_trouble(account_id: int, words: str, *, at: datetime) -> None:
    """Note what went wrong, and wait longer each time before the next try: 15 s, 30 s, … 30 min."""
    with transaction.atomic():
        account = ImapAccount.objects.select_for_update().filter(pk=account_id).first()
        if account is not None:
            note_failure(account, words, first_wait=FIRST_WAIT, at=at)


def lease(account_id: int, *, reader: str, now: datetime) -> ImapAccount | None:
    """Return the account if `reader` may read it now: it is switched on, due, and nobody else reads it."""
    free = Q(lease_until=None) | Q(lease_until__lte=now) | Q(reader=reader)
    due = Q(next_try_at=None) | Q(next_try_at__lte=now)
    leased = ImapAccount.objects.filter(free, due, pk=account_id, is_enabled=True).update(
        reader=reader, lease_until=now + LEASE
    )
    return ImapAccount.objects.select_related("mailbox").get(pk=account_id) if leased else None


def release_lease(account_id: int, *, reader: str) -> None:
    """Let another worker read."""
    ImapAccount.objects.filter(pk=account_id, reader=reader).update(reader="", lease_until=None)


def _unchanged(account: ImapAccount) -> QuerySet[ImapAccount]:
    return ImapAccount.objects.filter(
        pk=account.pk, epoch=account.epoch, changed_at=account.changed_at, is_enabled=True
    )


def _brought_before(raw: bytes, account: ImapAccount) -> InboundMail | None:
    content_hash = look_at(raw).content_hash
    first = InboundMail.objects.without_raw().filter(content_hash=content_hash, duplicate_of=None).first()
    if first is None or not ImapMail.objects.filter(account=account, mail=first).exists():
        return None
    return first

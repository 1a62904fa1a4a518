"""The server from which a mailbox is read by IMAP: setting it up, and forgetting it."""

from dataclasses import dataclass

from django.db import transaction

from deskhand.events import Act
from deskhand.events.recording import record
from deskhand.mail.actions.servers import WELL, ServerFields, fill
from deskhand.mail.events import ImapChanged, ImapRemoved
from deskhand.mail.models import ImapAccount, Mailbox


@dataclass(frozen=True, kw_only=True)
class ImapFields(ServerFields):
    """How a mailbox is read by IMAP."""

    folder: str
    existing: str
    after_fetch: str
    move_to: str
    is_enabled: bool = True


@transaction.atomic
def set_imap(*, mailbox_id: int, fields: ImapFields, act: Act) -> ImapAccount:
    """Say how a mailbox is read by IMAP; whoever reads it begins anew. Raises as `fill` does."""
    box = Mailbox.objects.select_for_update().get(pk=mailbox_id)
    before = ImapAccount.objects.filter(mailbox=box).first()
    account = account_with(box.pk, fields)
    account.changed_at = act.at
    for name, value in WELL.items():
        setattr(account, name, value)
    if before is not None and _numbers_of(before) != _numbers_of(account):
        account.epoch += 1
    account.save()
    fact = ImapChanged(subject_id=box.pk, host=account.host, user=account.user, is_enabled=account.is_enabled)
    record(fact, act=act)
    return account


def account_with(mailbox_id: int, fields: ImapFields) -> ImapAccount:
    """Return the mailbox's account as it would be with these fields, not saved. Raises as `fill` does."""
    account = ImapAccount.objects.filter(mailbox=mailbox_id).first() or ImapAccount(mailbox_id=mailbox_id)
    fill(account, fields)
    return account


def _numbers_of(account: ImapAccount) -> tuple[str, str, str]:
    """What numbers its mail by itself."""
    return account.host, account.user, account.folder


@transaction.atomic
def remove_imap(*, mailbox_id: int, act: Act) -> None:
    """Read the mailbox by IMAP no more, and forget its password."""
    box = Mailbox.objects.select_for_update().get(pk=mailbox_id)
    removed, _ = ImapAccount.objects.filter(mailbox=box).delete()
    if removed:
        record(ImapRemoved(subject_id=box.pk), act=act)

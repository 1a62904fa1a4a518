"""The server by which a mailbox sends: setting it up, and noting how it fares."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from deskhand.events import Act
from deskhand.events.recording import record
from deskhand.mail.actions.servers import WELL, ServerFields, fill, note_failure
from deskhand.mail.events import SmtpChanged, SmtpRemoved
from deskhand.mail.models import Delivery, DeliveryState, Mailbox, ReturnPath, SmtpAccount
from deskhand.mail.smtp import Answer, Blame, Result

FIRST_WAIT = timedelta(minutes=1)
ONE_AHEAD = timedelta(minutes=5)
"""How long others wait for the mail that goes ahead, should its worker never say how it fared."""


@dataclass(frozen=True, kw_only=True)
class SmtpFields(ServerFields):
    """By which server a mailbox sends, and in whose name."""

    return_path: str = ReturnPath.MAILBOX


@transaction.atomic
def set_smtp(*, mailbox_id: int, fields: SmtpFields, act: Act) -> SmtpAccount:
    """Say by which server a mailbox sends; what waits is tried at once. Raises as `fill` does."""
    box = Mailbox.objects.select_for_update().get(pk=mailbox_id)
    account = account_with(box.pk, fields)
    account.save()
    resume_sending(box.pk, at=act.at)
    record(SmtpChanged(subject_id=box.pk, host=account.host, user=account.user), act=act)
    return account


def account_with(mailbox_id: int, fields: SmtpFields) -> SmtpAccount:
    """Return the mailbox's account as it would be with these fields, not saved. Raises as `fill` does."""
    account = SmtpAccount.objects.filter(mailbox=mailbox_id).first() or SmtpAccount(mailbox_id=mailbox_id)
    fill(account, fields)
    return account


@transaction.atomic
def remove_smtp(*, mailbox_id: int, act: Act) -> None:
    """Send by the desk's server again, what waits as well, and forget the password."""
    box = Mailbox.objects.select_for_update().get(pk=mailbox_id)
    removed, _ = SmtpAccount.objects.filter(mailbox=box).delete()
    if removed:
        resume_sending(box.pk, at=act.at)
        record(SmtpRemoved(subject_id=box.pk), act=act)


def resume_sending(mailbox_id: int, *, at: datetime) -> None:
    """Let nothing wait any longer for a server of the mailbox that was in trouble: it is well, or may be mended."""
    SmtpAccount.objects.filter(mailbox_id=mailbox_id).update(**WELL)
    box = Mailbox.objects.get(pk=mailbox_id)
    addresses = [box.address, *box.aliases.values_list("address", flat=True)]
    Delivery.objects.filter(state=DeliveryState.DEFERRED, mail__from_address__in=addresses).update(next_try_at=at)


def take_turn(account: SmtpAccount, *, now: datetime) -> datetime | None:
    """Take the turn to try a server. Returns None, or until when mail for it waits untried because it is another's.

    After trouble one mail goes ahead, and the others wait for how it fares: a server that is away holds up one worker.
    """
    if not account.failures:
        return None
    row = SmtpAccount.objects.filter(pk=account.pk)
    goes_ahead = row.filter(next_try_at__lte=now).update(next_try_at=now + ONE_AHEAD)
    return None if goes_ahead else row.values_list("next_try_at", flat=True).first()


@transaction.atomic
def note_answer(tried: SmtpAccount, answer: Answer, *, at: datetime) -> datetime | None:
    """Note how a server fared; where it is in trouble, return until when it is left alone: 1 min, 2 min, … 30 min."""
    account = SmtpAccount.objects.select_for_update().filter(pk=tried.pk).first()
    if account is None:
        return None
    if answer.result == Result.SENT:
        account.last_sent_at = at
        account.save(update_fields=["last_sent_at"])
    if answer.blame == Blame.MAIL:
        if account.failures:
            resume_sending(account.mailbox_id, at=at)
        return None
    if account.failures == tried.failures:  # several tries at once that fail are one failure
        note_failure(account, answer.words, first_wait=FIRST_WAIT, at=at)
    return account.next_try_at

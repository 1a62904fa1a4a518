"""The server by which a mailbox sends: setting it up, and noting how it fares."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from deskhand.core.secrets import seal, unseal
from deskhand.events import Act
from deskhand.events.recording import record
from deskhand.mail.actions.mailboxes import PasswordMissing
from deskhand.mail.events import SmtpChanged, SmtpRemoved
from deskhand.mail.models import Delivery, DeliveryState, Mailbox, ReturnPath, SmtpAccount, SmtpSecurity, SmtpSignIn
from deskhand.mail.models.servers import THIS_MACHINE
from deskhand.mail.smtp import Answer, Blame, Result

FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(minutes=30)
ONE_AHEAD = timedelta(minutes=5)
"""How long others wait for the mail that goes ahead, should its worker never say how it fared."""
KEPT_AS_GIVEN = ("host", "port", "security", "sign_in", "return_path")


class NotProtected(ValueError):
    """Mail and password would go through the network for everyone to read."""

    def __init__(self) -> None:
        super().__init__("Choose STARTTLS or TLS: without, everybody on the way could read the mail and the password.")


class UserMissing(ValueError):
    """Nobody can sign in without a name."""

    def __init__(self) -> None:
        super().__init__("Enter the user name, often the address itself.")


@dataclass(frozen=True)
class SmtpFields:
    """How a mailbox sends. `password` is None to keep the one that is stored; `user` counts where one signs in."""

    host: str
    port: int
    security: str
    sign_in: str
    user: str
    password: str | None = None
    return_path: str = ReturnPath.MAILBOX


@transaction.atomic
def set_smtp(*, mailbox_id: int, fields: SmtpFields, act: Act) -> SmtpAccount:
    """Say by which server a mailbox sends; what waits is tried at once.

    Raises NotProtected, UserMissing, PasswordMissing and SecretUnreadable.
    """
    box = Mailbox.objects.select_for_update().get(pk=mailbox_id)
    account = account_with(box, fields)
    account.save()
    resume_sending(box.pk, at=act.at)
    record(SmtpChanged(subject_id=box.pk, host=account.host, user=account.user), act=act)
    return account


def account_with(box: Mailbox, fields: SmtpFields) -> SmtpAccount:
    """Return the mailbox's account as it would be with these fields, not saved.

    An empty password stands for the stored one where that is for the same server and user. Raises as `set_smtp` does.
    """
    account = SmtpAccount.objects.filter(mailbox=box).first() or SmtpAccount(mailbox=box)
    if fields.security == SmtpSecurity.NONE and fields.host not in THIS_MACHINE:
        raise NotProtected
    if fields.sign_in != SmtpSignIn.NONE and not fields.user:
        raise UserMissing
    password = _password_for(account, fields) if fields.sign_in == SmtpSignIn.PASSWORD else ""
    for name in KEPT_AS_GIVEN:
        setattr(account, name, getattr(fields, name))
    account.user = "" if fields.sign_in == SmtpSignIn.NONE else fields.user
    account.sealed_password = seal(password) if password else ""
    return account


def _password_for(account: SmtpAccount, fields: SmtpFields) -> str:
    if fields.password:
        return fields.password
    if not account.sealed_password or (account.host, account.user) != (fields.host, fields.user):
        raise PasswordMissing
    return unseal(account.sealed_password)


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
    SmtpAccount.objects.filter(mailbox_id=mailbox_id).update(
        next_try_at=None, failures=0, last_error="", last_error_at=None
    )
    box = Mailbox.objects.get(pk=mailbox_id)
    addresses = [box.address, *box.aliases.values_list("address", flat=True)]
    Delivery.objects.filter(state=DeliveryState.DEFERRED, mail__from_address__in=addresses).update(next_try_at=at)


def waits_until(account: SmtpAccount, *, now: datetime) -> datetime | None:
    """Return until when mail for a server waits untried, None where it may be tried.

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
        account.next_try_at = at + min(FIRST_WAIT * 2 ** min(account.failures, 10), LONGEST_WAIT)
        account.failures += 1
    account.last_error, account.last_error_at = answer.words, at
    account.save(update_fields=["last_error", "last_error_at", "failures", "next_try_at"])
    return account.next_try_at

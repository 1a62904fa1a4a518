"""By which server a mail goes out: the one of the mailbox it is from, else the desk's."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from django.conf import settings
from django.db.models import Q, QuerySet

from deskhand.core.built import built_once
from deskhand.core.secrets import SecretUnreadable, unseal
from deskhand.mail import smtp
from deskhand.mail.actions.sign_in import access_token_for, drop_access_token
from deskhand.mail.addresses import bounce_address
from deskhand.mail.models import Delivery, OutboundMail, ReturnPath, SmtpAccount, SmtpSignIn
from deskhand.mail.oauth import OAuthTrouble
from deskhand.mail.smtp import Answer, Blame, Result, Server

DESK_LANES = 2


def account_of_delivery(delivery_id: int) -> SmtpAccount | None:
    """Return the server of the mailbox that a delivery goes out from; None where it is the desk's."""
    mailbox_id, address = next(iter(_senders(delivery_id)), (None, ""))
    found = _accounts_at(address.lower()) if mailbox_id is None else _accounts_of(mailbox_id)
    return next(iter(found), None)


@built_once
def _senders(delivery_id: int) -> QuerySet[OutboundMail, tuple[int | None, str]]:
    return OutboundMail.objects.filter(deliveries=delivery_id).values_list("mailbox_id", "from_address")


@built_once
def _accounts_of(mailbox_id: int) -> QuerySet[SmtpAccount]:
    return SmtpAccount.objects.filter(mailbox=mailbox_id)


@built_once
def _accounts_at(address: str) -> QuerySet[SmtpAccount]:
    """By a mailbox's address or alias: for mail of earlier releases."""
    of_box = Q(mailbox__address=address) | Q(mailbox__aliases__address=address)
    return SmtpAccount.objects.filter(of_box).order_by("pk")[:1]


def lane_of_delivery(delivery_id: int) -> str:
    """Return the lane of a delivery: a slow server holds up one worker then, the desk's two, and leaves the others."""
    account = account_of_delivery(delivery_id)
    return f"mail-out-by:{account.pk}" if account else f"mail-out-by-desk:{delivery_id % DESK_LANES}"


def envelope_sender(account: SmtpAccount | None, delivery: Delivery) -> str:
    """Return whom the envelope names: an address made for the delivery (empty, the null path, for automatic mail).

    A mailbox's provider usually lets nobody but the mailbox itself send, not even the null path.
    """
    if account is not None and account.return_path == ReturnPath.MAILBOX:
        return delivery.mail.from_address
    return "" if delivery.mail.is_automatic else bounce_address(delivery.pk)


def desk_server() -> Server:
    """Return the server of the configuration."""
    return Server(
        host=settings.SMTP_HOST,
        port=settings.SMTP_PORT,
        security=settings.SMTP_SECURITY,
        user=settings.SMTP_USER,
        password=settings.SMTP_PASSWORD,
        greeting_name=settings.MAIL_DOMAIN,
    )


def send(
    account: SmtpAccount | None, *, envelope_from: str, recipient: str, raw: bytes, until: float, now: datetime
) -> Answer:
    """Try once to hand over a mail for one recipient; after `until`, on the monotonic clock, it is no more given."""

    def hand_over(server: Server) -> Answer:
        return smtp.send(server, envelope_from=envelope_from, recipient=recipient, raw=raw, until=until)

    return hand_over(desk_server()) if account is None else _through(account, hand_over, now=now)


def check(account: SmtpAccount, *, now: datetime) -> Answer:
    """Sign in as a mail would and name its sender, but send nothing: `SENT` where a mail would be taken."""
    sender = account.mailbox.address if account.return_path == ReturnPath.MAILBOX else bounce_address(0)
    return _through(account, lambda server: smtp.check(server, envelope_from=sender), now=now)


def _through(account: SmtpAccount, talk: Callable[[Server], Answer], *, now: datetime) -> Answer:
    """Talk to a mailbox's server, and with another token once more where it refuses the first one.

    What it holds against this desk is mended in the settings, so the mail waits for that.
    """
    try:
        answer = talk(_server_of(account, now=now))
        if answer.blame == Blame.SIGN_IN and account.sign_in == SmtpSignIn.OAUTH2:
            drop_access_token(account.mailbox_id)
            answer = talk(_server_of(account, now=now))
    except (OAuthTrouble, SecretUnreadable) as error:
        return Answer(Result.DEFERRED, str(error), Blame.SIGN_IN)
    if answer.result == Result.FAILED and answer.blame != Blame.MAIL:
        return replace(answer, result=Result.DEFERRED)
    return answer


def _server_of(account: SmtpAccount, *, now: datetime) -> Server:
    """Return how to sign in; may ask the provider for a token. Raises SecretUnreadable, OAuthTrouble."""
    token = ""
    if account.sign_in == SmtpSignIn.OAUTH2:
        token = access_token_for(account.mailbox_id, host=account.host, now=now, to_send=True)
    return Server(
        host=account.host,
        port=account.port,
        security=account.security,
        user=account.user,
        password=unseal(account.sealed_password),
        access_token=token,
        greeting_name=settings.MAIL_DOMAIN,
    )

"""What the settings show of mailboxes: what each is for, and how reading it and sending from it goes."""

from dataclasses import dataclass
from datetime import datetime

from deskhand.core.secrets import unseal
from deskhand.mail.models import ImapAccount, Mailbox, MailboxSignIn, Provider, ProviderAccount, SmtpAccount


@dataclass(frozen=True)
class ImapHealth:
    """How reading a mailbox by IMAP goes. `error` is in the server's words, empty when all is well."""

    is_enabled: bool
    last_fetch_at: datetime | None
    error: str
    error_at: datetime | None
    next_try_at: datetime | None


@dataclass(frozen=True)
class SendingState:
    """How sending by a mailbox's own server goes. `error` is in the server's words, empty when all is well."""

    server: str
    last_sent_at: datetime | None
    error: str
    error_at: datetime | None
    next_try_at: datetime | None


@dataclass(frozen=True)
class SignInState:
    """How signing in by OAuth 2.0 goes. `error` is in the provider's words; `smtp_host` empty for reading alone."""

    provider: str
    mail_host: str
    smtp_host: str
    connected_at: datetime | None
    error: str
    error_at: datetime | None


@dataclass(frozen=True)
class ProviderState:
    """How taking posts of a mail provider goes. `error` says why the last one was not taken, empty when all is well."""

    provider: str
    label: str
    is_enabled: bool
    is_waiting_for_topic: bool
    last_delivery_at: datetime | None
    error: str
    error_at: datetime | None


@dataclass(frozen=True)
class ProviderAddress:
    """What a provider's address is made of. `token` and `password` are secrets."""

    provider: str
    token: str
    password: str


@dataclass(frozen=True)
class MailboxRow:
    """One mailbox in the list.

    `imap` and `provider` are None where mail comes another way, `sending` where it goes out by the desk's server.
    """

    id: int
    name: str
    address: str
    aliases: tuple[str, ...]
    team: str
    category: str
    is_enabled: bool
    imap: ImapHealth | None
    provider: ProviderState | None
    sending: SendingState | None


def list_mailboxes() -> list[MailboxRow]:
    """Return every mailbox, the desk's main address first. Two queries."""
    boxes = (
        Mailbox.objects.select_related("team", "category", "imap", "provider_account", "smtp")
        .prefetch_related("aliases")
        .order_by("id")
    )
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
            provider=state_of_provider(getattr(box, "provider_account", None)),
            sending=state_of_sending(getattr(box, "smtp", None)),
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


def state_of_sending(account: SmtpAccount | None) -> SendingState | None:
    """Return how sending goes. No query."""
    if account is None:
        return None
    return SendingState(
        server=f"{account.host}:{account.port}",
        last_sent_at=account.last_sent_at,
        error=account.last_error,
        error_at=account.last_error_at,
        next_try_at=account.next_try_at,
    )


def state_of_sign_in(sign_in: MailboxSignIn | None) -> SignInState | None:
    """Return how signing in goes. No query."""
    if sign_in is None:
        return None
    return SignInState(
        provider=sign_in.get_provider_display(),
        mail_host=sign_in.mail_host,
        smtp_host=sign_in.smtp_host,
        connected_at=sign_in.connected_at if sign_in.is_connected else None,
        error=sign_in.last_error,
        error_at=sign_in.last_error_at,
    )


def state_of_provider(account: ProviderAccount | None) -> ProviderState | None:
    """Return how taking posts goes. No query."""
    if account is None:
        return None
    return ProviderState(
        provider=account.provider,
        label=account.get_provider_display(),
        is_enabled=account.is_enabled,
        is_waiting_for_topic=account.provider == Provider.SES and account.confirmed_at is None,
        last_delivery_at=account.last_delivery_at,
        error=account.last_error,
        error_at=account.last_error_at,
    )


def address_of_provider(account: ProviderAccount) -> ProviderAddress:
    """Return what the address to be given to the provider is made of. No query. Raises SecretUnreadable."""
    password = unseal(account.sealed_password) if account.sealed_password else ""
    return ProviderAddress(account.provider, unseal(account.sealed_token), password)

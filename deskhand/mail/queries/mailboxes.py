"""What the settings show of mailboxes: what each is for, and how reading it and sending from it goes."""

from dataclasses import dataclass
from datetime import datetime

from deskhand.core.secrets import unseal
from deskhand.mail.models import ImapAccount, Mailbox, MailboxSignIn, Provider, ProviderAccount, SmtpAccount
from deskhand.mail.models.servers import MailServer


@dataclass(frozen=True)
class ServerState:
    """How reading from a server goes, or sending by it. `error` is in its words, empty when all is well."""

    server: str
    is_enabled: bool
    last_at: datetime | None
    """When mail was last fetched, or sent."""
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
class Ways:
    """How mail comes to a mailbox and leaves it.

    `imap` and `provider` are None where mail comes another way, `sending` where it goes out by the desk's server, and
    `sign_in` where nothing is done by OAuth 2.0.
    """

    imap: ServerState | None
    provider: ProviderState | None
    sending: ServerState | None
    sign_in: SignInState | None


@dataclass(frozen=True)
class MailboxRow:
    """One mailbox in the list."""

    id: int
    name: str
    address: str
    aliases: tuple[str, ...]
    team: str
    category: str
    is_enabled: bool
    ways: Ways


def list_mailboxes() -> list[MailboxRow]:
    """Return every mailbox, the desk's main address first. Two queries."""
    boxes = Mailbox.objects.with_ways().select_related("team", "category").prefetch_related("aliases").order_by("id")
    return [
        MailboxRow(
            id=box.pk,
            name=box.name,
            address=box.address,
            aliases=tuple(sorted(alias.address for alias in box.aliases.all())),
            team=box.team.name if box.team else "",
            category=box.category.name if box.category else "",
            is_enabled=box.is_enabled,
            ways=ways_of(box),
        )
        for box in boxes
    ]


def ways_of(box: Mailbox) -> Ways:
    """Return how mail comes and goes. No query for a mailbox that was read `with_ways`."""
    imap: ImapAccount | None = getattr(box, "imap", None)
    smtp: SmtpAccount | None = getattr(box, "smtp", None)
    return Ways(
        imap=_state_of(imap, imap.last_fetch_at, is_enabled=imap.is_enabled) if imap else None,
        provider=_state_of_provider(getattr(box, "provider_account", None)),
        sending=_state_of(smtp, smtp.last_sent_at) if smtp else None,
        sign_in=_state_of_sign_in(getattr(box, "sign_in", None)),
    )


def _state_of(account: MailServer, last_at: datetime | None, *, is_enabled: bool = True) -> ServerState:
    return ServerState(
        server=f"{account.host}:{account.port}",
        is_enabled=is_enabled,
        last_at=last_at,
        error=account.last_error,
        error_at=account.last_error_at,
        next_try_at=account.next_try_at,
    )


def _state_of_sign_in(sign_in: MailboxSignIn | None) -> SignInState | None:
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


def _state_of_provider(account: ProviderAccount | None) -> ProviderState | None:
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
    return ProviderAddress(account.provider, unseal(account.sealed_token), unseal(account.sealed_password))

"""Every setting of an installation, read once from the environment.

A malformed value stops the start with a sentence that names the variable. `VARIABLES` is what
docs/configuration.md is proved against.
"""

import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Generic, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

T = TypeVar("T")


class ConfigurationError(Exception):
    """A setting in the environment cannot be used; the message names it and says what to do."""


@dataclass(frozen=True)
class Variable(Generic[T]):
    """One environment variable: its name, what it is for, and how its text is read."""

    name: str
    default: str
    help: str
    parse: Callable[[str], T]

    def read(self) -> T:
        """Return the parsed value, or the parsed default where the variable is unset or empty."""
        text = os.environ.get(self.name, "").strip() or self.default
        try:
            return self.parse(text)
        except (ValueError, KeyError, OSError) as error:
            shown = "" if "@" in text else f"={text!r}"  # an address may hold a password
            raise ConfigurationError(f"{self.name}{shown} cannot be used: {error}") from error


VARIABLES: list[Variable[object]] = []


def _variable(name: str, default: str, explanation: str, parse: Callable[[str], T]) -> Variable[T]:
    variable = Variable(name, default, explanation, parse)
    VARIABLES.append(variable)  # type: ignore[arg-type]
    return variable


def _boolean(text: str) -> bool:
    if text.lower() in {"1", "true", "yes", "on"}:
        return True
    if text.lower() in {"0", "false", "no", "off", ""}:
        return False
    raise ValueError("write yes or no")


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 <= int(text) <= 65535:  # noqa: PLR2004
        raise ValueError("write a port number between 0 and 65535")
    return int(text)


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise ValueError("write a whole number of at least 1")
    return int(text)


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _networks(text: str) -> list[IPv4Network | IPv6Network]:
    return [ip_network(name) for name in _names(text)]


def _folder(text: str) -> Path:
    return Path(text).expanduser().absolute()


def _base_url(text: str) -> str:
    if text and not text.startswith(("http://", "https://")):
        raise ValueError("begin it with https:// (or http:// behind a proxy on this machine)")
    return text.rstrip("/")


def _database_url(text: str) -> str:
    if text and not text.startswith(("postgresql://", "postgres://")):
        raise ValueError("begin it with postgresql:// (no other database will do)")
    return text


def _zone(text: str) -> str:
    return ZoneInfo(text).key


def _choice(*options: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text not in options:
            raise ValueError(f"write one of {', '.join(options)}")
        return text

    return parse


HOME = _variable(
    "DESKHAND_HOME",
    "~/.local/share/deskhand",
    "The data folder: embedded database, files, secret key.",
    _folder,
)
HOST = _variable("DESKHAND_HOST", "127.0.0.1", "The address the web server listens on.", str)
PORT = _variable("DESKHAND_PORT", "8000", "The port the web server listens on.", _port)
BASE_URL = _variable(
    "DESKHAND_URL",
    "",
    "The address people use, e.g. https://support.example.com. Links in mail begin with it. "
    "Unset: http://localhost with the port.",
    _base_url,
)
PORTAL_URL = _variable(
    "DESKHAND_PORTAL_URL",
    "",
    "An address of its own for clients, e.g. https://help.example.com. Links in their mail begin with it, and the "
    "workspace is not to be found there. Unset: clients use DESKHAND_URL too.",
    _base_url,
)
SECRET_KEY = _variable(
    "DESKHAND_SECRET_KEY",
    "",
    "Signs sessions, links and reply addresses. Unset: made once and kept in the data folder.",
    str,
)
DATABASE_URL = _variable(
    "DATABASE_URL",
    "",
    "A PostgreSQL 15+ database, postgresql://user:password@host/name. Unset: an embedded one in the data folder.",
    _database_url,
)
STORAGE_URL = _variable(
    "STORAGE_URL",
    "",
    "Where files are kept: s3://bucket/prefix?endpoint_url=…, with the usual AWS_* variables. "
    "Unset: files/ in the data folder.",
    str,
)
TIME_ZONE = _variable("DESKHAND_TIME_ZONE", "Europe/London", "The desk's time zone (IANA).", _zone)
TRUSTED_PROXIES = _variable(
    "DESKHAND_TRUSTED_PROXIES",
    "",
    "Addresses of reverse proxies whose X-Forwarded-For and X-Forwarded-Proto are believed, with commas between.",
    _names,
)
HTTP_ALLOW = _variable(
    "DESKHAND_HTTP_ALLOW",
    "",
    "Addresses and networks outside the public internet that the desk may call over HTTP, at any port, with commas "
    "between: 10.1.2.3, 192.168.4.0/24. Everything else there is refused.",
    _networks,
)
WEB_THREADS = _variable(
    "DESKHAND_WEB_THREADS",
    "4",
    "Threads (and database connections) of one web process.",
    _positive,
)
UPLOAD_LIMIT_MB = _variable(
    "DESKHAND_UPLOAD_LIMIT_MB",
    "25",
    "The largest single upload, in megabytes.",
    _positive,
)
MAIL_DELIVERY = _variable(
    "DESKHAND_MAIL_DELIVERY",
    "smtp",
    "smtp sends mail; capture only keeps it in the mail log (for demos and trials).",
    _choice("smtp", "capture"),
)
MAIL_DOMAIN = _variable(
    "DESKHAND_MAIL_DOMAIN",
    "desk.localhost",
    "The domain of reply addresses and Message-IDs; its mail must reach this desk.",
    str,
)
MAIL_FROM = _variable(
    "DESKHAND_MAIL_FROM",
    "",
    "The sender's address for mail that belongs to no mailbox. Unset: support@ the mail domain.",
    str,
)
MAIL_AUTHSERV_IDS = _variable(
    "DESKHAND_MAIL_AUTHSERV_IDS",
    "",
    "The names your own mail server writes in Authentication-Results (RFC 8601), with commas between. Only what they "
    "say is believed; unset, no agent can answer by mail.",
    _names,
)
SMTP_HOST = _variable("SMTP_HOST", "localhost", "The server that takes outgoing mail.", str)
SMTP_PORT = _variable("SMTP_PORT", "25", "Its port (587 with STARTTLS, 465 with TLS).", _port)
SMTP_USER = _variable("SMTP_USER", "", "User name at the outgoing server, if it asks for one.", str)
SMTP_PASSWORD = _variable("SMTP_PASSWORD", "", "Password at the outgoing server.", str)
SMTP_SECURITY = _variable(
    "SMTP_SECURITY",
    "none",
    "none, starttls or tls.",
    _choice("none", "starttls", "tls"),
)
LMTP_HOST = _variable(
    "DESKHAND_LMTP_HOST",
    "127.0.0.1",
    "The address the LMTP door for incoming mail listens on.",
    str,
)
LMTP_PORT = _variable(
    "DESKHAND_LMTP_PORT",
    "0",
    "The LMTP port; 0 leaves that door shut.",
    _port,
)
LOG_LEVEL = _variable(
    "DESKHAND_LOG_LEVEL",
    "info",
    "debug, info, warning or error.",
    _choice("debug", "info", "warning", "error"),
)
DEBUG = _variable("DESKHAND_DEBUG", "no", "Show tracebacks in the browser. Never in production.", _boolean)


def portal_url(base_url: str) -> str:
    """Return the address clients use: their own, or the desk's. Both must be reached by the same scheme.

    Raises ConfigurationError: cookies that are sent over TLS alone would not work at the other one.
    """
    given = PORTAL_URL.read() or base_url
    own, desk = urlsplit(given), urlsplit(base_url)
    if own.scheme != desk.scheme:
        raise ConfigurationError(
            f"{PORTAL_URL.name}={given!r} cannot be used: begin it with {desk.scheme}:// as {BASE_URL.name}."
        )
    if given != base_url and own.hostname == desk.hostname:
        raise ConfigurationError(
            f"{PORTAL_URL.name}={given!r} cannot be used: give it a host other than that of {BASE_URL.name}."
        )
    return given


def secret_key(home: Path) -> str:
    """Return the signing key: from the environment, or made once and kept in `home`/secret_key (0600)."""
    given = SECRET_KEY.read()
    if given:
        return given
    path = home / "secret_key"
    if not path.exists():
        home.mkdir(parents=True, exist_ok=True)
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return path.read_text().strip()
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48))
    return path.read_text().strip()

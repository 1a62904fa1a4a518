"""Calling other servers over HTTP. The only module that does, so that nobody makes the desk knock at inner doors.

The name of a server is resolved once, every address it has is checked, and the connection goes to the checked address
itself: a name that answers differently the second time gains nothing. Host, SNI and certificate stay those of the name.
Redirects are followed only when asked for, and each is checked like the first address. Proxies and credentials of the
environment (`HTTPS_PROXY`, `.netrc`) are not used.
"""

import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from time import monotonic
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpcore2
from django.conf import settings

from deskhand.core.connecting import Deadline, GuardedBackend, Resolve, addresses_of
from deskhand.core.http_bodies import BodyTooLarge, BodyUnreadable, read_body
from deskhand.core.http_trouble import AddressRefused, HttpTrouble
from deskhand.core.text import one_line

__all__ = ["AddressRefused", "Answer", "HttpTrouble", "Limits", "fetch"]
PORTS = frozenset({80, 443, 8080, 8443})
"""Other ports belong to other protocols; where the installation allows a network, every port there is open."""
LONGEST_URL = 8000
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_SENSITIVE = frozenset({"authorization", "cookie", "proxy-authorization"})
_TROUBLE = (
    httpcore2.NetworkError,
    httpcore2.ProtocolError,
    httpcore2.UnsupportedProtocol,
    OSError,
    ValueError,
)


@dataclass(frozen=True)
class Limits:
    """How much a call may cost: in time from first to last byte, in bytes (unpacked), in redirects followed."""

    seconds: float = 15
    body_bytes: int = 1024 * 1024
    redirects: int = 0


@dataclass(frozen=True)
class Answer:
    """What a server answered. Header names are in lower case; `url` is the address it came from."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str

    def json(self) -> Any:
        """Return the body read as JSON. Raises HttpTrouble."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError) as error:
            raise HttpTrouble(f"{_host(self.url)} answered {self.status} with something that is no JSON.") from error


@dataclass(frozen=True)
class _Call:
    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes
    limits: Limits
    deadline: Deadline
    resolve: Resolve = field(default=addresses_of)


def fetch(
    url: str,
    *,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    body: bytes = b"",
    limits: Limits | None = None,
    resolve: Resolve = addresses_of,
) -> Answer:
    """Make one call, and return the answer whatever its status.

    Only GET follows redirects. Raises AddressRefused where the address may not be called, and HttpTrouble when no whole
    answer came within `limits`; their words are fit for the person who entered the address. Queries nothing.
    """
    limits = limits or Limits()
    call = _Call(method, url, dict(headers or {}), body, limits, Deadline(monotonic() + limits.seconds), resolve)
    redirects_left = limits.redirects if method == "GET" else 0
    while True:
        answer = _one_call(call)
        target = answer.headers.get("location", "")
        if redirects_left == 0 or answer.status not in _REDIRECTS or not target:
            break
        redirects_left -= 1
        call = _redirected(call, target)
    if limits.redirects and answer.status in _REDIRECTS:
        raise HttpTrouble(f"{_host(url)} redirected more than {limits.redirects} times.")
    return answer


def _redirected(call: _Call, target: str) -> _Call:
    try:
        url = urljoin(call.url, target)
        is_elsewhere = _origin(call.url) != _origin(url)
    except ValueError as error:
        raise AddressRefused("The server redirected to something that is no address.") from error
    kept = {name: value for name, value in call.headers.items() if not (is_elsewhere and name.lower() in _SENSITIVE)}
    return _Call("GET", url, kept, b"", call.limits, call.deadline, call.resolve)


def _one_call(call: _Call) -> Answer:
    _require_callable(call.url)
    backend = GuardedBackend(call.deadline, call.resolve, settings.HTTP_ALLOW, PORTS)
    headers = {"User-Agent": "Deskhand", "Accept-Encoding": "identity", **call.headers, "Connection": "close"}
    target = urlsplit(call.url)._replace(fragment="").geturl()
    try:
        with (
            httpcore2.ConnectionPool(ssl_context=ssl.create_default_context(), network_backend=backend) as pool,
            pool.stream(call.method, target, headers=_encoded(headers), content=call.body or None) as response,
        ):
            fields = {name.decode("ascii").lower(): value.decode("latin-1") for name, value in response.headers}
            body = read_body(response.iter_stream(), fields, call.limits.body_bytes)
            return Answer(response.status, fields, body, call.url)
    except BodyTooLarge as error:
        raise HttpTrouble(f"{_host(call.url)} answered with more than {call.limits.body_bytes:,} bytes.") from error
    except BodyUnreadable as error:
        raise HttpTrouble(f"{_host(call.url)} packed its answer in a way that cannot be read.") from error
    except httpcore2.TimeoutException as error:
        raise HttpTrouble(f"{_host(call.url)} did not answer within {call.limits.seconds:g} seconds.") from error
    except _TROUBLE as error:
        said = one_line(str(error)) or type(error).__name__
        raise HttpTrouble(f"{_host(call.url)} could not be reached ({said})."[:1000]) from error


def _encoded(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.encode("ascii"), value.encode("latin-1")) for name, value in headers.items()]


def _require_callable(url: str) -> None:
    """Raise AddressRefused for what is no complete web address."""
    if len(url) > LONGEST_URL or not url.isascii() or any(ord(sign) <= ord(" ") or sign in "\\\x7f" for sign in url):
        raise AddressRefused("This is no web address. Enter one that begins with https://.")
    try:
        scheme, host, port = _origin(url)
        parts = urlsplit(url)
    except ValueError as error:
        raise AddressRefused("This is no web address. Enter one that begins with https://.") from error
    if scheme not in {"http", "https"} or not host or not 0 < port < 65536:  # noqa: PLR2004 -- TCP's highest port
        raise AddressRefused("Only addresses that begin with https:// or http:// can be called.")
    if parts.username is not None or parts.password is not None:
        raise AddressRefused("The address holds a user name or password. Leave that part out.")


def _origin(url: str) -> tuple[str, str, int]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname or "", parts.port if parts.port is not None else _usual_port(parts.scheme)


def _usual_port(scheme: str) -> int:
    return 443 if scheme == "https" else 80


def _host(url: str) -> str:
    return one_line(urlsplit(url).hostname or "the server")[:253]

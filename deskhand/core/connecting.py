"""Connections of outgoing calls: to a checked address, within one deadline. Only core/http.py uses this."""

import queue
import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from time import monotonic
from typing import Any

import httpcore2

from deskhand.core.http_trouble import AddressRefused
from deskhand.core.public_addresses import Network, is_allowed, is_reachable

Resolve = Callable[[str, int], list[str]]
"""From a host name and port to addresses. Raises OSError."""
MOST_ADDRESSES = 4
"""So many addresses of a server are tried."""
_WRITTEN_AT_ONCE = 64 * 1024


@dataclass(frozen=True)
class Deadline:
    """When a call has to be over, on the monotonic clock."""

    at: float

    def seconds_left(self) -> float:
        """Return the seconds that are left. Raises httpcore2.ReadTimeout when there are none."""
        left = self.at - monotonic()
        if left <= 0:
            raise httpcore2.ReadTimeout("the time is over")
        return left


def addresses_of(host: str, port: int) -> list[str]:
    """Return the addresses of a host, as the system resolves it. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class _TimedStream(httpcore2.NetworkStream):
    """A connection on which every step gets only the time that is left, so that dribbling bytes wins nothing."""

    def __init__(self, inner: httpcore2.NetworkStream, deadline: Deadline) -> None:
        self._inner = inner
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        del timeout
        return self._inner.read(max_bytes, self._deadline.seconds_left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        del timeout
        for start in range(0, len(buffer), _WRITTEN_AT_ONCE):
            self._inner.write(buffer[start : start + _WRITTEN_AT_ONCE], self._deadline.seconds_left())

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        del timeout
        secured = self._inner.start_tls(ssl_context, server_hostname, self._deadline.seconds_left())
        return _TimedStream(secured, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class GuardedBackend(httpcore2.NetworkBackend):
    """Makes connections only to addresses that may be called."""

    def __init__(self, deadline: Deadline, resolve: Resolve, allowed: Sequence[Network], ports: frozenset[int]) -> None:
        self._deadline = deadline
        self._resolve = resolve
        self._allowed = allowed
        self._ports = ports
        self._tcp = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        """Connect to the first address of `host` that answers. Raises AddressRefused unless every one is allowed."""
        del timeout
        addresses = self._resolved(host, port)
        self._require_allowed(host, port, addresses)
        addresses = addresses[:MOST_ADDRESSES]
        trouble: Exception = httpcore2.ConnectError("the name has no address")
        for left, address in zip(range(len(addresses), 0, -1), addresses, strict=True):
            try:
                seconds = self._deadline.seconds_left() / left
                stream = self._tcp.connect_tcp(address, port, seconds, local_address, socket_options)
                return _TimedStream(stream, self._deadline)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                trouble = error
        raise trouble

    def _require_allowed(self, host: str, port: int, addresses: list[str]) -> None:
        if not all(is_reachable(address, self._allowed) for address in addresses):
            raise AddressRefused(
                f"{host} is not on the public internet. If the desk is to call it, name its address in "
                "DESKHAND_HTTP_ALLOW."
            )
        if port not in self._ports and not all(is_allowed(ip_address(one), self._allowed) for one in addresses):
            raise AddressRefused(f"Port {port} is not used for the web. Use one of {_listed(self._ports)}.")

    def _resolved(self, host: str, port: int) -> list[str]:
        """Ask for the addresses, once, and wait no longer than there is time: the system's resolver knows no limit."""
        answers: queue.SimpleQueue[list[str] | OSError] = queue.SimpleQueue()

        def ask() -> None:
            try:
                answers.put(self._resolve(host, port))
            except (OSError, UnicodeError) as error:
                answers.put(error if isinstance(error, OSError) else OSError("this is no name of a server"))

        threading.Thread(target=ask, name="resolving", daemon=True).start()
        try:
            answer = answers.get(timeout=self._deadline.seconds_left())
        except queue.Empty:
            raise httpcore2.ConnectTimeout("its name was not resolved in time") from None
        if isinstance(answer, OSError):
            raise httpcore2.ConnectError(answer) from answer
        return answer


def _listed(ports: frozenset[int]) -> str:
    return ", ".join(str(port) for port in sorted(ports))

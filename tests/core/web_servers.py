"""Real HTTP servers on real sockets: one that answers as it is told, and one that says bare bytes, slowly if wanted."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Asked:
    """A request as the server got it. Header names are in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Said:
    """What the server is to answer."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


Script = Callable[[Asked], Said]


@dataclass
class Site:
    """A running server, and what it was asked."""

    port: int
    asked: list[Asked] = field(default_factory=list)
    scheme: str = "http"

    def url(self, path: str = "/", *, host: str = "127.0.0.1") -> str:
        return f"{self.scheme}://{host}:{self.port}{path}"


def always(body: bytes = b"", status: int = 200, **headers: str) -> Script:
    """Answer everything alike; underscores in header names stand for hyphens."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda _: Said(body, status, named)


@contextmanager
def serving(script: Script, *, tls: ssl.SSLContext | None = None) -> Iterator[Site]:
    """Run a server that answers by the script."""
    site = Site(0, scheme="https" if tls else "http")

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            asked = Asked(self.command, self.path, headers, self.rfile.read(length))
            site.asked.append(asked)
            said = script(asked)
            self.send_response(said.status)
            for name, value in {"Content-Length": str(len(said.body)), **said.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            with suppress(OSError):
                self.wfile.write(said.body)

        do_GET = do_POST = answer  # noqa: N815 -- the standard library's names

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    site.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join(20)


@contextmanager
def dribbling(pieces: Sequence[bytes], *, pause_seconds: float, endless: bytes = b"") -> Iterator[Site]:
    """Run a server that says the pieces with pauses between, then `endless` for ever."""
    listener = socket.create_server(("127.0.0.1", 0))
    is_over = threading.Event()

    def talk() -> None:
        with suppress(OSError):
            connection, _ = listener.accept()
            with connection:
                for piece in pieces:
                    connection.sendall(piece)
                    is_over.wait(pause_seconds)
                while endless and not is_over.wait(pause_seconds):
                    connection.sendall(endless)

    thread = threading.Thread(target=talk, daemon=True)
    thread.start()
    try:
        yield Site(listener.getsockname()[1])
    finally:
        is_over.set()
        listener.close()
        thread.join(20)

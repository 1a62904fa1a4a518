"""A whole desk for browser tests: `deskhand up` on a database of its own, beside a real SMTP server.

Nothing of ours is replaced. Mail comes in by LMTP over a socket, goes out by SMTP to aiosmtpd, and the browser is
Debian's Chromium.
"""

import os
import re
import smtplib
import subprocess
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from pathlib import Path

import psycopg
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from psycopg import sql

from tests.project.desks import command, free_port, wait_until

MAIL_DOMAIN = "desk.example"


class Postbox:
    """The outside world's mail server: keeps what the desk sends."""

    def __init__(self) -> None:
        self.received: list[tuple[Envelope, Message]] = []

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep the message and say 250."""
        self.received.append((envelope, message_from_bytes(envelope.original_content or b"")))
        return "250 kept"

    def to(self, address: str) -> list[Message]:
        """Return what was sent to the address, oldest first."""
        return [message for envelope, message in self.received if address in envelope.rcpt_tos]

    def wait_for(self, address: str, *, count: int = 1) -> Message:
        """Wait until `count` messages to the address have come, and return the last of them."""
        wait_until(lambda: len(self.to(address)) >= count, f"{count} mails to {address}")
        return self.to(address)[count - 1]

    def wait_for_words(self, address: str, *, subject: str, words: str) -> Message:
        """Wait for a message to the address with these words in its subject and text, and return it."""

        def found() -> list[Message]:
            return [mail for mail in self.to(address) if subject in str(mail["Subject"]) and words in mail.as_string()]

        wait_until(lambda: bool(found()), f"a mail to {address} that says {words!r}")
        return found()[0]


@dataclass
class RunningDesk:
    """Where the desk is, and how its mail goes."""

    url: str
    database_url: str
    lmtp_port: int
    postbox: Postbox
    environment: dict[str, str]
    log: Path
    process: "subprocess.Popen[bytes]" = field(repr=False)

    def command(self, *arguments: str, text: str = "") -> str:
        """Run a `deskhand` command against this desk and return what it printed."""
        done = subprocess.run(
            command(*arguments), env=self.environment, input=text, capture_output=True, text=True, check=True
        )
        return done.stdout

    def sign_in_link(self, address: str) -> str:
        """Return a fresh one-time link."""
        found = re.search(r"https?://\S+", self.command("sign-in-link", address))
        assert found
        return found.group()

    def deliver(self, raw: bytes, *, sender: str, recipient: str) -> None:
        """Hand a mail in through the LMTP door."""
        with smtplib.LMTP("127.0.0.1", self.lmtp_port) as lmtp:
            refused = lmtp.sendmail(sender, [recipient], raw)
        assert refused == {}


@contextmanager
def new_database(server_url: str) -> Iterator[str]:
    """Make a database on the tests' server and drop it afterwards."""
    name = f"browser_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    try:
        yield re.sub(r"(postgresql://[^/]*/)[^?]*", rf"\g<1>{name}", server_url)
    finally:
        with psycopg.connect(server_url, autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def postbox() -> Iterator[tuple[Postbox, int]]:
    """Run the outside SMTP server."""
    box = Postbox()
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        yield box, controller.port
    finally:
        controller.stop()


@contextmanager
def running_desk(prepare: Callable[[dict[str, str]], None]) -> Iterator[RunningDesk]:
    """Start a desk, after `prepare` filled its migrated database, and stop it gracefully."""
    with (
        new_database(os.environ["DATABASE_URL"]) as database_url,
        postbox() as (box, smtp_port),
        tempfile.TemporaryDirectory(prefix="deskhand-browser-") as home,
    ):
        web_port, lmtp_port = free_port(), free_port()
        environment = _environment(home, database_url, web_port, lmtp_port, smtp_port)
        prepare(environment)
        log = Path(home) / "log"
        with log.open("wb") as output:
            process = subprocess.Popen(command("up"), env=environment, stdout=output, stderr=output)
        desk = RunningDesk(environment["DESKHAND_URL"], database_url, lmtp_port, box, environment, log, process)
        try:
            wait_until(lambda: "Deskhand is ready" in log.read_text() or process.poll() is not None, "the desk")
            assert process.poll() is None, log.read_text()
            yield desk
        finally:
            process.terminate()
            code = process.wait(60)
        assert code == 0, f"the desk ended with {code}:\n{log.read_text()}"


def _environment(home: str, database_url: str, web: int, lmtp: int, smtp: int) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    return {
        **kept,
        "PYTHONPATH": str(Path(__file__).resolve().parents[2]),
        "DATABASE_URL": database_url,
        "DESKHAND_HOME": home,
        "DESKHAND_PORT": str(web),
        "DESKHAND_URL": f"http://127.0.0.1:{web}",
        "DESKHAND_LMTP_PORT": str(lmtp),
        "DESKHAND_MAIL_DOMAIN": MAIL_DOMAIN,
        "DESKHAND_MAIL_DELIVERY": "smtp",
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": str(smtp),
    }


def skip_without_chromium() -> str:
    """Return the path of Debian's Chromium, or skip and say what to install."""
    path = "/usr/bin/chromium"
    if not Path(path).exists():
        pytest.skip("Chromium is not installed: run `apt-get install chromium` (bin/test does it as root).")
    return path

"""A real Dovecot on free ports, with its own folder and users, for as long as a test session runs."""

import grp
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import pytest
from imapclient import IMAPClient

from deskhand.mail.imap import Login

PASSWORD = "correct-horse"
_names = count(1)

_CONFIGURATION = """
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
auth_failure_delay = 0
mail_max_userip_connections = 50
default_internal_user = {internal}
default_internal_group = {group}
default_login_user = {internal}
first_valid_uid = 1
mail_location = maildir:{home}/mail/%u
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={home}/mail/%u
}}
{tokens}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


_TOKENS = """
auth_mechanisms = plain login {mechanisms}
passdb {{
  driver = oauth2
  mechanisms = {mechanisms}
  args = {home}/oauth2.conf
}}
"""
_INTROSPECTION = """
introspection_mode = post
introspection_url = {url}
username_attribute = username
active_attribute = active
active_value = true
"""


@dataclass(frozen=True)
class Mailbox:
    """One user's mailbox, as a mail program sees it."""

    port: int
    user: str
    home: Path
    password: str = PASSWORD
    host: str = field(default="127.0.0.1")

    def login(self, *, folder: str = "INBOX", password: str = PASSWORD, access_token: str = "") -> Login:
        """Return how the desk signs in."""
        return Login(self.host, self.port, "none", self.user, password, folder, access_token)

    @contextmanager
    def as_person(self, folder: str = "INBOX") -> Iterator[IMAPClient]:
        """Sign in as a person who works in the same mailbox."""
        with IMAPClient(self.host, port=self.port, ssl=False, timeout=20) as client:
            client.login(self.user, self.password)
            client.select_folder(folder)
            yield client

    def put(self, *mails: bytes, folder: str = "INBOX", flags: tuple[bytes, ...] = ()) -> None:
        """Put mails into a folder."""
        with self.as_person() as client:
            for raw in mails:
                client.append(folder, raw, flags)

    def renumber(self) -> None:
        """Make the server forget its UIDs: every mail gets another one, and UIDVALIDITY changes."""
        with self.as_person() as client:
            before = client.folder_status("INBOX", ["UIDVALIDITY"])[b"UIDVALIDITY"]
            mails = [client.fetch([uid], ["BODY.PEEK[]", "FLAGS"])[uid] for uid in client.search()]
            client.delete_messages(client.search())
            client.expunge()
        self.set_uid_validity(before + 7)
        for one in mails:
            flags = tuple(flag for flag in one[b"FLAGS"] if flag != rb"\Recent")
            self.put(one[b"BODY[]"], flags=flags)

    def set_uid_validity(self, number: int) -> None:
        """Say what the INBOX has for UIDVALIDITY."""
        with self.as_person():  # which makes it
            pass
        _control(self.home, "mailbox", "update", "-u", self.user, "--uid-validity", str(number), "INBOX")

    def drop_connections(self) -> None:
        """Cut every connection of this user, as a restarted server does."""
        _control(self.home, "kick", self.user)


def _owner() -> tuple[int, int]:
    if os.geteuid() != 0:
        return os.geteuid(), os.getegid()
    person = pwd.getpwnam("nobody")
    return person.pw_uid, person.pw_gid


def _control(home: Path, *words: str) -> None:
    subprocess.run(["doveadm", "-c", str(home / "conf"), *words], check=True, capture_output=True, timeout=30)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@dataclass(frozen=True)
class Dovecot:
    """The running server."""

    port: int
    home: Path

    def mailbox(self) -> Mailbox:
        """Return a new, empty mailbox."""
        return Mailbox(self.port, f"desk{next(_names)}", self.home)


@contextmanager
def running_dovecot(*, asks: str = "", mechanisms: str = "xoauth2 oauthbearer") -> Iterator[Dovecot]:
    """Run Dovecot; skips the test where it is not installed.

    `asks`: where it asks whether an access token holds (RFC 7662); then it lets people in by tokens too.
    """
    program = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if program is None:
        pytest.skip("Dovecot is not installed (apt-get install dovecot-imapd)")
    home, port = Path(tempfile.mkdtemp(prefix="deskhand-dovecot-")), _free_port()
    home.chmod(0o755)
    uid, gid = _owner()
    (home / "mail").mkdir()
    os.chown(home / "mail", uid, gid)
    internal = pwd.getpwuid(uid)
    (home / "conf").write_text(
        _CONFIGURATION.format(
            home=home,
            port=port,
            uid=uid,
            gid=gid,
            internal=internal.pw_name,
            group=grp.getgrgid(gid).gr_name,
            password=PASSWORD,
            tokens=_TOKENS.format(mechanisms=mechanisms, home=home) if asks else "",
        )
    )
    (home / "oauth2.conf").write_text(_INTROSPECTION.format(url=asks))
    server = subprocess.Popen([program, "-F", "-c", str(home / "conf")], stderr=subprocess.DEVNULL)
    try:
        _await(port, server, home)
        yield Dovecot(port, home)
    finally:
        server.terminate()
        server.wait(20)
        shutil.rmtree(home, ignore_errors=True)


def _await(port: int, server: "subprocess.Popen[bytes]", home: Path) -> None:
    for _ in range(100):
        if server.poll() is not None:
            pytest.fail(f"Dovecot ended: {(home / 'log').read_text()}")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"Dovecot does not answer: {(home / 'log').read_text()}")

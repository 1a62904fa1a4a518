"""Speaking IMAP (RFC 3501, IDLE by RFC 2177) with the server of one mailbox. The only module that does.

Nothing here reads or writes the database. Whatever servers and networks do comes out as ImapTrouble, in the server's
own words where it spoke.
"""

import re
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from time import monotonic
from typing import Any

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError, LoginError
from imapclient.response_types import SearchIds

from deskhand.core.text import one_line
from deskhand.core.unreachable import why_unreachable
from deskhand.mail.models.imap import AfterFetch, ImapSecurity
from deskhand.mail.parsing import DEFAULT_LIMITS

CONNECT_SECONDS = 20
ANSWER_SECONDS = 90
IDLE_STEP_SECONDS = 2
LONGEST_FETCH_BYTES = DEFAULT_LIMITS.message_bytes + 1
"""Of a mail larger than is read only so much is fetched; the parser then says that it was too large."""
UIDS_AT_ONCE = 500
"""How many are named in one command: servers take lines of 8,000 bytes at the least."""
_BYTES_AS_TEXT = re.compile(r"""^(?:.*?: )?b(['"])(.*)\1$""", re.DOTALL)
_TROUBLE = (IMAPClientError, OSError, EOFError, ValueError)


class ImapTrouble(Exception):
    """The server could not be read; the message is what it said, or what became of the connection."""


class SignInRefused(ImapTrouble):
    """The server did not take the password or token."""


@dataclass(frozen=True)
class Login:
    """Where to connect, and as whom: by `access_token` where there is one, else by `password`."""

    host: str
    port: int
    security: str
    user: str
    password: str
    folder: str
    access_token: str = ""


class Folder:
    """An open folder. Every method may raise ImapTrouble."""

    def __init__(self, client: IMAPClient, login: Login, selected: dict[bytes, Any]) -> None:
        self._client = client
        self._login = login
        self.uid_validity = int(selected.get(b"UIDVALIDITY", 0))
        self.count = int(selected.get(b"EXISTS", 0))
        self._uid_next = selected.get(b"UIDNEXT")

    @property
    def can_idle(self) -> bool:
        """Whether the server tells of new mail by itself."""
        with _telling(self._login):
            return bool(self._client.has_capability("IDLE"))

    def next_uid(self) -> int:
        """Return the UID that the next mail will get at the least."""
        if self._uid_next is not None:
            return int(self._uid_next)
        return max(self._search(["UID", "1:*"]), default=0) + 1

    def uids_from(self, first: int) -> list[int]:
        """Return the UIDs of `first` and above, ascending."""
        # "n:*" also names the last mail where all lie below n (RFC 3501 §6.4.8).
        return [uid for uid in self._search(["UID", f"{max(first, 1)}:*"]) if uid >= first]

    def unread_below(self, limit: int) -> list[int]:
        """Return the UIDs below `limit` that nobody has read, ascending."""
        return [uid for uid in self._search(["UNSEEN"]) if uid < limit]

    def uids_since(self, day: date) -> list[int]:
        """Return the UIDs of what the server got on `day` or later, ascending."""
        return self._search(["SINCE", day])

    def still_there(self, uids: Sequence[int]) -> set[int]:
        """Return which of these UIDs the folder still has."""
        self.touch()  # or the server goes by what it told this connection last
        few = [uids[start : start + UIDS_AT_ONCE] for start in range(0, len(uids), UIDS_AT_ONCE)]
        return {uid for some in few for uid in self._search(["UID", ",".join(map(str, some))])}

    def fetch(self, uid: int) -> bytes | None:
        """Return a mail as it lies there, not marked as read; None when it is gone."""
        with _telling(self._login):
            answer = self._client.fetch([uid], [f"BODY.PEEK[]<0.{LONGEST_FETCH_BYTES}>"])
        parts = answer.get(uid, {})
        return next((bytes(value or b"") for key, value in parts.items() if key.startswith(b"BODY[]")), None)

    def settle(self, uid: int, after: str, move_to: str) -> None:
        """Do on the server what is to follow the fetch; a mail that is gone by now is no trouble."""
        with _telling(self._login):
            if after == AfterFetch.MOVE:
                self._move(uid, move_to)
            elif after == AfterFetch.DELETE:
                self._client.delete_messages([uid])
                self._expunge(uid)
            else:
                self._client.add_flags([uid], [rb"\Seen"])

    def wait(self, seconds: float, *, is_stopping: Callable[[], bool]) -> None:
        """Wait by IDLE until the server tells of something, the time is over, or someone wants to stop."""
        with _telling(self._login):
            self._client.idle()
            end = monotonic() + seconds
            while not is_stopping() and monotonic() < end:
                if self._client.idle_check(timeout=IDLE_STEP_SECONDS):
                    break
            self._client.idle_done()

    def touch(self) -> None:
        """Ask for news, which also keeps the connection open."""
        with _telling(self._login):
            self._client.noop()

    def _search(self, criteria: list[str | date]) -> list[int]:
        with _telling(self._login):
            found: SearchIds = self._client.search(criteria)
        return sorted(int(uid) for uid in found)

    def _move(self, uid: int, folder: str) -> None:
        if not self._client.folder_exists(folder):
            self._client.create_folder(folder)
        if self._client.has_capability("MOVE"):
            self._client.move([uid], folder)
            return
        self._client.copy([uid], folder)
        self._client.delete_messages([uid])
        self._expunge(uid)

    def _expunge(self, uid: int) -> None:
        """Take away this one mail. A plain EXPUNGE would also take what people marked: then the mark has to do."""
        if self._client.has_capability("UIDPLUS"):
            self._client.uid_expunge([uid])


@contextmanager
def opened(login: Login) -> Iterator[Folder]:
    """Connect, sign in and open the folder while the block runs. Raises ImapTrouble."""
    client = _connected(login)
    try:
        with _telling(login):
            _sign_in(client, login)
            selected = client.select_folder(login.folder)
        yield Folder(client, login, selected)
    finally:
        _leave(client)


def check(login: Login) -> str:
    """Connect, sign in and open the folder; returns a sentence about it. Raises ImapTrouble."""
    with opened(login) as folder:
        way = "New mail is fetched at once." if folder.can_idle else "The server has no IDLE: it is asked every minute."
        mails = "1 mail" if folder.count == 1 else f"{folder.count} mails"
        return f"Signed in. {login.folder} holds {mails}. {way}"


def _connected(login: Login) -> IMAPClient:
    context = ssl.create_default_context()
    with _telling(login, CONNECT_SECONDS):
        client = IMAPClient(
            login.host,
            port=login.port,
            ssl=login.security == ImapSecurity.TLS,
            ssl_context=context,
            timeout=SocketTimeout(CONNECT_SECONDS, ANSWER_SECONDS),
        )
    if login.security == ImapSecurity.STARTTLS:
        with _telling(login):
            try:
                client.starttls(context)
            except _TROUBLE:
                client.shutdown()
                raise
    return client


def _sign_in(client: IMAPClient, login: Login) -> None:
    """Raises SignInRefused for a No, ImapTrouble for a connection that broke."""
    try:
        if not login.access_token:
            client.login(login.user, login.password)
        elif client.has_capability("AUTH=XOAUTH2") or not client.has_capability("AUTH=OAUTHBEARER"):
            client.oauth2_login(login.user, login.access_token)
        else:
            client.oauthbearer_login(login.user, login.access_token)
    except LoginError as error:
        if isinstance(error.__context__, IMAPClientAbortError):
            raise error.__context__ from error
        raise SignInRefused(_words(str(error)) or "The server refused the sign-in without a word.") from error


def _leave(client: IMAPClient) -> None:
    try:
        client.socket().settimeout(CONNECT_SECONDS)
        client.logout()
    except (*_TROUBLE, AttributeError):
        try:
            client.shutdown()
        except (*_TROUBLE, AttributeError):
            return


@contextmanager
def _telling(login: Login, patience: float = ANSWER_SECONDS) -> Iterator[None]:
    """Turn what goes wrong inside into ImapTrouble. `patience`: for how many seconds the server may be silent."""
    try:
        yield
    except IMAPClientAbortError as error:
        raise ImapTrouble(f"{login.host}:{login.port} broke off the connection ({one_line(str(error))}).") from error
    except IMAPClientError as error:
        raise ImapTrouble(_words(str(error)) or "The server refused without a word.") from error
    except TimeoutError as error:
        raise ImapTrouble(f"{login.host}:{login.port} did not answer within {patience:g} seconds.") from error
    except (OSError, EOFError) as error:
        why = why_unreachable(error)
        raise ImapTrouble(f"{login.host}:{login.port} could not be reached: {why}."[:1000]) from error
    except ValueError as error:
        raise ImapTrouble(f"The server's answer made no sense ({one_line(str(error))})."[:1000]) from error


def _words(said: str) -> str:
    found = _BYTES_AS_TEXT.match(said)
    return one_line(found[2] if found else said)[:1000]

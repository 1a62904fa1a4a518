"""Keeping an eye on every IMAP mailbox from inside the worker: one thread each, so that no job waits for a server.

A reader holds a lease on its account, so that of several workers one reads. Whatever goes wrong is noted with the
account and tried again, later each time.
"""

import asyncio
import logging
import secrets
import threading
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from django.db import DatabaseError, InterfaceError, close_old_connections, connection

from deskhand.core.secrets import SecretUnreadable
from deskhand.mail.actions.fetching import AccountChanged, lease, note_success, note_trouble, release_lease
from deskhand.mail.actions.sign_in import drop_access_token
from deskhand.mail.fetching import login_of, read_folder
from deskhand.mail.imap import Folder, ImapTrouble, SignInRefused, opened
from deskhand.mail.models import ImapAccount
from deskhand.mail.oauth import OAuthTrouble

LOOK_SECONDS = 5.0
"""How soon a mailbox that was added or mended is read."""
WAIT_SECONDS = 60.0
"""How often a server without IDLE is asked, and how long one IDLE lasts at the most."""
RENEW_AFTER = timedelta(seconds=30)
STOP_SECONDS = 25.0

logger = logging.getLogger(__name__)


def _now() -> datetime:
    return datetime.now(UTC)


class Reader:
    """Reads one account until it is stopped, changed or troubled."""

    def __init__(self, account_id: int, stop: threading.Event, *, wait_seconds: float = WAIT_SECONDS) -> None:
        self._account_id = account_id
        self._stop = stop
        self._wait_seconds = wait_seconds
        self._name = secrets.token_hex(16)
        self._renewed_at = self._changed_at = datetime.min.replace(tzinfo=UTC)

    def run(self) -> None:
        """Read and wait, again and again. Never raises."""
        try:
            self._read()
        except (DatabaseError, InterfaceError) as error:
            logger.warning("mailbox reading waits: the database is away (%s)", type(error).__name__)
        finally:
            self._let_go()

    def _read(self) -> None:
        close_old_connections()
        account = self._renew()
        if account is None:
            return
        try:
            with opened(login_of(account, now=_now())) as folder:
                self._follow(account, folder)
        except (ImapTrouble, OAuthTrouble, SecretUnreadable) as error:
            if isinstance(error, SignInRefused):
                drop_access_token(account.mailbox_id)
            note_trouble(self._account_id, str(error), at=_now())
        except AccountChanged:
            return  # whoever looks next begins anew, where there is something to begin
        except (DatabaseError, InterfaceError):
            raise
        except Exception as error:
            logger.exception("reading the mailbox of account %s failed", self._account_id)
            note_trouble(self._account_id, f"A fault of Deskhand itself ({type(error).__name__}).", at=_now())

    def _follow(self, began: ImapAccount, folder: Folder) -> None:
        account: ImapAccount | None = began
        self._changed_at = began.changed_at
        while account is not None and account.changed_at == self._changed_at and not self._stop.is_set():
            reading = read_folder(account, folder, clock=_now, is_stopping=self._is_stopping)
            note_success(self._account_id, at=_now(), trouble=reading.trouble)
            connection.close()  # waiting needs none
            self._wait(folder)
            account = self._renew()

    def _wait(self, folder: Folder) -> None:
        if folder.can_idle:
            folder.wait(self._wait_seconds, is_stopping=self._stop.is_set)
        else:
            self._stop.wait(self._wait_seconds)
            folder.touch()

    def _is_stopping(self) -> bool:
        """Whether to stop after the mail at hand. Raises AccountChanged where another reads there now, or otherwise."""
        if _now() - self._renewed_at > RENEW_AFTER:
            account = self._renew()
            if account is None or account.changed_at != self._changed_at:
                raise AccountChanged
        return self._stop.is_set()

    def _renew(self) -> ImapAccount | None:
        self._renewed_at = _now()
        return lease(self._account_id, reader=self._name, now=self._renewed_at)

    def _let_go(self) -> None:
        try:
            release_lease(self._account_id, reader=self._name)
        except (DatabaseError, InterfaceError):
            logger.warning("the lease on mailbox account %s is left to its end", self._account_id)
        finally:
            connection.close()


class Watch:
    """Starts a reader for every account that is switched on and due."""

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._readers: dict[int, threading.Thread] = {}
        self._thread = threading.Thread(target=self._look, name="imap-watch", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def end(self) -> None:
        """Stop every reader after the mail at hand; one that a silent server holds up is left behind, without harm."""
        self._stop.set()
        self._thread.join(STOP_SECONDS)
        for thread in self._readers.values():
            thread.join(STOP_SECONDS)

    def _look(self) -> None:
        while not self._stop.is_set():
            try:
                self._start_readers()
            except (DatabaseError, InterfaceError) as error:
                logger.warning("mailboxes wait: the database is away (%s)", type(error).__name__)
            finally:
                connection.close()
            self._stop.wait(LOOK_SECONDS)

    def _start_readers(self) -> None:
        close_old_connections()
        self._readers = {key: thread for key, thread in self._readers.items() if thread.is_alive()}
        for account_id in ImapAccount.objects.filter(is_enabled=True).values_list("pk", flat=True):
            if account_id not in self._readers:
                reader = Reader(account_id, self._stop)
                thread = threading.Thread(target=reader.run, name=f"imap-{account_id}", daemon=True)
                self._readers[account_id] = thread
                thread.start()


@asynccontextmanager
async def watching() -> AsyncGenerator[None]:
    """Read every IMAP mailbox while the block runs."""
    watch = Watch()
    watch.start()
    try:
        yield
    finally:
        await asyncio.get_running_loop().run_in_executor(None, watch.end)

"""The readers inside the worker, against a real Dovecot: mail comes by itself, trouble is noted, stopping is clean."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Self

import pytest
from django.db import connection

from deskhand.core.secrets import seal
from deskhand.mail import watching as watching_module
from deskhand.mail.actions.fetching import LEASE, lease
from deskhand.mail.models import ImapAccount, InboundMail, Mailbox
from deskhand.mail.watching import Reader, watching
from tests.cast import NOON
from tests.mail import dovecot
from tests.mail.post_office import mail

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE_SECONDS = 40


@pytest.fixture(scope="module")
def server() -> Iterator[dovecot.Dovecot]:
    with dovecot.running_dovecot() as running:
        yield running


@pytest.fixture
def box(server: dovecot.Dovecot) -> dovecot.Mailbox:
    return server.mailbox()


@pytest.fixture
def account(box: dovecot.Mailbox, mailbox: Mailbox) -> ImapAccount:
    return ImapAccount.objects.create(
        mailbox=mailbox,
        host=box.host,
        port=box.port,
        security="none",
        user=box.user,
        sealed_password=seal(box.password),
        changed_at=NOON,
    )


class Running:
    """A reader in a thread of its own."""

    def __init__(self, account: ImapAccount) -> None:
        self.stop = threading.Event()
        self.thread = threading.Thread(target=Reader(account.pk, self.stop).run, daemon=True)

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        self.thread.join(PATIENCE_SECONDS)
        assert not self.thread.is_alive()


def eventually(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < end, "it never came true"
        threading.Event().wait(0.05)


def is_fetched(account: ImapAccount) -> bool:
    return ImapAccount.objects.filter(pk=account.pk, last_fetch_at__isnull=False).exists()


def test_new_mail_comes_while_waiting_and_stopping_gives_the_lease_back(
    box: dovecot.Mailbox, account: ImapAccount
) -> None:
    with Running(account):
        eventually(lambda: is_fetched(account))
        box.put(mail(subject="one"))
        eventually(lambda: InboundMail.objects.filter(subject="one").exists())
        box.put(mail(subject="two"))
        eventually(lambda: InboundMail.objects.filter(subject="two").exists())
    account.refresh_from_db()
    assert (account.lease_until, account.last_error) == (None, "")
    assert InboundMail.objects.count() == 2


def test_the_worker_reads_every_mailbox_and_one_that_is_added_later(
    box: dovecot.Mailbox, account: ImapAccount, server: dovecot.Dovecot, mailbox: Mailbox
) -> None:
    other = server.mailbox()
    box.put(mail(subject="first box"))
    other.put(mail(subject="second box"))

    def second_box_comes() -> None:
        eventually(lambda: InboundMail.objects.filter(subject="first box").exists())
        sales = Mailbox.objects.create(name="Sales", address="sales@desk.example", created_at=NOON)
        account.pk, account.mailbox, account.user = None, sales, other.user
        account.save()
        eventually(lambda: InboundMail.objects.filter(subject="second box", mailbox=mailbox).exists())
        connection.close()

    async def work() -> None:
        async with watching():
            await asyncio.to_thread(second_box_comes)

    asyncio.run(work())
    assert InboundMail.objects.count() == 2
    assert not ImapAccount.objects.exclude(lease_until=None).exists()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("imap-")]


def test_a_dropped_connection_ends_the_reader_with_a_note_and_the_next_one_goes_on(
    box: dovecot.Mailbox, account: ImapAccount
) -> None:
    with Running(account) as running:
        eventually(lambda: is_fetched(account))
        box.drop_connections()
        eventually(lambda: not running.thread.is_alive())
    account.refresh_from_db()
    assert (account.failures, bool(account.last_error), account.next_try_at is not None) == (1, True, True)
    ImapAccount.objects.update(next_try_at=NOON)
    box.put(mail(subject="meanwhile"))
    with Running(account):
        eventually(lambda: InboundMail.objects.filter(subject="meanwhile").exists())
        eventually(lambda: ImapAccount.objects.get().failures == 0)


def test_a_wrong_password_is_noted_in_the_servers_words(account: ImapAccount) -> None:
    ImapAccount.objects.update(sealed_password=seal("wrong"))
    with Running(account) as running:
        eventually(lambda: not running.thread.is_alive())
    account.refresh_from_db()
    assert account.last_error == "[AUTHENTICATIONFAILED] Authentication failed."


def test_a_password_sealed_with_another_key_is_noted(account: ImapAccount) -> None:
    ImapAccount.objects.update(sealed_password="not sealed here")
    with Running(account) as running:
        eventually(lambda: not running.thread.is_alive())
    account.refresh_from_db()
    assert "Enter it again" in account.last_error


def test_one_of_two_workers_reads_until_its_lease_ends(account: ImapAccount) -> None:
    now = datetime.now(UTC)
    assert lease(account.pk, reader="one", now=now) == account
    assert lease(account.pk, reader="two", now=now) is None
    assert lease(account.pk, reader="one", now=now + timedelta(seconds=30)) == account
    assert lease(account.pk, reader="two", now=now + LEASE) is None
    assert lease(account.pk, reader="two", now=now + LEASE + timedelta(seconds=30)) == account


def test_what_is_switched_off_or_not_due_is_left_alone(account: ImapAccount) -> None:
    ImapAccount.objects.update(next_try_at=NOON + timedelta(seconds=1))
    assert lease(account.pk, reader="one", now=NOON) is None
    ImapAccount.objects.update(next_try_at=None, is_enabled=False)
    assert lease(account.pk, reader="one", now=NOON) is None


@pytest.mark.parametrize("change", ["switched off", "other settings", "read by another"])
def test_a_reader_midway_stops_where_it_may_not_go_on(
    account: ImapAccount, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    changes: dict[str, dict[str, Any]] = {
        "switched off": {"is_enabled": False},
        "other settings": {"changed_at": NOON + timedelta(seconds=1)},
        "read by another": {"reader": "another", "lease_until": datetime.now(UTC) + LEASE},
    }
    asked: list[bool] = []

    def read_midway(*_: object, is_stopping: Callable[[], bool], **__: object) -> None:
        asked.append(is_stopping())
        ImapAccount.objects.update(**changes[change])
        asked.append(is_stopping())

    monkeypatch.setattr(watching_module, "RENEW_AFTER", timedelta(0))
    monkeypatch.setattr(watching_module, "read_folder", read_midway)
    Reader(account.pk, threading.Event()).run()
    assert asked == [False]
    account.refresh_from_db()
    assert (account.last_fetch_at, account.last_error) == (None, "")

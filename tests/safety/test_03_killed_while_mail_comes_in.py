"""Security row 3: workers are killed while mail comes in; each message becomes exactly one entry."""

import asyncio
import os
import random
import signal
import smtplib
import threading
from collections.abc import Callable, Iterator

import pytest

from deskhand.core.secrets import seal
from deskhand.mail import lmtp
from deskhand.mail.actions.processing import process_mail
from deskhand.mail.fetching import login_of, read_folder
from deskhand.mail.imap import opened
from deskhand.mail.models import ImapAccount, InboundMail, Mailbox
from deskhand.tickets.models import Message, Ticket
from tests.cast import NOON
from tests.mail import dovecot
from tests.mail.post_office import SUPPORT, mail
from tests.mail.smtp_servers import looping
from tests.safety.conftest import Report, sized
from tests.safety.killing import FAILED, KILLED, ended, run, start

pytestmark = pytest.mark.django_db(transaction=True)
MAILS = sized(6, 10_000)
MOST_KILLS = sized(14, 1_000)


def mails() -> list[bytes]:
    return [mail(f"Text {n}.", subject=f"Mail {n}", files=(("a.txt", "text/plain", b"x" * n),)) for n in range(MAILS)]


def process_all() -> None:
    for pk in InboundMail.objects.pending().order_by("pk").values_list("pk", flat=True):
        InboundMail.objects.filter(pk=pk).update(attempts=0)
        process_mail(pk, now=NOON)


def each_is_one_entry() -> bool:
    wanted = [f"Mail {n}" for n in range(MAILS)]
    firsts = InboundMail.objects.filter(duplicate_of=None).order_by("subject").values_list("subject", flat=True)
    texts = Message.objects.order_by("text").values_list("text", flat=True)
    tickets = Ticket.objects.order_by("subject").values_list("subject", flat=True)
    return list(firsts) == list(tickets) == wanted and list(texts) == [f"Text {n}." for n in range(MAILS)]


def a_worker(tell: int) -> Callable[[], None]:
    """Return a worker that holds the LMTP door open and processes what came in; it writes its port to `tell`."""

    def work() -> None:
        with looping() as loop:
            serving = lmtp.serve("127.0.0.1", 0)
            port = asyncio.run_coroutine_threadsafe(serving.__aenter__(), loop).result(20)
            os.write(tell, f"{port}\n".encode())
            while True:
                process_all()
                threading.Event().wait(0.02)

    return work


def hand_over(port: int, raw: bytes) -> bool:
    """Speak LMTP as a mail server does; returns whether the desk took the mail."""
    try:
        with smtplib.LMTP("127.0.0.1", port, timeout=20) as client:
            return client.sendmail("cleo@acme.example", [SUPPORT], raw) == {}
    except (smtplib.SMTPException, OSError):
        return False


@pytest.mark.usefixtures("committed_cast", "mailbox")
def test_mail_by_lmtp_is_one_entry_each(report: Report) -> None:
    choose, waiting, kills = random.Random(3), mails(), 0
    while waiting:
        told, tell = os.pipe()
        doomed = kills < MOST_KILLS
        child = start(a_worker(tell), killed_before=choose.randint(2, 25) if doomed else None)
        os.close(tell)
        with os.fdopen(told) as port:
            line = port.readline()
        while line and waiting and hand_over(int(line), waiting[0]):
            del waiting[0]
        if not doomed or not waiting:
            os.kill(child, signal.SIGKILL)
        assert ended(child) == KILLED
        kills += 1
    assert run(process_all) == 0
    assert each_is_one_entry()
    report("kill -9 while mail comes by LMTP", kills, f"{MAILS} mails, {MAILS} entries")


@pytest.fixture(scope="module")
def server() -> Iterator[dovecot.Dovecot]:
    with dovecot.running_dovecot() as running:
        yield running


@pytest.mark.usefixtures("committed_cast")
def test_mail_by_imap_is_one_entry_each(server: dovecot.Dovecot, mailbox: Mailbox, report: Report) -> None:
    box = server.mailbox()
    account = ImapAccount.objects.create(
        mailbox=mailbox, host=box.host, port=box.port, security="none", user=box.user,
        sealed_password=seal(box.password), changed_at=NOON,
    )  # fmt: skip
    box.put(*mails())

    def work() -> None:
        mine = ImapAccount.objects.select_related("mailbox").get(pk=account.pk)
        with opened(login_of(mine, now=NOON)) as folder:
            read_folder(mine, folder, clock=lambda: NOON, is_stopping=lambda: False)
        process_all()

    choose, kills = random.Random(4), 0
    for _ in range(MOST_KILLS):
        code = run(work, killed_before=choose.randint(2, 40))
        assert code != FAILED
        kills += code == KILLED
    assert run(work) == 0
    assert each_is_one_entry()
    report("kill -9 while mail comes by IMAP", kills, f"{MAILS} mails, {MAILS} entries")

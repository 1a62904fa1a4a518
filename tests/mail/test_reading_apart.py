"""Mails are read in a process of its own, which may die, hang or grow without harm to anything else."""

import os
import signal
import sys
from collections.abc import Iterator

import pytest

from deskhand.mail.actions.lane_work import process_waiting
from deskhand.mail.actions.processing import ATTEMPT_LIMIT, process_mail
from deskhand.mail.actions.receiving import receive
from deskhand.mail.models import Door, InboundMail, Verdict
from deskhand.mail.reading import WHERE_IT_IS_WHOLE, Reading, Unread, read
from deskhand.mail.reading_apart import LARGE_BYTES, Reader, ReaderLost, reading_apart, readings_of
from deskhand.mail.reading_process import MEMORY_LIMIT
from tests.cast import NOON
from tests.mail.conftest import mailbox, post
from tests.mail.post_office import PostOffice, mail

__all__ = ["mailbox", "post"]
REPLACED = "import pickle, sys\npickle.load(sys.stdin.buffer)\n"


@pytest.fixture
def reader() -> Iterator[Reader]:
    running = Reader()
    yield running
    running.close()


def program(*lines: str) -> list[str]:
    """A reading process that takes one question and then does something else."""
    return [sys.executable, "-c", REPLACED + "\n".join(lines)]


def process_of(reader: Reader) -> int:
    running = vars(reader)["_process"]
    return int(running.pid)


def test_reads_as_it_is_read_on_the_spot(reader: Reader) -> None:
    raws = [
        mail("Hello.\n\nOn Wed, Ben wrote:\n> Hi\n", html="<p>Hello.</p><script>x</script>"),
        mail("See the file.", files=(("a.txt", "text/plain", b"one"),)),
        b"\xff\x00 no mail at all",
        b"",
    ]
    assert reader.read(raws) == [read(raw) for raw in raws]
    assert readings_of(raws) == [read(raw) for raw in raws]


def test_one_process_reads_again_and_again(reader: Reader) -> None:
    reader.read([mail("One.")])
    first = process_of(reader)
    reader.read([mail("Two.")])
    assert process_of(reader) == first


def test_a_process_that_was_killed_is_replaced(reader: Reader) -> None:
    reader.read([mail("One.")])
    first = process_of(reader)
    os.kill(first, signal.SIGKILL)
    with pytest.raises(ReaderLost):
        reader.read([mail("Two.")])
    (answer,) = reader.read([mail("Two.")])
    assert isinstance(answer, Reading)
    assert process_of(reader) != first


def test_a_process_that_read_much_is_not_kept(reader: Reader) -> None:
    (answer,) = reader.read([mail("x" * 70 + "\n" * LARGE_BYTES)])
    assert isinstance(answer, Reading)
    assert vars(reader)["_process"] is None


@pytest.mark.parametrize(
    "lines",
    [["sys.exit(3)"], ["import time", "time.sleep(600)"], ["print('nonsense')"], ["import os", "os.abort()"]],
    ids=["ends", "hangs", "talks", "aborts"],
)
def test_whatever_the_process_does_instead_is_one_error(lines: list[str]) -> None:
    reader = Reader(program(*lines), seconds_a_mail=0.5)
    with pytest.raises(ReaderLost, match="died or took too long"):
        reader.read([mail("Hello.")])
    reader.close()


def test_a_process_that_fills_its_memory_only_fails_to_read() -> None:
    limit = f"import resource; resource.setrlimit(resource.RLIMIT_AS, ({MEMORY_LIMIT}, {MEMORY_LIMIT}))"
    greedy = ["from deskhand.mail.reading import attempt", "import deskhand.mail.reading as reading", limit]
    greedy += ["reading.parse = lambda raw: bytearray(1 << 40)", "pickle.dump([attempt(b'')], sys.stdout.buffer)"]
    reader = Reader(program(*greedy))
    (answer,) = reader.read([b""])
    reader.close()
    assert isinstance(answer, Unread)
    assert str(answer) == "MemoryError"


@pytest.mark.django_db
def test_a_mail_that_kills_its_reader_three_times_becomes_a_ticket_that_leads_to_the_original(post: PostOffice) -> None:
    came = receive(mail("It stalls.", subject="Checkout"), door=Door.LMTP, at=NOON)
    with reading_apart(Reader(program("sys.exit(3)"))):
        for _ in range(ATTEMPT_LIMIT - 1):
            with pytest.raises(ReaderLost):
                process_mail(came.pk, now=NOON)
        process_mail(came.pk, now=NOON)
    came = InboundMail.objects.select_related("ticket", "entry").get(pk=came.pk)
    assert came.verdict == Verdict.TICKET_OPENED
    assert came.reason.startswith("It could not be read (the process that read it died or took too long)")
    assert came.entry is not None
    assert WHERE_IT_IS_WHOLE in came.entry.text
    assert not came.entry.attachments.exists()


@pytest.mark.django_db
def test_a_lost_reader_leaves_a_batch_to_the_mails_own_jobs(post: PostOffice) -> None:
    came = [receive(mail(f"Mail {number}."), door=Door.LMTP, at=NOON) for number in range(3)]
    (lane,) = {one.lane for one in came}
    with reading_apart(Reader(program("sys.exit(3)"))):
        work = process_waiting(lane, now=NOON)
    assert (work.done, work.failed) == ([], [one.pk for one in came])
    assert set(InboundMail.objects.values_list("verdict", "attempts")) == {(Verdict.PENDING, 1)}
    for mail_id in InboundMail.objects.values_list("pk", flat=True):
        process_mail(mail_id, now=NOON)
    assert set(InboundMail.objects.values_list("verdict", flat=True)) == {Verdict.TICKET_OPENED}


@pytest.mark.django_db
def test_a_mail_read_apart_becomes_a_ticket(post: PostOffice) -> None:
    with reading_apart():
        came = post.deliver(mail("It stalls.", subject="Checkout"))
    assert came.verdict == Verdict.TICKET_OPENED
    assert came.ticket is not None
    assert came.ticket.subject == "Checkout"

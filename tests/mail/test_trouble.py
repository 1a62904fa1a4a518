"""What goes wrong while a mail is processed: faults of ours, killed workers, full disks, two at once."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction
from django.test import override_settings
from procrastinate.contrib.django.models import ProcrastinateJob

from deskhand.files.actions.storing import StorageUnavailable
from deskhand.files.models import File
from deskhand.mail.actions import processing
from deskhand.mail.actions.processing import (
    ATTEMPT_LIMIT,
    FORGOTTEN_AFTER,
    BeyondLimits,
    forgotten_lanes,
    process_mail,
)
from deskhand.mail.actions.receiving import receive
from deskhand.mail.addresses import reply_address
from deskhand.mail.models import (
    Delivery,
    Door,
    InboundMail,
    KnownMessageId,
    Mailbox,
    OutboundMail,
    SpamListing,
    Verdict,
)
from deskhand.mail.queries.details import original_of
from deskhand.mail.reading import WHERE_IT_IS_WHOLE, Unread
from deskhand.mail.tasks import process_lane, sweep_inbound
from deskhand.tickets.models import Message, Ticket
from tests.cast import NOON, Cast
from tests.mail.post_office import SUPPORT, PostOffice, mail


def received(raw: bytes | None = None) -> InboundMail:
    return receive(raw or mail(), door=Door.LMTP, at=NOON, envelope_from="cleo@acme.example", envelope_to=[SUPPORT])


@pytest.fixture
def broken_tickets(db: None) -> None:
    """Make the database refuse every message whose text says "break", until the test's transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE tickets_message ADD CONSTRAINT broken CHECK (position('break' in text) = 0)")


@pytest.mark.usefixtures("broken_tickets")
def test_a_mail_that_cannot_be_processed_becomes_a_ticket_that_leads_to_the_original(cast: Cast) -> None:
    raw = mail("This will break it.", subject="Breaking")
    row = received(raw)
    for _ in range(ATTEMPT_LIMIT - 1):
        with pytest.raises(IntegrityError):
            process_mail(row.pk, now=NOON)
        assert not Ticket.objects.exists()
    process_mail(row.pk, now=NOON)
    row.refresh_from_db()
    assert row.verdict == Verdict.TICKET_OPENED
    assert row.ticket is not None
    assert (row.ticket.subject, row.ticket.requester) == ("Breaking", cast.cleo)
    assert row.entry is not None
    assert WHERE_IT_IS_WHOLE in row.entry.text
    shown = original_of(row.ticket.pk, row.entry.public_id)
    assert shown is not None
    assert "This will break it." in shown.text
    assert "IntegrityError" in row.reason


def test_a_mail_that_kills_its_worker_is_not_tried_for_ever(cast: Cast) -> None:
    row = received()
    InboundMail.objects.update(attempts=ATTEMPT_LIMIT)
    process_mail(row.pk, now=NOON)
    row.refresh_from_db()
    assert row.verdict == Verdict.TICKET_OPENED
    assert row.entry is not None
    assert WHERE_IT_IS_WHOLE in row.entry.text


CANNOT_BE_READ = {
    "refuted": mail(headers={"Authentication-Results": "mx.desk.example; dmarc=fail header.from=acme.example"}),
    "on the spam list": mail(sender="pia@prizes.example"),
    "a report": mail("x", sender="mailer-daemon@mx.example", subject="Undelivered", auto_submitted="auto-replied"),
    "mailbox off": mail(sender="new@unknown.example"),
}


@override_settings(MAIL_AUTHSERV_IDS=["mx.desk.example"])
@pytest.mark.parametrize("case", CANNOT_BE_READ)
def test_a_mail_that_cannot_be_read_is_judged_by_its_header(
    post: PostOffice, cast: Cast, monkeypatch: pytest.MonkeyPatch, case: str
) -> None:
    monkeypatch.setattr(processing, "readings_of", lambda raws: [Unread("MemoryError") for _ in raws])
    SpamListing.objects.create(value="prizes.example", added_at=NOON)
    Mailbox.objects.update(is_enabled=case != "mailbox off")
    row = received(CANNOT_BE_READ[case])
    InboundMail.objects.update(attempts=ATTEMPT_LIMIT - 1)
    process_mail(row.pk, now=NOON)
    row.refresh_from_db()
    assert row.verdict in {Verdict.HELD, Verdict.REJECTED, Verdict.AUTO_REPLY, Verdict.BOUNCE}
    assert "MemoryError" in row.reason
    assert not Ticket.objects.exists()


def test_an_answer_that_cannot_be_read_stands_in_its_ticket(
    post: PostOffice, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processing, "readings_of", lambda raws: [Unread("MemoryError") for _ in raws])
    ticket = cast.ticket()
    row = received(mail(to=reply_address(ticket.number)))
    InboundMail.objects.update(attempts=ATTEMPT_LIMIT - 1)
    process_mail(row.pk, now=NOON)
    row.refresh_from_db()
    assert (row.verdict, row.ticket) == (Verdict.ENTRY_ADDED, ticket)
    assert row.entry is not None
    assert "could not be read" in row.entry.text


def many_words(count: int) -> str:
    return "\n".join(" ".join(f"{number:010x}" for number in range(at, at + 8)) for at in range(0, count, 8))


def test_a_mail_with_more_words_than_the_search_holds_is_taken_in_like_any_other(cast: Cast) -> None:
    log, after = received(mail(many_words(150_000))), received(mail("Another one."))
    process_lane(log.lane)
    for row in (log, after):
        row.refresh_from_db()
        assert row.verdict == Verdict.TICKET_OPENED
    assert log.entry is not None
    assert len(log.entry.text) > 1_000_000


def test_what_the_database_cannot_hold_is_the_mails_own_fault(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def too_much(*_: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT to_tsvector('simple', %s)", [many_words(150_000)])

    row = received()
    monkeypatch.setattr(processing, "judge", too_much)
    for _ in range(ATTEMPT_LIMIT - 1):
        with pytest.raises(BeyondLimits):
            process_mail(row.pk, now=NOON)
    monkeypatch.undo()
    InboundMail.objects.filter(attempts=ATTEMPT_LIMIT - 1).update(attempts=ATTEMPT_LIMIT)
    process_mail(row.pk, now=NOON)
    row.refresh_from_db()
    assert row.verdict == Verdict.TICKET_OPENED


def test_a_mail_that_can_become_nothing_stays_as_a_failed_row(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ValueError

    monkeypatch.setattr(processing, "judge", fail)
    row = received()
    InboundMail.objects.update(attempts=ATTEMPT_LIMIT)
    process_mail(row.pk, now=NOON)
    row.refresh_from_db()
    assert (row.verdict, row.ticket) == (Verdict.FAILED, None)
    assert "could not be processed" in row.reason


@pytest.mark.django_db
def test_a_mail_from_nobody_that_kills_its_worker_stays_in_quarantine() -> None:
    row = receive(b"Subject: x\n\nno sender", door=Door.LMTP, at=NOON, envelope_from="<>", envelope_to=[SUPPORT])
    InboundMail.objects.update(attempts=ATTEMPT_LIMIT)
    process_mail(row.pk, now=NOON)
    row.refresh_from_db()
    assert (row.verdict, row.ticket) == (Verdict.QUARANTINED, None)
    assert "could not be read" in row.reason


def test_a_full_disk_delays_a_mail_and_loses_nothing(cast: Cast, tmp_path: Path) -> None:
    row = received(mail(files=(("log.txt", "text/plain", b"x"),)))
    blocked = tmp_path / "blocked"
    blocked.write_text("a file where a folder is wanted")
    storages = {"default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": blocked}}}
    with override_settings(STORAGES=storages):
        for _ in range(ATTEMPT_LIMIT * 3):
            with pytest.raises(StorageUnavailable):
                process_mail(row.pk, now=NOON)
    assert (InboundMail.objects.get().verdict, Message.objects.count(), File.objects.count()) == ("pending", 0, 0)
    process_mail(row.pk, now=NOON)
    assert InboundMail.objects.get().verdict == Verdict.TICKET_OPENED


def test_a_forgotten_mail_is_found_again(cast: Cast) -> None:
    row = received()
    assert forgotten_lanes(now=NOON) == []
    ProcrastinateJob.objects.all().delete()
    later = NOON + FORGOTTEN_AFTER
    assert forgotten_lanes(now=later) == [row.lane]
    sweep_inbound(timestamp=int(later.timestamp()))
    assert ProcrastinateJob.objects.filter(args={"lane": row.lane}, status="todo").count() == 1
    process_mail(row.pk, now=later)
    assert forgotten_lanes(now=later) == []


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_write_one_entry(committed_cast: Cast) -> None:
    ticket = committed_cast.ticket()
    rows = [received(mail(f"Answer {n}.", to=reply_address(ticket.number))) for n in range(4)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(_work, [row.pk for row in rows for _ in range(3)]))
    entries = ticket.messages.exclude(position=1)
    assert sorted(entry.text for entry in entries) == [f"Answer {n}." for n in range(4)]
    assert sorted(entry.position for entry in entries) == [2, 3, 4, 5]


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_middle_leaves_nothing_half_written(committed_cast: Cast) -> None:
    """The killed worker's connection ends while it waits for the ticket, with the mail half processed."""
    ticket = committed_cast.ticket()
    row = received(mail("Answer.", to=reply_address(ticket.number), files=(("a.txt", "text/plain", b"x"),)))
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            Ticket.objects.select_for_update().get(pk=ticket.pk)
            killed = pool.submit(_work, row.pk)
            _end_whoever_waits()
            with pytest.raises(OperationalError):
                killed.result(20)
        assert (InboundMail.objects.get().verdict, ticket.messages.count()) == ("pending", 1)
        pool.submit(_work, row.pk).result(20)
    assert (InboundMail.objects.get().verdict, ticket.messages.count()) == ("entry_added", 2)


def _work(mail_id: int) -> None:
    try:
        process_mail(mail_id, now=NOON)
    finally:
        connection.close()


def _end_whoever_waits() -> None:
    """End the connection of the one backend that waits for a lock of ours."""
    waiting = """
        SELECT pg_terminate_backend(pid) FROM pg_locks
        WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))
    """
    for _ in range(2000):
        with connection.cursor() as cursor:
            cursor.execute(waiting)
            if cursor.fetchall():
                return
            cursor.execute("SELECT pg_sleep(0.01)")  # leave the other one room to get there
    raise AssertionError("nobody waited")


def test_the_database_keeps_verdicts_whole(cast: Cast) -> None:
    row = received()
    for wrong in (
        {"verdict": "lost", "processed_at": NOON},
        {"verdict": Verdict.HELD},
        {"processed_at": NOON},
        {"verdict": Verdict.TICKET_OPENED, "processed_at": NOON},
        {"verdict": Verdict.DUPLICATE, "processed_at": NOON},
        {"door": "window"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            InboundMail.objects.filter(pk=row.pk).update(**wrong)


def test_the_database_knows_each_thing_once(post: PostOffice, cast: Cast) -> None:
    ticket = cast.ticket()
    cast.staff_reply(ticket)
    delivery = Delivery.objects.select_related("mail").get()
    known = KnownMessageId.objects.get()
    sent = OutboundMail.objects.get()
    for again in (
        Mailbox(name="x", address=post.mailbox.address, created_at=NOON),
        Mailbox(name="x", address="Upper@x.example", created_at=NOON),
        Mailbox(name="x", address="nowhere", created_at=NOON),
        Delivery(mail=delivery.mail, address=delivery.address, next_try_at=NOON),
        Delivery(mail=delivery.mail, address="x@y.example"),
        Delivery(mail=delivery.mail, address="x@y.example", state="sending"),
        Delivery(mail=delivery.mail, address="x@y.example", state="flying"),
        KnownMessageId(message_id=known.message_id, ticket=ticket, seen="sent", seen_at=NOON),
        OutboundMail(kind="reply", entry=sent.entry, ticket=ticket, message_id="<x>", to_addresses=[], created_at=NOON),
        OutboundMail(kind="reply", message_id="<y>", to_addresses=[], created_at=NOON),
        OutboundMail(kind="sign_in_link", message_id=sent.message_id, to_addresses=[], created_at=NOON),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            again.save()

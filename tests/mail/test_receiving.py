import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from deskhand.mail.actions.processing import process_mail
from deskhand.mail.actions.receiving import receive
from deskhand.mail.addresses import reply_address
from deskhand.mail.first_look import CHUNK_BYTES, look_at
from deskhand.mail.models import Door, InboundMail, Mailbox, Verdict
from tests.cast import NOON, Cast
from tests.mail.post_office import PostOffice, mail

pytestmark = pytest.mark.django_db


def same(one: bytes, other: bytes) -> bool:
    return look_at(one).content_hash == look_at(other).content_hash


def test_line_ends_trace_fields_and_blank_ends_do_not_make_another_mail() -> None:
    raw = mail("a\n" * CHUNK_BYTES)
    assert same(raw, raw.replace(b"\n", b"\r\n"))
    assert same(raw, b"Received: from a\nDelivered-To: b@c.example\n" + raw)
    assert same(raw, raw + b"\n\n")


def test_another_body_subject_date_sender_or_id_makes_another_mail() -> None:
    raw = mail("text", subject="subject", message_id="<1@x>")
    for old, new in [
        (b"text", b"test"),
        (b"Subject: subject", b"Subject: object"),
        (b"12:00:00", b"12:00:01"),
        (b"cleo@", b"dev@"),
        (b"<1@x>", b"<2@x>"),
    ]:
        assert old in raw
        assert not same(raw, raw.replace(old, new)), old


@pytest.mark.parametrize("name", ["Sender", "Reply-To", "To", "Cc", "In-Reply-To", "References"])
def test_without_an_id_whom_it_is_from_and_to_makes_another_mail(name: str) -> None:
    for message_id, is_same in (("", False), ("<1@x>", True)):
        raw = mail(message_id=message_id)
        one, other = (f"{name}: <{who}@x.example>\n".encode() + raw for who in ("ann", "bob"))
        assert same(one, other) == is_same


def test_forms_of_two_visitors_and_one_answer_in_two_tickets_are_two_mails(post: PostOffice, cast: Cast) -> None:
    for visitor in ("ann@a.example", "bob@b.example"):
        row = post.deliver(mail("Call me.", subject="Contact form", message_id="", reply_to=visitor))
        assert row.verdict == Verdict.TICKET_OPENED
    for ticket in (cast.ticket("One"), cast.ticket("Two")):
        row = post.deliver(mail("Thanks, done.", message_id="", to=reply_address(ticket.number)))
        assert (row.verdict, row.ticket_id) == (Verdict.ENTRY_ADDED, ticket.pk)


def test_without_id_and_date_only_the_very_same_bytes_are_the_same() -> None:
    raw = mail(message_id="", date="")
    assert same(raw, raw)
    assert not same(b"Received: from a; 12:00\n" + raw, b"Received: from a; 12:05\n" + raw)


def test_notes_what_the_log_shows() -> None:
    raw = mail(
        sender='"Cleo \u202eX" <CLEO@acme.example>',
        to="a@x.example, B <b@x.example>",
        subject="=?utf-8?q?Gr=C3=B6=C3=9Fe?=",
    )
    look = look_at(raw)
    assert (look.from_address, look.from_name) == ("cleo@acme.example", "Cleo X")
    assert (look.to_line, look.subject, look.sent_at) == ("a@x.example, b@x.example", "Größe", NOON)


@pytest.mark.parametrize(
    "raw", [b"", b"\x00", b"\n\n", b"From:", b"\xff\xfe" * 50, b"Subject: \x00\xed\xa0\x80\n\nx\x00"]
)
def test_stores_whatever_comes(raw: bytes) -> None:
    row = receive(raw, door=Door.COMMAND, at=NOON)
    assert bytes(InboundMail.objects.get(pk=row.pk).raw) == raw


@pytest.mark.parametrize(
    ("envelope_to", "to"),
    [
        (["Support@desk.example"], "x@y.example"),
        (["support+shop@desk.example"], "x@y.example"),
        ([], "Support <SUPPORT@desk.example>"),
        (["reply@elsewhere.example"], "support@desk.example"),
    ],
)
def test_knows_the_mailbox_by_envelope_or_header(mailbox: Mailbox, envelope_to: list[str], to: str) -> None:
    row = receive(mail(to=to), door=Door.LMTP, at=NOON, envelope_to=envelope_to)
    assert row.mailbox == mailbox


def test_the_envelope_decides_between_two_mailboxes(mailbox: Mailbox) -> None:
    sales = Mailbox.objects.create(name="Sales", address="sales@desk.example", created_at=NOON)
    row = receive(mail(), door=Door.LMTP, at=NOON, envelope_to=["sales@desk.example"])
    assert row.mailbox == sales


def test_a_repeated_delivery_is_kept_as_a_duplicate() -> None:
    raw = mail()
    first, second, third = (receive(raw, door=Door.LMTP, at=NOON) for _ in range(3))
    assert first.verdict == Verdict.PENDING
    assert second.duplicate_of == third.duplicate_of == first
    assert "came before" in second.reason


def test_a_mailbox_that_is_on_gets_what_also_names_one_that_is_off(post: PostOffice, cast: Cast) -> None:
    Mailbox.objects.create(address="old@desk.example", name="Old", is_enabled=False, created_at=NOON)
    row = post.deliver(mail(to="old@desk.example, support@desk.example"), envelope_to=("old@desk.example",))
    assert (row.mailbox, row.verdict) == (post.mailbox, Verdict.TICKET_OPENED)


@pytest.mark.parametrize("is_on", [True, False])
def test_a_copy_for_a_mailbox_that_is_on_frees_what_waits_for_one_that_is_off(
    post: PostOffice, cast: Cast, *, is_on: bool
) -> None:
    Mailbox.objects.create(address="old@desk.example", name="Old", is_enabled=False, created_at=NOON)
    Mailbox.objects.filter(pk=post.mailbox.pk).update(is_enabled=is_on)
    raw = mail(to="everyone@acme.example")
    first = post.deliver(raw, envelope_to=("old@desk.example",))
    assert first.verdict == Verdict.HELD
    ProcrastinateJob.objects.all().delete()
    copy = post.deliver(raw)
    assert copy.verdict == Verdict.DUPLICATE
    assert ProcrastinateJob.objects.filter(task_name="mail.process_lane").exists() == is_on
    process_mail(first.pk, now=NOON)
    first.refresh_from_db()
    assert first.verdict == (Verdict.TICKET_OPENED if is_on else Verdict.HELD)
    assert post.deliver(raw).verdict == Verdict.DUPLICATE

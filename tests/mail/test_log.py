from datetime import timedelta

import pytest
from django.contrib.postgres.search import SearchQuery
from django.db import connection
from django.test.utils import CaptureQueriesContext

from deskhand.accounts.actions.signing_in import request_sign_in_link
from deskhand.core.paging import CursorNotValid
from deskhand.mail.models import Delivery, DeliveryState, OutboundMail, Verdict
from deskhand.mail.models.outbound import words_of_delivery
from deskhand.mail.queries.deliveries import deliveries_of_ticket
from deskhand.mail.queries.details import inbound_detail, outbound_detail, raw_mail
from deskhand.mail.queries.log import Direction, LogCursor, LogRow, mail_log
from tests.cast import NOON, Cast, act_by
from tests.mail.post_office import PostOffice, mail, work_off


def found(search: str) -> list[tuple[str, str]]:
    return [(row.direction.value, row.subject) for row in mail_log(search=search).rows]


def test_shows_both_ways_newest_first(post: PostOffice, cast: Cast) -> None:
    row = post.deliver(mail(subject="Checkout"), at=NOON)
    assert row.ticket is not None
    cast.staff_reply(row.ticket, at=NOON + timedelta(hours=1))
    work_off(NOON + timedelta(hours=1))
    page = mail_log()
    assert [(one.direction, one.state) for one in page.rows] == [
        (Direction.OUT, DeliveryState.CAPTURED),
        (Direction.IN, Verdict.TICKET_OPENED),
    ]
    assert {one.ticket_number for one in page.rows} == {row.ticket.number}
    assert page.next_cursor is None


@pytest.mark.parametrize("words", ["checkout stalls", "cleo@acme", "cleo@acme.example", "CLARKE", "check"])
def test_finds_by_words_and_addresses(post: PostOffice, words: str) -> None:
    post.deliver(mail(subject="Checkout stalls"))
    post.deliver(mail(subject="Other thing", sender="eve@other.example"))
    assert found(words) == [("in", "Checkout stalls")]


def test_finds_by_message_id_and_ticket_number(post: PostOffice, cast: Cast) -> None:
    row = post.deliver(mail(subject="Checkout"))
    post.deliver(mail(subject="Other"))
    assert row.ticket is not None
    cast.staff_reply(row.ticket)
    sent = OutboundMail.objects.get()
    assert found(row.message_id) == [("in", "Checkout")]
    assert found(sent.message_id) == [("out", sent.subject)]
    assert sorted(found(f"#{row.ticket.number}")) == [("in", "Checkout"), ("out", sent.subject)]
    assert found("'; drop table") == []
    assert found("\x00") != []


def test_pages_without_gaps_or_repeats(post: PostOffice, cast: Cast) -> None:
    ticket = cast.ticket()
    for minute in (0, 0, 1, 1, 2):
        post.deliver(mail(), at=NOON + timedelta(minutes=minute))
        cast.staff_reply(ticket, at=NOON + timedelta(minutes=minute))
    seen: list[LogRow] = []
    cursor: LogCursor | None = None
    while True:
        page = mail_log(after=cursor, limit=3)
        seen += page.rows
        if page.next_cursor is None:
            break
        cursor = LogCursor.parse(str(page.next_cursor))
    assert len(seen) == 10
    assert seen == list(mail_log().rows)


def test_costs_the_same_for_one_mail_and_for_many(post: PostOffice, cast: Cast) -> None:
    ticket = cast.ticket()
    for minute in range(10):
        post.deliver(mail())
        cast.staff_reply(ticket, at=NOON + timedelta(minutes=minute))
    with CaptureQueriesContext(
        connection,
    ) as queries:
        mail_log()
    assert len(queries) == 3


@pytest.mark.parametrize(
    "text", ["", "in.1", "up.1.1", "in.x.1", "in.999999999999999999.1", "in.1.9999999999999999999"]
)
def test_refuses_a_cursor_it_never_gave(text: str) -> None:
    with pytest.raises(CursorNotValid):
        LogCursor.parse(text)


def test_shows_one_mail_in_full(post: PostOffice) -> None:
    raw = mail("Plain.", html="<p onclick='x()'>Rich <script>1</script></p>", files=(("a.txt", "text/plain", b"abc"),))
    row = post.deliver(raw)
    detail = inbound_detail(row.pk)
    assert detail is not None
    assert row.ticket is not None
    assert (detail.text.strip(), detail.html) == ("Plain.", "<p>Rich </p>")
    assert [(one.name, one.size_bytes) for one in detail.files] == [("a.txt", 3)]
    assert (detail.ticket_number, detail.verdict) == (row.ticket.number, Verdict.TICKET_OPENED)
    assert raw_mail(row.pk) == raw
    assert [inbound_detail(0), raw_mail(0), outbound_detail(0)] == [None] * 3


def test_shows_how_far_each_message_came(cast: Cast) -> None:
    ticket = cast.ticket()
    message = cast.staff_reply(ticket)
    states = deliveries_of_ticket(ticket.pk)
    assert [(one.address, one.state) for one in states[message.pk]] == [("cleo@acme.example", DeliveryState.QUEUED)]


def test_hides_a_link_that_was_not_captured(cast: Cast) -> None:
    request_sign_in_link(address="cleo@acme.example", act=act_by(None))
    sent = OutboundMail.objects.get()
    waiting = outbound_detail(sent.pk)
    assert waiting is not None
    assert (waiting.is_hidden, waiting.text, waiting.html) == (True, "", "")
    work_off(NOON)
    captured = outbound_detail(sent.pk)
    assert captured is not None
    assert "/sign-in/link/" in captured.text


@pytest.mark.django_db
def test_the_search_by_what_servers_said_has_an_index() -> None:
    said = Delivery.objects.alias(said=words_of_delivery()).filter(said=SearchQuery("x", config="simple"))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan TO off")
    assert "delivery_words" in said.values("mail").explain()

"""Automatic mail: the acknowledgement and the closed notice, their limits, and two desks answering each other."""

from concurrent.futures import ThreadPoolExecutor, wait
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from allauth.account.models import EmailAddress
from django.db import connection, transaction

from deskhand.accounts.models import User
from deskhand.clients.models import Contact
from deskhand.events import Act, Via
from deskhand.mail.actions.notices import acknowledge
from deskhand.mail.actions.texts import change_mail_settings, save_text
from deskhand.mail.models import Delivery, MailSettings, OutboundKind, OutboundMail, Quote, TextKind
from deskhand.mail.parsing import parse
from deskhand.mail.wire import bytes_of
from deskhand.tickets.actions.conversation import NewMessage
from deskhand.tickets.actions.opening import NewTicket, open_ticket
from deskhand.tickets.actions.status import close_ticket
from deskhand.tickets.bodies import from_text
from deskhand.tickets.models import Message, Source, Ticket
from tests.cast import NOON, Cast, act_by
from tests.mail.post_office import PostOffice, mail

ACKNOWLEDGEMENTS = OutboundMail.objects.filter(kind=OutboundKind.ACKNOWLEDGEMENT)


@pytest.fixture
def post(post: PostOffice) -> PostOffice:
    """Return the way in, with the settings a desk begins with."""
    MailSettings.objects.all().delete()
    return post


def confirm(contact: Contact) -> None:
    EmailAddress.objects.filter(user=contact.user).update(verified=True)


def seen(contact: Contact, at: datetime) -> None:
    User.objects.filter(pk=contact.user_id).update(last_seen_at=at)


def sent() -> OutboundMail:
    return ACKNOWLEDGEMENTS.all().get()


def test_tells_who_opens_a_ticket_by_mail_that_it_arrived(post: PostOffice, cast: Cast) -> None:
    confirm(cast.cleo)
    row = post.deliver(mail(subject="Checkout"))
    assert row.ticket is not None
    number = row.ticket.number
    notice = parse(bytes_of(sent()))
    assert notice.subject == f"We received your message: Checkout [#{number}]"
    assert "Hello Cleo," in notice.text
    assert "/t/" in notice.html
    assert notice.in_reply_to == (row.message_id,)
    assert notice.headers.get("auto-submitted") == "auto-generated"
    assert notice.headers.get("x-auto-response-suppress") == "All"
    assert Delivery.objects.get().envelope_from == ""


def test_tells_an_unconfirmed_address_nothing_that_somebody_wrote(post: PostOffice, cast: Cast) -> None:
    post.deliver(mail(subject="Buy at evil.example", sender="Click evil.example <cleo@acme.example>"))
    notice = bytes_of(sent()).decode()
    assert "evil.example" not in notice
    assert "Cleo" not in notice


def test_an_unconfirmed_address_gets_one_a_day(post: PostOffice, cast: Cast) -> None:
    for hour in range(30):
        post.deliver(mail(f"Mail {hour}"), at=NOON + timedelta(hours=hour))
    moments = list(ACKNOWLEDGEMENTS.order_by("pk").values_list("created_at", flat=True))
    assert moments == [NOON, NOON + timedelta(days=1)]


def test_a_person_gets_one_an_hour_and_ten_a_day(post: PostOffice, cast: Cast) -> None:
    confirm(cast.cleo)
    for half in range(47):
        post.deliver(mail(f"Mail {half}"), at=NOON + timedelta(minutes=30 * half))
        seen(cast.cleo, NOON + timedelta(minutes=30 * half + 1))
    moments = list(ACKNOWLEDGEMENTS.order_by("pk").values_list("created_at", flat=True))
    assert len(moments) == 10
    assert all(later - earlier >= timedelta(hours=1) for earlier, later in pairwise(moments))


def test_only_who_was_in_the_portal_since_is_surely_a_person(post: PostOffice, cast: Cast) -> None:
    confirm(cast.cleo)
    for hour, count in ((0, 1), (2, 1), (4, 2), (6, 2), (28, 3)):
        if hour == 4:
            seen(cast.cleo, NOON + timedelta(hours=3))
        post.deliver(mail(subject=f"{'Another' * hour} matter"), at=NOON + timedelta(hours=hour))
        assert ACKNOWLEDGEMENTS.count() == count


@pytest.mark.django_db(transaction=True)
def test_of_two_tickets_of_one_person_at_once_one_is_acknowledged(post: PostOffice, cast: Cast) -> None:
    first, second = (Message.objects.get(ticket=cast.ticket(subject)).pk for subject in ("One", "Two"))

    def elsewhere() -> OutboundMail | None:
        try:
            return acknowledge(message_id=second, act=act_by(None))
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            assert acknowledge(message_id=first, act=act_by(None)) is not None
            other = pool.submit(elsewhere)
            wait([other], timeout=1)
        assert other.result(20) is None
    assert ACKNOWLEDGEMENTS.count() == 1


def test_a_ticket_is_acknowledged_once(post: PostOffice, cast: Cast) -> None:
    confirm(cast.cleo)
    row = post.deliver()
    assert row.entry is not None
    again = acknowledge(message_id=row.entry.pk, act=Act(actor=None, at=NOON + timedelta(days=5), via=Via.MAIL))
    assert again is None
    assert ACKNOWLEDGEMENTS.count() == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"auto_submitted": "auto-generated"},
        {"precedence": "bulk"},
        {"list_id": "<news.acme.example>"},
        {"x_auto_response_suppress": "All"},
        {"return_path": "<>"},
        {"from": "no-reply@acme.example"},
        {"from": "MAILER-DAEMON@acme.example"},
        {"from": "news-bounces@acme.example"},
    ],
)
def test_no_machine_and_no_list_gets_an_answer(post: PostOffice, fields: dict[str, str]) -> None:
    post.deliver(mail(headers=fields))
    assert not ACKNOWLEDGEMENTS.exists()


def test_mail_with_the_null_path_gets_no_answer(post: PostOffice) -> None:
    post.deliver(mail(), envelope_from="<>")
    assert not ACKNOWLEDGEMENTS.exists()


def test_an_answer_in_a_ticket_is_not_acknowledged(post: PostOffice, cast: Cast) -> None:
    first = post.deliver()
    post.deliver(mail(in_reply_to=first.message_id), at=NOON + timedelta(days=2))
    assert ACKNOWLEDGEMENTS.count() == 1


def test_an_answer_to_the_acknowledgement_joins_the_ticket(post: PostOffice) -> None:
    first = post.deliver()
    second = post.deliver(mail("One more thing.", in_reply_to=sent().message_id), at=NOON + timedelta(hours=2))
    assert second.ticket_id == first.ticket_id


def test_nothing_is_acknowledged_once_it_is_switched_off(post: PostOffice, cast: Cast) -> None:
    change_mail_settings(acknowledges=False, announces_closing=False, quote=Quote.NONE, act=act_by(cast.ada.user))
    post.deliver()
    assert not ACKNOWLEDGEMENTS.exists()


def test_a_form_is_acknowledged_and_the_portal_is_not(cast: Cast) -> None:
    for source, count in ((Source.PORTAL, 0), (Source.FORM, 1)):
        new = NewTicket(subject="Help", requester=cast.cleo, author=cast.cleo.user, source=source)
        open_ticket(ticket=new, first=NewMessage(from_text("Hi")), act=act_by(cast.cleo.user))
        assert ACKNOWLEDGEMENTS.count() == count


def test_the_text_an_admin_wrote_is_used(post: PostOffice, cast: Cast) -> None:
    confirm(cast.cleo)
    save_text(
        kind=TextKind.ACKNOWLEDGEMENT,
        language="en",
        subject="Got it: {subject}",
        body="Dear { name },\n\n<b>{number}</b>",
        act=act_by(cast.ada.user),
    )
    row = post.deliver(mail(subject="{desk} is odd"))
    assert row.ticket is not None
    assert sent().subject == "Got it: {desk} is odd"
    assert f"Dear Cleo,\n\n<b>{row.ticket.number}</b>" in sent().text
    assert "<b>" not in sent().html


def test_closing_is_announced_only_where_the_setting_wants_it(cast: Cast) -> None:
    confirm(cast.cleo)
    for wanted in (False, True):
        change_mail_settings(acknowledges=True, announces_closing=wanted, quote=Quote.NONE, act=act_by(cast.ada.user))
        ticket = cast.ticket("Checkout")
        close_ticket(ticket_id=ticket.pk, act=act_by(cast.ben.user))
        assert OutboundMail.objects.filter(kind=OutboundKind.CLOSED).exists() is wanted
    assert f"Closed: Checkout [#{ticket.number}]" == OutboundMail.objects.get(kind=OutboundKind.CLOSED).subject


def test_a_ticket_closed_twice_a_day_is_told_of_once(cast: Cast) -> None:
    confirm(cast.cleo)
    change_mail_settings(acknowledges=False, announces_closing=True, quote=Quote.NONE, act=act_by(cast.ada.user))
    ticket = cast.ticket("Checkout")
    for hours, count in ((0, 1), (3, 1), (25, 2)):
        close_ticket(ticket_id=ticket.pk, act=act_by(cast.ben.user, at=NOON + timedelta(hours=hours)))
        assert OutboundMail.objects.filter(kind=OutboundKind.CLOSED).count() == count
        cast.client_reply(ticket, "Not yet.", at=NOON + timedelta(hours=hours, minutes=30))


@pytest.mark.parametrize(("by_person", "count"), [(True, 2), (False, 1)])
def test_what_no_person_closed_is_told_of_once_a_day(cast: Cast, count: int, *, by_person: bool) -> None:
    confirm(cast.cleo)
    change_mail_settings(acknowledges=False, announces_closing=True, quote=Quote.NONE, act=act_by(cast.ada.user))
    for hours in (0, 2):
        act = act_by(cast.ben.user if by_person else None, at=NOON + timedelta(hours=hours))
        close_ticket(ticket_id=cast.ticket(f"Matter {hours}").pk, act=act)
    assert OutboundMail.objects.filter(kind=OutboundKind.CLOSED).count() == count


def other_desk(ours: OutboundMail, number: int, *, keeps_headers: bool) -> bytes:
    """The acknowledgement of another desk to ours: a new mail that answers nothing, from its support address."""
    automatic = {"auto_submitted": "auto-replied", "precedence": "auto_reply"} if keeps_headers else {}
    return mail(
        f"Thank you for writing. Your request is number {number}.",
        sender="Support <help@other-desk.example>",
        subject=f"[Case {number}] received",
        headers=automatic,
    )


@pytest.mark.parametrize("keeps_headers", [True, False])
def test_two_desks_answering_each_other_stop(post: PostOffice, *, keeps_headers: bool) -> None:
    """Whatever our desk sends, the other one acknowledges within a minute, for three hours."""
    moment: datetime = NOON
    post.deliver(mail("Hi", sender="Support <help@other-desk.example>"), at=moment)
    answered: set[int] = set()
    for minute in range(180):
        for ours in OutboundMail.objects.exclude(pk__in=answered):
            answered.add(ours.pk)
            post.deliver(other_desk(ours, minute, keeps_headers=keeps_headers), at=NOON + timedelta(minutes=minute))
    assert OutboundMail.objects.count() == 1
    assert Ticket.objects.count() == (1 if keeps_headers else 2)


def test_a_desk_that_writes_every_minute_gets_one_mail_an_hour_at_most(post: PostOffice) -> None:
    for minute in range(0, 180, 3):
        raw = mail(f"Case {minute}", sender="help@other-desk.example", subject=f"Case {minute}")
        post.deliver(raw, at=NOON + timedelta(minutes=minute))
    assert OutboundMail.objects.count() == 1


@pytest.mark.parametrize("is_confirmed", [True, False])
def test_what_came_attached_is_not_sent_to_whoever_stands_in_from(
    post: PostOffice, cast: Cast, *, is_confirmed: bool
) -> None:
    if is_confirmed:
        confirm(cast.cleo)
    row = post.deliver(mail("See file.", files=(("setup.exe", "application/octet-stream", b"MALWARE"),)))
    assert row.entry is not None
    assert row.entry.attachments.count() == 1
    assert not parse(bytes_of(sent())).attachments

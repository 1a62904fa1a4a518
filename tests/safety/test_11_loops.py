"""Security row 11: two desks, auto-responders and lists that answer each other: one automatic mail a day and pair.

A topology is who answers, with what, how late, how many times, and whether their address is a confirmed one. Every
header that could tell a machine is lost, except where a style says so.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import product

import pytest
from allauth.account.models import EmailAddress

from deskhand.clients.actions.people import create_contact
from deskhand.mail.actions.texts import change_mail_settings
from deskhand.mail.message import ParsedMail
from deskhand.mail.models import Delivery, OutboundMail, Quote
from deskhand.mail.parsing import parse
from deskhand.mail.wire import bytes_of
from deskhand.tickets.actions.status import close_ticket
from deskhand.tickets.models import Ticket
from tests.cast import NOON, Cast, act_by
from tests.mail.post_office import PostOffice, mail
from tests.safety.conftest import IS_FULL, Report, sized

ROUNDS = sized(6, 11)
EVERY = timedelta(minutes=125)
DAY = timedelta(days=1)
QUICK = (0, 5, 10)
"""At once and once; late and twice; an unconfirmed address, late."""
LATE = [timedelta(seconds=20), timedelta(minutes=12), timedelta(minutes=61), timedelta(hours=5)]
Answer = Callable[[ParsedMail, str, int, datetime], bytes]


@dataclass(frozen=True)
class Loop:
    """Somebody at `sender` who answers each of our mails `times` times, the first time `late`."""

    sender: str
    late: timedelta
    times: int
    is_confirmed: bool


def new_request(theirs: ParsedMail, sender: str, number: int, at: datetime) -> bytes:
    return mail(f"We got it ({number}).", sender=sender, subject=f"Got it {number}", at=at)


def in_other_words(theirs: ParsedMail, sender: str, number: int, at: datetime) -> bytes:
    words = ("Thanks", "Received", "Your request", "Hello", "We are on it", "Noted", "Soon more")
    return mail("We answer soon.", sender=sender, subject=words[number % len(words)], at=at)


def same_subject(theirs: ParsedMail, sender: str, number: int, at: datetime) -> bytes:
    return mail("On holiday until Monday.", sender=sender, subject="Away", at=at)


def to_reply_address(theirs: ParsedMail, sender: str, number: int, at: datetime) -> bytes:
    to = (theirs.reply_to or theirs.from_)[0].address
    return mail(f"Thanks {number}.", sender=sender, to=to, subject=f"Re: {theirs.subject}", at=at)


def re_our_subject(theirs: ParsedMail, sender: str, number: int, at: datetime) -> bytes:
    bare = theirs.subject.partition(" [#")[0]
    return mail(f"Thanks {number}.", sender=sender, subject=f"Re: {bare}", at=at)


def another_tag_each_time(theirs: ParsedMail, sender: str, number: int, at: datetime) -> bytes:
    return mail("Hi.", sender=sender.replace("@", f"+{number}@"), subject=f"Ticket {number}", at=at)


def list_that_sends_it_round(theirs: ParsedMail, sender: str, number: int, at: datetime) -> bytes:
    return mail(theirs.text, sender=f"Desk via List <{sender}>", subject=f"[all] {theirs.subject}", at=at)


def list_that_says_so(theirs: ParsedMail, sender: str, number: int, at: datetime) -> bytes:
    headers = {"List-Id": "<all.far.example>"}
    return mail("Fwd", sender=sender, subject=f"[all] {number}", at=at, headers=headers)


def marked(theirs: ParsedMail, sender: str, number: int, at: datetime) -> bytes:
    headers = {"Auto-Submitted": "auto-replied", "Precedence": "bulk"}
    return mail("Away.", sender=sender, subject=f"Away {number}", at=at, headers=headers)


STYLES: list[Answer] = [
    new_request, in_other_words, same_subject, to_reply_address, re_our_subject, another_tag_each_time,
    list_that_sends_it_round, list_that_says_so, marked,
]  # fmt: skip
HEADLESS = [new_request, another_tag_each_time, marked, list_that_says_so]


def loops() -> Iterator[Loop]:
    """Eleven to a style, 99 topologies in all; of each style three in the quick form."""
    ways = [(late, times, True) for late, times in product(LATE, (1, 2))] + [(late, 1, False) for late in LATE[:3]]
    for number, (late, times, is_confirmed) in enumerate(ways):
        if IS_FULL or number in QUICK:
            yield Loop(f"desk@far{number}.example", late, times, is_confirmed)


def begin(post: PostOffice, loop: Loop) -> None:
    """Let them write first; our desk acknowledges that."""
    if loop.is_confirmed:
        contact = create_contact(email=loop.sender, name="Far", client=None, act=act_by(None))
        EmailAddress.objects.filter(user=contact.user).update(verified=True)
    post.deliver(mail("Hello", sender=loop.sender, subject="Hello", at=NOON), at=NOON, envelope_from=loop.sender)


def to_pair(sender: str) -> list[datetime]:
    """When automatic mail went to them, whatever tag their address had."""
    domain = sender.partition("@")[2]
    rows = Delivery.objects.filter(mail__is_automatic=True, address__endswith=f"@{domain}")
    return list(rows.order_by("mail__created_at").values_list("mail__created_at", flat=True))


def most_in_a_day(moments: list[datetime]) -> int:
    return max((sum(first <= other < first + DAY for other in moments) for first in moments), default=0)


@pytest.mark.parametrize("answer", STYLES)
def test_a_loop_ends_by_itself(post: PostOffice, report: Report, answer: Answer) -> None:
    count = mails = 0
    for loop in loops():
        begin(post, loop)
        answered: set[int] = set()
        for number in range(ROUNDS):
            to_them = OutboundMail.objects.filter(recipients_line__endswith=loop.sender.partition("@")[2])
            ours = to_them.exclude(pk__in=answered).order_by("id").first()
            if ours is None:
                break  # they have nothing more to answer
            answered.add(ours.pk)
            for again in range(loop.times):
                at = ours.created_at + loop.late * (again + 1)
                raw = answer(parse(bytes_of(ours)), loop.sender, number * loop.times + again, at)
                post.deliver(raw, at=at, envelope_from=loop.sender)
                mails += 1
        assert most_in_a_day(to_pair(loop.sender)) == 1, loop
        assert len(answered) < ROUNDS, loop
        count += 1
    report(f"loops with {answer.__name__.replace('_', ' ')}", count, f"{mails} answers, one automatic mail each")


@pytest.mark.parametrize("is_confirmed", [True, False])
@pytest.mark.parametrize("answer", HEADLESS)
def test_a_machine_that_goes_on_writing_gets_one_mail_a_day(
    post: PostOffice, report: Report, answer: Answer, *, is_confirmed: bool
) -> None:
    loop = Loop("desk@far.example", EVERY, 1, is_confirmed)
    begin(post, loop)
    for number in range(ROUNDS):
        at = NOON + EVERY * (number + 1)
        post.deliver(answer(ParsedMail(), loop.sender, number, at), at=at, envelope_from=loop.sender)
    moments = to_pair(loop.sender)
    assert most_in_a_day(moments) == 1
    report(f"a machine that writes on: {answer.__name__.replace('_', ' ')}", ROUNDS, f"{len(moments)} in a day")


def test_a_ticket_closed_again_and_again_is_told_of_once(post: PostOffice, cast: Cast, report: Report) -> None:
    change_mail_settings(acknowledges=False, announces_closing=True, quote=Quote.NONE, act=act_by(cast.ada.user))
    loop = Loop("desk@far.example", EVERY, 1, is_confirmed=True)
    begin(post, loop)
    ticket = Ticket.objects.get()
    for number in range(ROUNDS):
        at = NOON + EVERY * (number + 1)
        close_ticket(ticket_id=ticket.pk, act=act_by(cast.ben.user, at=at))
        ours = OutboundMail.objects.order_by("id").last()
        assert ours is not None
        raw = to_reply_address(parse(bytes_of(ours)), loop.sender, number, at)
        post.deliver(raw, at=at + timedelta(minutes=1), envelope_from=loop.sender)
    moments = to_pair(loop.sender)
    assert most_in_a_day(moments) == 1
    report("a machine that opens a closed ticket again", ROUNDS, f"{len(moments)} notices in a day")

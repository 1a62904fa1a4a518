"""Security row 11: two desks, auto-responders and lists that answer each other: one automatic mail a day and pair."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from deskhand.mail.message import ParsedMail
from deskhand.mail.models import Delivery, OutboundMail
from deskhand.mail.parsing import parse
from deskhand.mail.wire import bytes_of
from tests.cast import NOON
from tests.mail.post_office import SUPPORT, PostOffice, mail
from tests.safety.conftest import Report

ROUNDS = 30
EVERY = timedelta(minutes=40)
Answer = Callable[[ParsedMail, datetime, int], bytes]


def headless(theirs: ParsedMail, at: datetime, number: int) -> bytes:
    """Answer with everything lost that could tell a machine, to the address the mail was from."""
    return mail(f"We got it ({number}).", sender="desk@far.example", to=SUPPORT, subject=f"Got it {number}", at=at)


def to_reply_address(theirs: ParsedMail, at: datetime, number: int) -> bytes:
    to = (theirs.reply_to or theirs.from_)[0].address
    return mail(f"Thanks {number}.", sender="desk@far.example", to=to, subject=f"Re: {theirs.subject}", at=at)


def another_name_each_time(theirs: ParsedMail, at: datetime, number: int) -> bytes:
    return mail("Hi.", sender=f"desk+{number}@far.example", to=SUPPORT, subject=f"Ticket {number}", at=at)


def marked(theirs: ParsedMail, at: datetime, number: int) -> bytes:
    headers = {"Auto-Submitted": "auto-replied", "Precedence": "bulk"}
    return mail("Away.", sender="desk@far.example", to=SUPPORT, subject=f"Away {number}", at=at, headers=headers)


def a_list(theirs: ParsedMail, at: datetime, number: int) -> bytes:
    headers = {"List-Id": "<all.far.example>"}
    return mail("Fwd", sender="desk@far.example", to=SUPPORT, subject=f"[all] {number}", at=at, headers=headers)


@pytest.mark.parametrize("answer", [headless, to_reply_address, another_name_each_time, marked, a_list])
def test_a_loop_ends_by_itself(post: PostOffice, report: Report, answer: Answer) -> None:
    post.deliver(mail("Hello", sender="desk@far.example", at=NOON), at=NOON, envelope_from="desk@far.example")
    answered: set[int] = set()
    for number in range(ROUNDS):
        at = NOON + EVERY * (number + 1)
        ours = OutboundMail.objects.exclude(pk__in=answered).order_by("id").first()
        if ours is None and answer is to_reply_address:
            break  # it has nothing more to answer
        theirs = parse(bytes_of(ours)) if ours else ParsedMail()
        answered |= {ours.pk} if ours else set()
        post.deliver(answer(theirs, at, number), at=at, envelope_from="desk@far.example")
    sent = Delivery.objects.filter(mail__is_automatic=True).values_list("mail__created_at", flat=True)
    for moment in sent:
        assert sum(moment <= other < moment + timedelta(days=1) for other in sent) <= 1
    report(f"a loop with {answer.__name__.replace('_', ' ')}", ROUNDS, f"{len(sent)} automatic mails in 20 hours")

"""One job takes other mails of its lane along."""

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from deskhand.mail.actions.processing import BATCH, lane_of, process_waiting
from deskhand.mail.actions.receiving import receive
from deskhand.mail.models import Door, InboundMail, Verdict
from deskhand.mail.tasks import process_inbound
from tests.cast import NOON, Cast
from tests.mail.post_office import SUPPORT, mail

CLEO = "cleo@acme.example"


def received(text: str = "Hello.", *, sender: str = CLEO) -> int:
    raw = mail(text, sender=sender, subject=text)
    return receive(raw, door=Door.LMTP, at=NOON, envelope_from=sender, envelope_to=[SUPPORT]).pk


def test_mails_of_one_sender_share_a_lane_and_keep_their_order(cast: Cast) -> None:
    ids = [received(f"Mail {n}") for n in range(3)]
    assert len({lane_of(CLEO, one) for one in ids}) == 1
    assert process_waiting(lane_of(CLEO, 0), now=NOON) == ids
    tickets = [row.ticket for row in InboundMail.objects.order_by("pk").select_related("ticket")]
    assert [one.subject for one in tickets if one] == ["Mail 0", "Mail 1", "Mail 2"]
    assert [one.number for one in tickets if one] == sorted(one.number for one in tickets if one)


def test_mails_of_other_lanes_and_those_tried_before_are_left(cast: Cast) -> None:
    here = lane_of(CLEO, 0)
    other = next(one for one in (f"p{n}@acme.example" for n in range(100)) if lane_of(one, 0) != here)
    tried, elsewhere, here_id = received("a"), received("b", sender=other), received("c")
    InboundMail.objects.filter(pk=tried).update(attempts=1)
    assert process_waiting(here, now=NOON) == [here_id]
    assert set(InboundMail.objects.pending().values_list("pk", flat=True)) == {tried, elsewhere}


def test_one_that_fails_keeps_nobody_from_a_verdict(cast: Cast) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE tickets_message ADD CONSTRAINT broken CHECK (position('break' in text) = 0)")
    first, broken, last = received("one"), received("this will break"), received("two")
    assert process_waiting(lane_of(CLEO, 0), now=NOON) == [first, last]
    row = InboundMail.objects.get(pk=broken)
    assert (row.verdict, row.attempts) == (Verdict.PENDING, 1)


@pytest.mark.django_db(transaction=True)
def test_the_jobs_of_mails_taken_along_are_gone(committed_cast: Cast) -> None:
    ids = [received(f"Mail {n}") for n in range(BATCH + 5)]
    process_inbound(mail_id=ids[0], lane=lane_of(CLEO, 0))
    left = ProcrastinateJob.objects.filter(status="todo", task_name="mail.process_inbound")
    assert {job.args["mail_id"] for job in left} == {ids[0], *ids[BATCH + 1 :]}
    assert InboundMail.objects.pending().count() == 4

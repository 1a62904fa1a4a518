"""One job takes other mails of its lane along."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from deskhand.clients.models import Contact
from deskhand.events.models import Event
from deskhand.mail.actions import lane_work
from deskhand.mail.actions.lane_work import BATCH, TOGETHER, LaneWork, process_waiting
from deskhand.mail.actions.processing import Read, process_mail, read_mails
from deskhand.mail.actions.receiving import receive
from deskhand.mail.actions.spam import list_sender
from deskhand.mail.lanes import lane_of
from deskhand.mail.models import Door, InboundMail, MailSettings, Verdict
from deskhand.mail.tasks import process_inbound, process_lane
from deskhand.sla.models import TicketPolicy
from deskhand.tickets.models import Message, Ticket
from tests.cast import NOON, Cast, act_by
from tests.mail.post_office import SUPPORT, mail

CLEO = "cleo@acme.example"
LANE = lane_of(CLEO, "")


def received(text: str = "Hello.", *, sender: str = CLEO) -> int:
    raw = mail(text, sender=sender, subject=text)
    return receive(raw, door=Door.LMTP, at=NOON, envelope_from=sender, envelope_to=[SUPPORT]).pk


def test_mails_of_one_sender_share_a_lane_and_keep_their_order(cast: Cast) -> None:
    ids = [received(f"Mail {n}") for n in range(3)]
    assert process_waiting(LANE, now=NOON) == LaneWork(ids, [], is_more=False)
    tickets = [row.ticket for row in InboundMail.objects.order_by("pk").select_related("ticket")]
    assert [one.subject for one in tickets if one] == ["Mail 0", "Mail 1", "Mail 2"]
    assert [one.number for one in tickets if one] == sorted(one.number for one in tickets if one)


def test_mails_of_other_lanes_are_left_and_those_tried_before_want_jobs_of_their_own(cast: Cast) -> None:
    here = LANE
    other = next(one for one in (f"p{n}@acme.example" for n in range(100)) if lane_of(one, "") != here)
    tried, elsewhere, here_id = received("a"), received("b", sender=other), received("c")
    InboundMail.objects.filter(pk=tried).update(attempts=1)
    assert process_waiting(here, now=NOON) == LaneWork([here_id], [tried], is_more=False)
    assert set(InboundMail.objects.pending().values_list("pk", flat=True)) == {tried, elsewhere}


def test_one_that_fails_keeps_nobody_from_a_verdict(cast: Cast) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE tickets_message ADD CONSTRAINT broken CHECK (position('break' in text) = 0)")
    first, broken, last = received("one"), received("this will break"), received("two")
    assert process_waiting(LANE, now=NOON) == LaneWork([first, last], [broken], is_more=False)
    row = InboundMail.objects.get(pk=broken)
    assert (row.verdict, row.attempts) == (Verdict.PENDING, 1)


@pytest.mark.django_db(transaction=True)
def test_a_lane_has_one_job_and_another_when_more_is_left(committed_cast: Cast) -> None:
    for n in range(BATCH + 5):
        received(f"Mail {n}")
    (job,) = waiting_jobs()
    assert (job.task_name, job.args) == (process_lane.name, {"lane": LANE})
    ProcrastinateJob.objects.all().delete()
    process_lane(lane=LANE)
    assert InboundMail.objects.pending().count() == 5
    assert [(one.task_name, one.args) for one in waiting_jobs()] == [(job.task_name, job.args)]
    ProcrastinateJob.objects.all().delete()
    process_lane(lane=LANE)
    assert not InboundMail.objects.pending().exists()
    assert waiting_jobs() == []


def waiting_jobs() -> list[ProcrastinateJob]:
    return list(ProcrastinateJob.objects.filter(status="todo", task_name__startswith="mail.process"))


@pytest.mark.django_db(transaction=True)
def test_what_fails_or_was_left_by_a_dead_worker_gets_a_job_of_its_own_once(committed_cast: Cast) -> None:
    left, tried = received("left"), received("tried")
    InboundMail.objects.update(attempts=1)
    for _ in range(2):
        ProcrastinateJob.objects.filter(task_name=process_lane.name).delete()
        process_lane(lane=LANE)
    jobs = waiting_jobs()
    assert {job.task_name for job in jobs} == {process_inbound.name}
    assert sorted(job.args["mail_id"] for job in jobs) == [left, tried]
    assert {job.lock for job in jobs} == {f"mail-in-lane:{LANE}"}
    process_inbound(mail_id=left)
    assert set(InboundMail.objects.pending().values_list("pk", flat=True)) == {tried}


@contextmanager
def stumbling_over(table: str, code: str, *writes: int) -> Iterator[None]:
    """Let these writes to a table fail, the first being 1; taking one back does not take its number back."""
    which = ", ".join(map(str, writes))
    with connection.cursor() as cursor:
        cursor.execute("CREATE SEQUENCE writes")
        cursor.execute(
            "CREATE FUNCTION stumble() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF nextval('writes') IN ({which}) THEN RAISE EXCEPTION 'stumbled' USING ERRCODE = '{code}'; END IF; "
            "RETURN NEW; END $$"
        )
        when = "UPDATE OF verdict" if table == "mail_inboundmail" else "INSERT"
        cursor.execute(f"CREATE TRIGGER stumbles BEFORE {when} ON {table} FOR EACH ROW EXECUTE FUNCTION stumble()")
    yield
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER stumbles ON {table}; DROP FUNCTION stumble(); DROP SEQUENCE writes")


STAGES = [
    "tickets_message",
    "tickets_ticket",
    "sla_ticketpolicy",
    "sla_clock",
    "mail_knownmessageid",
    "events_event",
    "mail_inboundmail",
]


@pytest.mark.parametrize("table", STAGES)
@pytest.mark.parametrize("code", ["P0001", "40P01", "53100"], ids=["fault", "deadlock", "disk full"])
def test_what_goes_wrong_once_with_mails_together_is_well_with_each_alone(cast: Cast, table: str, code: str) -> None:
    ids = [received(f"Mail {n}") for n in range(3)]
    with stumbling_over(table, code, 2):
        assert process_waiting(LANE, now=NOON).done == ids
    assert_each_has_one_entry(ids)


@pytest.mark.parametrize("table", STAGES)
def test_a_fault_at_any_stage_loses_and_doubles_nothing(cast: Cast, table: str) -> None:
    ids = [received(f"Mail {n}") for n in range(3)]
    with stumbling_over(table, "P0001", 2, 4):
        work = process_waiting(LANE, now=NOON)
        (left,) = set(ids) - set(work.done)
        assert work.failed == [left]
        process_mail(left, now=NOON)
    assert_each_has_one_entry(ids)


@pytest.mark.parametrize("table", STAGES)
def test_trouble_outside_at_any_stage_leaves_the_rest_for_later(cast: Cast, table: str) -> None:
    ids = [received(f"Mail {n}") for n in range(3)]
    with stumbling_over(table, "53100", 2, 4):  # disk full
        work = process_waiting(LANE, now=NOON)
        assert len(work.done) < len(ids)
        assert (work.done, work.failed) == (ids[: len(work.done)], ids[len(work.done) :])
        assert set(InboundMail.objects.pending().values_list("pk", "attempts")) == {(one, 0) for one in work.failed}
        assert process_waiting(LANE, now=NOON).done == work.failed
    assert_each_has_one_entry(ids)


def test_a_new_sender_whose_making_was_undone_is_made_again(cast: Cast) -> None:
    new = "nia@new.example"
    ids = [received(f"Mail {n}", sender=new) for n in range(3)]
    with stumbling_over("tickets_message", "P0001", 2):
        assert process_waiting(lane_of(new, ""), now=NOON).done == ids
    assert_each_has_one_entry(ids)
    assert Contact.objects.filter(user__email=new).count() == 1


def assert_each_has_one_entry(ids: list[int]) -> None:
    rows = InboundMail.objects.filter(verdict=Verdict.TICKET_OPENED).select_related("ticket", "entry")
    assert {row.pk for row in rows} == set(ids)
    assert {row.entry.submission_key for row in rows if row.entry} == {f"mail:{one}" for one in ids}
    tickets = {row.ticket_id for row in rows if row.ticket_id}
    assert len(tickets) == Ticket.objects.count() == Message.objects.count() == TicketPolicy.objects.count() == len(ids)
    events = Event.objects.filter(subject_kind="ticket", subject_id__in=tickets)
    for kind in ("ticket.opened", "ticket.message_posted"):
        assert {one.subject_id for one in events.filter(kind=kind)} == tickets
        assert events.filter(kind=kind).count() == len(ids)


def test_a_batch_asks_for_its_senders_once(cast: Cast, django_assert_max_num_queries: Any) -> None:
    ids = [received(f"Mail {n}") for n in range(6)]
    with django_assert_max_num_queries(130):
        assert process_waiting(LANE, now=NOON).done == ids


def test_a_new_sender_is_made_once_and_a_listed_one_refused(cast: Cast) -> None:
    list_sender(value="acme.example", act=act_by(cast.ada.user), is_sure=True)
    ids = [received("Spam."), received("More spam.")]
    assert process_waiting(LANE, now=NOON).done == ids
    assert {row.verdict for row in InboundMail.objects.all()} == {Verdict.REJECTED}
    new = "nia@new.example"
    more = [received("First.", sender=new), received("Second.", sender=new)]
    assert process_waiting(lane_of(new, ""), now=NOON).done == more
    assert Contact.objects.filter(user__email=new).count() == 1


def test_what_changes_while_mails_are_read_counts_for_them(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = [received(f"Mail {n}") for n in range(TOGETHER + 2)]
    portions = []

    def read(mail_ids: Sequence[int]) -> list[Read]:
        portions.append(mail_ids)
        if len(portions) == 2:
            list_sender(value="acme.example", act=act_by(cast.ada.user), is_sure=True)
        return read_mails(mail_ids)

    monkeypatch.setattr(lane_work, "read_mails", read)
    assert process_waiting(LANE, now=NOON).done == ids
    verdicts = list(InboundMail.objects.order_by("pk").values_list("verdict", flat=True))
    assert verdicts == [Verdict.TICKET_OPENED] * TOGETHER + [Verdict.REJECTED] * 2


def test_who_joins_by_a_copy_is_known_to_the_next_mail(cast: Cast) -> None:
    MailSettings.objects.update_or_create(pk=1, defaults={"copies_join": True})
    colleague = next(who for who in (f"c{n}@acme.example" for n in range(999)) if lane_of(who, "") == LANE)
    raws = [
        mail(message_id="<first@acme.example>", cc=colleague),
        mail("I am away.", sender=colleague, in_reply_to="<first@acme.example>", auto_submitted="auto-replied"),
    ]
    for raw in raws:
        receive(raw, door=Door.LMTP, at=NOON, envelope_from=CLEO, envelope_to=[SUPPORT])
    process_waiting(LANE, now=NOON)
    first, second = InboundMail.objects.order_by("pk")
    assert (first.verdict, second.verdict) == (Verdict.TICKET_OPENED, Verdict.AUTO_REPLY)
    assert second.entry is not None
    assert second.ticket_id == first.ticket_id

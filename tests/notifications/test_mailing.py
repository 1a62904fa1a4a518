"""What goes out by mail: what, to whom, once, and where an answer goes."""

import random
from datetime import timedelta

import pytest
from django.db import transaction
from django.test import override_settings
from procrastinate.contrib.django.models import ProcrastinateJob

from deskhand.accounts.models import Agent
from deskhand.mail.actions.sending import deliver
from deskhand.mail.addresses import read_reply_address
from deskhand.mail.entries import ANSWER_MARK
from deskhand.mail.models import (
    Delivery,
    DeliveryState,
    KnownMessageId,
    Mailbox,
    OutboundKind,
    OutboundMail,
    SuppressedAddress,
    Verdict,
)
from deskhand.mail.wire import bytes_of
from deskhand.notifications.actions.mailing import mail_notices, waiting_bundles
from deskhand.notifications.actions.reading import read_ticket
from deskhand.notifications.actions.telling import GATHER, tell
from deskhand.notifications.happenings import Happening
from deskhand.notifications.models import Notification
from deskhand.notifications.tasks import mail_bundle, sweep_notices, tell_agents
from deskhand.notifications.topics import Topic
from deskhand.sla.actions.on_call import set_on_call
from deskhand.tickets.actions.assignment import follow, set_assignees, unfollow
from deskhand.tickets.actions.conversation import NewMessage
from deskhand.tickets.actions.team import post_team_message
from deskhand.tickets.bodies import from_text
from deskhand.tickets.models import Message, Ticket
from deskhand.tickets.models.team import TeamMessage
from tests.cast import NOON, Cast, act_by
from tests.mail.post_office import PostOffice, mail, work_off
from tests.notifications.conftest import LATER, MAILED_AT, Crier, assign

PROOF = "mx.desk.example; dmarc=pass header.from=desk.example"
trusting = override_settings(MAIL_AUTHSERV_IDS=["mx.desk.example"])
CANARY = "kanarienvogel"


def team_note(cast: Cast, ticket: Ticket, text: str = CANARY) -> TeamMessage:
    """Write to the team as Ada."""
    new = NewMessage(from_text(text))
    return post_team_message(ticket_id=ticket.pk, agent=cast.ada, new=new, act=act_by(cast.ada.user))


@pytest.fixture
def bens(cast: Cast, crier: Crier) -> Ticket:
    """Return a ticket that is Ben's, of which nothing waits to be told."""
    ticket = cast.ticket()
    assign(cast, ticket, [cast.ben])
    crier.skip()
    return ticket


def test_a_clients_message_comes_whole_with_the_way_to_the_ticket(cast: Cast, crier: Crier, bens: Ticket) -> None:
    cast.client_reply(bens, "It spins <again>.\n\nStill.")
    sent = crier.tell_and_mail()
    assert [one.recipients_line for one in sent] == ["ben@desk.example"]
    assert sent[0].subject == f"Cleo Clarke wrote: The checkout stalls [#{bens.number}]"
    assert "It spins <again>.\n\nStill." in sent[0].text
    assert "It spins &lt;again&gt;." in sent[0].html
    assert f"/workspace/tickets/{bens.number}" in sent[0].text
    assert f"{ANSWER_MARK} It goes to Cleo Clarke, the client." in sent[0].text
    token = read_reply_address(sent[0].reply_to)
    assert token is not None
    assert (token.agent_id, token.is_for_team) == (cast.ben.pk, False)


def test_a_notice_is_automatic_mail_and_no_part_of_the_conversation(cast: Cast, crier: Crier, bens: Ticket) -> None:
    cast.client_reply(bens)
    (sent,) = crier.tell_and_mail()
    raw = bytes_of(sent).decode()
    for field in ("Auto-Submitted: auto-generated", "X-Auto-Response-Suppress: All", f"Reply-To: {sent.reply_to}"):
        assert field in raw
    assert Delivery.objects.get(mail=sent).envelope_from == ""
    assert not KnownMessageId.objects.filter(message_id=sent.message_id).exists()


def test_a_notice_is_from_a_mailbox(cast: Cast, crier: Crier, bens: Ticket) -> None:
    box = Mailbox.objects.get()
    cast.client_reply(bens)
    (sent,) = crier.tell_and_mail()
    assert (sent.mailbox, sent.from_address) == (box, box.address)


def test_what_happens_within_two_minutes_is_one_mail(cast: Cast, crier: Crier, bens: Ticket) -> None:
    cast.client_reply(bens, "First.")
    crier.tell(at=LATER)
    cast.client_reply(bens, "Second.")
    crier.tell(at=LATER + timedelta(minutes=1))
    assert crier.mail(at=LATER + timedelta(minutes=1, seconds=59)) == []
    (sent,) = crier.mail(at=LATER + GATHER)
    assert sent.subject.startswith("2 news: ")
    assert sent.text.index("First.") < sent.text.index("Second.")
    assert crier.mail(at=LATER + timedelta(days=1)) == []


def test_two_tickets_are_two_mails(cast: Cast, crier: Crier, bens: Ticket) -> None:
    other = cast.ticket("Another")
    assign(cast, other, [cast.ben])
    cast.client_reply(bens)
    assert sorted(one.ticket_id or 0 for one in crier.tell_and_mail()) == sorted([bens.pk, other.pk])


def test_a_mixture_is_answered_to_the_team_alone(cast: Cast, crier: Crier, bens: Ticket) -> None:
    cast.client_reply(bens)
    team_note(cast, bens)
    (sent,) = crier.tell_and_mail()
    token = read_reply_address(sent.reply_to)
    assert token is not None
    assert token.is_for_team
    assert f"{ANSWER_MARK} It stays with your team." in sent.text


def test_what_was_read_meanwhile_is_not_mailed(cast: Cast, crier: Crier, bens: Ticket) -> None:
    cast.client_reply(bens)
    crier.tell()
    read_ticket(agent=cast.ben, ticket_id=bens.pk, act=act_by(cast.ben.user, at=LATER))
    assert crier.mail() == []
    assert Notification.objects.to_mail().count() == 0


def test_an_alert_on_call_is_mailed_at_once_even_when_read(cast: Cast, crier: Crier, bens: Ticket) -> None:
    happening = Happening(
        topic=Topic.ON_CALL, ticket_id=bens.pk, at=NOON, agent_ids=(cast.ben.pk,), figures={"count": 2}
    )
    tell(happening, now=LATER)
    read_ticket(agent=cast.ben, ticket_id=bens.pk, act=act_by(cast.ben.user, at=LATER))
    (sent,) = crier.mail(at=LATER)
    assert sent.subject.startswith("Business critical, alert 2: ")
    assert f"/workspace/tickets/{bens.number}/on-call" in sent.text


def test_urgent_notices_do_not_wait_for_the_sweep(cast: Cast, crier: Crier, bens: Ticket) -> None:
    set_on_call(agent_ids=[cast.ben.pk], repeat_minutes=10, act=act_by(cast.ada.user))
    happening = Happening(
        topic=Topic.ON_CALL, ticket_id=bens.pk, at=NOON, agent_ids=(cast.ben.pk,), figures={"count": 1}
    )
    tell_agents(**happening.as_arguments())
    job = ProcrastinateJob.objects.get(task_name="notifications.mail")
    mail_bundle(**job.args)
    mail_bundle(**job.args)
    assert OutboundMail.objects.filter(kind=OutboundKind.STAFF_NOTICE).count() == 1


def test_the_sweep_defers_each_bundle_once(cast: Cast, crier: Crier, bens: Ticket) -> None:
    cast.client_reply(bens)
    crier.tell()
    for _ in range(2):
        sweep_notices(timestamp=int(MAILED_AT.timestamp()) + 1)
    assert ProcrastinateJob.objects.filter(task_name="notifications.mail").count() == 1


class WorkerKilled(Exception):
    """The worker died before its transaction ended."""


@transaction.atomic
def mail_and_die(agent: Agent, ticket: Ticket) -> None:
    """Mail what waits, in a worker that is killed before it commits."""
    mail_notices(agent_id=agent.pk, ticket_id=ticket.pk, plan_id=None, now=MAILED_AT)
    raise WorkerKilled


def test_a_worker_killed_in_between_leaves_one_mail_to_send(cast: Cast, crier: Crier, bens: Ticket) -> None:
    cast.client_reply(bens)
    crier.tell()
    with pytest.raises(WorkerKilled):
        mail_and_die(cast.ben, bens)
    assert waiting_bundles(now=MAILED_AT) == [(cast.ben.pk, bens.pk, None)]
    assert mail_notices(agent_id=cast.ben.pk, ticket_id=bens.pk, plan_id=None, now=MAILED_AT) is not None
    assert mail_notices(agent_id=cast.ben.pk, ticket_id=bens.pk, plan_id=None, now=MAILED_AT) is None
    assert OutboundMail.objects.filter(kind=OutboundKind.STAFF_NOTICE).count() == 1


def test_who_may_not_see_the_ticket_any_more_gets_nothing(cast: Cast, crier: Crier) -> None:
    ticket = cast.ticket()
    assign(cast, ticket, [cast.kit])
    team_note(cast, ticket)
    crier.tell()
    assign(cast, ticket, [])
    assert crier.mail() == []
    assert Notification.objects.to_mail().count() == 0


def test_an_agent_without_working_mail_still_sees_it_under_the_bell(cast: Cast, crier: Crier, bens: Ticket) -> None:
    SuppressedAddress.objects.create(address="ben@desk.example", reason="550", added_at=NOON)
    cast.client_reply(bens)
    (sent,) = crier.tell_and_mail()
    assert sent.deliveries.get().state == DeliveryState.SUPPRESSED
    assert Notification.objects.shown_to(cast.ben).unread().count() == 1


def answer_to(notice: OutboundMail, text: str, *, proof: str = PROOF) -> bytes:
    """Return what Ben's mail program sends when he answers a notice."""
    quoted = "\n".join(f"> {line}" for line in notice.text.split("\n"))
    return mail(
        f"{text}\n\nOn Wed, 18 Nov 2026 at 15:02, {notice.from_name} <{notice.from_address}> wrote:\n\n{quoted}\n",
        sender="Ben <ben@desk.example>",
        to=notice.reply_to,
        subject=f"Re: {notice.subject}",
        in_reply_to=notice.message_id,
        authentication_results=proof,
    )


@pytest.fixture
def office(crier: Crier) -> PostOffice:
    """Return the way in."""
    return PostOffice(Mailbox.objects.get())


@trusting
def test_answering_a_clients_message_by_mail_answers_the_client(
    cast: Cast, crier: Crier, bens: Ticket, office: PostOffice
) -> None:
    cast.client_reply(bens, "Is it mended?")
    (notice,) = crier.tell_and_mail()
    row = office.deliver(answer_to(notice, "Yes, since noon."), at=MAILED_AT)
    assert row.verdict == Verdict.ENTRY_ADDED
    reply = OutboundMail.objects.get(kind=OutboundKind.REPLY)
    assert [one.address for one in reply.deliveries.all()] == ["cleo@acme.example"]
    assert "Yes, since noon." in reply.text
    assert row.entry is not None
    for text in (reply.text, reply.html, row.entry.html, row.entry.quoted_html):
        assert ANSWER_MARK not in text
        assert "workspace" not in text
        assert f"-a{cast.ben.pk}-" not in text


@trusting
def test_answering_a_team_message_by_mail_stays_with_the_team(
    cast: Cast, crier: Crier, bens: Ticket, office: PostOffice
) -> None:
    team_note(cast, bens)
    (notice,) = crier.tell_and_mail()
    row = office.deliver(answer_to(notice, "They never pay."), at=MAILED_AT)
    assert row.verdict == Verdict.TEAM_MESSAGE
    assert TeamMessage.objects.order_by("-pk")[0].text == "They never pay."
    assert not OutboundMail.objects.filter(kind=OutboundKind.REPLY).exists()
    assert bens.messages.count() == 1


@trusting
def test_an_answer_that_is_not_proven_is_not_sent(cast: Cast, crier: Crier, bens: Ticket, office: PostOffice) -> None:
    cast.client_reply(bens)
    (notice,) = crier.tell_and_mail()
    row = office.deliver(answer_to(notice, "Give me your password.", proof=""), at=MAILED_AT)
    assert row.verdict == Verdict.HELD
    assert not OutboundMail.objects.filter(kind=OutboundKind.REPLY).exists()


@pytest.mark.parametrize("seed", range(6))
@override_settings(MAIL_DELIVERY="capture")
def test_no_contact_ever_gets_a_word_of_the_team(cast: Cast, crier: Crier, seed: int) -> None:
    chance = random.Random(seed)
    tickets = [cast.ticket(), cast.opened_by(cast.eve)]
    agents: list[Agent] = [cast.ada, cast.ben, cast.kit]
    now = LATER
    for _ in range(30):
        ticket, agent = chance.choice(tickets), chance.choice(agents)
        now += timedelta(seconds=chance.choice([5, 60, 300]))
        by_ada = act_by(cast.ada.user, at=now)
        match chance.randrange(7):
            case 0:
                set_assignees(ticket_id=ticket.pk, agents=chance.sample(agents, chance.randrange(3)), act=by_ada)
            case 1:
                follow(ticket_id=ticket.pk, agent=agent, act=by_ada)
            case 2:
                unfollow(ticket_id=ticket.pk, agent=agent, act=by_ada)
            case 3:
                team_note(cast, ticket)
            case 4:
                cast.staff_reply(ticket, at=now)
            case 5:
                crier.tell(at=now)
            case _:
                crier.mail(at=now)
                for delivery in Delivery.objects.filter(state=DeliveryState.QUEUED):
                    deliver(delivery.pk, clock=lambda: MAILED_AT + timedelta(days=1))
    crier.tell(at=now)
    crier.mail(at=now + GATHER)
    work_off(now + timedelta(days=1))
    staff = {agent.user.email for agent in agents}
    with_word = Delivery.objects.filter(mail__text__contains=CANARY)
    assert {one.address for one in with_word} <= staff
    assert not any(CANARY in text for text in Message.objects.values_list("text", flat=True))
    for delivery in with_word.filter(state=DeliveryState.CAPTURED).select_related("mail__reader"):
        assert delivery.mail.reader is not None
        assert delivery.address == delivery.mail.reader.user.email


def test_the_walk_does_mail_the_teams_words(cast: Cast, crier: Crier, bens: Ticket) -> None:
    team_note(cast, bens)
    (sent,) = crier.tell_and_mail()
    assert CANARY in sent.text

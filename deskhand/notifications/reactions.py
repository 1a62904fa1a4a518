"""What notifications do when something happens elsewhere: each only defers a job that finds out whom it concerns."""

from typing import Any

from deskhand.allowances.events import AllowanceRunningOut, EstimateDecided
from deskhand.events import Act, Fact
from deskhand.mail.events import DeliveryTroubled
from deskhand.notifications.happenings import Happening
from deskhand.notifications.queries.recipients import may_concern_anyone
from deskhand.notifications.tasks import alert_clients, defer_telling
from deskhand.notifications.topics import Topic
from deskhand.sla.events import ClockBreached, ClockWarned, OnCallAlerted
from deskhand.tickets.events import (
    AssigneesChanged,
    MessageAccepted,
    MessageHeld,
    MessagePosted,
    TeamChanged,
    TeamMessagePosted,
    TicketChased,
    TicketOpened,
    TicketRated,
)


def tell_of_new_ticket_later(fact: TicketOpened, act: Act) -> None:
    """Tell who wants to hear of every ticket."""
    _tell(Topic.NEW_TICKET, fact, act, about_id=fact.message_id)


def tell_of_client_message_later(fact: MessagePosted, act: Act) -> None:
    """Tell who is assigned or follows what a client wrote; a machine's answer is none."""
    if fact.is_from_client and not fact.is_auto_reply and not fact.is_opening:
        _tell(Topic.CLIENT_MESSAGE, fact, act, about_id=fact.message_id)


def tell_of_accepted_message_later(fact: MessageAccepted, act: Act) -> None:
    """Tell the others what an agent let in."""
    _tell(Topic.CLIENT_MESSAGE, fact, act, about_id=fact.message_id)


def tell_of_held_message_later(fact: MessageHeld, act: Act) -> None:
    """Tell who can let a message in, which hardly anyone sees before that. Who wrote it is not known for sure."""
    held = Happening(topic=Topic.MESSAGE_HELD, ticket_id=fact.subject_id, at=act.at, about_id=fact.message_id)
    defer_telling(held)


def tell_of_team_message_later(fact: TeamMessagePosted, act: Act) -> None:
    """Tell who is mentioned, and the others who are assigned or follow."""
    about = {"about_id": fact.team_message_id}
    if fact.mentioned_agent_ids:
        _tell(Topic.MENTIONED, fact, act, agent_ids=tuple(fact.mentioned_agent_ids), **about)
    _tell(Topic.TEAM_MESSAGE, fact, act, **about)


def tell_of_assignment_later(fact: AssigneesChanged, act: Act) -> None:
    """Tell who is responsible from now on."""
    if fact.added_ids:
        _tell(Topic.ASSIGNED, fact, act, agent_ids=tuple(fact.added_ids))


def tell_of_team_later(fact: TeamChanged, act: Act) -> None:
    """Tell the team that the ticket is theirs."""
    if fact.new_name:
        _tell(Topic.TEAM_ASSIGNED, fact, act, figures={"team": fact.new_name})


def tell_of_chase_later(fact: TicketChased, act: Act) -> None:
    """Tell the assignees and the account manager that a client asks for an update."""
    _tell(Topic.CHASED, fact, act)


def tell_of_rating_later(fact: TicketRated, act: Act) -> None:
    """Tell the assignees and the account manager how a client rates the ticket."""
    _tell(Topic.RATED, fact, act, figures={"verdict": fact.verdict})


def tell_of_warning_later(fact: ClockWarned, act: Act) -> None:
    """Tell assignees, team and account manager that a promised time comes near."""
    _tell_of_clock(Topic.PROMISE_WARNED, fact, act)


def tell_of_breach_later(fact: ClockBreached, act: Act) -> None:
    """Tell assignees, team and account manager that a promised time was missed."""
    _tell_of_clock(Topic.PROMISE_BREACHED, fact, act)


def tell_on_call_later(fact: OnCallAlerted, act: Act) -> None:
    """Tell the agents on call, at each round of the alert."""
    named, figures = tuple(fact.agent_ids), {"count": fact.count}
    _tell(Topic.ON_CALL, fact, act, agent_ids=named, about_id=fact.alert_id, figures=figures)


def tell_of_mail_trouble_later(fact: DeliveryTroubled, act: Act) -> None:
    """Tell the author of a reply that it did not reach someone."""
    _tell(Topic.MAIL_TROUBLED, fact, act, about_id=fact.delivery_id, figures={"state": fact.state, "name": fact.name})


def tell_of_decision_later(fact: EstimateDecided, act: Act) -> None:
    """Tell who asked for extra work what the client decided."""
    figures = {"decision": fact.decision, "minutes": fact.minutes}
    _tell(Topic.ESTIMATE_DECIDED, fact, act, about_id=fact.estimate_id, figures=figures)


def tell_of_allowance_later(fact: AllowanceRunningOut, act: Act) -> None:
    """Tell the account manager that a month's allowance runs out, whoever logged the time."""
    figures = {
        "percent": max(fact.percents),
        "month": fact.month,
        "used": fact.used_minutes,
        "allowance": fact.allowance_minutes,
    }
    defer_telling(Happening(topic=Topic.ALLOWANCE, plan_id=fact.subject_id, at=act.at, figures=figures))


def alert_contacts_later(fact: AllowanceRunningOut, act: Act) -> None:
    """Tell the client's chosen contacts, once for all thresholds crossed together."""
    alert_clients.defer(
        plan_id=fact.subject_id,
        percent=max(fact.percents),
        used_minutes=fact.used_minutes,
        allowance_minutes=fact.allowance_minutes,
        happened_at=act.at.isoformat(),
    )


def _tell_of_clock(topic: Topic, fact: ClockWarned | ClockBreached, act: Act) -> None:
    figures = {"metric": fact.metric, "due_at": fact.due_at}
    _tell(topic, fact, act, about_id=fact.clock_id, figures=figures)


def _tell(topic: Topic, fact: Fact, act: Act, **more: Any) -> None:
    """Defer telling of what happened to the ticket that the fact is about, unless it surely concerns nobody."""
    happening = Happening.of_ticket(topic, fact.subject_id, act, **more)
    if may_concern_anyone(happening):
        defer_telling(happening)

"""Moving a ticket's clocks when something happens, and counting them by other terms."""

import logging
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from deskhand.core.built import built_once
from deskhand.events import Act, Via
from deskhand.events.recording import record
from deskhand.sla.actions.keeping import keep
from deskhand.sla.clockwork import (
    CLOSED,
    ClientWrote,
    Happening,
    Opened,
    StaffWrote,
    TermsApplied,
    TicketClocks,
    TimePassed,
    after,
)
from deskhand.sla.events import PolicyApplied, Why
from deskhand.sla.models import HoursVersion, PolicyVersion, Recalculation, TicketPolicy
from deskhand.sla.queries.states import NOT_HUMAN, opened_late, replayed_clocks, state_of
from deskhand.sla.queries.versions import current_hours, policy_for, terms_of, versions
from deskhand.sla.working_time import NeverOpen
from deskhand.tickets.actions.locking import locked
from deskhand.tickets.actions.opening import just_opened
from deskhand.tickets.models import Message, Ticket

logger = logging.getLogger(__name__)


@transaction.atomic(savepoint=False)
def start_clocks(*, ticket_id: int, message_id: int, act: Act, is_from_client: bool = False) -> None:
    """Choose the policy of a ticket just opened with a message, keep its version, and start what it promises.

    `is_from_client`: the message is the requester's own, and counts here; staff's is told apart (`advance_clocks`).
    """
    written = [ClientWrote(act.at)] if is_from_client else []
    _start(just_opened(ticket_id), [Opened(act.at, message_id)], written, act=act)


@transaction.atomic(savepoint=False)
def advance_clocks(*, ticket_id: int, happening: Happening, act: Act) -> bool:
    """Do to a ticket's clocks what follows from something that happened. False: it has no policy, and so no clocks."""
    row = _locked_row(ticket_id)
    if row is None:
        return False
    before = state_of(row)
    keep(row, before, _after(ticket_id, before, happening), act=act)
    return True


def advance_or_start(*, ticket_id: int, message_id: int, happening: ClientWrote | StaffWrote, act: Act) -> None:
    """Do what follows from a person's message. In a ticket that was the team's alone the first one starts the clocks.

    A ticket in which people wrote before and that has no policy gets none.
    """
    if advance_clocks(ticket_id=ticket_id, happening=happening, act=act):
        return
    earlier = Message.objects.filter(ticket=ticket_id, is_held=False, is_auto_reply=False).exclude(pk=message_id)
    if earlier.exclude(is_from_client=False, via__in=NOT_HUMAN).exists():
        return
    ticket = Ticket.objects.get(pk=ticket_id)
    begun = [*opened_late(act.at, message_id, ticket.kind), happening]
    _start(ticket, begun, act=act)


@transaction.atomic
def settle_clocks(*, ticket_id: int, act: Act) -> None:
    """Note and record the warnings and breaches that time has brought by now; each is recorded once."""
    locked(ticket_id)
    advance_clocks(ticket_id=ticket_id, happening=TimePassed(act.at), act=act)


@transaction.atomic
def match_policy_again(*, ticket_id: int, act: Act) -> None:
    """Give an open ticket another policy if another one fits it now. The version of one that still fits is kept."""
    ticket = locked(ticket_id)
    row = _locked_row(ticket_id)
    if row is None or row.kind == CLOSED:
        return
    policy = policy_for(ticket, act.at)
    if policy.policy_id != row.policy_version.policy_id:
        _apply(row, policy, current_hours(policy.hours_id), Why.CHANGED, act=act)


@transaction.atomic
def bring_hours_up_to_date(*, ticket_id: int, act: Act) -> None:
    """Count a ticket that was opened again by today's hours; while it was closed, changes passed it by."""
    row = _locked_row(ticket_id)
    if row is not None and row.kind != CLOSED:
        _apply(row, row.policy_version, current_hours(row.policy_version.hours_id), Why.REOPENED, act=act)


@transaction.atomic
def recalculate_ticket(*, ticket_id: int, recalculation_id: int, act: Act) -> None:
    """Count one ticket by today's hours, and after a change of policies by today's policies, and log what moved.

    Closed tickets stay as they are. Running it twice changes nothing more.
    """
    ticket = locked(ticket_id)
    recalculation = Recalculation.objects.get(pk=recalculation_id)
    row = _locked_row(ticket_id)
    if row is None or row.kind == CLOSED:
        return
    policy = row.policy_version if recalculation.hours_version_id else policy_for(ticket, act.at)
    hours = current_hours(policy.hours_id)
    _apply(row, policy, hours, Why.RECALCULATED, act=act, recalculation=recalculation)


@transaction.atomic
def finish_recalculation(*, recalculation_id: int, at: datetime) -> None:
    """Close the log of a recalculation."""
    Recalculation.objects.filter(pk=recalculation_id, finished_at=None).update(finished_at=at)


@transaction.atomic
def rebuild_clocks(*, ticket_id: int, act: Act) -> TicketClocks:
    """Write a ticket's clocks anew from its events alone; what is right already stays as it is. Records nothing."""
    locked(ticket_id)
    state = replayed_clocks(ticket_id, now=act.at)
    row = _locked_row(ticket_id) or TicketPolicy(ticket_id=ticket_id)
    if state.terms is not None:
        row.policy_version_id = state.terms.policy_version_id
        row.hours_version_id = state.terms.hours_version_id
        keep(row, TicketClocks(), state, act=None)
    return state


def _start(ticket: Ticket, before: Iterable[Happening], behind: Iterable[Happening] = (), *, act: Act) -> None:
    """Choose a ticket's policy, and count what happened before that was known, and what behind."""
    policy = policy_for(ticket, act.at)
    hours = current_hours(policy.hours_id)
    row = TicketPolicy(ticket=ticket, policy_version=policy, hours_version=hours)
    state = TicketClocks()
    for happening in [*before, TermsApplied(act.at, terms_of(policy, hours)), *behind]:
        state = _after(ticket.pk, state, happening)
    keep(row, TicketClocks(), state, act=act, is_new=True)
    _record_policy(row, Why.OPENED, act=act)


def _locked_row(ticket_id: int) -> TicketPolicy | None:
    for row in _to_lock(ticket_id):
        row.policy_version, row.hours_version = versions(row.policy_version_id, row.hours_version_id)
        return row
    return None


@built_once
def _to_lock(ticket_id: int) -> QuerySet[TicketPolicy]:
    return TicketPolicy.objects.select_for_update().filter(ticket=ticket_id)


def _after(ticket_id: int, state: TicketClocks, happening: Happening) -> TicketClocks:
    """Return the state after what happened. A calendar without openings stops no ticket: its clocks stay behind."""
    try:
        return after(state, happening)
    except NeverOpen:
        logger.exception("the clocks of ticket %s cannot be counted", ticket_id)
        return state


def _apply(
    row: TicketPolicy,
    policy: PolicyVersion,
    hours: HoursVersion,
    why: Why,
    *,
    act: Act,
    recalculation: Recalculation | None = None,
) -> None:
    if (policy.pk, hours.pk) == (row.policy_version_id, row.hours_version_id):
        return
    before = state_of(row)
    state = _after(row.ticket_id, before, TermsApplied(act.at, terms_of(policy, hours)))
    if state is before:
        return
    row.policy_version, row.hours_version = policy, hours
    keep(row, before, state, act=act, recalculation=recalculation)
    _record_policy(row, why, act=act)


def _record_policy(row: TicketPolicy, why: Why, *, act: Act) -> None:
    fact = PolicyApplied(
        subject_id=row.ticket_id,
        policy_version_id=row.policy_version_id,
        hours_version_id=row.hours_version_id,
        policy_name=row.policy_version.name,
        why=why,
    )
    # The desk chooses policies; whoever opened the ticket or changed its priority does not.
    record(fact, act=Act(actor=None, at=act.at, via=Via.SYSTEM))

"""Asking the client to approve extra work, and their answer."""

from django.db import transaction

from deskhand.accounts.models import Agent
from deskhand.allowances.events import EstimateAsked, EstimateDecided, EstimateWithdrawn
from deskhand.allowances.models import Decision, Estimate
from deskhand.clients.models import Contact
from deskhand.core.text import one_line
from deskhand.events import Act
from deskhand.events.recording import record
from deskhand.tickets.models import Ticket


class EstimateNotValid(ValueError):
    """The estimate cannot be asked like this; the message says what to do."""


class EstimateAlreadyDecided(Exception):
    """The estimate was decided otherwise before; `estimate` says how."""

    def __init__(self, estimate: Estimate) -> None:
        super().__init__(f"This was already {estimate.get_decision_display().lower()}.")
        self.estimate = estimate


@transaction.atomic
def ask_approval(*, ticket_id: int, agent: Agent, minutes: int, description: str, act: Act) -> Estimate:
    """Put extra work before the client. Raises EstimateNotValid, also while another one waits."""
    ticket = Ticket.objects.select_for_update(of=("self",)).get(pk=ticket_id)
    if minutes < 1 or not one_line(description):
        raise EstimateNotValid("Enter the extra minutes, and in a few words what they are for.")
    if Estimate.objects.filter(ticket=ticket, decision=Decision.WAITING).exists():
        raise EstimateNotValid("Another estimate still waits for the client. Withdraw it first.")
    estimate = Estimate.objects.create(
        ticket=ticket,
        minutes=minutes,
        description=one_line(description)[:500],
        asked_at=act.at,
        asked_by=agent.user,
    )
    record(EstimateAsked(subject_id=ticket.pk, estimate_id=estimate.pk, minutes=minutes), act=act)
    return estimate


@transaction.atomic
def decide(*, estimate_id: int, contact: Contact, approve: bool, act: Act) -> Estimate:
    """Take the client's answer. The same answer again changes nothing; another one raises EstimateAlreadyDecided."""
    estimate = Estimate.objects.select_for_update().get(pk=estimate_id)
    decision = Decision.APPROVED if approve else Decision.DECLINED
    if estimate.decision == decision:
        return estimate
    if estimate.decision != Decision.WAITING:
        raise EstimateAlreadyDecided(estimate)
    estimate.decision, estimate.decided_at, estimate.decided_by = decision, act.at, contact
    estimate.save(update_fields=["decision", "decided_at", "decided_by"])
    fact = EstimateDecided(
        subject_id=estimate.ticket_id, estimate_id=estimate.pk, minutes=estimate.minutes, decision=decision
    )
    record(fact, act=act)
    return estimate


@transaction.atomic
def withdraw(*, estimate_id: int, act: Act) -> None:
    """Take a waiting estimate back; one that was decided stays."""
    estimate = Estimate.objects.select_for_update().get(pk=estimate_id)
    if estimate.decision != Decision.WAITING:
        return
    estimate.decision = Decision.WITHDRAWN
    estimate.save(update_fields=["decision"])
    fact = EstimateWithdrawn(subject_id=estimate.ticket_id, estimate_id=estimate.pk, minutes=estimate.minutes)
    record(fact, act=act)

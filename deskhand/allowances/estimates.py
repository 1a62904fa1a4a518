"""What approving extra work would mean for the allowance, and who of the client may decide."""

from dataclasses import dataclass
from datetime import date

from deskhand.allowances.books import settled
from deskhand.allowances.models import Estimate, Plan
from deskhand.allowances.months import month_of
from deskhand.clients.models import Contact
from deskhand.tickets.models import Ticket


@dataclass(frozen=True)
class Outlook:
    """The month of a plan before and after extra work; minutes, none below 0."""

    allowance: int
    left: int
    left_after: int
    over_after: int


def outlook_of(estimate: Estimate, *, today: date) -> Outlook | None:
    """Return what is left and what the work would leave, on the plan that time on the ticket is charged to.

    None where no plan runs, or one without a limit. Two queries.
    """
    plan = Plan.objects.paying_for(estimate.ticket, today)
    if plan is None or plan.is_unlimited:
        return None
    month = settled([plan], until=today)[plan.pk].month(month_of(today))
    after = month.left - month.overage - estimate.minutes
    return Outlook(allowance=month.allowance, left=month.left, left_after=max(0, after), over_after=max(0, -after))


def may_decide(contact: Contact, ticket: Ticket) -> bool:
    """Return whether the contact decides about extra work: on tickets of their own client, if they see its figures."""
    is_own = ticket.client_id is not None and ticket.client_id == contact.client_id
    return is_own and contact.sees_maintenance and contact.user.is_active


def deciders_of(ticket: Ticket) -> list[Contact]:
    """Return who of the client may decide about extra work on a ticket they see, by name."""
    if ticket.client_id is None:
        return []
    people = Contact.objects.with_people().filter(
        client=ticket.client_id, sees_maintenance=True, user__is_active=True, user__agent=None
    )
    return [
        person
        for person in people.order_by("user__name", "pk")
        if Ticket.objects.visible_to(person).filter(pk=ticket.pk).exists()
    ]

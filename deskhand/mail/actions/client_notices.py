"""Mail to contacts that other parts of the desk ask for: extra work to approve, an allowance running out."""

from collections.abc import Mapping
from datetime import date

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from deskhand.allowances.estimates import deciders_of, outlook_of
from deskhand.allowances.models import Decision, Estimate, Plan
from deskhand.clients.models import Contact
from deskhand.events import Act
from deskhand.mail.actions.queueing import put_in_outbox
from deskhand.mail.models import OutboundKind, OutboundMail, TextKind
from deskhand.mail.notices import compose_approval, compose_notice, letter_for, person_values
from deskhand.mail.texts import language_for, words_in
from deskhand.tickets.models import Ticket, Unfollowed

_KINDS: Mapping[TextKind, OutboundKind] = {
    TextKind.ALLOWANCE_ALERT: OutboundKind.ALLOWANCE_ALERT,
    TextKind.APPROVAL: OutboundKind.APPROVAL,
    TextKind.CLOSED: OutboundKind.CLOSED,
}


@transaction.atomic
def queue_notice(
    kind: TextKind, contact: Contact, values: Mapping[str, str], *, act: Act, ticket: Ticket | None = None
) -> OutboundMail | None:
    """Put an automatic mail to one contact into the outbox, in their language, from the text of the settings.

    `values`: the text's variables (mail/texts.py VARIABLES) but for name and desk, which are known here. None for
    someone who may not sign in. The caller sees to it that nothing is sent twice.
    """
    if not contact.user.is_active:
        return None
    letter = letter_for(kind, contact, person_values(contact) | dict(values))
    return _queue(compose_notice(_KINDS[kind], letter, contact, ticket=ticket, at=act.at), act=act)


@transaction.atomic
def queue_allowance_alert(
    *, contact: Contact, plan: Plan, percent: int, used_minutes: int, allowance_minutes: int, act: Act
) -> OutboundMail | None:
    """Tell a contact that a plan's month runs out; one mail for the highest threshold crossed."""
    words = words_in(language_for(contact))
    values = {
        "client": plan.client.name,
        "plan": plan.name,
        "percent": str(percent),
        "used": words.length(used_minutes),
        "allowance": words.length(allowance_minutes),
        "left": words.length(max(0, allowance_minutes - used_minutes)),
        "address": settings.PORTAL_URL + reverse("portal:maintenance"),
    }
    return queue_notice(TextKind.ALLOWANCE_ALERT, contact, values, act=act)


@transaction.atomic
def ask_to_approve(*, estimate_id: int, today: date, act: Act) -> list[OutboundMail]:
    """Send everyone who may decide about extra work the question, each with a link of their own.

    Left out is who gets no mail about the ticket: they find the question in the portal. Once an estimate.
    """
    estimate = Estimate.objects.select_related("ticket__client", "asked_by").get(pk=estimate_id)
    if estimate.decision != Decision.WAITING:
        return []
    ticket = estimate.ticket
    without = set(Unfollowed.objects.filter(ticket=ticket).values_list("contact_id", flat=True))
    outlook = outlook_of(estimate, today=today)
    return [
        _queue(compose_approval(estimate, person, outlook, at=act.at), act=act)
        for person in deciders_of(ticket)
        if person.gets_ticket_mail and person.pk not in without
    ]


def _queue(mail: OutboundMail, *, act: Act) -> OutboundMail:
    mail.save(force_insert=True)
    put_in_outbox(mail, [mail.recipients_line], act=act)
    return mail

"""Telling a client's chosen contacts that an allowance runs out: the figures alone, once each time."""

from datetime import datetime

from django.db import transaction

from deskhand.allowances.models import Plan
from deskhand.clients.models import Contact
from deskhand.events import Act, Via
from deskhand.mail.actions.client_notices import queue_allowance_alert
from deskhand.notifications.models import AlertContact, ClientAlert


@transaction.atomic
def alert_contacts(
    *, plan_id: int, percent: int, used_minutes: int, allowance_minutes: int, happened_at: datetime, now: datetime
) -> None:
    """Mail every chosen contact who may see maintenance figures and gets mail; alerting twice changes nothing."""
    plan = Plan.objects.select_for_update(of=("self",)).select_related("client").get(pk=plan_id)
    told = set(ClientAlert.objects.filter(plan=plan, happened_at=happened_at).values_list("contact_id", flat=True))
    for contact in _chosen(plan):
        if contact.pk in told:
            continue
        mail = queue_allowance_alert(
            contact=contact,
            plan=plan,
            percent=percent,
            used_minutes=used_minutes,
            allowance_minutes=allowance_minutes,
            act=Act(actor=None, at=now, via=Via.SYSTEM),
        )
        if mail is not None:
            ClientAlert.objects.create(plan=plan, contact=contact, happened_at=happened_at, mail=mail)


def _chosen(plan: Plan) -> list[Contact]:
    people = Contact.objects.filter(pk__in=AlertContact.objects.values("contact"), client=plan.client_id)
    return list(people.filter(sees_maintenance=True, gets_ticket_mail=True, user__is_active=True).with_people())

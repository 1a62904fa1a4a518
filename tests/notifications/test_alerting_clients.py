"""Who of a client is told that its allowance runs out."""

from datetime import timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from deskhand.clients.models import Contact
from deskhand.events.models import Event
from deskhand.mail.models import Delivery, OutboundKind, OutboundMail
from deskhand.notifications.actions.alerting_clients import alert_contacts
from deskhand.notifications.actions.choosing import choose_alert_contacts
from deskhand.notifications.models import AlertContact
from deskhand.notifications.tasks import alert_clients
from deskhand.notifications.topics import Topic
from tests.cast import NOON, Cast, act_by
from tests.notifications.conftest import Crier, told
from tests.workspace.maintenance import maintained, worked


def choose(cast: Cast, *contacts: Contact) -> None:
    """Choose contacts of Acme, as Ada."""
    ids = [contact.pk for contact in contacts]
    choose_alert_contacts(client=cast.acme, contact_ids=ids, act=act_by(cast.ada.user))


def alerted(cast: Cast) -> list[str]:
    """Alert Acme's contacts twice; returns the addresses that were mailed."""
    plan = maintained(cast)
    for minute in range(2):
        alert_contacts(
            plan_id=plan.pk, percent=95, used_minutes=456, allowance_minutes=480, happened_at=NOON,
            now=NOON + timedelta(minutes=minute),
        )  # fmt: skip
    rows = Delivery.objects.filter(mail__kind=OutboundKind.ALLOWANCE_ALERT).order_by("address")
    return list(rows.values_list("address", flat=True))


def test_those_chosen_are_told_once(cast: Cast, crier: Crier) -> None:
    choose(cast, cast.cleo)
    assert alerted(cast) == ["cleo@acme.example"]


def test_nobody_is_told_unasked(cast: Cast, crier: Crier) -> None:
    assert alerted(cast) == []


@pytest.mark.parametrize("field", ["sees_maintenance", "gets_ticket_mail"])
def test_who_may_see_no_figures_or_gets_no_mail_is_left_out(cast: Cast, crier: Crier, field: str) -> None:
    choose(cast, cast.cleo, cast.dev)
    Contact.objects.filter(pk=cast.cleo.pk).update(**{field: False})
    assert alerted(cast) == ["dev@acme.example"]


def test_another_clients_people_cannot_be_chosen(cast: Cast, crier: Crier) -> None:
    choose(cast, cast.cleo, cast.eve)
    assert list(AlertContact.objects.values_list("contact", flat=True)) == [cast.cleo.pk]
    choose(cast)
    assert not AlertContact.objects.exists()
    event = Event.objects.filter(kind="allowance.alert_contacts_changed").latest("id")
    assert event.data == {"added_names": [], "removed_names": ["Cleo Clarke"]}


def test_several_thresholds_at_once_are_one_mail_each(cast: Cast, crier: Crier) -> None:
    choose(cast, cast.cleo)
    maintained(cast)
    ticket = cast.ticket()
    crier.skip()
    worked(cast, ticket, 470, agent=cast.ada)
    crier.tell()
    assert told(cast.ben) == [Topic.ALLOWANCE]  # the account manager
    assert told(cast.ada) == []
    job = ProcrastinateJob.objects.get(task_name="notifications.alert_contacts")
    for _ in range(2):
        alert_clients(**job.args)
    mail = OutboundMail.objects.get(kind=OutboundKind.ALLOWANCE_ALERT)
    assert "95" in mail.subject + mail.text
    (notice,) = crier.mail()
    assert (notice.recipients_line, notice.reply_to) == ("ben@desk.example", "")
    assert notice.subject.startswith("Acme: 95 % of the allowance")

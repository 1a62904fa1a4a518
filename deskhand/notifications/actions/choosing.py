"""What an agent wants to hear, and which contacts are told of allowances that run out."""

from collections.abc import Collection, Mapping

from django.db import transaction

from deskhand.accounts.models import Agent
from deskhand.clients.models import Client, Contact
from deskhand.core.changes import joining_and_leaving
from deskhand.events import Act
from deskhand.events.recording import record
from deskhand.notifications.events import AlertContactsChanged
from deskhand.notifications.models import AlertContact, Choice
from deskhand.notifications.topics import URGENT, Channels, Topic, default_of, topics_of


@transaction.atomic
def choose(*, agent: Agent, wanted: Mapping[Topic, Channels]) -> None:
    """Keep what an agent chose. What equals the role's default is not kept, so that it follows the role."""
    for topic in topics_of(agent.role):
        channels = wanted.get(topic)
        if channels is None or topic in URGENT:
            continue
        if channels == default_of(agent.role, topic):
            Choice.objects.filter(agent=agent, topic=topic).delete()
        else:
            values = {"in_app": channels.in_app, "by_mail": channels.by_mail}
            Choice.objects.update_or_create(agent=agent, topic=topic, defaults=values)


@transaction.atomic
def choose_alert_contacts(*, client: Client, contact_ids: Collection[int], act: Act) -> None:
    """Make exactly these contacts of a client those who are told; anyone else's contacts are left out."""
    Client.objects.select_for_update().get(pk=client.pk)
    chosen = AlertContact.objects.filter(contact__client=client).select_related("contact__user")
    wanted = Contact.objects.filter(client=client, pk__in=contact_ids).select_related("user")
    added, removed = joining_and_leaving(wanted, [row.contact for row in chosen])
    if not added and not removed:
        return
    AlertContact.objects.bulk_create(AlertContact(contact=contact, chosen_at=act.at) for contact in added)
    AlertContact.objects.filter(contact__in=removed).delete()
    fact = AlertContactsChanged(
        subject_id=client.pk,
        added_names=sorted(contact.name for contact in added),
        removed_names=sorted(contact.name for contact in removed),
    )
    record(fact, act=act)

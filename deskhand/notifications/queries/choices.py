"""What an agent chose to hear, beside what their role gives; and whom of a client allowance alerts go to."""

from dataclasses import dataclass

from deskhand.accounts.models import Agent
from deskhand.clients.models import Client, Contact
from deskhand.notifications.models import AlertContact, Choice
from deskhand.notifications.topics import BOTH, URGENT, Channels, Topic, default_of, topics_of


@dataclass(frozen=True)
class TopicChoice:
    """One line of the matrix."""

    topic: Topic
    chosen: Channels
    default: Channels
    is_fixed: bool
    """Whether it is told in any case."""

    @property
    def is_own(self) -> bool:
        """Whether it differs from what the role gives."""
        return self.chosen != self.default


def choices_of(agent: Agent) -> list[TopicChoice]:
    """Return the matrix of an agent. One query."""
    rows = Choice.objects.filter(agent=agent)
    own = {row.topic: Channels(in_app=row.in_app, by_mail=row.by_mail) for row in rows}
    return [
        TopicChoice(
            topic=topic,
            chosen=BOTH if topic in URGENT else own.get(topic, default_of(agent.role, topic)),
            default=default_of(agent.role, topic),
            is_fixed=topic in URGENT,
        )
        for topic in topics_of(agent.role)
    ]


@dataclass(frozen=True)
class AlertChoice:
    """A contact who may be told of the client's allowance, and whether they are."""

    contact_id: int
    name: str
    is_chosen: bool
    gets_mail: bool


def alert_choices(client: Client) -> list[AlertChoice]:
    """Return the contacts of a client who may see maintenance figures, by name. Two queries."""
    chosen = set(AlertContact.objects.filter(contact__client=client).values_list("contact_id", flat=True))
    people = Contact.objects.filter(client=client, sees_maintenance=True, user__is_active=True).with_people()
    return [
        AlertChoice(
            contact_id=contact.pk, name=contact.name, is_chosen=contact.pk in chosen, gets_mail=contact.gets_ticket_mail
        )
        for contact in people.order_by("user__name", "pk")
    ]

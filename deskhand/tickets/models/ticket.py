"""The ticket itself."""

from typing import Any, ClassVar, Self

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import Case, ExpressionWrapper, F, Func, Q, Value, When

from deskhand.accounts.models import Agent, Team, new_public_id
from deskhand.accounts.roles import Visibility
from deskhand.clients.models import Client, Contact
from deskhand.tickets.models.labels import Category, Kind, Status, Tag

Viewer = Agent | Contact


class Priority(models.IntegerChoices):
    """How urgent staff hold it to be; higher is more urgent."""

    LOW = 1, "Low"
    NORMAL = 2, "Normal"
    HIGH = 3, "High"
    URGENT = 4, "Urgent"


class Source(models.TextChoices):
    """How the ticket was opened."""

    PORTAL = "portal", "Client portal"
    EMAIL = "email", "E-mail"
    ADMIN = "admin", "Opened by staff"
    FORM = "form", "Contact form"
    API = "api", "API"


class Turn(models.IntegerChoices):
    """Whose turn it is; the order in which the inbox shows its groups."""

    NEEDS_REPLY = 1, "Needs a reply"
    NEEDS_FIRST_RESPONSE = 2, "Needs a first response"
    IN_PROGRESS = 3, "In progress"
    CLIENT = 4, "Awaiting client"
    NOBODY = 5, "At rest"


def _is_one_of(tickets: models.QuerySet[Any, Any]) -> Q:
    """Return the condition that a ticket's id is among these few.

    They are read once, into an array: unlike `IN (SELECT …)` it is looked up in the index within an OR, too. Otherwise
    every ticket of the desk is read to find one client's. Where a row is compared with it, that goes one id after the
    other: not for the thousands that an agent may have been assigned to.
    """
    is_any = Func(F("pk"), ArraySubquery(tickets), template="%(expressions)s)", arg_joiner=" = ANY (")
    return Q(ExpressionWrapper(is_any, output_field=models.BooleanField()))


class TicketQuerySet(models.QuerySet["Ticket"]):
    """Chainable filters over tickets. Interfaces begin every lookup with `visible_to`."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Keep what the viewer may see: an agent by role, a contact by client and by being in it."""
        if not viewer.user.is_active:
            return self.none()
        if isinstance(viewer, Agent):
            return self._visible_to_agent(viewer)
        own = Q(requester=viewer) | _is_one_of(viewer.participations.values("ticket"))
        if viewer.sees_whole_client and viewer.client_id:
            own |= Q(client=viewer.client_id)
        # A ticket that staff opened among themselves begins to exist for clients with the first message to them.
        return self.filter(own).exclude(last_line="")

    def _visible_to_agent(self, agent: Agent) -> Self:
        if agent.role.visibility == Visibility.ALL:
            return self
        mine = Q(pk__in=agent.assignments.values("ticket")) | Q(pk__in=agent.follows.values("ticket"))
        if agent.role.visibility == Visibility.TEAM:
            mine |= Q(team__members=agent)
        if agent.role.visibility == Visibility.UNASSIGNED:
            mine |= Q(assignee_ids=[])
        return self.filter(mine)

    def in_kinds(self, *kinds: Kind) -> Self:
        """Keep tickets whose status is of one of these kinds."""
        return self.filter(kind__in=kinds)

    def assigned_to(self, agent: Agent) -> Self:
        """Keep what the agent is responsible for."""
        return self.filter(assignee_ids__contains=[agent.pk])

    def unassigned(self) -> Self:
        """Keep what nobody is responsible for."""
        return self.filter(assignee_ids=[])


class Ticket(models.Model):
    """One request for help."""

    number = models.BigIntegerField(unique=True)
    public_id = models.CharField(max_length=22, default=new_public_id)
    subject = models.CharField(max_length=200)
    status = models.ForeignKey(Status, models.PROTECT, related_name="tickets")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    """The status's kind, kept equal by a composite foreign key, so that lists need no join."""
    client = models.ForeignKey(Client, models.PROTECT, null=True, blank=True, related_name="tickets", db_index=False)
    requester = models.ForeignKey(Contact, models.PROTECT, related_name="tickets", db_index=False)
    category = models.ForeignKey(Category, models.PROTECT, null=True, blank=True, related_name="+")
    priority = models.PositiveSmallIntegerField(choices=Priority.choices, default=Priority.NORMAL)
    source = models.CharField(max_length=6, choices=Source.choices)
    mailbox_id = models.BigIntegerField(null=True, editable=False)
    """The mailbox that the mail it began with came to, by id, as mailboxes belong to a layer above."""
    team = models.ForeignKey(Team, models.SET_NULL, null=True, blank=True, related_name="tickets")
    tags: "models.ManyToManyField[Tag, models.Model]" = models.ManyToManyField(Tag, related_name="tickets", blank=True)
    assignees: "models.ManyToManyField[Agent, models.Model]" = models.ManyToManyField(
        Agent, through="tickets.Assignment", related_name="+"
    )
    assignee_ids = ArrayField(models.BigIntegerField(), default=list, editable=False)
    """The same agents, so that lists need no join; a trigger keeps it (see the migrations), nothing else writes it."""
    needed_by_on = models.DateField(null=True, blank=True)
    """The client's own deadline."""
    due_on = models.DateField(null=True, blank=True)
    """Staff-only."""
    opened_at = models.DateTimeField()
    first_responded_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    chased_at = models.DateTimeField(null=True)
    """When a client last asked for an update."""
    call_back_phone = models.CharField(max_length=40, blank=True)
    """Where to call about a business critical ticket, as the client gave it."""
    site = models.CharField(max_length=253, blank=True)
    """Which of the client's sites it is about, by name, as the client chose it."""
    queue_at = models.DateTimeField()
    """What lists sort by: the last message, or the moment it came back to the queue."""
    is_last_from_client = models.BooleanField(default=True)
    last_line = models.CharField(max_length=160, blank=True)
    """The beginning of the last message clients can read; empty while there is none."""
    last_author_name = models.CharField(max_length=200, blank=True)
    entry_count = models.PositiveIntegerField(default=0)
    """Entries so far, both kinds; the next entry's position is one more."""
    attachment_count = models.PositiveIntegerField(default=0)
    follow_up_of = models.ForeignKey("self", models.SET_NULL, null=True, related_name="follow_ups")

    turn = models.GeneratedField(
        expression=Case(
            When(kind=Kind.PENDING, then=Value(Turn.CLIENT.value)),
            When(~Q(kind=Kind.OPEN), then=Value(Turn.NOBODY.value)),
            When(is_last_from_client=False, then=Value(Turn.IN_PROGRESS.value)),
            When(first_responded_at=None, then=Value(Turn.NEEDS_FIRST_RESPONSE.value)),
            default=Value(Turn.NEEDS_REPLY.value),
        ),
        output_field=models.PositiveSmallIntegerField(choices=Turn.choices),
        db_persist=True,
    )
    subject_words = models.GeneratedField(
        expression=SearchVector("subject", config="simple"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects: ClassVar[TicketQuerySet] = TicketQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["public_id"], name="ticket_public_id_once"),
            models.CheckConstraint(condition=~Q(subject=""), name="ticket_subject_given"),
            models.CheckConstraint(condition=Q(priority__in=Priority.values), name="ticket_priority_known"),
            models.CheckConstraint(condition=Q(source__in=Source.values), name="ticket_source_known"),
            models.CheckConstraint(
                condition=Q(kind=Kind.CLOSED, closed_at__isnull=False)
                | (~Q(kind=Kind.CLOSED) & Q(closed_at__isnull=True)),
                name="ticket_closed_when",
            ),
        ]
        indexes = [
            models.Index(
                F("turn"),
                F("queue_at").desc(),
                F("id"),
                name="ticket_queue",
                condition=~Q(kind="closed"),
                include=["assignee_ids"],  # so that "mine" is read from the index alone
            ),
            models.Index(
                F("turn"),
                F("queue_at").desc(),
                F("id"),
                name="ticket_unassigned",
                condition=~Q(kind="closed") & Q(assignee_ids=[]),
            ),
            models.Index("due_on", name="ticket_due", condition=~Q(kind="closed") & Q(due_on__isnull=False)),
            models.Index(
                "needed_by_on", name="ticket_needed_by", condition=~Q(kind="closed") & Q(needed_by_on__isnull=False)
            ),
            models.Index("kind", F("queue_at").desc(), F("id"), name="ticket_kind_queue"),
            # For the search: by words of the subject, and the newest first where many hold the words.
            models.Index(F("queue_at").desc(), F("id"), name="ticket_newest"),
            GinIndex(fields=["subject_words"], name="ticket_subject_words"),
            models.Index("client", "kind", F("queue_at").desc(), name="ticket_client"),
            models.Index("client", F("queue_at").desc(), name="ticket_client_recent"),
            models.Index("requester", F("queue_at").desc(), name="ticket_requester"),
            # For the portal's home: what is open of one client or person, however many are closed.
            models.Index("client", name="ticket_client_open", condition=~Q(kind="closed")),
            models.Index("requester", name="ticket_requester_open", condition=~Q(kind="closed")),
        ]

    def __str__(self) -> str:
        return f"#{self.number}"

    def is_request_of(self, contact: Contact) -> bool:
        """Whether the contact sees it as requester, as `visible_to` has it; colleagues and participants may too."""
        return self.requester_id == contact.pk and contact.user.is_active and bool(self.last_line)

    @property
    def is_closed(self) -> bool:
        """Whether clients see it as Closed."""
        return self.kind == Kind.CLOSED

    @property
    def awaits_client(self) -> bool:
        """The flag "Awaiting your response": exactly while the kind is pending."""
        return self.kind == Kind.PENDING

"""What was told to whom."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from deskhand.accounts.models import Agent, User
from deskhand.allowances.models import Plan
from deskhand.clients.models import Contact
from deskhand.mail.models import OutboundMail
from deskhand.notifications.topics import Topic
from deskhand.tickets.models import Ticket


class NotificationQuerySet(models.QuerySet["Notification"]):
    """Chainable filters over notices."""

    def shown_to(self, agent: Agent) -> Self:
        """Keep what the bell of this agent shows; never of a ticket they may not see any more."""
        # One at a time: as a list, the OR would have the database make one of all tickets for each notice.
        seen = Exists(Ticket.objects.visible_to(agent).filter(pk=OuterRef("ticket")))
        return self.filter(Q(ticket=None) | Q(seen), agent=agent, is_in_app=True)

    def unread(self) -> Self:
        """Keep what was not read."""
        return self.filter(read_at=None)

    def to_mail(self) -> Self:
        """Keep what waits to be mailed, the oldest first."""
        return self.filter(mail_due_at__isnull=False, mail_settled_at=None).order_by("pk")


class Notification(models.Model):
    """One agent is told of one thing that happened, once however often the job runs."""

    agent = models.ForeignKey(Agent, models.CASCADE, related_name="+")
    topic = models.CharField(max_length=16, choices=Topic.choices)
    ticket = models.ForeignKey(Ticket, models.CASCADE, null=True, related_name="+")
    plan = models.ForeignKey(Plan, models.CASCADE, null=True, related_name="+")
    about_id = models.BigIntegerField()
    """What it is about beside ticket or plan, as the topic says: a message, a team message, a delivery, an alert."""
    actor = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    figures = models.JSONField(default=dict)
    """Figures and names of states that the sentence needs; no text that anyone wrote."""
    happened_at = models.DateTimeField()
    is_in_app = models.BooleanField()
    read_at = models.DateTimeField(null=True)
    mail_due_at = models.DateTimeField(null=True)
    """When it may be mailed; None where it goes by no mail."""
    mail_settled_at = models.DateTimeField(null=True)
    """When it was put into the outbox, or turned out to need no mail."""
    mail = models.ForeignKey(OutboundMail, models.PROTECT, null=True, related_name="+")

    objects: ClassVar[NotificationQuerySet] = NotificationQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(topic__in=Topic.values), name="notification_topic_known"),
            models.CheckConstraint(
                condition=Q(ticket__isnull=False, plan=None) | Q(ticket=None, plan__isnull=False),
                name="notification_about_one",
            ),
            models.CheckConstraint(
                condition=Q(mail=None) | Q(mail_settled_at__isnull=False), name="notification_mailed_when"
            ),
            models.UniqueConstraint(
                fields=["agent", "topic", "ticket", "plan", "about_id", "happened_at"],
                name="notification_once",
                nulls_distinct=False,
            ),
        ]
        indexes = [
            models.Index(F("agent"), F("id").desc(), condition=Q(is_in_app=True), name="notification_list"),
            models.Index(fields=["agent", "ticket"], condition=Q(read_at=None), name="notification_unread"),
            models.Index(
                fields=["mail_due_at"],
                condition=Q(mail_settled_at=None, mail_due_at__isnull=False),
                name="notification_to_mail",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.topic} for {self.agent_id}"


class ClientAlert(models.Model):
    """A contact was told that an allowance ran out: once for each time thresholds were crossed."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="+")
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="+")
    happened_at = models.DateTimeField()
    mail = models.ForeignKey(OutboundMail, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "contact", "happened_at"], name="client_alert_once"),
        ]

    def __str__(self) -> str:
        return f"alert of plan {self.plan_id} to {self.contact_id}"

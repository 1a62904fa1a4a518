"""Who has to do with a ticket besides the requester."""

from django.db import models

from deskhand.accounts.models import Agent
from deskhand.clients.models import Contact
from deskhand.tickets.models.ticket import Ticket


class Assignment(models.Model):
    """An agent is responsible for a ticket."""

    ticket = models.ForeignKey(Ticket, models.CASCADE)
    agent = models.ForeignKey(Agent, models.PROTECT, related_name="assignments")
    assigned_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "agent"], name="assignment_once")]

    def __str__(self) -> str:
        return f"{self.agent} on {self.ticket_id}"


class Follow(models.Model):
    """An agent is kept informed."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="+")
    agent = models.ForeignKey(Agent, models.PROTECT, related_name="follows")
    followed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "agent"], name="follow_once")]

    def __str__(self) -> str:
        return f"{self.agent} follows {self.ticket_id}"


class Participant(models.Model):
    """Another contact is kept in the conversation (CC)."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="participants")
    contact = models.ForeignKey(Contact, models.PROTECT, related_name="participations")
    added_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "contact"], name="participant_once")]

    def __str__(self) -> str:
        return f"{self.contact} in {self.ticket_id}"


class Unfollowed(models.Model):
    """A contact wants no mail about one ticket any more."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="unfollowed")
    contact = models.ForeignKey(Contact, models.PROTECT, related_name="unfollowed")
    unfollowed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "contact"], name="unfollowed_once")]

    def __str__(self) -> str:
        return f"{self.contact} without {self.ticket_id}"

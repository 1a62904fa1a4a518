"""Staff-only: team messages, the note, mentions.

No relation from what clients read leads here (`related_name="+"`), and import-linter forbids the portal and outgoing
mail to import this module.
"""

from django.db import models

from deskhand.accounts.models import Agent, User
from deskhand.clients.models.notes import Note
from deskhand.files.models import File
from deskhand.tickets.models.ticket import Ticket


class TeamMessage(models.Model):
    """A staff-only entry in the thread."""

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="+")
    position = models.PositiveIntegerField()
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    document = models.JSONField()
    html = models.TextField()
    text = models.TextField()
    created_at = models.DateTimeField()
    submission_key = models.CharField(max_length=40, null=True)  # noqa: DJ001 (NULLs do not collide)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ticket", "position"], name="team_message_position_once"),
            models.UniqueConstraint(fields=["author", "submission_key"], name="team_message_submission_once"),
        ]

    def __str__(self) -> str:
        return f"team message {self.position} of {self.ticket_id}"


class TeamAttachment(models.Model):
    """A file on a team message."""

    team_message = models.ForeignKey(TeamMessage, models.PROTECT, related_name="attachments")
    file = models.ForeignKey(File, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["file"], name="team_attachment_file_once")]

    def __str__(self) -> str:
        return f"attachment {self.file_id} of team message {self.team_message_id}"


class Mention(models.Model):
    """An agent was named in a team message."""

    team_message = models.ForeignKey(TeamMessage, models.CASCADE, related_name="mentions")
    agent = models.ForeignKey(Agent, models.PROTECT, related_name="+")
    seen_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team_message", "agent"], name="mention_once")]
        indexes = [
            models.Index(fields=["agent"], condition=models.Q(seen_at=None), name="mention_unseen"),
        ]

    def __str__(self) -> str:
        return f"{self.agent_id} in team message {self.team_message_id}"


class TicketNote(Note):
    """The one editable staff-only field of a ticket."""

    ticket = models.OneToOneField(Ticket, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"note of {self.ticket_id}"

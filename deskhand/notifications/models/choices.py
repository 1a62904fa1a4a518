"""Who wants to hear what, and which contacts are told of an allowance that runs out."""

from django.db import models
from django.db.models import Q

from deskhand.accounts.models import Agent
from deskhand.clients.models import Contact
from deskhand.notifications.topics import Topic


class Choice(models.Model):
    """What an agent chose for a topic, where it differs from what their role gives (topics.py)."""

    agent = models.ForeignKey(Agent, models.CASCADE, related_name="+")
    topic = models.CharField(max_length=16, choices=Topic.choices)
    in_app = models.BooleanField()
    by_mail = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agent", "topic"], name="choice_once"),
            models.CheckConstraint(condition=Q(topic__in=Topic.values), name="choice_topic_known"),
        ]

    def __str__(self) -> str:
        return f"{self.topic} for {self.agent_id}"


class AlertContact(models.Model):
    """A contact whom staff chose to be told when an allowance of their client runs out."""

    contact = models.OneToOneField(Contact, models.CASCADE, related_name="+")
    chosen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"allowance alerts for {self.contact_id}"

"""The append-only table of events."""

from typing import ClassVar, Self

from django.db import models

from deskhand.events.facts import Via


class EventQuerySet(models.QuerySet["Event"]):
    """Chainable filters over events."""

    def about(self, subject_kind: str, subject_id: int) -> Self:
        """Keep the events of one subject, oldest first."""
        return self.filter(subject_kind=subject_kind, subject_id=subject_id).order_by("id")

    def client_visible(self) -> Self:
        """Keep what a client may see."""
        return self.filter(is_client_visible=True)


class Event(models.Model):
    """One fact. A database trigger refuses update and delete.

    Subjects and actors are plain ids without foreign keys: a record outlives what it speaks of.
    """

    kind = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=30)
    subject_id = models.BigIntegerField()
    actor_id = models.BigIntegerField(null=True)
    via = models.CharField(max_length=12, choices=[(via.value, via.value) for via in Via])
    occurred_at = models.DateTimeField()
    data = models.JSONField(default=dict)
    is_client_visible = models.BooleanField(default=False)

    objects: ClassVar[EventQuerySet] = EventQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        indexes = [
            models.Index(fields=["subject_kind", "subject_id", "id"], name="event_subject"),
            models.Index(fields=["kind", "id"], name="event_kind"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(via__in=[via.value for via in Via]), name="event_via_known"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_kind}:{self.subject_id}"

"""What tickets are labeled with: statuses, categories, tags; and the settings of tickets."""

from typing import ClassVar, Self

from django.db import models
from django.db.models.functions import Lower

from deskhand.core.built import built_once
from deskhand.core.remembering import remembered


class Kind(models.TextChoices):
    """The five fixed kinds of status. Behavior follows the kind, never the label."""

    OPEN = "open", "Open"
    PENDING = "pending", "Pending"
    SNOOZED = "snoozed", "Snoozed"
    SPAM = "spam", "Spam"
    CLOSED = "closed", "Closed"


class Hue(models.TextChoices):
    """Colors a label can have; the style sheet knows them by name."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    BLUE = "blue"
    VIOLET = "violet"
    GRAY = "gray"


class StatusQuerySet(models.QuerySet["Status"]):
    """Chainable filters over statuses."""

    def in_order(self) -> Self:
        """Sort as the admin arranged them."""
        return self.order_by("position", "id")


class Status(models.Model):
    """A renameable label over one fixed kind. Only staff ever read its name.

    Every kind keeps at least one; a trigger refuses to lose the last (third migration).
    """

    name = models.CharField(max_length=40)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    hue = models.CharField(max_length=8, choices=Hue.choices, default=Hue.GRAY)
    position = models.PositiveSmallIntegerField(default=0)

    objects: ClassVar[StatusQuerySet] = StatusQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("name"), name="status_name_unique"),
            models.CheckConstraint(condition=~models.Q(name=""), name="status_name_given"),
            # The other half of the ticket's (status, kind) foreign key, see the first migration.
            models.UniqueConstraint(fields=["id", "kind"], name="status_id_kind_unique"),
            models.CheckConstraint(condition=models.Q(kind__in=Kind.values), name="status_kind_known"),
            models.CheckConstraint(condition=models.Q(hue__in=Hue.values), name="status_hue_known"),
        ]

    def __str__(self) -> str:
        return self.name


class Category(models.Model):
    """What a ticket is about, chosen by the client."""

    name = models.CharField(max_length=60)
    slug = models.SlugField(max_length=60, unique=True)
    explanation = models.CharField(max_length=200, blank=True)
    icon = models.CharField(max_length=40, default="message-circle-question-mark")
    position = models.PositiveSmallIntegerField(default=0)
    is_business_critical = models.BooleanField(default=False)
    is_offered = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("name"), name="category_name_unique"),
            models.CheckConstraint(condition=~models.Q(name=""), name="category_name_given"),
        ]

    def __str__(self) -> str:
        return self.name


class Tag(models.Model):
    """A staff-only label, made on the fly."""

    name = models.CharField(max_length=40)

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("name"), name="tag_name_unique"),
            models.CheckConstraint(condition=~models.Q(name=""), name="tag_name_given"),
        ]

    def __str__(self) -> str:
        return self.name


class AfterReply(models.TextChoices):
    """What becomes of a ticket when an agent replies."""

    AWAIT_CLIENT = "await_client", "Send, await client"
    KEEP_OPEN = "keep_open", "Send and keep open"
    CLOSE = "close", "Send and close"


class RatingRequest(models.TextChoices):
    """How the requester is asked how a ticket was solved, once it is closed."""

    OFF = "off", "Not at all"
    PORTAL = "portal", "In the portal"
    MAIL = "mail", "In the portal and by mail"


class TicketSettings(models.Model):
    """Settings → Tickets; one row."""

    after_reply = models.CharField(max_length=12, choices=AfterReply.choices, default=AfterReply.AWAIT_CLIENT)
    reopen_within_days = models.PositiveSmallIntegerField(default=14)
    """A reply later than this after closing opens a follow-up ticket; 0: always reopen."""
    rating = models.CharField(max_length=6, choices=RatingRequest.choices, default=RatingRequest.PORTAL)
    rating_days = models.PositiveSmallIntegerField(default=14)
    """How long after closing a rating can be given or changed."""

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="ticket_settings_one_row"),
            models.CheckConstraint(
                condition=models.Q(after_reply__in=AfterReply.values),
                name="ticket_settings_after_reply",
            ),
            models.CheckConstraint(
                condition=models.Q(rating__in=RatingRequest.values), name="ticket_settings_rating_known"
            ),
            models.CheckConstraint(condition=models.Q(rating_days__gt=0), name="ticket_settings_rating_days"),
        ]

    def __str__(self) -> str:
        return "ticket settings"

    @classmethod
    def current(cls) -> "TicketSettings":
        """Return the one row, or the defaults where nobody changed any."""
        return remembered("ticket settings", lambda: next(iter(_ticket_settings()), None) or cls(pk=1))


@built_once
def _ticket_settings() -> "models.QuerySet[TicketSettings]":
    return TicketSettings.objects.filter(pk=1)

"""What the portal tells clients beside their tickets: help, and what is announced."""

from django.db import models

from deskhand.accounts.models import new_public_id
from deskhand.core.built import built_once


class HelpSection(models.Model):
    """One section of the portal's help page, in the order of `position`."""

    public_id = models.CharField(max_length=40, unique=True, default=new_public_id)
    title = models.CharField(max_length=120)
    document = models.JSONField()
    """A composer document, checked when it was written."""
    position = models.PositiveIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~models.Q(title=""), name="help_section_title_given")]

    def __str__(self) -> str:
        return self.title


class Announcement(models.Model):
    """What stands above every page of the portal; one row or none, and nothing where the text is empty."""

    text = models.CharField(max_length=300, blank=True)
    version = models.CharField(max_length=16, blank=True)
    """The beginning of the text's SHA-256, by which dismissing it is remembered."""

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="announcement_one_row")]

    def __str__(self) -> str:
        return self.text

    @classmethod
    def current(cls) -> "Announcement":
        """Return what is announced, empty where nothing is. One query."""
        return next(iter(_announcements()), None) or cls(pk=1)


@built_once
def _announcements() -> "models.QuerySet[Announcement]":
    return Announcement.objects.filter(pk=1)

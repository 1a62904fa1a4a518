"""The table of files."""

from typing import ClassVar, Self

from django.db import models

from deskhand.accounts.models import User, new_public_id
from deskhand.files.kinds import is_picture


class ScanState(models.TextChoices):
    """What the virus scan said."""

    PENDING = "pending"
    CLEAN = "clean"
    INFECTED = "infected"
    UNSCANNED = "unscanned"


class FileQuerySet(models.QuerySet["File"]):
    """Chainable filters over files."""

    def unclaimed_of(self, user: User) -> Self:
        """Keep what `user` uploaded and nothing attaches yet."""
        return self.filter(uploaded_by=user, claimed_at=None)


class File(models.Model):
    """One stored file; its bytes lie in the default storage under `storage_name`."""

    public_id = models.CharField(max_length=22, unique=True, default=new_public_id)
    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=120)
    size_bytes = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    storage_name = models.CharField(max_length=200)
    uploaded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    scan_state = models.CharField(max_length=10, choices=ScanState.choices, default=ScanState.UNSCANNED)

    objects: ClassVar[FileQuerySet] = FileQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(size_bytes__gte=0), name="file_size_not_negative"),
            models.CheckConstraint(condition=models.Q(scan_state__in=ScanState.values), name="file_scan_state_known"),
        ]
        indexes = [
            models.Index(fields=["created_at"], condition=models.Q(claimed_at=None), name="file_unclaimed"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_picture(self) -> bool:
        """Whether browsers may show it inline."""
        return is_picture(self.content_type)

    @property
    def url(self) -> str:
        """The path it is downloaded from; permission is checked there."""
        return f"/files/{self.public_id}"

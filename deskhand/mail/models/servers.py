"""What the tables of servers and providers that a mailbox works with share: how to get in, and how it goes."""

from django.db import models

THIS_MACHINE = ("localhost", "127.0.0.1", "::1")


class OtherSide(models.Model):
    """Somebody a mailbox works with, and what went wrong there last."""

    last_error = models.TextField(blank=True)
    """In the other side's words; empty since all was well again."""
    last_error_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True


class MailServer(OtherSide):
    """A server that a mailbox is read from or sends by, and when it is tried next."""

    host = models.CharField(max_length=253)
    port = models.PositiveIntegerField()
    user = models.CharField(max_length=254)
    sealed_password = models.TextField()
    """The password, encrypted (deskhand.core.secrets); empty where none is needed."""
    failures = models.PositiveIntegerField(default=0)
    """How often in a row the server was in trouble."""
    next_try_at = models.DateTimeField(null=True)
    """Until then nothing is tried; None where nothing keeps it back."""

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.user or 'nobody'} at {self.host}"

"""Django's own mail, refused: every mail goes through the outbox of the mail app."""

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


class Refuse(BaseEmailBackend):
    """Fails loudly when a library tries to send by itself."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Refuse. Raises RuntimeError."""
        raise RuntimeError(f"{len(email_messages)} mails bypassed the outbox")

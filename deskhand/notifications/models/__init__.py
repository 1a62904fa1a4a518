"""Tables of notifications."""

from deskhand.notifications.models.choices import AlertContact, Choice
from deskhand.notifications.models.notices import ClientAlert, Notification

__all__ = ["AlertContact", "Choice", "ClientAlert", "Notification"]

"""What contacts change about themselves."""

from django.db import transaction

from deskhand.clients.events import ContactPhoneChanged
from deskhand.clients.models import Contact
from deskhand.events import Act
from deskhand.events.recording import record


@transaction.atomic
def set_phone(*, contact: Contact, phone: str, act: Act) -> None:
    """Keep the contact's number, or none."""
    if phone == contact.phone:
        return
    contact.phone = phone
    contact.save(update_fields=["phone"])
    record(ContactPhoneChanged(subject_id=contact.pk), act=act)

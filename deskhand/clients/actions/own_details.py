"""What contacts change about themselves."""

from django.db import transaction

from deskhand.clients.events import ContactChanged, ContactPhoneChanged
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


@transaction.atomic
def set_ticket_mail(*, contact: Contact, gets_mail: bool, act: Act) -> None:
    """Send messages of all tickets by mail as well, or keep them in the portal alone."""
    if gets_mail == contact.gets_ticket_mail:
        return
    contact.gets_ticket_mail = gets_mail
    contact.save(update_fields=["gets_ticket_mail"])
    record(ContactChanged(subject_id=contact.pk, fields=["gets_ticket_mail"]), act=act)

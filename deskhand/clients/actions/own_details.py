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


@transaction.atomic
def set_time_zone(*, contact: Contact, zone: str, act: Act) -> None:
    """Show times in this zone (IANA), or where it is empty in the client's or the desk's."""
    if zone == contact.time_zone:
        return
    contact.time_zone = zone
    contact.save(update_fields=["time_zone"])
    record(ContactChanged(subject_id=contact.pk, fields=["time_zone"]), act=act)


@transaction.atomic
def set_language(*, contact: Contact, language: str, act: Act) -> None:
    """Write mail to the contact in this language (core/languages.py), or where it is empty in the desk's."""
    if language == contact.language:
        return
    contact.language = language
    contact.save(update_fields=["language"])
    record(ContactChanged(subject_id=contact.pk, fields=["language"]), act=act)

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
def set_ticket_mail(*, contact: Contact, gets_mail: bool, act: Act, of_colleagues: bool = False) -> None:
    """Send messages by mail as well, or keep them in the portal alone.

    `of_colleagues`: also those of tickets that the contact is not in, while they may see them.
    """
    wanted = {"gets_ticket_mail": gets_mail, "gets_all_ticket_mail": gets_mail and of_colleagues}
    changed = [field for field, value in wanted.items() if getattr(contact, field) != value]
    if not changed:
        return
    for field in changed:
        setattr(contact, field, wanted[field])
    contact.save(update_fields=changed)
    record(ContactChanged(subject_id=contact.pk, fields=changed), act=act)


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

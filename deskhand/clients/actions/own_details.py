"""What contacts change about themselves."""

from django.db import transaction

from deskhand.clients.actions.fields import change_fields
from deskhand.clients.models import Contact
from deskhand.events import Act


@transaction.atomic
def set_phone(*, contact: Contact, phone: str, act: Act) -> None:
    """Keep the contact's number, or none."""
    change_fields(contact, {"phone": phone}, act=act)


@transaction.atomic
def set_ticket_mail(*, contact: Contact, gets_mail: bool, act: Act, of_colleagues: bool = False) -> None:
    """Send messages by mail as well, or keep them in the portal alone.

    `of_colleagues`: also those of tickets that the contact is not in, while they may see them.
    """
    wanted = {"gets_ticket_mail": gets_mail, "gets_all_ticket_mail": gets_mail and of_colleagues}
    change_fields(contact, wanted, act=act)


@transaction.atomic
def set_time_zone(*, contact: Contact, zone: str, act: Act) -> None:
    """Show times in this zone (IANA), or where it is empty in the client's or the desk's."""
    change_fields(contact, {"time_zone": zone}, act=act)


@transaction.atomic
def set_language(*, contact: Contact, language: str, act: Act) -> None:
    """Write mail to the contact in this language (core/languages.py), or where it is empty in the desk's."""
    change_fields(contact, {"language": language}, act=act)

"""Writing fields of a contact; whoever changes some goes through here."""

from collections.abc import Mapping

from deskhand.clients.events import ContactChanged
from deskhand.clients.models import Contact
from deskhand.core.changes import put
from deskhand.events import Act
from deskhand.events.recording import record


def put_fields(contact: Contact, wanted: Mapping[str, object]) -> list[str]:
    """Lock the contact, write those of these fields that differ, and return their names."""
    contact.refresh_from_db(fields=list(wanted), from_queryset=Contact.objects.select_for_update())
    return list(put(contact, wanted))


def change_fields(contact: Contact, wanted: Mapping[str, object], *, act: Act) -> None:
    """Do that, and record what changed, if anything did."""
    if changed := put_fields(contact, wanted):
        record(ContactChanged(subject_id=contact.pk, fields=changed), act=act)

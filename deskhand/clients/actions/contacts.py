"""Changing a contact, and letting them in."""

from dataclasses import dataclass

from django.db import transaction

from deskhand.accounts.actions.people import change_address
from deskhand.accounts.actions.signing_in import request_sign_in_link
from deskhand.accounts.models import User
from deskhand.clients.actions.fields import put_fields
from deskhand.clients.events import ContactChanged, ContactJoinedClient
from deskhand.clients.models import Client, Contact
from deskhand.core.text import one_line
from deskhand.events import Act
from deskhand.events.recording import record


class BelongsElsewhere(ValueError):
    """The contact belongs to another client already; their tickets stay with that one."""


@dataclass(frozen=True)
class ContactDetails:
    """What staff can change about a contact. Permissions in the portal included."""

    name: str
    email: str
    title: str = ""
    phone: str = ""
    sees_whole_client: bool = True
    sees_maintenance: bool = True
    is_client_admin: bool = False
    language: str = ""
    """A code of core/languages.py; empty for the desk's."""


@transaction.atomic
def change_contact(*, contact_id: int, details: ContactDetails, act: Act) -> None:
    """Change a contact. Raises AddressTaken when the address belongs to someone else."""
    contact = _locked(contact_id)
    wanted = {
        "title": one_line(details.title),
        "phone": one_line(details.phone),
        "sees_whole_client": details.sees_whole_client,
        "sees_maintenance": details.sees_maintenance,
        "is_client_admin": details.is_client_admin,
        "language": details.language,
    }
    changed = put_fields(contact, wanted)
    name = one_line(details.name)
    if name != contact.name:
        changed.append("name")
        User.objects.filter(pk=contact.user_id).update(name=name)
    if changed:
        record(ContactChanged(subject_id=contact.pk, fields=changed), act=act)
    change_address(user_id=contact.user_id, email=details.email, act=act)


@transaction.atomic
def join_client(*, contact_id: int, client: Client, act: Act) -> None:
    """Let a contact who belongs to no client belong to this one.

    Their earlier tickets stay their own: colleagues see only what comes later. Raises BelongsElsewhere.
    """
    contact = _locked(contact_id)
    if contact.client_id == client.pk:
        return
    if contact.client_id is not None:
        raise BelongsElsewhere(f"{contact.name} already belongs to another client.")
    contact.client = client
    contact.save(update_fields=["client"])
    record(ContactJoinedClient(subject_id=contact.pk, client_id=client.pk, client_name=client.name), act=act)


def send_sign_in_link(*, contact: Contact, act: Act, inviter: str = "") -> bool:
    """Send a contact a one-time link by mail, as an invitation by `inviter` where one is named.

    False for someone who may not sign in.
    """
    return request_sign_in_link(address=contact.email, inviter=inviter, act=act) is not None


def _locked(contact_id: int) -> Contact:
    return Contact.objects.select_for_update(of=("self",)).select_related("user").get(pk=contact_id)

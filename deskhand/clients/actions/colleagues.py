"""What contacts who manage their client's people do: say what each may see, and end someone's access."""

from dataclasses import dataclass

from django.db import transaction

from deskhand.accounts.actions.passwords import end_sessions
from deskhand.accounts.models import User
from deskhand.clients.events import ColleagueInvited, ColleagueRemoved, ContactChanged
from deskhand.clients.models import Client, Contact
from deskhand.events import Act
from deskhand.events.recording import record


class OneselfUntouched(ValueError):
    """Nobody removes themselves or takes the right from themselves: it would be by accident."""

    def __init__(self) -> None:
        super().__init__("You cannot do this to yourself. Ask a colleague who manages your people, or write to us.")


class LastInviter(ValueError):
    """Nobody of the client could invite anybody afterwards."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is the last one who manages your people. Give someone else that right first.")
        self.for_staff = f"{name} is the last one who manages the people of this client. Give someone else that right."


@dataclass(frozen=True)
class Rights:
    """What a contact may do in the portal."""

    sees_whole_client: bool
    sees_maintenance: bool
    is_client_admin: bool


@transaction.atomic
def change_rights(*, contact_id: int, rights: Rights, act: Act) -> None:
    """Change what a colleague may do. Raises OneselfUntouched for the right to manage people, and LastInviter."""
    contact = _locked(contact_id)
    if contact.is_client_admin and not rights.is_client_admin:
        if contact.user_id == act.actor_id:
            raise OneselfUntouched
        _require_another_inviter(contact)
    _put(contact, rights, act)


@transaction.atomic
def remove_colleague(*, contact_id: int, act: Act) -> None:
    """End someone's access at once, on every device; their tickets stay. Raises OneselfUntouched, LastInviter."""
    contact = _locked(contact_id)
    if contact.user_id == act.actor_id:
        raise OneselfUntouched
    if not contact.user.is_active:
        return
    _require_another_inviter(contact)
    User.objects.filter(pk=contact.user_id).update(is_active=False)
    end_sessions(user_id=contact.user_id, act=act)
    record(ColleagueRemoved(subject_id=contact.pk, client_id=contact.client_id), act=act)


@transaction.atomic
def let_in_again(*, contact_id: int, act: Act) -> None:
    """Let a removed person sign in again, with the rights they had; someone who may already stays as they are."""
    contact = _locked(contact_id)
    if contact.user.is_active:
        return
    rights = Rights(contact.sees_whole_client, contact.sees_maintenance, contact.is_client_admin)
    _let_in_again(contact, rights, act)


def _let_in_again(contact: Contact, rights: Rights, act: Act) -> None:
    User.objects.filter(pk=contact.user_id).update(is_active=True)
    _put(contact, rights, act)
    if contact.client_id is not None:
        record(ColleagueInvited(subject_id=contact.pk, client_id=contact.client_id), act=act)


def _put(contact: Contact, rights: Rights, act: Act) -> None:
    wanted = vars(rights)
    changed = [field for field, value in wanted.items() if getattr(contact, field) != value]
    if not changed:
        return
    for field in changed:
        setattr(contact, field, wanted[field])
    contact.save(update_fields=changed)
    record(ContactChanged(subject_id=contact.pk, fields=changed), act=act)


def _locked_client(contact: Contact) -> Client:
    # Two who remove each other at once: the second waits, and then counts anew.
    return Client.objects.select_for_update(of=("self",)).get(contacts=contact.pk)


def _locked(contact_id: int) -> Contact:
    contact = Contact.objects.with_people().get(pk=contact_id)
    if contact.client_id is not None:
        _locked_client(contact)
    return Contact.objects.select_for_update(of=("self",)).with_people().get(pk=contact_id)


def _require_another_inviter(contact: Contact) -> None:
    if not contact.is_client_admin or contact.client_id is None:
        return
    inviters = Contact.objects.filter(client=contact.client_id, is_client_admin=True, user__is_active=True)
    if not inviters.exclude(pk=contact.pk).exists():
        raise LastInviter(contact.name)

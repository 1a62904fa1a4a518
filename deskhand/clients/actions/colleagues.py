"""What contacts who manage their client's people do: say what each may see, and end someone's access."""

from dataclasses import dataclass, fields
from typing import Self

from django.db import transaction

from deskhand.accounts.actions.passwords import end_sessions
from deskhand.accounts.models import User
from deskhand.clients.actions.fields import change_fields
from deskhand.clients.events import ColleagueInvited, ColleagueRemoved
from deskhand.clients.models import Client, Contact, Invitation
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

    @classmethod
    def of(cls, holder: Contact | Invitation) -> Self:
        """Return what a contact may do, or is invited to."""
        return cls(**{right.name: getattr(holder, right.name) for right in fields(cls)})


@transaction.atomic
def change_rights(*, contact_id: int, rights: Rights, act: Act) -> None:
    """Change what a colleague may do. Raises OneselfUntouched for the right to manage people, and LastInviter."""
    contact = _locked(contact_id)
    if contact.is_client_admin and not rights.is_client_admin:
        if contact.user_id == act.actor_id:
            raise OneselfUntouched
        _require_another_inviter(contact)
    change_fields(contact, vars(rights), act=act)


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
    User.objects.filter(pk=contact.user_id).update(is_active=True)
    record(ColleagueInvited(subject_id=contact.pk, client_id=contact.client_id), act=act)


def _locked(contact_id: int) -> Contact:
    # Two who remove each other at once: the second waits, and then counts anew.
    Client.objects.select_for_update(of=("self",)).filter(contacts=contact_id).first()
    return Contact.objects.select_for_update(of=("self",)).with_people().get(pk=contact_id)


def _require_another_inviter(contact: Contact) -> None:
    if not contact.is_client_admin or contact.client_id is None:
        return
    inviters = Contact.objects.filter(client=contact.client_id, is_client_admin=True, user__is_active=True)
    if not inviters.exclude(pk=contact.pk).exists():
        raise LastInviter(contact.name)

"""Inviting colleagues: what the inviter sees is the same for every address, whoever owns it."""

from django.db import transaction

from deskhand.accounts.actions.people import AddressTaken, create_user
from deskhand.accounts.actions.signing_in import request_sign_in_link
from deskhand.accounts.models import User
from deskhand.clients.actions.colleagues import Rights, change_rights, let_in_again
from deskhand.clients.actions.fields import put_fields
from deskhand.clients.events import ContactCreated, ContactJoinedClient, InvitationSent, InvitationWithdrawn
from deskhand.clients.models import Client, Contact, Invitation
from deskhand.core.text import one_line
from deskhand.events import Act
from deskhand.events.recording import record


class AlreadyHere(ValueError):
    """The person invited is in the list already."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} has this address, and is in your list already.")


@transaction.atomic
def invite_colleague(*, inviter: Contact, email: str, name: str, rights: Rights, act: Act) -> None:
    """Ask a person to join the inviter's client, by a one-time link sent to the address.

    They join when they first sign in by a link. Someone who was removed comes back at once. An address that belongs to
    anybody else gets a link to sign in to what is theirs, and the invitation waits, so that neither the answer nor the
    list tells anything about them. Raises AlreadyHere for a colleague.
    """
    client = Client.objects.select_for_update(of=("self",)).get(contacts=inviter.pk)
    address = email.strip().lower()
    known = Contact.objects.with_people().with_address(address).filter(client=client).first()
    if known is not None and known.user.is_active:
        raise AlreadyHere(known.name)
    if known is not None:
        let_in_again(contact_id=known.pk, act=act)
        change_rights(contact_id=known.pk, rights=rights, act=act)
        request_sign_in_link(address=address, inviter=inviter.name, act=act)
        return
    asked = {"name": one_line(name)[:200], "accepted_at": None, "withdrawn_at": None, "sent_at": act.at}
    invitation, _ = Invitation.objects.update_or_create(client=client, address=address, defaults=asked | vars(rights))
    _send(invitation, inviter, act)


@transaction.atomic
def send_invitation_again(*, invitation_id: int, inviter: Contact, act: Act) -> None:
    """Send another link; an invitation that waits no more stays as it is."""
    invitation = _locked(invitation_id)
    if invitation is None:
        return
    invitation.sent_at = act.at
    invitation.save(update_fields=["sent_at"])
    _send(invitation, inviter, act)


@transaction.atomic
def withdraw_invitation(*, invitation_id: int, act: Act) -> None:
    """Let nobody join by the invitation any more; one that waits no more stays as it is."""
    invitation = _locked(invitation_id)
    if invitation is None:
        return
    invitation.withdrawn_at = act.at
    invitation.save(update_fields=["withdrawn_at"])
    record(InvitationWithdrawn(subject_id=invitation.client_id, invitation_id=invitation.pk), act=act)


@transaction.atomic
def accept_invitation(*, user_id: int, act: Act) -> None:
    """Let a person who signed in by a link join the client that invited them last; nothing for everybody else."""
    waiting = Invitation.objects.waiting().filter(contact__user=user_id, contact__client=None)
    locked = waiting.select_for_update(of=("self", "contact")).select_related("client", "contact")
    newest = locked.order_by("-sent_at", "-pk").first()
    if newest is None or newest.contact is None:
        return
    contact, client = newest.contact, newest.client
    put_fields(contact, {"client_id": client.pk} | vars(Rights.of(newest)))
    newest.accepted_at = act.at
    newest.save(update_fields=["accepted_at"])
    record(ContactJoinedClient(subject_id=contact.pk, client_id=client.pk, client_name=client.name), act=act)


def _send(invitation: Invitation, inviter: Contact, act: Act) -> None:
    contact = _free_contact(invitation, act)
    if contact is not None and invitation.contact_id != contact.pk:
        invitation.contact = contact
        invitation.save(update_fields=["contact"])
    record(InvitationSent(subject_id=invitation.client_id, invitation_id=invitation.pk), act=act)
    request_sign_in_link(address=invitation.address, inviter=inviter.name if contact else "", act=act)


def _free_contact(invitation: Invitation, act: Act) -> Contact | None:
    """Return whom the invitation is for, made if nobody owns the address; None for who is there for another reason."""
    if User.objects.with_address(invitation.address).exists():
        made = Contact.objects.with_address(invitation.address).filter(client=None, user__is_active=True)
        return made.filter(pk__in=Invitation.objects.exclude(contact=None).values("contact")).first()
    try:
        user = create_user(email=invitation.address, name=invitation.name, act=act)
    except AddressTaken:  # someone else made it at the same moment
        return None
    contact = Contact.objects.create(user=user, sees_maintenance=False)
    record(ContactCreated(subject_id=contact.pk, client_id=None), act=act)
    return contact


def _locked(invitation_id: int) -> Invitation | None:
    return Invitation.objects.waiting().select_for_update(of=("self",)).filter(pk=invitation_id).first()

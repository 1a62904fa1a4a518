"""Making clients and contacts."""

from django.db import transaction
from django.db.models import QuerySet

from deskhand.accounts.actions.people import create_user, owners_of
from deskhand.accounts.models import Agent
from deskhand.clients.actions.companies import ClientNameTaken, give_domain
from deskhand.clients.domains import domain_name
from deskhand.clients.events import ClientCreated, ContactCreated
from deskhand.clients.models import Client, Contact, Domain
from deskhand.core.built import built_once
from deskhand.core.prepared import insert, lock_name
from deskhand.core.text import one_line
from deskhand.core.uniqueness import unless_taken
from deskhand.events import Act
from deskhand.events.recording import record


@transaction.atomic
def create_client(
    *,
    name: str,
    act: Act,
    account_manager: Agent | None = None,
    domains: list[str] | None = None,
    phone: str = "",
) -> Client:
    """Make a client with its mail domains. Raises ClientNameTaken, DomainNotValid and DomainTaken."""
    flat = one_line(name)
    with unless_taken("client_name_unique", ClientNameTaken(flat)):
        client = Client.objects.create(
            name=flat, account_manager=account_manager, phone=one_line(phone), created_at=act.at
        )
    for domain in dict.fromkeys(domain_name(text) for text in domains or []):
        give_domain(client, domain)
    record(ClientCreated(subject_id=client.pk, name=client.name), act=act)
    return client


@transaction.atomic
def create_contact(
    *,
    email: str,
    name: str,
    act: Act,
    client: Client | None = None,
    title: str = "",
    phone: str = "",
    sees_whole_client: bool = True,
    sees_maintenance: bool = True,
    is_client_admin: bool = False,
    language: str = "",
) -> Contact:
    """Make a contact. Without `client`, the domain of the address decides. Raises AddressTaken."""
    user = create_user(email=email, name=name, act=act)
    contact = Contact(
        user=user,
        client=client or client_of_domain(email),
        title=title,
        phone=phone,
        sees_whole_client=sees_whole_client,
        sees_maintenance=sees_maintenance,
        is_client_admin=is_client_admin,
        language=language,
    )
    insert(contact)
    record(ContactCreated(subject_id=contact.pk, client_id=contact.client_id), act=act)
    return contact


def client_of_domain(email: str) -> Client | None:
    """Return the client whose mail domain this address is of, if any."""
    return next((domain.client for domain in _domains(email.rpartition("@")[2].lower())), None)


@built_once
def _domains(name: str) -> QuerySet[Domain]:
    return Domain.objects.filter(name=name).select_related("client")


class NotAContact(ValueError):
    """The address belongs to someone who works here."""


@transaction.atomic
def find_or_create_contact(*, email: str, name: str, act: Act) -> Contact:
    """Return the contact who owns the address, made if nobody does. Raises NotAContact for an agent's address.

    Two mails of a new sender at once: the advisory lock makes the second find what the first made.
    """
    address = email.strip().lower()
    lock_name(f"address:{address}")
    owners = owners_of(address)
    if not owners:
        return create_contact(email=address, name=name, act=act)
    contact = Contact.objects.with_people().filter(user__in=owners, user__agent=None).first()
    if contact is None:
        raise NotAContact(f"{address} works here.")
    return contact


def contact_of_agent(agent: Agent, *, act: Act) -> Contact:
    """Return the agent as a contact of no client, made at the first call: for tickets of their own."""
    contact, is_new = Contact.objects.get_or_create(user=agent.user)
    if is_new:
        record(ContactCreated(subject_id=contact.pk, client_id=None), act=act)
    return contact

"""Making users and agents."""

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import QuerySet

from deskhand.accounts.events import AddressChanged, AgentCreated, UserCreated
from deskhand.accounts.models import Agent, Role, SignInLink, User
from deskhand.core.built import built_once
from deskhand.core.prepared import insert
from deskhand.core.text import one_line
from deskhand.core.uniqueness import unless_taken
from deskhand.events import Act
from deskhand.events.recording import record


class AddressTaken(ValueError):
    """Another person has this e-mail address."""


@transaction.atomic
def create_user(*, email: str, name: str, act: Act) -> User:
    """Make a person with one verified-by-nobody-yet address and no password.

    Raises AddressTaken when the address belongs to someone.
    """
    address = email.strip().lower()
    taken = AddressTaken(f"{address} already belongs to someone.")
    if owners_of(address):
        raise taken
    user = User(email=address, name=(one_line(name) or address)[:200], created_at=act.at)
    user.set_unusable_password()
    with unless_taken("user_email_unique", taken):
        insert(user)
    insert(EmailAddress(user=user, email=address, primary=True, verified=False))
    record(UserCreated(subject_id=user.pk), act=act)
    return user


@built_once
def owners_of(address: str) -> QuerySet[User]:
    """Return who owns an address, given in lower case: nobody, or one person."""
    found: QuerySet[User] = User.objects.with_address(address)
    return found


@transaction.atomic
def create_agent(*, email: str, name: str, role_slug: str, act: Act, title: str = "", phone: str = "") -> Agent:
    """Make someone who works here. Raises AddressTaken, or Role.DoesNotExist for an unknown role."""
    role = Role.objects.get(slug=role_slug)
    user = create_user(email=email, name=name, act=act)
    agent = Agent.objects.create(user=user, role=role, title=title, phone=phone)
    record(AgentCreated(subject_id=user.pk, role=role_slug), act=act)
    return agent


@transaction.atomic
def change_address(*, user_id: int, email: str, act: Act) -> None:
    """Give a person another address to sign in with and get mail at. Raises AddressTaken.

    The old one, and links sent to it, open nothing anymore: it may have been a stranger's by a slip of the hand.
    """
    address = email.strip().lower()
    user = User.objects.select_for_update().get(pk=user_id)
    if user.email == address:
        return
    taken = AddressTaken(f"{address} already belongs to someone.")
    if User.objects.with_address(address).exclude(pk=user.pk).exists():
        raise taken
    fact = AddressChanged(subject_id=user.pk, old=user.email, new=address)
    EmailAddress.objects.filter(user=user, email__iexact=user.email).delete()
    user.email = address
    with unless_taken("user_email_unique", taken):
        user.save(update_fields=["email"])
    EmailAddress.objects.update_or_create(user=user, email=address, defaults={"primary": True, "verified": False})
    SignInLink.objects.filter(user=user, used_at=None).delete()
    record(fact, act=act)

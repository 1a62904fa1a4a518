"""Clients, their domains and their contacts."""

from typing import ClassVar, Self

from django.db import models
from django.db.models.functions import Lower

from deskhand.accounts.models import Agent, User, new_public_id
from deskhand.accounts.roles import Permission
from deskhand.core.shapes import nobody


class ClientQuerySet(models.QuerySet["Client"]):
    """Chainable filters over clients. Interfaces begin every lookup with `visible_to`."""

    def visible_to(self, viewer: "Agent | Contact") -> Self:
        """Keep what the viewer may see: an agent by permission, a contact their own client."""
        if not viewer.user.is_active:
            return self.none()
        if isinstance(viewer, Agent):
            return self if viewer.may(Permission.CLIENTS_VIEW) else self.none()
        return self.filter(pk=viewer.client_id)


class Client(models.Model):
    """A company served."""

    public_id = models.CharField(max_length=22, unique=True, default=new_public_id)
    name = models.CharField(max_length=200)
    account_manager = models.ForeignKey(Agent, models.SET_NULL, null=True, blank=True, related_name="clients")
    phone = models.CharField(max_length=40, blank=True)
    time_zone = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField()

    objects: ClassVar[ClientQuerySet] = ClientQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("name"), name="client_name_unique"),
            models.CheckConstraint(condition=~models.Q(name=""), name="client_name_given"),
        ]

    def __str__(self) -> str:
        return self.name


class Domain(models.Model):
    """A mail domain of a client, lower case: people who write from it join the client."""

    client = models.ForeignKey(Client, models.CASCADE, related_name="domains")
    name = models.CharField(max_length=253, unique=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(name=Lower("name")), name="domain_lower_case"),
            models.CheckConstraint(condition=~models.Q(name=""), name="domain_name_given"),
        ]

    def __str__(self) -> str:
        return self.name


ContactRights = tuple[bool, bool, bool]
"""Whether a contact is active, sees tickets of colleagues, and is of any client."""


class ContactQuerySet(models.QuerySet["Contact"]):
    """Chainable filters over contacts. Interfaces begin every lookup with `visible_to`."""

    def visible_to(self, viewer: "Agent | Contact") -> Self:
        """Keep what the viewer may see: an agent by permission, a contact themselves and their colleagues."""
        if not viewer.user.is_active:
            return self.none()
        if isinstance(viewer, Agent):
            return self if viewer.may(Permission.CLIENTS_VIEW) else self.none()
        own = models.Q(pk=viewer.pk)
        return self.filter(own | models.Q(client=viewer.client_id) if viewer.client_id else own)

    def with_address(self, address: str) -> Self:
        """Keep the contact who owns the address, ignoring case."""
        return self.filter(user__in=User.objects.with_address(address))

    def with_people(self) -> Self:
        """Load the person and the client with each contact."""
        return self.select_related("user", "client")


class Contact(models.Model):
    """A person outside: belongs to one client, or to none yet."""

    user = models.OneToOneField(User, models.PROTECT, related_name="contact")
    client = models.ForeignKey(Client, models.PROTECT, null=True, blank=True, related_name="contacts")
    title = models.CharField(max_length=120, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    sees_whole_client = models.BooleanField(default=True)
    is_client_admin = models.BooleanField(default=False)
    sees_maintenance = models.BooleanField(default=True)
    """Whether the portal shows the client's maintenance figures, and the time spent on tickets."""

    gets_ticket_mail = models.BooleanField(default=True)
    """Whether messages come by mail too, or wait in the portal alone. Sign-in links always come by mail."""

    gets_all_ticket_mail = models.BooleanField(default=False)
    """Whether mail comes of colleagues' tickets as well, as long as the contact may see those."""

    time_zone = models.CharField(max_length=60, blank=True)
    """The zone the portal shows times in (IANA). Empty: the client's, or else the desk's."""

    dismissed_announcement = models.CharField(max_length=16, blank=True)
    """The version of the announcement this person does not want to see any more."""

    language = models.CharField(max_length=5, blank=True)
    """In which mail to them is written, a code of core/languages.py; empty: the desk's."""

    objects: ClassVar[ContactQuerySet] = ContactQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(gets_all_ticket_mail=False) | models.Q(gets_ticket_mail=True),
                name="contact_all_mail_is_mail",
            ),
        ]

    def __str__(self) -> str:
        return str(self.user)

    @property
    def sees_colleagues_tickets(self) -> bool:
        """Whether the contact may read every ticket of a client."""
        return self.sees_whole_client and self.client_id is not None

    def shape(self) -> ContactRights:
        """Return everything that decides what the contact sees, see `core.shapes`."""
        return self.user.is_active, self.sees_whole_client, self.client_id is not None

    def values(self) -> tuple[int, ...]:
        """Return the ids that tell the contact from others of the same rights."""
        own = (self.pk, self.user_id)
        return own if self.client_id is None else (*own, self.client_id)

    @classmethod
    def standing_in(cls, shape: ContactRights, values: tuple[int, ...]) -> Self:
        """Return a contact who is nobody."""
        is_active, sees_whole_client, _ = shape
        pk, user_id, *client = values
        client_id = client[0] if client else None
        contact = nobody(cls, id=pk, client_id=client_id, sees_whole_client=sees_whole_client)
        contact.user = nobody(User, id=user_id, is_active=is_active)
        return contact

    @property
    def name(self) -> str:
        """The person's name."""
        return self.user.name

    @property
    def email(self) -> str:
        """The address mail to this person goes to."""
        return self.user.email

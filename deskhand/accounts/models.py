"""Users, agents, roles, teams, one-time sign-in links and rate-limit counters."""

import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Any, ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac

from deskhand.accounts.roles import Permission, Visibility
from deskhand.core.built import built_once
from deskhand.core.conditions import is_among_texts
from deskhand.core.remembering import remembered
from deskhand.core.shapes import nobody


class UserQuerySet(models.QuerySet["User"]):
    """Chainable filters over users."""

    def with_address(self, address: str) -> Self:
        """Keep users who own the address, primary or not, ignoring case."""
        flat = address.lower()
        return self._owning(Q(flat_email=flat), Q(emailaddress__email=flat))

    def with_addresses(self, addresses: Iterable[str]) -> Self:
        """Keep users who own one of these addresses, primary or not, ignoring case; each by an index of its own."""
        flat = [address.lower() for address in addresses]
        return self._owning(is_among_texts("flat_email", flat), is_among_texts("emailaddress__email", flat))

    def _owning(self, primary: Q, other: Q) -> Self:
        everyone = User.objects.order_by()
        owners = everyone.annotate(flat_email=Lower("email")).filter(primary).values("pk")
        return self.filter(pk__in=owners.union(everyone.filter(other).values("pk")))


class UserManager(BaseUserManager["User"]):
    """Django's manager; users are made by actions."""

    def get_by_natural_key(self, username: str | None) -> "User":
        """Find a user by e-mail address, ignoring case."""
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A person: agent or contact. One row a person, whether or not they ever sign in."""

    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=200)
    is_active = models.BooleanField(default=True)
    theme = models.CharField(max_length=6, default="system")
    uses_shortcuts = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    last_seen_at = models.DateTimeField(null=True)
    session_epoch = models.PositiveIntegerField(default=0)
    """Counted up to end every session: each one carries a hash of the epoch it began in."""

    picture_key = models.CharField(max_length=22, blank=True)
    """What the address of the person's picture ends in; another picture has another. Empty: initials are shown."""

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    objects: ClassVar[Any] = UserManager.from_queryset(UserQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_unique"),
            # Follows from the one above, which Django does not know: what signs people in must be unique as it stands.
            models.UniqueConstraint(fields=["email"], name="user_email_unique_as_written"),
            models.UniqueConstraint(
                fields=["picture_key"], condition=~models.Q(picture_key=""), name="user_picture_key_unique"
            ),
            models.CheckConstraint(condition=models.Q(theme__in=["system", "light", "dark"]), name="user_theme_known"),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def seen_at(self) -> datetime | None:
        """When this person was last here, to the hour: signing in counts. None for someone who never was."""
        return max(filter(None, (self.last_seen_at, self.last_login)), default=None)

    @property
    def first_name(self) -> str:
        """The first word of the name, for greetings."""
        return self.name.split()[0] if self.name.strip() else self.email.split("@")[0]

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Return what sessions are checked against (Django asks for it): the password and the epoch."""
        key = f"{self.session_epoch}:{self.password}"
        return salted_hmac("deskhand.session", key, secret=secret, algorithm="sha256").hexdigest()


class UserPicture(models.Model):
    """A person's picture, square and drawn anew, as JPEG; found by the `picture_key` of the person."""

    user = models.OneToOneField(User, models.CASCADE, primary_key=True, related_name="picture")
    jpeg = models.BinaryField()

    def __str__(self) -> str:
        return f"picture of {self.user_id}"


class Role(models.Model):
    """A named set of permissions and how much of the desk it sees."""

    name = models.CharField(max_length=60)
    slug = models.SlugField(max_length=60, unique=True)
    permissions = ArrayField(models.CharField(max_length=60), default=list)
    visibility = models.CharField(max_length=12, choices=Visibility.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("name"), name="role_name_unique"),
            models.CheckConstraint(condition=models.Q(visibility__in=Visibility.values), name="role_visibility_known"),
        ]

    def __str__(self) -> str:
        return self.name

    def grants(self, permission: Permission) -> bool:
        """Return whether the role holds the permission."""
        return permission.value in self.permissions


class Team(models.Model):
    """A group of agents that tickets can be assigned to."""

    name = models.CharField(max_length=80)
    members: "models.ManyToManyField[Agent, Any]" = models.ManyToManyField("Agent", related_name="teams", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("name"), name="team_name_unique"),
            models.CheckConstraint(condition=~models.Q(name=""), name="team_name_given"),
        ]

    def __str__(self) -> str:
        return self.name


AgentRights = tuple[bool, str, tuple[str, ...]]
"""Whether an agent is active, how far their role sees, and what it permits."""


class AgentQuerySet(models.QuerySet["Agent"]):
    """Chainable filters over agents."""

    def active(self) -> Self:
        """Keep those who still work here, by name."""
        return self.filter(user__is_active=True).select_related("user", "role").order_by("user__name")


class Agent(models.Model):
    """Someone who works here."""

    user = models.OneToOneField(User, models.PROTECT, related_name="agent")
    role = models.ForeignKey(Role, models.PROTECT, related_name="agents")
    title = models.CharField(max_length=120, blank=True)
    phone = models.CharField(max_length=40, blank=True)

    objects: ClassVar[AgentQuerySet] = AgentQuerySet.as_manager()  # type: ignore[assignment]

    def __str__(self) -> str:
        return str(self.user)

    @property
    def name(self) -> str:
        """The person's name."""
        return self.user.name

    def may(self, permission: Permission) -> bool:
        """Return whether the agent's role grants the permission; never queries when the role is loaded."""
        return self.user.is_active and self.role.grants(permission)

    def shape(self) -> AgentRights:
        """Return everything that decides what the agent sees, see `core.shapes`."""
        return self.user.is_active, self.role.visibility, tuple(self.role.permissions)

    def values(self) -> tuple[int, int]:
        """Return the ids that tell the agent from others of the same rights."""
        return self.pk, self.user_id

    @classmethod
    def standing_in(cls, shape: AgentRights, values: tuple[int, ...]) -> Self:
        """Return an agent who is nobody."""
        is_active, visibility, permissions = shape
        pk, user_id = values
        agent = nobody(cls, id=pk)
        agent.user = nobody(User, id=user_id, is_active=is_active)
        agent.role = nobody(Role, id=None, visibility=visibility, permissions=list(permissions))
        return agent


def new_public_id() -> str:
    """Return an unguessable identifier: 128 random bits, URL-safe, 22 characters."""
    return secrets.token_urlsafe(16)


class SignInLink(models.Model):
    """A one-time sign-in link. Its token is this row's public id with a signature; the id alone opens nothing."""

    public_id = models.CharField(max_length=22, unique=True, default=new_public_id)
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    next_path = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("created_at")),
                name="sign_in_link_expires",
            ),
        ]

    def __str__(self) -> str:
        return f"sign-in link of user {self.user_id}"


class RateLimit(models.Model):
    """How often something was tried within one window, counted atomically by upsert."""

    key = models.CharField(max_length=160, unique=True)
    window_started_at = models.DateTimeField()
    count = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.key}: {self.count}"


class Desk(models.Model):
    """What the desk is called and how it is reached; one row."""

    name = models.CharField(max_length=80, default="Deskhand")
    phone = models.CharField(max_length=40, blank=True)
    opening_words = models.CharField(
        max_length=300,
        default="We answer every ticket within two working days, often much faster. "
        "If orders cannot be placed or fulfilled, call us at any hour.",
        blank=True,
    )
    footer_text = models.CharField(max_length=300, blank=True)
    # "#rrggbb" as it was chosen; what is shown is core.colors.accent_of of it. Empty: the portal's own green.
    accent = models.CharField(max_length=7, blank=True)
    # The beginning of the logo's SHA-256, so that a page needs no look at the picture. Empty: no logo.
    logo_version = models.CharField(max_length=16, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="desk_one_row"),
            models.CheckConstraint(condition=~models.Q(name=""), name="desk_name_given"),
            models.CheckConstraint(
                condition=models.Q(accent="") | models.Q(accent__regex="^#[0-9a-f]{6}$"), name="desk_accent_is_color"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def current(cls) -> "Desk":
        """Return the one row, or the defaults where nobody changed any."""
        return remembered("desk", lambda: next(iter(_desks()), None) or cls(pk=1))


@built_once
def _desks() -> "models.QuerySet[Desk]":
    return Desk.objects.filter(pk=1)


class DeskLogo(models.Model):
    """The logo of the desk, as it was drawn anew; one row or none."""

    desk = models.OneToOneField(Desk, models.CASCADE, primary_key=True, related_name="logo")
    png = models.BinaryField()
    icon_png = models.BinaryField()

    def __str__(self) -> str:
        return f"logo of {self.desk_id}"

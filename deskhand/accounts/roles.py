"""What a role can hold: permissions and visibility. The shipped roles are made by a migration."""

from enum import StrEnum

from django.db import models


class Permission(StrEnum):
    """Every right a role can grant, `noun:verb`."""

    TICKETS_REPLY = "tickets:reply"
    TICKETS_TEAM_MESSAGE = "tickets:team_message"
    TICKETS_NOTE = "tickets:note"
    TICKETS_ASSIGN = "tickets:assign"
    TICKETS_CHANGE = "tickets:change"
    TICKETS_CREATE = "tickets:create"
    CLIENTS_VIEW = "clients:view"
    CLIENTS_CONTACT_DETAILS = "clients:contact_details"
    MAIL_LOG_VIEW = "mail:log"
    SETTINGS_MANAGE = "settings:manage"


class Visibility(models.TextChoices):
    """Which tickets a role sees."""

    ALL = "all"
    TEAM = "team"
    UNASSIGNED = "unassigned"
    ASSIGNED = "assigned"


SHIPPED_ROLES: dict[str, tuple[str, list[Permission], Visibility]] = {
    "admin": ("Admin", list(Permission), Visibility.ALL),
    "manager": (
        "Manager",
        [right for right in Permission if right is not Permission.SETTINGS_MANAGE],
        Visibility.ALL,
    ),
    "agent": (
        "Agent",
        [right for right in Permission if right not in {Permission.SETTINGS_MANAGE, Permission.MAIL_LOG_VIEW}],
        Visibility.ALL,
    ),
    "contractor": (
        "Contractor",
        [
            Permission.TICKETS_REPLY,
            Permission.TICKETS_TEAM_MESSAGE,
            Permission.TICKETS_NOTE,
            Permission.TICKETS_CHANGE,
        ],
        Visibility.ASSIGNED,
    ),
}

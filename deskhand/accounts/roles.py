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
    CLIENTS_CHANGE = "clients:change"
    TIME_LOG = "time:log"
    ALLOWANCES_VIEW = "allowances:view"
    ALLOWANCES_MANAGE = "allowances:manage"
    MAIL_LOG_VIEW = "mail:log"
    SETTINGS_MANAGE = "settings:manage"

    @property
    def label(self) -> str:
        """What it lets a person do, for pages that list rights."""
        return _LABELS[self]


_LABELS = {
    Permission.TICKETS_REPLY: "Reply to clients",
    Permission.TICKETS_TEAM_MESSAGE: "Write to the team",
    Permission.TICKETS_NOTE: "Edit the note of a ticket",
    Permission.TICKETS_ASSIGN: "Assign tickets",
    Permission.TICKETS_CHANGE: "Change status, priority, category, dates and tags",
    Permission.TICKETS_CREATE: "Open tickets for clients",
    Permission.CLIENTS_VIEW: "See clients and their people",
    Permission.CLIENTS_CONTACT_DETAILS: "See addresses and phone numbers",
    Permission.CLIENTS_CHANGE: "Add and change clients and their people",
    Permission.TIME_LOG: "Log time, and correct their own",
    Permission.ALLOWANCES_VIEW: "See allowances, statements and everyone's time",
    Permission.ALLOWANCES_MANAGE: "Start and end plans, adjust and top up allowances, correct everyone's time",
    Permission.MAIL_LOG_VIEW: "Read the mail log",
    Permission.SETTINGS_MANAGE: "Change the settings",
}


class Visibility(models.TextChoices):
    """Which tickets a role sees."""

    ALL = "all", "All tickets"
    TEAM = "team", "Tickets of their teams, and their own"
    UNASSIGNED = "unassigned", "Unassigned tickets, and their own"
    ASSIGNED = "assigned", "Their own tickets"


_NOT_OF_AGENTS = {Permission.SETTINGS_MANAGE, Permission.MAIL_LOG_VIEW, Permission.ALLOWANCES_MANAGE}
SHIPPED_ROLES: dict[str, tuple[str, list[Permission], Visibility]] = {
    "admin": ("Admin", list(Permission), Visibility.ALL),
    "manager": (
        "Manager",
        [right for right in Permission if right is not Permission.SETTINGS_MANAGE],
        Visibility.ALL,
    ),
    "agent": (
        "Agent",
        [right for right in Permission if right not in _NOT_OF_AGENTS],
        Visibility.ALL,
    ),
    "contractor": (
        "Contractor",
        [
            Permission.TICKETS_REPLY,
            Permission.TICKETS_TEAM_MESSAGE,
            Permission.TICKETS_NOTE,
            Permission.TICKETS_CHANGE,
            Permission.TIME_LOG,
        ],
        Visibility.ASSIGNED,
    ),
}

"""What the workspace's navigation shows: the views with their counts, then the pages this agent may open."""

from dataclasses import dataclass

from deskhand.accounts.models import Agent
from deskhand.accounts.roles import Permission
from deskhand.tickets.queries.views import View


@dataclass(frozen=True)
class ViewItem:
    """A view of the inbox in the navigation."""

    view: View
    icon: str
    keys: str = ""


@dataclass(frozen=True)
class PageItem:
    """A page beside the inbox: the name of its address, and who may open it. `section` marks it as current.

    Any one of the `permissions` suffices; without any, every agent may.
    """

    section: str
    label: str
    icon: str
    address: str
    permissions: tuple[Permission, ...] = ()
    keys: str = ""


WORK = [
    ViewItem(View.INBOX, "inbox", "g i"),
    ViewItem(View.MINE, "circle-user-round", "g m"),
    ViewItem(View.UNASSIGNED, "user-round-x", "g u"),
    ViewItem(View.MENTIONS, "at-sign"),
    ViewItem(View.DRAFTS, "pencil-line"),
]
STATUS = [
    ViewItem(View.AWAITING, "hourglass", "g a"),
    ViewItem(View.SNOOZED, "alarm-clock", "g s"),
    ViewItem(View.CLOSED, "circle-check"),
    ViewItem(View.SPAM, "shield-ban"),
]
HELD_MAIL = PageItem(
    "held_mail", "Held mail", "shield-alert", "workspace:settings_quarantine", (Permission.SETTINGS_MANAGE,)
)
"""Shown while mail waits for somebody to decide about it: nothing else would tell of it."""
PAGES = [
    PageItem("clients", "Clients", "users-round", "workspace:clients", (Permission.CLIENTS_VIEW,), "g c"),
    PageItem("time", "Time log", "clock-3", "workspace:time_log", (Permission.TIME_LOG,)),
    PageItem(
        "settings",
        "Settings",
        "settings",
        "workspace:settings",
        (Permission.SETTINGS_MANAGE, Permission.MAIL_LOG_VIEW),
        "g ,",
    ),
]
NEW_TICKET: PageItem | None = PageItem(
    "new_ticket", "New ticket", "square-pen", "workspace:new_ticket", (Permission.TICKETS_CREATE,), "c"
)
"""The button beside the search."""
ACCOUNT = [PageItem("profile", "Profile", "circle-user-round", "workspace:profile")]
"""Pages in the menu behind the agent's name."""


def allowed(items: list[PageItem], agent: Agent) -> list[PageItem]:
    """Return the pages this agent may open."""
    return [
        item for item in items if not item.permissions or any(agent.may(permission) for permission in item.permissions)
    ]

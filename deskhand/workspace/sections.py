"""The sections of the settings, and who may open which."""

from dataclasses import dataclass

from deskhand.accounts.models import Agent
from deskhand.accounts.roles import Permission


@dataclass(frozen=True)
class Section:
    """One section: its address's name, what it is for, and the permission it takes."""

    address: str
    label: str
    icon: str
    about: str
    permission: Permission = Permission.SETTINGS_MANAGE


@dataclass(frozen=True)
class Group:
    """Sections that belong together."""

    label: str
    sections: list[Section]


GROUPS = [
    Group(
        "The desk",
        [
            Section(
                "workspace:settings_general",
                "General",
                "sliders-horizontal",
                "The desk's name, phone and opening words.",
            ),
            Section(
                "workspace:settings_branding", "Branding", "palette", "Color, logo and footer, as clients see them."
            ),
            Section(
                "workspace:settings_portal", "Portal", "app-window", "Help for clients, and what is announced to them."
            ),
        ],
    ),
    Group(
        "People",
        [
            Section(
                "workspace:settings_agents", "Agents and roles", "users-round", "Who works here, and what they may do."
            ),
            Section("workspace:settings_teams", "Teams", "network", "Groups that tickets can be assigned to."),
        ],
    ),
    Group(
        "Tickets",
        [
            Section("workspace:settings_tickets", "Tickets", "ticket", "What becomes of a ticket after a reply."),
            Section(
                "workspace:settings_statuses", "Statuses", "circle-dot", "Your own names for where a ticket stands."
            ),
            Section("workspace:settings_categories", "Categories", "shapes", "What clients can ask about."),
            Section("workspace:settings_tags", "Tags", "tags", "The team's own labels."),
        ],
    ),
    Group(
        "Promises",
        [
            Section(
                "workspace:settings_promise", "Response promise", "timer", "Working hours, holidays, policies, on call."
            ),
            Section(
                "workspace:settings_allowances",
                "Allowances",
                "gauge",
                "How work is charged, and when months are final.",
            ),
        ],
    ),
    Group(
        "E-mail",
        [
            Section("workspace:settings_mailboxes", "Mailboxes", "mailbox", "The addresses clients write to."),
            Section(
                "workspace:settings_texts",
                "E-mail texts",
                "mail",
                "What the desk sends by itself, and what replies quote.",
            ),
            Section("workspace:settings_spam", "Spam list", "shield-ban", "Senders whose mail makes no ticket."),
            Section(
                "workspace:settings_quarantine", "Quarantine", "shield-alert", "Mail that was held, refused or failed."
            ),
            Section(
                "workspace:settings_undeliverable",
                "Undeliverable",
                "mail-x",
                "Addresses nothing is sent to: mail came back for good.",
            ),
            Section(
                "workspace:mail_log",
                "Mail log",
                "mails",
                "Every mail that came in or went out, and how far it got.",
                Permission.MAIL_LOG_VIEW,
            ),
        ],
    ),
]


def sections_for(agent: Agent) -> list[Group]:
    """Return the sections this agent may open, in their groups."""
    allowed = (
        Group(group.label, [section for section in group.sections if agent.may(section.permission)]) for group in GROUPS
    )
    return [group for group in allowed if group.sections]

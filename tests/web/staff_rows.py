"""Who gets into the workspace's clients, settings, mail log and profile. See test_access_table.py."""

from typing import Any

from deskhand.accounts.models import Team
from deskhand.mail.actions.receiving import store
from deskhand.mail.models import Door, OutboundMail
from deskhand.tickets.models import Category, Status, Tag
from tests.cast import NOON
from tests.web.access_rows import ADMIN, AGENTS, SEES_TICKET, Row, Stage, number

STAFF = frozenset({"ada", "ben"})  # Kit, the contractor, sees no clients


def client(stage: Stage) -> dict[str, Any]:
    """The client's public id."""
    return {"public_id": stage.cast.acme.public_id}


def contact(stage: Stage) -> dict[str, Any]:
    """The contact's id."""
    return {"contact_id": stage.cast.cleo.pk}


def agent(stage: Stage) -> dict[str, Any]:
    """The agent's id."""
    return {"agent_id": stage.cast.ben.pk}


def first_status(_: Stage) -> dict[str, Any]:
    """A status."""
    return {"status_id": Status.objects.in_order()[0].pk}


def first_category(_: Stage) -> dict[str, Any]:
    """A category."""
    return {"category_id": Category.objects.order_by("position")[0].pk}


def some_tag(_: Stage) -> dict[str, Any]:
    """A tag."""
    return {"tag_id": Tag.objects.get_or_create(name="checkout")[0].pk}


def some_team(_: Stage) -> dict[str, Any]:
    """A team."""
    return {"team_id": Team.objects.get_or_create(name="Support")[0].pk}


def mail_out(_: Stage) -> dict[str, Any]:
    """The mail of Ben's answer."""
    return {"mail_id": OutboundMail.objects.order_by("id")[0].pk}


def mail_in(_: Stage) -> dict[str, Any]:
    """A mail that came in."""
    raw = (
        b"From: cleo@acme.example\r\nTo: support@desk.example\r\nSubject: Hi\r\nContent-Type: text/html\r\n\r\n<p>Hello"
    )
    return {"mail_id": store(raw, door=Door.LMTP, at=NOON).pk}


def form(name: str, who: frozenset[str], arguments: Any = lambda _: {}) -> list[Row]:
    """Return the rows of a page with a form: seen and sent by the same people."""
    return [Row(name, who, arguments=arguments), Row(name, who, "POST", arguments=arguments)]


STAFF_ROWS: list[Row] = [
    Row("workspace:on_call", AGENTS),
    Row("workspace:taking_on", SEES_TICKET, arguments=number),
    Row("workspace:notifications", AGENTS),
    Row("workspace:notifications_bell", AGENTS),
    Row("workspace:notifications_reading", AGENTS, "POST"),
    Row("workspace:notification_reading", AGENTS, "POST", arguments=lambda _: {"notification_id": 1}),
    *form("workspace:notification_choices", AGENTS),
    Row("workspace:acknowledgement", SEES_TICKET, "POST", arguments=number),
    Row("workspace:ticket_time", SEES_TICKET, "POST", arguments=number),
    Row("workspace:estimates", SEES_TICKET, "POST", arguments=number),
    Row("workspace:estimate_withdrawal", SEES_TICKET, "POST", arguments=number),
    *form("workspace:new_ticket", STAFF),
    Row("workspace:clients", STAFF),
    *form("workspace:new_client", STAFF),
    Row("workspace:client", STAFF, arguments=client),
    *form("workspace:edit_client", STAFF, client),
    Row("workspace:client_note", STAFF, "POST", arguments=client),
    *form("workspace:new_contact", STAFF, client),
    Row("workspace:contacts", STAFF),
    Row("workspace:contact_matches", STAFF),
    *form("workspace:contact", STAFF, contact),
    Row("workspace:contact_client", STAFF, "POST", arguments=contact),
    Row("workspace:contact_link", STAFF, "POST", arguments=contact),
    Row("workspace:settings", ADMIN),
    *(form("workspace:settings_general", ADMIN)),
    *(form("workspace:settings_branding", ADMIN)),
    Row("workspace:settings_branding_preview", ADMIN),
    Row("workspace:settings_logo", ADMIN, "POST"),
    Row("workspace:settings_logo_removal", ADMIN, "POST"),
    *(form("workspace:settings_tickets", ADMIN)),
    *(form("workspace:settings_statuses", ADMIN)),
    *(form("workspace:settings_status", ADMIN, first_status)),
    Row("workspace:settings_status_place", ADMIN, "POST", arguments=first_status),
    *(form("workspace:settings_status_removal", ADMIN, first_status)),
    *(form("workspace:settings_categories", ADMIN)),
    *(form("workspace:settings_category", ADMIN, first_category)),
    Row("workspace:settings_category_place", ADMIN, "POST", arguments=first_category),
    Row("workspace:settings_tags", ADMIN),
    *(form("workspace:settings_tag", ADMIN, some_tag)),
    Row("workspace:settings_tag_removal", ADMIN, arguments=some_tag),
    Row("workspace:settings_tag_removal", ADMIN, "POST", arguments=some_tag),
    Row("workspace:settings_agents", ADMIN),
    *(form("workspace:settings_new_agent", ADMIN)),
    *(form("workspace:settings_agent", ADMIN, agent)),
    Row("workspace:settings_agent_role", ADMIN, "POST", arguments=agent),
    Row("workspace:settings_agent_link", ADMIN, "POST", arguments=agent),
    Row("workspace:settings_agent_activity", ADMIN, "POST", arguments=agent),
    *(form("workspace:settings_teams", ADMIN)),
    *(form("workspace:settings_team", ADMIN, some_team)),
    Row("workspace:settings_team_members", ADMIN, "POST", arguments=some_team),
    Row("workspace:mail_log", ADMIN),
    Row("workspace:mail_in", ADMIN, arguments=mail_in),
    Row("workspace:mail_in_body", ADMIN, arguments=mail_in),
    Row("workspace:mail_raw", ADMIN, arguments=mail_in),
    Row("workspace:mail_out", ADMIN, arguments=mail_out),
    Row("workspace:mail_out_body", ADMIN, arguments=mail_out),
    *form("workspace:profile", AGENTS),
    Row("workspace:profile_password", AGENTS, "POST"),
    Row("workspace:profile_sessions", AGENTS, "POST"),
]

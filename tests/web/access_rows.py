"""The table of every route and who gets in. See test_access_table.py."""

from dataclasses import dataclass

from django.utils import timezone

from tests.web.stage import (
    Arguments,
    a_category,
    a_client,
    a_colleague,
    a_contact,
    a_dead_address,
    a_guest_link,
    a_help_section,
    a_holiday,
    a_listing,
    a_mail_in,
    a_mail_out,
    a_mailbox,
    a_plan,
    a_policy,
    a_rating_link,
    a_recalculation,
    a_statement,
    a_status,
    a_tag,
    a_team,
    a_text,
    a_time_entry,
    an_agent,
    an_approval_link,
    an_estimate,
    an_invitation,
    an_unfollow_link,
    by_mail,
    connected_mailbox,
    file,
    framed,
    managing,
    nothing,
    number,
    provider_address,
    some_hours,
    with_logo,
    with_picture,
)


@dataclass(frozen=True)
class Row:
    """One route, one method, and who gets in."""

    name: str
    gets_in: frozenset[str]
    method: str = "GET"
    arguments: Arguments = nothing
    body: str = ""
    ends_at_sign_in: bool = False
    """Whether those who get in are sent to the sign-in page, which elsewhere means that they did not."""


EVERYONE = frozenset({"ada", "ben", "kit", "cleo", "dev", "eve", "nobody"})
PEOPLE = EVERYONE - {"nobody"}
AGENTS = frozenset({"ada", "ben", "kit"})
CONTACTS = frozenset({"cleo", "dev", "eve"})
ACME = frozenset({"cleo", "dev"})
SEES_TICKET = frozenset({"ada", "ben"})
ADMIN = frozenset({"ada"})


ROWS: list[Row] = [
    Row("web:sign_in", EVERYONE),
    Row("web:sign_in_password", EVERYONE),
    # Nobody asked for a link in these tests, so everyone is sent to ask; signing out ends there as well.
    Row("web:sign_in_sent", EVERYONE, ends_at_sign_in=True),
    Row("web:sign_out", EVERYONE, "POST", ends_at_sign_in=True),
    Row("web:sign_in_link", EVERYONE, arguments=lambda _: {"token": "forged"}),
    Row("web:upload", PEOPLE, "POST"),
    Row("web:file", SEES_TICKET | ACME, arguments=file),
    Row("web:file_inline", SEES_TICKET | ACME, arguments=file),
    Row("web:new_ticket_draft", PEOPLE, "PUT", body="{}"),
    Row(
        "web:draft",
        SEES_TICKET | ACME,
        "PUT",
        arguments=lambda stage: {"number": stage.ticket.number, "audience": "client"},
        body="{}",
    ),
    Row("web:theme", PEOPLE, "POST", body="theme=dark"),
    Row("web:alive", EVERYONE),
    Row("web:brand", EVERYONE),
    Row("web:icon", EVERYONE),
    Row("web:logo", EVERYONE, arguments=with_logo),
    Row("web:picture", PEOPLE, arguments=with_picture),
    Row("web:ready", EVERYONE),
]

# An agent who opens a page of the portal is sent to the workspace, which the table counts as an answer.
ANY_PAGE = CONTACTS | AGENTS
ACME_PAGE = ACME | AGENTS


CLEO_MANAGES = AGENTS | {"cleo"}


ROWS += [
    Row("portal:home", ANY_PAGE),
    Row("portal:tickets", ANY_PAGE),
    Row("portal:search", ANY_PAGE),
    Row("portal:closed", ANY_PAGE),
    Row("portal:new_ticket", ANY_PAGE),
    Row("portal:new_ticket", CONTACTS, "POST"),
    Row("portal:similar", ANY_PAGE),
    Row("portal:details", ANY_PAGE),
    Row("portal:details", CONTACTS, "POST"),
    *(Row(f"portal:{name}", CONTACTS, "POST") for name in ("password", "picture", "picture_removal")),
    Row("portal:all_files", ANY_PAGE),
    Row("portal:help", ANY_PAGE),
    Row("portal:announcement_dismissal", CONTACTS, "POST"),
    Row("portal:people", CLEO_MANAGES, arguments=managing),
    Row("portal:invitation", CLEO_MANAGES, arguments=managing),
    Row("portal:invitation", frozenset({"cleo"}), "POST", arguments=managing),
    *(Row(f"portal:{name}", CLEO_MANAGES, arguments=a_colleague) for name in ("person", "person_removal")),
    *(Row(f"portal:{name}", frozenset({"cleo"}), "POST", arguments=a_colleague) for name in ("person", "person_link")),
    *(
        Row(f"portal:invitation_{name}", frozenset({"cleo"}), "POST", arguments=an_invitation)
        for name in ("link", "withdrawal")
    ),
    Row("portal:maintenance", ANY_PAGE),
    Row("portal:maintenance_export", ANY_PAGE),
    Row("portal:ticket", ACME_PAGE, arguments=number),
    Row("portal:opened", ACME_PAGE, arguments=number),
    Row("portal:message_body", ACME_PAGE, arguments=framed),
    Row("portal:approval", ACME, "POST", arguments=an_estimate, body="decision=approve"),
    *(
        Row(f"portal:{verb}", ACME, "POST", arguments=number)
        for verb in ("messages", "closing", "reopening", "follow_ups", "files", "participants", "chasing", "rating")
    ),
]


ROWS += [
    # The link decides, whoever opens it; it signs nobody in. Forged and foreign ones: tests/portal/test_guests.py.
    Row("portal:guest", EVERYONE, arguments=a_guest_link),
    *(
        Row(f"portal:guest_{verb}", EVERYONE, "POST", arguments=a_guest_link)
        for verb in ("messages", "closing", "follow_ups", "rating", "upload", "sign_in")
    ),
    *(Row("portal:approval_by_link", EVERYONE, method, arguments=an_approval_link) for method in ("GET", "POST")),
    *(Row("portal:rating_by_link", EVERYONE, method, arguments=a_rating_link) for method in ("GET", "POST")),
    Row(
        "portal:guest_message_body",
        EVERYONE,
        arguments=lambda stage: a_guest_link(stage) | {"public_id": stage.message.public_id},
    ),
    *(
        Row(name, EVERYONE, arguments=lambda stage: a_guest_link(stage) | file(stage))
        for name in ("portal:guest_file", "portal:guest_file_inline")
    ),
    *(Row("portal:unfollow", EVERYONE, method, arguments=an_unfollow_link) for method in ("GET", "POST")),
    Row("portal:following", ACME, "POST", arguments=number),
]

TICKET_PARTS = ("ticket", "timeline", "ticket_details", "ticket_history", "row", "people", "note")
TICKET_VERBS = (
    "reading", "messages", "acceptance", "team_messages", "note", "assignment", "team", "following", "status",
    "closing", "reopening", "subject", "priority", "category", "needed_by", "due", "tags", "deliveries",
    "requester",
)  # fmt: skip

ROWS += [
    Row("workspace:home", AGENTS),
    Row("workspace:inbox", AGENTS),
    *(Row(f"workspace:{name}", SEES_TICKET, arguments=number) for name in TICKET_PARTS),
    *(Row(f"workspace:{name}", SEES_TICKET, "POST", arguments=number) for name in TICKET_VERBS),
    Row("workspace:message_body", SEES_TICKET, arguments=framed),
    Row("workspace:original", SEES_TICKET, arguments=by_mail),
    Row("workspace:original_body", SEES_TICKET, arguments=by_mail),
]

SEES_CLIENTS = frozenset({"ada", "ben"})
"""Who sees, opens for and changes clients: admins and agents, not contractors."""


ROWS += [
    Row("workspace:new_ticket", SEES_CLIENTS),
    Row("workspace:new_ticket", SEES_CLIENTS, "POST"),
    Row("workspace:clients", SEES_CLIENTS),
    Row("workspace:new_client", SEES_CLIENTS),
    Row("workspace:new_client", SEES_CLIENTS, "POST"),
    *(Row(f"workspace:{name}", SEES_CLIENTS, arguments=a_client) for name in ("client", "edit_client", "new_contact")),
    *(
        Row(f"workspace:{name}", SEES_CLIENTS, "POST", arguments=a_client)
        for name in ("edit_client", "client_note", "new_contact")
    ),
    Row("workspace:contacts", SEES_CLIENTS),
    Row("workspace:contact_matches", SEES_CLIENTS),
    Row("workspace:contact", SEES_CLIENTS, arguments=a_contact),
    *(
        Row(f"workspace:{name}", SEES_CLIENTS, "POST", arguments=a_contact)
        for name in ("contact", "contact_access", "contact_client", "contact_link")
    ),
]


OF_SETTINGS: list[tuple[Arguments, tuple[str, ...], tuple[str, ...]]] = [
    (nothing, ("general", "tickets"), ("general", "tickets")),
    (nothing, ("statuses", "categories", "tags", "agents", "new_agent", "teams"), ()),
    (nothing, (), ("statuses", "categories", "new_agent", "teams")),
    (a_status, ("status", "status_removal"), ("status", "status_place", "status_removal")),
    (a_category, ("category",), ("category", "category_place")),
    (a_tag, ("tag", "tag_removal"), ("tag", "tag_removal")),
    (an_agent, ("agent",), ("agent", "agent_role", "agent_link", "agent_activity")),
    (a_team, ("team",), ("team", "team_members")),
    (nothing, ("mailboxes", "new_mailbox", "spam", "quarantine"), ("new_mailbox", "spam")),
    (a_mailbox, ("mailbox", "mailbox_imap"), ("mailbox", "mailbox_activity")),
    (a_mailbox, (), ("mailbox_imap", "mailbox_imap_test", "mailbox_imap_end")),
    (connected_mailbox, ("sign_in", "provider"), ("sign_in", "sign_in_start", "sign_in_end", "provider")),
    (a_mailbox, ("sending",), ("sending", "sending_test", "sending_mail", "sending_end")),
    (connected_mailbox, (), ("provider_address", "provider_end")),
    (nothing, ("sign_in_agreed",), ("sign_in_agreed",)),
    (a_listing, (), ("spam_removal",)),
    (a_mail_in, ("quarantine_deletion",), ("quarantine_release", "quarantine_deletion")),
    (nothing, ("texts", "undeliverable"), ("texts",)),
    (a_text, ("text", "text_preview", "text_reset"), ("text", "text_preview", "text_test", "text_reset")),
    (a_dead_address, (), ("undeliverable_removal",)),
    (nothing, ("portal", "new_help", "help_reset"), ("portal", "new_help", "help_reset")),
    (a_help_section, ("help",), ("help", "help_removal")),
]

ROWS += [
    Row("web:mail_in", EVERYONE, "POST", arguments=provider_address),
    Row("web:mail_in_mime", EVERYONE, "POST", arguments=provider_address),
    # Managers see the mail log as well; the cast has none.
    Row("workspace:settings", ADMIN),
    *(
        Row(f"workspace:settings_{name}", ADMIN, method, arguments=arguments)
        for arguments, shown, posted in OF_SETTINGS
        for method, names in (("GET", shown), ("POST", posted))
        for name in names
    ),
    Row("workspace:mail_log", ADMIN),
    *(Row(f"workspace:{name}", ADMIN, arguments=a_mail_in) for name in ("mail_in", "mail_in_body", "mail_raw")),
    *(Row(f"workspace:{name}", ADMIN, arguments=a_mail_out) for name in ("mail_out", "mail_out_body")),
    Row("workspace:profile", AGENTS),
    *(Row(f"workspace:{name}", AGENTS, "POST") for name in ("profile", "profile_password", "profile_sessions")),
    *(Row(f"workspace:profile_{name}", AGENTS, "POST") for name in ("picture", "picture_removal")),
]


ROWS += [
    Row("workspace:client_allowance", SEES_CLIENTS, arguments=a_client),
    Row("workspace:alert_contacts", ADMIN, "POST", arguments=a_client),
    *(Row("workspace:new_plan", ADMIN, method, arguments=a_client) for method in ("GET", "POST")),
    Row("workspace:plan", SEES_CLIENTS, arguments=a_plan),
    *(Row(f"workspace:plan_{name}", ADMIN, "POST", arguments=a_plan) for name in ("adjustments", "top_ups", "end")),
    Row(
        "workspace:plan_reopenings",
        ADMIN,
        "POST",
        arguments=a_plan,
        body=f"month={timezone.localdate():%Y-%m}&reason=x",
    ),
    *(
        Row(f"workspace:{name}", SEES_CLIENTS, arguments=a_statement)
        for name in ("statement", "statement_csv", "statement_pdf")
    ),
    Row("workspace:time_log", AGENTS),
    Row("workspace:time_log_csv", AGENTS),
    Row("workspace:time_entry", SEES_TICKET, arguments=a_time_entry),
    Row("workspace:time_entry", SEES_TICKET, "POST", arguments=a_time_entry),
    Row("workspace:time_entry_removal", SEES_TICKET, "POST", arguments=a_time_entry),
    *(
        Row(f"workspace:settings_{name}", ADMIN, method)
        for name in ("allowances", "new_hours", "new_policy", "on_call")
        for method in ("GET", "POST")
    ),
    Row("workspace:settings_help_place", ADMIN, "POST", arguments=a_help_section, body="direction=up"),
    Row("workspace:settings_promise", ADMIN),
    Row("workspace:settings_promise_log", ADMIN),
    Row("workspace:settings_recalculation", ADMIN, arguments=a_recalculation),
    *(
        Row(f"workspace:settings_{name}", ADMIN, method, arguments=arguments)
        for name, arguments in (
            ("hours", some_hours),
            ("holidays", some_hours),
            ("holiday", a_holiday),
            ("policy", a_policy),
        )
        for method in ("GET", "POST")
    ),
    *(
        Row(f"workspace:settings_{name}", ADMIN, "POST", arguments=arguments)
        for name, arguments in (
            ("hours_removal", some_hours),
            ("holidays_place", some_hours),
            ("holidays_calendar", some_hours),
            ("holiday_removal", a_holiday),
            ("holiday_working", a_holiday),
            ("policy_removal", a_policy),
        )
    ),
    Row("workspace:settings_policy_place", ADMIN, "POST", arguments=a_policy, body="direction=up"),
]

ROWS += [
    *(Row(f"workspace:{name}", AGENTS) for name in ("on_call", "notifications", "notifications_bell")),
    *(Row("workspace:notification_choices", AGENTS, method) for method in ("GET", "POST")),
    Row("workspace:notifications_reading", AGENTS, "POST"),
    Row("workspace:notification_reading", AGENTS, "POST", arguments=lambda _: {"notification_id": 1}),
    Row("workspace:taking_on", SEES_TICKET, arguments=number),
    *(
        Row(f"workspace:{name}", SEES_TICKET, "POST", arguments=number)
        for name in ("acknowledgement", "ticket_time", "estimates", "estimate_withdrawal")
    ),
    *(Row("workspace:settings_branding", ADMIN, method) for method in ("GET", "POST")),
    Row("workspace:settings_branding_preview", ADMIN),
    *(Row(f"workspace:settings_{name}", ADMIN, "POST") for name in ("logo", "logo_removal")),
]

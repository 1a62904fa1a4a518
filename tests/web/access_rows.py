"""The table of every route and who gets in. See test_access_table.py."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils import timezone

from deskhand.accounts.actions.desk import change_logo
from deskhand.accounts.models import Team
from deskhand.allowances.models import Estimate
from deskhand.clients.models import Contact
from deskhand.core.secrets import unseal
from deskhand.files.models import File
from deskhand.mail.actions.providers import ProviderFields, set_provider
from deskhand.mail.actions.receiving import receive
from deskhand.mail.actions.sign_in import SignInFields, set_sign_in
from deskhand.mail.models import (
    Door,
    InboundMail,
    Mailbox,
    OutboundMail,
    Provider,
    ProviderAccount,
    SignInProvider,
    SpamListing,
    SuppressedAddress,
    Verdict,
)
from deskhand.mail.oauth import endpoints_of
from deskhand.sla.models import BusinessHours, Holiday, Policy, Recalculation
from deskhand.tickets.links import Purpose, signed, token_for
from deskhand.tickets.models import Category, Kind, Message, Status, Tag, Ticket
from tests.cast import NOON, Cast, act_by
from tests.core.drawings import drawing
from tests.mail.post_office import mail
from tests.workspace.maintenance import maintained, worked


@dataclass(frozen=True)
class Stage:
    """What the routes speak of: Acme's ticket, not assigned to Kit, with a message and a file."""

    cast: Cast
    ticket: Ticket
    message: Message
    file: File


def make_stage(cast: Cast) -> Stage:
    """Open Cleo's ticket with a file and an answer."""
    ticket = cast.ticket()
    file = cast.upload(cast.ben.user)
    message = cast.staff_reply(ticket, files=[file])
    return Stage(cast=cast, ticket=ticket, message=message, file=file)


Arguments = Callable[[Stage], dict[str, Any]]


def nothing(_: Stage) -> dict[str, Any]:
    """No arguments."""
    return {}


def number(stage: Stage) -> dict[str, Any]:
    """The ticket's number."""
    return {"number": stage.ticket.number}


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


def file(stage: Stage) -> dict[str, Any]:
    """The file's public id."""
    return {"public_id": stage.file.public_id}


def with_logo(stage: Stage) -> dict[str, Any]:
    """No arguments, and a logo to be had."""
    change_logo(upload=drawing(), act=act_by(stage.cast.ada.user))
    return {}


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
    Row("web:ready", EVERYONE),
]

# An agent who opens a page of the portal is sent to the workspace, which the table counts as an answer.
ANY_PAGE = CONTACTS | AGENTS
ACME_PAGE = ACME | AGENTS


def framed(stage: Stage) -> dict[str, Any]:
    """The message's number and public id."""
    return {"number": stage.ticket.number, "public_id": stage.message.public_id}


def by_mail(stage: Stage) -> dict[str, Any]:
    """The same of a message that came by mail."""
    raw = mail("It stalls.", html="<table><tr><td>It stalls.</td></tr></table>")
    found = receive(raw, door=Door.LMTP, at=NOON)
    InboundMail.objects.filter(pk=found.pk).update(
        ticket=stage.ticket, entry=stage.message, verdict=Verdict.ENTRY_ADDED, processed_at=NOON
    )
    return framed(stage)


def an_estimate(stage: Stage) -> dict[str, Any]:
    """The ticket's number and the public id of extra work that waits for the client."""
    asked = {"minutes": 90, "description": "A new form", "asked_at": NOON, "asked_by": stage.cast.ben.user}
    estimate, _ = Estimate.objects.get_or_create(ticket=stage.ticket, defaults=asked)
    return {"number": stage.ticket.number, "public_id": estimate.public_id}


CLEO_MANAGES = AGENTS | {"cleo"}


def managing(stage: Stage) -> dict[str, Any]:
    """No arguments, and Cleo manages the people of Acme."""
    Contact.objects.filter(pk=stage.cast.cleo.pk).update(is_client_admin=True)
    return {}


def a_colleague(stage: Stage) -> dict[str, Any]:
    """Dev's id, for Cleo who manages the people."""
    return managing(stage) | {"contact_id": stage.cast.dev.pk}


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
    Row("portal:password", CONTACTS, "POST"),
    Row("portal:all_files", ANY_PAGE),
    Row("portal:help", ANY_PAGE),
    Row("portal:announcement_dismissal", CONTACTS, "POST"),
    Row("portal:people", CLEO_MANAGES, arguments=managing),
    Row("portal:invitation", CLEO_MANAGES, arguments=managing),
    Row("portal:invitation", frozenset({"cleo"}), "POST", arguments=managing),
    *(Row(f"portal:{name}", CLEO_MANAGES, arguments=a_colleague) for name in ("person", "person_removal")),
    *(Row(f"portal:{name}", frozenset({"cleo"}), "POST", arguments=a_colleague) for name in ("person", "person_link")),
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


def a_guest_link(stage: Stage) -> dict[str, Any]:
    """Cleo's link to the ticket, as a mail carries it."""
    at = datetime.now(UTC)
    return {"token": token_for(Purpose.GUEST, ticket=stage.ticket, contact=stage.cast.cleo, at=at)}


def an_unfollow_link(stage: Stage) -> dict[str, Any]:
    """Cleo's link for unfollowing the ticket."""
    at = datetime.now(UTC)
    return {"token": token_for(Purpose.UNFOLLOW, ticket=stage.ticket, contact=stage.cast.cleo, at=at)}


def an_approval_link(stage: Stage) -> dict[str, Any]:
    """Cleo's link to decide about extra work on the ticket."""
    public_id, ends_at = an_estimate(stage)["public_id"], datetime.now(UTC) + timedelta(days=1)
    return {"token": signed(Purpose.APPROVAL, public_id=public_id, contact=stage.cast.cleo, ends_at=ends_at)}


def a_rating_link(stage: Stage) -> dict[str, Any]:
    """Cleo's link to rate the ticket once it is closed."""
    public_id, ends_at = stage.ticket.public_id, datetime.now(UTC) + timedelta(days=1)
    return {"token": signed(Purpose.RATING, public_id=public_id, contact=stage.cast.cleo, ends_at=ends_at)}


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


def a_client(stage: Stage) -> dict[str, Any]:
    """Acme's public id."""
    return {"public_id": stage.cast.acme.public_id}


def a_contact(stage: Stage) -> dict[str, Any]:
    """Cleo's id as a contact."""
    return {"contact_id": stage.cast.cleo.pk}


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


def a_status(_: Stage) -> dict[str, Any]:
    """The only status of its kind, which stays whatever is asked."""
    return {"status_id": Status.objects.get(kind=Kind.SPAM).pk}


def a_category(_: Stage) -> dict[str, Any]:
    """A category's id."""
    return {"category_id": Category.objects.order_by("pk")[0].pk}


def a_tag(_: Stage) -> dict[str, Any]:
    """A tag's id."""
    return {"tag_id": Tag.objects.create(name="billing").pk}


def an_agent(stage: Stage) -> dict[str, Any]:
    """Kit's id as an agent."""
    return {"agent_id": stage.cast.kit.pk}


def a_team(_: Stage) -> dict[str, Any]:
    """A team's id."""
    return {"team_id": Team.objects.create(name="Web").pk}


def a_mail_in(_: Stage) -> dict[str, Any]:
    """A mail that came in, with HTML."""
    return {"mail_id": receive(mail(html="<p>Hello</p>"), door=Door.LMTP, at=NOON).pk}


def a_mail_out(_: Stage) -> dict[str, Any]:
    """The mail of Ben's answer."""
    return {"mail_id": OutboundMail.objects.order_by("pk")[0].pk}


def connected_mailbox(stage: Stage) -> dict[str, Any]:
    """The id of a mailbox that is set up to sign in by OAuth 2.0, and gets posts of a provider."""
    box = Mailbox.objects.create(name="Hello", address="hello@desk.example", created_at=NOON)
    found = {"mailbox_id": box.pk}
    endpoints = endpoints_of(SignInProvider.GOOGLE)
    assert endpoints is not None
    act = act_by(stage.cast.ada.user)
    set_sign_in(fields=SignInFields(SignInProvider.GOOGLE, endpoints, "desk", "secret"), act=act, **found)
    set_provider(fields=ProviderFields(Provider.POSTMARK, is_enabled=False), act=act, **found)
    return found


def provider_address(stage: Stage) -> dict[str, Any]:
    """Where Postmark posts to; while it is switched off, it is told to try again."""
    account = ProviderAccount.objects.get(**connected_mailbox(stage))
    return {"provider": account.provider, "token": unseal(account.sealed_token)}


def a_mailbox(_: Stage) -> dict[str, Any]:
    """A mailbox's id."""
    return {"mailbox_id": Mailbox.objects.create(name="Support", address="sales@desk.example", created_at=NOON).pk}


def a_listing(_: Stage) -> dict[str, Any]:
    """The id of an entry of the spam list."""
    return {"listing_id": SpamListing.objects.create(value="prizes.example", added_at=NOON).pk}


def a_text(_: Stage) -> dict[str, Any]:
    """The kind of a text."""
    return {"kind": "acknowledgement"}


def a_dead_address(_: Stage) -> dict[str, Any]:
    """The id of an address nothing is sent to."""
    return {"row_id": SuppressedAddress.objects.create(address="gone@acme.example", added_at=NOON).pk}


def a_help_section(_: Stage) -> dict[str, Any]:
    """A section that came with Deskhand."""
    return {"public_id": "chasing"}


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
    (a_mailbox, ("mailbox",), ("mailbox", "mailbox_activity", "mailbox_imap", "mailbox_imap_test", "mailbox_imap_end")),
    (connected_mailbox, ("sign_in", "provider"), ("sign_in", "sign_in_start", "sign_in_end", "provider")),
    (connected_mailbox, (), ("provider_address", "provider_end")),
    (nothing, ("sign_in_agreed",), ("sign_in_agreed",)),
    (a_listing, (), ("spam_removal",)),
    (a_mail_in, ("quarantine_deletion",), ("quarantine_release", "quarantine_deletion")),
    (nothing, ("texts", "undeliverable"), ("texts",)),
    (a_text, ("text", "text_preview"), ("text", "text_preview", "text_test", "text_reset")),
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
]


def a_plan(stage: Stage) -> dict[str, Any]:
    """A plan of Acme that began this month."""
    return {"public_id": stage.cast.acme.public_id, "plan_id": maintained(stage.cast).pk}


def a_statement(stage: Stage) -> dict[str, Any]:
    """This month's statement of that plan."""
    return {**a_plan(stage), "month": f"{timezone.localdate():%Y-%m}"}


def a_time_entry(stage: Stage) -> dict[str, Any]:
    """Ben's work on the ticket."""
    return {"public_id": worked(stage.cast, stage.ticket).public_id}


def some_hours(_: Stage) -> dict[str, Any]:
    """The shipped business hours."""
    return {"hours_id": BusinessHours.objects.get(is_default=True).pk}


def a_holiday(_: Stage) -> dict[str, Any]:
    """A holiday of one's own."""
    hours = BusinessHours.objects.get(is_default=True)
    day = timezone.localdate()
    return {"holiday_id": Holiday.objects.create(hours=hours, name="Outing", first_on=day, last_on=day).pk}


def a_policy(_: Stage) -> dict[str, Any]:
    """The shipped policy."""
    return {"policy_id": Policy.objects.get(is_default=True).pk}


def a_recalculation(stage: Stage) -> dict[str, Any]:
    """A line of the log."""
    made = Recalculation.objects.create(reason="Hours changed", made_at=NOON, made_by=stage.cast.ada.user)
    return {"recalculation_id": made.pk}


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

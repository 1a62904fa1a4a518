"""What the routes of the access table speak of: arguments for their addresses, made when asked for."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils import timezone

from deskhand.accounts.actions.desk import change_logo
from deskhand.accounts.actions.own_details import change_picture
from deskhand.accounts.models import Team
from deskhand.allowances.models import Estimate
from deskhand.clients.actions.colleagues import Rights
from deskhand.clients.actions.invitations import invite_colleague
from deskhand.clients.models import Contact, Invitation
from deskhand.core.secrets import unseal
from deskhand.files.models import File
from deskhand.mail.actions.provider_accounts import ProviderFields, set_provider
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


def file(stage: Stage) -> dict[str, Any]:
    """The file's public id."""
    return {"public_id": stage.file.public_id}


def with_logo(stage: Stage) -> dict[str, Any]:
    """No arguments, and a logo to be had."""
    change_logo(upload=drawing(), act=act_by(stage.cast.ada.user))
    return {}


def with_picture(stage: Stage) -> dict[str, Any]:
    """The key of a picture of Ben, who is shown to everybody signed in."""
    user = stage.cast.ben.user
    change_picture(user=user, upload=drawing(), act=act_by(user))
    user.refresh_from_db()
    return {"key": user.picture_key}


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


def managing(stage: Stage) -> dict[str, Any]:
    """No arguments, and Cleo manages the people of Acme."""
    Contact.objects.filter(pk=stage.cast.cleo.pk).update(is_client_admin=True)
    return {}


def a_colleague(stage: Stage) -> dict[str, Any]:
    """Dev's id, for Cleo who manages the people."""
    return managing(stage) | {"contact_id": stage.cast.dev.pk}


def an_invitation(stage: Stage) -> dict[str, Any]:
    """One that Cleo sent to a new address."""
    managing(stage)
    rights = Rights(sees_whole_client=True, sees_maintenance=False, is_client_admin=False)
    cleo = stage.cast.cleo
    invite_colleague(inviter=cleo, email="fay@acme.example", name="Fay", rights=rights, act=act_by(cleo.user))
    return {"invitation_id": Invitation.objects.get().pk}


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


def a_client(stage: Stage) -> dict[str, Any]:
    """Acme's public id."""
    return {"public_id": stage.cast.acme.public_id}


def a_contact(stage: Stage) -> dict[str, Any]:
    """Cleo's id as a contact."""
    return {"contact_id": stage.cast.cleo.pk}


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

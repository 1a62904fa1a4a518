"""Run as a script in a desk's environment: plays the scenes that `Scenes` asks for, one JSON object a line."""

import json
import sys
from datetime import UTC, datetime
from typing import Any

import django

django.setup()

from deskhand.accounts.actions.teams import create_team  # noqa: E402
from deskhand.accounts.models import Agent, Team, User  # noqa: E402
from deskhand.clients.models import Client, Contact  # noqa: E402
from deskhand.mail.models import InboundMail, OutboundMail  # noqa: E402
from deskhand.project.cli.sign_in_link import address_of_new_link  # noqa: E402
from deskhand.tickets.actions.properties import change_tags  # noqa: E402
from deskhand.tickets.links import Purpose, token_for  # noqa: E402
from deskhand.tickets.models import Category, Draft, Status, Ticket  # noqa: E402
from deskhand.tickets.models.labels import Tag  # noqa: E402
from deskhand.tickets.models.team import TeamMessage  # noqa: E402
from tests.cast import Cast, act_by  # noqa: E402


def find_cast() -> Cast:
    """Return the people that prepare.py made."""
    agents = {agent.user.email.split("@")[0]: agent for agent in Agent.objects.select_related("user", "role")}
    contacts = {contact.user.email.split("@")[0]: contact for contact in Contact.objects.select_related("user")}
    return Cast(
        ada=agents["ada"],
        ben=agents["ben"],
        kit=agents["kit"],
        acme=Client.objects.get(name="Acme"),
        other=Client.objects.get(name="Other Ltd"),
        cleo=contacts["cleo"],
        dev=contacts["dev"],
        eve=contacts["eve"],
    )


CAST = find_cast()


def now() -> datetime:
    """Return the desk's own time: its pages compare with it."""
    return datetime.now(UTC)


def of(number: int) -> Ticket:
    """Return the ticket with this number."""
    return Ticket.objects.get(number=number)


def ticket(subject: str, text: str, by: str) -> int:
    return CAST.opened_by(getattr(CAST, by), subject=subject, text=text, at=now()).number


def client_reply(number: int, text: str) -> None:
    CAST.client_reply(of(number), text, at=now())


def staff_reply(number: int, text: str) -> None:
    CAST.staff_reply(of(number), text, at=now())


def team_message(number: int, text: str) -> None:
    CAST.team_message(of(number), text)


def topic(number: int) -> str:
    return f"ticket:{of(number).pk}"


def sign_in_link(address: str) -> str:
    return address_of_new_link(User.objects.with_address(address).get())


def written(number: int) -> list[str]:
    return list(of(number).messages.order_by("position").values_list("text", flat=True))


def written_to_team(number: int) -> list[str]:
    found = TeamMessage.objects.filter(ticket__number=number).order_by("position")
    return list(found.values_list("text", flat=True))


def drafts(number: int) -> dict[str, str]:
    stored = Draft.objects.filter(ticket__number=number)
    return {draft.audience: draft.content["text"] for draft in stored if draft.content.get("text")}


def examples() -> dict[str, Any]:
    """Return arguments by name; "route.name" where two routes mean different things by one name."""
    act = act_by(CAST.ada.user, at=now())
    opened = CAST.ticket("A ticket with everything", text="It spins.\n\nhttps://acme.example/cart", at=now())
    change_tags(ticket_id=opened.pk, add=["checkout", "urgent fix"], remove=[], act=act)
    picture = CAST.upload(CAST.ben.user)
    message = CAST.staff_reply(opened, files=[picture], at=now())
    CAST.team_message(opened)
    CAST.client_reply(opened, at=now())
    team = Team.objects.first() or create_team(name="Frontend", act=act)
    return {
        "number": opened.number,
        "public_id": CAST.acme.public_id,
        "message_body.public_id": message.public_id,
        "file.public_id": picture.public_id,
        "file_inline.public_id": picture.public_id,
        "contact_id": CAST.cleo.pk,
        "agent_id": CAST.kit.pk,
        "team_id": team.pk,
        "status_id": Status.objects.in_order()[0].pk,
        "category_id": Category.objects.order_by("position")[0].pk,
        "tag_id": Tag.objects.order_by("pk")[0].pk,
        "mail_id": InboundMail.objects.order_by("pk")[0].pk,
        "mail_out.mail_id": OutboundMail.objects.order_by("pk")[0].pk,
        "mail_out_body.mail_id": OutboundMail.objects.order_by("pk")[0].pk,
        "token": sign_in_link("eve@other.example").rsplit("/", 1)[-1],
        "audience": "client",
        **guest_examples(opened, message.public_id, picture.public_id),
    }


def guest_examples(opened: Ticket, message: str, picture: str) -> dict[str, str]:
    """Return the arguments of the pages that the links of mails lead to."""
    tokens = {one: token_for(one, ticket=opened, contact=CAST.cleo, at=now()) for one in Purpose}
    routes = ("guest", "guest_messages", "guest_closing", "guest_message_body", "guest_file", "guest_file_inline")
    return {
        **{f"{route}.token": tokens[Purpose.GUEST] for route in routes},
        "unfollow.token": tokens[Purpose.UNFOLLOW],
        "guest_message_body.public_id": message,
        "guest_file.public_id": picture,
        "guest_file_inline.public_id": picture,
    }


SCENES = {
    scene.__name__: scene
    for scene in (
        ticket,
        client_reply,
        staff_reply,
        team_message,
        topic,
        sign_in_link,
        written,
        written_to_team,
        drafts,
        examples,
    )
}

if __name__ == "__main__":
    for line in sys.stdin:
        what, details = json.loads(line)
        sys.stdout.write(json.dumps(SCENES[what](**details)) + "\n")
        sys.stdout.flush()

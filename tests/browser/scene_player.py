"""Run as a script in a desk's environment: plays the scenes that `Scenes` asks for, one JSON object a line."""

import json
import sys
from datetime import UTC, datetime
from functools import cache

import django

django.setup()

from django.urls import reverse  # noqa: E402

from deskhand.accounts.models import Agent, User  # noqa: E402
from deskhand.clients.models import Client, Contact  # noqa: E402
from deskhand.project.cli.sign_in_link import address_of_new_link  # noqa: E402
from deskhand.tickets.actions.properties import change_tags  # noqa: E402
from deskhand.tickets.models import Draft, Ticket  # noqa: E402
from deskhand.tickets.models.team import TeamMessage  # noqa: E402
from tests.cast import Cast, act_by  # noqa: E402
from tests.web.access_rows import ROWS, make_stage  # noqa: E402


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


def addresses() -> dict[str, str]:
    stage, act = make_stage(CAST), act_by(CAST.ada.user, at=now())
    change_tags(ticket_id=stage.ticket.pk, add=["checkout", "a rather long label"], act=act)
    CAST.team_message(stage.ticket)
    CAST.client_reply(stage.ticket, at=now())
    # Rows that speak of the same thing share its maker, which may make it once only.
    arguments = cache(lambda make: make(stage))
    asked = [row for row in ROWS if row.method == "GET"]
    return {row.name: reverse(row.name, kwargs=arguments(row.arguments)) for row in asked}


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
        addresses,
    )
}

if __name__ == "__main__":
    for line in sys.stdin:
        what, details = json.loads(line)
        sys.stdout.write(json.dumps(SCENES[what](**details)) + "\n")
        sys.stdout.flush()

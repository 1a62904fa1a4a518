"""Run as a script in a desk's environment: plays the scenes that `Scenes` asks for, one JSON object a line."""

import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache

import django

django.setup()

from django.urls import reverse  # noqa: E402
from django.utils import timezone  # noqa: E402

from deskhand.accounts.models import Agent, User  # noqa: E402
from deskhand.allowances.actions.plans import NewPlan, start_plan  # noqa: E402
from deskhand.allowances.actions.time import NewTime, log_time  # noqa: E402
from deskhand.allowances.months import month_of  # noqa: E402
from deskhand.clients.actions.people import create_client, create_contact  # noqa: E402
from deskhand.clients.models import Client, Contact  # noqa: E402
from deskhand.project.cli.sign_in_link import address_of_new_link  # noqa: E402
from deskhand.sla.actions.hours import NewHours, save_hours  # noqa: E402
from deskhand.sla.actions.on_call import set_on_call  # noqa: E402
from deskhand.sla.queries.versions import default_business_hours  # noqa: E402
from deskhand.sla.wall_times import Interval  # noqa: E402
from deskhand.tickets.actions.assignment import set_assignees  # noqa: E402
from deskhand.tickets.actions.properties import change_tags  # noqa: E402
from deskhand.tickets.actions.status import close_ticket  # noqa: E402
from deskhand.tickets.models import Draft, Ticket  # noqa: E402
from deskhand.tickets.models.labels import AfterReply  # noqa: E402
from deskhand.tickets.models.team import TeamMessage  # noqa: E402
from tests.cast import Cast, act_by  # noqa: E402
from tests.web.access_rows import ROWS  # noqa: E402
from tests.web.stage import make_stage  # noqa: E402


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


def staff_reply(number: int, text: str, *, close: bool) -> None:
    after = AfterReply.CLOSE if close else AfterReply.AWAIT_CLIENT
    CAST.staff_reply(of(number), text, after=after, at=now())


def team_message(number: int, text: str) -> None:
    CAST.team_message(of(number), text)


def assign_to_ben(number: int) -> None:
    set_assignees(ticket_id=of(number).pk, agents=[CAST.ben], act=act_by(CAST.ada.user, at=now()))


def client_over_allowance(name: str, contact: str, address: str) -> None:
    moment = now()
    today, admin = timezone.localdate(moment), act_by(CAST.ada.user, at=moment)
    client = create_client(name=name, account_manager=CAST.ben, act=admin)
    person = create_contact(email=address, name=contact, client=client, act=admin)
    terms = NewPlan(name="Care", minutes_per_month=60, starts_on=month_of(today))
    start_plan(client=client, new=terms, today=today, act=admin)
    done = CAST.opened_by(person, subject="Earlier work", text="Please.", at=moment)
    worked = NewTime(work_on=today, actual_minutes=90, description="Mended the map")
    log_time(ticket_id=done.pk, agent=CAST.ben, new=worked, today=today, act=act_by(CAST.ben.user, at=moment))
    close_ticket(ticket_id=done.pk, act=act_by(CAST.ben.user, at=moment))


def close_office() -> None:
    weekday = (now().weekday() + 3) % 7
    _keep_hours([(Interval.between("09:00", "17:30"),) if day == weekday else () for day in range(7)])
    set_on_call(agent_ids=[CAST.ben.pk], repeat_minutes=60, act=act_by(CAST.ada.user, at=now()))


def open_office() -> None:
    _keep_hours([(Interval.between("09:00", "17:30"),)] * 5 + [(), ()])
    set_on_call(agent_ids=[], repeat_minutes=60, act=act_by(CAST.ada.user, at=now()))


def _keep_hours(week: Sequence[Sequence[Interval]]) -> None:
    hours = default_business_hours()
    new = NewHours(hours.name, hours.zone, week)
    save_hours(new=new, hours_id=hours.pk, act=act_by(CAST.ada.user, at=now()))


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
        assign_to_ben,
        client_over_allowance,
        close_office,
        open_office,
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

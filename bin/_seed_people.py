"""The people of a made-up desk: agents, clients with a plan, contacts; all made through the real actions."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import product

from deskhand.accounts.actions.people import create_agent
from deskhand.accounts.models import Agent, User
from deskhand.allowances.actions.plans import NewPlan, start_plan
from deskhand.allowances.models import Plan
from deskhand.clients.actions.people import create_client, create_contact
from deskhand.clients.models import Contact
from deskhand.events import Act, Via
from deskhand.mail.models import Mailbox

SUPPORT = "support@bench.example"
FIRST = """Anna Ben Clara David Emma Felix Greta Hugo Ida Jonas Karla Lukas Maria Niklas Olga Peter Rosa Simon Tina Uwe
Vera Walter Yara Adam Bella Cesar Diana Erik Fiona Georg Hanna Igor Julia Kevin Lara Martin Nina Oskar Paula Quinn
Robert Sarah Tobias Ulla Viktor Wanda Xenia Yusuf Zoe"""
LAST = """Abbot Barker Carver Dyer Eaton Fuller Glover Hooper Irving Jenner Keeler Lister Mason Naylor Osborn Potter
Quarles Reeve Sawyer Turner Underhill Vickers Weaver Yeoman Archer Baxter Cooper Draper Ellis Fletcher"""
STORY_AGENTS = (("ignatia.larkspur", "Ignatia Larkspur"), ("barnaby.quicksilver", "Barnaby Quicksilver"))
STORY_CLIENT = "Thistlewood Press"
STORY_CONTACT = ("ottoline@thistlewood.example", "Ottoline Marchbanks")
"""Names that no text holds by chance: whatever the stories say of these people is said of others in the copies."""
PLAN_DAYS = 400


def _names_of(user: User) -> dict[str, str]:
    return {"user": str(user.pk), "name": user.name, "first": user.first_name, "email": user.email}


@dataclass(frozen=True)
class Worker:
    """An agent as copies name them."""

    agent: Agent

    @property
    def names(self) -> dict[str, str]:
        """What stands for the person in rows and texts."""
        return {"agent": str(self.agent.pk), **_names_of(self.agent.user)}


@dataclass(frozen=True)
class Asker:
    """A contact as copies name them, with client and plan."""

    contact: Contact
    plan: Plan

    @property
    def names(self) -> dict[str, str]:
        """What stands for the person, the client and its plan in rows and texts."""
        client = self.plan.client
        ids = {"contact": str(self.contact.pk), "client": str(client.pk), "plan": str(self.plan.pk)}
        return {**ids, "company": client.name, **_names_of(self.contact.user)}


@dataclass(frozen=True)
class People:
    """Everyone; the first two agents and the first contact play in the stories."""

    workers: list[Worker]
    askers: list[Asker]


def make_people(*, agents: int, clients: int, contacts: int, now: datetime, chance: random.Random) -> People:
    """Make the desk's people and its mailbox; they have been there for years."""
    act = Act(actor=None, at=now - timedelta(days=6 * 365), via=Via.SYSTEM)
    Mailbox.objects.create(name="Support", address=SUPPORT, created_at=act.at)
    names = [f"{first} {last}" for first, last in product(FIRST.split(), LAST.split())]
    chance.shuffle(names)
    staff = [*STORY_AGENTS, *((f"agent{n}", names.pop()) for n in range(2, agents))]
    workers = [
        Worker(create_agent(email=f"{key}@bench.example", name=name, role_slug="admin" if n == 2 else "agent", act=act))
        for n, (key, name) in enumerate(staff)
    ]
    plans = [_client(number, workers[number % agents].agent, now=now, act=act) for number in range(clients)]
    askers = [_asker(STORY_CONTACT, plans[0], act)]
    for number in range(1, contacts):
        plan = plans[number % clients]
        name = names[number % len(names)]
        askers.append(_asker((f"person{number}@{_domain(number % clients)}", f"{name} {number}"), plan, act))
    return People(workers, askers)


def _client(number: int, manager: Agent, *, now: datetime, act: Act) -> Plan:
    name = STORY_CLIENT if number == 0 else f"Company {number}"
    client = create_client(name=name, account_manager=manager, domains=[_domain(number)], act=act)
    today = now.date()
    new = NewPlan(name="Maintenance", minutes_per_month=3000, starts_on=today - timedelta(days=PLAN_DAYS))
    return start_plan(client=client, new=new, today=today, act=act)


def _domain(number: int) -> str:
    return "thistlewood.example" if number == 0 else f"company{number}.example"


def _asker(who: tuple[str, str], plan: Plan, act: Act) -> Asker:
    return Asker(create_contact(email=who[0], name=who[1], client=plan.client, act=act), plan)

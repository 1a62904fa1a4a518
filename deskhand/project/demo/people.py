"""Who is in the demo: the agency Harbour & Pine and the companies it serves."""

from dataclasses import dataclass
from datetime import datetime

from deskhand.accounts.actions.people import create_agent
from deskhand.accounts.models import Agent, Desk, Team, User
from deskhand.clients.actions.people import create_client, create_contact
from deskhand.clients.models import Contact
from deskhand.events import Act, Via

PEOPLE = [
    ("Lena Fischer, admin", "lena@harbourpine.example"),
    ("Priya Nair, agent", "priya@harbourpine.example"),
    ("Alex Morgan, client", "alex@bramley.example"),
    ("Dana Whitfield, client", "dana@osprey.example"),
]
"""Those for whom sign-in links are printed."""

PHONE = "020 7946 0100"
AGENTS = [
    ("lena", "Lena Fischer", "admin", "Head of support"),
    ("priya", "Priya Nair", "agent", "Account manager"),
    ("tom", "Tom Okafor", "agent", "Developer"),
    ("kit", "Kit Sandberg", "contractor", "Freelance designer"),
]
CLIENTS = [
    ("Bramley Books", "bramley.example", "priya", "020 7946 0810"),
    ("Osprey Outdoor", "osprey.example", "priya", "020 7946 0233"),
    ("Larch & Lime Café", "larchlime.example", "tom", "020 7946 0455"),
    ("Kestrel Cycles", "kestrel.example", "tom", "020 7946 0667"),
    ("Tern Housing", "tern.example", "lena", "020 7946 0921"),
    ("Fenwick Legal", "fenwick.example", "priya", "020 7946 0304"),
]
CONTACTS = [
    ("alex@bramley.example", "Alex Morgan", "Head of digital", "020 7946 0812"),
    ("harriet@bramley.example", "Harriet Lowe", "Shop manager", "020 7946 0813"),
    ("dana@osprey.example", "Dana Whitfield", "E-commerce lead", "020 7946 0234"),
    ("chris@osprey.example", "Chris Bell", "Marketplace manager", ""),
    ("jon@larchlime.example", "Jon Reyes", "Owner", "020 7946 0456"),
    ("mei@kestrel.example", "Mei Tanaka", "Workshop manager", ""),
    ("sam@tern.example", "Sam Odell", "Resident services", "020 7946 0922"),
    ("nadia@fenwick.example", "Nadia Rahman", "Practice manager", ""),
]
MANAGE_PEOPLE = {"alex@bramley.example", "dana@osprey.example"}


@dataclass(frozen=True)
class Company:
    """Everyone in the demo, by the first part of their address."""

    agents: dict[str, Agent]
    contacts: dict[str, Contact]

    def user(self, who: str) -> User:
        """Return the person, agent or contact."""
        return self.agents[who].user if who in self.agents else self.contacts[who].user


def make_company(*, at: datetime) -> Company:
    """Make the agency, its clients and their people."""
    act = Act(actor=None, at=at, via=Via.SYSTEM)
    Desk.objects.create(pk=1, name="Harbour & Pine", phone=PHONE)
    agents = {
        key: create_agent(
            email=f"{key}@harbourpine.example", name=name, role_slug=role, title=title, phone=PHONE, act=act
        )
        for key, name, role, title in AGENTS
    }
    for name, members in (("Support", ["lena", "priya"]), ("Development", ["tom", "kit"])):
        Team.objects.create(name=name).members.set([agents[key] for key in members])
    for name, domain, manager, phone in CLIENTS:
        create_client(name=name, domains=[domain], account_manager=agents[manager], phone=phone, act=act)
    contacts = {
        email.partition("@")[0]: create_contact(
            email=email, name=name, title=title, phone=phone, is_client_admin=email in MANAGE_PEOPLE, act=act
        )
        for email, name, title, phone in CONTACTS
    }
    return Company(agents=agents, contacts=contacts)

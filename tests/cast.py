"""The people every test meets, made through the real actions.

Ada is an admin, Ben an agent, Kit a contractor. Cleo and Dev are contacts of Acme, looked after by Ben. Eve is a
contact of another client: every page of Acme answers her 404.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from deskhand.accounts.actions.people import create_agent
from deskhand.accounts.models import Agent, User
from deskhand.clients.actions.people import create_client, create_contact
from deskhand.clients.models import Client, Contact
from deskhand.events import Act, Via
from deskhand.files.actions.storing import store_bytes
from deskhand.files.models import File
from deskhand.tickets.actions.conversation import NewMessage, post_client_reply, reply
from deskhand.tickets.actions.opening import NewTicket, open_ticket
from deskhand.tickets.actions.opening_by_staff import StaffTicket, open_for_client
from deskhand.tickets.actions.team import post_team_message
from deskhand.tickets.bodies import from_text
from deskhand.tickets.models import Message, Source, Ticket
from deskhand.tickets.models.labels import AfterReply
from deskhand.tickets.models.team import TeamMessage

NOON = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)  # a Wednesday


def act_by(user: User | None, *, at: datetime = NOON, via: Via | None = None) -> Act:
    """Return an act of `user`: agents through the workspace, contacts through the portal, None for the system."""
    if via is None:
        is_agent = user is not None and Agent.objects.filter(user=user).exists()
        via = Via.SYSTEM if user is None else Via.WORKSPACE if is_agent else Via.PORTAL
    return Act(actor=user, at=at, via=via)


@dataclass(frozen=True)
class Cast:
    """Everyone, by name."""

    ada: Agent
    ben: Agent
    kit: Agent
    acme: Client
    other: Client
    cleo: Contact
    dev: Contact
    eve: Contact

    def ticket(self, subject: str = "The checkout stalls", *, text: str = "It spins.", at: datetime = NOON) -> Ticket:
        """Open a ticket as Cleo, through the portal."""
        return self.opened_by(self.cleo, subject=subject, text=text, at=at)

    def opened_by(self, contact: Contact, *, subject: str = "Help", text: str = "Hi.", at: datetime = NOON) -> Ticket:
        """Open a ticket as any contact, through the portal."""
        new = NewTicket(subject=subject, requester=contact, author=contact.user, source=Source.PORTAL)
        first = NewMessage(from_text(text))
        return open_ticket(ticket=new, first=first, act=act_by(contact.user, at=at))

    def team_ticket(self, *, at: datetime = NOON) -> Ticket:
        """Open a ticket for Cleo as Ben, of which clients see nothing yet."""
        new = StaffTicket(subject="They pay late", requester=self.cleo, is_team_only=True)
        first = NewMessage(from_text("Look into it."))
        return open_for_client(ticket=new, agent=self.ben, first=first, act=act_by(self.ben.user, at=at))

    def staff_reply(
        self,
        ticket: Ticket,
        text: str = "We are on it.",
        *,
        after: AfterReply = AfterReply.AWAIT_CLIENT,
        files: Sequence[File] = (),
        at: datetime = NOON + timedelta(hours=1),
    ) -> Message:
        """Reply as Ben."""
        new = NewMessage(from_text(text), files=files)
        return reply(ticket_id=ticket.pk, agent=self.ben, new=new, after=after, act=act_by(self.ben.user, at=at))

    def client_reply(
        self, ticket: Ticket, text: str = "Thanks.", *, at: datetime = NOON + timedelta(hours=2)
    ) -> Message:
        """Reply as Cleo, through the portal."""
        new = NewMessage(from_text(text))
        return post_client_reply(ticket_id=ticket.pk, contact=self.cleo, new=new, act=act_by(self.cleo.user, at=at))

    def team_message(self, ticket: Ticket, text: str = "Careful, they are cross.") -> TeamMessage:
        """Write to the team as Ben."""
        new = NewMessage(from_text(text))
        return post_team_message(ticket_id=ticket.pk, agent=self.ben, new=new, act=act_by(self.ben.user))

    def upload(self, user: User, *, name: str = "screen.png", content: bytes = b"\x89PNG\r\n\x1a\nrest") -> File:
        """Store an upload of `user` that nothing attaches yet."""
        return store_bytes(content=content, name=name, act=act_by(user))


def make_cast() -> Cast:
    """Make everyone, through the real actions."""
    system = act_by(None)
    ada = create_agent(email="ada@desk.example", name="Ada Admin", role_slug="admin", act=system)
    ben = create_agent(email="ben@desk.example", name="Ben Baker", role_slug="agent", act=system)
    kit = create_agent(email="kit@desk.example", name="Kit Carr", role_slug="contractor", act=system)
    acme = create_client(name="Acme", account_manager=ben, domains=["acme.example"], act=system)
    other = create_client(name="Other Ltd", act=system)
    return Cast(
        ada=ada,
        ben=ben,
        kit=kit,
        acme=acme,
        other=other,
        cleo=create_contact(email="cleo@acme.example", name="Cleo Clarke", act=system),
        dev=create_contact(email="dev@acme.example", name="Dev Das", act=system),
        eve=create_contact(email="eve@other.example", name="Eve Evans", client=other, act=system),
    )

"""A few tickets told through the real actions. All others are copies of these, row by row."""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime

from bin._seed_people import SUPPORT, People
from bin._seed_prose import Prose
from deskhand.allowances.actions.time import NewTime, log_time
from deskhand.core.documents import from_text, to_html, to_text
from deskhand.events import Act, Via
from deskhand.files.actions.storing import store_bytes
from deskhand.mail.actions.processing import process_mail
from deskhand.mail.actions.receiving import receive
from deskhand.mail.addresses import reply_address
from deskhand.mail.models import Door, InboundMail
from deskhand.tickets.actions import assignment, conversation, properties, team
from deskhand.tickets.actions.drafts import mark_read
from deskhand.tickets.actions.opening import NewTicket, open_ticket
from deskhand.tickets.bodies import Body
from deskhand.tickets.models import Category, Source, Ticket
from deskhand.tickets.models.labels import AfterReply

STEP = timedelta(hours=5, minutes=7)
PLAIN = "portal take ask answer ask answer finish"
LONG = (
    "portal take ask answer ask answer team ask answer team ask answer ask answer team ask answer ask answer ask finish"
)
PLOTS = {
    # name: what happens, how many of a thousand closed or open tickets
    "closed by portal": (PLAIN, 370),
    "closed with a file": (PLAIN.replace("portal", "file", 1), 100),
    "closed by mail": ("mail take ask mailed team ask finish", 440),
    "closed with time": ("mail take follow tag ask mailed team work ask finish", 88),
    "closed after much": (LONG, 2),
    "needs a reply": ("portal take ask answer team ask answer", 350),
    "needs a first response": ("mail mailed team mailed team mailed", 250),
    "in progress": ("portal take keep team answer team keep", 150),
    "awaiting": ("mail take ask mailed ask mailed ask", 250),
}
"""Six entries each (twenty where there is much); the numbers of closed ones and of open ones add up to 1,000 each."""


@dataclass
class Told:
    """A ticket as it was told: its texts, each message two paragraphs, to be found again in its rows."""

    plot: str
    subject: str
    paragraphs: list[tuple[str, str]] = field(default_factory=list)
    ticket: Ticket = field(init=False)
    opened_at: datetime = field(init=False)

    @property
    def is_closed(self) -> bool:
        """Whether it ends closed."""
        return self.plot.startswith("closed")


class Teller:
    """Plays the steps of a plot, five hours apart, the last one just before `now`."""

    def __init__(self, people: People, prose: Prose, *, now: datetime, chance: random.Random) -> None:
        self.first, self.second = (worker.agent for worker in people.workers[:2])
        self.asker = people.askers[0].contact
        self.prose = prose
        self.now = now
        self.chance = chance
        self.categories = list(Category.objects.filter(is_business_critical=False).order_by("position"))

    def tell(self, plot: str) -> Told:
        """Make one ticket."""
        steps = PLOTS[plot][0].split()
        told = Told(plot, f"{self.prose.subject()} {plot}")
        told.opened_at = self.now - STEP * len(steps)
        for place, name in enumerate(steps):
            getattr(self, f"_{name}")(told, told.opened_at + STEP * place)
        told.ticket.refresh_from_db()
        return told

    def _text(self, told: Told) -> str:
        pair = tuple(f"{self.prose.paragraph()} {self.prose.paragraph()}" for _ in range(2))
        told.paragraphs.append((pair[0], pair[1]))
        return "\n\n".join(pair)

    def _new(self, told: Told) -> conversation.NewMessage:
        document = from_text(self._text(told))
        return conversation.NewMessage(Body(html=to_html(document), text=to_text(document), document=document))

    def _as_contact(self, at: datetime) -> Act:
        return Act(actor=self.asker.user, at=at, via=Via.PORTAL)

    def _as_agent(self, at: datetime) -> Act:
        return Act(actor=self.first.user, at=at, via=Via.WORKSPACE)

    def _portal(self, told: Told, at: datetime, *, files: list[str] | None = None) -> None:
        act, new = self._as_contact(at), self._new(told)
        stored = [store_bytes(content=b"order,total\n1,2\n", name=name, act=act) for name in files or []]
        told.ticket = open_ticket(
            ticket=NewTicket(
                subject=told.subject,
                requester=self.asker,
                author=self.asker.user,
                source=Source.PORTAL,
                category=self.chance.choice(self.categories),
            ),
            first=conversation.NewMessage(new.body, files=stored),
            act=act,
        )

    def _file(self, told: Told, at: datetime) -> None:
        self._portal(told, at, files=["orders.csv"])

    def _mail(self, told: Told, at: datetime) -> None:
        told.ticket = self._take_in(told, at, SUPPORT)

    def _mailed(self, told: Told, at: datetime) -> None:
        self._take_in(told, at, reply_address(told.ticket.number))

    def _take_in(self, told: Told, at: datetime, address: str) -> Ticket:
        lines = [
            f"From: {self.asker.name} <{self.asker.email}>",
            f"To: {address}",
            f"Subject: {told.subject}",
            f"Date: {format_datetime(at)}",
            f"Message-ID: <{self.chance.getrandbits(96):024x}@letters.example>",
            "MIME-Version: 1.0",
            "Content-Type: text/plain; charset=utf-8",
            "",
            self._text(told),
            "",
        ]
        raw = "\n".join(lines).replace("\n", "\r\n").encode()
        row = receive(raw, door=Door.LMTP, at=at, envelope_from=self.asker.email, envelope_to=[address])
        process_mail(row.pk, now=at)
        ticket = InboundMail.objects.select_related("ticket").get(pk=row.pk).ticket
        if ticket is None:
            raise RuntimeError(f"the mail {told.subject!r} came into no ticket")
        return ticket

    def _take(self, told: Told, at: datetime) -> None:
        assignment.set_assignees(ticket_id=told.ticket.pk, agents=[self.first], act=self._as_agent(at))

    def _follow(self, told: Told, at: datetime) -> None:
        act = Act(actor=self.second.user, at=at, via=Via.WORKSPACE)
        assignment.follow(ticket_id=told.ticket.pk, agent=self.second, act=act)

    def _tag(self, told: Told, at: datetime) -> None:
        properties.set_tags(ticket_id=told.ticket.pk, names=["billing", "shop"], act=self._as_agent(at))

    def _work(self, told: Told, at: datetime) -> None:
        new = NewTime(work_on=at.date(), actual_minutes=25, description="Looked into it and mended it")
        log_time(ticket_id=told.ticket.pk, agent=self.first, new=new, today=at.date(), act=self._as_agent(at))

    def _ask(self, told: Told, at: datetime, after: AfterReply = AfterReply.AWAIT_CLIENT) -> None:
        act = self._as_agent(at)
        sent = conversation.reply(ticket_id=told.ticket.pk, agent=self.first, new=self._new(told), after=after, act=act)
        mark_read(user=self.first.user, ticket_id=told.ticket.pk, position=sent.position, act=act)

    def _keep(self, told: Told, at: datetime) -> None:
        self._ask(told, at, AfterReply.KEEP_OPEN)

    def _finish(self, told: Told, at: datetime) -> None:
        self._ask(told, at, AfterReply.CLOSE)

    def _answer(self, told: Told, at: datetime) -> None:
        act = self._as_contact(at)
        ticket_id = told.ticket.pk
        sent = conversation.post_client_reply(ticket_id=ticket_id, contact=self.asker, new=self._new(told), act=act)
        mark_read(user=self.asker.user, ticket_id=ticket_id, position=sent.position, act=act)

    def _team(self, told: Told, at: datetime) -> None:
        act = Act(actor=self.second.user, at=at, via=Via.WORKSPACE)
        team.post_team_message(ticket_id=told.ticket.pk, agent=self.second, new=self._new(told), act=act)

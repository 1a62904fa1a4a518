"""What can happen in the demo's tickets: each step is one real action at a moment of the past."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from deskhand.core.documents import Node, from_text, to_html, to_text
from deskhand.events import Act, Via
from deskhand.files.actions.storing import store_bytes
from deskhand.files.models import File
from deskhand.project.demo.letters import take_in
from deskhand.project.demo.people import Company
from deskhand.project.demo.pictures import screenshot, spreadsheet
from deskhand.tickets.actions import assignment, conversation, properties, status, team
from deskhand.tickets.actions.opening import NewTicket, open_ticket
from deskhand.tickets.bodies import Body
from deskhand.tickets.models import Category, Priority, Source, Ticket
from deskhand.tickets.models.labels import AfterReply


@dataclass(frozen=True)
class Step:
    """Something `who` did `ago` before now."""

    act: str
    who: str
    ago: timedelta
    text: str = ""
    more: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Story:
    """A ticket: how it was opened, and what happened then."""

    subject: str
    opened: Step
    then: list[Step] = field(default_factory=list)
    category: str = "bug"
    source: Source = Source.PORTAL
    needed_in_days: int | None = None


def step(
    act: str, who: str, text: str = "", *, days: float = 0, hours: float = 0, minutes: float = 0, **more: Any
) -> Step:
    """Return a step that long ago."""
    return Step(act, who, timedelta(days=days, hours=hours, minutes=minutes), text, more)


class Teller:
    """Tells stories: plays each step through its action."""

    def __init__(self, company: Company, *, now: datetime) -> None:
        self.company = company
        self.now = now
        self.categories = {category.slug: category for category in Category.objects.all()}

    def tell(self, story: Story) -> Ticket:
        """Open the story's ticket and play what happened."""
        ticket = self._by_mail(story) if story.source == Source.EMAIL else self._by_portal(story)
        for happening in story.then:
            play: Callable[[Ticket, Step, Act], None] = getattr(self, f"_{happening.act}")
            play(ticket, happening, self._act(happening))
        return ticket

    def _by_mail(self, story: Story) -> Ticket:
        sender = self.company.contacts[story.opened.who]
        at = self.now - story.opened.ago
        ticket = take_in(sender.name, sender.email, story.subject, story.opened.text, at=at).ticket
        if ticket is None:
            raise RuntimeError(f"the mail “{story.subject}” opened no ticket")
        return ticket

    def _by_portal(self, story: Story) -> Ticket:
        requester = self.company.contacts[story.opened.who]
        act = self._act(story.opened)
        return open_ticket(
            ticket=NewTicket(
                subject=story.subject,
                requester=requester,
                author=requester.user,
                source=story.source,
                category=self.categories[story.category],
                needed_by_on=self._day(story.needed_in_days),
            ),
            first=self._message(story.opened, act),
            act=act,
        )

    def _day(self, days: int | None) -> date | None:
        return None if days is None else (self.now + timedelta(days=days)).date()

    def _act(self, happening: Step) -> Act:
        door = Via.WORKSPACE if happening.who in self.company.agents else Via.PORTAL
        return Act(actor=self.company.user(happening.who), at=self.now - happening.ago, via=door)

    def _message(self, happening: Step, act: Act) -> conversation.NewMessage:
        document = from_text(happening.text)
        return conversation.NewMessage(_body(document), files=self._files(happening, act))

    def _files(self, happening: Step, act: Act) -> list[File]:
        make = {".png": screenshot, ".csv": spreadsheet}
        names: list[str] = happening.more.get("files", [])
        return [store_bytes(content=make[name[-4:]](), name=name, act=act) for name in names]

    def _reply(self, ticket: Ticket, happening: Step, act: Act) -> None:
        after = happening.more.get("after", AfterReply.AWAIT_CLIENT)
        agent = self.company.agents[happening.who]
        new = self._message(happening, act)
        conversation.reply(ticket_id=ticket.pk, agent=agent, new=new, after=after, act=act)

    def _answer(self, ticket: Ticket, happening: Step, act: Act) -> None:
        contact = self.company.contacts[happening.who]
        new = self._message(happening, act)
        conversation.post_client_reply(ticket_id=ticket.pk, contact=contact, new=new, act=act)

    def _team(self, ticket: Ticket, happening: Step, act: Act) -> None:
        document = from_text(happening.text)
        if name := happening.more.get("mention"):
            agent = self.company.agents[name]
            mention = {"type": "mention", "attrs": {"id": agent.pk, "label": agent.user.first_name}}
            space = {"type": "text", "text": " ", "marks": []}
            document["content"][0]["content"][:0] = [mention, space]
        new = conversation.NewMessage(_body(document), files=self._files(happening, act))
        team.post_team_message(ticket_id=ticket.pk, agent=self.company.agents[happening.who], new=new, act=act)

    def _note(self, ticket: Ticket, happening: Step, act: Act) -> None:
        team.edit_note(ticket_id=ticket.pk, text=happening.text, seen_version=0, act=act)

    def _assign(self, ticket: Ticket, happening: Step, act: Act) -> None:
        agents = [self.company.agents[name] for name in happening.more["to"]]
        assignment.set_assignees(ticket_id=ticket.pk, agents=agents, act=act)

    def _follow(self, ticket: Ticket, happening: Step, act: Act) -> None:
        assignment.follow(ticket_id=ticket.pk, agent=self.company.agents[happening.who], act=act)

    def _bring(self, ticket: Ticket, happening: Step, act: Act) -> None:
        contact = self.company.contacts[happening.more["contact"]]
        assignment.add_participant(ticket_id=ticket.pk, contact=contact, act=act)

    def _priority(self, ticket: Ticket, happening: Step, act: Act) -> None:
        properties.set_priority(ticket_id=ticket.pk, priority=Priority[happening.more["to"]], act=act)

    def _tags(self, ticket: Ticket, happening: Step, act: Act) -> None:
        properties.set_tags(ticket_id=ticket.pk, names=happening.more["names"], act=act)

    def _close(self, ticket: Ticket, _happening: Step, act: Act) -> None:
        status.close_ticket(ticket_id=ticket.pk, act=act)


def _body(document: Node) -> Body:
    return Body(html=to_html(document), text=to_text(document), document=document)

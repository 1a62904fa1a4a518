"""A ticket's screen: what its panes show, and how they are answered, whole or in parts."""

from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import OuterRef, Subquery
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from deskhand.accounts.models import Agent, User
from deskhand.core.dates import clock_time
from deskhand.mail.queries.deliveries import deliveries_of_ticket, worst_of
from deskhand.mail.queries.forwarded import SenderOffer, offered_sender
from deskhand.mail.queries.held import held_mails_of
from deskhand.mail.queries.reach import reach_of
from deskhand.notifications.models import Notification
from deskhand.sla.queries.clocks import ticket_clocks
from deskhand.tickets.models import Audience, Ticket
from deskhand.tickets.queries.thread import EntryKind, Thread, read_thread
from deskhand.tickets.queries.ticket_page import TicketPage, Unsent, choices, ticket_page
from deskhand.web.composing import Composed, from_draft
from deskhand.web.viewers import DeskRequest
from deskhand.workspace.attention import list_at, marks
from deskhand.workspace.pages import frame, page
from deskhand.workspace.places import ListPlace
from deskhand.workspace.rights import Rights
from deskhand.workspace.ticket_time import TIME_BESIDES, entry_page, ticket_time
from deskhand.workspace.time_fields import TimeFields, drafted_time

AUDIENCES = {"reply": Audience.CLIENT, "team": Audience.TEAM}
"""For whom each composer is."""


def seen_ticket(agent: Agent, number: int) -> Ticket:
    """Return the ticket this agent may see. Raises Http404 for every other one."""
    ticket = Ticket.objects.visible_to(agent).filter(number=number).first()
    if ticket is None:
        raise Http404
    return ticket


def seen_page(agent: Agent, number: int) -> TicketPage:
    """Return a ticket as its page shows it. Raises Http404 unless this agent may see it."""
    ticket = ticket_page(agent, number, _BESIDES)
    if ticket is None:
        raise Http404
    return ticket


def _told(agent: Agent) -> Subquery:
    told = Notification.objects.filter(agent=agent, ticket=OuterRef("pk")).unread()
    return Subquery(told.order_by().values("pk")[:1])


_BESIDES = {**TIME_BESIDES, "told": _told}


class Screen:
    """One ticket as this request sees it. Parts are read when they are asked for."""

    def __init__(self, request: DeskRequest, number: int) -> None:
        """Read the ticket. Raises Http404 for strangers, BadRequest for a list there is none of."""
        self.request = request
        self.agent = request.agent
        self.ticket = seen_page(request.agent, number)
        self.now = request.act.at
        self.today = timezone.localdate(self.now)
        self.typed_time: dict[str, TimeFields] = {}
        self.place = ListPlace(request.GET, chosen=number)

    @property
    def shared(self) -> dict[str, Any]:
        """Return what every part needs."""
        return {
            "agent": self.agent,
            "ticket": self.ticket,
            "place": self.place,
            "can": Rights.of(self.agent),
            "deliveries": {},
            "worst_of": worst_of,
            "held_mail": {},
            "base": reverse("workspace:ticket", args=[self.ticket.number]),
        }

    def timeline(self, *, read_to: int, is_whole: bool = False) -> dict[str, Any]:
        """Return the thread; entries beyond position `read_to` are new."""
        thread = read_thread(self.ticket.id, agent=self.agent, read_to=read_to, is_whole=is_whole)
        held = held_mails_of([entry.id for entry in thread.entries if entry.is_held])
        shown = {"thread": thread, "read_to": read_to, "is_whole": is_whole, "held_mail": held}
        return shown | {"deliveries": deliveries_of_ticket(self.ticket.id), "offer": self._offered_sender(thread)}

    def _offered_sender(self, thread: Thread) -> SenderOffer | None:
        """Return whom the forwarded mail is from that opened this ticket; asked only where the team opened it."""
        is_by_team = bool(thread.entries) and thread.entries[0].kind == EntryKind.TEAM
        return offered_sender(self.ticket.id) if is_by_team else None

    def details(self) -> dict[str, Any]:
        """Return what stands beside the thread, and what its menus offer."""
        return {
            "choices": choices(),
            "reply_time": ticket_clocks(self.ticket.id, self.now),
            "worked": ticket_time(self.agent, self.ticket, self.today),
            "entry_page": entry_page,
            "local_time": self._local_time(),
        }

    def _local_time(self) -> str:
        """Return what the clock says where the client is, where that is known."""
        try:
            zone = ZoneInfo(self.ticket.requester.time_zone)
        except (ValueError, KeyError):
            return ""
        return clock_time(self.now.astimezone(zone))

    def composers(self, **sent: Composed) -> dict[str, Any]:
        """Return both composers: as `sent` where something was wrong, else from their drafts."""
        user, ticket = self.agent.user, self.ticket
        return {
            "reply": sent.get("reply") or _from_draft(user, ticket.draft(Audience.CLIENT)),
            "reach": reach_of(ticket.id),
            "team": sent.get("team") or _from_draft(user, ticket.draft(Audience.TEAM)),
            "time_fields": {panel: self._time_fields(panel, audience) for panel, audience in AUDIENCES.items()},
            "mode": "team" if "team" in sent or not Rights.of(self.agent).reply else "reply",
        }

    def _time_fields(self, panel: str, audience: Audience) -> TimeFields:
        typed = self.typed_time.get(panel)
        return typed or drafted_time(self.agent, self.today, self.ticket.draft(audience).fields)

    def everything(self, **sent: Composed) -> dict[str, Any]:
        """Return what conversation and details show."""
        read_to = self.ticket.read_to
        return self.shared | self.timeline(read_to=read_to) | self.details() | self.composers(**sent)

    def whole(self, *, status: int = 200, notice: dict[str, Any] | None = None, **sent: Composed) -> HttpResponse:
        """Answer with the whole page: list, conversation and details."""
        found = list_at(self.agent, self.place, self.now, after=self.place.after)
        context = self.everything(**sent) | {"list": found, "notice": notice} | marks(self.now)
        return page(self.request, "workspace/ticket.html", context, view=self.place.view, status=status)

    def part(self, template: str, *contexts: dict[str, Any], status: int = 200) -> HttpResponse:
        """Answer with one template in place of a page."""
        context = frame(self.request, view=self.place.view) | self.shared
        for more in contexts:
            context |= more
        return render(self.request, template, context, status=status)


def _from_draft(user: User, draft: Unsent) -> Composed:
    return from_draft(user, draft.fields, draft.revision)

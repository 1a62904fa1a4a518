"""Writing the mail that tells one agent of what happened. Nothing is sent or stored here.

It may hold what only the team reads, so every mail made here names its one reader.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.urls import reverse

from deskhand.accounts.models import Agent, Desk
from deskhand.core.text import one_line, shorten
from deskhand.mail.addresses import agent_reply_address, new_message_id
from deskhand.mail.composing import named, sender_of
from deskhand.mail.entries import ANSWER_MARK
from deskhand.mail.for_team import MARK
from deskhand.mail.models import OutboundKind, OutboundMail
from deskhand.mail.rendering import render
from deskhand.notifications.models import Notification
from deskhand.notifications.queries.texts import Written, written_in
from deskhand.notifications.topics import ANSWERED_IN_PUBLIC, Topic
from deskhand.notifications.words import happened, sentence
from deskhand.tickets.models import Ticket

LONGEST_TEXT = 5000
SUBJECT_LIMIT = 200


@dataclass(frozen=True)
class Part:
    """One thing that happened: who did what, and what they wrote, by paragraphs of lines."""

    who: str
    words: str
    text: str

    @property
    def paragraphs(self) -> list[list[str]]:
        """The text as HTML shows it."""
        return [paragraph.split("\n") for paragraph in self.text.split("\n\n") if paragraph.strip()]


@dataclass(frozen=True)
class Button:
    """Where the mail leads."""

    label: str
    address: str


def compose_bundle(agent: Agent, notices: Sequence[Notification], *, at: datetime) -> OutboundMail:
    """Return the unsaved mail to one agent about notices that share their ticket or plan, in the order they came."""
    written = written_in(notices)
    ticket, desk = notices[0].ticket, Desk.current()
    is_for_team = not is_answered_in_public(notices)
    subject = _subject(notices, written, at)
    context = {
        "subject": subject,
        "desk": desk,
        "language": "en",
        "answer": _answer_line(ticket, is_for_team=is_for_team),
        "mark": "" if is_for_team else MARK,
        "parts": [_part(notice, written, at) for notice in notices],
        "headline": _headline(notices[0]),
        "buttons": _buttons(notices),
        "choices_address": settings.BASE_URL + reverse("workspace:notification_choices"),
    }
    text, html = render("staff_notice", context)
    number = ticket.number if ticket else 0
    who, sender = written.who(notices[-1]), sender_of(ticket)
    return OutboundMail(
        kind=OutboundKind.STAFF_NOTICE,
        ticket=ticket,
        reader=agent,
        subject=subject,
        from_name=one_line(f"{who}, {desk.name}" if who else desk.name)[:200],
        mailbox_id=sender.mailbox_id,
        from_address=sender.address,
        reply_to=agent_reply_address(number, agent.pk, is_for_team=is_for_team) if ticket else "",
        to_addresses=[named(agent.name, agent.user.email)],
        recipients_line=agent.user.email,
        message_id=new_message_id(number),
        text=text,
        html=html,
        is_automatic=True,
        created_at=at,
    )


def is_answered_in_public(notices: Sequence[Notification]) -> bool:
    """Return whether an answer goes to the client: only where nothing else is told than what a client wrote."""
    return all(notice.topic in ANSWERED_IN_PUBLIC for notice in notices)


def _answer_line(ticket: Ticket | None, *, is_for_team: bool) -> str:
    if ticket is None:
        return ""
    where = "It stays with your team." if is_for_team else f"It goes to {ticket.requester.name}, the client."
    return f"{ANSWER_MARK} {where}"


def _subject(notices: Sequence[Notification], written: Written, at: datetime) -> str:
    ticket, last = notices[0].ticket, notices[-1]
    if len(notices) > 1:
        news = f"{len(notices)} news"
    elif last.topic == Topic.ON_CALL:
        count = last.figures["count"]
        news = "Business critical" if count == 1 else f"Business critical, alert {count}"
    else:
        news = sentence(last, at, who=written.who(last))
    news = shorten(news, SUBJECT_LIMIT)
    if ticket is None:
        plan = notices[0].plan
        return f"{plan.client.name}: {news}" if plan else news
    return f"{news}: {one_line(ticket.subject)} [#{ticket.number}]"


def _headline(notice: Notification) -> str:
    if notice.ticket is not None:
        client = f", {notice.ticket.client.name}" if notice.ticket.client else ""
        return f"#{notice.ticket.number} {one_line(notice.ticket.subject)}{client}"
    return f"{notice.plan.client.name}, {notice.plan.name}" if notice.plan else ""


def _part(notice: Notification, written: Written, at: datetime) -> Part:
    text = written.text_of(notice).replace("\r\n", "\n").strip()
    if len(text) > LONGEST_TEXT:
        text = f"{text[:LONGEST_TEXT].rstrip()}…\n\n(This is longer: read the rest in the workspace.)"
    who = written.who(notice)
    words = happened(notice, at) if who else sentence(notice, at, who="")
    return Part(who=who, words=words, text=text)


def _buttons(notices: Sequence[Notification]) -> list[Button]:
    ticket, plan = notices[0].ticket, notices[0].plan
    if ticket is None:
        path = reverse("workspace:client_allowance", args=[plan.client.public_id]) if plan else ""
        return [Button("See the allowance", settings.BASE_URL + path)]
    buttons = [Button("Open the ticket", settings.BASE_URL + reverse("workspace:ticket", args=[ticket.number]))]
    if any(notice.topic == Topic.ON_CALL for notice in notices):
        taking = settings.BASE_URL + reverse("workspace:taking_on", args=[ticket.number])
        buttons.insert(0, Button("Take it on", taking))
    return buttons

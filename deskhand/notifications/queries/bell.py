"""What the bell shows an agent."""

from dataclasses import dataclass
from datetime import datetime

from deskhand.accounts.models import Agent
from deskhand.core.paging import IdCursor
from deskhand.core.text import shorten
from deskhand.notifications.models import Notification
from deskhand.notifications.models.notices import NotificationQuerySet
from deskhand.notifications.queries.texts import Written, written_in
from deskhand.notifications.topics import Topic
from deskhand.notifications.words import happened, sentence

PAGE_SIZE = 50
LINE_LIMIT = 160


@dataclass(frozen=True)
class Row:
    """One notice."""

    id: int
    topic: Topic
    who: str
    who_key: str
    who_picture: str
    words: str
    """What follows the name; a whole sentence where there is no name."""
    line: str
    """The beginning of what was written, empty for anything else."""
    ticket_number: int | None
    subject: str
    """The ticket's, or the plan's with its client."""
    client_public_id: str
    """Of the client whose plan it is about, empty for a ticket."""
    happened_at: datetime
    is_unread: bool


@dataclass(frozen=True)
class Page:
    """One page of the list."""

    rows: tuple[Row, ...]
    next_cursor: IdCursor | None
    newest_id: int
    """The newest notice on this page, 0 where there is none: what "mark all" goes up to."""


def unread_of(agent: Agent) -> NotificationQuerySet:
    """Keep what the bell counts."""
    return Notification.objects.shown_to(agent).unread()


def list_notices(agent: Agent, *, now: datetime, after: IdCursor | None = None, only_unread: bool = False) -> Page:
    """Return a page of an agent's notices, newest first. At most three queries."""
    notices = Notification.objects.shown_to(agent)
    if only_unread:
        notices = notices.unread()
    if after is not None:
        notices = notices.filter(pk__lt=after.id)
    related = notices.select_related("actor", "ticket", "plan__client")
    found = list(related.order_by("-pk")[: PAGE_SIZE + 1])
    shown, written = found[:PAGE_SIZE], written_in(found[:PAGE_SIZE])
    return Page(
        rows=tuple(_row(notice, written, now) for notice in shown),
        next_cursor=IdCursor(shown[-1].pk) if len(found) > PAGE_SIZE else None,
        newest_id=shown[0].pk if shown else 0,
    )


def _row(notice: Notification, written: Written, now: datetime) -> Row:
    who = written.who(notice)
    plan = notice.plan
    actor = notice.actor if notice.actor and notice.actor.name == who else None
    return Row(
        id=notice.pk,
        topic=Topic(notice.topic),
        who=who,
        who_key=actor.email if actor else who,
        who_picture=actor.picture_key if actor else "",
        words=happened(notice, now) if who else sentence(notice, now, who=""),
        line=shorten(written.text_of(notice), LINE_LIMIT),
        ticket_number=notice.ticket.number if notice.ticket else None,
        subject=notice.ticket.subject if notice.ticket else f"{plan.client.name}, {plan.name}" if plan else "",
        client_public_id=plan.client.public_id if plan else "",
        happened_at=notice.happened_at,
        is_unread=notice.read_at is None,
    )

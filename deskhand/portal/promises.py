"""By when a person answers, and when the office opens, in the words clients read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from deskhand.clients.models import Contact
from deskhand.core.dates import short_day
from deskhand.core.durations import duration
from deskhand.sla.queries.promises import OfficeHours, Promise, promise_for, promise_preview, promised_by
from deskhand.sla.targets import Unit
from deskhand.sla.working_days import SkippedDay, SkipReason
from deskhand.tickets.client_view import ClientTicketRow, listed
from deskhand.tickets.models import Ticket

_IN_WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_MINUTES_PER_HOUR = 60
_DAYS_PER_WEEK = 7


def promised_days(rows: Sequence[ClientTicketRow]) -> dict[int, date]:
    """Return, by ticket number, the day by whose end we answer, for tickets that wait for a first answer. One query."""
    due = promised_by(row.id for row in rows)
    return {row.number: (due[row.id] - timedelta.resolution).date() for row in rows if row.id in due}


@dataclass(frozen=True)
class PromisedAnswer:
    """By when a person answers a ticket, in words."""

    words: str
    due: str
    skipped: str
    is_late: bool


def promised_answer(ticket: Ticket, *, now: datetime) -> PromisedAnswer | None:
    """Return what a ticket was promised; None once it was answered, and where nothing is. One query."""
    promise = None if ticket.is_closed else promise_for(ticket)
    if promise is None:
        return None
    is_late = promise.due_at <= now
    words, due = promise_words(promise, now=now), due_words(promise, now=now)
    return PromisedAnswer(words, due, "" if is_late else skipped_words(promise), is_late)


def usual_promise(contact: Contact, *, now: datetime) -> PromisedAnswer | None:
    """Return what a ticket sent now would be promised, of no particular kind; None where nothing is."""
    promise = promise_preview(now, client=contact.client)
    if promise is None:
        return None
    words = f"We answer within {_length(promise)}."
    return PromisedAnswer(words, due_words(promise, now=now), skipped_words(promise), is_late=False)


def promise_words(promise: Promise, *, now: datetime) -> str:
    """Return "We answer within two working days, by Tue 24 Nov 17:30." Once that is past, say so."""
    moment = due_words(promise, now=now)
    if promise.due_at <= now:
        return f"We are late: you should have had an answer by {moment}. We are sorry."
    return f"We answer within {_length(promise)}, by {moment}."


def due_words(promise: Promise, *, now: datetime) -> str:
    """Return "Tue 24 Nov 17:30", in the zone of the business hours."""
    due = promise.due_at
    # Midnight reads as the end of the day before, as it is meant.
    clock = "24:00" if promise.due_on < due.date() else f"{due:%H:%M}"
    return f"{short_day(promise.due_on, now.astimezone(due.tzinfo).date())} {clock}"


def skipped_words(promise: Promise) -> str:
    """Return "Saturday and Sunday, and Christmas Day, do not count."; empty where every day does."""
    free = list(dict.fromkeys(f"{day.on:%A}" for day in promise.skipped if day.reason is not SkipReason.HOLIDAY))
    holidays = list(dict.fromkeys(_holiday(day) for day in promise.skipped if day.reason is SkipReason.HOLIDAY))
    if not free and not holidays:
        return ""
    verb = "does" if len(free) + len(holidays) == 1 else "do"
    if free and holidays:
        return f"{listed(free)}, and {listed(holidays)}, {verb} not count."
    return f"{listed(free or holidays)} {verb} not count."


def closed_words(hours: OfficeHours, *, now: datetime) -> str:
    """Return when the office opens, and what that means; empty while it is open."""
    if hours.is_open:
        return ""
    day = hours.closed_for
    reason = f" for {day.name}" if day is not None and day.name else ""
    opens = f" and opens {_opening(hours.opens_at, now)}" if hours.opens_at else ""
    until = "until then" if hours.opens_at else "meanwhile"
    return (
        f"Our office is closed{reason}{opens}. You can open tickets at any time; "
        f"{until} we act only on those that are business critical."
    )


def _holiday(day: SkippedDay) -> str:
    return day.name or f"{day.on:%A} {day.on.day} {day.on:%B}"


def _length(promise: Promise) -> str:
    if promise.unit is Unit.WORKING_DAYS:
        return f"{_counted(promise.amount)} working {'day' if promise.amount == 1 else 'days'}"
    working = "working " if promise.unit is Unit.WORKING_MINUTES else ""
    hours, minutes = divmod(promise.amount, _MINUTES_PER_HOUR)
    if minutes:
        return f"{duration(promise.amount)} {working and 'of working time'}".strip()
    return f"{_counted(hours)} {working}{'hour' if hours == 1 else 'hours'}"


def _counted(number: int) -> str:
    return _IN_WORDS[number] if number < len(_IN_WORDS) else str(number)


def _opening(opens_at: datetime, now: datetime) -> str:
    today = now.astimezone(opens_at.tzinfo).date()
    days = (opens_at.date() - today).days
    if days < 2:  # noqa: PLR2004 (today and tomorrow have words of their own)
        return f"{('today', 'tomorrow')[days]} at {opens_at:%H:%M}"
    day = f"{opens_at:%A}" if days < _DAYS_PER_WEEK else short_day(opens_at.date(), today)
    return f"on {day} at {opens_at:%H:%M}"

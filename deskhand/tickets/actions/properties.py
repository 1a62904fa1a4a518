"""Simple properties: subject, priority, category, dates, tags."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models.functions import Lower

from deskhand.core.changes import joining_and_leaving
from deskhand.core.text import one_line
from deskhand.events import Act
from deskhand.events.recording import record
from deskhand.tickets.actions.locking import locked
from deskhand.tickets.actions.opening import SUBJECT_LIMIT, SubjectNotValid
from deskhand.tickets.events import PropertyChanged, TagsChanged
from deskhand.tickets.models import Category, Priority, Tag

TAG_LIMIT = 40


@transaction.atomic
def set_subject(*, ticket_id: int, subject: str, act: Act) -> None:
    """Rename the ticket. Raises SubjectNotValid."""
    flat = one_line(subject)
    if not flat or len(flat) > SUBJECT_LIMIT:
        raise SubjectNotValid(f"Give the ticket a subject of at most {SUBJECT_LIMIT} characters.")
    _put(ticket_id, "subject", flat, act=act)


@transaction.atomic
def set_priority(*, ticket_id: int, priority: Priority, act: Act) -> None:
    """Change how urgent staff hold it to be."""
    _put(ticket_id, "priority", priority, act=act, as_read=lambda value: Priority(value).label)


@transaction.atomic
def set_category(*, ticket_id: int, category: Category | None, act: Act) -> None:
    """Change what it is about."""
    _put(ticket_id, "category", category, act=act)


@transaction.atomic
def set_due(*, ticket_id: int, due_on: date | None, act: Act) -> None:
    """Set the staff-only due date, or none."""
    _put(ticket_id, "due_on", due_on, act=act)


@transaction.atomic
def set_needed_by(*, ticket_id: int, needed_by_on: date | None, act: Act) -> None:
    """Set the client's own deadline, or none."""
    _put(ticket_id, "needed_by_on", needed_by_on, act=act)


def _put(ticket_id: int, field: str, new: Any, *, act: Act, as_read: Callable[[Any], str] = str) -> None:
    """Lock the ticket, change one field and record it; the same value again changes nothing."""
    ticket = locked(ticket_id)
    old = getattr(ticket, field)
    if old == new:
        return
    setattr(ticket, field, new)
    ticket.save(update_fields=[field])
    before, after = ("" if value is None else as_read(value) for value in (old, new))
    record(PropertyChanged(subject_id=ticket.pk, name=field.removesuffix("_on"), old=before, new=after), act=act)


class TagNotValid(ValueError):
    """A tag is over its limit."""


@transaction.atomic
def set_tags(*, ticket_id: int, names: Iterable[str], act: Act) -> None:
    """Make the ticket carry exactly these tags, creating what is new. Raises TagNotValid beyond 40 characters."""
    wanted = {one_line(name).lower(): one_line(name) for name in names if one_line(name)}
    too_long = next((name for name in wanted.values() if len(name) > TAG_LIMIT), None)
    if too_long:
        raise TagNotValid(f"“{too_long[:20]}…” is too long for a tag; {TAG_LIMIT} characters fit.")
    ticket = locked(ticket_id)
    tags = [_tag(name) for name in wanted.values()]
    added, removed = ([tag.name for tag in some] for some in joining_and_leaving(tags, ticket.tags.all()))
    if added or removed:
        ticket.tags.set(tags)
        record(TagsChanged(subject_id=ticket.pk, added=added, removed=removed), act=act)


@transaction.atomic
def change_tags(*, ticket_id: int, act: Act, add: Iterable[str] = (), remove: Iterable[str] = ()) -> None:
    """Put further tags on the ticket and take some off; the others stay. Raises TagNotValid."""
    ticket = locked(ticket_id)
    gone = {one_line(name).lower() for name in remove}
    kept = [name for name in ticket.tags.values_list("name", flat=True) if name.lower() not in gone]
    set_tags(ticket_id=ticket.pk, names=[*kept, *add], act=act)


def _tag(name: str) -> Tag:
    Tag.objects.bulk_create([Tag(name=name)], ignore_conflicts=True)
    return Tag.objects.annotate(folded=Lower("name")).get(folded=name.lower())

"""What happened to a ticket, in sentences for staff: who did what, when, through which door."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from deskhand.accounts.models import Agent, User
from deskhand.accounts.roles import Permission
from deskhand.core.built import built_once
from deskhand.core.durations import duration
from deskhand.core.names import without_address
from deskhand.events import Via
from deskhand.events.models import Event
from deskhand.tickets.models import Kind

DESK = "Deskhand"
DOORS = {
    Via.WORKSPACE: "through the workspace",
    Via.PORTAL: "through the client portal",
    Via.MAIL: "by e-mail",
    Via.FORM: "through the contact form",
    Via.API: "through the API",
    Via.AUTOMATION: "by a rule",
    Via.SYSTEM: "by itself",
}


@dataclass(frozen=True)
class Part:
    """A piece of a sentence; names and values are strong."""

    text: str
    is_strong: bool = False


Parts = tuple[Part, ...]


@dataclass(frozen=True)
class Happening:
    """One event as people read it: "**Ben** set the priority to **Urgent**"."""

    id: int
    kind: str
    icon: str
    actor_id: int | None
    actor: str
    parts: Parts
    at: datetime
    via: Via
    data: dict[str, Any]

    @property
    def door(self) -> str:
        """Through which door it came, in words."""
        return DOORS[self.via]

    @property
    def text(self) -> str:
        """The whole sentence, plain."""
        return self.actor + " " + "".join(part.text for part in self.parts)


def history_of(ticket_id: int, *, agent: Agent) -> list[Happening]:
    """Return everything that happened to a ticket, oldest first, as an agent who may see it reads it. One query."""
    events = _events_of(ticket_id)
    names: list[str | None] = [vars(event)["actor_name"] for event in events]
    shown = str if agent.may(Permission.CLIENTS_CONTACT_DETAILS) else without_address
    return [_happening(event, shown(name or DESK)) for event, name in zip(events, names, strict=True)]


@built_once
def _events_of(ticket_id: int) -> QuerySet[Event]:
    named = User.objects.filter(pk=OuterRef("actor_id")).values("name")[:1]
    return Event.objects.about("ticket", ticket_id).annotate(actor_name=Subquery(named))


def _happening(event: Event, actor: str) -> Happening:
    icon, say = _SENTENCES.get(event.kind, ("circle-dot", _unknown(event.kind)))
    return Happening(
        id=event.pk,
        kind=event.kind,
        icon=icon,
        actor_id=event.actor_id,
        actor=actor,
        parts=say(event.data, actor),
        at=event.occurred_at,
        via=Via(event.via),
        data=event.data,
    )


Say = Callable[[dict[str, Any], str], Parts]


def _plain(text: str) -> Say:
    return lambda _data, _actor: (Part(text),)


def _unknown(kind: str) -> Say:
    """Events of later apps still read as words: "ticket.clock_started" becomes "clock started"."""
    return _plain(kind.partition(".")[2].replace("_", " "))


def _listed(names: Iterable[str]) -> Parts:
    """Return names as "A, B and C"."""
    given = list(names)
    parts: list[Part] = []
    for place, name in enumerate(given):
        if place:
            parts.append(Part(" and " if place == len(given) - 1 else ", "))
        parts.append(Part(name, is_strong=True))
    return tuple(parts)


def _status(data: dict[str, Any], _actor: str) -> Parts:
    if data["new_kind"] == Kind.CLOSED and data["old_kind"] != Kind.CLOSED:
        return (Part("closed this ticket"),)
    if data["old_kind"] == Kind.CLOSED and data["new_kind"] == Kind.OPEN:
        return (Part("reopened this ticket"),)
    return (Part("set the status to "), Part(data["new_name"], is_strong=True))


def _assignees(data: dict[str, Any], actor: str) -> Parts:
    added, removed = data["added_names"], data["removed_names"]
    if added == [actor]:
        first: Parts = (Part("took this ticket"),)
    elif added:
        first = (Part("assigned "), *_listed(added))
    else:
        first = ()
    if not removed:
        return first
    gone = (Part("gave up this ticket"),) if removed == [actor] else (Part("unassigned "), *_listed(removed))
    return (*first, Part(" and "), *gone) if first else gone


def _team(data: dict[str, Any], _actor: str) -> Parts:
    if data["new_name"]:
        return (Part("handed it to the team "), Part(data["new_name"], is_strong=True))
    return (Part("took it from the team "), Part(data["old_name"], is_strong=True))


_PROPERTIES = {
    "priority": "priority",
    "category": "category",
    "subject": "subject",
    "needed_by": "needed-by date",
    "due": "due date",
}


def _property(data: dict[str, Any], _actor: str) -> Parts:
    name = _PROPERTIES.get(data["name"], data["name"].replace("_", " "))
    if not data["new"]:
        return (Part(f"removed the {name}"),)
    return (Part(f"set the {name} to "), Part(_value(data["new"]), is_strong=True))


def _value(value: str) -> str:
    """Return a stored value as people read it: dates as "26 Nov 2026"."""
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return value
    return f"{day.day} {day:%b %Y}"


def _tags(data: dict[str, Any], _actor: str) -> Parts:
    parts: Parts = ()
    for verb, names in (("added", data["added"]), ("removed", data["removed"])):
        if names:
            noun = "the tag " if len(names) == 1 else "the tags "
            parts += (Part(f"{' and ' if parts else ''}{verb} {noun}"), *_listed(names))
    return parts


def _followed(verb: str, other: str) -> Say:
    def say(data: dict[str, Any], actor: str) -> Parts:
        if data["agent_name"] == actor:
            return (Part(verb),)
        return (Part(other), Part(data["agent_name"], is_strong=True))

    return say


def _of_contact(words: str) -> Say:
    return lambda data, _actor: (Part(data["contact_name"], is_strong=True), Part(words))


def _rating(data: dict[str, Any], _actor: str) -> Parts:
    verdict = (Part("rated this "), Part("good" if data["verdict"] == "good" else "not good", is_strong=True))
    return (*verdict, Part(f": “{data['comment']}”")) if data.get("comment") else verdict


def _estimate(verb: str) -> Say:
    return lambda data, _actor: (Part(verb), Part(duration(data["minutes"]), is_strong=True), Part(" of extra work"))


def _decision(data: dict[str, Any], actor: str) -> Parts:
    return _estimate(f"{data['decision']} ")(data, actor)


def _clock(data: dict[str, Any]) -> str:
    return str(data["metric"]).replace("_", " ")


_FORWARDED = {True: "confirmed whom the forwarded mail is from", False: "kept the ticket of the forwarded mail"}
_SENTENCES: dict[str, tuple[str, Say]] = {
    "ticket.opened": ("ticket", _plain("opened this ticket")),
    "ticket.opened_for_team": ("lock", _plain("opened this ticket for the team only")),
    "ticket.message_posted": (
        "message-square",
        lambda data, _actor: (Part("sent an automatic reply" if data["is_auto_reply"] else "wrote a message"),),
    ),
    "ticket.message_held": ("shield-alert", _plain("wrote a message that is held back")),
    "ticket.message_accepted": ("shield-check", _plain("accepted a message that was held back")),
    "ticket.held_message_deleted": (
        "trash-2",
        lambda data, _actor: (
            Part("deleted a message of "),
            Part(without_address(data["author_name"]), is_strong=True),
            Part(" that was held back"),
        ),
    ),
    "ticket.team_message_posted": ("lock", _plain("wrote to the team")),
    "ticket.note_edited": ("sticky-note", _plain("edited the note")),
    "ticket.files_attached": (
        "paperclip",
        lambda data, _actor: (Part("attached "), *_listed(data["names"])),
    ),
    "ticket.status_changed": ("circle-dot", _status),
    "ticket.assignees_changed": ("user-round-check", _assignees),
    "ticket.team_changed": ("users-round", _team),
    "ticket.property_changed": ("sliders-horizontal", _property),
    "ticket.tags_changed": ("tag", _tags),
    "ticket.followed": ("bell", _followed("follows this ticket", "keeps informed: ")),
    "ticket.unfollowed": ("bell-off", _followed("stopped following", "keeps no longer informed: ")),
    "ticket.requester_changed": (
        "user-round-check",
        lambda data, _actor: (Part("made "), Part(data["new_name"], is_strong=True), Part(" the requester")),
    ),
    "mail.forwarded_sender_decided": (
        "mail-check",
        lambda data, _actor: (Part(_FORWARDED[data["is_accepted"]]),),
    ),
    "ticket.participant_added": (
        "user-round-plus",
        lambda data, _actor: (Part("added "), Part(data["contact_name"], is_strong=True), Part(" to the conversation")),
    ),
    "ticket.contact_unfollowed": ("bell-off", _of_contact(" gets no mail about this ticket any more")),
    "ticket.contact_followed": ("bell", _of_contact(" gets mail about this ticket again")),
    "ticket.chased": ("bell-ring", _plain("asked for an update")),
    "ticket.rated": ("star", _rating),
    "estimate.asked": ("hourglass", _estimate("asked the client to approve ")),
    "estimate.decided": ("circle-check", _decision),
    "estimate.withdrawn": ("circle-x", _estimate("withdrew the question about ")),
    "sla.policy_applied": (
        "timer",
        lambda data, _actor: (Part("applied the response promise "), Part(data["policy_name"], is_strong=True)),
    ),
    "sla.clock_warned": ("timer", lambda data, _actor: (Part(f"warned that the {_clock(data)} is due soon"),)),
    "sla.clock_breached": ("timer-off", lambda data, _actor: (Part(f"noted that the {_clock(data)} is late"),)),
    "sla.on_call_alerted": ("siren", _plain("alerted the agents on call")),
    "sla.alert_acknowledged": ("siren", _plain("ended the alerts of the agents on call")),
}

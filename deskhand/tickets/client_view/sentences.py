"""Events as sentences for clients. A kind without a sentence here is never shown, whatever its event says."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from deskhand.events.models import Event
from deskhand.tickets.events import AssigneesChanged, FilesAttached, ParticipantAdded, StatusChanged, TicketChased
from deskhand.tickets.models import Kind


@dataclass(frozen=True)
class Doer:
    """Who did it: `name` in full, and whether it is the reader. An empty name stands for the desk itself."""

    name: str
    is_reader: bool

    @property
    def subject(self) -> str:
        """The name at the head of a sentence."""
        return "You" if self.is_reader else self.name

    @property
    def first_name(self) -> str:
        """The first word of the name."""
        return self.name.split()[0] if self.name else ""


@dataclass(frozen=True)
class Sentence:
    """A sentence and the icon in front of it."""

    icon: str
    text: str


def sentence(event: Event, doer: Doer) -> Sentence | None:
    """Return what a client reads about the event; None for everything internal."""
    say = _SENTENCES.get(event.kind)
    return say(event.data, doer) if say and event.is_client_visible else None


def listed(names: Sequence[str]) -> str:
    """Return "Ben", "Ben and Ada" or "Ben, Ada and Kit"."""
    if len(names) < 2:  # noqa: PLR2004 (nothing to join)
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def _status_changed(data: dict[str, Any], doer: Doer) -> Sentence | None:
    was_closed, is_closed = data["old_kind"] == Kind.CLOSED, data["new_kind"] == Kind.CLOSED
    if was_closed == is_closed:
        return None
    if is_closed:
        if doer.is_reader:
            return Sentence("circle-check", "You closed this")
        return Sentence("circle-check", f"Closed by {doer.first_name}" if doer.name else "Closed")
    return Sentence("rotate-ccw", f"{doer.subject} reopened this" if doer.name else "Reopened")


def _assignees_changed(data: dict[str, Any], _doer: Doer) -> Sentence | None:
    names = data["added_names"]
    return Sentence("circle-dot", f"{listed(names)} started working on this") if names else None


def _files_attached(data: dict[str, Any], doer: Doer) -> Sentence:
    return Sentence("paperclip", f"{doer.subject or 'Somebody'} attached {listed(data['names'])}")


def _participant_added(data: dict[str, Any], doer: Doer) -> Sentence | None:
    name = data.get("contact_name")
    if not name:
        return None
    return Sentence("user-round-plus", f"{doer.subject} added {name}" if doer.name else f"{name} was added")


def _chased(_data: dict[str, Any], doer: Doer) -> Sentence:
    return Sentence("bell-ring", f"{doer.subject or 'Somebody'} asked for an update")


def _estimate_asked(_data: dict[str, Any], doer: Doer) -> Sentence:
    return Sentence("hourglass", f"{doer.first_name or 'We'} asked for your approval of extra work")


def _estimate_decided(data: dict[str, Any], doer: Doer) -> Sentence:
    verb = "approved" if data["decision"] == "approved" else "declined"
    return Sentence("circle-check", f"{doer.subject or 'Somebody'} {verb} the extra work")


def _estimate_withdrawn(_data: dict[str, Any], doer: Doer) -> Sentence:
    return Sentence("circle-x", f"{doer.first_name or 'We'} withdrew the question about extra work")


_SENTENCES: dict[str, Callable[[dict[str, Any], Doer], Sentence | None]] = {
    StatusChanged.kind: _status_changed,
    AssigneesChanged.kind: _assignees_changed,
    FilesAttached.kind: _files_attached,
    ParticipantAdded.kind: _participant_added,
    TicketChased.kind: _chased,
    # Of an app above this one, which therefore cannot be named. Minutes are not for everyone, so none are told.
    "estimate.asked": _estimate_asked,
    "estimate.decided": _estimate_decided,
    "estimate.withdrawn": _estimate_withdrawn,
}

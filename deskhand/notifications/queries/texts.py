"""What people wrote that notices tell of, for staff."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from deskhand.notifications.models import Notification
from deskhand.notifications.topics import Topic
from deskhand.tickets.models import Message
from deskhand.tickets.models.team import TeamMessage

_OF_CLIENTS = frozenset({Topic.CLIENT_MESSAGE, Topic.NEW_TICKET})
_OF_THE_TEAM = frozenset({Topic.TEAM_MESSAGE, Topic.MENTIONED})


@dataclass(frozen=True)
class Written:
    """Authors and texts by id, of messages and of team messages."""

    messages: Mapping[int, tuple[str, str]] = field(default_factory=dict)
    team_messages: Mapping[int, tuple[str, str]] = field(default_factory=dict)

    def text_of(self, notice: Notification) -> str:
        """Return what was written; empty for a notice of something else."""
        return self._found(notice)[1]

    def who(self, notice: Notification) -> str:
        """Return who did it: of a message its author, who need not be who let it in. Empty where the desk did."""
        return self._found(notice)[0] or (notice.actor.name if notice.actor else "")

    def _found(self, notice: Notification) -> tuple[str, str]:
        if notice.topic in _OF_CLIENTS:
            return self.messages.get(notice.about_id, ("", ""))
        if notice.topic in _OF_THE_TEAM:
            return self.team_messages.get(notice.about_id, ("", ""))
        return "", ""


def written_in(notices: Iterable[Notification]) -> Written:
    """Return what the notices tell of. At most two queries."""
    rows = list(notices)
    public = [notice.about_id for notice in rows if notice.topic in _OF_CLIENTS]
    among_us = [notice.about_id for notice in rows if notice.topic in _OF_THE_TEAM]
    messages = Message.objects.filter(pk__in=public) if public else Message.objects.none()
    team_messages = TeamMessage.objects.filter(pk__in=among_us) if among_us else TeamMessage.objects.none()
    return Written(
        messages={pk: (name, text) for pk, name, text in messages.values_list("pk", "author__name", "text")},
        team_messages={pk: (name, text) for pk, name, text in team_messages.values_list("pk", "author__name", "text")},
    )

"""What a notice says, in one sentence; the same under the bell and in a mail."""

from collections.abc import Callable, Mapping
from datetime import date, datetime

from django.utils import timezone

from deskhand.core.dates import due_time
from deskhand.core.durations import duration
from deskhand.core.names import without_address
from deskhand.notifications.models import Notification
from deskhand.notifications.topics import Topic
from deskhand.sla.models.policies import METRICS

_METRICS = dict(METRICS)
_FIRST_ALERT = 1


def happened(notice: Notification, now: datetime) -> str:
    """Return what follows a name: "assigned this ticket to you"; a sentence of its own where nobody did it.

    `now` says how dates are written.
    """
    return _WORDS[Topic(notice.topic)](notice, now)


def sentence(notice: Notification, now: datetime, *, who: str) -> str:
    """Return the whole sentence without its full stop; `who` did it, empty where the desk did."""
    words = happened(notice, now)
    return f"{who} {words}" if who else words[0].upper() + words[1:]


def _fixed(words: str) -> Callable[[Notification, datetime], str]:
    return lambda _notice, _now: words


def _clock(notice: Notification, now: datetime, ending: str) -> str:
    due = datetime.fromisoformat(notice.figures["due_at"])
    when = due_time(timezone.localtime(due), timezone.localtime(now))
    return f"{_METRICS.get(notice.figures['metric'], 'promised time').lower()} {ending} {when}"


def _on_call(notice: Notification, _now: datetime) -> str:
    count = int(notice.figures["count"])
    again = "" if count == _FIRST_ALERT else f", alert {count}"
    return f"a business critical ticket waits for someone on call{again}"


def _decision(notice: Notification, _now: datetime) -> str:
    return f"{notice.figures['decision']} {duration(notice.figures['minutes'])} of extra work"


def _allowance(notice: Notification, _now: datetime) -> str:
    month = date.fromisoformat(notice.figures["month"])
    used, there_is = duration(notice.figures["used"]), duration(notice.figures["allowance"])
    return f"{notice.figures['percent']} % of the allowance for {month:%B} is used: {used} of {there_is}"


def _mail_trouble(notice: Notification, _now: datetime) -> str:
    name = without_address(notice.figures.get("name", "")) or "someone"
    if notice.figures["state"] == "unclear":
        return f"nobody knows whether your reply reached {name}"
    return f"your reply did not reach {name}"


_WORDS: Mapping[Topic, Callable[[Notification, datetime], str]] = {
    Topic.ON_CALL: _on_call,
    Topic.ASSIGNED: _fixed("assigned this ticket to you"),
    Topic.TEAM_ASSIGNED: lambda notice, _: f"handed this ticket to {notice.figures['team']}",
    Topic.MENTIONED: _fixed("mentioned you"),
    Topic.CLIENT_MESSAGE: _fixed("wrote"),
    Topic.MESSAGE_HELD: _fixed("a message waits to be let in"),
    Topic.TEAM_MESSAGE: _fixed("wrote to the team"),
    Topic.CHASED: _fixed("asks for an update"),
    Topic.PROMISE_WARNED: lambda notice, now: _clock(notice, now, "is due"),
    Topic.PROMISE_BREACHED: lambda notice, now: _clock(notice, now, "was due"),
    Topic.MAIL_TROUBLED: _mail_trouble,
    Topic.ESTIMATE_DECIDED: _decision,
    Topic.RATED: lambda notice, _: f"rated this ticket: {notice.figures['verdict']}",
    Topic.ALLOWANCE: _allowance,
    Topic.NEW_TICKET: _fixed("opened this ticket"),
}

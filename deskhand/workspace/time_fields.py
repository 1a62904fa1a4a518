"""The fields of a composer in which time is logged, with the message or alone."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils import timezone

from deskhand.accounts.models import Agent
from deskhand.accounts.roles import Permission
from deskhand.allowances.actions.locking import MonthIsLocked
from deskhand.allowances.actions.time import AllowanceUsedUp, ApprovalNeeded, NewTime, TimeNotValid, log_time
from deskhand.allowances.models import TimeEntry
from deskhand.events import Act
from deskhand.web.composing import KEY_LENGTH, new_key
from deskhand.web.viewers import DeskRequest
from deskhand.workspace.forms.allowances import TimeForm
from deskhand.workspace.forms.shown import refusals

PREFIX = "time"
NAMES = frozenset(f"{PREFIX}-{name}" for name in ("actual", "work_on", "description", "charged", "charge_note"))
"""The fields of the form, as drafts keep them."""
_REFUSED = {
    TimeNotValid: "actual",
    MonthIsLocked: "work_on",
    AllowanceUsedUp: "actual",
    ApprovalNeeded: "actual",
}


class TimeNotLogged(Exception):
    """The time cannot be logged as it was entered; the fields say why."""


class TimeFields:
    """Minutes, day, words and charge as they were typed. Without minutes there is nothing to log."""

    def __init__(self, agent: Agent, today: date, typed: Mapping[str, Any] | None = None) -> None:
        """Read what was typed; `typed` is none for empty fields."""
        self.agent = agent
        self._may = agent.may(Permission.TIME_LOG)
        self._sees_figures = agent.may(Permission.ALLOWANCES_VIEW)
        self._today = today
        self._asked = False
        self.key = (typed.get(f"{PREFIX}-key", "")[:KEY_LENGTH] if typed else "") or new_key()
        self.form = TimeForm(typed, prefix=PREFIX, initial={"work_on": today})
        if not self._sees_figures:
            del self.form.fields["charged"], self.form.fields["charge_note"]

    @property
    def is_given(self) -> bool:
        """Whether there is time to log with the message."""
        return self._may and bool(str(self.form["actual"].value() or "").strip())

    def value(self, name: str) -> Any:
        """Return what stands in a field."""
        value = self.form[name].value()
        return "" if value is None else value

    def errors(self, name: str) -> list[str]:
        """Return what is wrong with a field."""
        return [str(error) for error in self.form.errors.get(name, [])] if self.form.is_bound and self._asked else []

    @property
    def words(self) -> list[str]:
        """Everything that is wrong, one sentence each."""
        return [str(error) for errors in self.form.errors.values() for error in errors] if self._asked else []

    def log(self, *, ticket_id: int, act: Act) -> TimeEntry:
        """Log the time. Raises TimeNotLogged, with the reasons in the fields."""
        self._asked = True
        if self.form.is_valid():
            with refusals(self.form, _REFUSED):
                return log_time(ticket_id=ticket_id, agent=self.agent, new=self._work(), today=self._today, act=act)
        raise TimeNotLogged

    def log_if_given(self, *, ticket_id: int, act: Act) -> None:
        """Log the time, if there is any. Raises TimeNotLogged."""
        if self.is_given:
            self.log(ticket_id=ticket_id, act=act)

    def _work(self) -> NewTime:
        given = self.form.cleaned_data
        charged = given.get("charged")
        return NewTime(
            work_on=given["work_on"],
            actual_minutes=given["actual"],
            description=given["description"],
            charged_minutes=charged,
            charge_note=given.get("charge_note", "") if charged is not None else "",
            submission_key=self.key,
        )


def drafted_time(agent: Agent, today: date, draft: Mapping[str, Any]) -> TimeFields:
    """Return the fields as a draft left them; empty ones where it holds no time."""
    kept = {name: value for name, value in draft.items() if name in NAMES and isinstance(value, str)}
    return TimeFields(agent, today, {f"{PREFIX}-work_on": today.isoformat(), **kept} if kept else None)


def typed_time(request: DeskRequest) -> TimeFields:
    """Return the fields as this request brought them."""
    return TimeFields(request.agent, timezone.localdate(request.act.at), request.POST)

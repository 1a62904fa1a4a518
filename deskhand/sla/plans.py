"""The plans that clients have, as policies ask for them.

Plans belong to allowances, which stands beside this app and is not imported here: project/apps.py hands over the answer
(docs/decisions/0011-policies-ask-for-plans.md).
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db.models import QuerySet

RunningPlanNames = Callable[[int, date], "QuerySet[Any, str]"]
"""From a client's id and a day to the names of the plans that run then, not yet asked from the database."""

_answers: list[RunningPlanNames] = []


def install(answer: RunningPlanNames) -> None:
    """Take over who knows the plans, at start."""
    _answers[:] = [answer]


def running_plan_names(client_id: int, on: date) -> "QuerySet[Any, str]":
    """Return the names of a client's plans that run on a day, as a query for use within another."""
    return _answers[0](client_id, on)

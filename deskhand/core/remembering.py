"""Asking for what hardly ever changes once in a stretch of work, instead of once for every piece of it.

Only inside `with remembering():`, and only in this thread; a page or a single action always asks anew. The stretch lies
within one transaction: what it remembers is no older than that, and is forgotten when it is rolled back.
"""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar, cast

T = TypeVar("T")
_answers: ContextVar[dict[Hashable, Any] | None] = ContextVar("answers", default=None)


@contextmanager
def remembering() -> Iterator[None]:
    """Remember the answers of `remembered` while the block runs."""
    token = _answers.set({})
    try:
        yield
    finally:
        _answers.reset(token)


def remembered(key: Hashable, ask: Callable[[], T]) -> T:
    """Return the answer to `ask`, within `remembering` the one that `key` got first. Errors are not remembered."""
    answers = _answers.get()
    if answers is None:
        return ask()
    if key not in answers:
        answers[key] = ask()
    return cast("T", answers[key])


def remember(key: Hashable, answer: object) -> None:
    """Keep an answer that is known already, for `remembered` and `recalled`; nothing outside `remembering`."""
    answers = _answers.get()
    if answers is not None:
        answers[key] = answer


def recalled(key: Hashable, default: T) -> T:
    """Return what is remembered of `key`, or `default`, without asking anyone."""
    return cast("T", (_answers.get() or {}).get(key, default))

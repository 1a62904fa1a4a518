"""Turning the database's "that already exists" into an error of ours."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, transaction


@contextmanager
def unless_taken(constraint: str, error: Exception) -> Iterator[None]:
    """Raise `error` where the block breaks the named constraint; the transaction around it stays usable.

    Asking first whether a name is free would leave a gap for someone else to take it.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as broken:
        if constraint not in str(broken):
            raise
        raise error from broken

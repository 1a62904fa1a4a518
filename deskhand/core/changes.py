"""What an action changes: the fields of a row, and who or what joins a list or leaves it."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from django.db.models import Model

_One = TypeVar("_One")


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Return [old, new] of each name in `after` whose value was another one before."""
    return {name: [before[name], new] for name, new in after.items() if before[name] != new}


def put(row: Model, wanted: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Write those of these fields of a locked row that differ, and return [old, new] of each."""
    changes = differences({name: getattr(row, name) for name in wanted}, wanted)
    for name, (_, new) in changes.items():
        setattr(row, name, new)
    row.save(update_fields=list(changes))
    return changes


def joining_and_leaving(wanted: Iterable[_One], present: Iterable[_One]) -> tuple[list[_One], list[_One]]:
    """Return who is wanted and not there yet, and who is there and not wanted any more; each once, in their order."""
    after, before = dict.fromkeys(wanted), dict.fromkeys(present)
    return [one for one in after if one not in before], [one for one in before if one not in after]

"""What the arguments of a query make of it: its shape, and the values that stand in it.

- An int, str, date, datetime, list of ints or `Texts` is a **value**.
- Some arguments are both (`Parted`): the rights of a viewer shape what they see, their ids are values.
- Anything else (a bool, an enum, a function, None, a number that is `Fixed`) is part of the shape.
"""

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any, NoReturn, Protocol, Self, TypeVar

from django.db import models

Shape = tuple[Hashable, ...]
M = TypeVar("M", bound=models.Model)


class Fixed(int):
    """A number that is part of the shape, such as how many rows are asked for."""


class Texts(list[str]):
    """A list of texts that is one value."""


class Parted(Protocol):
    """An argument that has a shape as well as values."""

    def shape(self) -> Hashable:
        """Return everything that decides which conditions there are."""

    def values(self) -> tuple[Any, ...]:
        """Return what conditions compare with."""

    @classmethod
    def standing_in(cls, shape: Any, values: tuple[Any, ...]) -> Self:
        """Return one of this shape with other values; whatever else is asked of it raises."""


@dataclass(frozen=True)
class _Value:
    """The part of a shape that a value takes."""

    kind: type


@dataclass(frozen=True)
class _Parted:
    """The part of a shape that an argument takes which has both."""

    kind: type[Parted]
    shape: Hashable
    kinds: tuple[type, ...]


_FIRST_DAY = date(1999, 1, 1)
_FIRST_MOMENT = datetime(1998, 1, 1, tzinfo=UTC)
_SAMPLES: dict[type, Callable[[int], Any]] = {
    int: lambda at: at,
    str: lambda at: f"sample {at}",
    date: lambda at: _FIRST_DAY + timedelta(days=at),
    datetime: lambda at: _FIRST_MOMENT + timedelta(days=at),
    list: lambda at: [at],
    Texts: lambda at: Texts([f"sample {at}"]),
}


def parted(arguments: Sequence[Any]) -> tuple[Shape, list[Any]]:
    """Return the shape that arguments give a query, and the values that stand in it, in order."""
    shape: list[Hashable] = []
    values: list[Any] = []
    for given in arguments:
        kind = type(given)
        if kind in _SAMPLES:
            shape.append(_Value(kind))
            values.append(given)
        elif hasattr(kind, "standing_in"):
            own = given.values()
            shape.append(_Parted(kind, given.shape(), tuple(map(type, own))))
            values.extend(own)
        else:
            shape.append(given)
    return tuple(shape), values


def samples_of(shape: Shape, start: int) -> list[Any]:
    """Return a sample for each value of a shape, no two alike, and none like those of another start."""
    makers = [maker for part in shape for maker in _makers(part)]
    return [make(start + at) for at, make in enumerate(makers)]


def _makers(part: Hashable) -> list[Callable[[int], Any]]:
    if isinstance(part, _Parted):
        return [_SAMPLES[kind] for kind in part.kinds]
    return [_SAMPLES[part.kind]] if isinstance(part, _Value) else []


def standing_in(shape: Shape, samples: Sequence[Any]) -> Iterator[Any]:
    """Yield arguments of a shape that belong to nobody, with these samples for its values."""
    left = iter(samples)
    for part in shape:
        if isinstance(part, _Parted):
            yield part.kind.standing_in(part.shape, tuple(islice(left, len(part.kinds))))
        else:
            yield next(left) if isinstance(part, _Value) else part


def nobody(model: type[M], **known: Any) -> M:
    """Return a row that is in no table, with these fields alone; asking it for others raises TypeError."""
    names = [field.attname for field in model._meta.concrete_fields if field.attname in known]
    made = model.from_db(None, names, [known[name] for name in names])
    vars(made)["refresh_from_db"] = _refuse  # what a field calls that was not loaded
    return made


def _refuse(**wanted: Any) -> NoReturn:
    raise TypeError(f"A query that is built once cannot hold what is somebody's own: {wanted}")

"""Queries of the busiest pages: built once for each shape they take, and only run from then on.

Of any kind: of several tables, of single columns, with subqueries. Django takes longer to build a statement than the
database to run it, and the database about as long to plan it (`core.prepared` sees to that).

Arguments are values, parts of the shape, or both (`core.shapes`). A statement is built of its shape alone, with
samples where the values go, so that nothing of whoever asked first stays in it. It is built twice, with other samples
each time, and refused where these do more than take their places.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache, wraps
from typing import Any, ParamSpec, TypeVar, cast

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connection, models
from django.db.models.query import (
    FlatValuesListIterable,
    ModelIterable,
    ValuesIterable,
    ValuesListIterable,
    get_related_populators,
)
from psycopg.sql import Literal
from psycopg.types.numeric import Int2, Int4, Int8

from deskhand.core.prepared import rows_of
from deskhand.core.shapes import Shape, parted, samples_of, standing_in

P = ParamSpec("P")
T = TypeVar("T")
Rows = Iterable[Sequence[Any]]
Statement = tuple[str, Sequence[Any]]
"""SQL with `%s` where its parameters go, and these."""
_Readable = tuple[str, Sequence[Any], Callable[[Rows], list[Any]]]

SHAPES = 128
"""How many statements are kept of one query; a desk has few roles."""
_BITS = {Int2: 15, Int4: 31, Int8: 63}
_FIRST, _SECOND = 20_000, 30_000
_PLACE = re.compile("%[s%]")


def built_once(asks: "Callable[P, models.QuerySet[Any, T]]") -> Callable[P, list[T]]:
    """Make a function that builds a query into one that runs it; arguments are given in order.

    Rows come as the query would give them: models with related ones and annotations, `values()`, `values_list()`.
    Raises TypeError where the query does more with a value than to hand it to lookups.
    """
    built = _keeping(asks, _read_as_django_does)

    @wraps(asks)
    def run_it(*arguments: Any) -> list[T]:
        shape, values = parted(arguments)
        statement = built(shape)
        if statement is None or not statement.takes(values):
            return list(cast("Any", asks)(*arguments))
        return statement.rows(values)

    return cast("Callable[P, list[T]]", run_it)


def statement_built_once(asks: Callable[P, Statement]) -> Callable[P, list[tuple[Any, ...]]]:
    """Do as `built_once` for a function that returns a statement; its rows come as tuples."""
    built = _keeping(asks, lambda statement: (*statement, list))

    @wraps(asks)
    def run_it(*arguments: Any) -> list[tuple[Any, ...]]:
        shape, values = parted(arguments)
        return cast("_Built", built(shape)).rows(values)

    return cast("Callable[P, list[tuple[Any, ...]]]", run_it)


class _Built:
    """A statement as the database gets it, and how its rows are read."""

    def __init__(self, readable: _Readable, other: _Readable, samples: Sequence[tuple[Any, Any]]) -> None:
        """Find the places of the values: where these samples stand, the first of a pair in one and the second in other.

        What never changes stands in the statement itself: only so can a plan use an index of a part of a table. Raises
        LookupError where anything is made of a value.
        """
        text, parameters, self.read = readable
        if text != other[0]:
            raise LookupError
        self.places: list[tuple[int, Any]] = []
        pieces: list[str] = []
        for one, changed in zip(parameters, other[1], strict=True):
            literal = _literal(one)
            if literal == _literal(changed):
                pieces.append(literal.replace("%", "%%"))
                continue
            at = next((at for at, pair in enumerate(samples) if pair == (one, changed)), None)
            if at is None:
                raise LookupError
            self.places.append((at, type(one) if type(one) in _BITS else None))
            pieces.append("%s")
        given = iter(pieces)
        self.sql = _PLACE.sub(lambda place: next(given) if place[0] == "%s" else place[0], text)

    def takes(self, values: Sequence[Any]) -> bool:
        """Return whether all values are numbers that their columns can hold; Django finds nothing for others."""
        return all(kind is None or -1 << _BITS[kind] <= values[at] < 1 << _BITS[kind] for at, kind in self.places)

    def rows(self, values: Sequence[Any]) -> list[Any]:
        """Run the statement with these values."""
        parameters = [values[at] if kind is None else kind(values[at]) for at, kind in self.places]
        return self.read(rows_of(self.sql, parameters))


def _keeping(asks: Callable[..., Any], readable: Callable[[Any], _Readable]) -> Callable[[Shape], _Built | None]:
    @lru_cache(maxsize=SHAPES)
    def built(shape: Shape) -> _Built | None:
        samples = [samples_of(shape, start) for start in (_FIRST, _SECOND)]
        try:
            first, second = (readable(asks(*standing_in(shape, given))) for given in samples)
        except EmptyResultSet:  # nothing can match, as Django sees without asking: let it see each time
            return None
        try:
            return _Built(first, second, list(zip(*samples, strict=True)))
        except LookupError as error:
            raise TypeError(f"{asks.__qualname__} does more with its arguments than to look for them") from error

    return built


def _literal(value: Any) -> str:
    connection.ensure_connection()
    return Literal(value).as_string(connection.connection)


def _read_as_django_does(query: "models.QuerySet[Any, Any]") -> _Readable:
    compiler: Any = query.query.get_compiler(DEFAULT_DB_ALIAS)
    text, parameters = compiler.as_sql()
    converters = _converters(compiler)
    make = _MAKERS[cast("Any", query)._iterable_class](query.query, compiler)  # noqa: SLF001 -- Django's own choice

    def read(rows: Rows) -> list[Any]:
        return [make(row) for row in (compiler.apply_converters(rows, converters) if converters else rows)]

    return text, parameters, read


def _converters(compiler: Any) -> dict[int, Any]:
    """Return what Django makes of columns besides reading JSON, which comes read where results are in binary."""
    found = compiler.get_converters([column for column, *_ in compiler.select[: compiler.col_count]])
    return {at: (made, column) for at, (made, column) in found.items() if not _is_json(column.output_field)}


def _is_json(field: "models.Field[Any, Any]") -> bool:
    inner = field.base_field if isinstance(field, ArrayField) else field
    return isinstance(inner, models.JSONField) and inner.decoder is None


def _model_maker(_query: Any, compiler: Any) -> Callable[[Sequence[Any]], models.Model]:
    kind = compiler.klass_info
    at = slice(kind["select_fields"][0], kind["select_fields"][-1] + 1)
    names = [column.target.attname for column, *_ in compiler.select[at]]
    related = cast("Any", get_related_populators)(kind, compiler.select, DEFAULT_DB_ALIAS)
    annotations = list((compiler.annotation_col_map or {}).items())

    def make(row: Sequence[Any]) -> models.Model:
        made: models.Model = kind["model"].from_db(DEFAULT_DB_ALIAS, names, row[at])
        for one in related:
            one.populate(row, made)
        for name, place in annotations:
            setattr(made, name, row[place])
        return made

    return make


def _values_maker(query: Any, _compiler: Any) -> Callable[[Sequence[Any]], dict[str, Any]]:
    names = list(query.selected)
    return lambda row: dict(zip(names, row, strict=True))


_MAKERS: dict[type, Callable[[Any, Any], Callable[[Sequence[Any]], Any]]] = {
    ModelIterable: _model_maker,
    ValuesIterable: _values_maker,
    ValuesListIterable: lambda _query, _compiler: tuple,
    FlatValuesListIterable: lambda _query, _compiler: lambda row: row[0],
}

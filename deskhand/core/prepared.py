"""Statements of the busiest paths, planned by the database once a connection, and only run from then on.

Queries are built by `core.built`, which hands their statements over. Parameters and results go in binary, so that the
bytes of a mail are not written out as text on the way.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any, TypeVar, cast

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper

M = TypeVar("M", bound=models.Model)
Fields = Sequence["models.Field[Any, Any]"]


class _Cursor(psycopg.Cursor[tuple[Any, ...]]):
    """Prepares what it runs, and takes results in binary."""

    def execute(self, query: Any, params: Any = None, **_: Any) -> "_Cursor":
        """Run a statement."""
        return super().execute(query, params, prepare=True, binary=True)


def rows_of(sql: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Run a statement that returns rows, in the caller's transaction. Raises what Django's own cursors raise."""
    database = _database()
    cursor = _executed(database, sql, params)
    with database.wrap_database_errors:
        return list(cursor.fetchall())


def lock_name(name: str) -> None:
    """Wait until nobody else holds a name, and hold it until the caller's transaction ends.

    For what has no row to lock yet. Names begin with what they are of: "address:", "submission:".
    """
    rows_of("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])


def run(sql: str, params: Sequence[Any]) -> int:
    """Run a statement that returns no rows, in the caller's transaction; returns how many it wrote."""
    return int(_executed(_database(), sql, params).rowcount)


def _database() -> BaseDatabaseWrapper:
    """Return this thread's connection itself: `django.db.connection` looks it up for each attribute, at some cost."""
    return connections[DEFAULT_DB_ALIAS]


def _executed(database: BaseDatabaseWrapper, sql: str, params: Sequence[Any]) -> Any:
    """Run a statement as Django's own cursors do, whose wrapping takes as long as all the rest where nobody listens."""
    database.ensure_connection()
    database.validate_thread_sharing()
    cursor: Any = _Cursor(cast("psycopg.Connection[tuple[Any, ...]]", database.connection))
    if database.queries_logged or database.execute_wrappers:
        wrap = database.make_debug_cursor if database.queries_logged else database.make_cursor
        wrap(cursor).execute(sql, params)
    else:
        database.validate_no_broken_transaction()
        with database.wrap_database_errors:
            cursor.execute(sql, params)
    return cursor


def insert(row: M) -> M:
    """Write a row just made, and return it; it gets its id unless it has one.

    For models without parents and signals; what the database refuses is raised as by `save`.
    """
    has_id = row.pk is not None
    sql, fields = _insert_of(type(row), has_id=has_id)
    written = rows_of(sql, _values(row, fields, is_new=True))
    if not has_id:
        row.pk = written[0][0]
    row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS  # noqa: SLF001 -- what `save` leaves behind
    return row


def update(row: models.Model, names: Sequence[str]) -> None:
    """Write these fields of a row that is in the table."""
    sql, fields = _update_of(type(row), tuple(names))
    run(sql, [*_values(row, fields, is_new=False), row.pk])


@cache
def _insert_of(model: type[models.Model], *, has_id: bool) -> tuple[str, Fields]:
    meta = model._meta
    fields = [one for one in meta.local_concrete_fields if not one.generated and (has_id or not one.primary_key)]
    names, places = ", ".join(f'"{one.column}"' for one in fields), ", ".join(["%s"] * len(fields))
    pk = meta.pk.column
    return f'INSERT INTO "{meta.db_table}" ({names}) VALUES ({places}) RETURNING "{pk}"', fields  # noqa: S608 -- ours


@cache
def _update_of(model: type[models.Model], names: tuple[str, ...]) -> tuple[str, Fields]:
    meta = model._meta
    fields: Fields = [meta.get_field(name) for name in names]  # type: ignore[misc]  # concrete by the callers' contract
    pairs = ", ".join(f'"{one.column}" = %s' for one in fields)
    return f'UPDATE "{meta.db_table}" SET {pairs} WHERE "{meta.pk.column}" = %s', fields  # noqa: S608 -- our names


def _values(row: models.Model, fields: Fields, *, is_new: bool) -> list[Any]:
    database = _database()
    return [one.get_db_prep_save(one.pre_save(row, is_new), database) for one in fields]

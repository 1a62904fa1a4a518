"""Lifting what the database looks up for each row while very many are written, and putting it back at the end."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from django.db.backends.utils import CursorWrapper

_CONSTRAINTS = """
SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = %s::regclass AND contype = %s
"""
_INDEXES = """
SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index AS i
WHERE i.indrelid = %s::regclass AND NOT i.indisprimary
AND NOT EXISTS (SELECT FROM pg_constraint AS c WHERE c.conindid = i.indexrelid AND c.contype <> 'f')
"""
# Those of inserts. What they keep elsewhere of their rows, the copies bring along.
_TRIGGERS = """
SELECT tgname, '' FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal AND tgtype & 4 <> 0
"""


@contextmanager
def lifted(cursor: CursorWrapper, tables: Sequence[str], *, say: Callable[[str], None]) -> Iterator[None]:
    """Drop constraints and indexes of these tables, and put them back, where all rows are checked at once.

    Triggers of inserts rest meanwhile: without indexes, what they look for is found by reading a whole table.
    """
    foreign, unique = (_of_each(cursor, tables, _CONSTRAINTS, kind) for kind in ("f", "u"))
    indexes = _of_each(cursor, tables, _INDEXES)
    triggers = _of_each(cursor, tables, _TRIGGERS)
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET LOCAL maintenance_work_mem = '256MB'")
    for table, name, _ in [*foreign, *unique]:
        cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
    for _, name, _ in indexes:
        cursor.execute(f"DROP INDEX {name}")
    for table, name, _ in triggers:
        cursor.execute(f'ALTER TABLE {table} DISABLE TRIGGER "{name}"')
    yield
    say("Building the indexes, checking the rows …")
    for _, _, definition in indexes:
        cursor.execute(definition)
    for table, name, definition in [*unique, *foreign]:
        cursor.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')
    for table, name, _ in triggers:
        cursor.execute(f'ALTER TABLE {table} ENABLE TRIGGER "{name}"')


def _of_each(cursor: CursorWrapper, tables: Sequence[str], sql: str, *more: str) -> list[tuple[str, str, str]]:
    """Return table, name and definition of whatever the statement finds of each table."""
    found = []
    for table in tables:
        cursor.execute(sql, [table, *more])
        found += [(table, name, definition) for name, definition in cursor.fetchall()]
    return found

"""Our own statements on the busiest paths: the database plans each once a connection, and binds its parameters itself.

Parameters and results go in binary, so that the bytes of a mail are not written out as text on the way.
"""

from collections.abc import Sequence
from typing import Any

import psycopg
from django.db import connection
from django.db.backends.utils import CursorWrapper


class _Cursor(psycopg.Cursor[tuple[Any, ...]]):
    """Prepares what it runs, and takes results in binary."""

    def execute(self, query: Any, params: Any = None, **_: Any) -> "_Cursor":
        """Run a statement."""
        return super().execute(query, params, prepare=True, binary=True)


def rows_of(sql: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Run a statement that returns rows, in the caller's transaction. Raises what Django's own cursors raise."""
    with _cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())


def run(sql: str, params: Sequence[Any]) -> int:
    """Run a statement that returns no rows, in the caller's transaction; returns how many it wrote."""
    with _cursor() as cursor:
        cursor.execute(sql, params)
        return int(cursor.rowcount)


def _cursor() -> CursorWrapper:
    connection.ensure_connection()
    connection.validate_thread_sharing()
    own: Any = _Cursor(connection.connection)
    return CursorWrapper(own, connection)

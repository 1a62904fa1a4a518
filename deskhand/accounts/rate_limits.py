"""Counting tries in PostgreSQL, atomically: one upsert per try."""

from datetime import datetime, timedelta

from django.db import connection

_COUNT = """
INSERT INTO accounts_ratelimit (key, window_started_at, count) VALUES (%(key)s, %(now)s, 1)
ON CONFLICT (key) DO UPDATE SET
    count = CASE WHEN accounts_ratelimit.window_started_at <= %(oldest)s THEN 1
                 ELSE accounts_ratelimit.count + 1 END,
    window_started_at = CASE WHEN accounts_ratelimit.window_started_at <= %(oldest)s THEN %(now)s
                             ELSE accounts_ratelimit.window_started_at END
RETURNING count
"""
WINDOW = timedelta(minutes=15)
"""What people are told to wait."""


def allow(key: str, *, limit: int, now: datetime) -> bool:
    """Count one try under `key` and return whether it is within `limit` tries per window."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, {"key": key[:160], "now": now, "oldest": now - WINDOW})
        (count,) = cursor.fetchone()
    return bool(count <= limit)

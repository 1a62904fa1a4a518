"""Hints to open pages, by PostgreSQL NOTIFY: that something changed, never what.

A page that hears a hint asks for its own fragment again, through the same permissions as any request, so a hint
cannot leak more than a number. NOTIFY is sent at commit, and not at all after a rollback.
"""

import json

from django.db import connection

CHANNEL = "deskhand_live"


def announce(*, kind: str, subject_kind: str, subject_id: int, client_visible: bool) -> None:
    """Tell every listening process that `subject_kind` `subject_id` changed, once the transaction commits."""
    hint = hint_of(kind=kind, subject_kind=subject_kind, subject_id=subject_id, client_visible=client_visible)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, hint])


def hint_of(*, kind: str, subject_kind: str, subject_id: int, client_visible: bool) -> str:
    """Return what goes through the channel: JSON that names the subject and says nothing about it."""
    return json.dumps({"kind": kind, "subject": f"{subject_kind}:{subject_id}", "client": client_visible})

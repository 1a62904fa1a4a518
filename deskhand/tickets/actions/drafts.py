"""Drafts and read markers: what is kept while people write and read."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models.functions import Greatest

from deskhand.accounts.models import User
from deskhand.core.text import storable_json
from deskhand.events import Act
from deskhand.tickets.models import Audience, Draft
from deskhand.tickets.models.team import Mention

_MARK = """
INSERT INTO tickets_readmarker (user_id, ticket_id, position, read_at) VALUES (%s, %s, %s, %s)
ON CONFLICT (user_id, ticket_id) DO UPDATE SET position = EXCLUDED.position, read_at = EXCLUDED.read_at
WHERE tickets_readmarker.position < EXCLUDED.position
"""


@dataclass(frozen=True)
class DraftPlace:
    """Where a draft belongs. Without a ticket it is that of a new one."""

    author: User
    ticket_id: int | None
    audience: Audience

    @property
    def keys(self) -> dict[str, Any]:
        """What finds its row."""
        return {"author": self.author, "ticket_id": self.ticket_id, "audience": self.audience}


@transaction.atomic
def save_draft(*, place: DraftPlace, content: dict[str, Any], revision: int, act: Act) -> bool:
    """Keep unsent text and return True; a save older than what is kept, or than sending, returns False.

    Sending leaves an empty draft behind with a high revision, so that a save that comes late cannot revive it.
    """
    kept = {"content": storable_json(content), "revision": revision, "updated_at": act.at}
    draft, is_new = Draft.objects.select_for_update().get_or_create(**place.keys, defaults=kept)
    if is_new:
        return True
    if draft.revision >= revision:
        return False
    Draft.objects.filter(pk=draft.pk).update(**kept)
    return True


@transaction.atomic
def clear_draft(*, place: DraftPlace, act: Act, revision: int = 0) -> None:
    """Empty the draft after sending or discarding; saves up to `revision` that arrive later are dropped."""
    empty: dict[str, Any] = {"content": {}, "updated_at": act.at}
    if revision:
        Draft.objects.bulk_create([Draft(**place.keys, **empty)], ignore_conflicts=True)
    Draft.objects.filter(**place.keys).update(**empty, revision=Greatest("revision", revision))


@transaction.atomic
def take_from_draft(*, place: DraftPlace, names: Collection[str], act: Act, revision: int = 0) -> None:
    """Take some fields out of the draft, done with while the rest waits; saves up to `revision` come too late."""
    draft = Draft.objects.select_for_update().filter(**place.keys).first()
    if draft is None:
        return
    draft.content = {name: value for name, value in draft.content.items() if name not in names}
    draft.revision, draft.updated_at = max(draft.revision, revision), act.at
    draft.save(update_fields=["content", "revision", "updated_at"])


@transaction.atomic
def mark_read(*, user: User, ticket_id: int, position: int, act: Act) -> None:
    """Remember that `user` has seen the thread up to `position`; it never goes back."""
    with connection.cursor() as cursor:
        cursor.execute(_MARK, [user.pk, ticket_id, position, act.at])
    Mention.objects.filter(
        agent__user=user,
        team_message__ticket_id=ticket_id,
        team_message__position__lte=position,
        seen_at=None,
    ).update(seen_at=act.at)

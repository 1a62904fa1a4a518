"""Reading unsent text back."""

from typing import Any

from django.db.models import QuerySet

from deskhand.accounts.models import User
from deskhand.core.built import built_once
from deskhand.tickets.models import Audience, Draft


def stored_draft(author: User, ticket_id: int | None, audience: Audience) -> tuple[dict[str, Any], int]:
    """Return the fields of the author's draft and its revision; ({}, 0) where there is none.

    Without a ticket it is the draft of a new one. The page counts its saves on from the revision.
    """
    for draft in _drafts(author.pk, ticket_id, audience):
        return dict(draft.content), draft.revision
    return {}, 0


@built_once
def _drafts(author_id: int, ticket_id: int | None, audience: Audience) -> QuerySet[Draft]:
    return Draft.objects.filter(author=author_id, ticket=ticket_id, audience=audience)

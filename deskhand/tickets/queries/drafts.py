"""Reading unsent text back."""

from typing import Any

from deskhand.accounts.models import User
from deskhand.tickets.models import Audience, Draft


def stored_draft(author: User, ticket_id: int | None, audience: Audience) -> tuple[dict[str, Any], int]:
    """Return the fields of the author's draft and its revision; ({}, 0) where there is none.

    Without a ticket it is the draft of a new one. The page counts its saves on from the revision.
    """
    draft = Draft.objects.filter(author=author, ticket=ticket_id, audience=audience).first()
    return (dict(draft.content), draft.revision) if draft else ({}, 0)

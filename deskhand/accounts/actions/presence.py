"""When people were last here."""

from datetime import datetime, timedelta

from deskhand.accounts.models import User

_EVERY = timedelta(hours=1)


def note_seen(*, user: User, at: datetime) -> None:
    """Remember that someone is here: one write an hour at most, and none in the hour after signing in."""
    seen_at = user.seen_at
    if seen_at is None or at - seen_at >= _EVERY:
        User.objects.filter(pk=user.pk).update(last_seen_at=at)

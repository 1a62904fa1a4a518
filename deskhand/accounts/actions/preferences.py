"""What a person prefers."""

from deskhand.accounts.models import User

THEMES = ("system", "light", "dark")


def set_theme(*, user: User, theme: str) -> None:
    """Remember how pages look for `user`. Raises ValueError for an unknown theme."""
    if theme not in THEMES:
        raise ValueError(theme)
    User.objects.filter(pk=user.pk).update(theme=theme)

"""What a person prefers."""

from deskhand.accounts.models import User

THEMES = ("system", "light", "dark")


def set_theme(*, user: User, theme: str) -> None:
    """Remember how pages look for `user`. Raises ValueError for an unknown theme."""
    if theme not in THEMES:
        raise ValueError(theme)
    User.objects.filter(pk=user.pk).update(theme=theme)


def set_shortcuts(*, user: User, are_on: bool) -> None:
    """Remember whether single keys do things (WCAG 2.1.4 wants an off switch)."""
    User.objects.filter(pk=user.pk).update(uses_shortcuts=are_on)

"""The desk's own color as a stylesheet and as a mark, for the pages and mails that clients see."""

from hashlib import sha256

from markupsafe import Markup

from deskhand.core.colors import Accent, accent_of
from deskhand.core.names import initials

DEFAULT = Accent(chosen="#13543d", light="#13543d", on_light="#ffffff", dark="#6fc5a1", on_dark="#101512")
"""The portal's green, as in frontend/css/portal/tokens.css."""

_VERSION_DIGITS = 12
_MARK = Markup(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="{ground}"/>'
    '<text x="16" y="21.5" text-anchor="middle" font-family="Inter, system-ui, sans-serif" font-size="15" '
    'font-weight="700" fill="{ink}">{letters}</text></svg>'
)


def accent_or_default(color: str) -> Accent:
    """Return the variants of a desk's color, "#rrggbb", or of the default where it has none."""
    return accent_of(color) if color else DEFAULT


def accent_css(color: str) -> str:
    """Return the stylesheet that sets a desk's color; nothing where it has none."""
    if not color:
        return ""
    accent = accent_of(color)
    return (
        f":root{{--accent:light-dark({accent.light},{accent.dark});"
        f"--on-accent:light-dark({accent.on_light},{accent.on_dark})}}\n"
    )


def accent_version(color: str) -> str:
    """Return what changes whenever the stylesheet does."""
    return _digest(accent_css(color))


def desk_mark(name: str, color: str) -> str:
    """Return the initials of the desk on its color, as an SVG picture."""
    accent = accent_or_default(color)
    return str(_MARK.format(ground=accent.light, ink=accent.on_light, letters=initials(name)))


def icon_version(name: str, color: str, logo_version: str) -> str:
    """Return what changes whenever the icon of the desk does."""
    return logo_version or _digest(desk_mark(name, color))


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:_VERSION_DIGITS]

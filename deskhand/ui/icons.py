"""Icons, drawn inline. They come from lucide, through the built static/icons.json."""

from functools import lru_cache

from markupsafe import Markup

from deskhand.ui.assets import FrontEndNotBuilt, built

_OPEN = (
    '<svg class="icon {cls}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75"'
    ' stroke-linecap="round" stroke-linejoin="round" {label}>'
)


@lru_cache(maxsize=1024)
def icon(name: str, cls: str = "size-4", title: str = "") -> Markup:
    """Return the lucide icon `name` as inline SVG with the CSS classes `cls`.

    Assistive technology skips it, unless a `title` says what it means. Raises FrontEndNotBuilt for an unknown name.
    """
    drawings = built("icons.json")
    if name not in drawings:
        raise FrontEndNotBuilt(f"There is no icon named {name!r} in lucide; see https://lucide.dev/icons.")
    label = Markup('role="img" aria-label="{}"').format(title) if title else Markup('aria-hidden="true"')
    opening = Markup(_OPEN).format(cls=cls, label=label)  # noqa: S704 -- ours, and format() escapes
    return opening + Markup(drawings[name]) + Markup("</svg>")  # noqa: S704 -- lucide's, built in

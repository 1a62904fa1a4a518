"""What a color would look like to clients, and what is to be said of it."""

from dataclasses import dataclass

from deskhand.core.colors import DARK_GROUND, LIGHT_GROUND, Accent, NotAColor, competes_with_red, contrast, parse_color
from deskhand.ui.branding import accent_or_default


@dataclass(frozen=True)
class Preview:
    """A color in both themes. `words` says how it fares, `warning` what else to think of, `error` why it is none."""

    accent: Accent
    words: str = ""
    warning: str = ""
    error: str = ""


def preview_of(typed: str, *, otherwise: str = "") -> Preview:
    """Return the preview of what was typed; of `otherwise` where that is no color, and why."""
    try:
        color = parse_color(typed) if typed.strip() else ""
    except NotAColor as error:
        return Preview(accent_or_default(otherwise), error=str(error))
    accent = accent_or_default(color)
    return Preview(accent, words=_words(accent, is_default=not color), warning=_warning(color))


def _words(accent: Accent, *, is_default: bool) -> str:
    if is_default:
        return "No color of your own: clients see the green of Deskhand."
    if accent.was_darkened:
        light = f"Your color was darkened to {accent.light} so that text in it and on it can be read."
    else:
        light = f"Your color can be read as it is: its contrast is {_ratio(accent.light, LIGHT_GROUND)}, 4.5 is needed."
    if accent.dark == accent.chosen:
        return f"{light} The dark theme shows it unchanged."
    return f"{light} The dark theme shows it as {accent.dark}, with a contrast of {_ratio(accent.dark, DARK_GROUND)}."


def _ratio(one: str, other: str) -> str:
    # Cut, not rounded: 4.49 must not read as 4.5.
    return f"{int(contrast(one, other) * 10) / 10:.1f}"


def _warning(color: str) -> str:
    if not color or not competes_with_red(color):
        return ""
    return (
        "This is close to the red that says a client is over the allowance or a deadline has passed. "
        "Beside buttons of the same red it is easily missed; a darker or less red color keeps them apart."
    )

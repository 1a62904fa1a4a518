"""Colors that can be read: contrast, and the light and dark variant of a brand's color.

Colors are "#rrggbb", in lower case. Contrast and luminance as in WCAG 2.2
(https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio),
lightness, chroma and hue in Oklch (https://bottosson.github.io/posts/oklab/).
"""

import math
import re
from dataclasses import dataclass
from functools import lru_cache

READABLE = 4.5
"""The least contrast of text, WCAG 2.2 success criterion 1.4.3."""

# The grounds that text in the accent stands on: the darkest of the light theme and the lightest of the dark one, a
# little beyond what hovering and choosing paint (frontend/css/portal/tokens.css, shared/tokens.css).
LIGHT_GROUND, DARK_GROUND = "#eeeeec", "#242a2c"
WHITE, NEAR_BLACK = "#ffffff", "#0d1110"

_LEAST_DARK_LIGHTNESS = 0.72
_STEP = 0.005
_HEX = re.compile(r"#?([0-9a-f]{3}|[0-9a-f]{6})", re.IGNORECASE)
_SHORT_DIGITS = 3
_ROUNDING = 0.001
# Where the straight part of the sRGB curve ends (IEC 61966-2-1), encoded and linear.
_STRAIGHT_TO, _STRAIGHT_TO_LINEAR = 0.04045, 0.0031308
# Around the red of what is late (hue 27 in frontend/css/shared/tokens.css).
_RED_HUES, _RED_CHROMA = (8.0, 42.0), 0.1

Triple = tuple[float, float, float]


class NotAColor(ValueError):
    """What was typed is no color; the message says what one looks like."""

    def __init__(self, typed: str) -> None:
        super().__init__(f"“{typed[:20]}” is no color. Enter six digits from 0 to f, such as #7a1f5c.")


@dataclass(frozen=True)
class Accent:
    """A brand's color as it is used: in both themes, with the color of text on it."""

    chosen: str
    light: str
    on_light: str
    dark: str
    on_dark: str

    @property
    def was_darkened(self) -> bool:
        """Return whether the chosen color is too light to be read on a light page."""
        return self.light != self.chosen


def parse_color(typed: str) -> str:
    """Return "#rrggbb" for "#7A1F5C", "7a1f5c" or "#abc". Raises NotAColor."""
    found = _HEX.fullmatch(typed.strip())
    if found is None:
        raise NotAColor(typed)
    digits = found[1].lower()
    return "#" + ("".join(digit * 2 for digit in digits) if len(digits) == _SHORT_DIGITS else digits)


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colors, from 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(color: str) -> float:
    """Return the relative luminance, from 0 (black) to 1 (white)."""
    red, green, blue = _linear(color)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@lru_cache(maxsize=64)
def accent_of(color: str) -> Accent:
    """Return the variants of `color` that can be read on both grounds, and carry text that can be read."""
    lightness, chroma, hue = oklch(color)
    light = _first_readable(color, (lightness, chroma, hue), -_STEP, LIGHT_GROUND)
    start = max(lightness, _LEAST_DARK_LIGHTNESS)
    bright = color if start == lightness else from_oklch(start, chroma, hue)
    dark = _first_readable(bright, (start, chroma, hue), _STEP, DARK_GROUND)
    return Accent(chosen=color, light=light, on_light=WHITE, dark=dark, on_dark=NEAR_BLACK)


def competes_with_red(color: str) -> bool:
    """Return whether `color` is close to the red that says late, or over the allowance."""
    _, chroma, hue = oklch(color)
    return chroma >= _RED_CHROMA and _RED_HUES[0] <= hue <= _RED_HUES[1]


def oklch(color: str) -> Triple:
    """Return lightness (0 to 1), chroma (from 0) and hue (0 to 360)."""
    red, green, blue = _linear(color)
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    medium = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    lightness = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    return lightness, math.hypot(a, b), math.degrees(math.atan2(b, a)) % 360


def from_oklch(lightness: float, chroma: float, hue: float) -> str:
    """Return the nearest color a screen has: less chroma where there is none so strong."""
    for share in range(20, -1, -1):
        linear = _linear_from_oklch(lightness, chroma * share / 20, hue)
        if all(-_ROUNDING <= part <= 1 + _ROUNDING for part in linear):
            break
    return "#" + "".join(f"{round(_encoded(part) * 255):02x}" for part in linear)


def _first_readable(color: str, place: Triple, step: float, ground: str) -> str:
    lightness, chroma, hue = place
    while contrast(color, ground) < READABLE:
        lightness += step
        color = from_oklch(min(max(lightness, 0.0), 1.0), chroma, hue)
    return color


def _linear_from_oklch(lightness: float, chroma: float, hue: float) -> Triple:
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def _linear(color: str) -> Triple:
    red, green, blue = (_decoded(int(color[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return red, green, blue


def _decoded(part: float) -> float:
    return part / 12.92 if part <= _STRAIGHT_TO else float(((part + 0.055) / 1.055) ** 2.4)


def _encoded(part: float) -> float:
    part = min(max(part, 0.0), 1.0)
    return part * 12.92 if part <= _STRAIGHT_TO_LINEAR else float(1.055 * part ** (1 / 2.4) - 0.055)

"""Pictures of strangers that are to be shown: told by their content, and drawn anew.

Drawing anew leaves behind whatever else was in the file: places, programs, a second format.
"""

import warnings
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps

LARGEST_BYTES = 512 * 1024
LARGEST_SIDE = 512
"""In pixels, of a picture that was drawn anew."""
LARGEST_SHOWN_SIDE = 2000
ICON_SIDE = 64
LARGEST_PORTRAIT_BYTES = 8 * 1024 * 1024
PORTRAIT_SIDE = 256
_FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
_JPEG_BEGINS = b"\xff\xd8"
_MOST_PIXELS = 25_000_000
_SVG_BEGINS_WITHIN = 1024


class UnusablePicture(ValueError):
    """The upload is no picture to be shown; the message says what to do."""


@dataclass(frozen=True)
class Picture:
    """A picture that was drawn anew, ready to be shown."""

    content: bytes
    content_type: str


@dataclass(frozen=True)
class Logo:
    """A logo as PNG, and the same as a square icon."""

    png: bytes
    icon_png: bytes


def logo_from(upload: bytes) -> Logo:
    """Return the picture in `upload`, its first one where it moves. Raises UnusablePicture."""
    picture = _opened(upload)
    picture.thumbnail((LARGEST_SIDE, LARGEST_SIDE), Image.Resampling.LANCZOS)
    icon = ImageOps.pad(picture, (ICON_SIDE, ICON_SIDE), Image.Resampling.LANCZOS, color=(0, 0, 0, 0))
    return Logo(png=_png(picture), icon_png=_png(icon))


def portrait_from(upload: bytes) -> bytes:
    """Return the middle of the picture in `upload` as a square JPEG on white. Raises UnusablePicture."""
    if len(upload) > LARGEST_PORTRAIT_BYTES:
        raise UnusablePicture("That file is larger than 8 MB. Save it smaller: 512 pixels wide is enough.")
    square = ImageOps.fit(_readable(upload), (PORTRAIT_SIDE, PORTRAIT_SIDE), Image.Resampling.LANCZOS)
    ground = Image.new("RGBA", square.size, "white")
    ground.alpha_composite(square)
    target = BytesIO()
    ground.convert("RGB").save(target, "JPEG", quality=88)
    return target.getvalue()


def drawn_anew(content: bytes) -> Picture:
    """Return a foreign picture as PNG, or as JPEG where it was one; its first one where it moves.

    The kind is told by the content. Raises UnusablePicture, also for SVG. The caller bounded the length.
    """
    picture = _readable(content)
    picture.thumbnail((LARGEST_SHOWN_SIDE, LARGEST_SHOWN_SIDE), Image.Resampling.LANCZOS)
    if content[:2] != _JPEG_BEGINS:
        return Picture(_png(picture, optimize=False), "image/png")
    target = BytesIO()
    picture.convert("RGB").save(target, "JPEG", quality=88)
    return Picture(target.getvalue(), "image/jpeg")


def _opened(upload: bytes) -> Image.Image:
    if len(upload) > LARGEST_BYTES:
        raise UnusablePicture("That file is larger than 512 kB. Save it smaller: 512 pixels wide is enough.")
    return _readable(upload)


def _readable(upload: bytes) -> Image.Image:
    if b"<svg" in upload[:_SVG_BEGINS_WITHIN].lower():
        raise UnusablePicture("SVG files can carry scripts, so they are not taken. Export it as PNG.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _drawn(upload)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels() from error
    except UnusablePicture:
        raise
    except Exception as error:  # a decoder may raise anything on a damaged file
        words = "That file cannot be read as a picture. Choose a PNG, JPEG, WebP or GIF that opens on your computer."
        raise UnusablePicture(words) from error


def _drawn(upload: bytes) -> Image.Image:
    with Image.open(BytesIO(upload), formats=_FORMATS) as picture:
        if picture.width * picture.height > _MOST_PIXELS:
            raise _too_many_pixels()
        picture.load()
        upright = ImageOps.exif_transpose(picture)
        drawn = Image.new("RGBA", upright.size)
        drawn.paste(upright.convert("RGBA"))
        return drawn


def _too_many_pixels() -> UnusablePicture:
    return UnusablePicture("That picture has too many pixels. Save it smaller: 512 pixels wide is enough.")


def _png(picture: Image.Image, *, optimize: bool = True) -> bytes:
    target = BytesIO()
    picture.save(target, "PNG", optimize=optimize)
    return target.getvalue()

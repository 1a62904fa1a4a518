import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image

from deskhand.core.pictures import ICON_SIDE, LARGEST_BYTES, UnusablePicture, logo_from
from tests.core.drawings import drawing

SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def opened(png: bytes) -> Image.Image:
    return Image.open(BytesIO(png), formats=["PNG"])


def bomb() -> bytes:
    """Return a small PNG that claims to be 30000 pixels square."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_draws_a_logo_anew_as_a_smaller_png(kind: str) -> None:
    logo = logo_from(drawing(kind))
    assert opened(logo.png).size == (512, 171)
    assert opened(logo.icon_png).size == (ICON_SIDE, ICON_SIDE)
    assert opened(logo.icon_png).getpixel((0, 0)) == (0, 0, 0, 0)


def test_leaves_a_small_logo_its_size() -> None:
    assert opened(logo_from(drawing(size=(40, 40))).png).size == (40, 40)


def test_leaves_out_what_else_was_in_the_file() -> None:
    exif = Image.Exif()
    exif[0x010E] = "where it was taken"
    logo = logo_from(drawing("JPEG", exif=exif, comment=b"a program") + b"<script>alert(1)</script>")
    assert not {b"taken", b"program", b"script"} & {
        word for word in (b"taken", b"program", b"script") if word in logo.png
    }
    assert not opened(logo.png).info


def test_turns_a_photo_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    assert opened(logo_from(drawing("JPEG", size=(60, 20), exif=exif)).png).size == (20, 60)


@pytest.mark.parametrize(
    ("upload", "words"),
    [
        (SVG, "Export it as PNG"),
        (b"\xef\xbb\xbf<!-- a drawing -->" + SVG.upper(), "Export it as PNG"),
        (bomb(), "too many pixels"),
        (drawing(size=(6000, 6000)), "too many pixels"),
        (drawing("BMP", size=(20, 20)), "cannot be read as a picture"),
        (drawing("TIFF", size=(20, 20)), "cannot be read as a picture"),
        (b"%PDF-1.7 not a picture", "cannot be read as a picture"),
        (b"", "cannot be read as a picture"),
        (drawing("JPEG")[:400], "cannot be read as a picture"),
        (drawing()[:60], "cannot be read as a picture"),
        (bytes(LARGEST_BYTES + 1), "larger than 512 kB"),
    ],
    ids=["svg", "svg in disguise", "bomb", "huge", "bmp", "tiff", "pdf", "empty", "half a jpeg", "half a png", "large"],
)
def test_refuses_what_cannot_be_shown(upload: bytes, words: str) -> None:
    with pytest.raises(UnusablePicture, match=words):
        logo_from(upload)


def test_refuses_pictures_cut_off_by_a_byte_or_many() -> None:
    whole = drawing("WEBP", lossless=True)
    for length in (12, len(whole) // 2):
        with pytest.raises(UnusablePicture):
            logo_from(whole[:length])

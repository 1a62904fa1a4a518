"""Pictures for tests."""

from io import BytesIO

from PIL import Image


def drawing(kind: str = "PNG", size: tuple[int, int] = (600, 200), **options: object) -> bytes:
    """Return a picture of one color, in a format that Pillow writes."""
    target = BytesIO()
    Image.new("RGB", size, "#7a1f5c").save(target, kind, **options)
    return target.getvalue()

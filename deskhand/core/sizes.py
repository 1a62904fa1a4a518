"""Sizes of files as people read them, in decimal units as file managers show them."""

KILOBYTE = 1000
_UNITS = ("KB", "MB", "GB", "TB")


def file_size(size_bytes: int) -> str:
    """Return `size_bytes` as "812 bytes", "412 KB" or "1.4 MB"; one decimal place from MB and below 10."""
    if size_bytes == 1:
        return "1 byte"
    if size_bytes < KILOBYTE:
        return f"{size_bytes} bytes"
    size = float(size_bytes)
    unit = ""
    for unit in _UNITS:  # noqa: B007 -- the unit reached is what is shown
        size /= KILOBYTE
        if round(size) < KILOBYTE:
            break
    places = 1 if unit != "KB" and size < 9.95 else 0  # noqa: PLR2004 -- 9.95 rounds to 10.0
    return f"{size:.{places}f} {unit}"

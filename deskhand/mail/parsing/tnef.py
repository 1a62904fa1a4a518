"""What Outlook wraps into winmail.dat (MS-OXTNEF), read by tnefparse where that is installed.

tnefparse is under the LGPL and therefore no part of the base installation: `pip install deskhand[tnef]`. Without it
the winmail.dat itself is all there is; with it the wrapped files stand beside it. It copies the rest of the data for
each attribute and raises on damage, so that it only gets to see what is small and well-formed.
"""

import struct
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from deskhand.mail.parsing.parameters import safe_name

TYPES = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
SIGNATURE = b"\x78\x9f\x3e\x22"
MAX_BYTES = 25 * 1024 * 1024
MAX_ATTRIBUTES = 400
MAX_FILES = 100
_START, _HEAD, _CHECKSUM = 6, 9, 2


@dataclass(frozen=True, slots=True)
class Unwrapped:
    """The files of a winmail.dat by name, and its text, which is empty where the mail has its own."""

    files: tuple[tuple[str, bytes], ...] = ()
    text: str = ""


def unwrap(content: bytes) -> Unwrapped:
    """Return what the data wraps; nothing where it is damaged, too large, or tnefparse is not installed."""
    if not is_well_formed(content):
        return Unwrapped()
    try:
        reader = import_module("tnefparse").TNEF
        read = reader(content, do_checksum=False)
        files = tuple(_file(one) for one in read.attachments[:MAX_FILES] if isinstance(one.data, bytes))
        return Unwrapped(files, _text(read.body))
    except ImportError:
        return Unwrapped()
    except Exception:  # noqa: BLE001 -- it raises whatever the damage makes it stumble over; the original is kept
        return Unwrapped()


def is_well_formed(content: bytes) -> bool:
    """Return whether the attributes fill the data one after the other, and are not too many."""
    if not content.startswith(SIGNATURE) or len(content) > MAX_BYTES:
        return False
    at = _START
    for _ in range(MAX_ATTRIBUTES):
        if at + _HEAD > len(content):
            return True
        at += _HEAD + int(struct.unpack_from("<I", content, at + 5)[0]) + _CHECKSUM
    return at >= len(content)


def _file(one: Any) -> tuple[str, bytes]:
    name = one.long_filename()
    plain = name if isinstance(name, str) else bytes(name).decode("utf-8", "replace")
    return safe_name(plain.strip("\0 ")), one.data


def _text(body: Any) -> str:
    if isinstance(body, list):
        body = b"".join(part for part in body if isinstance(part, bytes))
    text = body.decode("cp1252", "replace") if isinstance(body, bytes) else str(body or "")
    return text.strip("\0").replace("\r\n", "\n")

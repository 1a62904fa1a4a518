"""How much of a mail is read: hostile mail must cost no more than a large honest one."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds kept before and while parsing; what lies beyond is reported, not read."""

    message_bytes: int = 50 * 1024 * 1024
    header_bytes: int = 1024 * 1024
    field_chars: int = 64 * 1024
    parts: int = 1000
    depth: int = 50
    recipients: int = 500
    references: int = 200
    body_chars: int = 4 * 1024 * 1024


DEFAULT_LIMITS = Limits()

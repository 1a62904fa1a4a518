"""Message-IDs, as the fields that thread mail hold them (RFC 5322 §3.6.4)."""

import re

IN_BRACKETS = re.compile(r"<\s*([^<>\s]{1,500})\s*>")
BARE = re.compile(r"[^\s<>,;\"]{1,250}@[^\s<>,;\"]{1,250}")


def read_identifiers(value: str, limit: int) -> tuple[str, ...]:
    """Up to `limit` ids in their order, each once and in angle brackets; the newest ones are kept."""
    found = IN_BRACKETS.findall(value) or BARE.findall(value)
    return tuple(f"<{one}>" for one in list(dict.fromkeys(found))[-limit:])

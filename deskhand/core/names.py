"""What is shown for a person when there is no picture: initials on a color that stays theirs."""

import hashlib
from functools import lru_cache

REMEMBERED = 4096
HUES = ("teal", "amber", "rose", "sky", "violet", "lime", "cyan", "orange")


@lru_cache(maxsize=REMEMBERED)
def initials(name: str) -> str:
    """Return the capitals of the first and last word, "AM"; of an address, its first letter; of nothing, "?"."""
    words = [word for word in name.split("@", 1)[0].split() if word[:1].isalnum()]
    if not words:
        return "?"
    chosen = words if len(words) == 1 else [words[0], words[-1]]
    return "".join(word[0] for word in chosen).upper()


@lru_cache(maxsize=REMEMBERED)
def avatar_hue(key: str) -> str:
    """Return one of HUES, always the same one for the same `key`, on every machine and in every process."""
    return HUES[hashlib.blake2s(key.encode(), digest_size=4).digest()[0] % len(HUES)]


def without_address(name: str) -> str:
    """Return a name for people who may not know addresses: of one that is an address, what stands before the @."""
    return name.partition("@")[0] if "@" in name else name

"""What a language brings along: the text of every mail, and the few words that stand around them."""

from collections.abc import Mapping
from dataclasses import dataclass

from deskhand.mail.models import TextKind


@dataclass(frozen=True)
class Text:
    """A subject and a plain body; paragraphs are parted by an empty line."""

    subject: str
    body: str


@dataclass(frozen=True, kw_only=True)
class Words:
    """What is not part of any text. Those with braces are filled in."""

    automatic: str
    copy_address: str
    attached: str
    see_ticket: str
    sign_in: str
    good: str
    bad: str
    decide: str
    see_allowance: str
    left_now: str
    """`{left}`: what is left of the allowance."""
    left_after: str
    """`{left}`: what the extra work would leave of it."""
    over_after: str
    """`{over}`: by how much the extra work would go beyond it."""
    hours_and_minutes: str = "{hours} h {minutes} min"
    hours: str = "{hours} h"
    minutes: str = "{minutes} min"

    def length(self, minutes: int) -> str:
        """Return a length of time, 0 or more minutes."""
        hours, rest = divmod(minutes, 60)
        pattern = self.minutes if not hours else self.hours_and_minutes if rest else self.hours
        return pattern.format(hours=hours, minutes=rest)


@dataclass(frozen=True)
class Language:
    """Every text in one language."""

    texts: Mapping[TextKind, Text]
    fixed_acknowledgement: Text
    """For addresses that never confirmed to be whose they claim: it repeats nothing a stranger may have written."""
    words: Words

"""Reading raw mail: `parse(raw)` gives a `ParsedMail` and never raises.

Header fields go through the standard library's compat32 policy, which loses nothing; parts, charsets,
addresses and names are read by rules of our own, each module naming the damage it knows.
"""

from deskhand.mail.message import Address, Attachment, Headers, ParsedMail
from deskhand.mail.parsing.limits import DEFAULT_LIMITS, Limits
from deskhand.mail.parsing.reading import parse, parse_header

__all__ = ["DEFAULT_LIMITS", "Address", "Attachment", "Headers", "Limits", "ParsedMail", "parse", "parse_header"]

"""The editable texts of automatic mail: what they are when nobody changed them, and filling in their variables.

A variable is a known name in braces, `{number}`. An unknown one is refused when the text is saved, so that none ever
reaches a client. What is filled in is plain text, one line each.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from deskhand.core.text import one_line
from deskhand.mail.models import MailText, TextKind

SUBJECT_LIMIT = 200
BODY_LIMIT = 5000
_VARIABLE = re.compile(r"\{\s*([A-Za-z_][A-Za-z0-9_]*)\s*\}")


class TextNotValid(ValueError):
    """The text cannot be used; the message says what to change."""


@dataclass(frozen=True)
class Text:
    """A subject and a plain body; paragraphs are parted by an empty line."""

    subject: str
    body: str


VARIABLES = {
    "name": "the person's name",
    "number": "the ticket's number",
    "subject": "the ticket's subject",
    "desk": "the name of this desk",
    "address": "where the person sees the ticket",
}
EXAMPLE = {
    "name": "Cleo Clarke",
    "number": "1042",
    "subject": "The checkout stalls",
    "desk": "Deskhand",
    "address": "https://desk.example/tickets/1042",
}
SHIPPED: Mapping[TextKind, Text] = {
    TextKind.ACKNOWLEDGEMENT: Text(
        "We received your message: {subject} [#{number}]",
        "Hello {name},\n\nthank you for writing. Your message arrived and is now ticket #{number}. "
        "We answer as soon as we can.\n\nTo add something, reply to this mail, or open the ticket:\n{address}",
    ),
    TextKind.CLOSED: Text(
        "Closed: {subject} [#{number}]",
        "Hello {name},\n\nwe closed ticket #{number}, “{subject}”.\n\n"
        "Is something still open? Reply to this mail, and the ticket opens again:\n{address}",
    ),
}
FIXED_ACKNOWLEDGEMENT = Text(
    "We received your message [#{number}]",
    "Hello,\n\na message from this address arrived at {desk} and is now ticket #{number}.\n\n"
    "Did you not write to us? Then you need not do anything.",
)
"""For addresses that never confirmed to be whose they claim: it repeats nothing that a stranger may have written."""


def text_of(kind: TextKind) -> Text:
    """Return the text as it is now. One query."""
    row = MailText.objects.filter(kind=kind).first()
    return Text(row.subject, row.body) if row else SHIPPED[kind]


def checked_text(subject: str, body: str) -> Text:
    """Return a text as it may be kept. Raises TextNotValid for one without words or with an unknown variable."""
    text = Text(one_line(subject), body.replace("\r\n", "\n").replace("\x00", "").strip())
    if not text.subject or not text.body:
        raise TextNotValid("Write a subject and a text.")
    if len(text.subject) > SUBJECT_LIMIT or len(text.body) > BODY_LIMIT:
        raise TextNotValid(f"The subject may have {SUBJECT_LIMIT} characters, the text {BODY_LIMIT}.")
    unknown = [name for name in _VARIABLE.findall(text.subject + text.body) if name not in VARIABLES]
    if unknown:
        known = ", ".join(f"{{{name}}}" for name in VARIABLES)
        raise TextNotValid(f"There is no variable {{{unknown[0]}}}. Known are {known}.")
    return text


def filled(text: Text, values: Mapping[str, str]) -> Text:
    """Return the text with its variables filled in; what is filled in is never read for variables again."""
    return Text(one_line(_fill(text.subject, values)), _fill(text.body, values))


def _fill(pattern: str, values: Mapping[str, str]) -> str:
    return _VARIABLE.sub(lambda found: one_line(values.get(found[1], "")), pattern)

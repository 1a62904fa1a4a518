"""The texts of mail: which variables each has, what it says in which language, and filling it in.

A variable is a known name in braces, `{number}`. An unknown one is refused when the text is saved, so that none ever
reaches a client. What is filled in is plain text, one line each.
"""

import re
from collections.abc import Mapping

from deskhand.clients.models import Contact
from deskhand.core.languages import DEFAULT_LANGUAGE
from deskhand.core.text import one_line
from deskhand.mail.models import MailSettings, MailText, TextKind
from deskhand.mail.shipped import SHIPPED, Text, Words

SUBJECT_LIMIT = 200
BODY_LIMIT = 5000
MESSAGE = "{message}"
"""Where the answer stands in the frame around a reply."""
VARIABLE = re.compile(r"\{\s*([A-Za-z_][A-Za-z0-9_]*)\s*\}")

_PERSON = {"name": "the person's name", "desk": "the name of this desk"}
_TICKET = {"number": "the ticket's number", "subject": "the ticket's subject"}
_SEEN = {"address": "where the person sees the ticket"}
_ONCE = {"address": "the link itself", "minutes": "how many minutes it works"}
VARIABLES: Mapping[TextKind, Mapping[str, str]] = {
    TextKind.ACKNOWLEDGEMENT: _PERSON | _TICKET | _SEEN,
    TextKind.REPLY: {"message": "what was written, on a line of its own"}
    | _PERSON
    | _TICKET
    | {"agent": "who wrote it"}
    | _SEEN,
    TextKind.CLOSED: _PERSON | _TICKET | _SEEN,
    TextKind.RATING: _PERSON
    | _TICKET
    | {"good": "the link that says “Good”", "bad": "the link that says “Not good”"}
    | _SEEN,
    TextKind.APPROVAL: _PERSON
    | _TICKET
    | {
        "agent": "who asks",
        "time": "how much extra time",
        "work": "what it is for",
        "allowance": "what is left of the allowance, and what the work would leave; empty without a plan",
        "address": "where the person approves or declines",
    },
    TextKind.ALLOWANCE_ALERT: _PERSON
    | {
        "client": "the client's name",
        "plan": "the plan's name",
        "percent": "how much is used, of a hundred",
        "used": "the time used this month",
        "allowance": "the time there is this month",
        "left": "the time left",
        "address": "where the person sees what it went on",
    },
    TextKind.INVITATION: _PERSON
    | {"inviter": "who invites"}
    | _ONCE
    | {"sign_in": "where a new link can be had later"},
    TextKind.SIGN_IN_LINK: _PERSON | _ONCE,
}
NEEDED: Mapping[TextKind, frozenset[str]] = {
    TextKind.REPLY: frozenset({"message"}),
    TextKind.RATING: frozenset({"good", "bad"}),
    TextKind.APPROVAL: frozenset({"address"}),
    TextKind.INVITATION: frozenset({"address"}),
    TextKind.SIGN_IN_LINK: frozenset({"address"}),
}
"""Variables without which the mail would be of no use."""


Complaint = tuple[str, str]
"""What is wrong with a text: "subject" or "body", and what to change there."""


class TextNotValid(ValueError):
    """The text cannot be used; the message says what to change, `complaints` says where."""

    def __init__(self, complaints: list[Complaint]) -> None:
        super().__init__(" ".join(said for _, said in complaints))
        self.complaints = complaints


def desk_language() -> str:
    """Return the language of the desk. One query."""
    return MailSettings.current().language


def language_for(contact: Contact | None) -> str:
    """Return the language mail to the person is written in. One query where they chose none."""
    return contact.language if contact is not None and contact.language else desk_language()


def text_of(kind: TextKind, language: str = "") -> Text:
    """Return the text as it is now in a language, else in the desk's (empty: in that one). At most two queries."""
    wanted = list(dict.fromkeys([language, desk_language()])) if language else [desk_language()]
    rows = {row.language: row for row in MailText.objects.filter(kind=kind, language__in=wanted)}
    for code in wanted:
        if code in rows:
            return Text(rows[code].subject, rows[code].body)
        if code in SHIPPED:
            return SHIPPED[code].texts[kind]
    return SHIPPED[DEFAULT_LANGUAGE].texts[kind]


def shipped_text(kind: TextKind, language: str) -> Text | None:
    """Return the text that came with Deskhand in a language, or None where there came none."""
    return SHIPPED[language].texts[kind] if language in SHIPPED else None


def fixed_acknowledgement() -> Text:
    """Return the text for addresses that never confirmed to be whose they claim, in the desk's language. One query."""
    return SHIPPED.get(desk_language(), SHIPPED[DEFAULT_LANGUAGE]).fixed_acknowledgement


def words_in(language: str) -> Words:
    """Return the few words that stand around a text; English ones where Deskhand does not speak the language."""
    return SHIPPED.get(language, SHIPPED[DEFAULT_LANGUAGE]).words


def checked_text(kind: TextKind, subject: str, body: str) -> Text:
    """Return a text as it may be kept. Raises TextNotValid for one without words, or with a variable too many or few.

    The subject of a reply is the ticket's and cannot be chosen.
    """
    text = _tidied(kind, subject, body)
    if complaints := complaints_about(kind, text.subject, text.body):
        raise TextNotValid(complaints)
    return text


def complaints_about(kind: TextKind, subject: str, body: str) -> list[Complaint]:
    """Return all that has to be changed before the text can be used."""
    text = _tidied(kind, subject, body)
    in_subject = _missing_or_long("Write a subject.", text.subject, SUBJECT_LIMIT) + _unknown(kind, text.subject)
    in_body = _missing_or_long("Write a text.", text.body, BODY_LIMIT) + _unknown(kind, text.body)
    if text.body:
        in_body += _needed(kind, text.body)
    return [("subject", said) for said in in_subject] + [("body", said) for said in in_body]


def _tidied(kind: TextKind, subject: str, body: str) -> Text:
    if kind == TextKind.REPLY:
        subject = SHIPPED[DEFAULT_LANGUAGE].texts[kind].subject
    return Text(one_line(subject), body.replace("\r\n", "\n").replace("\x00", "").strip())


def _missing_or_long(missing: str, words: str, limit: int) -> list[str]:
    if len(words) > limit:
        return [f"This is {len(words)} characters long; {limit} fit."]
    return [] if words else [missing]


def _unknown(kind: TextKind, words: str) -> list[str]:
    known = VARIABLES[kind]
    unknown = dict.fromkeys(f"{{{name}}}" for name in VARIABLE.findall(words) if name not in known)
    listed = ", ".join(f"{{{name}}}" for name in known)
    return [f"There is no variable {' or '.join(unknown)}. Known are {listed}."] if unknown else []


def _needed(kind: TextKind, body: str) -> list[str]:
    missing = sorted(NEEDED.get(kind, frozenset()).difference(VARIABLE.findall(body)))
    if missing:
        return [f"The text needs {{{name}}}: {VARIABLES[kind][name]}." for name in missing]
    if kind == TextKind.REPLY and [line.strip() for line in body.split("\n")].count(MESSAGE) != 1:
        return [f"Put {MESSAGE} on a line of its own, once."]
    return []


def filled(text: Text, values: Mapping[str, str]) -> Text:
    """Return the text with its variables filled in; what is filled in is never read for variables again."""
    return Text(one_line(fill(text.subject, values)), fill(text.body, values))


def fill(pattern: str, values: Mapping[str, str]) -> str:
    """Return one piece of a text with its variables filled in, each on one line."""
    return VARIABLE.sub(lambda found: one_line(values.get(found[1], "")), pattern)

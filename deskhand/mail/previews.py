"""How a text looks as a mail, filled with examples."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings

from deskhand.accounts.models import Desk
from deskhand.core.html import trusted
from deskhand.mail.composing import reply_frame
from deskhand.mail.models import TextKind
from deskhand.mail.notices import Letter, rendered
from deskhand.mail.rendering import render
from deskhand.mail.shipped import Text
from deskhand.mail.texts import VARIABLES, filled, words_in

_EXAMPLE: Mapping[str, str] = {
    "name": "Cleo",
    "number": "1042",
    "subject": "The checkout stalls",
    "agent": "Ben Baker",
    "inviter": "Dev Parker",
    "client": "Acme",
    "plan": "Maintenance",
    "work": "A second payment method in the checkout",
    "percent": "80",
    "minutes": "15",
}
_PATHS: Mapping[str, str] = {"good": "/sign-in", "bad": "/sign-in", "sign_in": "/sign-in"}
_ANSWER = "We found it: the payment page waited for a script that is gone. It is mended; please try once more."


def example_of(kind: TextKind, text: Text, language: str) -> Letter:
    """Return the letter of a text, filled with examples and this desk's own name. One query."""
    words = words_in(language)
    left, after = words.left_now.format(left=words.length(80)), words.over_after.format(over=words.length(70))
    values = {
        **_EXAMPLE,
        **{name: settings.PORTAL_URL + path for name, path in _PATHS.items()},
        "desk": Desk.current().name,
        "address": f"{settings.PORTAL_URL}/tickets/{_EXAMPLE['number']}",
        "time": words.length(150),
        "allowance": words.length(480) if kind == TextKind.ALLOWANCE_ALERT else f"{left} {after}",
        "used": words.length(400),
        "left": words.length(80),
    }
    known = {name: values[name] for name in VARIABLES[kind] if name in values}
    return Letter(kind=kind, text=text, language=language, values=known)


def preview(letter: Letter) -> tuple[str, str, str]:
    """Return the subject, the plain text and the HTML of an example."""
    if letter.kind == TextKind.REPLY:
        return filled(letter.text, letter.values).subject, *render("reply", _reply_context(letter))
    return rendered(letter)


def _reply_context(letter: Letter) -> dict[str, Any]:
    before, after = reply_frame(letter.text.body, letter.values, language=letter.language)
    return {
        "subject": filled(letter.text, letter.values).subject,
        "desk": Desk.current(),
        "author": {"name": letter.values["agent"], "title": ""},
        "body_text": _ANSWER,
        "body_html": trusted(f"<p>{_ANSWER}</p>"),
        "attached": [],
        "linked": [],
        "signature": [],
        "quotes": [],
        "before": before,
        "after": after,
        "language": letter.language,
        "words": words_in(letter.language),
    }

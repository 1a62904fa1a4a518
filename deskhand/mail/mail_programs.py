"""Whether a mail was made with a program that people write with.

Such programs leave fields that no mail server or autoresponder writes on its own account. Anybody can write them, and
some rules of Outlook answer by themselves: they only speak against taking a letter for the mail of a machine.
"""

import re

from deskhand.mail.message import Headers

FIELDS = frozenset({"user-agent", "x-gm-message-state", "x-ms-has-attach", "thread-index"})
NAMES = re.compile(
    r"apple|iphone|ipad|outlook|thunderbird|evolution|roundcube|zimbra|yahoo|\baol\b|airmail", re.IGNORECASE
)


def is_from_mail_program(headers: Headers) -> bool:
    """Return whether the header bears the marks of a mail program."""
    return any(name.lower() in FIELDS for name, _ in headers) or bool(NAMES.search(headers.get("x-mailer")))

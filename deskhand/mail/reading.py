"""Reading a mail: all that its bytes tell without the database, so that a process of its own can do it.

The text a ticket keeps of it is the newest reply; the quote is folded away.
"""

import re
from dataclasses import dataclass
from html import escape
from urllib.parse import unquote

from deskhand.core.html import is_too_large
from deskhand.core.text import one_line
from deskhand.mail.addresses import without_agent_addresses
from deskhand.mail.data_pictures import with_data_pictures_apart
from deskhand.mail.masking import without_links
from deskhand.mail.message import ParsedMail
from deskhand.mail.parsing import parse, parse_header
from deskhand.mail.replies import MAX_LINES, kept_lines, newest_reply
from deskhand.mail.replies_html import split_reply_html
from deskhand.tickets.bodies import Body, from_mail

EMPTY_MAIL = "(This mail had no text.)"
WHERE_IT_IS_WHOLE = "(The mail is kept as it came: staff find it under “Show original”.)"
TOO_LARGE_TO_SHOW = "(The layout of this mail is too large to show.)"
_CID = re.compile(r"""(?<=["'(=])\s*cid:([^\s"'<>)]{1,300})""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Reading:
    """A mail as read. `body` is what it says if a client wrote it, before any picture has a place in the text."""

    mail: ParsedMail
    body: Body


def read(raw: bytes) -> Reading:
    """Read a mail's bytes."""
    mail = with_data_pictures_apart(parse(raw))
    return Reading(mail, body_of(mail, {}))


def reading_of_header(raw: bytes) -> Reading:
    """Return what the header of a mail says that cannot be read any further, and words that say so."""
    mail = parse_header(raw)
    return Reading(mail, body_of(mail, {}))


class Unread(Exception):
    """A mail could not be read; the text names what was raised."""


def attempt(raw: bytes) -> Reading | Unread:
    """Read a mail's bytes, or return why that failed."""
    try:
        return read(raw)
    except Exception as error:  # noqa: BLE001 -- whoever reads goes on with other mails
        return Unread(type(error).__name__)


def body_of(mail: ParsedMail, shown: dict[str, str]) -> Body:
    """Return what a mail says, its quote apart. `shown`: where pictures are served from, by their content ids.

    A mail that could not be read whole says so in the text.
    """
    whole_text = mail.text.strip("\n")
    text = newest_reply(whole_text)
    html, quoted = html_parts(mail, whole_text, shown)
    notes = "\n".join([*_mail_notes(mail), *_file_notes(mail), *([TOO_LARGE_TO_SHOW] if is_too_large(html) else [])])
    if not text.strip():
        text = EMPTY_MAIL
    if notes:
        text = f"{text}\n\n{notes}"
        html = html and f"{html}<p>{escape(notes)}</p>"
    return from_mail(html=without_ours(html), text=without_ours(text), quoted_html=without_ours(quoted))


def without_ours(text: str) -> str:
    """Return `text` without what stands for its reader: links, and addresses made for an agent."""
    return without_agent_addresses(without_links(text))


def html_too_large_to_show(mail: ParsedMail) -> str:
    """Return the HTML of the newest reply if it is too large to be shown, for a file; empty if a quote may be in it."""
    if not is_too_large(mail.html):
        return ""
    whole_text = mail.text.strip("\n")
    html, quoted = html_parts(mail, whole_text, {})
    is_all_own = bool(quoted) or newest_reply(whole_text).strip() == whole_text.strip()
    return without_ours(html) if is_all_own and is_too_large(html) else ""


def _mail_notes(mail: ParsedMail) -> list[str]:
    return [*(f"({problem})" for problem in mail.problems), WHERE_IT_IS_WHOLE] if mail.problems else []


def _file_notes(mail: ParsedMail) -> list[str]:
    return [f"({one.name}: {one.problem})" for one in mail.attachments if one.problem]


def html_parts(mail: ParsedMail, whole_text: str, shown: dict[str, str]) -> tuple[str, str]:
    """Return the HTML of the newest reply (empty for a plain mail) and of what it quotes."""
    if not mail.html.strip():
        return "", _quoted_lines(whole_text)
    whole = _with_shown_files(mail.html, shown)
    return split_reply_html(whole)


def _quoted_lines(text: str) -> str:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if len(lines) > MAX_LINES:
        return ""
    kept = kept_lines(lines)
    quoted = "\n".join(line for line, is_kept in zip(lines, kept, strict=True) if not is_kept).strip("\n")
    return f"<p>{escape(quoted, quote=False)}</p>".replace("\n", "<br>\n") if quoted.strip() else ""


def _with_shown_files(html: str, shown: dict[str, str]) -> str:
    if not shown:
        return html
    return _CID.sub(lambda found: shown.get(one_line(unquote(found[1])).strip("<>").lower(), found[0]), html)

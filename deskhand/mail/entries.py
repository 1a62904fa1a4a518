"""From a mail to what is written into a ticket: the newest reply, the quote folded away, the files."""

import re
from html import escape
from urllib.parse import unquote

from deskhand.core.text import one_line, shorten
from deskhand.events import Act
from deskhand.files.actions.storing import store_bytes
from deskhand.files.models import File
from deskhand.mail.addresses import without_agent_addresses
from deskhand.mail.guest_links import without_links
from deskhand.mail.message import Attachment, ParsedMail
from deskhand.mail.quoting.attributions import attribution_at
from deskhand.mail.replies import MAX_LINES, kept_lines, newest_reply
from deskhand.mail.replies_html import split_reply_html
from deskhand.tickets.actions.conversation import NewMessage
from deskhand.tickets.actions.opening import SUBJECT_LIMIT
from deskhand.tickets.bodies import Body, from_mail

NO_SUBJECT = "(no subject)"
EMPTY_MAIL = "(This mail had no text.)"
ORIGINAL_NAME = "original-mail.eml"
UNDECODED = ".undecoded.txt"
ANSWER_MARK = "Answer above this line."
"""Stands at the top of every notice to staff; what an agent sends back from there on is ours and nobody else's."""
_CID = re.compile(r"""(?<=["'(=])\s*cid:([^\s"'<>)]{1,300})""", re.IGNORECASE)


def entry_of(mail: ParsedMail, raw: bytes, *, key: str, act: Act, is_by_agent: bool = False) -> NewMessage:
    """Return the message a mail becomes, its files stored. `key` makes writing it twice impossible.

    The mail's row is locked and says that no message was made of it yet.
    Of an agent's mail only the agent's own words are taken: what it quotes is a notice made for staff.
    A mail that could not be read whole says so in the text and brings itself along as a file; a file that could not
    be decoded whole brings itself along as it came.
    Raises StorageUnavailable.
    """
    stored = [(one, store_bytes(content=one.content, name=one.name, act=act)) for one in mail.attachments]
    files = [file for _, file in stored]
    damaged = [one for one in mail.attachments if one.problem]
    files += [store_bytes(content=one.undecoded, name=f"{one.name}{UNDECODED}", act=act) for one in damaged]
    if mail.problems and not is_by_agent:  # the original quotes what was for staff
        files.append(store_bytes(content=raw, name=ORIGINAL_NAME, act=act))
    read = _agents_body if is_by_agent else _body
    body = read(mail, _shown_files(stored))
    return NewMessage(body=body, files=files, submission_key=key, is_surely_new=True)


def subject_of(mail: ParsedMail) -> str:
    """Return the subject a new ticket gets: one line, within the limit, never empty."""
    return shorten(mail.subject, SUBJECT_LIMIT) or shorten(newest_reply(mail.text), 80) or NO_SUBJECT


def _body(mail: ParsedMail, shown: dict[str, str]) -> Body:
    notes = "\n".join([f"({problem})" for problem in mail.problems] + _file_notes(mail))
    whole_text = mail.text.strip("\n")
    text = newest_reply(whole_text)
    html, quoted = _html_parts(mail, whole_text, shown)
    if not text.strip():
        text = EMPTY_MAIL
    if notes:
        text = f"{text}\n\n{notes}"
        html = html and f"{html}<p>{escape(notes)}</p>"
    return from_mail(html=without_links(html), text=without_links(text), quoted_html=without_links(quoted))


def _file_notes(mail: ParsedMail) -> list[str]:
    return [f"({one.name}: {one.problem})" for one in mail.attachments if one.problem]


def _agents_body(mail: ParsedMail, shown: dict[str, str]) -> Body:
    whole_text = mail.text.strip("\n")
    text = _above_mark(newest_reply(whole_text)) if _has_own_words(whole_text) else ""
    html = _html_parts(mail, whole_text, shown)[0] if text else ""
    if ANSWER_MARK in html:
        html = ""
    body = from_mail(html=_without_ours(html), text=_without_ours(text) or EMPTY_MAIL)
    return Body(html=body.html, text=body.text)


def _has_own_words(text: str) -> bool:
    """Whether anything but the line that names the writer of a quote stands above our mark."""
    lines = [line for line in _above_mark(text).split("\n") if line.strip(" \t>")]
    return attribution_at(lines, 0) < len(lines) if lines else False


def _above_mark(text: str) -> str:
    at = text.find(ANSWER_MARK)
    return text if at < 0 else text[: text.rfind("\n", 0, at) + 1].strip("\n")


def _without_ours(text: str) -> str:
    return without_agent_addresses(without_links(text))


def _html_parts(mail: ParsedMail, whole_text: str, shown: dict[str, str]) -> tuple[str, str]:
    """The HTML of the newest reply (empty for a plain mail) and of what it quotes."""
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


def _shown_files(stored: list[tuple[Attachment, File]]) -> dict[str, str]:
    """Where the pictures that the HTML shows by content id are served from."""
    return {one.content_id.lower(): f"{file.url}/inline" for one, file in stored if one.content_id and one.is_inline}


def _with_shown_files(html: str, shown: dict[str, str]) -> str:
    if not shown:
        return html
    return _CID.sub(lambda found: shown.get(one_line(unquote(found[1])).strip("<>").lower(), found[0]), html)

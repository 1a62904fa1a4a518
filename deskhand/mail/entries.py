"""From a mail to what is written into a ticket: its text, and its files stored."""

from deskhand.core.text import shorten
from deskhand.events import Act
from deskhand.files.actions.storing import store_bytes
from deskhand.files.models import File
from deskhand.mail.message import Attachment, ParsedMail
from deskhand.mail.quoting.attributions import attribution_at
from deskhand.mail.reading import EMPTY_MAIL, Reading, body_of, html_parts, html_too_large_to_show, without_ours
from deskhand.mail.replies import newest_reply
from deskhand.tickets.actions.conversation import NewMessage
from deskhand.tickets.actions.opening import SUBJECT_LIMIT
from deskhand.tickets.bodies import Body, from_mail

NO_SUBJECT = "(no subject)"
UNDECODED = ".undecoded.txt"
LAYOUT_NAME = "layout.html"
ANSWER_MARK = "Answer above this line."
"""Stands at the top of every notice to staff; what an agent sends back from there on is ours and nobody else's."""


def entry_of(reading: Reading, *, key: str, act: Act, is_by_agent: bool = False) -> NewMessage:
    """Return the message a mail becomes, its files stored. `key` makes writing it twice impossible.

    The mail's row is locked and says that no message was made of it yet.
    With `is_by_agent` only the writer's own words are taken: what an agent quotes, or somebody who has an address made
    for an agent, is a notice made for staff.
    A mail that could not be read whole says so in the text. It is no file of the ticket: what clients are not shown of
    a mail, its quote and its header, would be in it. A file that could not be decoded whole brings itself along as it
    came, and HTML that is too large to be shown comes as a file.
    Raises StorageUnavailable.
    """
    mail = reading.mail
    stored = [(one, store_bytes(content=one.content, name=one.name, act=act)) for one in mail.attachments]
    files = [file for _, file in stored]
    damaged = [one for one in mail.attachments if one.problem]
    files += [store_bytes(content=one.undecoded, name=f"{one.name}{UNDECODED}", act=act) for one in damaged]
    if not is_by_agent and (layout := html_too_large_to_show(mail)):
        files.append(store_bytes(content=layout.encode(), name=LAYOUT_NAME, act=act))
    return NewMessage(
        body=_body(reading, _shown_files(stored), is_by_agent=is_by_agent),
        files=files,
        submission_key=key,
        is_surely_new=True,
    )


def subject_of(mail: ParsedMail) -> str:
    """Return the subject a new ticket gets: one line, within the limit, never empty."""
    return shorten(mail.subject, SUBJECT_LIMIT) or shorten(newest_reply(mail.text), 80) or NO_SUBJECT


def _body(reading: Reading, shown: dict[str, str], *, is_by_agent: bool) -> Body:
    if is_by_agent:
        return _agents_body(reading.mail, shown)
    return body_of(reading.mail, shown) if shown else reading.body


def _agents_body(mail: ParsedMail, shown: dict[str, str]) -> Body:
    whole_text = mail.text.strip("\n")
    text = _above_mark(newest_reply(whole_text)) if _has_own_words(whole_text) else ""
    html = html_parts(mail, whole_text, shown)[0] if text else ""
    if ANSWER_MARK in html:
        html = ""
    body = from_mail(html=without_ours(html), text=without_ours(text) or EMPTY_MAIL)
    return Body(html=body.html, text=body.text)


def _has_own_words(text: str) -> bool:
    """Whether anything but the line that names the writer of a quote stands above our mark."""
    lines = [line for line in _above_mark(text).split("\n") if line.strip(" \t>")]
    return attribution_at(lines, 0) < len(lines) if lines else False


def _above_mark(text: str) -> str:
    at = text.find(ANSWER_MARK)
    return text if at < 0 else text[: text.rfind("\n", 0, at) + 1].strip("\n")


def _shown_files(stored: list[tuple[Attachment, File]]) -> dict[str, str]:
    """Where the pictures that the HTML shows by content id are served from."""
    return {one.content_id.lower(): f"{file.url}/inline" for one, file in stored if one.content_id and one.is_inline}

"""What an agent passed on to the desk: a mail forwarded in the text or as a file.

Only what is surely the writer's may reach a client: what the agent added is for the team.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from deskhand.core.text import one_line
from deskhand.core.text_from_html import text_from_html
from deskhand.mail.first_look import is_usable
from deskhand.mail.forwards import split_forward
from deskhand.mail.message import Address, Attachment, ParsedMail
from deskhand.mail.parsing import parse
from deskhand.mail.quoting.prefixes import FORWARD_MARK
from deskhand.mail.quoting.separators import is_forwarded, is_signature_mark


@dataclass(frozen=True, slots=True)
class PassedOn:
    """A forwarded mail: who wrote it, its subject and text. `original` is the whole mail where it came as a file.

    `files`: those of the agent's mail where it came in the text; nothing tells which of them the agent added.
    """

    sender: Address
    subject: str
    text: str
    original: bytes = b""
    files: Sequence[Attachment] = ()


def passed_on(mail: ParsedMail) -> PassedOn | None:
    """Return the mail that this one forwards; None unless it says that it does and names a usable sender."""
    return _attached(mail) or _in_the_text(mail)


def _attached(mail: ParsedMail) -> PassedOn | None:
    for one in mail.attachments:
        if one.content_type != "message/rfc822" and not one.name.lower().endswith(".eml"):
            continue  # some programs attach a mail as a file like any other
        inner = parse(one.content)
        if len(inner.from_) == 1 and is_usable(inner.from_[0].address):
            return PassedOn(_plain(inner.from_[0]), inner.subject, inner.text, one.content)
    return None


def _in_the_text(mail: ParsedMail) -> PassedOn | None:
    """A forward in the text, or in the HTML where the text only says that there is HTML."""
    return _told_in(mail.text, mail) or _told_in(text_from_html(mail.html), mail)


def _told_in(text: str, mail: ParsedMail) -> PassedOn | None:
    found = split_forward(text)
    if found is None or not is_usable(found.sender.address):
        return None
    if not FORWARD_MARK.match(mail.subject) and not any(is_forwarded(line) for line in text.split("\n")):
        return None  # an answer that quotes
    return PassedOn(_plain(found.sender), found.subject, _above_signature(found.body), files=mail.attachments)


def _above_signature(text: str) -> str:
    """Return the text without the first signature and what stands below it.

    It may be the agent's: their program puts it below everything, also below the signature of the writer.
    """
    lines = text.split("\n")
    end = next((at for at, line in enumerate(lines) if is_signature_mark(line)), len(lines))
    return "\n".join(lines[:end]).strip()


def _plain(sender: Address) -> Address:
    return Address(one_line(sender.name)[:200], sender.address.lower())

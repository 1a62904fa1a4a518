"""Which of an agent's mails are for the team alone.

Three signs, any of which suffices: a reply address made for the team, an answer to a notice that had one, and
`[Reply to Team]` in the subject or in a line of the text that is not quoted. In doubt it is the team's: an answer kept
from a client is seen and sent again, one that leaked is not taken back.
"""

import re
from collections.abc import Iterable
from dataclasses import replace

from deskhand.core.text_from_html import text_from_html
from deskhand.mail.addresses import read_reply_address, without_agent_addresses
from deskhand.mail.masking import without_links
from deskhand.mail.message import ParsedMail
from deskhand.mail.models import OutboundKind, OutboundMail
from deskhand.mail.reading import EMPTY_MAIL
from deskhand.mail.replies import QUOTED, newest_reply
from deskhand.mail.replies_html import lines_of_html
from deskhand.mail.routing import Match
from deskhand.tickets.actions.conversation import NewMessage
from deskhand.tickets.bodies import from_text

MARK = "[Reply to Team]"
# With what mail programs put around and between its words: `*[Reply to Team]*`, `\[Reply to Team\]`, a wrapped line.
_WORDS = r"\[[\W_]{0,9}reply[\W_]{1,9}to[\W_]{1,9}team[\W_]{0,9}\]"
_MARK = re.compile(_WORDS, re.IGNORECASE)
_MARK_TO_TAKE_OUT = re.compile(
    rf"^[^\w\n]*{_WORDS}[^\w\n]*(?:\n|\Z)|[\\*_\u200b-\u200f\u2060\ufeff]*{_WORDS}[\\*_]*", re.IGNORECASE | re.MULTILINE
)
# The sentence of our notices that explains the mark, however the program that quotes them wrapped it.
_EXPLAINED = re.compile(
    r"begin[\W_]{1,20}your[\W_]{1,20}answer[\W_]{1,20}with[\W_]{1,20}reply[\W_]{1,20}to[\W_]{1,20}team", re.IGNORECASE
)


def is_for_team(mail: ParsedMail, match: Match) -> bool:
    """Return whether an agent's mail must never reach a client. One query, none where the address says so."""
    if match.is_for_team or _MARK.search(mail.subject) or is_marked(mail):
        return True
    return _answers_team_notice(mail)


def is_marked(mail: ParsedMail) -> bool:
    """Return whether a line that is not quoted has the mark, in the plain text or in the HTML."""
    return _has_mark(mail.text.splitlines()) or _has_mark(lines_of_html(mail.html))


def for_team(new: NewMessage, mail: ParsedMail) -> NewMessage:
    """Return what an agent wrote for the team as plain text without the mark; the files stay.

    An answer below the notice it quotes is kept too: the client gets nothing of this, so the quote may come along.
    """
    texts = [new.body.text, text_from_html(new.body.html)]
    if new.body.text == EMPTY_MAIL:
        texts = [without_agent_addresses(without_links(newest_reply(mail.text)))]
    text = next((one for one in texts if _MARK.search(one)), texts[0])
    return replace(new, body=from_text(_MARK_TO_TAKE_OUT.sub("", text).strip() or EMPTY_MAIL))


def _has_mark(lines: Iterable[str]) -> bool:
    own = _EXPLAINED.sub("", "\n".join(lines)).split("\n")
    return bool(_MARK.search("\n".join(line for line in own if not QUOTED.match(line))))


def _answers_team_notice(mail: ParsedMail) -> bool:
    """Whether the mail answers a notice for the team, also where the mail program left its address out."""
    named = [*mail.in_reply_to, *mail.references]
    notices = OutboundMail.objects.filter(kind=OutboundKind.STAFF_NOTICE, message_id__in=named) if named else ()
    tokens = (read_reply_address(notice.reply_to) for notice in notices)
    return any(token is not None and token.is_for_team for token in tokens)

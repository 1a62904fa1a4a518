"""Which of an agent's mails are for the team alone.

Three signs, any of which suffices: a reply address made for the team, an answer to a notice that had one, and
`[Reply to Team]` in the subject or at the beginning of the text.
"""

import re
from dataclasses import replace

from deskhand.mail.addresses import read_reply_address
from deskhand.mail.message import ParsedMail
from deskhand.mail.models import OutboundKind, OutboundMail
from deskhand.mail.routing import Match
from deskhand.tickets.actions.conversation import NewMessage
from deskhand.tickets.bodies import from_text

MARK = "[Reply to Team]"
_MARK = re.compile(r"\[\s*reply\s+to\s+team\s*\]", re.IGNORECASE)


def is_for_team(mail: ParsedMail, match: Match) -> bool:
    """Return whether an agent's mail must never reach a client. One query, none where the address says so."""
    if match.is_for_team or _MARK.search(mail.subject) or _MARK.match(mail.text.lstrip()):
        return True
    return _answers_team_notice(mail)


def without_mark(new: NewMessage) -> NewMessage:
    """Return what an agent wrote as plain text without the mark; the files stay."""
    text = _MARK.sub("", new.body.text, count=1).strip() if _MARK.match(new.body.text.lstrip()) else new.body.text
    return replace(new, body=from_text(text or "(This mail had no text.)"))


def _answers_team_notice(mail: ParsedMail) -> bool:
    """Whether the mail answers a notice for the team, also where the mail program left its address out."""
    named = [*mail.in_reply_to, *mail.references]
    notices = OutboundMail.objects.filter(kind=OutboundKind.STAFF_NOTICE, message_id__in=named) if named else ()
    tokens = (read_reply_address(notice.reply_to) for notice in notices)
    return any(token is not None and token.is_for_team for token in tokens)

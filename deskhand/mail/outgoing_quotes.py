"""What a reply by mail repeats of the conversation, as the setting says.

Only messages that clients can read, as plain text: no picture and no file goes out again with a quote. It is written
as mail programs write it ("On …, … wrote:" and `>`), so that the answer to it is told apart again.
"""

from dataclasses import dataclass

from deskhand.core.text import one_line
from deskhand.mail.models import MailSettings, Quote
from deskhand.tickets.models import Message

MOST_MESSAGES = 20
MOST_CHARS = 20_000


@dataclass(frozen=True)
class Quoted:
    """One earlier message: who wrote it when, and its lines."""

    attribution: str
    lines: tuple[str, ...]


def quotes_for(message: Message) -> list[Quoted]:
    """Return the earlier messages that go along, the newest first. Two queries, one where nothing is quoted."""
    quote = Quote(MailSettings.current().quote)
    if quote == Quote.NONE:
        return []
    earlier = message.ticket.messages.shown_to_clients().filter(position__lt=message.position, is_auto_reply=False)
    count = 1 if quote == Quote.LAST else MOST_MESSAGES
    found: list[Quoted] = []
    size = 0
    for one in earlier.select_related("author").defer("html", "quoted_html", "document").order_by("-position")[:count]:
        size += len(one.text)
        if found and size > MOST_CHARS:
            break
        found.append(_quoted(one))
    return found


def _quoted(message: Message) -> Quoted:
    who = one_line(message.author.name)
    attribution = f"On {message.created_at:%d %b %Y at %H:%M} UTC, {who} wrote:"
    return Quoted(attribution, tuple(message.text[:MOST_CHARS].splitlines()))

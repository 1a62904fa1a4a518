"""Forwarded mail: who wrote what somebody passed on.

Known phenomena: "---------- Forwarded message ---------" in many languages, header blocks with or
without such a line, quoted or bold, all fields on one line (Yahoo), an attribution line alone
("On … wrote:", Outlook for Mac, Missive, Thunderbird), senders without an address. When forwards
are nested, the outermost one is what the sender passed on: its sender is the one to answer.
"""

import re
from dataclasses import dataclass

from deskhand.mail.message import Address
from deskhand.mail.parsing.addresses import read_addresses
from deskhand.mail.parsing.headers import decode_words
from deskhand.mail.quoting.attributions import attribution_at
from deskhand.mail.quoting.header_blocks import HeaderBlock, announced_block, find_block, run_on_block
from deskhand.mail.quoting.labels import DIRECTION_MARKS, read_label
from deskhand.mail.quoting.names import attributed_to, without_links
from deskhand.mail.quoting.separators import holds_mark, is_forwarded, is_original, is_rule

MAX_LINES = 2_000
DRAWN_WORDS = re.compile(r"^[\s>]*[-\u2010–—_=*~]{3,}\s*[^\W\d_][^\n]{1,80}?\s*[-\u2010–—_=*~]{3,}\s*$")
ON_BEHALF = re.compile(
    r"\s+(?:on behalf of|im auftrag von|de la part de|en nombre de|namens|per conto di)\s.*$", re.IGNORECASE
)
WEB_LINK = re.compile(r"<https?://[^<>\s]{1,2000}>", re.IGNORECASE)
# What stands behind an address in brackets belongs to another field, or to the line below.
WITH_ADDRESS = re.compile(r"[^<>]{0,300}<[^<>\s@]{1,120}@[^<>\s@]{1,250}>")
QUOTE = re.compile(r"^[ \t]{0,3}>[ \t]?")


@dataclass(frozen=True, slots=True)
class ForwardedMail:
    """A mail that was passed on inside another one.

    `sender.address` is empty when only a name was copied. `comment` is what the one who passed it
    on wrote above it; `body` is the forwarded text, its quote marks taken off.
    """

    sender: Address
    subject: str
    date: str
    comment: str
    body: str


def split_forward(text: str) -> ForwardedMail | None:
    """The outermost forwarded mail in a plain text, or None when it holds none that names its sender."""
    lines = [line.lstrip("\ufeff") for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    for at, line in enumerate(lines[:MAX_LINES]):
        if not holds_mark(line):
            continue
        found = _run_on(lines, at) or _block(lines, at) or _attribution(lines, at)
        if found:
            return found
    return None


def _block(lines: list[str], at: int) -> ForwardedMail | None:
    """A forward told by its copied header fields."""
    above = next((line for line in reversed(lines[max(0, at - 2) : at]) if line.strip()), "")
    block = find_block(lines, at)
    if block is None and (is_forwarded(above) or is_original(above)):
        block = announced_block(lines, at)
    if block is None or "from" not in block.fields:
        return None
    return _made(_sender(block.fields["from"]), block, _comment(lines, at), lines[block.end :])


def _made(sender: Address, block: HeaderBlock, comment: str, rest: list[str]) -> ForwardedMail | None:
    if not (sender.address or sender.name):
        return None
    subject = " ".join(decode_words(block.fields.get("subject", "")).split())
    return ForwardedMail(sender, subject, block.fields.get("date", ""), comment, _unquoted(rest))


def _run_on(lines: list[str], at: int) -> ForwardedMail | None:
    """A forward whose header fields all stand on one line, as Yahoo writes them."""
    block = run_on_block(lines[at])
    return _made(_sender(block.fields["from"]), block, _comment(lines, at), lines[at + 1 :]) if block else None


def _attribution(lines: list[str], at: int) -> ForwardedMail | None:
    """A forward that only says who wrote when."""
    count = attribution_at(lines, at)
    if not count:
        return None
    text = " ".join(QUOTE.sub("", line).strip() for line in lines[at : at + count])
    sender = attributed_to(text)
    if not (sender.address or sender.name):
        return None
    return ForwardedMail(sender, "", text, _comment(lines, at), _unquoted(lines[at + count :]))


def _sender(value: str) -> Address:
    """The address of a copied From field, whatever links the mail program left in it."""
    text = WEB_LINK.sub("", DIRECTION_MARKS.sub("", value))
    text = ON_BEHALF.sub("", without_links(text).replace("*", "").strip())
    named = WITH_ADDRESS.match(text)
    found = read_addresses(named[0] if named else text, 2)
    return next((one for one in found if one.address), found[0] if found else Address("", ""))


def _comment(lines: list[str], at: int) -> str:
    """What stands above the forward, without the lines that announce it."""
    end = at
    while end and (not lines[end - 1].strip(" \t>") or _announces(lines[end - 1])):
        end -= 1
    return "\n".join(lines[:end]).strip()


def _announces(line: str) -> bool:
    if is_forwarded(line) or is_original(line) or is_rule(line) or read_label(line) is not None:
        return True
    return bool(DRAWN_WORDS.match(line))


def _unquoted(lines: list[str]) -> str:
    """The lines without their quote marks, when nearly all of them carry one, and without a rule below the header."""
    begin = next((at for at, line in enumerate(lines) if line.strip() and not is_rule(line)), 0)
    lines = lines[begin:]
    full = [line for line in lines if line.strip()]
    marked = sum(bool(QUOTE.match(line)) for line in full)
    if full and marked * 2 > len(full):
        lines = [QUOTE.sub("", line) for line in lines]
    return "\n".join(lines).strip()

"""The newest reply of a mail: what its writer typed, without what the mail program quoted below.

The quote is folded, never deleted: callers keep the whole text. Known phenomena: our own marker;
"-----Original Message-----" and header blocks in many languages; "On … wrote:"; `>` quotes with
lines wrapped out of them; answers below the quote; answers between quotes (then everything is the
reply); a mail that only forwards (likewise); a mail that is nothing but a quote (likewise).
"""

import re

from deskhand.mail.quoting.attributions import attribution_at, is_bare_attribution, split_mid_line
from deskhand.mail.quoting.header_blocks import find_block
from deskhand.mail.quoting.separators import is_forwarded, is_original, is_phone_signature, is_rule

MAX_LINES = 20_000
WRAP_COLUMN = 72
QUOTED = re.compile(r"^[ \t]{0,3}(?:>|&gt;)")
UNQUOTED_LINK = re.compile(r"^\s*(?:<?https?://|\(https?://)\S*[>)]?\s*>?\s*$")


def newest_reply(text: str, *, marker: str = "") -> str:
    """The newest reply in a plain text; the whole text when nothing or everything is quoted.

    `marker` is the line our own mail asks to be answered above; what stands below it is dropped.
    """
    whole = text.replace("\r\n", "\n").replace("\r", "\n")
    above = above_marker(whole, marker)
    lines = split_mid_line(above).split("\n")
    if len(lines) > MAX_LINES:
        return whole.strip("\n")
    kept = [line for line, is_kept in zip(lines, kept_lines(lines), strict=True) if is_kept]
    return "\n".join(kept).strip("\n").rstrip() or above.strip() or whole.strip()


def above_marker(text: str, marker: str) -> str:
    """The text above our marker's line, or all of it without a marker or with nothing above it."""
    at = text.find(marker) if marker else -1
    if at < 0:
        return text
    above = text[: text.rfind("\n", 0, at) + 1]
    return above if above.strip(" \t\n>") else text


def kept_lines(lines: list[str]) -> list[bool]:
    """For each line, whether it belongs to the newest reply; all of them when that is in doubt."""
    everything = [True] * len(lines)
    keep = list(everything)
    runs = at = 0
    while at < len(lines):
        if is_forwarded(lines[at]):
            break
        end, is_final = _quote_at(lines, at, bool(_text(lines, keep, at)))
        if end > at:
            runs += bool(_text(lines, keep, at)) or runs > 0
            if runs > 1 and _has_answer_between(lines, keep, at):
                return everything
            keep[at:end] = [False] * (end - at)
            if is_final:
                break
        at = max(end, at + 1)
    if all(keep):
        return keep
    _drop_edges(lines, keep)
    return keep if _text(lines, keep, len(lines)) else everything


def _quote_at(lines: list[str], at: int, has_text_above: bool) -> tuple[int, bool]:
    """Where the quote beginning on this line ends, and whether nothing after it is the reply."""
    line = lines[at]
    if not line.strip():
        return at, False
    if is_original(line):
        return len(lines), True
    count = attribution_at(lines, at)
    if not count and is_bare_attribution(line):
        count = 1 if QUOTED.match(_next_text(lines, at + 1)) else 0
    if count:
        if not QUOTED.match(_next_text(lines, at + count)):
            return len(lines), True
        return _quoted_run_end(lines, at + count), False
    if QUOTED.match(line):
        return _quoted_run_end(lines, at), False
    if find_block(lines, at):
        return len(lines), True
    if has_text_above and is_phone_signature(line):
        return _after_phone_signature(lines, at)
    return at, False


def _after_phone_signature(lines: list[str], at: int) -> tuple[int, bool]:
    """A phone's signature ends the reply unless a `>` quote follows, which may be answered below."""
    following = next((one for one in range(at + 1, len(lines)) if lines[one].strip()), len(lines))
    if following == len(lines):
        return len(lines), True
    if QUOTED.match(lines[following]) or attribution_at(lines, following) or is_forwarded(lines[following]):
        return at + 1, False
    return len(lines), True


def _quoted_run_end(lines: list[str], at: int) -> int:
    """The line after the last one of a `>` quote, with its blank lines and lines wrapped out of it."""
    end = at
    before = ""
    while at < len(lines):
        line = lines[at]
        if QUOTED.match(line):
            before, end = line, at + 1
        elif line.strip():
            if not before or not _is_wrapped(before, line):
                break
            before, end = line, at + 1
        at += 1
    return end


def _is_wrapped(before: str, line: str) -> bool:
    """Whether this unquoted line is the end of the quoted line before, which was too long."""
    if UNQUOTED_LINK.match(line) or line.strip() in {">", "*"}:
        return True
    first = line.split(None, 1)[0]
    return len(before) + 1 + len(first) >= WRAP_COLUMN and not line[0].isspace() and first[0].islower()


def _next_text(lines: list[str], at: int) -> str:
    return next((line for line in lines[at : at + 6] if line.strip()), "")


def _has_answer_between(lines: list[str], keep: list[bool], at: int) -> bool:
    """Whether text stands between the last quote above this line and this line."""
    for before in range(at - 1, -1, -1):
        if not keep[before]:
            return False
        if lines[before].strip():
            return True
    return False


def _text(lines: list[str], keep: list[bool], end: int) -> str:
    return next((line for line, kept in zip(lines[:end], keep, strict=False) if kept and line.strip()), "")


def _drop_edges(lines: list[str], keep: list[bool]) -> None:
    """Drop rules and phone signatures at the end of what is kept: they lead to the quote."""
    for at in range(len(lines) - 1, -1, -1):
        if not keep[at] or not lines[at].strip():
            continue
        if not (is_rule(lines[at]) or is_phone_signature(lines[at])):
            return
        keep[at] = False

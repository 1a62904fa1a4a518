"""The newest reply of a mail: what its writer typed, without what the mail program quoted below.

The quote is folded, never deleted: callers keep the whole text. Known phenomena: our own marker;
"-----Original Message-----" and header blocks in many languages; "On … wrote:"; `>` quotes with
lines wrapped out of them; answers below the quote; answers between quotes (then everything is the
reply); `>` that people type before lists, menus and commands; code between fences; a mail that only forwards (then too
everything is the reply); a mail that is nothing but a quote (likewise).
"""

import re
from collections.abc import Container

from deskhand.mail.quoting.attributions import attribution_at, is_bare_attribution, split_mid_line
from deskhand.mail.quoting.header_blocks import find_block, is_written_by_hand, run_on_block
from deskhand.mail.quoting.labels import read_label
from deskhand.mail.quoting.separators import (
    DRAWN_START,
    holds_mark,
    is_forwarded,
    is_original,
    is_phone_signature,
    is_rule,
    is_signature_mark,
    is_surely_phone_signature,
)

MAX_LINES = 5_000
WRAP_COLUMN = 72
MAX_RULED_FIELDS, MAX_SIGNATURE_LINES = 4, 12
FENCE, MAX_FENCED_LINES = "```", 200
QUOTED = re.compile(r"^[ \t]{0,3}(?:>|&gt;)")
INITIALS = re.compile(r"[ \t]{0,2}([^\W\d_]{1,4})>+(?:[ \t]|$)")  # The Bat and others quote as "AB> "
QUOTE_MARK, MAX_MARKED_LINES = ">", 1000
UNQUOTED_LINK = re.compile(r"^\s*(?:<?https?://|\(https?://)\S*[>)]?\s*>?\s*$")


def newest_reply(text: str, *, marker: str = "") -> str:
    """The newest reply in a plain text; the whole text when nothing or everything is quoted.

    `marker` is the line our own mail asks to be answered above; what stands below it is dropped.
    """
    whole = text.replace("\r\n", "\n").replace("\r", "\n")
    above = above_marker(whole, marker)
    lines: list[str] = []
    for line in above.split("\n"):
        lines += split_mid_line(line) if ":" in line[-3:] else (line,)
    kept = [line for line, is_kept in zip(lines, kept_lines(lines), strict=True) if is_kept]
    return "\n".join(kept).strip("\n").rstrip() or above.strip() or whole.strip()


def above_marker(text: str, marker: str) -> str:
    """The text above our marker's line, or all of it without a marker or with nothing above it."""
    at = text.find(marker) if marker else -1
    if at < 0:
        return text
    above = text[: text.rfind("\n", 0, at) + 1]
    return above if above.strip(" \t\n>") else text


def kept_lines(lines: list[str], boxed: Container[int] = ()) -> list[bool]:
    """For each line, whether it belongs to the newest reply; all of them when that is in doubt.

    `boxed` are the numbers of the lines a mail program surely quotes, for they stand in its box for quotes.
    """
    if len(lines) > MAX_LINES:
        read = kept_lines(lines[:MAX_LINES], boxed)
        return read + [read[-1]] * (len(lines) - MAX_LINES)
    keep = [True] * len(lines)
    lines = list(lines)  # what stands before a quote's lines is made alike
    at = 0
    has_text = has_quote = False
    while at < len(lines):
        line = lines[at]
        end, is_final = at, False
        if holds_mark(line) or DRAWN_START.match(line):
            if is_forwarded(line):
                break
            if not has_quote and (own := _own_end(lines, at, is_below_text=has_text and at not in boxed)):
                at, has_text = own, True
                continue
            end, is_final = _quote_at(lines, at, has_text_above=has_text)
        if end == at and has_text and is_phone_signature(line):
            end, is_final = _after_phone_signature(lines, at)
        keep[at:end] = [False] * (end - at)
        has_quote = has_quote or end > at
        if is_final:
            break
        has_text = has_text or (end <= at and bool(line.strip()))
        at = max(end, at + 1)
    if all(keep):
        return keep
    if _answers_below_quotes(lines, keep) > 1:
        return [True] * len(lines)
    _drop_edges(lines, keep)
    has_reply = any(kept and line.strip() for line, kept in zip(lines, keep, strict=True))
    return keep if has_reply else [True] * len(lines)


def _mark_plainly(lines: list[str], at: int, initials: str) -> None:
    """Put `>` alone instead of "AB>" before the lines from here, the initials of whom the attribution above names."""
    marks = re.compile(rf"^[ \t]{{0,2}}(?:{initials}(?=>)|\w{{1,4}}(?=>>))")
    end = at + MAX_MARKED_LINES
    lines[at:end] = [marks.sub("", line) if ">" in line[1:7] else line for line in lines[at:end]]


def _quote_at(lines: list[str], at: int, *, has_text_above: bool) -> tuple[int, bool]:
    """Where the quote beginning on this line ends, and whether nothing after it is the reply."""
    line = lines[at]
    if not line.strip():
        return at, False
    count = _attribution(lines, at)
    following = _next_text(lines, at + count) if count else line
    if count and (found := INITIALS.match(following)):
        _mark_plainly(lines, at + count, found[1])
        following = QUOTE_MARK
    if QUOTED.match(following):
        return _quote_end(lines, at + count, has_text_above=has_text_above)
    if count or is_original(line) or _has_block(lines, at) or run_on_block(line):
        return len(lines), True
    return at, False


def _own_end(lines: list[str], at: int, *, is_below_text: bool) -> int:
    """The end of lines that only look quoted; 0 when none begin here."""
    if lines[at].startswith(FENCE):
        return _fence_end(lines, at)
    return _own_quote_end(lines, at) if is_below_text else 0


def _own_quote_end(lines: list[str], at: int) -> int:
    """The end of `>` lines with text below and nobody named: a list, a menu, commands, a question asked; else 0."""
    if not QUOTED.match(lines[at]):
        return 0
    end = _quoted_run_end(lines, at)
    below = next((one for one in range(end, len(lines)) if lines[one].strip()), None)
    if below is None or is_signature_mark(lines[below]) or is_phone_signature(lines[below]):
        return 0
    is_named = any(_names_another(lines, one) for one in [*range(at, end), below])
    return 0 if is_named else end


def _fence_end(lines: list[str], at: int) -> int:
    """The end of what a person fenced off as code, whatever it looks like; 0 when nothing closes the fence."""
    following = lines[at + 1 : at + MAX_FENCED_LINES]
    return next((at + 2 + count for count, line in enumerate(following) if line.strip() == FENCE), 0)


def _names_another(lines: list[str], at: int) -> bool:
    """Whether this line begins to name whose mail is quoted."""
    line = lines[at]
    return bool(is_original(line) or is_forwarded(line) or attribution_at(lines, at) or _has_block(lines, at))


def _has_block(lines: list[str], at: int) -> bool:
    """Whether the header block of a quoted mail begins here."""
    block = find_block(lines, at)
    return block is not None and not is_written_by_hand(lines, block)


def _attribution(lines: list[str], at: int) -> int:
    """How many lines an attribution takes here; one without a verb counts only before a quote."""
    count = attribution_at(lines, at)
    if not count and is_bare_attribution(lines[at]) and QUOTED.match(_next_text(lines, at + 1)):
        return 1
    return count


def _quote_end(lines: list[str], at: int, *, has_text_above: bool) -> tuple[int, bool]:
    """The end of a `>` quote; a signature or a list's footer below an answered quote goes with it."""
    end = _quoted_run_end(lines, at)
    following = _next_text(lines, end)
    if has_text_above and (is_signature_mark(following) or is_rule(following)):
        return len(lines), True
    return end, False


def _after_phone_signature(lines: list[str], at: int) -> tuple[int, bool]:
    """A phone's signature ends the reply unless a `>` quote follows, which may be answered below.

    What looks like one and does not end its paragraph, or might be a sentence, is text until a quote begins behind it.
    """
    following = next((one for one in range(at + 1, len(lines)) if lines[one].strip()), len(lines))
    if following == len(lines):
        return len(lines), True
    if QUOTED.match(lines[following]) or attribution_at(lines, following) or is_forwarded(lines[following]):
        return at + 1, False
    if any(_has_block(lines, one) for one in range(following, min(following + 2, len(lines)))):
        return len(lines), True  # BlackBerry writes an undrawn "Original Message" between them
    ends_paragraph = following > at + 1 or bool(UNQUOTED_LINK.match(lines[following]))
    if ends_paragraph and is_surely_phone_signature(lines[at]):
        return len(lines), True
    return at, False


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


def _answers_below_quotes(lines: list[str], keep: list[bool]) -> int:
    """How many stretches of kept text stand below a quote: two are answers between quotes."""
    count = 0
    is_below = False
    for line, is_kept in zip(lines, keep, strict=True):
        if not is_kept:
            is_below = True
        elif is_below and line.strip():
            count += 1
            is_below = False
    return count


def _drop_edges(lines: list[str], keep: list[bool]) -> None:
    """Drop rules and phone signatures at the end of what is kept: they lead to the quote; so does an empty "--".

    A rule stays that closes a signature between two of them.
    """
    for at in range(len(lines) - 1, -1, -1):
        if not keep[at] or not lines[at].strip():
            continue
        if is_rule(lines[at]) and lines[at] in lines[max(0, at - MAX_SIGNATURE_LINES) : at]:
            return
        if is_rule(lines[at]) or is_phone_signature(lines[at]) or is_signature_mark(lines[at]):
            keep[at] = False
        elif count := _ruled_fields(lines, at) if not all(keep[at + 1 : at + 2]) else 0:
            keep[at + 1 - count : at + 1] = [False] * count
        else:
            return


def _ruled_fields(lines: list[str], end: int) -> int:
    """How many fields end on this line below a rule: Yandex writes To and Subject above its attribution."""
    top = end
    while top > 0 and end - top < MAX_RULED_FIELDS and read_label(lines[top]):
        top -= 1
    return end - top if is_rule(lines[top]) else 0

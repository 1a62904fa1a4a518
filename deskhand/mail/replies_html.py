"""The newest reply of a mail's HTML part.

The document is read as lines, each remembering where it stands in the source; what mail programs mark as a quote
becomes a quoted line, and the same rules as for plain text decide what is the reply. Known marks: Gmail's
gmail_quote, Outlook's appendonsend, divRplyFwdMsg and lines above a header block, Thunderbird's moz-cite-prefix,
Yahoo's yahoo_quoted, Apple's blockquote type=cite, Hotmail's stopSpelling, GMX, Proton, Zimbra and Zoho.
Blockquotes without a mark are quotes only behind an attribution. Gmail and Proton put what is answered between or
below their blockquotes into the same box as these. A plain text that a program wrapped up in HTML keeps its line
breaks.
"""

import re
from collections import Counter
from typing import NamedTuple

from deskhand.core.html_tokens import VOID, Token, attributes_of, tokens
from deskhand.core.text_from_html import BLOCKS, MAX_CHARS, text_from_html, words
from deskhand.mail.quoting.attributions import HAS_DATE, attribution_at, is_bare_attribution, split_mid_line
from deskhand.mail.quoting.attributions import MAX_LINES as MAX_ATTRIBUTION_LINES
from deskhand.mail.quoting.header_blocks import MIN_FIELDS
from deskhand.mail.replies import MAX_LINES as MAX_READ_LINES
from deskhand.mail.replies import kept_lines

CUT_LINE = "-----Original Message-----"
QUOTE_CLASSES = frozenset(
    {
        "gmail_quote",
        "gmail_quote_container",
        "moz-cite-prefix",
        "yahoo_quoted",
        "protonmail_quote",
        "tutanota_quote",
        "zmail_extra",
        "wm_quote",
        "freebirdquote",
        "qt",
        "front-blockquote",
        "hs_reply",
        "missive_quote",
        "mailmate-quote",
    }
)
ANSWERED_CLASSES = frozenset({"gmail_quote", "gmail_quote_container", "protonmail_quote"})
QUOTE_NAMES = frozenset({"quote", "messageReplySection"})  # GMX, Spark
QUOTE_IDS = re.compile(r"^(?:x_)*(?:isReplyContent|yahoo_quoted_\d+|yiv\d+yahoo_quoted.*|replyForward|reply-intro|qt)$")
CUT_IDS = re.compile(
    r"^(?:x_)*(?:appendonsend|divRplyFwdMsg|stopSpelling|OLK_SRC_BODY_SECTION|replySplit|divtagdefaultwrapper_reply|"
    r"mail-editor-reference-message-container|ms-outlook-mobile-reference-message|zwchr|"
    r"MAIL_QUOTE_HEADER|spark-reply-anchor|oriMsgHtmlSeperator)$"
)
CUT_CLASSES = frozenset({"outlookmessageheader", "ms-outlook-mobile-reference-message", "hmmessage_quote"})
CELLS = frozenset({"td", "th"})
RULED_CHARS = 4000
PREFORMATTED = re.compile(r"white-space(?:-collapse)?\s*:\s*(?:pre|break-spaces)", re.IGNORECASE)
BORDER_TOP = re.compile(r"border-top(?:-style)?\s*:[^;]{0,60}?solid|border-top\s*:\s*solid", re.IGNORECASE)
FIELD_LINE = re.compile(r"^[^:\n]{1,30}:\s*\S", re.MULTILINE)
EMPTIED = re.compile(r"<(div|p|span|blockquote|b|i|font|a|strong|em|o:p|u)\b[^<>]{0,500}>\s*</\1\s*>", re.IGNORECASE)
MAX_ASKED = 50
SOUGHT_CHARS = 6
MAX_PRUNINGS = 12


class _Line:
    """One line of the document: its text, the offsets of its pieces in the source, and in which quote it stands."""

    __slots__ = ("is_boxed", "is_quoted", "pieces", "text")

    def __init__(self) -> None:
        self.text = ""
        self.pieces: list[tuple[int, int]] = []
        self.is_quoted = False
        self.is_boxed = False  # in a quote that is no blockquote, which people make as well

    def with_part(self, text: str, pieces: list[tuple[int, int]]) -> "_Line":
        """A line in the same quote, with only this text of it."""
        part = _Line()
        part.text, part.pieces, part.is_quoted, part.is_boxed = text, pieces, self.is_quoted, self.is_boxed
        return part


class _Quote(NamedTuple):
    """An open quote: its element, how many of that name were open around it, and whether answers may stand in it."""

    name: str
    depth: int
    is_answered: bool


def newest_reply_html(markup: str, *, marker: str = "") -> str:
    """The newest reply as HTML, **not cleaned**; the whole markup when nothing or everything is quoted.

    `marker` is the line our own mail asks to be answered above.
    """
    return split_reply_html(markup, marker=marker)[0]


def split_reply_html(markup: str, *, marker: str = "") -> tuple[str, str]:
    """Return the newest reply and what it quotes, both as HTML, **not cleaned**; no quote where nothing was cut off."""
    if not markup.strip() or len(markup) > MAX_CHARS:
        return markup, ""
    lines = _Lines(markup, marker).read()
    boxed = {number for number, line in enumerate(lines) if line.is_boxed}
    keep = kept_lines([_as_text(line) for line in lines], boxed)
    if all(keep):
        return markup, ""
    pieces = list(zip(lines, keep, strict=True))
    kept = [piece for line, is_kept in pieces if is_kept for piece in line.pieces]
    dropped = [piece for line, is_kept in pieces if not is_kept for piece in line.pieces]
    return _without(markup, dropped), _without(markup, kept)


def lines_of_html(markup: str) -> list[str]:
    """The lines of the first million characters as text, those in what mail programs mark as a quote behind `> `."""
    return [_as_text(line) for line in _Lines(markup[:MAX_CHARS], "").read()]


class _Lines:
    """Reads a document as lines."""

    def __init__(self, markup: str, marker: str) -> None:
        self.markup = markup
        self.marker = marker
        self.lines: list[_Line] = [_Line()]
        self.opened: Counter[str] = Counter()
        self.asked = 0
        self.quotes: list[_Quote] = []
        self.preformatted: list[tuple[str, int]] = []  # open elements that keep line breaks, as _Quote has them

    def read(self) -> list[_Line]:
        for token in tokens(self.markup):
            if token.kind == "text":
                if self.preformatted:
                    self._preformatted_text(token.start, token.end)
                    continue
                line = self.lines[-1]
                line.pieces.append((token.start, token.end))
                line.text += words(self.markup[token.start : token.end])
            elif token.kind == "open":
                self._open(token)
            else:
                self._close(token.name)
        lines: list[_Line] = []
        for line in self.lines:
            if self.marker and self.marker in line.text:
                line.text = CUT_LINE
            if line.text[-1:] == ":":
                lines += self._parted(line)
            else:
                lines.append(line)
        return lines

    def _parted(self, line: _Line) -> tuple[_Line, ...]:
        """The line, in two where an attribution shares it with the reply."""
        before, *attribution = split_mid_line(line.text)
        for number, (start, end) in enumerate(line.pieces if attribution else ()):
            at = self.markup.find(attribution[0][:SOUGHT_CHARS], start, end)
            if at >= 0:
                pieces = [*line.pieces[:number], (start, at)], [(at, end), *line.pieces[number + 1 :]]
                return line.with_part(before, pieces[0]), line.with_part(attribution[0], pieces[1])
        return (line,)

    def _preformatted_text(self, start: int, end: int) -> None:
        """A text that is shown with its line breaks, as where a program wraps a plain text up in HTML."""
        while start < end:
            at = self.markup.find("\n", start, end) + 1 if len(self.lines) < MAX_READ_LINES else 0
            line = self.lines[-1]
            line.pieces.append((start, at or end))
            line.text += words(self.markup[start : at or end])
            start = at or end
            if at:
                self._break()

    def _open(self, token: Token) -> None:
        name = token.name
        if name in BLOCKS:
            self._break()
        elif name in CELLS and self.lines[-1].text:
            self.lines[-1].text += "\t"
        if token.attributes or name == "blockquote":
            self._mark(token)
        if name not in VOID:
            if "white-space" in token.attributes or name == "pre":
                self._keep_line_breaks(token)
            self.opened[name] += 1
            return
        if name not in {"br", "hr", "img"}:
            return
        self.lines[-1].pieces.append((token.start, token.end))
        if name == "img":
            self.lines[-1].text += "\u00a0[]"
            return
        if name == "hr":
            self.lines[-1].text = "-----"
        self._break()

    def _keep_line_breaks(self, token: Token) -> None:
        if token.name == "pre" or PREFORMATTED.search(token.attributes):
            self.preformatted.append((token.name, self.opened[token.name]))

    def _mark(self, token: Token) -> None:
        attributes = attributes_of(token)
        if _cuts_here(token, attributes) or self._is_ruled(token, attributes):
            self.lines[-1].text = CUT_LINE
            self._break()
        elif _is_quote(token, attributes) or (token.name == "blockquote" and self._follows_attribution()):
            self._begin_quote(token, attributes)

    def _begin_quote(self, token: Token, attributes: dict[str, str]) -> None:
        if token.name == "blockquote" and self.quotes and self.quotes[-1].is_answered:
            self.quotes.pop()  # in such a box only the blockquotes are quoted, and what stands below them are answers
        is_answered = token.name != "blockquote" and bool(_classes(attributes) & ANSWERED_CLASSES)
        self.quotes.append(_Quote(token.name, self.opened[token.name], is_answered))
        self._break()

    def _close(self, name: str) -> None:
        if self.opened[name]:
            self.opened[name] -= 1
        while self.preformatted and self.preformatted[-1][0] == name and self.opened[name] <= self.preformatted[-1][1]:
            self.preformatted.pop()
        while self.quotes and self.quotes[-1].name == name and self.opened[name] <= self.quotes[-1].depth:
            self.quotes.pop()
            self._break()
        if name in BLOCKS:
            self._break()

    def _break(self) -> None:
        last = self.lines[-1]
        if last.pieces or last.text:
            last = _Line()
            self.lines.append(last)
        last.is_quoted = bool(self.quotes)
        last.is_boxed = last.is_quoted and self.quotes[-1].name != "blockquote"

    def _is_ruled(self, token: Token, attributes: dict[str, str]) -> bool:
        """Whether a block below a ruled line looks like copied header fields, in whatever language.

        Signatures have such lines, and fields as well, but no date, and a name before the fields.
        """
        style = attributes.get("style", "")
        if token.name != "div" or not BORDER_TOP.search(style[:500]):
            return False
        text = text_from_html(self.markup[token.end : token.end + RULED_CHARS])
        block = text.partition("\n\n")[0]
        if "@" not in block or not HAS_DATE.search(block):
            return False
        return bool(FIELD_LINE.match(block)) and len(FIELD_LINE.findall(block)) >= MIN_FIELDS

    def _follows_attribution(self) -> bool:
        """Whether the lines before end with an attribution."""
        self.asked += 1
        if self.asked > MAX_ASKED:
            return False
        texts = [line.text.strip() for line in self.lines[-12:] if line.text.strip()][-MAX_ATTRIBUTION_LINES:]
        if texts and is_bare_attribution(texts[-1]):
            return True
        return any(0 < attribution_at(texts, at) == len(texts) - at for at in range(len(texts)))


def _as_text(line: _Line) -> str:
    text = line.text.strip(" ")
    return f"> {text}" if line.is_quoted and text != CUT_LINE else text


def _classes(attributes: dict[str, str]) -> set[str]:
    return {name.removeprefix("x_") for name in attributes.get("class", "")[:500].lower().split()}


def _is_quote(token: Token, attributes: dict[str, str]) -> bool:
    if token.name in VOID:
        return False
    if token.name == "blockquote" and (attributes.get("type", "").lower() == "cite" or "cite" in _classes(attributes)):
        return True
    if attributes.get("name") in QUOTE_NAMES and token.name == "div":
        return True
    return bool(_classes(attributes) & QUOTE_CLASSES) or bool(QUOTE_IDS.match(attributes.get("id", "")))


def _cuts_here(token: Token, attributes: dict[str, str]) -> bool:
    if CUT_IDS.match(attributes.get("id", "")) or _classes(attributes) & CUT_CLASSES:
        return True
    return token.name == "hr" and attributes.get("data-marker") == "__DIVIDER__"


def _without(markup: str, pieces: list[tuple[int, int]]) -> str:
    """The markup without these pieces and without the elements they leave empty."""
    out: list[str] = []
    at = 0
    for start, end in pieces:
        out.append(markup[at:start])
        at = end
    out.append(markup[at:])
    text = "".join(out)
    for _ in range(MAX_PRUNINGS):
        text, count = EMPTIED.subn("", text)
        if not count:
            break
    return text

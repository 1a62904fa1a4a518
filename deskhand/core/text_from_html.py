"""HTML to readable plain text, for search, previews and mail that has no plain part.

Not a cleaner: the result is text. It is read tag by tag, without a tree, so that hostile markup
costs no more than its length.
"""

import html
import re

from deskhand.core.html_tokens import Token, attributes_of, tokens

MAX_CHARS = 1_000_000
BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "center",
        "dd",
        "details",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tr",
        "ul",
    ]
)
PARAGRAPHS = frozenset(["p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "ul", "ol", "table", "pre"])
BLANKS = re.compile(r"[\t\n\r\f\xa0][ \t\n\r\f\xa0]*| [ \t\n\r\f\xa0]+")
"""Blanks that a page shows as one; a single space is one already."""
INVISIBLE = re.compile("[\u200b\u200c\u200d\u2060\ufeff\u00ad\u034f]")
MAX_BREAKS = 2


def text_from_html(markup: str) -> str:
    """The text a reader of this HTML would see: a line for each block, `- ` for list items."""
    markup = markup[:MAX_CHARS]
    writer = _Writer()
    for token in tokens(markup):
        if token.kind == "text":
            writer.write(words(markup[token.start : token.end], is_preformatted=writer.preformatted > 0))
        else:
            writer.tag(token)
    return "".join(writer.out).strip()


def words(source: str, *, is_preformatted: bool = False) -> str:
    """The text of a piece of markup between tags: character references read, blanks collapsed."""
    text = html.unescape(source) if "&" in source else source
    if not text.isascii():
        text = INVISIBLE.sub("", text)
    text = text.replace("\0", "")
    if is_preformatted or (text.isprintable() and "  " not in text):  # a line break or tab cannot be printed
        return text
    return BLANKS.sub(" ", text)


class _Writer:
    """Writes text with as many line breaks as the blocks ask for and never more than two."""

    def __init__(self) -> None:
        self.out: list[str] = []
        self.breaks = MAX_BREAKS  # line breaks at the end of what is written; the start needs none
        self.is_blank = True
        self.preformatted = 0

    def tag(self, token: Token) -> None:
        name = token.name
        is_opening = token.kind == "open"
        if name in BLOCKS:
            self._break(2 if name in PARAGRAPHS else 1)
        if name == "pre":
            self.preformatted = max(0, self.preformatted + (1 if is_opening else -1))
        elif not is_opening:
            return
        elif name == "br":
            self._break(self.breaks + 1)
        elif name == "li":
            self.write("- ")
        elif name == "hr":
            self.write("---")
            self._break(1)
        elif name in {"td", "th"}:
            self.write(" ")
        elif name == "img":
            self._image(token)

    def write(self, text: str) -> None:
        if self.is_blank and not self.preformatted:
            text = text.lstrip(" ")
        if not text:
            return
        self.out.append(text)
        self.breaks = 0
        self.is_blank = text.endswith((" ", "\n"))

    def _image(self, token: Token) -> None:
        text = words(attributes_of(token).get("alt", "")).strip()
        if text:
            self.write(f"[{text}]")

    def _break(self, wanted: int) -> None:
        missing = min(wanted, MAX_BREAKS) - self.breaks
        if missing > 0:
            if self.out:
                self.out[-1] = self.out[-1].rstrip(" ")
            self.out.append("\n" * missing)
            self.breaks += missing
        self.is_blank = True

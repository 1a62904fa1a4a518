"""HTML as a flat sequence of tags and texts, in time that grows with its length alone.

Tree builders take seconds to minutes for what hostile mail holds (nesting, thousands of attributes
in one tag, unclosed scripts), and what reads text needs no tree. Follows the tokenizer of the HTML
standard (§13.2.5) for comments, attribute values and raw text elements.
"""

import html
import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"]
)
RAW_TEXT = frozenset({"script", "style", "title", "iframe", "noembed", "noframes"})
TAG = re.compile(
    r"<!--(?:-?>|.*?(?:--!?>|\Z))"
    r"|<[!?][^>]*+>?"
    r"|</(?![a-zA-Z])[^>]*+>?"
    r"""|<(?P<slash>/?)(?P<name>[a-zA-Z][^\s/>]*+)"""
    r"""(?P<attributes>(?:[^>=]++|=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>"'][^\s>]*+)?+)*+)>?""",
    re.DOTALL,
)
ATTRIBUTE = re.compile(r"""([^\s/>=]+)\s*(?:=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]*)))?""")
MAX_ATTRIBUTE_CHARS = 4000


class Token(NamedTuple):
    """A piece of markup: a text, or a tag with its lower-case name and unread attributes.

    `start` and `end` are its offsets in the markup; pieces that are never shown make no token.
    """

    kind: Literal["text", "open", "close"]
    name: str
    attributes: str
    start: int
    end: int


def tokens(markup: str) -> Iterator[Token]:
    """The texts and tags of the markup in order; comments and raw text (scripts, styles) left out."""
    at = 0
    while found := TAG.search(markup, at):
        if found.start() > at:
            yield Token("text", "", "", at, found.start())
        at = found.end()
        if found["name"] is None:
            continue
        name = found["name"].lower()
        if found["slash"]:
            yield Token("close", name, "", found.start(), at)
        elif name in RAW_TEXT:
            at = _raw_text_end(markup, name, at)
        else:
            yield Token("open", name, found["attributes"], found.start(), at)
    if at < len(markup):
        yield Token("text", "", "", at, len(markup))


def attributes_of(token: Token) -> dict[str, str]:
    """The attributes of an opening tag, by lower-case name; the first of a name counts."""
    read: dict[str, str] = {}
    for found in ATTRIBUTE.finditer(token.attributes[:MAX_ATTRIBUTE_CHARS]):
        read.setdefault(found[1].lower(), html.unescape(found[2] or found[3] or found[4] or ""))
    return read


def _raw_text_end(markup: str, name: str, at: int) -> int:
    found = re.compile(rf"</{name}(?=[\s/>])[^>]*+>?", re.IGNORECASE).search(markup, at)
    return found.end() if found else len(markup)

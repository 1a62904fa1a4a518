"""Composer documents: ProseMirror JSON in, checked; HTML and plain text out.

The browser never sends HTML. It sends a tree of known nodes, which `checked()` rebuilds from an allow-list, so the
HTML made here can hold nothing else. Source of the shape: https://prosemirror.net/docs/guide/#doc.data_structures
"""

import json
import re
from html import escape
from typing import Any

from deskhand.core.numbers import whole_number
from deskhand.core.text import storable

Node = dict[str, Any]

EMPTY: Node = {"type": "doc", "content": []}
MAXIMUM_DEPTH = 30
MAXIMUM_NODES = 20_000
_BLOCKS = {
    "paragraph": "p",
    "heading": "h3",
    "blockquote": "blockquote",
    "bulletList": "ul",
    "orderedList": "ol",
    "listItem": "li",
}
_MARKS = {"bold": "strong", "italic": "em", "strike": "s", "underline": "u", "code": "code"}
_LINK = re.compile(r"(https?://|mailto:|tel:)[^\s\x00-\x1f]+", re.IGNORECASE)
_PICTURE = re.compile(r"/files/[A-Za-z0-9_-]{22}(/inline)?")
_ADDRESS_IN_TEXT = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)\]]")


class DocumentNotValid(ValueError):
    """What the composer sent is no document of ours."""


def checked(source: str) -> Node:
    """Return the document in `source` (JSON), rebuilt from known nodes. Raises DocumentNotValid."""
    try:
        tree = json.loads(source)
    except (ValueError, RecursionError) as error:
        raise DocumentNotValid("The text could not be read. Please copy it and load the page again.") from error
    if not isinstance(tree, dict) or tree.get("type") != "doc":
        raise DocumentNotValid("The text could not be read. Please copy it and load the page again.")
    return {"type": "doc", "content": _Checker().children(tree, 0)}


class _Checker:
    """Rebuilds nodes one by one and counts them."""

    def __init__(self) -> None:
        self.seen = 0

    def children(self, node: Node, depth: int) -> list[Node]:
        if depth > MAXIMUM_DEPTH:
            raise DocumentNotValid("The text is nested too deeply. Please simplify it.")
        rebuilt = (self.node(child, depth + 1) for child in _nodes(node, "content"))
        return [child for child in rebuilt if child is not None]

    def node(self, node: Node, depth: int) -> Node | None:
        self.seen += 1
        if self.seen > MAXIMUM_NODES:
            raise DocumentNotValid("The text is too long. Please attach it as a file.")
        kind = str(node.get("type"))
        if kind in _BLOCKS:
            return {"type": kind, "content": self.children(node, depth)}
        return _leaf(kind, node)


def _leaf(kind: str, node: Node) -> Node | None:
    if kind == "text":
        text = _words(node, "text")
        return {"type": "text", "text": text, "marks": _marks(node)} if text else None
    if kind in {"hardBreak", "horizontalRule"}:
        return {"type": kind}
    if kind == "codeBlock":
        code = "".join(_words(child, "text") for child in _nodes(node, "content"))
        return {"type": kind, "content": [{"type": "text", "text": code, "marks": []}]}
    attrs = _attrs(node)
    if kind == "mention" and (number := whole_number(_words(attrs, "id"))) is not None:
        return {"type": kind, "attrs": {"id": number, "label": _words(attrs, "label")[:200]}}
    if kind == "image" and _PICTURE.fullmatch(_words(attrs, "src")):
        return {"type": kind, "attrs": {"src": attrs["src"], "alt": _words(attrs, "alt")[:300]}}
    return None


def _marks(node: Node) -> list[Node]:
    kept: list[Node] = []
    for mark in _nodes(node, "marks"):
        kind = str(mark.get("type"))
        if kind in _MARKS:
            kept.append({"type": kind})
        elif kind == "link" and _LINK.fullmatch(href := _words(_attrs(mark), "href")):
            kept.append({"type": "link", "attrs": {"href": href[:2000]}})
    return kept


def _nodes(node: Node, name: str) -> list[Node]:
    given = node.get(name)
    return [one for one in given if isinstance(one, dict)] if isinstance(given, list) else []


def _attrs(node: Node) -> Node:
    given = node.get("attrs")
    return given if isinstance(given, dict) else {}


def _words(node: Node, name: str) -> str:
    """Return what stands under a name as text that the database can hold; nothing for null."""
    given = node.get(name)
    return "" if given is None else storable(str(given))


def from_text(text: str) -> Node:
    """Return the document of plain text: blank lines part paragraphs, line ends become breaks."""
    paragraphs = re.split(r"\n\s*\n", text.replace("\r\n", "\n").replace("\r", "\n").strip("\n"))
    return {"type": "doc", "content": [_paragraph(block) for block in paragraphs if block.strip()]}


def _paragraph(block: str) -> Node:
    content: list[Node] = []
    for index, line in enumerate(block.split("\n")):
        if index:
            content.append({"type": "hardBreak"})
        content.extend(_linked(line))
    return {"type": "paragraph", "content": content}


def _linked(line: str) -> list[Node]:
    parts: list[Node] = []
    position = 0
    for match in _ADDRESS_IN_TEXT.finditer(line):
        if match.start() > position:
            parts.append({"type": "text", "text": line[position : match.start()], "marks": []})
        link = {"type": "link", "attrs": {"href": match.group()}}
        parts.append({"type": "text", "text": match.group(), "marks": [link]})
        position = match.end()
    if position < len(line):
        parts.append({"type": "text", "text": line[position:], "marks": []})
    return parts


def to_html(document: Node) -> str:
    """Return the HTML of a checked document. Everything in it was escaped or chosen here."""
    return "".join(_html(node) for node in document["content"])


def _html(node: Node) -> str:
    kind = node["type"]
    if kind in _BLOCKS:
        tag = _BLOCKS[kind]
        return f"<{tag}>{''.join(_html(child) for child in node['content'])}</{tag}>"
    if kind == "text":
        return _marked(node)
    if kind == "codeBlock":
        return f"<pre><code>{escape(node['content'][0]['text'])}</code></pre>"
    if kind == "mention":
        return f'<span class="mention">@{escape(node["attrs"]["label"])}</span>'
    if kind == "image":
        attrs = node["attrs"]
        return f'<img src="{escape(attrs["src"])}" alt="{escape(attrs["alt"])}" loading="lazy">'
    return {"hardBreak": "<br>", "horizontalRule": "<hr>"}[kind]


def _marked(node: Node) -> str:
    html = escape(node["text"])
    for mark in node["marks"]:
        if mark["type"] == "link":
            html = f'<a href="{escape(mark["attrs"]["href"])}" rel="noopener noreferrer nofollow">{html}</a>'
        else:
            html = f"<{_MARKS[mark['type']]}>{html}</{_MARKS[mark['type']]}>"
    return html


def to_text(document: Node) -> str:
    """Return the plain text of a checked document: paragraphs parted by blank lines, lists with dashes."""
    return "\n\n".join(filter(None, (_text(node).rstrip() for node in document["content"])))


def _text(node: Node) -> str:
    kind = node["type"]
    if kind in {"bulletList", "orderedList"}:
        marks = ("- " if kind == "bulletList" else f"{n}. " for n in range(1, len(node["content"]) + 1))
        return "\n".join(mark + _joined(item).strip() for mark, item in zip(marks, node["content"], strict=True))
    if kind == "blockquote":
        return "\n".join(f"> {line}" for line in _joined(node).splitlines())
    if kind in _BLOCKS or kind == "codeBlock":
        return "".join(_text(child) for child in node["content"])
    return _leaf_text(kind, node)


def _leaf_text(kind: str, node: Node) -> str:
    if kind == "text":
        return str(node["text"])
    if kind == "mention":
        return f"@{node['attrs']['label']}"
    if kind == "image":
        return f"[{node['attrs']['alt'] or 'picture'}]"
    return {"hardBreak": "\n", "horizontalRule": "---"}[kind]


def _joined(node: Node) -> str:
    return "\n".join(_text(child) for child in node["content"])


def mentions(document: Node) -> list[int]:
    """Return the ids mentioned in a checked document, in order, once each."""
    found: dict[int, None] = {}
    pending = list(reversed(document["content"]))
    while pending:
        node = pending.pop()
        if node["type"] == "mention":
            found[node["attrs"]["id"]] = None
        pending.extend(reversed(node.get("content", [])))
    return list(found)


def without_pictures(document: Node) -> Node:
    """Return a checked document without its pictures."""
    kept = [without_pictures(child) for child in document.get("content", []) if child["type"] != "image"]
    return {**document, "content": kept} if "content" in document else document


def pictures(document: Node) -> list[str]:
    """Return the public ids of files shown as pictures in a checked document."""
    return re.findall(r"/files/([A-Za-z0-9_-]{22})", to_html(document))


def is_empty(document: Node) -> bool:
    """Return whether a checked document says nothing: no text and no picture."""
    return not to_text(document).strip()

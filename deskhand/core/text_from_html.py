"""HTML to readable plain text, for search, previews and mail that has no plain part.

Not a cleaner: the result is text. Bounded for hostile input: very long documents are cut, and the
tree is walked without recursion, so depth costs nothing.
"""

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

MAX_CHARS = 1_000_000
HIDDEN = frozenset(
    {"head", "script", "style", "title", "template", "noscript", "object", "svg", "iframe"}
)
LINE = frozenset(
    "address article aside blockquote body center dd details dir div dl dt fieldset figcaption figure footer "
    "form h1 h2 h3 h4 h5 h6 header hr li main menu nav ol p pre section summary table tr ul".split()
)
PARAGRAPH = frozenset(
    {"p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "ul", "ol", "table", "pre"}
)
BLANKS = re.compile(r"[ \t\n\r\f\xa0]+")
INVISIBLE = re.compile("[\u200b\u200c\u200d\u2060\ufeff\u00ad\u034f]")
SPACES_AROUND_BREAK = re.compile(r"[ \t]*\n[ \t]*")
MANY_BREAKS = re.compile(r"\n{3,}")


def text_from_html(markup: str) -> str:
    """The text a reader of this HTML would see: a line for each block, `- ` for list items."""
    if not markup.strip():
        return ""
    body = LexborHTMLParser(markup[:MAX_CHARS]).body
    return text_from_node(body) if body is not None else ""


def text_from_node(root: LexborNode) -> str:
    """The text of a node and everything below it."""
    out: list[str] = []
    node: LexborNode | None = root
    while node is not None:
        is_open = _enter(node, out)
        below = node.child if is_open else None
        if below is not None:
            node = below
            continue
        node = _after(node, root, out)
    return _tidy("".join(out))


def _after(node: LexborNode, root: LexborNode, out: list[str]) -> LexborNode | None:
    """The next node in document order that is not below this one, closing what ends on the way."""
    at: LexborNode | None = node
    while at is not None:
        _leave(at, out)
        if at.mem_id == root.mem_id:
            return None
        if at.next is not None:
            return at.next
        at = at.parent
    return None


def _enter(node: LexborNode, out: list[str]) -> bool:
    """Write what stands before the node's children; false when they are not to be read."""
    tag = node.tag or ""
    if tag == "-text":
        out.append(_words(node))
        return False
    if tag in HIDDEN or tag.startswith(("-", "!")):
        return False
    if tag == "br":
        out.append("\n")
    elif tag in LINE:
        out.append("\0\0" if tag in PARAGRAPH else "\0")
        if tag == "li":
            out.append("- ")
        elif tag == "hr":
            out.append("---\0")
    elif tag in {"td", "th"}:
        out.append(" ")
    elif tag == "img":
        out.append(_alternative(node))
    return True


def _leave(node: LexborNode, out: list[str]) -> None:
    tag = node.tag or ""
    if tag in LINE:
        out.append("\0\0" if tag in PARAGRAPH else "\0")


def _words(node: LexborNode) -> str:
    text = INVISIBLE.sub("", node.text_content or "").replace("\0", "")
    parent = node.parent
    if parent is not None and parent.tag == "pre":
        return text
    return BLANKS.sub(" ", text)


def _alternative(node: LexborNode) -> str:
    text = BLANKS.sub(" ", (node.attributes.get("alt") or "").replace("\0", "")).strip()
    return f"[{text}]" if text else ""


def _tidy(text: str) -> str:
    """Collapse what blocks asked for: one NUL stands for "a new line here unless there is one"."""
    text = re.sub(r" *(?:\0 *)+", lambda found: "\n\n" if found[0].count("\0\0") else "\0", text)
    text = re.sub(
        r"\n*\0\n*|\0",
        lambda found: "\n" if found[0].count("\n") <= 1 else found[0].replace("\0", ""),
        text,
    )
    text = SPACES_AROUND_BREAK.sub("\n", text)
    return MANY_BREAKS.sub("\n\n", text).strip()

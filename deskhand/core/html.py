"""Foreign HTML made safe: an allow-list cleaner (nh3), used last and once, at the boundary."""

import re
from collections import Counter

import nh3
import tinycss2
from markupsafe import Markup

from deskhand.core.html_tokens import VOID, tokens

MAXIMUM_BYTES = 1_000_000
MAXIMUM_DEPTH = 500

_TAGS = {
    "a", "abbr", "b", "blockquote", "br", "caption", "center", "cite", "code", "col", "colgroup", "dd", "del",
    "div", "dl", "dt", "em", "figcaption", "figure", "font", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i",
    "img", "ins", "kbd", "li", "mark", "ol", "p", "pre", "q", "s", "samp", "small", "span", "strike",
    "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "tt", "u", "ul", "var",
}  # fmt: skip
_ATTRIBUTES = {
    "*": {"align", "dir", "lang", "title", "style"},
    "a": {"href"},
    "blockquote": {"type", "cite"},
    "font": {"color", "face", "size"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start", "type"},
    "table": {"width", "border", "cellpadding", "cellspacing", "bgcolor"},
    "td": {"width", "height", "colspan", "rowspan", "valign", "bgcolor"},
    "th": {"width", "height", "colspan", "rowspan", "valign", "bgcolor"},
    "tr": {"valign", "bgcolor"},
}
_PROPERTIES = {
    "background-color", "border", "border-bottom", "border-collapse", "border-color", "border-left",
    "border-radius", "border-right", "border-spacing", "border-style", "border-top", "border-width", "color",
    "display", "font", "font-family", "font-size", "font-style", "font-weight", "height", "letter-spacing",
    "line-height", "list-style-type", "margin", "margin-bottom", "margin-left", "margin-right", "margin-top",
    "max-width", "min-width", "padding", "padding-bottom", "padding-left", "padding-right", "padding-top",
    "text-align", "text-decoration", "text-indent", "text-transform", "vertical-align", "white-space", "width",
}  # fmt: skip
_FUNCTIONS = {"rgb", "rgba", "hsl", "hsla"}
_CLOSED_BY_THE_NEXT = {"p", "li", "dd", "dt", "td", "th", "tr", "option"}
_ANY_TAG = re.compile(r"<[^>]*>?")
# A `>` within an attribute cuts the tag short for _ANY_TAG; what is left then matches nothing here.
_SIMPLE_TAG = re.compile(
    r"</?(?:a|b|blockquote|br|code|div|em|h[1-6]|hr|i|li|ol|p|pre|s|span|strong|u|ul)"
    r"""(?: (?:href|dir|lang|rel)="[^"<>]*")*>"""
)


def _style_is_safe(value: str) -> str | None:
    """Return the declarations of a style attribute that cannot load or run anything."""
    kept = []
    for node in tinycss2.parse_declaration_list(value, skip_comments=True, skip_whitespace=True):
        if node.type != "declaration" or node.lower_name not in _PROPERTIES:
            continue
        if all(_token_is_safe(token) for token in node.value):
            kept.append(f"{node.lower_name}:{tinycss2.serialize(node.value).strip()}")
    return ";".join(kept) or None


def _token_is_safe(token: tinycss2.ast.Node) -> bool:
    if token.type == "function":
        return token.lower_name in _FUNCTIONS and all(_token_is_safe(part) for part in token.arguments)
    return token.type in {
        "dimension", "hash", "ident", "literal", "number", "percentage", "string", "whitespace",
    }  # fmt: skip


def _attribute(_tag: str, name: str, value: str) -> str | None:
    return _style_is_safe(value) if name == "style" else value


class TooLargeToClean(ValueError):
    """The HTML is too long or too deeply nested to be cleaned in bounded time; show its text instead."""


def clean(html: str) -> str:
    """Return `html` reduced to harmless formatting: no scripts, forms, frames, classes or loading styles.

    Links open elsewhere (`rel="noopener noreferrer nofollow"`); images keep their `src` (cid:, https:, /files/).
    Raises TooLargeToClean beyond 1 MB or 500 levels, because the cleaner's time grows with the square of depth.
    """
    if is_too_large(html):
        raise TooLargeToClean
    return nh3.clean(
        html,
        tags=_TAGS,
        clean_content_tags={"script", "style", "title", "head", "noscript", "template"},
        attributes=_ATTRIBUTES,
        attribute_filter=_attribute,
        url_schemes={"http", "https", "mailto", "tel", "cid"},
        link_rel="noopener noreferrer nofollow",
        strip_comments=True,
    )


def is_too_large(html: str) -> bool:
    """Return whether `clean` refuses it."""
    return len(html.encode("utf-8", "replace")) > MAXIMUM_BYTES or _is_too_deep(html)


def _is_too_deep(html: str) -> bool:
    """Return whether the tree gets too deep; with so few start tags it cannot."""
    return html.count("<") - html.count("</") > MAXIMUM_DEPTH and _depth(html) > MAXIMUM_DEPTH


def _depth(html: str) -> int:
    """Return how deep the tree of `html` gets, in one pass. An end tag counts only where its element is open."""
    stack: list[str] = []
    open_now: Counter[str] = Counter()
    deepest = 0
    for token in tokens(html):
        if token.kind == "open" and token.name not in VOID:
            if not (stack and stack[-1] == token.name in _CLOSED_BY_THE_NEXT):
                stack.append(token.name)
                open_now[token.name] += 1
                deepest = max(deepest, len(stack))
        elif token.kind == "close" and open_now[token.name]:
            while (name := stack.pop()) != token.name:
                open_now[name] -= 1
            open_now[token.name] -= 1
    return deepest


def is_simple(html: str) -> bool:
    """Return whether cleaned `html` is plain text with links, which can stand in our own pages without a frame."""
    return all(_SIMPLE_TAG.fullmatch(tag) for tag in _ANY_TAG.findall(html))


def trusted(html: str) -> Markup:
    """Mark HTML that `clean()` or `core.documents` made as safe for a template. Never call it on anything else."""
    return Markup(html)  # noqa: S704 (the one place; see the docstring)

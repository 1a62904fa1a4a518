import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskhand.core.documents import DocumentNotValid, checked, from_text, mentions, pictures, to_html, to_text
from deskhand.core.text import storable

TEXT = st.text(max_size=40)
NAMES = ["type", "text", "content", "marks", "attrs", "id", "label", "src", "alt", "href"]
KINDS = st.sampled_from(["text", "paragraph", "codeBlock", "bulletList", "mention", "image", "link", "bold"])
NODE = st.recursive(
    st.one_of(
        st.fixed_dictionaries({"type": st.just("text"), "text": TEXT}),
        st.fixed_dictionaries({"type": st.sampled_from(["hardBreak", "script", "image", "mention", "iframe"])}),
    ),
    lambda children: st.fixed_dictionaries(
        {
            "type": st.sampled_from(["paragraph", "heading", "bulletList", "orderedList", "listItem", "codeBlock"]),
            "content": st.lists(children, max_size=4),
        }
    ),
    max_leaves=20,
)


@given(st.lists(NODE, max_size=5))
def test_any_tree_becomes_html_of_known_tags_alone(content: list[object]) -> None:
    html = to_html(checked(json.dumps({"type": "doc", "content": content})))
    for forbidden in ("<script", "<iframe", "onerror", "javascript:"):
        assert forbidden not in html.replace("&lt;", "")


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner | KINDS, max_size=4),
)


@given(st.lists(ANYTHING | st.dictionaries(st.sampled_from(NAMES), KINDS | ANYTHING), max_size=4))
def test_whatever_is_sent_becomes_a_document_or_is_refused(content: list[object]) -> None:
    try:
        document = checked(json.dumps({"type": "doc", "content": content}))
    except DocumentNotValid:
        return
    assert to_html(document) + to_text(document) == storable(to_html(document) + to_text(document))


UNSTORABLE = "a\x00\ud800"


@pytest.mark.parametrize(
    "node",
    [
        {"type": "text", "text": UNSTORABLE},
        {"type": "text", "text": "x", "marks": [{"type": "link", "attrs": {"href": "https://a.example/\ud800"}}]},
        {"type": "mention", "attrs": {"id": "1", "label": UNSTORABLE}},
        {"type": "image", "attrs": {"src": "/files/abcdefghijklmnopqrstuv", "alt": UNSTORABLE}},
        {"type": "codeBlock", "content": [{"type": "text", "text": UNSTORABLE}]},
    ],
)
def test_holds_nothing_the_database_cannot(node: dict[str, object]) -> None:
    document = checked(json.dumps({"type": "doc", "content": [node]}))
    assert "\\u0000" not in json.dumps(document)
    assert "\\ud800" not in json.dumps(document)
    assert document["content"]


def test_mentions_whose_numbers_are_none_are_left_out() -> None:
    content = [
        {"type": "mention", "attrs": {"id": number, "label": "x"}} for number in ("9" * 5000, "\u0663", -1, None)
    ]
    assert mentions(checked(json.dumps({"type": "doc", "content": content}))) == []


@given(TEXT)
def test_text_comes_back_from_its_document(text: str) -> None:
    assert to_text(from_text(text)).split() == text.replace("\r", "\n").split()


@pytest.mark.parametrize("source", ["", "[]", '{"type":"x"}', "{", '{"type":"doc","content":' + "[" * 4000])
def test_refuses_what_is_no_document(source: str) -> None:
    with pytest.raises(DocumentNotValid):
        checked(source)


def test_refuses_endless_nesting() -> None:
    node: dict[str, object] = {"type": "text", "text": "x"}
    for _ in range(50):
        node = {"type": "blockquote", "content": [node]}
    with pytest.raises(DocumentNotValid, match="nested"):
        checked(json.dumps({"type": "doc", "content": [node]}))


def test_links_keep_only_harmless_schemes() -> None:
    def linked(href: str) -> str:
        text = {"type": "text", "text": "x", "marks": [{"type": "link", "attrs": {"href": href}}]}
        return to_html(checked(json.dumps({"type": "doc", "content": [{"type": "paragraph", "content": [text]}]})))

    assert 'href="https://a.example/?q=&quot;"' in linked('https://a.example/?q="')
    assert "href" not in linked("javascript:alert(1)")
    assert "href" not in linked("data:text/html,x")


def test_pictures_are_our_own_files_alone() -> None:
    ours = {"type": "image", "attrs": {"src": "/files/abcdefghijklmnopqrstuv/inline", "alt": '"><b>'}}
    theirs = {"type": "image", "attrs": {"src": "https://evil.example/x.png"}}
    document = checked(json.dumps({"type": "doc", "content": [ours, theirs]}))
    assert pictures(document) == ["abcdefghijklmnopqrstuv"]
    assert "evil" not in to_html(document)
    assert "<b>" not in to_html(document)


def test_mentions_are_found_once_in_order() -> None:
    def mention(agent_id: int) -> dict[str, object]:
        return {"type": "mention", "attrs": {"id": agent_id, "label": "x"}}

    content = [{"type": "paragraph", "content": [mention(4), mention(2), mention(4)]}]
    assert mentions(checked(json.dumps({"type": "doc", "content": content}))) == [4, 2]


def test_addresses_in_plain_text_become_links() -> None:
    assert '<a href="https://a.example/b"' in to_html(from_text("see https://a.example/b."))

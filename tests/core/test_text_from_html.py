import pytest

from deskhand.core.html_tokens import attributes_of, tokens
from deskhand.core.text_from_html import text_from_html


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<p>One</p><p>Two</p>", "One\n\nTwo"),
        ("<div>One</div><div>Two</div>", "One\nTwo"),
        ("One<br>Two<br><br>Three", "One\nTwo\n\nThree"),
        ("<ul><li>a</li><li>b</li></ul>", "- a\n- b"),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "a b"),
        ("a <b>bold</b>  word\n here", "a bold word here"),
        ("&lt;b&gt; &amp; &nbsp; &#8364;", "<b> & €"),
        ("<style>p{}</style><script>x<y</script><title>t</title>text", "text"),
        ("<!-- <p>no</p> -->yes<!--[if mso]>no<![endif]-->", "yes"),
        ('<img src="x" alt="A cat">', "[A cat]"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ("zero\u200bwidth&shy;", "zerowidth"),
        ("", ""),
        ("<div><br></div>", ""),
    ],
)
def test_reads_what_a_reader_sees(markup: str, expected: str) -> None:
    assert text_from_html(markup) == expected


def test_reads_attributes_as_browsers_do() -> None:
    (token,) = tokens("""<A Href="a>b" title='x y' data=1 checked href=second>""")
    assert token.name == "a"
    assert attributes_of(token) == {"href": "a>b", "title": "x y", "data": "1", "checked": ""}


@pytest.mark.timeout(30)
@pytest.mark.parametrize(
    "piece", ["<div>", "<", "<!--", "<script>", "</", "<a b='", '<a b="', "<a b=", "&amp;", "<p>x", "<pre>\n", "<br>"]
)
def test_reads_hostile_markup_in_the_end(piece: str) -> None:
    text_from_html(piece * (900_000 // len(piece)))

import pytest

from deskhand.core.html import TooLargeToClean, clean, is_simple


@pytest.mark.parametrize(
    ("dirty", "expected"),
    [
        ("<p onclick=x>hi</p>", "<p>hi</p>"),
        ("<script>alert(1)</script>x", "x"),
        ("<a href='javascript:alert(1)'>x</a>", '<a rel="noopener noreferrer nofollow">x</a>'),
        ("<p style='color:red;position:fixed'>x</p>", '<p style="color:red">x</p>'),
        ("<p style='background-color:url(x)'>x</p>", "<p>x</p>"),
        ("<p style='width:expression(alert(1))'>x</p>", "<p>x</p>"),
        ("<form action=/x><input name=a>ok</form>", "ok"),
        ("<svg onload=alert(1)><p>x</p></svg>", "<p>x</p>"),
        ("<base href=//evil><p>x</p>", "<p>x</p>"),
        ("<img src=cid:a1 onerror=x>", '<img src="cid:a1">'),
        ("<style>p{background:url(//evil)}</style><p>x</p>", "<p>x</p>"),
    ],
)
def test_keeps_formatting_and_nothing_that_acts(dirty: str, expected: str) -> None:
    assert clean(dirty) == expected


def test_refuses_what_would_take_the_cleaner_minutes() -> None:
    with pytest.raises(TooLargeToClean):
        clean("<div>" * 100_000)
    with pytest.raises(TooLargeToClean):
        clean("x" * 1_000_001)


def test_stray_end_tags_do_not_hide_depth() -> None:
    with pytest.raises(TooLargeToClean):
        clean("<div></x>" * 600)


def test_unclosed_paragraphs_are_not_depth() -> None:
    assert clean("<p>a" * 2000).count("<p>") == 2000


def test_unclosed_void_tags_are_not_depth() -> None:
    assert clean("a<br>" * 2000).count("<br>") == 2000


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>Hi,<br>see <a href='https://x.example/?a=1&b=2'>this</a></p>", True),
        ("no tags, 1 < 2", True),
        ("<div dir=ltr>Hi</div>", True),
        ("<p style='color:red'>x</p>", False),
        ("<table><tr><td>x</td></tr></table>", False),
        ("<p>x<img src='https://x.example/pixel.gif'></p>", False),
        ("<p title='a > <img src=x>'>x</p>", False),
    ],
)
def test_knows_text_that_needs_no_frame(html: str, expected: bool) -> None:
    assert is_simple(clean(html)) is expected

"""Settings, Branding."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from deskhand.accounts.models import Desk, DeskLogo
from tests.cast import Cast
from tests.core.drawings import drawing
from tests.web.visitors import signed_in

BRANDING = "/workspace/settings/branding"


def picture(content: bytes, name: str = "logo.png") -> dict[str, SimpleUploadedFile]:
    return {"logo": SimpleUploadedFile(name, content, "image/png")}


def test_sets_color_and_footer(cast: Cast) -> None:
    browser = signed_in(cast.ada.user)
    answer = browser.post(BRANDING, {"accent": "#7A1F5C", "footer_text": "12 Quay Street"})
    assert answer.status_code == 302
    assert Desk.current().accent == "#7a1f5c"
    page = browser.get(BRANDING).content.decode()
    assert "Your color can be read as it is" in page
    assert 'value="12 Quay Street"' in page


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"accent": "purple"}, "is no color. Enter six digits"),
        ({"accent": "#fff;}body{"}, "is no color. Enter six digits"),
        ({"accent": "x" * 21}, "21 characters long; 20 fit"),
        ({"footer_text": "x" * 301}, "300 fit"),
    ],
)
def test_says_what_to_mend_and_keeps_what_was_typed(cast: Cast, fields: dict[str, str], words: str) -> None:
    given = {"accent": "#123456", "footer_text": "12 Quay Street"} | fields
    answer = signed_in(cast.ada.user).post(BRANDING, given)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert given["footer_text"] in answer.content.decode()
    assert Desk.current().accent == ""


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "the green of Deskhand"),
        ("#ffd400", "Your color was darkened to #"),
        ("#7a1f5c", "The dark theme shows it as #"),
        ("#d11a2a", "close to the red that says"),
        ("#124", "Your color can be read"),
        ("#7a1f", "is no color"),
    ],
)
def test_tells_how_a_color_fares_while_it_is_typed(cast: Cast, typed: str, words: str) -> None:
    answer = signed_in(cast.ada.user).get(f"{BRANDING}/preview", {"accent": typed})
    assert words in answer.content.decode()
    assert "<html" not in answer.content.decode()
    assert Desk.current().accent == ""


def test_takes_shows_and_removes_a_logo(cast: Cast) -> None:
    browser = signed_in(cast.ada.user)
    assert browser.post(f"{BRANDING}/logo", picture(drawing("JPEG"))).status_code == 302
    assert f"/brand/logo?v={Desk.current().logo_version}" in browser.get(BRANDING).content.decode()
    browser.post(f"{BRANDING}/logo/removal")
    assert "/brand/logo" not in browser.get(BRANDING).content.decode()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "Export it as PNG"),
        (b"GIF89a", "cannot be read as a picture"),
        (bytes(700_000), "larger than 512 kB"),
        (drawing(size=(6000, 6000)), "too many pixels"),
    ],
    ids=["svg", "damaged", "large", "huge"],
)
def test_says_why_a_logo_cannot_be_used(cast: Cast, content: bytes, words: str) -> None:
    answer = signed_in(cast.ada.user).post(f"{BRANDING}/logo", picture(content))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not DeskLogo.objects.exists()


def test_asks_for_a_picture_where_none_came(cast: Cast) -> None:
    for fields in ({}, {"logo": "text"}):
        answer = signed_in(cast.ada.user).post(f"{BRANDING}/logo", fields)
        assert answer.status_code == 422
        assert "Choose a picture first." in answer.content.decode()

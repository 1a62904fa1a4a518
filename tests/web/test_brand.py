"""The color, logo and icon that clients see, signed in or not."""

from io import BytesIO

import pytest
from django.template.loader import render_to_string
from django.test import Client as Browser
from PIL import Image

from deskhand.accounts.actions.desk import change_brand, change_desk, change_logo
from tests.cast import Cast, act_by
from tests.core.drawings import drawing
from tests.web.visitors import signed_in


def address_of(page: str, start: str) -> str:
    """Return the first address on `page` that begins with `start`."""
    return start + page.split(f'"{start}', 1)[1].split('"', 1)[0]


@pytest.fixture
def branded(cast: Cast) -> Cast:
    change_desk(name="Harbour & Pine", phone="", opening_words="", act=act_by(cast.ada.user))
    change_brand(accent="#ffd400", footer_text="12 Quay <b>Street</b>", act=act_by(cast.ada.user))
    return cast


def test_a_stranger_sees_the_color_on_the_sign_in_page(branded: Cast) -> None:
    page = Browser().get("/sign-in").content.decode()
    answer = Browser().get(address_of(page, "/brand.css?v="))
    assert answer["Content-Type"] == "text/css; charset=utf-8"
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.content.decode().startswith(":root{--accent:light-dark(#")
    assert ",#ffd400);" in answer.content.decode()
    assert "12 Quay &lt;b&gt;Street&lt;/b&gt;" in page


def test_an_old_address_is_not_kept_for_ever(branded: Cast) -> None:
    for address in ("/brand.css?v=old", "/brand.css", "/favicon.ico"):
        assert "immutable" not in Browser().get(address)["Cache-Control"]


def test_the_portal_has_the_color_and_the_workspace_keeps_its_own(branded: Cast) -> None:
    assert "/brand.css?v=" in signed_in(branded.cleo.user).get("/").content.decode()
    assert "/brand.css" not in signed_in(branded.ada.user).get("/workspace/").content.decode()


def test_a_desk_without_a_color_asks_for_none(cast: Cast) -> None:
    assert "/brand.css" not in Browser().get("/sign-in").content.decode()
    assert Browser().get("/brand.css").content == b""


def test_the_icon_is_the_initials_until_there_is_a_logo(branded: Cast) -> None:
    page = Browser().get("/sign-in").content.decode()
    answer = Browser().get(address_of(page, "/favicon.ico?v="))
    assert (answer["Content-Type"], "immutable" in answer["Cache-Control"]) == ("image/svg+xml", True)
    assert ">HP</text>" in answer.content.decode()
    assert "sandbox" in answer["Content-Security-Policy"]
    assert Browser().get("/brand/logo").status_code == 404


def test_the_icon_and_the_pages_show_the_logo(branded: Cast) -> None:
    change_logo(upload=drawing(), act=act_by(branded.ada.user))
    for page in (Browser().get("/sign-in"), signed_in(branded.cleo.user).get("/")):
        shown = Browser().get(address_of(page.content.decode(), "/brand/logo?v="))
        assert (shown["Content-Type"], "immutable" in shown["Cache-Control"]) == ("image/png", True)
        assert Image.open(BytesIO(shown.content)).size == (512, 171)
        icon = Browser().get(address_of(page.content.decode(), "/favicon.ico?v="))
        assert Image.open(BytesIO(icon.content)).size == (64, 64)


def test_pages_of_errors_need_no_brand() -> None:
    page = render_to_string("ui/error.html", {"title": "Back in a moment", "words": "Try again.", "status": 503})
    assert 'rel="icon" href="data:,"' in page
    assert "/brand" not in page

"""What goes over the wire is compressed where that is worth it."""

import gzip

import pytest
from django.test import Client as Browser

from deskhand.files.actions.storing import store_bytes
from deskhand.ui.assets import asset
from tests.cast import Cast, act_by


def test_pages_are_compressed_for_who_takes_it(cast: Cast) -> None:
    browser = Browser()
    browser.force_login(cast.cleo.user)
    plain, packed = browser.get("/"), browser.get("/", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert b"<title>" in gzip.decompress(packed.content)
    assert len(packed.content) < len(plain.content) / 2


def test_files_come_as_they_are(cast: Cast) -> None:
    act = act_by(cast.cleo.user)
    content = b"order,total\n" * 1000
    file = store_bytes(content=content, name="orders.csv", act=act)
    browser = Browser()
    browser.force_login(cast.cleo.user)
    answer = browser.get(file.url, headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in answer.headers
    assert answer.getvalue() == content


@pytest.mark.django_db
@pytest.mark.parametrize("source", ["js/workspace.js", "js/portal.js", "css/workspace.css", "css/portal.css"])
@pytest.mark.parametrize("encoding", ["br", "gzip"])
def test_scripts_and_styles_were_compressed_by_the_build(source: str, encoding: str) -> None:
    answer = Browser().get(asset(source), headers={"Accept-Encoding": encoding})
    answer.close()
    assert answer.headers["Content-Encoding"] == encoding
    assert "immutable" in answer.headers["Cache-Control"]

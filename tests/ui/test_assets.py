import pytest

from deskhand.ui.assets import FrontEndNotBuilt, asset, asset_imports


@pytest.mark.parametrize("source", ["js/workspace.js", "js/portal.js", "css/workspace.css", "css/mail_frame.css"])
def test_finds_the_hashed_file(source: str) -> None:
    assert asset(source).startswith("/static/")
    assert asset(source).endswith(source.rpartition(".")[2])


def test_names_every_chunk_once() -> None:
    chunks = asset_imports("js/workspace.js")
    assert chunks
    assert len(chunks) == len(set(chunks))


def test_says_how_to_build_what_is_missing() -> None:
    with pytest.raises(FrontEndNotBuilt, match="npm run build"):
        asset("js/nothing.js")

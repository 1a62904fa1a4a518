import pytest

from deskhand.ui.assets import FrontEndNotBuilt
from deskhand.ui.icons import icon


def test_is_hidden_from_assistive_technology_by_default() -> None:
    drawn = icon("inbox", "size-5")
    assert drawn.startswith('<svg class="icon size-5"')
    assert 'aria-hidden="true"' in drawn
    assert drawn.endswith("</svg>")


def test_reads_out_a_title_and_escapes_it() -> None:
    assert 'role="img" aria-label="Seen by &#34;Ann&#34;"' in icon("check", title='Seen by "Ann"')


def test_names_an_icon_that_does_not_exist() -> None:
    with pytest.raises(FrontEndNotBuilt, match="no-such-icon"):
        icon("no-such-icon")

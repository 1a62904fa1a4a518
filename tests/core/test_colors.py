import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskhand.core.colors import (
    DARK_GROUND,
    LIGHT_GROUND,
    READABLE,
    NotAColor,
    accent_of,
    competes_with_red,
    contrast,
    from_oklch,
    oklch,
    parse_color,
)

COLORS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@pytest.mark.parametrize(
    ("typed", "color"),
    [("#7A1F5C", "#7a1f5c"), (" 7a1f5c ", "#7a1f5c"), ("#abc", "#aabbcc"), ("fff", "#ffffff")],
)
def test_reads_what_people_type(typed: str, color: str) -> None:
    assert parse_color(typed) == color


@pytest.mark.parametrize(
    "typed", ["", "#", "red", "#12345", "#1234567", "#12345g", "#fff;}", "٣٣٣", "#12 456", "#fff\n#fff"]
)
def test_refuses_what_is_no_color(typed: str) -> None:
    with pytest.raises(NotAColor, match="is no color"):
        parse_color(typed)


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#ffffff", "#ffffff", 1.0),
        ("#777777", "#ffffff", 4.48),
        ("#767676", "#ffffff", 4.54),
        ("#0000ff", "#ffffff", 8.59),
    ],
)
def test_measures_contrast_as_wcag_does(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == pytest.approx(ratio, abs=0.005)
    assert contrast(other, one) == contrast(one, other)


@pytest.mark.parametrize(
    ("color", "place"),
    [("#ffffff", (1.0, 0.0)), ("#000000", (0.0, 0.0)), ("#ff0000", (0.628, 0.2577)), ("#0000ff", (0.452, 0.3132))],
)
def test_knows_lightness_and_chroma(color: str, place: tuple[float, float]) -> None:
    assert oklch(color)[:2] == pytest.approx(place, abs=0.001)


def test_keeps_a_color_that_can_be_read() -> None:
    accent = accent_of("#7a1f5c")
    assert (accent.light, accent.was_darkened) == ("#7a1f5c", False)
    assert accent.dark != "#7a1f5c"


def test_darkens_one_that_is_too_light() -> None:
    accent = accent_of("#ffd400")
    assert accent.was_darkened
    assert accent.dark == "#ffd400"
    assert oklch(accent.light)[2] == pytest.approx(oklch("#ffd400")[2], abs=4)


@given(COLORS)
def test_can_always_be_read_and_carries_text_that_can(color: str) -> None:
    accent = accent_of(color)
    for ground in ("#ffffff", LIGHT_GROUND):
        assert contrast(accent.light, ground) >= READABLE
    for ground in ("#181d1b", DARK_GROUND):
        assert contrast(accent.dark, ground) >= READABLE
    assert contrast(accent.light, accent.on_light) >= READABLE
    assert contrast(accent.dark, accent.on_dark) >= READABLE


@given(COLORS)
def test_making_a_variant_readable_again_changes_nothing(color: str) -> None:
    light = accent_of(color).light
    assert accent_of(light).light == light


@given(COLORS)
def test_finds_the_way_back_from_lightness_chroma_and_hue(color: str) -> None:
    back = from_oklch(*oklch(color))
    assert all(abs(int(color[at : at + 2], 16) - int(back[at : at + 2], 16)) <= 1 for at in (1, 3, 5))


@pytest.mark.parametrize(
    ("color", "competes"),
    [
        ("#d11a2a", True),
        ("#c0392b", True),
        ("#ff0000", True),
        ("#7a1f5c", False),
        ("#ff8800", False),
        ("#13543d", False),
        ("#5a4a4a", False),
    ],
)
def test_knows_what_competes_with_the_red_of_late(color: str, competes: bool) -> None:
    assert competes_with_red(color) is competes

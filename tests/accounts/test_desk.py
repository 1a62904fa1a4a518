import pytest
from django.db import IntegrityError, transaction

from deskhand.accounts.actions.desk import change_brand, change_desk, change_logo, remove_logo
from deskhand.accounts.models import Desk, DeskLogo
from deskhand.core.colors import NotAColor
from deskhand.core.pictures import UnusablePicture
from deskhand.events.models import Event
from tests.cast import Cast, act_by
from tests.core.drawings import drawing


def test_the_desk_is_renamed_and_the_event_holds_old_and_new(cast: Cast) -> None:
    words = Desk.current().opening_words
    for _ in range(2):
        change_desk(name="Harbour & Pine", phone="020 7946 0000", opening_words=words, act=act_by(cast.ada.user))
    assert Desk.current().name == "Harbour & Pine"
    event = Event.objects.get(kind="desk.changed")
    assert event.data["changes"] == {"name": ["Deskhand", "Harbour & Pine"], "phone": ["", "020 7946 0000"]}


def test_the_desk_has_a_name(db: None) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Desk.objects.create(pk=1, name="")


def test_a_color_is_kept_as_six_digits_and_the_event_holds_old_and_new(cast: Cast) -> None:
    for typed in ("7A1F5C", " #7a1f5c "):
        change_brand(accent=typed, footer_text="Harbour & Pine Ltd\n12 Quay", act=act_by(cast.ada.user))
    assert (Desk.current().accent, Desk.current().footer_text) == ("#7a1f5c", "Harbour & Pine Ltd 12 Quay")
    event = Event.objects.get(kind="desk.changed")
    assert event.data["changes"] == {"accent": ["", "#7a1f5c"], "footer_text": ["", "Harbour & Pine Ltd 12 Quay"]}


def test_no_color_goes_back_to_the_default(cast: Cast) -> None:
    change_brand(accent="#7a1f5c", footer_text="", act=act_by(cast.ada.user))
    change_brand(accent=" ", footer_text="", act=act_by(cast.ada.user))
    assert Desk.current().accent == ""


def test_what_is_no_color_changes_nothing(cast: Cast) -> None:
    with pytest.raises(NotAColor):
        change_brand(accent="purple", footer_text="New", act=act_by(cast.ada.user))
    assert Desk.current().footer_text == ""
    with pytest.raises(IntegrityError), transaction.atomic():
        Desk.objects.create(pk=1, accent="#fff;}")


def test_a_logo_is_kept_replaced_and_removed(cast: Cast) -> None:
    act = act_by(cast.ada.user)
    first = change_logo(upload=drawing(), act=act).logo_version
    assert change_logo(upload=drawing(), act=act).logo_version == first
    second = change_logo(upload=drawing(size=(64, 64)), act=act).logo_version
    assert first != second
    for _ in range(2):
        remove_logo(act=act)
    assert not DeskLogo.objects.exists()
    changes = [event.data["changes"]["logo_version"] for event in Event.objects.filter(kind="desk.changed")]
    assert sorted(changes) == sorted([["", first], [first, second], [second, ""]])


def test_a_refused_logo_leaves_the_one_before(cast: Cast) -> None:
    change_logo(upload=drawing(), act=act_by(cast.ada.user))
    with pytest.raises(UnusablePicture):
        change_logo(upload=b"<svg/>", act=act_by(cast.ada.user))
    assert DeskLogo.objects.exists()
    assert Desk.current().logo_version

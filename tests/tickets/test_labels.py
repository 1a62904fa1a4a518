import pytest
from django.db import IntegrityError, transaction

from deskhand.core.ordering import Direction
from deskhand.events.models import Event
from deskhand.tickets.actions.categories import (
    CategoryNameTaken,
    CategoryText,
    add_category,
    change_category,
    move_category,
)
from deskhand.tickets.actions.properties import set_tags
from deskhand.tickets.actions.settings import change_ticket_settings
from deskhand.tickets.actions.tags import TagNameTaken, remove_tag, rename_tag
from deskhand.tickets.models import Category, Tag, TicketSettings
from deskhand.tickets.models.labels import AfterReply
from tests.cast import Cast, act_by


def names() -> list[str]:
    return list(Category.objects.order_by("position", "id").values_list("name", flat=True))


def test_a_category_is_added_behind_the_others_with_a_slug_of_its_own(cast: Cast) -> None:
    act = act_by(cast.ada.user)
    first = add_category(text=CategoryText("Bug!", "It broke."), act=act)
    second = add_category(text=CategoryText("¿?"), act=act)
    assert (first.slug, second.slug) == ("bug-2", "category")
    assert names()[-2:] == ["Bug!", "¿?"]


def test_two_categories_cannot_have_one_name(cast: Cast) -> None:
    act = act_by(cast.ada.user)
    with pytest.raises(CategoryNameTaken):
        add_category(text=CategoryText("QUESTION"), act=act)
    other = Category.objects.get(slug="bug")
    with pytest.raises(CategoryNameTaken):
        change_category(category_id=other.pk, text=CategoryText("Question"), act=act)


def test_a_category_is_changed(cast: Cast) -> None:
    category = Category.objects.get(slug="bug")
    for _ in range(2):
        change_category(
            category_id=category.pk, text=CategoryText("Fault", "", is_offered=False), act=act_by(cast.ada.user)
        )
    category.refresh_from_db()
    assert (category.name, category.slug, category.is_offered) == ("Fault", "bug", False)
    assert Event.objects.filter(kind="category.edited").count() == 1


def test_a_category_moves_and_stops_at_the_end(cast: Cast) -> None:
    before = names()
    first = Category.objects.get(name=before[0])
    move_category(category_id=first.pk, direction=Direction.UP, act=act_by(cast.ada.user))
    assert names() == before
    move_category(category_id=first.pk, direction=Direction.DOWN, act=act_by(cast.ada.user))
    assert names() == [before[1], before[0], *before[2:]]


def test_a_tag_is_renamed_everywhere(cast: Cast) -> None:
    ticket, act = cast.ticket(), act_by(cast.ada.user)
    set_tags(ticket_id=ticket.pk, names=["biling", "urgent"], act=act)
    rename_tag(tag_id=Tag.objects.get(name="biling").pk, name="billing", act=act)
    assert set(ticket.tags.values_list("name", flat=True)) == {"billing", "urgent"}
    with pytest.raises(TagNameTaken):
        rename_tag(tag_id=Tag.objects.get(name="billing").pk, name="URGENT", act=act)


def test_a_tag_is_taken_off_its_tickets(cast: Cast) -> None:
    ticket, act = cast.ticket(), act_by(cast.ada.user)
    set_tags(ticket_id=ticket.pk, names=["old"], act=act)
    assert remove_tag(tag_id=Tag.objects.get().pk, act=act) == 1
    assert not ticket.tags.exists()
    assert Event.objects.get(kind="tag.removed").data == {"name": "old", "ticket_count": 1}


def test_ticket_settings_change_and_the_event_holds_old_and_new(cast: Cast) -> None:
    for _ in range(2):
        change_ticket_settings(after_reply=AfterReply.CLOSE, reopen_within_days=0, act=act_by(cast.ada.user))
    assert TicketSettings.current().after_reply == AfterReply.CLOSE
    changes = Event.objects.get(kind="ticket_settings.changed").data["changes"]
    assert changes == {"after_reply": ["await_client", "close"], "reopen_within_days": [14, 0]}


def test_categories_and_tags_have_names(db: None) -> None:
    for model in (Category, Tag):
        with pytest.raises(IntegrityError), transaction.atomic():
            model.objects.create(name="")

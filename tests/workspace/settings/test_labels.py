"""Statuses, categories and tags."""

import re
from typing import Any

import pytest

from deskhand.tickets.actions.properties import set_tags
from deskhand.tickets.actions.status import first_status_of, set_status
from deskhand.tickets.actions.statuses import add_status
from deskhand.tickets.models import Category, Kind, Status, Tag, Ticket
from deskhand.tickets.models.labels import Hue
from tests.cast import Cast, act_by
from tests.web.visitors import signed_in
from tests.workspace.counting import next_page, queries_of

STATUSES, CATEGORIES, TAGS = (f"/workspace/settings/{name}" for name in ("statuses", "categories", "tags"))


def waiting(cast: Cast) -> Status:
    return add_status(name="Waiting for supplier", kind=Kind.OPEN, hue=Hue.BLUE, act=act_by(cast.ada.user))


def post(cast: Cast, path: str, **fields: Any) -> Any:
    return signed_in(cast.ada.user).post(path, fields)


def test_adds_a_status_and_lists_it_under_its_kind(cast: Cast) -> None:
    assert post(cast, STATUSES, name="Parked", hue="violet", kind="pending").status_code == 302
    page = signed_in(cast.ada.user).get(STATUSES).content.decode()
    assert page.index("kind-pending") < page.index("Parked") < page.index("kind-snoozed")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"name": ""}, "Give the status a name."),
        ({"name": "OPEN"}, "There already is a status called"),
        ({"name": "x" * 41}, "41 characters long; 40 fit"),
        ({"hue": "pink"}, "Choose one from the list."),
        ({"hue": ""}, "Choose a color."),
        ({"kind": "later"}, "Choose one from the list."),
        ({"kind": ""}, "Choose what the status does."),
    ],
)
def test_says_what_is_wrong_with_a_new_status(cast: Cast, fields: dict[str, str], words: str) -> None:
    answer = post(cast, STATUSES, **({"name": "Parked", "hue": "violet", "kind": "open"} | fields))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert Status.objects.count() == 5


def test_renames_a_status(cast: Cast) -> None:
    status = waiting(cast)
    assert post(cast, f"{STATUSES}/{status.pk}", name="closed", hue="red").status_code == 422
    assert post(cast, f"{STATUSES}/{status.pk}", name="Supplier", hue="red").status_code == 302
    status.refresh_from_db()
    assert (status.name, status.hue) == ("Supplier", "red")


def test_moves_a_status_up(cast: Cast) -> None:
    status = waiting(cast)
    post(cast, f"{STATUSES}/{status.pk}/place", direction="up")
    assert first_status_of(Kind.OPEN) == status


def test_asks_where_the_tickets_go_before_a_status_goes(cast: Cast) -> None:
    status, ticket = waiting(cast), cast.ticket()
    set_status(ticket_id=ticket.pk, status=status, act=act_by(cast.ada.user))
    address = f"{STATUSES}/{status.pk}/removal"
    assert "1 ticket has this status" in signed_in(cast.ada.user).get(address).content.decode()
    answer = post(cast, address)
    assert answer.status_code == 422
    assert "Choose another status of the same kind" in answer.content.decode()
    closed = first_status_of(Kind.CLOSED)
    assert post(cast, address, move_to=closed.pk).status_code == 422
    place = first_status_of(Kind.OPEN)
    assert post(cast, address, move_to=place.pk).status_code == 302
    assert Ticket.objects.get(pk=ticket.pk).status == place
    assert not Status.objects.filter(pk=status.pk).exists()


def test_keeps_the_last_of_a_kind(cast: Cast) -> None:
    only = Status.objects.get(kind=Kind.SPAM)
    address = f"{STATUSES}/{only.pk}/removal"
    assert "Add another one of it first" in signed_in(cast.ada.user).get(address).content.decode()
    assert post(cast, address).status_code == 422
    assert Status.objects.filter(pk=only.pk).exists()


def test_removes_an_unused_status_at_once(cast: Cast) -> None:
    status = waiting(cast)
    assert post(cast, f"{STATUSES}/{status.pk}/removal").status_code == 302
    assert not Status.objects.filter(pk=status.pk).exists()


def test_takes_as_many_queries_for_many_labels_as_for_few(cast: Cast) -> None:
    browser = signed_in(cast.ada.user)
    few = [queries_of(browser, path) for path in (STATUSES, CATEGORIES, TAGS)]
    for number in range(60):
        add_status(name=f"S{number}", kind=Kind.OPEN, hue=Hue.BLUE, act=act_by(None))
        Category.objects.create(name=f"C{number}", slug=f"c{number}")
        Tag.objects.create(name=f"t{number:02}").tickets.set([])
    assert [queries_of(browser, path) for path in (STATUSES, CATEGORIES, TAGS)] == few


def test_adds_changes_and_moves_a_category(cast: Cast) -> None:
    post(cast, CATEGORIES, name="Hosting", explanation="Domains, mail, servers.", is_offered="on")
    category = Category.objects.get(name="Hosting")
    post(cast, f"{CATEGORIES}/{category.pk}", name="Hosting and mail", explanation="")
    category.refresh_from_db()
    assert (category.name, category.explanation, category.is_offered) == ("Hosting and mail", "", False)
    before = list(Category.objects.order_by("position", "id"))
    post(cast, f"{CATEGORIES}/{category.pk}/place", direction="up")
    assert list(Category.objects.order_by("position", "id"))[-2] == before[-1]


def test_offers_clients_only_what_is_offered(cast: Cast) -> None:
    category = Category.objects.get(slug="question")
    post(cast, f"{CATEGORIES}/{category.pk}", name="Question", explanation="canary-4711")
    assert "canary-4711" not in signed_in(cast.cleo.user).get("/tickets/new").content.decode()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"name": ""}, "Give the category a name."),
        ({"name": "question"}, "There already is a category called"),
        ({"name": "x" * 61}, "60 fit"),
        ({"explanation": "x" * 201}, "200 fit"),
    ],
)
def test_says_what_is_wrong_with_a_category(cast: Cast, fields: dict[str, str], words: str) -> None:
    bug = Category.objects.get(slug="bug")
    for address in (CATEGORIES, f"{CATEGORIES}/{bug.pk}"):
        answer = post(cast, address, **({"name": "New", "explanation": "Typed"} | fields))
        assert answer.status_code == 422
        assert words in answer.content.decode()
        assert fields.get("explanation", "Typed") in answer.content.decode()


def test_lists_tags_with_how_many_tickets_have_them(cast: Cast) -> None:
    for names in (["billing", "vat"], ["billing"]):
        set_tags(ticket_id=cast.ticket().pk, names=names, act=act_by(cast.ben.user))
    page = signed_in(cast.ada.user).get(TAGS).content.decode()
    assert re.findall(r'class="chip">(\w+)</span></th><td class="amount">(\d+)', page) == [
        ("billing", "2"),
        ("vat", "1"),
    ]
    assert "vat" not in signed_in(cast.ada.user).get(TAGS, {"q": "bill"}).content.decode()


def test_pages_through_many_tags(cast: Cast) -> None:
    Tag.objects.bulk_create(Tag(name=f"tag-{number:03}") for number in range(70))
    browser = signed_in(cast.ada.user)
    page = browser.get(TAGS).content.decode()
    rest = browser.get(next_page(page)).content.decode()
    assert (page.count('class="chip"'), rest.count('class="chip"'), next_page(rest)) == (50, 20, "")


def test_renames_and_removes_a_tag(cast: Cast) -> None:
    ticket = cast.ticket()
    set_tags(ticket_id=ticket.pk, names=["biling", "vat"], act=act_by(cast.ben.user))
    tag = Tag.objects.get(name="biling")
    for name, words in [("", "Give the tag a name"), ("VAT", "There already is a tag"), ("x" * 41, "40 fit")]:
        answer = post(cast, f"{TAGS}/{tag.pk}", name=name)
        assert answer.status_code == 422
        assert words in answer.content.decode()
    post(cast, f"{TAGS}/{tag.pk}", name="billing")
    assert set(ticket.tags.values_list("name", flat=True)) == {"billing", "vat"}
    assert "taken off 1 ticket." in signed_in(cast.ada.user).get(f"{TAGS}/{tag.pk}/removal").content.decode()
    post(cast, f"{TAGS}/{tag.pk}/removal")
    assert set(ticket.tags.values_list("name", flat=True)) == {"vat"}

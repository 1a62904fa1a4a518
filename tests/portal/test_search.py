import pytest

from deskhand.tickets.actions.status import close_ticket
from deskhand.tickets.models import Category
from tests.cast import Cast, act_by
from tests.web.visitors import signed_in


def found(cast: Cast, words: str, **further: str) -> list[str]:
    """Return which of the two tickets Cleo finds."""
    page = signed_in(cast.cleo.user).get("/tickets/search", {"q": words, **further}).content.decode()
    return [name for name in ("Voucher", "Newsletter") if f">{name}" in page]


@pytest.fixture(autouse=True)
def tickets(cast: Cast) -> None:
    cast.ticket("Voucher AUTUMN10 is refused", text="See https://shop.example/basket for cleo@acme.example")
    newsletter = cast.opened_by(cast.dev, subject="Newsletter sign-up", text="Move it above the fold, please.")
    cast.staff_reply(newsletter, "Planned for Tuesday.")
    close_ticket(ticket_id=newsletter.pk, act=act_by(cast.ben.user))
    cast.opened_by(cast.eve, subject="Voucher of another client")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("voucher", ["Voucher"]),
        ("vouch", ["Voucher"]),
        ("VOUCHER refused", ["Voucher"]),
        ("voucher newsletter", []),
        ("autumn10", ["Voucher"]),
        ("sign-up tuesday", ["Newsletter"]),
        ("cleo@acme.example", ["Voucher"]),
        ("shop.example/basket", ["Voucher"]),
        ("fold please", ["Newsletter"]),
        ("oucher", []),
        ("' | voucher", ["Voucher"]),
        ("voucher:*&!(\\'", ["Voucher"]),
        ("\x00voucher", ["Voucher"]),
        ("' \\ \"", []),
        ("zz " * 5000, []),
    ],
)
def test_finds_words_by_their_beginning(cast: Cast, words: str, expected: list[str]) -> None:
    assert found(cast, words) == expected


def test_finds_a_ticket_by_its_number(cast: Cast) -> None:
    number = cast.acme.tickets.get(subject__startswith="Voucher").number
    assert found(cast, f"#{number}") == ["Voucher"]
    assert found(cast, str(number)) == ["Voucher"]
    assert found(cast, "9" * 40) == []


def test_never_finds_another_clients_ticket(cast: Cast) -> None:
    page = signed_in(cast.cleo.user).get("/tickets/search", {"q": "voucher"}).content.decode()
    assert "of another client" not in page
    assert "1 ticket" in page


def test_says_when_nothing_matches_and_how_to_go_on(cast: Cast) -> None:
    page = signed_in(cast.cleo.user).get("/tickets/search", {"q": "<b>gift"}).content.decode()
    assert "Nothing matches" in page
    assert "&lt;b&gt;gift" in page
    assert "<b>gift" not in page
    assert "Clear the search" in page


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"state": "open"}, ["Voucher"]),
        ({"state": "closed"}, ["Newsletter"]),
        ({"whose": "mine"}, ["Voucher"]),
        ({"whose": "mine", "state": "closed"}, []),
        ({"page": "99999999999999999999"}, ["Voucher", "Newsletter"]),
        ({"page": "-1"}, ["Voucher", "Newsletter"]),
    ],
)
def test_filters_by_state_and_by_whose_it_is(cast: Cast, filters: dict[str, str], expected: list[str]) -> None:
    assert found(cast, "", **filters) == expected


@pytest.mark.parametrize(
    "asked", [{"state": "pending"}, {"whose": "yours"}, {"category": "secret"}, {"category": "\x00"}]
)
def test_refuses_a_filter_that_no_list_of_ours_offers(cast: Cast, asked: dict[str, str]) -> None:
    assert signed_in(cast.cleo.user).get("/tickets/search", asked).status_code == 400


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ({"from": "2026-11-18"}, ["Voucher", "Newsletter"]),
        ({"to": "2026-11-18"}, ["Voucher", "Newsletter"]),
        ({"from": "2026-11-19"}, []),
        ({"to": "2026-11-17"}, []),
        ({"from": "2026-11-01", "to": "2026-11-30", "state": "closed"}, ["Newsletter"]),
    ],
)
def test_finds_by_the_day_of_opening(cast: Cast, days: dict[str, str], expected: list[str]) -> None:
    assert found(cast, "", **days) == expected


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ({"from": "yesterday"}, "“yesterday” is no day."),
        ({"from": "2026-02-30"}, "“2026-02-30” is no day."),
        ({"to": "9999-12-31"}, "nothing to be found in the year 9999"),
        ({"from": "0001-01-01"}, "nothing to be found in the year 1"),
        ({"from": "2026-11-20", "to": "2026-11-18"}, "The first day comes after the last."),
        ({"to": "<b>" + "x" * 900}, "&lt;b&gt;"),
    ],
)
def test_says_what_is_wrong_with_a_day(cast: Cast, days: dict[str, str], words: str) -> None:
    answer = signed_in(cast.cleo.user).get("/tickets/search", days)
    assert answer.status_code == 200
    assert words in answer.content.decode()


def test_finds_by_category_among_those_the_contacts_tickets_have(cast: Cast) -> None:
    change, other = Category.objects.order_by("position")[:2]
    cast.acme.tickets.filter(subject__startswith="Voucher").update(category=change)
    assert found(cast, "", category=change.slug) == ["Voucher"]
    page = signed_in(cast.cleo.user).get("/tickets/search").content.decode()
    assert f'value="{change.slug}"' in page
    assert f'value="{other.slug}"' not in page
    assert signed_in(cast.cleo.user).get("/tickets/search", {"category": other.slug}).status_code == 400


def test_shows_25_a_page(cast: Cast) -> None:
    for number in range(30):
        cast.ticket(f"Repeated {number}")
    browser = signed_in(cast.cleo.user)
    first = browser.get("/tickets/search", {"q": "repeated"}).content.decode()
    second = browser.get("/tickets/search", {"q": "repeated", "page": "2"}).content.decode()
    assert (first.count(">Repeated"), second.count(">Repeated")) == (25, 5)
    assert "Page 2 of 2" in second

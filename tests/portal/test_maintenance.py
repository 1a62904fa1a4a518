"""The maintenance box and page: every state in words, only for those who may see it, nothing of other people's."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from deskhand.accounts.models import User
from deskhand.allowances.months import add_months, month_of
from deskhand.allowances.queries import Bar, BoxState
from deskhand.clients.actions.people import create_contact
from deskhand.clients.models import Contact
from deskhand.portal.charts import month_chart
from tests.cast import Cast, act_by
from tests.portal.plans import log, start, today
from tests.web.visitors import signed_in

HOME_QUERIES = 20


def get(user: User, path: str = "/") -> str:
    return signed_in(user).get(path).content.decode()


def hide_from(contact: Contact) -> None:
    Contact.objects.filter(pk=contact.pk).update(sees_maintenance=False)


@pytest.mark.parametrize(
    ("used", "words", "is_red"),
    [
        (0, '8h</span> <span class="text-muted">left of 8h', False),
        (380, '1h 40m</span> <span class="text-muted">left of 8h', False),
        (385, "nearly used up", False),
        (480, "Used up", True),
        (510, "30m over", True),
    ],
)
def test_says_what_is_left_in_words(cast: Cast, used: int, words: str, is_red: bool) -> None:
    start(cast)
    if used:
        log(cast, cast.ticket(), used)
    page = get(cast.cleo.user)
    assert words in page
    assert ('class="allow full"' in page) is is_red
    assert ("of 8h</span>" in page and "Urgent work continues" in page) is is_red
    assert ("Talk to Ben about more time" in page) is is_red


def test_shows_each_plan_by_name_and_the_most_pressing_one_on_small_screens(cast: Cast) -> None:
    start(cast, name="Shop")
    start(cast, name="Blog", minutes_per_month=60, site="blog.acme.example")
    start(cast, name="Intranet", is_unlimited=True, minutes_per_month=0)
    log(cast, cast.ticket(), 500)
    page = get(cast.cleo.user)
    for name in ("Shop", "Blog", "Intranet"):
        assert f'<h2 class="min-w-0 break-words font-semibold">{name}</h2>' in page
    assert "Your plan has no limit." in page
    strip = page.split('id="home-allowance"')[1].split("</a>")[0]
    assert "Shop" in strip
    assert "20m over" in strip


def test_says_that_there_is_no_plan_and_whom_to_ask(cast: Cast) -> None:
    page = get(cast.cleo.user)
    assert "You have no maintenance plan." in page
    assert "Ask Ben if you would like one" in page
    assert "You have no maintenance plan." in get(cast.cleo.user, "/maintenance")


def test_stands_beside_the_form_for_a_new_ticket(cast: Cast) -> None:
    start(cast)
    assert "Maintenance left" in get(cast.cleo.user, "/tickets/new")


def test_tells_nothing_to_a_contact_who_may_not_see_the_figures(cast: Cast) -> None:
    start(cast)
    ticket = cast.ticket()
    log(cast, ticket, 45)
    hide_from(cast.cleo)
    browser = signed_in(cast.cleo.user)
    for path in ("/", "/tickets/new", f"/tickets/{ticket.number}", "/details"):
        assert "aintenance" not in browser.get(path).content.decode(), path
    assert browser.get("/maintenance").status_code == 404
    assert browser.get("/maintenance/export").status_code == 404
    assert "45m" in get(cast.dev.user, f"/tickets/{ticket.number}")


def test_has_no_maintenance_for_someone_of_no_client(cast: Cast) -> None:
    lone = create_contact(email="lone@nowhere.example", name="Lone", act=act_by(None))
    browser = signed_in(lone.user)
    assert "aintenance" not in browser.get("/").content.decode()
    assert browser.get("/maintenance").status_code == 404


def test_never_shows_the_figures_of_another_client(cast: Cast) -> None:
    start(cast)
    log(cast, cast.ticket("Secret shop"), 490)
    page = get(cast.eve.user, "/maintenance")
    assert "You have no maintenance plan." in page
    assert "Secret shop" not in page
    assert "Secret shop" not in get(cast.eve.user, "/maintenance/export")


def test_lists_what_a_month_was_spent_on(cast: Cast) -> None:
    start(cast)
    shop, blog = cast.ticket("The shop"), cast.ticket("The blog")
    log(cast, shop, 45)
    log(cast, blog, 135)
    log(cast, blog, 60, on=add_months(month_of(today()), -1))
    page = get(cast.cleo.user, "/maintenance")
    assert page.index("The blog") < page.index("The shop")
    assert "2h 15m" in page
    assert "3h 00m" in page
    earlier = get(cast.cleo.user, f"/maintenance?month={add_months(month_of(today()), -1):%Y-%m}")
    assert "1h 00m" in earlier
    assert "The shop" not in earlier


@pytest.mark.parametrize("month", ["", "soon", "2026-13", "9999-12", "0001-01", "2026-11-01", "\u0662\u0660"])
def test_answers_any_month_that_is_asked_for(cast: Cast, month: str) -> None:
    start(cast)
    assert signed_in(cast.cleo.user).get("/maintenance", {"month": month}).status_code == 200


def test_adds_up_tickets_the_contact_does_not_see_without_naming_them(cast: Cast) -> None:
    start(cast)
    log(cast, cast.opened_by(cast.dev, subject="Dev alone"), 30)
    log(cast, cast.opened_by(cast.cleo, subject="Cleo alone"), 20)
    Contact.objects.filter(pk=cast.cleo.pk).update(sees_whole_client=False)
    for path in ("/maintenance", "/maintenance/export"):
        page = get(cast.cleo.user, path)
        assert "Cleo alone" in page
        assert "Dev alone" not in page
        assert "Other work for your company" in page
    assert "0h 50m" in get(cast.cleo.user, "/maintenance")


def test_exports_a_table_in_which_no_cell_is_a_formula(cast: Cast) -> None:
    start(cast)
    log(cast, cast.ticket("=HYPERLINK(1)"), 45)
    answer = signed_in(cast.cleo.user).get("/maintenance/export")
    assert answer["Content-Type"].startswith("text/csv")
    assert f"maintenance-{today():%Y-%m}.csv" in answer["Content-Disposition"]
    table = answer.content.decode()
    assert ",'=HYPERLINK(1)," in table
    assert "Total,,,,45,45m" in table


def test_shows_the_time_used_on_a_ticket(cast: Cast) -> None:
    start(cast)
    ticket = cast.ticket()
    assert "Time used on this ticket" not in get(cast.cleo.user, f"/tickets/{ticket.number}")
    log(cast, ticket, 40)
    assert "0h 40m</span> of your maintenance" in get(cast.cleo.user, f"/tickets/{ticket.number}")


def test_asks_the_database_the_same_for_one_plan_and_for_five(cast: Cast) -> None:
    browser, counts = signed_in(cast.cleo.user), []
    for _ in range(5):
        start(cast)
        log(cast, cast.ticket(), 30)
        browser.get("/")
        with CaptureQueriesContext(connection) as asked:
            browser.get("/")
        counts.append(len(asked))
    assert set(counts) == {counts[0]}
    assert counts[0] <= HOME_QUERIES


def bars(*months: tuple[int, int]) -> list[Bar]:
    return [
        Bar(add_months(date(2026, 6, 1), place), used, allowance, is_over=used > allowance > 0)
        for place, (used, allowance) in enumerate(months)
    ]


def test_draws_months_over_the_allowance_as_over_and_the_running_one_apart() -> None:
    chart = month_chart(bars((0, 0), (510, 480), (100, 480)), BoxState.OK, base=64, column_width=28)
    assert [column.tone for column in chart.columns] == ["", "over", "now"]
    full = month_chart(bars((480, 480), (480, 480)), BoxState.OVER, base=64, column_width=28)
    assert [column.tone for column in full.columns] == ["", "over"]


def test_keeps_columns_inside_the_drawing_and_draws_the_allowance_as_steps() -> None:
    chart = month_chart(bars((0, 0), (5000, 480), (100, 600)), BoxState.OK, base=64, column_width=28)
    assert all(column.y >= 0 and column.y + column.height <= 64.1 for column in chart.columns)
    assert chart.line.startswith("M46 ")
    assert chart.line.count("V") == 1
    assert chart.words.startswith("Time used per month: June 0m, July 83h 20m of 8h, August")


def test_draws_months_without_any_time() -> None:
    chart = month_chart(bars((0, 0), (0, 0)), BoxState.UNLIMITED, base=64, column_width=28)
    assert chart.line == ""
    assert {column.height for column in chart.columns} == {0}

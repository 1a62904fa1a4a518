"""A client's allowance: plans, ledger, statements, and who may see and change them."""

import csv
import io
import sys
from datetime import date, timedelta
from typing import Any

import pytest

from deskhand.accounts.models import Agent
from deskhand.allowances.history import ledger_of
from deskhand.allowances.ledger import Rollover
from deskhand.allowances.models import Entry, EntryKind, MonthLock, Plan
from deskhand.allowances.statements import statement_of, statement_rows
from deskhand.clients.models import Contact
from deskhand.core.durations import duration
from deskhand.events.models import Event
from tests.cast import Cast
from tests.workspace.browsing import browser_of, get, post
from tests.workspace.maintenance import locked, maintained, months_ago, today, worked

TERMS = {
    "name": "Care",
    "site": "",
    "limit": "hours",
    "hours": "8",
    "starts_on": "2026-01-01",
    "rollover": "none",
    "cap": "",
    "expires_after_months": "",
    "overage": "allowed",
}


def of(cast: Cast, path: str = "") -> str:
    return f"clients/{cast.acme.public_id}/allowance{path}"


def starting(**changed: Any) -> dict[str, Any]:
    return TERMS | {"starts_on": months_ago(0).isoformat()} | changed


@pytest.mark.parametrize("who", ["ada", "ben"])
def test_the_client_page_leads_to_the_allowance_for_those_who_may_see_it(cast: Cast, who: str) -> None:
    agent: Agent = getattr(cast, who)
    assert of(cast) in get(agent, f"clients/{cast.acme.public_id}").content.decode()
    assert get(agent, of(cast)).status_code == 200


def test_without_a_plan_the_page_says_so(cast: Cast) -> None:
    answer = get(cast.ben, of(cast)).content.decode()
    assert "No running plan" in answer
    assert "Start a plan" not in answer
    assert "Start a plan" in get(cast.ada, of(cast)).content.decode()


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(60, "7h</p>"), (384, "running out"), (480, "Used up"), (510, "30m over")],
)
def test_the_box_says_in_words_how_much_is_left(cast: Cast, minutes: int, words: str) -> None:
    maintained(cast)
    worked(cast, cast.ticket(), minutes)
    assert words in get(cast.ben, of(cast)).content.decode()


def test_a_plan_without_a_limit_shows_use_alone(cast: Cast) -> None:
    plan = maintained(cast, minutes_per_month=0, is_unlimited=True)
    worked(cast, cast.ticket(), 125)
    assert "no limit" in get(cast.ben, of(cast)).content.decode()
    assert "keeps no ledger" in get(cast.ben, of(cast, f"/{plan.pk}")).content.decode()


def test_a_plan_that_ended_or_begins_later_stands_below(cast: Cast) -> None:
    maintained(cast, starts_on=today() + timedelta(days=40))
    old = maintained(cast, starts_on=months_ago(3))
    post(cast.ada, of(cast, f"/{old.pk}/end"), {"ends_on": (months_ago(0) - timedelta(days=1)).isoformat()})
    answer = get(cast.ada, of(cast)).content.decode()
    assert "starts <time" in answer
    assert "ended <time" in answer


@pytest.mark.parametrize(
    ("changed", "terms"),
    [
        ({}, (480, False, Rollover.NONE, 0, 0)),
        ({"hours": "7:30"}, (450, False, Rollover.NONE, 0, 0)),
        ({"hours": "7.5", "cap": "5"}, (450, False, Rollover.NONE, 0, 0)),
        ({"limit": "none", "hours": ""}, (0, True, Rollover.NONE, 0, 0)),
        ({"rollover": "capped", "cap": "2"}, (480, False, Rollover.CAPPED, 120, 0)),
        ({"rollover": "expiring", "expires_after_months": "3"}, (480, False, Rollover.EXPIRING, 0, 3)),
    ],
)
def test_a_plan_starts_with_its_terms(
    cast: Cast, changed: dict[str, str], terms: tuple[int, bool, Rollover, int, int]
) -> None:
    answer = post(cast.ada, of(cast, "/new"), starting(**changed))
    plan = Plan.objects.get()
    assert answer["Location"].endswith(of(cast, f"/{plan.pk}"))
    said = (plan.minutes_per_month, plan.is_unlimited, plan.rollover, plan.cap_minutes, plan.expires_after_months)
    assert said == terms
    assert Event.objects.get(kind="plan.started").actor_id == cast.ada.user.pk


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"name": " "}, "Give the plan a name"),
        ({"hours": ""}, "Enter how many hours a month"),
        ({"hours": "0"}, "Enter how many hours a month"),
        ({"hours": "-8"}, "Enter hours such as"),
        ({"hours": "eight"}, "Enter hours such as"),
        ({"hours": "1e9"}, "Enter hours such as"),
        ({"hours": "NaN"}, "Enter hours such as"),
        ({"hours": "99999"}, "At most"),
        ({"starts_on": "2026-02-30"}, "Enter a date"),
        ({"starts_on": "1026-11-01"}, "Check the year"),
        ({"rollover": "capped"}, "how many hours may carry over"),
        ({"rollover": "expiring"}, "after how many months"),
        ({"rollover": "expiring", "expires_after_months": "0"}, "1 month or more"),
        ({"rollover": "sometimes"}, "Choose one from the list"),
        ({"overage": ""}, "Choose one from the list"),
    ],
)
def test_terms_that_make_no_sense_are_refused_and_kept_in_the_form(
    cast: Cast, changed: dict[str, str], words: str
) -> None:
    answer = post(cast.ada, of(cast, "/new"), starting(site="shop.acme.example", **changed))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert "shop.acme.example" in answer.content.decode()
    assert not Plan.objects.exists()


def test_an_adjustment_stands_in_the_ledger_with_reason_and_name(cast: Cast) -> None:
    plan = maintained(cast)
    fields = {"minutes": "-1:15", "on": today().isoformat(), "reason": "Counted twice"}
    assert post(cast.ada, of(cast, f"/{plan.pk}/adjustments"), fields).status_code == 302
    entry = Entry.objects.get(kind=EntryKind.ADJUSTMENT)
    assert (entry.minutes, entry.reason) == (-75, "Counted twice")
    page = get(cast.ben, of(cast, f"/{plan.pk}")).content.decode()
    assert "Counted twice, Ada Admin" in page
    assert duration(480 - 75) in page


@pytest.mark.parametrize(
    ("path", "fields", "words"),
    [
        ("adjustments", {"minutes": "0"}, "Enter the minutes to add"),
        ("adjustments", {"minutes": "much"}, "Enter a time such as"),
        ("adjustments", {"reason": ""}, "Say why"),
        ("adjustments", {"on": "1999-01-01"}, "Choose a day in or after"),
        ("adjustments", {"on": "soon"}, "Enter a date"),
        ("top-ups", {"hours": "0"}, "how many minutes were bought"),
        ("top-ups", {"hours": "-2"}, "Enter hours such as"),
        ("top-ups", {"expires_on": "2000-01-01"}, "expire before it begins"),
        ("end", {"ends_on": "2000-01-01"}, "cannot end before"),
        ("end", {"ends_on": ""}, "last day"),
    ],
)
def test_what_makes_no_sense_by_hand_is_refused_in_place(
    cast: Cast, path: str, fields: dict[str, str], words: str
) -> None:
    plan, before = maintained(cast), Entry.objects.count()
    good = {"minutes": "30", "hours": "1", "on": today().isoformat(), "reason": "Good will", "expires_on": ""}
    answer = post(cast.ada, of(cast, f"/{plan.pk}/{path}"), good | fields)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert Entry.objects.count() == before
    assert Plan.objects.get().ends_on is None


def test_a_top_up_lasts_until_its_day(cast: Cast) -> None:
    plan = maintained(cast)
    last = today() + timedelta(days=90)
    fields = {"hours": "2.5", "on": today().isoformat(), "expires_on": last.isoformat()}
    post(cast.ada, of(cast, f"/{plan.pk}/top-ups"), fields)
    entry = Entry.objects.get(kind=EntryKind.TOP_UP)
    assert (entry.minutes, entry.expires_on) == (150, last)


def test_a_plan_ended_in_the_middle_of_the_month_keeps_its_grant(cast: Cast) -> None:
    plan = maintained(cast)
    post(cast.ada, of(cast, f"/{plan.pk}/end"), {"ends_on": today().isoformat()})
    assert "8h" in get(cast.ada, of(cast)).content.decode()
    assert ledger_of(Plan.objects.get(), today=today()).months[0].left == 480


def final_month(cast: Cast) -> tuple[Plan, date]:
    plan, month = maintained(cast, starts_on=months_ago(4)), months_ago(3)
    worked(cast, cast.ticket(), 100, on=month)
    locked(plan)
    return plan, month


def test_a_final_month_refuses_adjustments(cast: Cast) -> None:
    plan, month = final_month(cast)
    fields = {"minutes": "30", "on": month.isoformat(), "reason": "Late"}
    answer = post(cast.ada, of(cast, f"/{plan.pk}/adjustments"), fields)
    assert answer.status_code == 422
    assert "is locked" in answer.content.decode()


def test_an_admin_opens_a_final_month_again_and_that_is_recorded(cast: Cast) -> None:
    plan, month = final_month(cast)
    fields = {"month": f"{month:%Y-%m}", "reason": ""}
    answer = post(cast.ada, of(cast, f"/{plan.pk}/reopenings"), fields)
    assert (answer.status_code, "Say why" in answer.content.decode()) == (422, True)
    assert post(cast.ben, of(cast, f"/{plan.pk}/reopenings"), fields | {"reason": "Mine"}).status_code == 403
    post(cast.ada, of(cast, f"/{plan.pk}/reopenings"), fields | {"reason": "Forgot an hour"})
    assert not MonthLock.objects.final().filter(month=month).exists()
    event = Event.objects.get(kind="allowance.month_reopened")
    assert (event.actor_id, event.data["reason"]) == (cast.ada.user.pk, "Forgot an hour")


@pytest.mark.parametrize("month", ["", "2026-13", "x", "0000-01", "2026-11-01"])
def test_no_other_month_can_be_opened(cast: Cast, month: str) -> None:
    plan, _ = final_month(cast)
    assert post(cast.ada, of(cast, f"/{plan.pk}/reopenings"), {"month": month, "reason": "x"}).status_code == 404


def test_an_agent_sees_the_ledger_and_cannot_change_it(cast: Cast) -> None:
    plan = maintained(cast)
    page = get(cast.ben, of(cast, f"/{plan.pk}")).content.decode()
    assert "Granted" in page
    assert "Adjust" not in page
    for path in ("adjustments", "top-ups", "end"):
        assert post(cast.ben, of(cast, f"/{plan.pk}/{path}"), {}).status_code == 403


def test_a_contractor_sees_no_figures(cast: Cast) -> None:
    plan = maintained(cast)
    for path in ("", f"/{plan.pk}", f"/{plan.pk}/statements/{today():%Y-%m}", "/new"):
        assert get(cast.kit, of(cast, path)).status_code == 403


@pytest.mark.parametrize("who", ["cleo", "eve"])
def test_clients_find_nothing_here(cast: Cast, who: str) -> None:
    plan, contact = maintained(cast), getattr(cast, who)
    assert isinstance(contact, Contact)
    assert get(contact, of(cast, f"/{plan.pk}")).status_code == 404


def test_a_plan_of_another_client_is_not_found_under_this_one(cast: Cast) -> None:
    foreign = maintained(cast, cast.other)
    month = f"{today():%Y-%m}"
    for path in (f"/{foreign.pk}", f"/{foreign.pk}/statements/{month}", f"/{foreign.pk}/statements/{month}/pdf"):
        assert get(cast.ada, of(cast, path)).status_code == 404
    fields = {"minutes": "30", "on": today().isoformat(), "reason": "x"}
    assert post(cast.ada, of(cast, f"/{foreign.pk}/adjustments"), fields).status_code == 404
    assert not Entry.objects.filter(kind=EntryKind.ADJUSTMENT).exists()


def test_the_statement_shows_the_figures_of_the_settlement(cast: Cast) -> None:
    plan = maintained(cast)
    worked(cast, cast.ticket("The big one"), 500)
    worked(cast, cast.ticket("The small one"), 25)
    said = statement_of(plan, months_ago(0), today=today())
    page = get(cast.ben, of(cast, f"/{plan.pk}/statements/{today():%Y-%m}")).content.decode()
    assert (said.used, said.covered, said.overage) == (525, 480, 45)
    for minutes in (said.granted, said.used, said.covered, said.overage):
        assert f">{duration(minutes)}<" in page
    assert page.index("The big one") < page.index("The small one")


def test_the_statement_as_csv_is_the_statement_and_runs_nothing(cast: Cast) -> None:
    plan = maintained(cast, name="=HYPERLINK(evil)")
    worked(cast, cast.ticket("=cmd|' /C calc'!A0"), 60)
    post(
        cast.ada,
        of(cast, f"/{plan.pk}/adjustments"),
        {"minutes": "-30", "on": today().isoformat(), "reason": "@SUM(A1)"},
    )
    answer = get(cast.ben, of(cast, f"/{plan.pk}/statements/{today():%Y-%m}/csv"))
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Type"].startswith("text/csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) == len(statement_rows(statement_of(plan, months_ago(0), today=today())))
    cells = [cell for row in rows for cell in row]
    assert "'@SUM(A1)" in cells
    assert not any(cell.startswith(("=", "+", "@", "\t", "\r")) for cell in cells)
    assert [cell for cell in cells if cell.startswith("-")] == ["-30", "-30"]


def test_the_statement_as_pdf_is_a_pdf(cast: Cast) -> None:
    plan = maintained(cast)
    worked(cast, cast.ticket("<img src='http://127.0.0.1:9/x'>"), 60)
    answer = get(cast.ben, of(cast, f"/{plan.pk}/statements/{today():%Y-%m}/pdf"))
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == f'attachment; filename="acme-care-{today():%Y-%m}.pdf"'
    assert answer.content.startswith(b"%PDF-")


def test_a_server_that_cannot_draw_pdf_says_what_is_missing(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = maintained(cast)
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    browser = browser_of(cast.ben)
    address = f"/workspace/{of(cast, f'/{plan.pk}/statements/{today():%Y-%m}')}"
    answer = browser.get(f"{address}/pdf", follow=True)
    assert "libpango" in answer.content.decode()
    assert answer.redirect_chain == [(address, 302)]


@pytest.mark.parametrize("month", ["1999-01", "2999-01", "2026-00", "x"])
def test_there_is_no_statement_of_other_months(cast: Cast, month: str) -> None:
    plan = maintained(cast)
    assert get(cast.ada, of(cast, f"/{plan.pk}/statements/{month}")).status_code == 404


def test_the_ledger_pages_back(cast: Cast) -> None:
    plan = maintained(cast, starts_on=months_ago(9))
    first = get(cast.ada, of(cast, f"/{plan.pk}")).content.decode()
    assert f"before={months_ago(5):%Y-%m}" in first
    second = get(cast.ada, of(cast, f"/{plan.pk}?before={months_ago(5):%Y-%m}")).content.decode()
    assert f"month-{months_ago(9):%Y-%m}" in second
    assert "Nothing that long ago" in get(cast.ada, of(cast, f"/{plan.pk}?before=1999-01")).content.decode()


def test_settings_are_changed_and_mistakes_named(cast: Cast) -> None:
    good = {
        "rounding_minutes": "15",
        "minimum_minutes": "10",
        "lock_after_days": "5",
        "used_up_words": "All used up.",
        "free_categories": [],
    }
    assert post(cast.ada, "settings/allowances", good).status_code == 302
    assert 'value="15"' in get(cast.ada, "settings/allowances").content.decode()
    for name, value in (
        ("rounding_minutes", "0"),
        ("minimum_minutes", "-1"),
        ("lock_after_days", "x"),
        ("used_up_words", ""),
        ("free_categories", ["999999"]),
    ):
        answer = post(cast.ada, "settings/allowances", good | {name: value})
        assert answer.status_code == 422, name
        assert "field-error" in answer.content.decode()

"""The time log: lists, totals, correcting, deleting, and the file."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest

from deskhand.allowances.models import TimeEntry
from deskhand.allowances.queries import boxes_for
from deskhand.tickets.actions.assignment import set_assignees
from deskhand.tickets.models import Ticket
from tests.cast import Cast, act_by
from tests.workspace.browsing import get, post
from tests.workspace.maintenance import locked, maintained, months_ago, today, worked


def correction(entry: TimeEntry, **changed: Any) -> dict[str, Any]:
    return {
        "work_on": entry.work_on.isoformat(),
        "actual": "1h 15m",
        "description": "Fixed it better",
        "charged": "",
        "charge_note": "",
    } | changed


def used(cast: Cast) -> int:
    return boxes_for(cast.acme, today=today())[0].used


def of_kit(cast: Cast) -> Ticket:
    ticket = cast.ticket("Kit's own")
    set_assignees(ticket_id=ticket.pk, agents=[cast.kit], act=act_by(cast.ben.user))
    return ticket


def test_lists_this_week_with_totals(cast: Cast) -> None:
    maintained(cast)
    worked(cast, cast.ticket("The checkout stalls"), 62)
    worked(cast, cast.ticket(), 30, agent=cast.ada)
    page = get(cast.ben, "time").content.decode()
    assert "The checkout stalls" in page
    assert "1h 32m" in page
    assert "1h 35m" in page


def test_narrows_by_agent_client_and_ticket(cast: Cast) -> None:
    ours, theirs = cast.ticket("Ours"), cast.opened_by(cast.eve, subject="Theirs")
    worked(cast, ours)
    worked(cast, theirs, agent=cast.ada)
    for query in (f"agent={cast.ben.pk}", f"client={cast.acme.public_id}", f"ticket=%23{ours.number}"):
        page = get(cast.ada, f"time?{query}").content.decode()
        assert ("Ours" in page, "Theirs" in page) == (True, False), query


@pytest.mark.parametrize(
    "query", ["ticket=abc", "from=yesterday", "from=0001-01-01", "from=2026-01-01&to=2028-01-01", "to=2026-02-30"]
)
def test_says_what_is_wrong_with_a_question_and_never_breaks(cast: Cast, query: str) -> None:
    answer = get(cast.ben, f"time?{query}")
    assert answer.status_code == 400
    assert 'role="alert"' in answer.content.decode()
    assert get(cast.ben, f"time/csv?{query}").status_code == 400


@pytest.mark.parametrize("query", ["client=forged", "agent=999999", "agent=x"])
def test_forged_names_are_not_found(cast: Cast, query: str) -> None:
    assert get(cast.ada, f"time?{query}").status_code == 404


def test_days_the_wrong_way_round_are_turned(cast: Cast) -> None:
    worked(cast, cast.ticket("Turned"))
    page = get(cast.ben, f"time?from={today() + timedelta(days=3)}&to={today() - timedelta(days=3)}")
    assert "Turned" in page.content.decode()


def test_a_contractor_sees_their_own_work_and_no_charge(cast: Cast) -> None:
    ticket = of_kit(cast)
    worked(cast, ticket, 33, agent=cast.kit)
    worked(cast, ticket, 47)
    page = get(cast.kit, "time").content.decode()
    assert ("0h 33m" in page, "0h 47m" in page, "Charged" in page) == (True, False, False)
    head = get(cast.kit, "time/csv").content.decode("utf-8-sig").splitlines()[0]
    assert "charged" not in head
    assert cast.acme.public_id not in page


def test_the_file_holds_what_the_list_shows_and_runs_nothing(cast: Cast) -> None:
    worked(cast, cast.ticket("=1+1"), 62, description="+cmd")
    answer = get(cast.ben, "time/csv")
    [head, row] = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert (row[head.index("Subject")], row[head.index("What was done")]) == ("'=1+1", "'+cmd")
    assert (row[head.index("Minutes worked")], row[head.index("Minutes charged")]) == ("62", "65")


def test_a_correction_moves_the_allowance(cast: Cast) -> None:
    maintained(cast)
    entry = worked(cast, cast.ticket(), 60)
    assert post(cast.ben, f"time/{entry.public_id}", correction(entry)).status_code == 302
    assert used(cast) == 75
    fields = correction(entry, charged="30", charge_note="Half was ours")
    post(cast.ben, f"time/{entry.public_id}", fields)
    assert used(cast) == 30
    assert "Half was ours" in get(cast.ben, "time").content.decode()


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"actual": ""}, "Enter the time worked"),
        ({"actual": "0"}, "more than nothing"),
        ({"actual": "-20"}, "more than nothing"),
        ({"actual": "25h"}, "at most a day"),
        ({"actual": "a while"}, "Enter a time such as"),
        ({"description": " "}, "Say in a few words"),
        ({"charged": "10"}, "Say why you charge"),
        ({"charged": "-5", "charge_note": "x"}, "Enter 0 or more"),
        ({"work_on": ""}, "Choose the day"),
        ({"work_on": "2999-01-01"}, "lies in the future"),
    ],
)
def test_a_correction_that_makes_no_sense_changes_nothing(cast: Cast, changed: dict[str, str], words: str) -> None:
    maintained(cast)
    entry = worked(cast, cast.ticket(), 60)
    answer = post(cast.ben, f"time/{entry.public_id}", correction(entry, **changed))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert used(cast) == 60


def test_deleting_gives_the_time_back_once(cast: Cast) -> None:
    maintained(cast)
    entry = worked(cast, cast.ticket(), 60)
    for _ in range(2):
        assert post(cast.ben, f"time/{entry.public_id}/removal").status_code == 302
    assert used(cast) == 0
    assert get(cast.ben, f"time/{entry.public_id}").status_code == 302


def test_a_final_month_refuses_correction_and_deletion(cast: Cast) -> None:
    plan = maintained(cast, starts_on=months_ago(4))
    entry = worked(cast, cast.ticket(), 60, on=months_ago(3))
    locked(plan)
    answer = post(cast.ada, f"time/{entry.public_id}", correction(entry))
    assert (answer.status_code, "is locked" in answer.content.decode()) == (422, True)
    post(cast.ada, f"time/{entry.public_id}/removal")
    assert TimeEntry.objects.get().deleted_at is None
    page = get(cast.ada, f"time?from={months_ago(3)}&to={months_ago(3)}").content.decode()
    assert "The month is final" in page


def test_work_beyond_a_plan_that_stops_is_refused_in_the_form(cast: Cast) -> None:
    maintained(cast, minutes_per_month=60, overage="stop")
    entry = worked(cast, cast.ticket(), 60)
    answer = post(cast.ben, f"time/{entry.public_id}", correction(entry))
    assert (answer.status_code, "no more work" in answer.content.decode()) == (422, True)
    assert used(cast) == 60


def test_an_agent_corrects_their_own_time_alone_and_an_admin_everyones(cast: Cast) -> None:
    entry = worked(cast, cast.ticket(), 60, agent=cast.ada)
    assert get(cast.ben, f"time/{entry.public_id}").status_code == 404
    assert post(cast.ben, f"time/{entry.public_id}/removal").status_code == 404
    own = worked(cast, cast.ticket(), 60)
    assert get(cast.ada, f"time/{own.public_id}").status_code == 200


def test_a_contractor_corrects_time_and_leaves_what_was_charged_by_hand(cast: Cast) -> None:
    maintained(cast)
    ticket = of_kit(cast)
    entry = worked(cast, ticket, 60, agent=cast.kit)
    post(cast.kit, f"time/{entry.public_id}", correction(entry, charged="5", charge_note="Forged"))
    assert used(cast) == 75
    post(cast.ada, f"time/{entry.public_id}", correction(entry, charged="10", charge_note="Good will"))
    answer = post(cast.kit, f"time/{entry.public_id}", correction(entry, actual="3h"))
    assert (answer.status_code, used(cast)) == (422, 10)
    post(cast.kit, f"time/{entry.public_id}", correction(entry, description="Better words"))
    assert (used(cast), TimeEntry.objects.get().description) == (10, "Better words")


def test_a_contractor_taken_off_a_ticket_loses_sight_of_their_time(cast: Cast) -> None:
    ticket = of_kit(cast)
    entry = worked(cast, ticket, 60, agent=cast.kit)
    set_assignees(ticket_id=ticket.pk, agents=[], act=act_by(cast.ben.user))
    assert get(cast.kit, f"time/{entry.public_id}").status_code == 404

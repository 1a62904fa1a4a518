from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client as Browser

from deskhand.accounts.models import Team
from deskhand.tickets.actions.assignment import set_assignees
from deskhand.tickets.actions.status import close_ticket
from deskhand.tickets.actions.team import edit_note
from deskhand.tickets.models import Assignment, Category, Follow, Kind, Priority, Status, Ticket
from deskhand.tickets.models.team import TicketNote
from tests.cast import Cast, act_by
from tests.workspace.browsing import get, post

Check = Callable[[Ticket, Cast], Any]


def fresh(ticket: Ticket) -> Ticket:
    return Ticket.objects.select_related("status", "category", "team").get(pk=ticket.pk)


def assignees(ticket: Ticket) -> set[int]:
    return set(Assignment.objects.filter(ticket=ticket).values_list("agent", flat=True))


def test_sets_the_status(cast: Cast) -> None:
    ticket = cast.ticket()
    custom = Status.objects.create(name="Waiting for parts", kind=Kind.PENDING, hue="violet", position=9)
    page = get(cast.ben, f"tickets/{ticket.number}").content.decode()
    assert "Waiting for parts" in page
    post(cast.ben, f"tickets/{ticket.number}/status", {"status": str(custom.pk)})
    assert fresh(ticket).status == custom


def test_offers_no_snoozing_before_there_is_a_time_to_snooze_until(cast: Cast) -> None:
    ticket = cast.ticket()
    snoozed = Status.objects.get(kind=Kind.SNOOZED)
    page = get(cast.ben, f"tickets/{ticket.number}").content.decode()
    assert f'name="status" value="{snoozed.pk}"' not in page
    answer = post(cast.ben, f"tickets/{ticket.number}/status", {"status": str(snoozed.pk)}, part=True)
    assert answer.status_code == 422
    assert fresh(ticket).kind == Kind.OPEN


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("status", {"status": "999999"}),
        ("status", {"status": "x"}),
        ("priority", {"priority": "whatever"}),
        ("status", {"status": "9" * 5000}),
        ("category", {"category": "999999"}),
        ("category", {"category": "9" * 5000}),
        ("team", {"team": "999999"}),
        ("assignment", {"add": "999999"}),
        ("assignment", {"add": "9" * 40}),
        ("due", {"day": "tomorrow"}),
        ("tags", {"add": "t" * 41}),
        ("subject", {"subject": " "}),
        ("subject", {"subject": "s" * 201}),
        ("acceptance", {"message": "nonsense"}),
    ],
)
def test_says_what_is_wrong_and_changes_nothing(cast: Cast, path: str, fields: dict[str, str]) -> None:
    ticket = cast.ticket()
    part = post(cast.ben, f"tickets/{ticket.number}/{path}", fields, part=True)
    assert part.status_code == 422
    assert part["HX-Reswap"] == "none"
    assert 'role="alert"' in part.content.decode()
    whole = post(cast.ben, f"tickets/{ticket.number}/{path}", fields)
    assert whole["Location"] == f"/workspace/tickets/{ticket.number}"
    after = fresh(ticket)
    assert (after.subject, after.priority, after.kind, after.due_on) == (ticket.subject, 2, Kind.OPEN, None)


def test_changes_simple_properties(cast: Cast) -> None:
    ticket = cast.ticket()
    category = Category.objects.order_by("position")[0]
    team = Team.objects.create(name="Design")
    base = f"tickets/{ticket.number}"
    post(cast.ben, f"{base}/priority", {"priority": "high"})
    post(cast.ben, f"{base}/category", {"category": str(category.pk)})
    post(cast.ben, f"{base}/needed-by", {"day": "2026-12-01"})
    post(cast.ben, f"{base}/due", {"day": "2026-11-30"})
    post(cast.ben, f"{base}/team", {"team": str(team.pk)})
    post(cast.ben, f"{base}/subject", {"subject": "A better subject"})
    after = fresh(ticket)
    assert (after.priority, after.category, after.team) == (Priority.HIGH, category, team)
    assert (after.needed_by_on, after.due_on) == (date(2026, 12, 1), date(2026, 11, 30))
    assert after.subject == "A better subject"


def test_takes_properties_away_again(cast: Cast) -> None:
    ticket = cast.ticket()
    base = f"tickets/{ticket.number}"
    post(cast.ben, f"{base}/due", {"day": "2026-11-30"})
    post(cast.ben, f"{base}/due", {"day": "2026-11-30", "remove": "1"})
    post(cast.ben, f"{base}/category", {"category": ""})
    post(cast.ben, f"{base}/team", {"team": ""})
    after = fresh(ticket)
    assert (after.due_on, after.category, after.team) == (None, None, None)


def test_assigns_and_unassigns_one_by_one(cast: Cast) -> None:
    ticket = cast.ticket()
    path = f"tickets/{ticket.number}/assignment"
    post(cast.ben, path, {"add": [str(cast.ben.pk), str(cast.ada.pk)]})
    assert assignees(ticket) == {cast.ben.pk, cast.ada.pk}
    post(cast.ben, path, {"remove": str(cast.ada.pk)})
    assert assignees(ticket) == {cast.ben.pk}


def test_tags_are_made_on_the_fly_and_taken_off(cast: Cast) -> None:
    ticket = cast.ticket()
    path = f"tickets/{ticket.number}/tags"
    post(cast.ben, path, {"add": "checkout, Safari ,"})
    post(cast.ben, path, {"add": "CHECKOUT"})
    assert sorted(ticket.tags.values_list("name", flat=True)) == ["Safari", "checkout"]
    post(cast.ben, path, {"remove": "Safari"})
    assert list(ticket.tags.values_list("name", flat=True)) == ["checkout"]


def test_follows_and_stops(cast: Cast) -> None:
    ticket = cast.ticket()
    post(cast.ben, f"tickets/{ticket.number}/following")
    assert Follow.objects.filter(ticket=ticket, agent=cast.ben).exists()
    post(cast.ben, f"tickets/{ticket.number}/following", {"stop": "1"})
    assert not Follow.objects.filter(ticket=ticket, agent=cast.ben).exists()


def test_who_gives_up_their_access_goes_back_to_the_list(cast: Cast) -> None:
    ticket = cast.ticket()
    Follow.objects.create(ticket=ticket, agent=cast.kit, followed_at=ticket.opened_at)
    answer = post(cast.kit, f"tickets/{ticket.number}/following?view=mine", {"stop": "1"}, part=True)
    assert answer["HX-Redirect"] == "/workspace/inbox?view=mine"


def test_closing_goes_on_to_the_next_of_the_list_and_can_be_undone(cast: Cast) -> None:
    older, middle, newest = (cast.ticket(f"Ticket {index}") for index in range(3))
    answer = post(cast.ben, f"tickets/{middle.number}/closing", part=True)
    assert fresh(middle).kind == Kind.CLOSED
    assert answer["HX-Push-Url"] in {f"/workspace/tickets/{older.number}", f"/workspace/tickets/{newest.number}"}
    page = answer.content.decode()
    assert f'action="/workspace/tickets/{middle.number}/reopening"' in page
    post(cast.ben, f"tickets/{middle.number}/reopening")
    assert fresh(middle).kind == Kind.OPEN


def test_closing_the_last_one_leads_to_the_empty_list(cast: Cast) -> None:
    ticket = cast.ticket()
    whole = post(cast.ben, f"tickets/{ticket.number}/closing?view=unassigned")
    assert whole["Location"] == "/workspace/inbox?view=unassigned"
    another = cast.ticket()
    part = post(cast.ben, f"tickets/{another.number}/closing", part=True)
    assert part["HX-Redirect"] == "/workspace/inbox?view=inbox"


def test_a_change_answers_a_script_with_the_changed_parts(cast: Cast) -> None:
    ticket = cast.ticket()
    page = post(cast.ben, f"tickets/{ticket.number}/priority", {"priority": "urgent"}, part=True).content.decode()
    assert page.lstrip().startswith('<div id="details-body"')
    for target in ("#ticket-menus", "#ticket-head", "#timeline"):
        assert f'hx-target="{target}"' in page


def test_the_note_is_saved_and_never_overwritten_unseen(cast: Cast) -> None:
    ticket = cast.ticket()
    path = f"tickets/{ticket.number}/note"
    assert 'name="version" value="0"' in get(cast.ben, path).content.decode()
    edit_note(ticket_id=ticket.pk, text="Ada's words", seen_version=0, act=act_by(cast.ada.user))
    answer = post(cast.ben, path, {"text": "Ben's words", "version": "0"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Ada&#39;s words" in page
    assert "Ben&#39;s words" in page
    assert TicketNote.objects.get(ticket=ticket).text == "Ada's words"
    saved = post(cast.ben, path, {"text": "Both", "version": "1"}, part=True)
    assert "Both" in saved.content.decode()
    assert TicketNote.objects.get(ticket=ticket).version == 2


def test_a_note_that_is_too_long_comes_back_whole(cast: Cast) -> None:
    ticket, text = cast.ticket(), "x" * 20_001
    answer = post(cast.ben, f"tickets/{ticket.number}/note", {"text": text, "version": "0"})
    assert answer.status_code == 422
    assert text in answer.content.decode()
    assert "20,000 fit" in answer.content.decode()


VERBS = [
    "status", "closing", "reopening", "subject", "priority", "category", "needed-by", "due", "tags", "assignment",
    "team", "following", "note", "messages", "team-messages", "acceptance", "reading",
]  # fmt: skip


@pytest.mark.parametrize("verb", VERBS)
def test_strangers_change_nothing(cast: Cast, verb: str) -> None:
    ticket = cast.ticket()
    path = f"tickets/{ticket.number}/{verb}"
    for person in (cast.cleo, cast.eve):
        assert post(person, path).status_code == 404
    assert post(cast.kit, path).status_code in {403, 404}
    assert Browser().post(f"/workspace/{path}").status_code == 302
    before = fresh(ticket)
    assert (before.kind, before.subject, before.entry_count) == (Kind.OPEN, ticket.subject, 1)


@pytest.mark.parametrize("verb", [verb for verb in VERBS if verb != "note"])
def test_a_verb_is_never_a_link(cast: Cast, verb: str) -> None:
    ticket = cast.ticket()
    assert get(cast.ada, f"tickets/{ticket.number}/{verb}").status_code == 405


def test_a_contractor_may_change_but_not_hand_on(cast: Cast) -> None:
    ticket = cast.ticket()
    set_assignees(ticket_id=ticket.pk, agents=[cast.kit], act=act_by(cast.ada.user))
    assert post(cast.kit, f"tickets/{ticket.number}/assignment", {"add": str(cast.ben.pk)}).status_code == 403
    assert post(cast.kit, f"tickets/{ticket.number}/team", {"team": ""}).status_code == 403
    assert post(cast.kit, f"tickets/{ticket.number}/priority", {"priority": "low"}).status_code == 302
    page = get(cast.kit, f"tickets/{ticket.number}").content.decode()
    assert "menu-assignee" not in page
    assert "menu-priority" in page


def test_a_closed_ticket_offers_to_be_opened_again(cast: Cast) -> None:
    ticket = cast.ticket()
    close_ticket(ticket_id=ticket.pk, act=act_by(cast.ben.user))
    page = get(cast.ben, f"tickets/{ticket.number}").content.decode()
    assert "Reopen" in page
    assert "/closing" not in page

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from deskhand.accounts.models import Agent
from deskhand.tickets.actions.assignment import set_assignees
from deskhand.tickets.actions.conversation import NewMessage, post_client_reply
from deskhand.tickets.actions.drafts import DraftPlace, mark_read, save_draft
from deskhand.tickets.actions.status import close_ticket
from deskhand.tickets.actions.team import post_team_message
from deskhand.tickets.bodies import from_composer, from_text
from deskhand.tickets.models import Audience, Ticket
from deskhand.tickets.queries.inbox import PAGE_SIZE
from tests.cast import NOON, Cast, act_by
from tests.workspace.browsing import browser_of, get


def assign(cast: Cast, ticket: Ticket, agent: Agent) -> None:
    set_assignees(ticket_id=ticket.pk, agents=[agent], act=act_by(cast.ada.user))


def mention(cast: Cast, ticket: Ticket, agent: Agent) -> None:
    document = f'{{"type":"doc","content":[{{"type":"mention","attrs":{{"id":{agent.pk},"label":"{agent.name}"}}}}]}}'
    body = from_composer(document_json=document, plain_text="")
    post_team_message(ticket_id=ticket.pk, agent=cast.ada, new=NewMessage(body), act=act_by(cast.ada.user))


def listed(agent: Agent, query: str = "") -> list[int]:
    """Return the numbers of the rows, in the order shown."""
    return rows_in(get(agent, f"inbox{query}").content.decode())


def rows_in(page: str) -> list[int]:
    return [int(number) for number in re.findall(r'id="row-(\d+)"', page)]


def test_groups_tickets_by_whose_turn_it_is(cast: Cast) -> None:
    answered = cast.ticket("Answered", at=NOON)
    waiting = cast.ticket("Waiting for a first answer", at=NOON)
    again = cast.ticket("Came back", at=NOON)
    cast.staff_reply(answered)
    cast.staff_reply(again)
    cast.client_reply(again)
    page = get(cast.ben, "inbox").content.decode()
    assert listed(cast.ben) == [again.number, waiting.number, answered.number]
    places = [page.index(f'group-head">{turn}') for turn in ("Needs a reply", "Needs a first", "Awaiting")]
    assert places == sorted(places)


def test_says_who_wrote_where_it_was_not_the_requester(cast: Cast) -> None:
    own, shared = cast.ticket("Mine"), cast.ticket("Ours")
    cast.client_reply(own, "By myself.")
    new = NewMessage(from_text("By a colleague."))
    post_client_reply(ticket_id=shared.pk, contact=cast.dev, new=new, act=act_by(cast.dev.user))
    page = get(cast.ben, "inbox").content.decode()
    assert "Dev Das: By a colleague." in page
    assert "Cleo Clarke: By myself." not in page


def test_leaves_closed_tickets_to_their_own_view(cast: Cast) -> None:
    ticket = cast.ticket()
    close_ticket(ticket_id=ticket.pk, act=act_by(cast.ben.user))
    assert listed(cast.ben) == []
    assert listed(cast.ben, "?view=closed") == [ticket.number]


def test_shows_each_view_its_own_tickets(cast: Cast) -> None:
    mine, nobodys, pending = cast.ticket("Mine"), cast.ticket("Nobody's"), cast.ticket("Pending")
    assign(cast, mine, cast.ben)
    cast.staff_reply(pending)
    mention(cast, nobodys, cast.ben)
    place = DraftPlace(cast.ben.user, pending.pk, Audience.CLIENT)
    save_draft(place=place, content={"text": "Hi"}, revision=1, act=act_by(cast.ben.user))
    assert listed(cast.ben, "?view=mine") == [mine.number]
    assert set(listed(cast.ben, "?view=unassigned")) == {nobodys.number, pending.number}
    assert listed(cast.ben, "?view=mentions") == [nobodys.number]
    assert listed(cast.ben, "?view=drafts") == [pending.number]
    assert listed(cast.ben, "?view=awaiting") == [pending.number]
    assert listed(cast.ben, "?view=snoozed") == listed(cast.ben, "?view=spam") == []


def test_counts_only_mentions_not_seen_yet(cast: Cast) -> None:
    ticket = cast.ticket()
    mention(cast, ticket, cast.ben)
    assert '<span class="badge">1</span>' in get(cast.ben, "inbox").content.decode()
    get(cast.ben, f"tickets/{ticket.number}")
    assert '<span class="badge">' not in get(cast.ben, "inbox").content.decode()
    assert listed(cast.ben, "?view=mentions") == [ticket.number]


@pytest.mark.parametrize("query", ["?view=nonsense", "?view=", "?after=1.x.3", "?after=9.1.1", "?after=1.1.1' OR 1=1"])
def test_answers_400_to_a_list_there_is_none_of(cast: Cast, query: str) -> None:
    assert get(cast.ben, f"inbox{query}").status_code == 400


def test_marks_what_was_not_read(cast: Cast) -> None:
    ticket = cast.ticket()
    assert "data-unread" in get(cast.ben, "inbox").content.decode()
    mark_read(user=cast.ben.user, ticket_id=ticket.pk, position=1, act=act_by(cast.ben.user))
    assert "data-unread" not in get(cast.ben, "inbox").content.decode()
    cast.team_message(ticket)
    assert "data-unread" in get(cast.ben, "inbox").content.decode()


def test_shows_a_contractor_only_their_own_tickets(cast: Cast) -> None:
    theirs, other = cast.ticket("Theirs"), cast.ticket("Other")
    assign(cast, theirs, cast.kit)
    assert listed(cast.kit) == [theirs.number]
    assert other.subject not in get(cast.kit, "inbox?view=search&q=other").content.decode()


def test_searches_subjects_messages_and_people_by_the_beginnings_of_words(cast: Cast) -> None:
    first = cast.ticket("Checkout stalls", text="The button spins.")
    cast.ticket("Something else", text="Nothing.")
    for words in ("checko", "BUTTON spin", "stall"):
        assert listed(cast.ben, f"?q={words}") == [first.number]
    assert len(listed(cast.ben, "?q=cleo")) == 2
    assert listed(cast.ben, "?q=absent") == []
    assert "No ticket matches" in get(cast.ben, "inbox?q=absent").content.decode()


@pytest.mark.parametrize("words", ["'", "&", "'; DROP TABLE x", "a & b | !c", "😀", "%", "\\", "0" * 300])
def test_survives_whatever_is_typed_into_the_search(cast: Cast, words: str) -> None:
    cast.ticket()
    assert get(cast.ben, "inbox").status_code == 200
    assert browser_of(cast.ben).get("/workspace/inbox", {"q": words, "view": "search"}).status_code == 200


@pytest.mark.parametrize("typed", ["{}", "#{}"])
def test_a_typed_number_leads_to_the_ticket(cast: Cast, typed: str) -> None:
    ticket = cast.ticket()
    answer = browser_of(cast.ben).get("/workspace/inbox", {"q": typed.format(ticket.number)})
    assert answer["Location"] == f"/workspace/tickets/{ticket.number}"
    hidden = browser_of(cast.kit).get("/workspace/inbox", {"q": typed.format(ticket.number)})
    assert hidden.status_code == 200


def test_pages_through_every_ticket_once(cast: Cast) -> None:
    for index in range(PAGE_SIZE + 3):
        ticket = cast.ticket(f"Ticket {index}", at=NOON + timedelta(minutes=index // 2))
        if index % 3 == 0:
            cast.staff_reply(ticket, at=NOON + timedelta(hours=1))
    seen: list[int] = []
    address = "inbox"
    while address:
        page = get(cast.ben, address).content.decode()
        seen += rows_in(page)
        following = re.search(r'id="more" href="/workspace/([^"]+)"', page)
        address = following.group(1).replace("&amp;", "&") if following else ""
    assert len(seen) == len(set(seen)) == PAGE_SIZE + 3


def test_asks_the_database_as_often_for_fifty_tickets_as_for_one(cast: Cast) -> None:
    cast.ticket()
    browser = browser_of(cast.ben)
    with CaptureQueriesContext(connection) as few:
        browser.get("/workspace/inbox")
    for index in range(PAGE_SIZE):
        ticket = cast.ticket(f"Ticket {index}")
        assign(cast, ticket, cast.ben)
    with CaptureQueriesContext(connection) as many:
        browser.get("/workspace/inbox")
    assert len(many) == len(few) <= 7


def test_answers_a_script_with_the_list_and_the_counts_alone(cast: Cast) -> None:
    cast.ticket()
    part = get(cast.ben, "inbox", part=True)
    assert part.content.decode().lstrip().startswith('<section id="tickets"')
    assert "#nav-views" in part.content.decode()
    assert "HX-Request-Type" in part["Vary"]


def test_keeps_everyone_else_out(cast: Cast) -> None:
    assert get(cast.cleo, "inbox").status_code == 404
    assert get(cast.eve, "inbox").status_code == 404
    assert Browser().get("/workspace/inbox")["Location"].startswith("/sign-in")


def test_leads_from_the_root_to_the_inbox(cast: Cast) -> None:
    assert get(cast.ben, "")["Location"] == "/workspace/inbox"

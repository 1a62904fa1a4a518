from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from deskhand.clients.actions.people import contact_of_agent, create_contact
from deskhand.events import Via
from deskhand.tickets.actions.assignment import add_participant, set_assignees
from deskhand.tickets.actions.attaching import attach_files
from deskhand.tickets.actions.conversation import NewMessage, hold_message, post_client_reply
from deskhand.tickets.actions.drafts import mark_read
from deskhand.tickets.actions.opening import NewTicket, open_ticket
from deskhand.tickets.bodies import from_mail, from_text
from deskhand.tickets.models import Message, ReadMarker, Source, Ticket
from tests.cast import NOON, Cast, act_by
from tests.portal import plans
from tests.workspace.browsing import browser_of, get, post


def show(cast: Cast, ticket: Ticket) -> str:
    return str(get(cast.ben, f"tickets/{ticket.number}").content.decode())


def mail_from_cleo(cast: Cast, ticket: Ticket, html: str, *, is_auto_reply: bool = False) -> Message:
    new = NewMessage(from_mail(html=html, text="As text", quoted_html="<p>Quoted earlier words</p>"))
    act = act_by(cast.cleo.user, via=Via.MAIL, at=NOON + timedelta(hours=1))
    return post_client_reply(
        ticket_id=ticket.pk, contact=cast.cleo, new=new, act=act, is_auto_reply=is_auto_reply
    )  # fmt: skip


def test_shows_both_kinds_of_entries_and_what_happened_between_them(cast: Cast) -> None:
    ticket = cast.ticket(text="It spins and spins.")
    cast.staff_reply(ticket, "We look into it.")
    cast.team_message(ticket, "They are cross.")
    set_assignees(ticket_id=ticket.pk, agents=[cast.ben], act=act_by(cast.ben.user, at=NOON + timedelta(hours=3)))
    page = get(cast.ben, f"tickets/{ticket.number}/timeline", part=True).content.decode()
    for words in ("It spins and spins.", "We look into it.", "They are cross.", "Team only", "took this ticket"):
        assert words in page
    assert page.index("It spins and spins.") < page.index("We look into it.") < page.index("They are cross.")


def test_says_nothing_of_status_moves_that_a_message_explains(cast: Cast) -> None:
    ticket = cast.ticket()
    cast.staff_reply(ticket)
    assert "set the status to" not in show(cast, ticket)
    assert "set the status to" in get(cast.ben, f"tickets/{ticket.number}/history").content.decode()


def test_keeps_the_list_it_came_from_beside_it(cast: Cast) -> None:
    ticket, other = cast.ticket("This one"), cast.ticket("Another")
    set_assignees(ticket_id=ticket.pk, agents=[cast.ben], act=act_by(cast.ben.user))
    page = get(cast.ben, f"tickets/{ticket.number}?view=mine").content.decode()
    assert f"row-{ticket.number}" in page
    assert f"row-{other.number}" not in page
    assert f"/workspace/tickets/{ticket.number}/closing?view=mine" in page


def test_opening_marks_it_as_read_and_fetching_ahead_does_not(cast: Cast) -> None:
    ticket = cast.ticket()
    get(cast.ben, f"tickets/{ticket.number}", part=True)
    assert not ReadMarker.objects.filter(user=cast.ben.user).exists()
    get(cast.ben, f"tickets/{ticket.number}")
    assert ReadMarker.objects.get(user=cast.ben.user).position == 1


def test_a_part_asks_to_be_marked_as_read_once_it_is_seen(cast: Cast) -> None:
    ticket = cast.ticket()
    part = get(cast.ben, f"tickets/{ticket.number}", part=True).content.decode()
    assert f'hx-post="/workspace/tickets/{ticket.number}/reading"' in part
    answer = post(cast.ben, f"tickets/{ticket.number}/reading", {"position": "999"}, part=True)
    assert f"#row-{ticket.number}" in answer.content.decode()
    assert ReadMarker.objects.get(user=cast.ben.user).position == 1
    assert "/reading" not in get(cast.ben, f"tickets/{ticket.number}", part=True).content.decode()


def test_an_agent_who_is_a_contact_too_is_no_client_who_read_it(cast: Cast) -> None:
    ticket = cast.ticket()
    cast.staff_reply(ticket)
    contact_of_agent(cast.ben, act=act_by(cast.ben.user))
    show(cast, ticket)
    assert "by Ben Baker" not in show(cast, ticket)
    mark_read(ticket_id=ticket.pk, user=cast.cleo.user, position=2, act=act_by(cast.cleo.user))
    assert "by Cleo Clarke" in show(cast, ticket)


def test_marks_what_is_new_since_it_was_read(cast: Cast) -> None:
    ticket = cast.ticket()
    assert 'divider">New<' not in show(cast, ticket)
    cast.client_reply(ticket, "Another thing.")
    page = show(cast, ticket)
    thread = page[page.index('id="timeline"') :]
    assert thread.index("It spins.") < thread.index('<p class="divider">New</p>') < thread.index("Another thing.")
    assert 'divider">New<' not in show(cast, ticket)


def test_folds_what_was_read_long_ago_and_unfolds_it_again(cast: Cast) -> None:
    ticket = cast.ticket(text="The very first words")
    for index in range(12):
        cast.client_reply(ticket, f"Reply {index}", at=NOON + timedelta(hours=index))
    assert "The very first words" in show(cast, ticket)
    page = show(cast, ticket)
    assert "5 earlier messages" in page
    assert "The very first words" not in page
    whole = get(cast.ben, f"tickets/{ticket.number}/timeline?read_to=13&whole=1", part=True).content.decode()
    assert "The very first words" in whole


def test_says_who_read_it_in_the_portal(cast: Cast) -> None:
    ticket = cast.ticket()
    cast.staff_reply(ticket)
    assert "Seen in the portal" not in show(cast, ticket)
    mark_read(user=cast.cleo.user, ticket_id=ticket.pk, position=2, act=act_by(cast.cleo.user))
    assert "Seen in the portal by Cleo Clarke" in show(cast, ticket)


def test_frames_mail_with_a_layout_and_shows_plain_mail_in_place(cast: Cast) -> None:
    ticket = cast.ticket()
    fancy = mail_from_cleo(cast, ticket, '<table><tr><td style="color:red">Cell words</td></tr></table>')
    plain = mail_from_cleo(cast, ticket, "<p>Plain words</p>")
    page = show(cast, ticket)
    assert "Plain words" in page
    assert "Cell words" not in page
    assert f"messages/{fancy.public_id}/body" in page
    assert "Quoted earlier words" not in page
    framed = get(cast.ben, f"tickets/{ticket.number}/messages/{fancy.public_id}/body")
    assert "Cell words" in framed.content.decode()
    assert "default-src 'none'" in framed["Content-Security-Policy"]
    quoted = get(cast.ben, f"tickets/{ticket.number}/messages/{plain.public_id}/body?quoted")
    assert "Quoted earlier words" in quoted.content.decode()


def test_collapses_automatic_replies(cast: Cast) -> None:
    ticket = cast.ticket()
    mail_from_cleo(cast, ticket, "<p>I am away.</p>", is_auto_reply=True)
    page = show(cast, ticket)
    assert page.index("<summary>Automatic reply</summary>") < page.index("I am away.")


def test_explains_a_held_message_and_lets_it_in(cast: Cast) -> None:
    ticket = cast.ticket()
    new = NewMessage(from_text("May I join?"))
    held = hold_message(ticket_id=ticket.pk, author=cast.eve.user, new=new, act=act_by(cast.eve.user, via=Via.MAIL))
    assert "Held back." in show(cast, ticket)
    post(cast.ben, f"tickets/{ticket.number}/acceptance", {"message": held.public_id})
    held.refresh_from_db()
    assert not held.is_held
    assert "Held back." not in show(cast, ticket)


def test_accepts_no_message_of_another_ticket(cast: Cast) -> None:
    ticket, other = cast.ticket(), cast.ticket("Other")
    message = Message.objects.get(ticket=other)
    answer = post(cast.ben, f"tickets/{ticket.number}/acceptance", {"message": message.public_id}, part=True)
    assert answer.status_code == 422


def test_shows_files_of_messages_and_of_the_ticket(cast: Cast) -> None:
    ticket = cast.ticket()
    cast.staff_reply(ticket, files=[cast.upload(cast.ben.user, name="plan.png")])
    late = cast.upload(cast.cleo.user, name="late.pdf", content=b"%PDF")
    attach_files(ticket_id=ticket.pk, files=[late], act=act_by(cast.cleo.user))
    page = show(cast, ticket)
    assert "plan.png" in page
    assert "late.pdf" in page


def test_names_whom_a_reply_goes_to(cast: Cast) -> None:
    ticket = cast.ticket()
    add_participant(ticket_id=ticket.pk, contact=cast.dev, act=act_by(cast.cleo.user))
    page = show(cast, ticket)
    assert 'To <strong class="font-medium text-ink">Cleo Clarke</strong>, cc Dev Das' in page


def test_escapes_everything_people_wrote(cast: Cast) -> None:
    evil = "<script>alert(1)</script>"
    ticket = cast.ticket(evil, text=evil)
    cast.team_message(ticket, evil)
    assert "<script>alert" not in show(cast, ticket)


def test_keeps_addresses_and_numbers_from_a_contractor(cast: Cast) -> None:
    nameless = create_contact(email="secret@acme.example", name="", client=cast.acme, act=act_by(None))
    new = NewTicket(subject="Help", requester=nameless, author=nameless.user, source=Source.EMAIL)
    ticket = open_ticket(ticket=new, first=NewMessage(from_text("Hi")), act=act_by(nameless.user))
    cast.staff_reply(ticket)
    set_assignees(ticket_id=ticket.pk, agents=[cast.kit], act=act_by(cast.ada.user))
    assert "secret@acme.example" in show(cast, ticket)
    for path in ("inbox", f"tickets/{ticket.number}", f"tickets/{ticket.number}/history"):
        page = get(cast.kit, path).content.decode()
        assert "secret@acme.example" not in page
        assert "secret" in page


def test_shows_other_tickets_of_the_client_that_this_agent_may_see(cast: Cast) -> None:
    ticket, other = cast.ticket(), cast.ticket("Another of Acme")
    cast.opened_by(cast.eve, subject="Of another client")
    set_assignees(ticket_id=ticket.pk, agents=[cast.kit], act=act_by(cast.ada.user))
    details = get(cast.ben, f"tickets/{ticket.number}/details", part=True).content.decode()
    assert other.subject in details
    assert "Of another client" not in details
    assert other.subject not in get(cast.kit, f"tickets/{ticket.number}/details", part=True).content.decode()


def test_tells_the_whole_history_with_times_people_and_doors(cast: Cast) -> None:
    ticket = cast.ticket()
    post(cast.ben, f"tickets/{ticket.number}/priority", {"priority": "urgent"})
    page = get(cast.ben, f"tickets/{ticket.number}/history").content.decode()
    assert "18 Nov 2026, 12:00" in page
    assert "through the client portal" in page
    assert "through the workspace" in page
    assert "opened this ticket" in page


def test_does_not_ask_the_database_more_for_a_longer_thread(cast: Cast) -> None:
    ticket = cast.ticket()
    plans.start(cast)
    plans.log(cast, ticket, 600)
    browser, path = browser_of(cast.ben), f"/workspace/tickets/{ticket.number}"
    browser.get(path)
    with CaptureQueriesContext(connection) as few:
        browser.get(path)
    for index in range(10):
        cast.staff_reply(ticket, files=[cast.upload(cast.ben.user, name=f"{index}.png")])
        cast.client_reply(ticket, at=NOON + timedelta(hours=index))
        cast.team_message(ticket)
        plans.log(cast, ticket, 5)
    plans.start(cast, site="shop.example")
    mark_read(user=cast.ben.user, ticket_id=ticket.pk, position=31, act=act_by(cast.ben.user))
    with CaptureQueriesContext(connection) as many:
        browser.get(path)
    assert len(many) == len(few) <= 15


@pytest.mark.parametrize("path", ["", "/timeline", "/details", "/history", "/row", "/people", "/note"])
def test_strangers_learn_nothing(cast: Cast, path: str) -> None:
    ticket = cast.ticket()
    address = f"tickets/{ticket.number}{path}"
    assert get(cast.kit, address).status_code == 404
    assert get(cast.cleo, address).status_code == 404
    assert get(cast.eve, address).status_code == 404
    assert Browser().get(f"/workspace/{address}").status_code == 302
    assert get(cast.ben, f"tickets/999999{path}").status_code == 404
    assert get(cast.ada, address).status_code == 200


def test_a_row_is_fetched_alone(cast: Cast) -> None:
    ticket = cast.ticket()
    row = get(cast.ben, f"tickets/{ticket.number}/row?view=mine", part=True).content.decode()
    assert row.strip().startswith(f'<li id="row-{ticket.number}"')
    assert f"/workspace/tickets/{ticket.number}?view=mine" in row


def test_leads_to_the_client_where_the_role_may_see_clients(cast: Cast) -> None:
    ticket = cast.ticket()
    set_assignees(ticket_id=ticket.pk, agents=[cast.kit], act=act_by(cast.ada.user))
    address = f'href="/workspace/clients/{cast.acme.public_id}"'
    assert address in show(cast, ticket)
    assert address not in get(cast.kit, f"tickets/{ticket.number}").content.decode()

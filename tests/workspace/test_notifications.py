import re
from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from deskhand.accounts.models import Agent
from deskhand.notifications.actions.telling import tell
from deskhand.notifications.happenings import Happening
from deskhand.notifications.models import AlertContact, Choice, Notification
from deskhand.notifications.topics import Topic
from deskhand.sla.models import Alert
from deskhand.tickets.actions.assignment import set_assignees
from deskhand.tickets.models import Ticket
from tests.cast import NOON, Cast, act_by
from tests.workspace.browsing import browser_of, get, post


def told_of(ticket: Ticket, agent: Agent, *, topic: Topic = Topic.ASSIGNED, about_id: int = 0, minute: int = 0) -> None:
    """Tell an agent something about a ticket."""
    at = NOON + timedelta(minutes=minute)
    happening = Happening(topic=topic, ticket_id=ticket.pk, at=at, agent_ids=(agent.pk,), about_id=about_id)
    tell(happening, now=at)


def badge(cast: Cast, agent: Agent) -> str:
    """Return the bell's number."""
    found = re.search(r'class="badge">(\d+)', get(agent, "notifications/bell").content.decode())
    return found[1] if found else ""


def test_the_bell_counts_and_lists_what_was_told(cast: Cast) -> None:
    ticket = cast.ticket()
    message = cast.team_message(ticket, "The <b>cache</b> is stale.")
    told_of(ticket, cast.ben)
    told_of(ticket, cast.ben, topic=Topic.MENTIONED, about_id=message.pk)
    assert badge(cast, cast.ben) == "2"
    assert badge(cast, cast.ada) == ""
    page = get(cast.ben, "notifications").content.decode()
    assert "The &lt;b&gt;cache&lt;/b&gt; is stale." in page
    assert f"/workspace/tickets/{ticket.number}" in page
    assert "Nothing yet" in get(cast.ada, "notifications").content.decode()


def test_opening_the_ticket_marks_what_was_told_of_it(cast: Cast) -> None:
    ticket, other = cast.ticket(), cast.ticket("Another")
    told_of(ticket, cast.ben)
    told_of(other, cast.ben)
    get(cast.ben, f"tickets/{ticket.number}")
    assert list(Notification.objects.unread().values_list("ticket", flat=True)) == [other.pk]


def test_marks_one_and_all_but_only_ones_own(cast: Cast) -> None:
    ticket = cast.ticket()
    for minute in range(3):
        told_of(ticket, cast.ben, minute=minute)
    first = Notification.objects.order_by("pk")[0]
    post(cast.ada, f"notifications/{first.pk}/reading")
    post(cast.ada, "notifications/reading", {"up_to": "999999"})
    assert badge(cast, cast.ben) == "3"
    post(cast.ben, f"notifications/{first.pk}/reading")
    assert badge(cast, cast.ben) == "2"
    for nonsense in ("", "x", "-1", "9" * 40):
        assert post(cast.ben, "notifications/reading", {"up_to": nonsense}).status_code == 302
    assert badge(cast, cast.ben) == "2"
    post(cast.ben, "notifications/reading", {"up_to": str(first.pk + 1)})
    assert badge(cast, cast.ben) == "1"
    assert "Nothing new" not in get(cast.ben, "notifications?show=unread").content.decode()


def test_shows_nothing_of_a_ticket_out_of_sight(cast: Cast) -> None:
    ticket = cast.ticket("Secret subject")
    set_assignees(ticket_id=ticket.pk, agents=[cast.kit], act=act_by(cast.ada.user))
    told_of(ticket, cast.kit)
    assert badge(cast, cast.kit) == "1"
    set_assignees(ticket_id=ticket.pk, agents=[], act=act_by(cast.ada.user))
    assert badge(cast, cast.kit) == ""
    assert "Secret subject" not in get(cast.kit, "notifications").content.decode()


def test_pages_through_every_notice_in_as_many_queries(cast: Cast) -> None:
    ticket = cast.ticket()
    told_of(ticket, cast.ben)
    browser = browser_of(cast.ben)
    with CaptureQueriesContext(connection) as few:
        browser.get("/workspace/notifications")
    for minute in range(1, 60):
        told_of(ticket, cast.ben, minute=minute)
    with CaptureQueriesContext(connection) as many:
        page = browser.get("/workspace/notifications").content.decode()
    assert len(many) == len(few)
    assert page.count('class="notice-row') == 50
    following = re.search(r'href="(/workspace/notifications\?after=\d+)"', page)
    assert following is not None
    assert browser.get(following[1]).content.decode().count('class="notice-row') == 10
    assert browser.get("/workspace/notifications?after=x").status_code == 400


def test_choices_are_kept_where_they_differ_from_the_roles(cast: Cast) -> None:
    page = get(cast.ben, "profile/notifications").content.decode()
    assert 'name="assigned-mail" aria-label="By e-mail when a ticket is assigned to me" checked' in page
    post(cast.ben, "profile/notifications", {"assigned-app": "on", "new_ticket-mail": "on", "nonsense-app": "on"})
    assigned = Choice.objects.get(agent=cast.ben, topic=Topic.ASSIGNED)
    assert (assigned.in_app, assigned.by_mail) == (True, False)
    assert Choice.objects.get(agent=cast.ben, topic=Topic.NEW_TICKET).by_mail
    assert not Choice.objects.filter(topic=Topic.ON_CALL).exists()
    assert "allowance" not in get(cast.kit, "profile/notifications").content.decode().split("<tbody>")[1]


def test_the_link_of_a_mail_asks_before_it_takes_an_alert_on(cast: Cast) -> None:
    ticket = cast.ticket()
    Alert.objects.create(ticket=ticket, raised_at=NOON, repeat_at=NOON)
    page = get(cast.ben, f"tickets/{ticket.number}/on-call").content.decode()
    assert f"/workspace/tickets/{ticket.number}/acknowledgement" in page
    assert Alert.objects.unanswered().exists()
    post(cast.ben, f"tickets/{ticket.number}/acknowledgement")
    assert "is taken on" in get(cast.ben, f"tickets/{ticket.number}/on-call").content.decode()


def test_contacts_to_alert_are_chosen_on_the_clients_page(cast: Cast) -> None:
    address = f"clients/{cast.acme.public_id}/allowance"
    assert "Cleo Clarke" in get(cast.ada, address).content.decode()
    post(cast.ada, f"{address}/alerts", {"contact": [str(cast.cleo.pk), "x", str(cast.eve.pk)]})
    assert [row.contact_id for row in AlertContact.objects.all()] == [cast.cleo.pk]
    post(cast.ada, f"{address}/alerts", {})
    assert not AlertContact.objects.exists()

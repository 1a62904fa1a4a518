"""A word of its own in everything internal; none of them ever occurs in an answer to a client."""

import re
from collections.abc import Iterator
from datetime import date

from django.utils import timezone

from deskhand.accounts.models import Team
from deskhand.allowances.actions.time import NewTime, log_time
from deskhand.files.models import File
from deskhand.tickets.actions.assignment import follow, set_team
from deskhand.tickets.actions.conversation import NewMessage, hold_message
from deskhand.tickets.actions.properties import set_due, set_priority, set_tags
from deskhand.tickets.actions.status import set_status
from deskhand.tickets.actions.team import edit_note, post_team_message
from deskhand.tickets.bodies import from_mail, from_text
from deskhand.tickets.models import Message, Priority, Status, Ticket
from tests.cast import Cast, act_by
from tests.portal.plans import start as start_plan
from tests.portal.plans import today
from tests.web.visitors import signed_in

SECRETS = [
    "zq-team-message", "zq-team-file", "zq-note", "zq-tag", "zq-status", "zq-team-name", "zq-held", "zq-held-file",
    "zq-quoted", "zq-work", "zq-charge", "Kit Carr", "Urgent", "Snoozed", "Pending", "Spam",
]  # fmt: skip
DUE_YEAR = re.compile(r"\b2031\b")  # as a word: tokens and times hold all sorts of digits


def _load_with_secrets(cast: Cast) -> Ticket:
    ticket = cast.ticket(text="Plain words.")
    by_ben, pk = act_by(cast.ben.user), ticket.pk
    files = [cast.upload(cast.ben.user, name="zq-team-file.png")]
    internal = NewMessage(from_text("zq-team-message"), files=files)
    post_team_message(ticket_id=pk, agent=cast.ben, new=internal, act=by_ben)
    edit_note(ticket_id=pk, text="zq-note", seen_version=0, act=by_ben)
    set_tags(ticket_id=pk, names=["zq-tag"], act=by_ben)
    set_status(ticket_id=pk, status=Status.objects.create(name="zq-status", kind="open"), act=by_ben)
    set_team(ticket_id=pk, team=Team.objects.create(name="zq-team-name"), act=by_ben)
    set_due(ticket_id=pk, due_on=date(2031, 3, 4), act=by_ben)
    set_priority(ticket_id=pk, priority=Priority.URGENT, act=by_ben)
    follow(ticket_id=pk, agent=cast.kit, act=by_ben)
    start_plan(cast)
    work = NewTime(
        work_on=today(), actual_minutes=45, description="zq-work", charged_minutes=40, charge_note="zq-charge"
    )
    log_time(ticket_id=pk, agent=cast.ben, new=work, today=today(), act=act_by(cast.ben.user, at=timezone.now()))
    held = NewMessage(from_text("zq-held"), files=[cast.upload(cast.eve.user, name="zq-held-file.txt", content=b"x")])
    hold_message(ticket_id=pk, author=cast.eve.user, new=held, act=act_by(cast.eve.user))
    cast.staff_reply(ticket, "We are on it.")
    quoted = from_mail(html="", text="An answer.", quoted_html="<p>zq-quoted</p>")
    Message.objects.filter(ticket=ticket, is_held=False).update(quoted_html=quoted.quoted_html)
    return ticket


def _pages(ticket: Ticket) -> Iterator[str]:
    yield from ("/", "/tickets", "/tickets/search", "/tickets/closed", "/tickets/new", "/details")
    yield from ("/files", "/files?q=zq", "/help", "/people")
    yield from (f"/tickets/search?q={word}" for word in ("plain", "zq", "checkout"))
    yield from (f"/tickets/{ticket.number}", f"/tickets/{ticket.number}/opened")
    yield from ("/maintenance", "/maintenance/export", "/tickets/similar?subject=The+checkout+stalls")
    for message in Message.objects.filter(ticket=ticket):
        yield f"/tickets/{ticket.number}/messages/{message.public_id}/body"


def test_no_page_tells_a_client_anything_internal(cast: Cast) -> None:
    ticket = _load_with_secrets(cast)
    for contact in (cast.cleo, cast.dev):
        browser = signed_in(contact.user)
        for path in _pages(ticket):
            answer = browser.get(path)
            text = answer.content.decode() + str(answer.headers)
            searched = path.partition("q=")[2]
            found = [secret for secret in SECRETS if secret in text.replace(f"“{searched}”", "")]
            found += DUE_YEAR.findall(text)
            assert found == [], f"{path} tells {found}"


def test_a_held_message_is_not_framed_either(cast: Cast) -> None:
    ticket = _load_with_secrets(cast)
    held = Message.objects.get(ticket=ticket, is_held=True)
    address = f"/tickets/{ticket.number}/messages/{held.public_id}/body"
    assert signed_in(cast.cleo.user).get(address).status_code == 404


def test_no_file_of_the_team_or_of_a_held_message_can_be_fetched(cast: Cast) -> None:
    _load_with_secrets(cast)
    browser = signed_in(cast.cleo.user)
    for file in File.objects.filter(name__startswith="zq-"):
        assert browser.get(file.url).status_code == 404


def test_no_place_in_the_thread_betrays_a_team_message(cast: Cast) -> None:
    with_team, without = cast.ticket("One"), cast.ticket("Two")
    cast.team_message(with_team)
    browser = signed_in(cast.cleo.user)
    pages = []
    for ticket in (with_team, without):
        cast.staff_reply(ticket, "Same.")
        page = browser.get(f"/tickets/{ticket.number}").content.decode()
        pages.append(page.count("<li") + page.count("position"))
    assert pages[0] == pages[1]


def test_a_search_for_internal_words_finds_nothing(cast: Cast) -> None:
    _load_with_secrets(cast)
    browser = signed_in(cast.cleo.user)
    for word in ("zq-team-message", "zq-note", "zq-tag", "zq-held", "zq-quoted"):
        assert "Nothing matches" in browser.get("/tickets/search", {"q": word}).content.decode()

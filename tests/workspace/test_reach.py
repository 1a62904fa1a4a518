"""Whom an answer reaches by mail, said beside the composer and below the answer; and what extra work would leave."""

import pytest
from django.utils import timezone

from deskhand.allowances.actions.estimates import ask_approval
from deskhand.clients.actions.own_details import set_ticket_mail
from deskhand.clients.models import Contact
from deskhand.mail.models import OutboundMail, SuppressedAddress
from deskhand.mail.queries.reach import reach_of
from deskhand.tickets.actions.assignment import add_participant
from deskhand.tickets.actions.unfollowing import unfollow_as_contact
from deskhand.tickets.models import Ticket
from tests.cast import NOON, Cast, act_by
from tests.portal.plans import log, start
from tests.workspace.browsing import get, post

NOBODY = "Nobody gets this by mail"


def page(cast: Cast, ticket: Ticket) -> str:
    return str(get(cast.ben, f"tickets/{ticket.number}").content.decode())


def reads_in_portal(contact: Contact, _ticket: Ticket) -> str:
    set_ticket_mail(contact=contact, gets_mail=False, act=act_by(contact.user))
    return "reads in the portal only"


def unfollowed(contact: Contact, ticket: Ticket) -> str:
    unfollow_as_contact(ticket_id=ticket.pk, contact=contact, act=act_by(contact.user))
    return "unfollowed this ticket"


def comes_back(contact: Contact, _ticket: Ticket) -> str:
    SuppressedAddress.objects.create(address=contact.email, reason="550 No such user", added_at=NOON)
    return "mail to the address comes back"


@pytest.mark.parametrize("happened", [reads_in_portal, unfollowed, comes_back])
def test_the_composer_says_that_nobody_gets_mail_and_why(cast: Cast, happened: object) -> None:
    ticket = cast.ticket()
    assert NOBODY not in page(cast, ticket)
    why = happened(cast.cleo, ticket)  # type: ignore[operator]
    shown = page(cast, ticket)
    assert NOBODY in shown
    assert why in reach_of(ticket.pk).words
    assert why in shown
    add_participant(ticket_id=ticket.pk, contact=cast.dev, act=act_by(cast.cleo.user))
    shown = page(cast, ticket)
    assert NOBODY not in shown
    assert "Not all by mail" in shown


def test_names_are_shortened_and_never_what_stands_beside_them(cast: Cast) -> None:
    ticket = cast.ticket()
    add_participant(ticket_id=ticket.pk, contact=cast.dev, act=act_by(cast.cleo.user))
    for contact in (cast.cleo, cast.dev):
        reads_in_portal(contact, ticket)
    names, _, beside = page(cast, ticket).partition('<span class="truncate" title="Cleo ')[2].partition("</span>")
    assert names.endswith(f", cc {cast.dev.name}")
    assert NOBODY in beside.partition("</p>")[0]


def test_an_answer_that_nobody_got_says_so(cast: Cast) -> None:
    ticket = cast.ticket()
    cast.staff_reply(ticket, "By mail.")
    assert "Nobody got this by mail" not in page(cast, ticket)
    set_ticket_mail(contact=cast.cleo, gets_mail=False, act=act_by(cast.cleo.user))
    cast.staff_reply(ticket, "In the portal.")
    assert page(cast, ticket).count("Nobody got this by mail. It waits in the portal.") == 1


@pytest.mark.parametrize(("minutes", "says"), [(30, "leave"), (90, "beyond")])
def test_an_estimate_says_what_it_would_leave(cast: Cast, minutes: int, says: str) -> None:
    ticket = cast.ticket()
    start(cast)
    log(cast, ticket, 420)
    act = act_by(cast.ben.user, at=timezone.now())
    ask_approval(ticket_id=ticket.pk, agent=cast.ben, minutes=minutes, description="A form", act=act)
    shown = get(cast.ada, f"tickets/{ticket.number}").content.decode()
    assert "1h left now; approved, it would" in shown
    assert says in shown.partition("approved, it would")[2][:120]


def test_who_was_never_here_is_invited_and_others_get_a_link(cast: Cast) -> None:
    path = f"contacts/{cast.cleo.pk}"
    assert "Invite to the portal" in get(cast.ada, path).content.decode()
    post(cast.ada, f"{path}/sign-in-link")
    assert "Ada Admin invites you" in OutboundMail.objects.get(kind="invitation").subject
    cast.cleo.user.last_login = NOON
    cast.cleo.user.save()
    post(cast.ada, f"{path}/sign-in-link")
    assert OutboundMail.objects.filter(kind="sign_in_link").count() == 1

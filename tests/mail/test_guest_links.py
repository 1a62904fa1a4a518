from email import message_from_bytes
from typing import Any

from allauth.account.models import EmailAddress

from deskhand.accounts.actions.signing_in import request_sign_in_link
from deskhand.clients.actions.own_details import set_ticket_mail
from deskhand.mail.actions.texts import change_mail_settings
from deskhand.mail.guest_links import without_links
from deskhand.mail.models import OutboundKind, OutboundMail, Quote
from deskhand.mail.wire import bytes_of
from deskhand.tickets.actions.assignment import add_participant
from deskhand.tickets.actions.status import close_ticket
from deskhand.tickets.actions.unfollowing import unfollow_as_contact
from deskhand.tickets.links import Purpose, read_token
from tests.cast import NOON, Cast, act_by


def the_mail() -> OutboundMail:
    return OutboundMail.objects.get(kind=OutboundKind.REPLY)


def test_a_mail_to_one_contact_leads_to_the_ticket_without_an_account(cast: Cast) -> None:
    ticket = cast.ticket()
    cast.staff_reply(ticket)
    token = the_mail().text.partition("/t/")[2].split()[0]
    guest = read_token(Purpose.GUEST, token, now=NOON)
    assert (guest.ticket, guest.contact) == (ticket, cast.cleo)
    assert f"/t/{token}" in the_mail().html


def test_a_mail_to_several_people_carries_nobodys_link(cast: Cast) -> None:
    ticket = cast.ticket()
    add_participant(ticket_id=ticket.pk, contact=cast.dev, act=act_by(cast.cleo.user))
    cast.staff_reply(ticket)
    raw = bytes_of(the_mail()).decode()
    assert "/t/" not in the_mail().text + the_mail().html
    assert f"/tickets/{ticket.number}" in the_mail().text
    assert "List-Unsubscribe" not in raw


def test_who_has_a_password_signs_in(cast: Cast) -> None:
    cast.cleo.user.set_password("a good long password")
    cast.cleo.user.save()
    cast.staff_reply(cast.ticket())
    assert "/t/" not in the_mail().text + the_mail().html


def test_the_unsubscribe_field_leads_to_unfollowing_and_opens_nothing(cast: Cast) -> None:
    ticket = cast.ticket()
    cast.staff_reply(ticket)
    field = message_from_bytes(bytes_of(the_mail()))["List-Unsubscribe"]
    token = field.strip("<>").rpartition("/unfollow/")[2]
    assert read_token(Purpose.UNFOLLOW, token, now=NOON).contact == cast.cleo
    assert token not in the_mail().text + the_mail().html


def test_sign_in_links_still_come_by_mail_to_who_reads_in_the_portal_alone(cast: Cast) -> None:
    set_ticket_mail(contact=cast.cleo, gets_mail=False, act=act_by(cast.cleo.user))
    request_sign_in_link(address="cleo@acme.example", act=act_by(None))
    assert OutboundMail.objects.get(kind=OutboundKind.SIGN_IN_LINK).recipients_line == "cleo@acme.example"
    cast.staff_reply(cast.ticket())
    assert not OutboundMail.objects.filter(kind=OutboundKind.REPLY).exists()


def test_a_closing_is_not_announced_to_who_unfollowed(cast: Cast) -> None:
    EmailAddress.objects.update_or_create(
        email=cast.cleo.email, defaults={"user": cast.cleo.user, "verified": True, "primary": True}
    )
    by_ada = act_by(cast.ada.user)
    change_mail_settings(acknowledges=False, announces_closing=True, quote=Quote.NONE, act=by_ada)
    ticket = cast.ticket()
    unfollow_as_contact(ticket_id=ticket.pk, contact=cast.cleo, act=act_by(cast.cleo.user))
    close_ticket(ticket_id=ticket.pk, act=by_ada)
    assert not OutboundMail.objects.filter(kind=OutboundKind.CLOSED).exists()


def test_an_answer_that_quotes_the_link_brings_it_to_nobody(settings: Any) -> None:
    base = settings.BASE_URL
    said = f'> See it online: {base}/t/secret-token:abc\n<a href="{base}/unfollow/other:token">stop</a>'
    kept = without_links(said)
    assert "secret-token" not in kept
    assert "other:token" not in kept
    assert f'<a href="{base}/tickets">stop</a>' in kept

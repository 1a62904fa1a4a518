import pytest

from deskhand.accounts.actions.people import AddressTaken
from deskhand.accounts.models import SignInLink, User
from deskhand.clients.actions.contacts import (
    BelongsElsewhere,
    ContactDetails,
    change_contact,
    join_client,
    send_sign_in_link,
)
from deskhand.clients.actions.people import create_contact
from deskhand.clients.models import Contact
from deskhand.events.models import Event
from deskhand.tickets.models import Ticket
from tests.cast import Cast, act_by


def test_a_contact_is_changed(cast: Cast) -> None:
    details = ContactDetails(
        name="Cleo Clark", email="Cleo.Clark@acme.example", title="CEO", phone="1", sees_whole_client=False
    )
    change_contact(contact_id=cast.cleo.pk, details=details, act=act_by(cast.ben.user))
    cleo = Contact.objects.with_people().get(pk=cast.cleo.pk)
    assert (cleo.name, cleo.email, cleo.title) == ("Cleo Clark", "cleo.clark@acme.example", "CEO")
    assert not cleo.sees_whole_client
    event = Event.objects.get(kind="contact.changed")
    assert event.data == {"fields": ["title", "phone", "sees_whole_client", "name"]}


def test_nothing_changes_when_the_address_is_taken(cast: Cast) -> None:
    details = ContactDetails(name="Someone", email="eve@other.example")
    with pytest.raises(AddressTaken):
        change_contact(contact_id=cast.cleo.pk, details=details, act=act_by(cast.ben.user))
    assert User.objects.get(pk=cast.cleo.user_id).name == "Cleo Clarke"


def test_a_contact_without_client_joins_one_and_earlier_tickets_stay_their_own(cast: Cast) -> None:
    act = act_by(cast.ben.user)
    lone = create_contact(email="lone@nowhere.example", name="Lone", act=act)
    ticket = cast.opened_by(lone)
    join_client(contact_id=lone.pk, client=cast.acme, act=act)
    lone = Contact.objects.with_people().get(pk=lone.pk)
    assert Ticket.objects.visible_to(lone).filter(pk=ticket.pk).exists()
    assert not Ticket.objects.visible_to(cast.dev).filter(pk=ticket.pk).exists()
    assert Event.objects.get(kind="contact.joined_client").data["client_name"] == "Acme"


def test_a_contact_of_one_client_cannot_be_moved_to_another(cast: Cast) -> None:
    with pytest.raises(BelongsElsewhere):
        join_client(contact_id=cast.eve.pk, client=cast.acme, act=act_by(cast.ben.user))


def test_a_sign_in_link_goes_to_those_who_may_sign_in(cast: Cast) -> None:
    assert send_sign_in_link(contact=cast.cleo, act=act_by(cast.ben.user))
    assert SignInLink.objects.get().user == cast.cleo.user
    User.objects.filter(pk=cast.cleo.user_id).update(is_active=False)
    assert not send_sign_in_link(contact=cast.cleo, act=act_by(cast.ben.user))

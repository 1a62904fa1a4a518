import pytest

from deskhand.clients.actions.colleagues import (
    LastInviter,
    OneselfUntouched,
    Rights,
    change_rights,
    let_in_again,
    remove_colleague,
)
from deskhand.clients.actions.people import create_contact
from deskhand.clients.models import Contact
from deskhand.events.models import Event
from tests.cast import Cast, act_by

ALL, NONE = Rights(True, True, True), Rights(False, False, False)


@pytest.fixture(autouse=True)
def cleo_manages(cast: Cast) -> None:
    Contact.objects.filter(pk=cast.cleo.pk).update(is_client_admin=True)


def test_staff_cannot_take_the_last_inviter_away_by_these_actions_either(cast: Cast) -> None:
    for act_on in (remove_colleague, lambda **given: change_rights(rights=NONE, **given)):
        with pytest.raises(LastInviter, match="Cleo Clarke is the last one"):
            act_on(contact_id=cast.cleo.pk, act=act_by(cast.ada.user))


def test_one_of_two_inviters_can_go(cast: Cast) -> None:
    change_rights(contact_id=cast.dev.pk, rights=ALL, act=act_by(cast.cleo.user))
    remove_colleague(contact_id=cast.cleo.pk, act=act_by(cast.dev.user))
    with pytest.raises(OneselfUntouched):
        change_rights(contact_id=cast.dev.pk, rights=NONE, act=act_by(cast.dev.user))
    with pytest.raises(LastInviter):
        change_rights(contact_id=cast.dev.pk, rights=NONE, act=act_by(cast.ada.user))


def test_doing_it_twice_changes_nothing_more(cast: Cast) -> None:
    for _ in range(2):
        remove_colleague(contact_id=cast.dev.pk, act=act_by(cast.cleo.user))
        change_rights(contact_id=cast.dev.pk, rights=NONE, act=act_by(cast.cleo.user))
    for _ in range(2):
        let_in_again(contact_id=cast.dev.pk, act=act_by(cast.ada.user))
    kinds = list(Event.objects.about("contact", cast.dev.pk).order_by("pk").values_list("kind", flat=True))
    assert kinds[-3:] == ["contact.removed", "contact.changed", "contact.invited"]
    assert Contact.objects.with_people().get(pk=cast.dev.pk).user.is_active


def test_a_person_of_no_client_goes_and_comes_back_on_record(cast: Cast) -> None:
    lone = create_contact(email="lone@nowhere.example", name="Lone", act=act_by(None))
    remove_colleague(contact_id=lone.pk, act=act_by(cast.ada.user))
    let_in_again(contact_id=lone.pk, act=act_by(cast.ada.user))
    events = Event.objects.about("contact", lone.pk).filter(kind__in=["contact.removed", "contact.invited"])
    assert [event.data for event in events] == [{"client_id": None}] * 2

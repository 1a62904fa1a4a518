import pytest
from django.db import IntegrityError, transaction

from deskhand.accounts.actions.desk import change_desk
from deskhand.accounts.models import Desk
from deskhand.events.models import Event
from tests.cast import Cast, act_by


def test_the_desk_is_renamed_and_the_event_holds_old_and_new(cast: Cast) -> None:
    words = Desk.current().opening_words
    for _ in range(2):
        change_desk(name="Harbour & Pine", phone="020 7946 0000", opening_words=words, act=act_by(cast.ada.user))
    assert Desk.current().name == "Harbour & Pine"
    event = Event.objects.get(kind="desk.changed")
    assert event.data["changes"] == {"name": ["Deskhand", "Harbour & Pine"], "phone": ["", "020 7946 0000"]}


def test_the_desk_has_a_name(db: None) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Desk.objects.create(pk=1, name="")

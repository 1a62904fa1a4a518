import pytest

from deskhand.clients.actions.notes import NoteChanged, NoteTooLong, edit_client_note
from deskhand.clients.models.notes import ClientNote
from deskhand.events.models import Event
from tests.cast import Cast, act_by


def test_a_note_is_written_and_changed(cast: Cast) -> None:
    act = act_by(cast.ben.user)
    assert edit_client_note(client_id=cast.acme.pk, text=" Pays late. ", seen_version=0, act=act).version == 1
    assert edit_client_note(client_id=cast.acme.pk, text="Pays.", seen_version=1, act=act).text == "Pays."
    assert not any("Pays" in str(event.data) for event in Event.objects.all())
    assert not Event.objects.filter(kind="client.note_edited", is_client_visible=True).exists()


def test_two_people_editing_do_not_overwrite_each_other(cast: Cast) -> None:
    edit_client_note(client_id=cast.acme.pk, text="VIP", seen_version=0, act=act_by(cast.ben.user))
    with pytest.raises(NoteChanged, match="Ben Baker"):
        edit_client_note(client_id=cast.acme.pk, text="mine", seen_version=0, act=act_by(cast.ada.user))
    assert ClientNote.objects.get().text == "VIP"


def test_an_over_long_note_is_refused(cast: Cast) -> None:
    with pytest.raises(NoteTooLong):
        edit_client_note(client_id=cast.acme.pk, text="x" * 20_001, seen_version=0, act=act_by(cast.ben.user))

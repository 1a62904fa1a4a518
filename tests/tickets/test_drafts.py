from concurrent.futures import ThreadPoolExecutor

from django.db import connections

from deskhand.tickets.actions.drafts import DraftPlace, clear_draft, save_draft
from deskhand.tickets.models import Audience, Draft
from tests.cast import Cast, act_by


def place_of(cast: Cast) -> DraftPlace:
    return DraftPlace(cast.ben.user, cast.ticket().pk, Audience.CLIENT)


def test_keeps_what_the_database_cannot_hold_as_it_stands(cast: Cast) -> None:
    content = {"text": "a\x00b\ud800", "attachments": ["x\x00"], "priority": float("nan"), "tells_client": 1.5}
    save_draft(place=place_of(cast), content=content, revision=1, act=act_by(cast.ben.user))
    kept = {"text": "ab\ufffd", "attachments": ["x"], "priority": "nan", "tells_client": 1.5}
    assert Draft.objects.get().content == kept


def test_clearing_never_goes_back_to_an_earlier_revision(cast: Cast) -> None:
    place, act = place_of(cast), act_by(cast.ben.user)
    clear_draft(place=place, act=act)
    assert not Draft.objects.exists()
    for revision in (7, 3):
        clear_draft(place=place, revision=revision, act=act)
        assert not save_draft(place=place, content={"text": "late"}, revision=7, act=act)
    assert save_draft(place=place, content={"text": "new"}, revision=8, act=act)
    assert Draft.objects.get().content == {"text": "new"}


def test_two_that_send_at_once_both_clear_it(committed_cast: Cast) -> None:
    place, act = place_of(committed_cast), act_by(committed_cast.ben.user)

    def clear(revision: int) -> None:
        try:
            clear_draft(place=place, revision=revision, act=act)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(clear, range(1, 9)))
    assert Draft.objects.get().revision == 8

"""People's pictures: taking, showing and removing them, and who is shown whose."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser
from PIL import Image

from deskhand.accounts.models import User, UserPicture
from deskhand.core.pictures import LARGEST_PORTRAIT_BYTES, PORTRAIT_SIDE
from deskhand.events.models import Event
from deskhand.tickets.links import Purpose, token_for
from tests.cast import Cast
from tests.core.drawings import drawing
from tests.web.visitors import signed_in

PLACES = {"cleo": "/details/picture", "ben": "/workspace/profile/picture"}


def upload(content: bytes) -> dict[str, SimpleUploadedFile]:
    return {"picture": SimpleUploadedFile("me.jpg", content, "image/jpeg")}


def with_place(size: tuple[int, int] = (600, 300)) -> bytes:
    """A photo that says where it was taken and by whom."""
    exif = Image.Exif()
    exif[0x013B] = "The photographer"
    exif[0x8825] = {1: "N"}
    return drawing("JPEG", size, exif=exif)


def takes_picture(cast: Cast, who: str) -> str:
    user = getattr(cast, who).user
    assert signed_in(user).post(PLACES[who], upload(with_place())).status_code == 302
    return str(User.objects.get(pk=user.pk).picture_key)


@pytest.mark.parametrize("who", ["cleo", "ben"])
def test_a_picture_is_square_drawn_anew_and_says_nothing_else(cast: Cast, who: str) -> None:
    key = takes_picture(cast, who)
    answer = signed_in(getattr(cast, who).user).get(f"/pictures/{key}")
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Cache-Control"] == "private, max-age=31536000, immutable"
    shown = Image.open(BytesIO(answer.content))
    assert shown.size == (PORTRAIT_SIDE, PORTRAIT_SIDE)
    assert not dict(shown.getexif())
    assert b"photographer" not in answer.content


@pytest.mark.parametrize("who", ["cleo", "ben"])
def test_another_picture_has_another_address_and_removing_ends_both(cast: Cast, who: str) -> None:
    first, second = takes_picture(cast, who), takes_picture(cast, who)
    browser = signed_in(getattr(cast, who).user)
    assert browser.get(f"/pictures/{first}").status_code == 404
    assert UserPicture.objects.count() == 1
    for _ in range(2):
        assert browser.post(f"{PLACES[who]}/removal").status_code == 302
    assert browser.get(f"/pictures/{second}").status_code == 404
    assert not UserPicture.objects.exists()
    changes = Event.objects.filter(kind="user.changed", data__fields=["picture"])
    assert changes.count() == 3


def test_pictures_are_shown_to_who_works_together_and_to_nobody_else(cast: Cast) -> None:
    of_agent, of_contact = takes_picture(cast, "ben"), takes_picture(cast, "cleo")
    for viewer in (cast.kit, cast.cleo, cast.dev, cast.eve):
        assert signed_in(viewer.user).get(f"/pictures/{of_agent}").status_code == 200
    for viewer in (cast.ada, cast.dev):
        assert signed_in(viewer.user).get(f"/pictures/{of_contact}").status_code == 200
    assert signed_in(cast.eve.user).get(f"/pictures/{of_contact}").status_code == 404
    assert Browser().get(f"/pictures/{of_agent}").status_code == 302
    assert signed_in(cast.ada.user).get("/pictures/").status_code == 404


def test_pages_show_the_picture_and_guests_see_initials(cast: Cast) -> None:
    of_agent, of_contact = takes_picture(cast, "ben"), takes_picture(cast, "cleo")
    ticket = cast.ticket()
    cast.staff_reply(ticket)
    portal = signed_in(cast.cleo.user)
    assert f"/pictures/{of_agent}" in portal.get(f"/tickets/{ticket.number}").content.decode()
    assert f"/pictures/{of_contact}" in portal.get("/details").content.decode()
    workspace = signed_in(cast.ada.user)
    shown = workspace.get(f"/workspace/tickets/{ticket.number}").content.decode()
    assert f"/pictures/{of_agent}" in shown
    assert f"/pictures/{of_contact}" in shown
    for path in ("inbox", "contacts", f"clients/{cast.acme.public_id}", "settings/agents"):
        assert "/pictures/" in workspace.get(f"/workspace/{path}").content.decode(), path
    token = token_for(Purpose.GUEST, ticket=ticket, contact=cast.cleo, at=cast.cleo.user.created_at)
    as_guest = Browser().get(f"/t/{token}").content.decode()
    assert "We are on it." in as_guest
    assert "/pictures/" not in as_guest


@pytest.mark.parametrize("who", ["cleo", "ben"])
@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "Export it as PNG"),
        (b"not a picture", "cannot be read as a picture"),
        (bytes(LARGEST_PORTRAIT_BYTES + 1), "larger than 8 MB"),
    ],
)
def test_says_what_is_wrong_with_a_file(cast: Cast, who: str, content: bytes, words: str) -> None:
    answer = signed_in(getattr(cast, who).user).post(PLACES[who], upload(content))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not UserPicture.objects.exists()


@pytest.mark.parametrize("who", ["cleo", "ben"])
def test_asks_for_a_file_and_bounds_the_tries(cast: Cast, who: str) -> None:
    browser = signed_in(getattr(cast, who).user)
    assert "Choose a picture first." in browser.post(PLACES[who], {}).content.decode()
    for _ in range(10):
        answer = browser.post(PLACES[who], upload(drawing()))
    assert "tried too often" in answer.content.decode()

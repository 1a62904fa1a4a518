"""What the desk is called, how it is reached, and what it looks like."""

from hashlib import sha256

from django.db import transaction

from deskhand.accounts.events import DeskChanged
from deskhand.accounts.models import Desk, DeskLogo
from deskhand.core.changes import put
from deskhand.core.colors import parse_color
from deskhand.core.pictures import logo_from
from deskhand.core.text import one_line
from deskhand.events import Act
from deskhand.events.recording import record

_VERSION_DIGITS = 12


@transaction.atomic
def change_desk(*, name: str, phone: str, opening_words: str, act: Act) -> Desk:
    """Change the desk's name, phone and opening words; the same values again change nothing."""
    wanted = {"name": one_line(name), "phone": one_line(phone), "opening_words": one_line(opening_words)}
    return _change(_locked(), wanted, act)


@transaction.atomic
def change_brand(*, accent: str, footer_text: str, act: Act) -> Desk:
    """Change the accent color (empty: the default) and the footer of the portal. Raises NotAColor."""
    color = parse_color(accent) if accent.strip() else ""
    return _change(_locked(), {"accent": color, "footer_text": one_line(footer_text)}, act)


@transaction.atomic
def change_logo(*, upload: bytes, act: Act) -> Desk:
    """Show this picture wherever clients see the desk. Raises UnusablePicture."""
    logo = logo_from(upload)
    desk = _locked()
    pictures = {"png": logo.png, "icon_png": logo.icon_png}
    DeskLogo.objects.update_or_create(desk=desk, defaults=pictures)
    return _change(desk, {"logo_version": sha256(logo.png).hexdigest()[:_VERSION_DIGITS]}, act)


@transaction.atomic
def remove_logo(*, act: Act) -> Desk:
    """Go back to the desk's initials; where there is no logo nothing happens."""
    desk = _locked()
    DeskLogo.objects.filter(desk=desk).delete()
    return _change(desk, {"logo_version": ""}, act)


def _locked() -> Desk:
    Desk.objects.bulk_create([Desk(pk=1)], ignore_conflicts=True)
    return Desk.objects.select_for_update().get(pk=1)


def _change(desk: Desk, wanted: dict[str, str], act: Act) -> Desk:
    if changes := put(desk, wanted):
        record(DeskChanged(subject_id=1, changes=changes), act=act)
    return desk

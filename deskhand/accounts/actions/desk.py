"""What the desk is called and how it is reached."""

from django.db import transaction

from deskhand.accounts.events import DeskChanged
from deskhand.accounts.models import Desk
from deskhand.core.text import one_line
from deskhand.events import Act
from deskhand.events.recording import record


@transaction.atomic
def change_desk(*, name: str, phone: str, opening_words: str, act: Act) -> Desk:
    """Change the desk's name, phone and opening words; the same values again change nothing."""
    Desk.objects.bulk_create([Desk(pk=1)], ignore_conflicts=True)
    desk = Desk.objects.select_for_update().get(pk=1)
    wanted = {"name": one_line(name), "phone": one_line(phone), "opening_words": one_line(opening_words)}
    changes = {field: [getattr(desk, field), new] for field, new in wanted.items() if getattr(desk, field) != new}
    if changes:
        for field, (_, new) in changes.items():
            setattr(desk, field, new)
        desk.save(update_fields=list(changes))
        record(DeskChanged(subject_id=1, changes=changes), act=act)
    return desk

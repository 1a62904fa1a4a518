"""Tags as such: renaming and removing them. Putting them on tickets is in properties."""

from django.db import transaction

from deskhand.core.text import one_line
from deskhand.core.uniqueness import unless_taken
from deskhand.events import Act
from deskhand.events.recording import record
from deskhand.tickets.events import TagRemoved, TagRenamed
from deskhand.tickets.models import Tag


class TagNameTaken(ValueError):
    """Another tag has this name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There already is a tag “{name}”.")


@transaction.atomic
def rename_tag(*, tag_id: int, name: str, act: Act) -> None:
    """Rename a tag on all its tickets. Raises TagNameTaken."""
    tag = Tag.objects.select_for_update().get(pk=tag_id)
    flat = one_line(name)
    if tag.name == flat:
        return
    fact = TagRenamed(subject_id=tag.pk, old=tag.name, new=flat)
    tag.name = flat
    with unless_taken("tag_name_unique", TagNameTaken(flat)):
        tag.save(update_fields=["name"])
    record(fact, act=act)


@transaction.atomic
def remove_tag(*, tag_id: int, act: Act) -> int:
    """Take a tag off all its tickets, remove it, and return how many tickets had it."""
    tag = Tag.objects.select_for_update().get(pk=tag_id)
    count = tag.tickets.count()
    fact = TagRemoved(subject_id=tag.pk, name=tag.name, ticket_count=count)
    tag.delete()
    record(fact, act=act)
    return count

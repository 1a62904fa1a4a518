"""What the portal tells clients: the sections of the help page, and what is announced."""

from dataclasses import dataclass
from hashlib import sha256

from django.db import transaction

from deskhand.clients.events import AnnouncementChanged, HelpChanged
from deskhand.clients.help_texts import SHIPPED
from deskhand.clients.models import Announcement, Contact, HelpSection
from deskhand.core.documents import Node, is_empty
from deskhand.core.ordering import Direction, move
from deskhand.core.text import one_line
from deskhand.events import Act
from deskhand.events.recording import record

_VERSION_DIGITS = 12


class HelpTextMissing(ValueError):
    """The section says nothing."""

    def __init__(self) -> None:
        super().__init__("Write what this section says.")


@dataclass(frozen=True)
class HelpText:
    """A section as it was written; `document` is a checked composer document."""

    title: str
    document: Node


@transaction.atomic
def add_help_section(*, text: HelpText, act: Act) -> HelpSection:
    """Add a section behind the others. Raises HelpTextMissing."""
    title = _checked(text)
    behind = len(_locked())
    section = HelpSection.objects.create(title=title, document=text.document, position=behind)
    record(HelpChanged(subject_id=section.pk, what="added", title=title), act=act)
    return section


@transaction.atomic
def change_help_section(*, public_id: str, text: HelpText, act: Act) -> None:
    """Give a section another title or text. Raises HelpTextMissing."""
    title = _checked(text)
    section = HelpSection.objects.select_for_update().get(public_id=public_id)
    if (section.title, section.document) == (title, text.document):
        return
    section.title, section.document = title, text.document
    section.save(update_fields=["title", "document"])
    record(HelpChanged(subject_id=section.pk, what="edited", title=title), act=act)


@transaction.atomic
def move_help_section(*, section_id: int, direction: Direction, act: Act) -> None:
    """Move a section one place. At the end of the list nothing happens, nor to one that is gone."""
    moved = move(HelpSection.objects.order_by("position", "pk"), section_id, direction)
    if moved is not None:
        record(HelpChanged(subject_id=moved.pk, what="moved", title=moved.title), act=act)


@transaction.atomic
def remove_help_section(*, public_id: str, act: Act) -> None:
    """Take a section off the help page; one that is gone already stays so."""
    sections = _locked()
    gone = next((section for section in sections if section.public_id == public_id), None)
    if gone is None:
        return
    fact = HelpChanged(subject_id=gone.pk, what="removed", title=gone.title)
    gone.delete()
    _place([section for section in sections if section is not gone])
    record(fact, act=act)


@transaction.atomic
def reset_help(*, act: Act) -> None:
    """Go back to the sections that came with Deskhand; what was written in their place is gone."""
    _locked()
    HelpSection.objects.all().delete()
    HelpSection.objects.bulk_create(
        HelpSection(public_id=shipped.public_id, title=shipped.title, document=shipped.document, position=position)
        for position, shipped in enumerate(SHIPPED)
    )
    record(HelpChanged(subject_id=0, what="reset", title=""), act=act)


@transaction.atomic
def announce(*, text: str, act: Act) -> Announcement:
    """Show a line above every page of the portal, to everyone anew; an empty one takes it away."""
    flat = one_line(text)
    Announcement.objects.bulk_create([Announcement(pk=1)], ignore_conflicts=True)
    announcement = Announcement.objects.select_for_update().get(pk=1)
    if announcement.text == flat:
        return announcement
    announcement.text = flat
    announcement.version = sha256(flat.encode()).hexdigest()[:_VERSION_DIGITS] if flat else ""
    announcement.save(update_fields=["text", "version"])
    record(AnnouncementChanged(subject_id=1, text=flat), act=act)
    return announcement


def dismiss_announcement(*, contact: Contact, version: str) -> None:
    """Show this contact the announcement of that version no more. Another text is shown again."""
    Contact.objects.filter(pk=contact.pk).update(dismissed_announcement=version[:16])


def _checked(text: HelpText) -> str:
    title = one_line(text.title)
    if not title or is_empty(text.document):
        raise HelpTextMissing
    return title


def _locked() -> list[HelpSection]:
    return list(HelpSection.objects.select_for_update().order_by("position", "pk"))


def _place(sections: list[HelpSection]) -> None:
    for position, section in enumerate(sections):
        section.position = position
    HelpSection.objects.bulk_update(sections, ["position"])

"""What the portal tells clients, as pages show it."""

from dataclasses import dataclass

from deskhand.clients.models import Announcement, Contact, HelpSection
from deskhand.core.documents import to_html
from deskhand.core.html import trusted


@dataclass(frozen=True)
class HelpText:
    """A section of the help page. `html` was made here from a checked document."""

    public_id: str
    title: str
    html: str


def help_sections() -> list[HelpText]:
    """Return the sections in their order. One query."""
    return [as_text(section) for section in HelpSection.objects.order_by("position", "pk")]


def as_text(section: HelpSection) -> HelpText:
    """Return a section as pages show it."""
    return HelpText(section.public_id, section.title, trusted(to_html(section.document)))


def announcement_for(contact: Contact) -> Announcement | None:
    """Return what is announced, None where nothing is or the contact has dismissed it. One query."""
    announcement = Announcement.current()
    is_shown = announcement.text and announcement.version != contact.dismissed_announcement
    return announcement if is_shown else None

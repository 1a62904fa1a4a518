"""Who may read which file: whoever sees what it hangs on, and its uploader until it hangs anywhere."""

from collections.abc import Sequence

from deskhand.accounts.models import Agent, User
from deskhand.files.models import File
from deskhand.tickets.models import Attachment, Ticket, Viewer
from deskhand.tickets.models.team import TeamAttachment


def readable_file(viewer: Viewer, public_id: str) -> File | None:
    """Return the file if the viewer may read it, None otherwise (and for ids unknown)."""
    file = File.objects.filter(public_id=public_id).first()
    if file is None:
        return None
    if file.claimed_at is None:
        return file if file.uploaded_by_id == viewer.user.pk else None
    seen = Ticket.objects.visible_to(viewer)
    attached = Attachment.objects.filter(file=file, ticket__in=seen)
    if not isinstance(viewer, Agent):
        return file if attached.exclude(message__is_held=True).exists() else None
    in_team = TeamAttachment.objects.filter(file=file, team_message__ticket__in=seen)
    return file if attached.exists() or in_team.exists() else None


def file_of_ticket(ticket: Ticket, public_id: str) -> File | None:
    """Return the file if clients see it on this very ticket, None otherwise."""
    shown = Attachment.objects.filter(ticket=ticket, file__public_id=public_id).exclude(message__is_held=True)
    found = shown.select_related("file").first()
    return found.file if found else None


def waiting_uploads(user: User, public_ids: Sequence[str]) -> list[File]:
    """Return those of the user's own uploads that nothing attaches yet, in the order named, of the first 100."""
    if not public_ids:
        return []
    found = {file.public_id: file for file in File.objects.unclaimed_of(user).filter(public_id__in=public_ids[:100])}
    return [found[public_id] for public_id in public_ids if public_id in found]

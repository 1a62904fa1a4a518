"""What a composer's form brought: text, files already uploaded, files sent along, and the key of the form.

Nothing is lost when something is wrong: what could be read is shown again, beside words on what to do.
"""

import secrets
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from deskhand.accounts.models import User
from deskhand.core.numbers import whole_number
from deskhand.events import Act
from deskhand.files.actions.storing import FileTooLarge, StorageUnavailable, store_upload
from deskhand.files.models import File
from deskhand.tickets.actions.conversation import NewMessage
from deskhand.tickets.bodies import BodyNotValid, from_composer
from deskhand.tickets.queries.files import waiting_uploads

MAXIMUM_FILES = 20
KEY_LENGTH = 40
REVISION_DIGITS = 15
"""Of a draft: below 2**53, up to which scripts count exactly."""


def new_key() -> str:
    """Return a fresh key for a form, so that sending it twice is noticed even without scripts."""
    return secrets.token_hex(16)


@dataclass
class Composed:
    """A composer's form as it stands: empty, from a draft, or as it was sent."""

    text: str = ""
    document: str = ""
    files: list[File] = field(default_factory=list)
    key: str = field(default_factory=new_key)
    draft_revision: int = 0
    """Which save of the draft this holds; sending clears the draft up to it."""
    errors: dict[str, list[str]] = field(default_factory=dict)
    """By field: "text" and "files"."""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to send and nothing went wrong."""
        return not self.text.strip() and not self.files and not self.errors

    @property
    def attached(self) -> list[File]:
        """The files as the form lists them."""
        return self.files

    def message(self) -> NewMessage | None:
        """Return the message to write, or None after noting in `errors` why there is none."""
        if self.errors:
            return None
        try:
            body = from_composer(document_json=self.document, plain_text=self.text)
            return NewMessage(body, files=self.files, submission_key=self.key)
        except BodyNotValid as error:
            self.note("text", str(error))
            return None

    def note(self, name: str, words: str) -> None:
        """Say under a field what is wrong."""
        self.errors.setdefault(name, []).append(words)


def from_draft(user: User, fields: dict[str, Any], revision: int) -> Composed:
    """Return the form as a draft left it, with those of its files that are still waiting."""
    ids = [str(public_id) for public_id in fields.get("attachments") or ()]
    return Composed(
        text=str(fields.get("text", "")),
        document=str(fields.get("document", "")),
        files=waiting_uploads(user, ids),
        draft_revision=revision,
    )


def from_request(request: HttpRequest, *, user: User, act: Act) -> Composed:
    """Return what was sent. Files sent along without scripts are stored first, so that an error does not cost them."""
    ids = list(dict.fromkeys(request.POST.getlist("attachments")))
    composed = Composed(
        text=request.POST.get("text", ""),
        document=request.POST.get("document", ""),
        files=waiting_uploads(user, ids),
        key=request.POST.get("idempotency_key", "")[:KEY_LENGTH] or new_key(),
        draft_revision=draft_revision(request),
    )
    if len(composed.files) < len(ids):
        composed.note("files", "A file is no longer there. Attach it again if it is still needed, then send.")
    sent = request.FILES.getlist("files")
    if len(composed.files) + len(sent) > MAXIMUM_FILES:
        composed.note("files", f"{MAXIMUM_FILES} files fit on one message. Remove some, and send the rest in another.")
        del composed.files[MAXIMUM_FILES:]
        return composed
    for upload in sent:
        _keep(composed, upload, act=act)
    return composed


def draft_revision(request: HttpRequest) -> int:
    """Return which save of its draft a form holds, 0 for none."""
    return whole_number(request.POST.get("draft_revision", ""), digits=REVISION_DIGITS) or 0


def _keep(composed: Composed, upload: "UploadedFile[bytes]", *, act: Act) -> None:
    limit = settings.UPLOAD_LIMIT_BYTES
    try:
        file = store_upload(upload=upload, name=upload.name or "", limit_bytes=limit, act=act)
    except (FileTooLarge, StorageUnavailable) as error:
        composed.note("files", str(error))
    else:
        composed.files.append(file)

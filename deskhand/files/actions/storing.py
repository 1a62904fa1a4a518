"""Storing files: the bytes first, then the row; a row never points at missing bytes."""

import hashlib
from collections.abc import Iterable, Iterator

from django.core.files.base import ContentFile
from django.core.files.base import File as DjangoFile
from django.core.files.storage import default_storage
from django.db import transaction

from deskhand.accounts.models import new_public_id
from deskhand.events import Act
from deskhand.files.kinds import judge_type, safe_name
from deskhand.files.models import File


class FileTooLarge(ValueError):
    """The file is over the limit of this desk."""


class StorageUnavailable(Exception):
    """The bytes could not be written (disk full, storage away); nothing was kept, try again later."""


def store_upload(*, upload: DjangoFile, name: str, limit_bytes: int, act: Act) -> File:  # type: ignore[type-arg]
    """Keep an uploaded file for its uploader until something attaches it.

    Raises FileTooLarge beyond `limit_bytes`, StorageUnavailable when it cannot be written.
    """
    if upload.size > limit_bytes:
        limit = limit_bytes // (1024 * 1024)
        raise FileTooLarge(f"{safe_name(name)} is larger than {limit} MB. Please send a link to it instead.")
    return _store(upload, name=name, act=act)


def store_bytes(*, content: bytes, name: str, act: Act) -> File:
    """Keep bytes that arrived by mail or were made by the desk. Raises StorageUnavailable."""
    return _store(ContentFile(content), name=name, act=act)


def _store(source: DjangoFile, *, name: str, act: Act) -> File:  # type: ignore[type-arg]
    public_id = new_public_id()
    digest = hashlib.sha256()
    for chunk in source.chunks():
        digest.update(chunk)
    source.seek(0)
    first_bytes = source.read(16)
    source.seek(0)
    try:
        stored = default_storage.save(f"{act.at:%Y/%m}/{public_id}", source)
    except OSError as error:
        raise StorageUnavailable("The file could not be kept just now. Please try again later.") from error
    clean_name = safe_name(name)
    with transaction.atomic():
        return File.objects.create(
            public_id=public_id,
            name=clean_name,
            content_type=judge_type(clean_name, first_bytes),
            size_bytes=source.size,
            sha256=digest.hexdigest(),
            storage_name=stored,
            uploaded_by_id=act.actor_id,
            created_at=act.at,
        )


def read_bytes(file: File) -> bytes:
    """Return the stored bytes. Raises OSError when storage is away."""
    with default_storage.open(file.storage_name, "rb") as stored:
        return bytes(stored.read())


def stream(file: File) -> Iterator[bytes]:
    """Yield the stored bytes in chunks of 64 kB."""
    with default_storage.open(file.storage_name, "rb") as stored:
        yield from stored.chunks(64 * 1024)


def claim(files: Iterable[File], *, act: Act) -> None:
    """Mark files as attached: from now on what they are attached to decides who reads them."""
    File.objects.filter(pk__in=[file.pk for file in files]).update(claimed_at=act.at)


def unclaim(files: Iterable[File]) -> None:
    """Mark files as attached to nothing any more: from now on nobody but their uploader reads them."""
    File.objects.filter(pk__in=[file.pk for file in files]).update(claimed_at=None)

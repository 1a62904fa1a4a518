"""A real storage class whose disk is full."""

import errno

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage


class FullDisk(FileSystemStorage):
    """Refuses every write as the operating system does when the disk is full."""

    def _save(self, name: str, content: File) -> str:  # type: ignore[type-arg]
        raise OSError(errno.ENOSPC, "No space left on device")

"""Files as pages show them."""

from dataclasses import dataclass
from typing import Any, Self

from deskhand.files.kinds import is_picture


def attached_fields() -> dict[str, str]:
    """Return what `AttachedFile.parse` needs of a row of attachments, by the names it needs it by."""
    return {name: f"file__{name}" for name in ("public_id", "name", "size_bytes", "content_type")}


@dataclass(frozen=True)
class AttachedFile:
    """A file's tile: its name, size and addresses. Permission is checked where the addresses lead."""

    public_id: str
    name: str
    size_bytes: int
    content_type: str
    is_inline: bool = False

    @classmethod
    def parse(cls, fields: dict[str, Any]) -> Self:
        """Return the file of these columns."""
        return cls(**fields)

    @property
    def is_picture(self) -> bool:
        """Whether browsers may show it."""
        return is_picture(self.content_type)

    @property
    def href(self) -> str:
        """Where it is downloaded."""
        return f"/files/{self.public_id}"

    @property
    def preview_href(self) -> str:
        """Where the picture is shown from."""
        return f"{self.href}/inline"

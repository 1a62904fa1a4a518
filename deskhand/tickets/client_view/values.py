"""What clients see, as frozen values. Nothing here holds an internal status, tag, priority, team, due date or note."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from deskhand.files.kinds import is_picture


@dataclass(frozen=True)
class ClientFace:
    """An agent as a ticket names them; `picture` is empty where initials are shown, on the color `hue`."""

    name: str
    hue: str
    picture: str


@dataclass(frozen=True, kw_only=True)
class ClientTicketRow:
    """A ticket in a client's list."""

    id: int
    """By which other apps know it; never shown."""
    topic: str
    """What the live stream calls it."""
    number: int
    subject: str
    is_closed: bool
    awaits_response: bool
    """The flag "Awaiting your response"; never true of a closed ticket."""
    last_line: str
    """The beginning of the last message with who wrote it: "Ben: we are on it"."""
    last_message_at: datetime
    opened_by: str
    working_on_it: str
    """"Ben Baker is on it", "Ben Baker and Ada Admin are on it", or an empty string."""
    needed_by_on: date | None

    @property
    def href(self) -> str:
        """The ticket's path in the portal."""
        return f"/tickets/{self.number}"


@dataclass(frozen=True, kw_only=True)
class ClientFile:
    """A file clients may open; permission is checked again where it is served."""

    public_id: str
    name: str
    size_bytes: int
    content_type: str

    @property
    def href(self) -> str:
        """The path it is downloaded from."""
        return f"/files/{self.public_id}"

    @property
    def preview_href(self) -> str:
        """The path a picture is shown from."""
        return f"{self.href}/inline"

    @property
    def is_picture(self) -> bool:
        """Whether browsers may show it."""
        return is_picture(self.content_type)


@dataclass(frozen=True, kw_only=True)
class ClientMessage:
    """One message, with the files that hang on it."""

    public_id: str
    author: str
    author_hue: str
    author_picture: str
    is_own: bool
    is_from_desk: bool
    at: datetime
    came_by_mail: bool
    is_auto_reply: bool
    html: str
    """Safe markup to show in the page itself; empty where only a frame may show it."""
    body_href: str
    """Where the frame's page is, for mail with a layout of its own; otherwise empty."""
    files: Sequence[ClientFile]

    @property
    def anchor(self) -> str:
        """The id of its place in the page."""
        return f"message-{self.public_id}"


@dataclass(frozen=True, kw_only=True)
class ClientEventLine:
    """Something that happened, as one plain sentence, with the files it brought."""

    icon: str
    sentence: str
    at: datetime
    files: Sequence[ClientFile] = ()


@dataclass(frozen=True, kw_only=True)
class ClientTicket:
    """A ticket as its page shows it."""

    topic: str
    number: int
    subject: str
    is_closed: bool
    reopens_on_reply: bool
    """False once it has been closed for so long that a reply opens a follow-up ticket."""
    awaits_response: bool
    category: str
    site: str
    needed_by_on: date | None
    opened_at: datetime
    opened_by: str
    working_on_it: Sequence[ClientFace]
    kept_informed: Sequence[str]
    """Contacts besides the viewer who get the messages."""
    continues: int | None
    """The number of the ticket this one follows up, where the viewer sees that one."""
    entries: Sequence[ClientMessage | ClientEventLine]
    """Oldest first."""

    @property
    def href(self) -> str:
        """The ticket's path in the portal."""
        return f"/tickets/{self.number}"

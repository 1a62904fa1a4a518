"""What reading a mail gives: plain frozen values, without a database and without a request.

`deskhand.mail.parsing.parse` makes a `ParsedMail`; everything else about inbound mail reads one.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Address:
    """A mailbox as a header names it; `address` is empty when the header gave a name alone."""

    name: str
    address: str

    @property
    def shown(self) -> str:
        """The name with the address, which nobody can choose as freely; or what there is of both."""
        return f"{self.name} <{self.address}>" if self.name and self.address else self.name or self.address


@dataclass(frozen=True, slots=True)
class Attachment:
    """One file of a mail, decoded.

    `name` is safe to show and to store (no folder, no control or direction mark) and never empty.
    `content_id` has no angle brackets. `is_inline` is true only where the HTML body shows it.
    `problem` is empty, or says in a sentence why `content` may differ from what was sent; `undecoded` then holds the
    part as it came.
    """

    name: str
    content_type: str
    content: bytes
    content_id: str = ""
    is_inline: bool = False
    problem: str = ""
    undecoded: bytes = b""


@dataclass(frozen=True, slots=True)
class Headers:
    """The header fields in their order, unfolded, readable and free of control characters.

    Encoded words (RFC 2047) are still encoded: ask `ParsedMail` for decoded fields.
    """

    fields: tuple[tuple[str, str], ...] = ()

    def get_all(self, name: str) -> tuple[str, ...]:
        """Every value of the field, top first; the name's case does not matter."""
        wanted = name.lower()
        return tuple(value for key, value in self.fields if key.lower() == wanted)

    def get(self, name: str, default: str = "") -> str:
        """The first value of the field, or `default`."""
        wanted = name.lower()
        return next((value for key, value in self.fields if key.lower() == wanted), default)

    def __contains__(self, name: str) -> bool:
        wanted = name.lower()
        return any(key.lower() == wanted for key, _ in self.fields)

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self.fields)


class DeliveryState(StrEnum):
    """What a delivery report says about one recipient (RFC 3464 §2.3.3, and ARF)."""

    FAILED = "failed"
    DELAYED = "delayed"
    DELIVERED = "delivered"


@dataclass(frozen=True, slots=True)
class FailedRecipient:
    """One recipient a bounce names.

    `status` is the enhanced code ("5.1.1") or empty. `is_hard` is true only when the address
    itself is dead: unknown user, unknown host, moved. `diagnostic` is the server's own words.
    """

    address: str
    status: str = ""
    diagnostic: str = ""
    is_hard: bool = False


@dataclass(frozen=True, slots=True)
class Bounce:
    """A delivery report.

    `is_failure` is false for delays and for reports of success. `original_message_id` is the
    Message-ID of the mail that came back, with its brackets, or empty.
    """

    state: DeliveryState
    recipients: tuple[FailedRecipient, ...] = ()
    original_message_id: str = ""

    @property
    def is_failure(self) -> bool:
        """Whether at least one recipient did not get the mail for good."""
        return self.state is DeliveryState.FAILED

    @property
    def is_hard(self) -> bool:
        """Whether every recipient named is a dead address."""
        return bool(self.recipients) and all(one.is_hard for one in self.recipients)


@dataclass(frozen=True, slots=True)
class ParsedMail:
    """A mail, read. Every text is free of NUL and lone surrogates, so it can be stored as it is.

    `subject` and names are decoded; `date` is aware UTC or None. Message-IDs keep their angle
    brackets; `references` stand oldest first. `text` is the plain part, or a rendering of the HTML
    when the mail has no plain part; `html` is raw and **not cleaned**. `problems` says in sentences
    what was cut or could not be read; a mail with problems is still to be shown.
    """

    subject: str = ""
    from_: tuple[Address, ...] = ()
    sender: tuple[Address, ...] = ()
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    reply_to: tuple[Address, ...] = ()
    date: datetime | None = None
    message_id: str = ""
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    text: str = ""
    html: str = ""
    attachments: tuple[Attachment, ...] = ()
    headers: Headers = field(default_factory=Headers)
    is_auto_reply: bool = False
    suppress_response: bool = False
    bounce: Bounce | None = None
    has_tnef: bool = False
    problems: tuple[str, ...] = ()

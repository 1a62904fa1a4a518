"""Facts about mail."""

from dataclasses import dataclass
from typing import ClassVar

from deskhand.events import Fact


@dataclass(frozen=True, kw_only=True)
class MailReceived(Fact):
    """A mail came in and its bytes are stored; the subject is the inbound mail."""

    kind: ClassVar[str] = "mail.received"
    subject_kind: ClassVar[str] = "inbound_mail"
    is_duplicate: bool
    from_address: str
    personal: ClassVar[frozenset[str]] = frozenset({"from_address"})


@dataclass(frozen=True, kw_only=True)
class MailQueued(Fact):
    """A mail was written and waits to be sent; the subject is the outbound mail."""

    kind: ClassVar[str] = "mail.queued"
    subject_kind: ClassVar[str] = "outbound_mail"
    delivery_ids: list[int]


@dataclass(frozen=True, kw_only=True)
class DeliveryTroubled(Fact):
    """A mail of a ticket did not reach someone, or nobody knows whether it did; the subject is the ticket."""

    kind: ClassVar[str] = "mail.delivery_troubled"
    subject_kind: ClassVar[str] = "ticket"
    personal: ClassVar[frozenset[str]] = frozenset({"address", "answer"})
    delivery_id: int
    state: str
    address: str
    answer: str

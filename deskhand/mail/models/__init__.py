"""Tables of mail: mailboxes, what came in, what goes out, and the Message-IDs that tie mail to tickets."""

from deskhand.mail.models.identifiers import KnownMessageId, Seen
from deskhand.mail.models.inbound import Door, InboundMail, Verdict
from deskhand.mail.models.mailboxes import Mailbox
from deskhand.mail.models.outbound import Delivery, DeliveryState, OutboundKind, OutboundMail

__all__ = [
    "Delivery",
    "DeliveryState",
    "Door",
    "InboundMail",
    "KnownMessageId",
    "Mailbox",
    "OutboundKind",
    "OutboundMail",
    "Seen",
    "Verdict",
]

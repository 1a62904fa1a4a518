"""Facts about mail."""

from dataclasses import dataclass
from typing import Any, ClassVar

from deskhand.events import Fact


@dataclass(frozen=True, kw_only=True)
class MailReceived(Fact):
    """A mail came in and its bytes are stored; the subject is the inbound mail."""

    kind: ClassVar[str] = "mail.received"
    subject_kind: ClassVar[str] = "inbound_mail"
    is_duplicate: bool
    lane: int


@dataclass(frozen=True, kw_only=True)
class MailWaitsAgain(Fact):
    """A mail that was held for its mailbox came once more, for one that is on; the subject is the first of the two."""

    kind: ClassVar[str] = "mail.waits_again"
    subject_kind: ClassVar[str] = "inbound_mail"
    lane: int


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
    personal: ClassVar[frozenset[str]] = frozenset({"address", "answer", "name"})
    delivery_id: int
    state: str
    address: str
    answer: str
    name: str = ""
    """Of the recipient, where the mail was a message's."""


@dataclass(frozen=True, kw_only=True)
class ForwardedSenderDecided(Fact):
    """A person said whether the ticket of a forwarded mail is its sender's; the subject is the ticket."""

    kind: ClassVar[str] = "mail.forwarded_sender_decided"
    subject_kind: ClassVar[str] = "ticket"
    personal: ClassVar[frozenset[str]] = frozenset({"address"})
    address: str
    is_accepted: bool


@dataclass(frozen=True, kw_only=True)
class MailReleased(Fact):
    """A mail was let in that stood in no ticket; the subject is the inbound mail. `was` is its verdict before."""

    kind: ClassVar[str] = "mail.released"
    subject_kind: ClassVar[str] = "inbound_mail"
    was: str
    verdict: str


@dataclass(frozen=True, kw_only=True)
class MailDeleted(Fact):
    """The bytes of a mail in quarantine were deleted, by hand or after its time; the subject is the inbound mail."""

    kind: ClassVar[str] = "mail.deleted"
    subject_kind: ClassVar[str] = "inbound_mail"
    was: str


@dataclass(frozen=True, kw_only=True)
class MailboxFact(Fact):
    """Something happened to a mailbox; the subject is the mailbox."""

    kind: ClassVar[str] = "mailbox"
    subject_kind: ClassVar[str] = "mailbox"


@dataclass(frozen=True, kw_only=True)
class MailboxAdded(MailboxFact):
    """The desk got another address."""

    kind: ClassVar[str] = "mailbox.added"
    address: str


@dataclass(frozen=True, kw_only=True)
class MailboxChanged(MailboxFact):
    """A mailbox was changed; `changes` maps what to [old, new], as people read them."""

    kind: ClassVar[str] = "mailbox.changed"
    changes: dict[str, list[Any]]


@dataclass(frozen=True, kw_only=True)
class MailboxSwitchedOff(MailboxFact):
    """Mail for new tickets is held from now on."""

    kind: ClassVar[str] = "mailbox.switched_off"


@dataclass(frozen=True, kw_only=True)
class MailboxSwitchedOn(MailboxFact):
    """Mail makes tickets again."""

    kind: ClassVar[str] = "mailbox.switched_on"


@dataclass(frozen=True, kw_only=True)
class ImapChanged(MailboxFact):
    """How the mailbox is read by IMAP was set or changed; the password is not in the event."""

    kind: ClassVar[str] = "mailbox.imap_changed"
    host: str
    user: str
    is_enabled: bool


@dataclass(frozen=True, kw_only=True)
class ImapRemoved(MailboxFact):
    """The mailbox is read by IMAP no more."""

    kind: ClassVar[str] = "mailbox.imap_removed"


@dataclass(frozen=True, kw_only=True)
class SmtpChanged(MailboxFact):
    """The server by which the mailbox sends was set or changed; the password is not in the event."""

    kind: ClassVar[str] = "mailbox.smtp_changed"
    host: str
    user: str


@dataclass(frozen=True, kw_only=True)
class SmtpRemoved(MailboxFact):
    """The mailbox sends by the desk's server again."""

    kind: ClassVar[str] = "mailbox.smtp_removed"


@dataclass(frozen=True, kw_only=True)
class MailboxSignInChanged(MailboxFact):
    """How the desk gets tokens for a mailbox was set or changed; secrets are not in the event."""

    kind: ClassVar[str] = "mailbox.sign_in_changed"
    provider: str
    client_id: str


@dataclass(frozen=True, kw_only=True)
class MailboxConnected(MailboxFact):
    """A person agreed at the provider that the desk uses the mailbox."""

    kind: ClassVar[str] = "mailbox.connected"
    provider: str


@dataclass(frozen=True, kw_only=True)
class MailboxDisconnected(MailboxFact):
    """The provider's tokens were forgotten."""

    kind: ClassVar[str] = "mailbox.disconnected"


@dataclass(frozen=True, kw_only=True)
class ProviderChanged(MailboxFact):
    """Which provider posts the mailbox's mail was set or changed; secrets are not in the event."""

    kind: ClassVar[str] = "mailbox.provider_changed"
    provider: str
    is_enabled: bool


@dataclass(frozen=True, kw_only=True)
class ProviderConfirmed(MailboxFact):
    """The subscription to the provider's topic was confirmed."""

    kind: ClassVar[str] = "mailbox.provider_confirmed"
    topic: str


@dataclass(frozen=True, kw_only=True)
class ProviderRemoved(MailboxFact):
    """No provider posts mail for the mailbox any more."""

    kind: ClassVar[str] = "mailbox.provider_removed"


@dataclass(frozen=True, kw_only=True)
class SpamListed(Fact):
    """An address or domain came onto the spam list; the subject is the listing."""

    kind: ClassVar[str] = "spam.listed"
    subject_kind: ClassVar[str] = "spam_listing"
    personal: ClassVar[frozenset[str]] = frozenset({"value"})
    value: str
    ticket_id: int | None


@dataclass(frozen=True, kw_only=True)
class SpamUnlisted(Fact):
    """An address or domain was taken off the spam list; the subject is the listing."""

    kind: ClassVar[str] = "spam.unlisted"
    subject_kind: ClassVar[str] = "spam_listing"
    personal: ClassVar[frozenset[str]] = frozenset({"value"})
    value: str


@dataclass(frozen=True, kw_only=True)
class AddressSuppressed(Fact):
    """Mail to an address came back for good, and nothing more is sent there; the subject is the list's row."""

    kind: ClassVar[str] = "mail.address_suppressed"
    subject_kind: ClassVar[str] = "suppressed_address"
    personal: ClassVar[frozenset[str]] = frozenset({"address", "reason"})
    address: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class AddressReleased(Fact):
    """An admin lets mail go to an address again; the subject is the list's former row."""

    kind: ClassVar[str] = "mail.address_released"
    subject_kind: ClassVar[str] = "suppressed_address"
    personal: ClassVar[frozenset[str]] = frozenset({"address"})
    address: str


@dataclass(frozen=True, kw_only=True)
class SendingAskedAgain(Fact):
    """An agent had a mail sent again that failed or ended unclear; the subject is the ticket."""

    kind: ClassVar[str] = "mail.sending_asked_again"
    subject_kind: ClassVar[str] = "ticket"
    personal: ClassVar[frozenset[str]] = frozenset({"address"})
    delivery_id: int
    address: str
    was: str


@dataclass(frozen=True, kw_only=True)
class MailTextChanged(Fact):
    """A text of automatic mail was changed, or set back to the one that came with Deskhand."""

    kind: ClassVar[str] = "mail.text_changed"
    subject_kind: ClassVar[str] = "mail_settings"
    text_kind: str
    language: str
    is_shipped: bool


@dataclass(frozen=True, kw_only=True)
class MailSettingsChanged(Fact):
    """Which notices are sent, or what replies quote, was changed: field to [old, new]."""

    kind: ClassVar[str] = "mail.settings_changed"
    subject_kind: ClassVar[str] = "mail_settings"
    changes: dict[str, list[str | bool]]

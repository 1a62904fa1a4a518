"""Tables of mail: mailboxes, what came in, what goes out, and the Message-IDs that tie mail to tickets."""

from deskhand.mail.models.forwards import ForwardedSender
from deskhand.mail.models.identifiers import KnownMessageId, Seen
from deskhand.mail.models.imap import AfterFetch, Existing, ImapAccount, ImapMail, ImapPosition, ImapSecurity, SignIn
from deskhand.mail.models.inbound import MACHINE_MADE, QUARANTINE, RELEASABLE, Door, InboundMail, Verdict
from deskhand.mail.models.mailboxes import Acknowledging, Mailbox, MailboxAlias
from deskhand.mail.models.outbound import Delivery, DeliveryState, OutboundKind, OutboundMail
from deskhand.mail.models.providers import Provider, ProviderAccount, ProviderMail
from deskhand.mail.models.sign_in import MailboxSignIn, SignInProvider
from deskhand.mail.models.smtp import ReturnPath, SmtpAccount, SmtpSecurity, SmtpSignIn
from deskhand.mail.models.spam import SpamListing
from deskhand.mail.models.texts import MailSettings, MailText, Quote, SuppressedAddress, TextKind

__all__ = [
    "MACHINE_MADE",
    "QUARANTINE",
    "RELEASABLE",
    "Acknowledging",
    "AfterFetch",
    "Delivery",
    "DeliveryState",
    "Door",
    "Existing",
    "ForwardedSender",
    "ImapAccount",
    "ImapMail",
    "ImapPosition",
    "ImapSecurity",
    "InboundMail",
    "KnownMessageId",
    "MailSettings",
    "MailText",
    "Mailbox",
    "MailboxAlias",
    "MailboxSignIn",
    "OutboundKind",
    "OutboundMail",
    "Provider",
    "ProviderAccount",
    "ProviderMail",
    "Quote",
    "ReturnPath",
    "Seen",
    "SignIn",
    "SignInProvider",
    "SmtpAccount",
    "SmtpSecurity",
    "SmtpSignIn",
    "SpamListing",
    "SuppressedAddress",
    "TextKind",
    "Verdict",
]

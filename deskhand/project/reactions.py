"""The map of the product: what follows from what.

Each fact is followed by its reactions, in this order, in the same transaction. What may fail or wait ends in
`_later` and only defers a job.
"""

from collections.abc import Mapping, Sequence

from deskhand.accounts.events import SignInLinkRequested
from deskhand.events import Fact
from deskhand.events.recording import Reaction
from deskhand.mail import reactions as mail
from deskhand.mail.events import MailQueued, MailReceived
from deskhand.tickets.events import MessagePosted

REACTIONS: Mapping[type[Fact], Sequence[Reaction]] = {
    SignInLinkRequested: [mail.mail_sign_in_link],
    MessagePosted: [mail.mail_reply],
    MailReceived: [mail.process_later],
    MailQueued: [mail.deliver_later],
}

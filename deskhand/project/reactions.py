"""The map of the product: what follows from what.

Each fact is followed by its reactions, in this order, in the same transaction. What may fail or wait ends in
`_later` and only defers a job.
"""

from collections.abc import Mapping, Sequence

from deskhand.accounts.events import SignInLinkRequested
from deskhand.allowances.events import EstimateAsked
from deskhand.events import Fact
from deskhand.events.recording import Reaction
from deskhand.mail import reactions as mail
from deskhand.mail.events import MailboxSwitchedOn, MailQueued, MailReceived
from deskhand.sla import reactions as sla
from deskhand.sla.events import HoursChanged, PolicyChanged
from deskhand.tickets.events import MessageAccepted, MessagePosted, PropertyChanged, StatusChanged, TicketOpened

REACTIONS: Mapping[type[Fact], Sequence[Reaction]] = {
    SignInLinkRequested: [mail.mail_sign_in_link],
    TicketOpened: [sla.start_clocks, sla.alert_on_call, mail.acknowledge_form],
    MessagePosted: [sla.move_clocks_by_message, mail.mail_reply],
    MessageAccepted: [sla.move_clocks_by_acceptance],
    StatusChanged: [sla.move_clocks_by_status, mail.keep_spam_list, mail.announce_closing],
    EstimateAsked: [mail.mail_estimate],
    PropertyChanged: [sla.match_policy],
    HoursChanged: [sla.recalculate_later],
    PolicyChanged: [sla.recalculate_later],
    MailReceived: [mail.process_later],
    MailboxSwitchedOn: [mail.release_held_later],
    MailQueued: [mail.deliver_later],
}

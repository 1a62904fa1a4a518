"""The map of the product: what follows from what.

Each fact is followed by its reactions, in this order, in the same transaction. What may fail or wait ends in
`_later` and only defers a job.
"""

from collections.abc import Mapping, Sequence

from deskhand.accounts.events import SignInLinkRequested, SignInLinkUsed
from deskhand.allowances.events import AllowanceRunningOut, EstimateAsked, EstimateDecided
from deskhand.clients import reactions as clients
from deskhand.events import Fact
from deskhand.events.recording import Reaction
from deskhand.mail import reactions as mail
from deskhand.mail.events import DeliveryTroubled, MailboxSwitchedOn, MailQueued, MailReceived, MailWaitsAgain
from deskhand.notifications import reactions as notifications
from deskhand.sla import reactions as sla
from deskhand.sla.events import ClockBreached, ClockWarned, HoursChanged, OnCallAlerted, PolicyChanged
from deskhand.tickets.events import (
    AssigneesChanged,
    MessageAccepted,
    MessageHeld,
    MessagePosted,
    PropertyChanged,
    StatusChanged,
    TeamChanged,
    TeamMessagePosted,
    TicketChased,
    TicketOpened,
    TicketRated,
)

REACTIONS: Mapping[type[Fact], Sequence[Reaction]] = {
    SignInLinkRequested: [mail.mail_sign_in_link],
    SignInLinkUsed: [clients.join_who_was_invited],
    TicketOpened: [
        sla.start_clocks,
        sla.alert_on_call,
        mail.acknowledge_form,
        notifications.tell_of_new_ticket_later,
    ],
    MessageHeld: [notifications.tell_of_held_message_later],
    MessagePosted: [sla.move_clocks_by_message, mail.mail_reply, notifications.tell_of_client_message_later],
    MessageAccepted: [sla.move_clocks_by_acceptance, notifications.tell_of_accepted_message_later],
    StatusChanged: [sla.move_clocks_by_status, mail.keep_spam_list, mail.announce_closing],
    TeamMessagePosted: [notifications.tell_of_team_message_later],
    AssigneesChanged: [notifications.tell_of_assignment_later],
    TeamChanged: [notifications.tell_of_team_later],
    TicketChased: [notifications.tell_of_chase_later],
    TicketRated: [notifications.tell_of_rating_later],
    PropertyChanged: [sla.match_policy],
    ClockWarned: [notifications.tell_of_warning_later],
    ClockBreached: [notifications.tell_of_breach_later],
    OnCallAlerted: [notifications.tell_on_call_later],
    EstimateAsked: [mail.mail_estimate],
    EstimateDecided: [notifications.tell_of_decision_later],
    AllowanceRunningOut: [notifications.tell_of_allowance_later, notifications.alert_contacts_later],
    DeliveryTroubled: [notifications.tell_of_mail_trouble_later],
    HoursChanged: [sla.recalculate_later],
    PolicyChanged: [sla.recalculate_later],
    MailReceived: [mail.process_later],
    MailWaitsAgain: [mail.process_again_later],
    MailboxSwitchedOn: [mail.release_held_later],
    MailQueued: [mail.deliver_later],
}

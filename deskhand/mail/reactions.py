"""What mail does when something happened elsewhere, or in mail itself."""

from django.utils import timezone

from deskhand.accounts.events import SignInLinkRequested
from deskhand.allowances.events import EstimateAsked
from deskhand.events import Act
from deskhand.mail.actions.client_notices import ask_to_approve
from deskhand.mail.actions.notices import acknowledge
from deskhand.mail.actions.notices import announce_closing as announce
from deskhand.mail.actions.queueing import queue_invitation, queue_reply, queue_sign_in_link
from deskhand.mail.actions.spam import list_sender_of, unlist_sender_of
from deskhand.mail.events import MailboxSwitchedOn, MailQueued, MailReceived, MailWaitsAgain
from deskhand.mail.tasks import defer_delivery, defer_lane, defer_release
from deskhand.tickets.events import MessagePosted, StatusChanged, TicketOpened
from deskhand.tickets.models import Kind, Source


def process_later(fact: MailReceived, act: Act) -> None:  # noqa: ARG001 -- every reaction is told the act
    """Process a mail that came in; a duplicate needs nothing more."""
    if not fact.is_duplicate:
        defer_lane(fact.lane)


def process_again_later(fact: MailWaitsAgain, act: Act) -> None:  # noqa: ARG001 -- every reaction is told the act
    """Process a mail that need not wait for its mailbox any more."""
    defer_lane(fact.lane)


def mail_reply(fact: MessagePosted, act: Act) -> None:
    """Put a staff message into the outbox for the people it was addressed to."""
    if not fact.is_from_client and not fact.is_auto_reply:
        queue_reply(message_id=fact.message_id, act=act)


def acknowledge_form(fact: TicketOpened, act: Act) -> None:
    """Tell who filled in a form that it arrived, and for whom a colleague opened a ticket that it is there.

    A mail is acknowledged where it is judged, which knows its header.
    """
    if fact.source == Source.FORM or fact.is_for_colleague:
        acknowledge(message_id=fact.message_id, act=act)


def announce_closing(fact: StatusChanged, act: Act) -> None:
    """Tell the requester that the ticket was closed, if the setting wants it."""
    if fact.new_kind == Kind.CLOSED and fact.old_kind != Kind.SPAM:
        announce(ticket_id=fact.subject_id, act=act)


def mail_sign_in_link(fact: SignInLinkRequested, act: Act) -> None:
    """Send the one-time link to the address that asked for it, or to the person whom somebody invites."""
    if fact.inviter:
        queue_invitation(link_id=fact.link_id, address=fact.address, inviter=fact.inviter, act=act)
    else:
        queue_sign_in_link(link_id=fact.link_id, address=fact.address, act=act)


def mail_estimate(fact: EstimateAsked, act: Act) -> None:
    """Ask who may decide whether the extra work may be done."""
    ask_to_approve(estimate_id=fact.estimate_id, today=timezone.localdate(act.at), act=act)


def deliver_later(fact: MailQueued, act: Act) -> None:  # noqa: ARG001 -- every reaction is told the act
    """Send a mail as soon as a worker is free."""
    for delivery_id in fact.delivery_ids:
        defer_delivery(delivery_id)


def keep_spam_list(fact: StatusChanged, act: Act) -> None:
    """Put the sender on the spam list when a ticket becomes spam; take it off when the ticket turns out to be none."""
    if fact.new_kind == Kind.SPAM and fact.old_kind != Kind.SPAM:
        list_sender_of(ticket_id=fact.subject_id, act=act)
    elif fact.old_kind == Kind.SPAM and fact.new_kind != Kind.SPAM:
        unlist_sender_of(ticket_id=fact.subject_id, act=act)


def release_held_later(fact: MailboxSwitchedOn, act: Act) -> None:  # noqa: ARG001 -- every reaction is told the act
    """Let in what was held while the mailbox was off."""
    defer_release(fact.subject_id)

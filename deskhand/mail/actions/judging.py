"""The verdict on one mail: whose it is, which ticket it belongs to, what is written where.

The rules run in order; the first that knows an answer decides. All of it happens in the caller's transaction.
"""

from dataclasses import dataclass
from datetime import datetime

from deskhand.accounts.models import Agent
from deskhand.accounts.roles import Permission
from deskhand.clients.actions.people import client_of_domain
from deskhand.clients.models import Contact
from deskhand.events import Act, Via
from deskhand.mail.actions.copies import let_copies_join
from deskhand.mail.actions.forwarded import find_passed_on, open_passed_on
from deskhand.mail.actions.incoming import Incoming
from deskhand.mail.actions.notices import acknowledge
from deskhand.mail.actions.reports import note_report
from deskhand.mail.addresses import is_own, read_message_id
from deskhand.mail.auto_replies import is_notice
from deskhand.mail.entries import subject_of
from deskhand.mail.for_team import for_team, is_for_team
from deskhand.mail.models import InboundMail, Mailbox, Verdict
from deskhand.mail.queries.senders import listing_for
from deskhand.mail.reading import EMPTY_MAIL, Reading
from deskhand.mail.routing import (
    Match,
    find_by_subject,
    is_on_ticket,
    remember_held,
    remember_ids,
)
from deskhand.tickets.actions.assignment import set_team
from deskhand.tickets.actions.conversation import (
    TooLateToReopen,
    hold_message,
    reply,
    write_client_reply,
)
from deskhand.tickets.actions.opening import NewTicket, open_thread
from deskhand.tickets.actions.team import post_team_message
from deskhand.tickets.models import Kind, Message, Source, Ticket, TicketSettings
from deskhand.tickets.models.labels import AfterReply

_FORGED = "The mail server says that it is not from who it claims"
_UNNAMED = "Its From field does not name the sender alone"


@dataclass(frozen=True)
class Outcome:
    """What became of a mail, and why, in words for the mail log."""

    verdict: Verdict
    reason: str
    ticket: Ticket | None = None
    message: Message | None = None
    waits_for_mailbox: bool = False
    """Whether it is to be judged anew once its mailbox is on."""


def judge(
    mail: InboundMail, reading: Reading, *, released_at: datetime | None = None, let_in_at: datetime | None = None
) -> Outcome:
    """Bring a mail to its verdict and write what follows from it.

    `released_at`: an agent lets it out of quarantine; then neither the spam list nor a mailbox that is off keeps it
    back. `let_in_at`: it goes in by itself, like any other mail but later than it came.
    """
    incoming = Incoming(mail, reading, released_at, let_in_at)
    for rule in _RULES:
        outcome = rule(incoming)
        if outcome is not None:
            return outcome
    return _open(incoming, incoming.contact)


def _own_mail(incoming: Incoming) -> Outcome | None:
    if read_message_id(incoming.parsed.message_id) is None:
        return None
    return Outcome(Verdict.OWN_MAIL, "This desk sent this mail itself, and it came back.")


def _report(incoming: Incoming) -> Outcome | None:
    if incoming.is_no_machines:
        return None
    mail = incoming.mail
    is_null_path = mail.envelope_from == "<>"
    report = note_report(incoming.parsed, incoming.delivery, is_null_path=is_null_path, at=mail.received_at)
    return Outcome(Verdict.BOUNCE, report.words, report.ticket) if report else None


def _nobody(incoming: Incoming) -> Outcome | None:
    if not incoming.sender.address:
        return Outcome(Verdict.QUARANTINED, "It names no sender who could be answered.")
    if is_own(incoming.sender.address, incoming.own):
        return Outcome(Verdict.QUARANTINED, "It comes in the name of this desk; the desk opens no ticket with itself.")
    return None


def _auto_reply(incoming: Incoming) -> Outcome | None:
    """Keep a machine's answer as a folded entry; it changes no status and nobody answers it."""
    if not incoming.is_automatic:
        return None
    match = incoming.match
    if match is None and is_notice(incoming.parsed.headers, incoming.parsed.subject):
        return None  # a monitor's alarm is somebody's concern; nothing answers it automatically
    contact: Contact | None = getattr(incoming.person, "contact", None)
    if match is None or contact is None:
        words = "An automatic answer that no entry is made of."
        return Outcome(Verdict.AUTO_REPLY, words, match.ticket if match else None)
    if doubt := _doubt_about_contact(incoming, contact, match):
        return Outcome(Verdict.AUTO_REPLY, f"{doubt}: no entry is made of this automatic answer.", match.ticket)
    act = incoming.act_of(contact.user)
    message = write_client_reply(
        ticket_id=match.ticket.pk, contact=contact, new=incoming.entry(act), act=act, is_auto_reply=True
    )
    return Outcome(Verdict.AUTO_REPLY, "An automatic answer, kept folded in the ticket.", match.ticket, message)


def _from_agent(incoming: Incoming) -> Outcome | None:
    """Let an agent answer by mail only when both the address and the mail server prove who writes."""
    agent, match = incoming.agent, incoming.match
    if agent is None:
        return None
    if match is None:
        return _new_from_agent(incoming, agent)
    doubt = _doubt_about(incoming, agent, match) or _refusal_of(agent, match, Permission.TICKETS_REPLY)
    if is_for_team(incoming.parsed, match):
        return _for_team(incoming, agent, match)
    act = incoming.act_of(agent.user)
    new = incoming.entry(act)
    if incoming.parsed.problems or (new.body.text == EMPTY_MAIL and not new.files):
        doubt = doubt or f"Nothing of {agent.name}'s own could be read for certain: it waits for confirmation."
    if doubt:
        held = hold_message(ticket_id=match.ticket.pk, author=agent.user, new=new, act=act, is_from_client=False)
        return _kept(incoming, Verdict.HELD, doubt, held)
    message = reply(
        ticket_id=match.ticket.pk,
        agent=agent,
        new=new,
        after=AfterReply(TicketSettings.current().after_reply),
        act=act,
    )
    return _kept(incoming, Verdict.ENTRY_ADDED, f"{agent.name} answered by mail.", message)


def _new_from_agent(incoming: Incoming, agent: Agent) -> Outcome:
    """Open a ticket for what an agent forwarded, which a person then gives to its sender. Other mail waits."""
    found = find_passed_on(incoming.parsed)
    if found is None:
        words = "Mail from staff opens no ticket, unless it forwards a client's; open it in the workspace."
        return Outcome(Verdict.HELD, f"{agent.name} works here. {words}")
    is_proven = incoming.is_from_sender and incoming.authentication.is_proven
    if not is_proven and incoming.released_at is None:  # whoever lets it out of quarantine vouches for it
        words = f"In the name of {agent.name}, forwarding a mail, but the mail server did not prove it."
        return Outcome(Verdict.HELD, words)
    if not agent.user.is_active or not agent.may(Permission.TICKETS_CREATE):
        return Outcome(Verdict.HELD, f"{agent.name} may open no tickets for clients.")
    act = incoming.act_of(agent.user)
    ticket = open_passed_on(incoming.mail, incoming.reading, found, agent=agent, act=act)
    return Outcome(Verdict.TEAM_MESSAGE, f"{agent.name} forwarded a mail of {found.sender.address}.", ticket)


def _for_team(incoming: Incoming, agent: Agent, match: Match) -> Outcome:
    """Write an agent's mail to the team. What is in doubt stays out of the ticket, so that nobody can send it on."""
    refusal = _refusal_of(agent, match, Permission.TICKETS_TEAM_MESSAGE)
    if incoming.released_at is None:  # whoever lets it out of quarantine vouches for it
        refusal = _doubt_about(incoming, agent, match) or refusal
    if refusal:
        return Outcome(Verdict.QUARANTINED, refusal, match.ticket)
    act = incoming.act_of(agent.user)
    new = for_team(incoming.entry(act), incoming.parsed)
    post_team_message(ticket_id=match.ticket.pk, agent=agent, new=new, act=act)
    # The ids of this mail stay unknown to the ticket: clients' mail names those that are known.
    return Outcome(Verdict.TEAM_MESSAGE, f"{agent.name} wrote to the team by mail.", match.ticket)


def _doubt_about(incoming: Incoming, agent: Agent, match: Match) -> str:
    """Why an agent's mail may not be the agent's; empty when nothing is in doubt."""
    if match.agent_id != agent.pk:
        return f"In the name of {agent.name}, but not by an address made for them: it waits for confirmation."
    if not incoming.is_from_sender or not incoming.authentication.is_proven:
        return f"In the name of {agent.name}, but the mail server did not prove it: it waits for confirmation."
    return ""


def _refusal_of(agent: Agent, match: Match, permission: Permission) -> str:
    """Why this agent may not write in the ticket; empty where they may."""
    is_visible = Ticket.objects.visible_to(agent).filter(pk=match.ticket.pk).exists()
    return "" if is_visible and agent.may(permission) else f"{agent.name} may not answer this ticket."


def _from_spammer(incoming: Incoming) -> Outcome | None:
    """Refuse mail of senders on the spam list; those who work here answer for themselves."""
    if incoming.released_at is not None or incoming.agent is not None:
        return None
    listing = listing_for(incoming.sender.address)
    return Outcome(Verdict.REJECTED, f"{listing.value} is on the spam list.") if listing else None


def _refuted(incoming: Incoming) -> Outcome | None:
    """Let nobody open a ticket in another's name: that person's colleagues would read it as theirs."""
    if incoming.match is not None or incoming.released_at is not None:
        return None
    is_named = incoming.is_from_sender or incoming.is_form_of_ours
    if is_named and not incoming.is_refuted:
        return None
    if incoming.person is None and client_of_domain(incoming.sender.address) is None:
        return None  # nobody we know is named, and nobody else will read it
    contact: Contact | None = getattr(incoming.person, "contact", None)
    if contact is not None and find_by_subject(incoming.parsed, contact):
        return None  # it is held in that ticket
    doubt = _FORGED if incoming.is_refuted else _UNNAMED
    return Outcome(Verdict.HELD, f"{doubt}: it opens a ticket when somebody lets it in.")


def _switched_off(incoming: Incoming) -> Outcome | None:
    box = incoming.mail.mailbox
    if box is None or box.is_enabled or incoming.match is not None or incoming.released_at is not None:
        return None
    # Locked, so that a mailbox being switched on meanwhile either finds this mail held or lets it pass here.
    if Mailbox.objects.select_for_update().get(pk=box.pk).is_enabled:
        return None
    return Outcome(Verdict.HELD, f"The mailbox {box.address} is switched off.", waits_for_mailbox=True)


def _matched(incoming: Incoming) -> Outcome | None:
    contact = incoming.contact
    match = incoming.match or find_by_subject(incoming.parsed, contact)
    if match is None:
        return None
    doubt = _doubt_about_contact(incoming, contact, match)
    if doubt and is_for_team(incoming.parsed, match):
        # Often an agent with another address than ours. Held in the ticket, it could be accepted as a client's.
        words = f"{doubt}, and it is for the team: it stays out of the ticket, where it could be shown to clients."
        return Outcome(Verdict.QUARANTINED, words, match.ticket)
    act = incoming.act_of(contact.user)
    if doubt:
        held = hold_message(ticket_id=match.ticket.pk, author=contact.user, new=incoming.entry(act), act=act)
        return _kept(incoming, Verdict.HELD, f"{doubt}: it waits until an agent accepts it.", held)
    try:
        message = write_client_reply(
            ticket_id=match.ticket.pk,
            contact=contact,
            new=incoming.entry(act),
            act=act,
            is_auto_reply=incoming.is_automatic,
        )
    except TooLateToReopen:
        return _followed_up(incoming, contact, match.ticket)
    _let_copies_join(incoming, contact, message)
    return _kept(incoming, Verdict.ENTRY_ADDED, f"Found by {match.how}.", message)


def _followed_up(incoming: Incoming, contact: Contact, closed: Ticket) -> Outcome:
    """Open a ticket that follows one closed too long ago, or write into the one that the contact has for that."""
    act = incoming.act_of(contact.user)
    follow_ups = Ticket.objects.filter(follow_up_of=closed, requester=contact).exclude(
        kind__in=[Kind.CLOSED, Kind.SPAM]
    )
    earlier = follow_ups.order_by("-pk").first()
    if earlier is None:
        return _open(incoming, contact, follow_up_of=closed)
    message = write_client_reply(ticket_id=earlier.pk, contact=contact, new=incoming.entry(act), act=act)
    _let_copies_join(incoming, contact, message)
    return _kept(incoming, Verdict.ENTRY_ADDED, f"It follows #{closed.number}, which was closed too long ago.", message)


def _doubt_about_contact(incoming: Incoming, contact: Contact, match: Match) -> str:
    """Why a mail on a ticket is not simply shown to its clients, without a full stop; empty if nothing is in doubt."""
    if match.agent_id is not None:
        return "It came by an address made for an agent, but not from them"
    if not is_on_ticket(contact, match.ticket):
        return f"From someone not on ticket #{match.ticket.number}"
    if not incoming.is_from_sender:
        return _UNNAMED
    if incoming.is_refuted:
        return _FORGED
    return ""


def _open(incoming: Incoming, contact: Contact, *, follow_up_of: Ticket | None = None) -> Outcome:
    act = incoming.act_of(contact.user)
    new = NewTicket(
        subject=subject_of(incoming.parsed),
        requester=contact,
        author=contact.user,
        source=Source.EMAIL,
        category=incoming.mail.mailbox.category if incoming.mail.mailbox else None,
        mailbox_id=incoming.mail.mailbox_id,
        follow_up_of=follow_up_of,
    )
    message = open_thread(ticket=new, first=incoming.entry(act), act=act)
    team = incoming.mail.mailbox.team if incoming.mail.mailbox else None
    if team is not None:
        set_team(ticket_id=message.ticket.pk, team=team, act=Act(actor=None, at=act.at, via=Via.MAIL))
    reason = (
        f"Ticket #{follow_up_of.number} was closed too long ago; this one follows it."
        if follow_up_of
        else "It belongs to no earlier ticket."
    )
    _let_copies_join(incoming, contact, message)
    outcome = _kept(incoming, Verdict.TICKET_OPENED, reason, message)
    if incoming.may_be_answered_by_itself:
        system = Act(actor=None, at=act.at, via=Via.MAIL)
        acknowledge(message_id=message.pk, act=system, mailbox=incoming.mail.mailbox)
    return outcome


def _let_copies_join(incoming: Incoming, contact: Contact, message: Message) -> None:
    """Keep colleagues in copy in the conversation, if the setting says so and the sender is beyond doubt."""
    if incoming.is_from_sender and not incoming.is_refuted:
        let_copies_join(incoming.parsed, sender=contact, ticket=message.ticket, own=incoming.own, at=incoming.at)


def _kept(incoming: Incoming, verdict: Verdict, reason: str, message: Message) -> Outcome:
    remember = remember_held if verdict == Verdict.HELD else remember_ids
    remember(incoming.parsed, message.ticket, at=incoming.mail.received_at)
    return Outcome(verdict, reason, message.ticket, message)


_RULES = (_own_mail, _report, _nobody, _from_spammer, _auto_reply, _from_agent, _refuted, _switched_off, _matched)

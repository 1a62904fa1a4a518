"""A mail under judgment: what the rules of judging.py ask of it."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.conf import settings

from deskhand.accounts.models import Agent, User
from deskhand.clients.actions.people import find_or_create_contact
from deskhand.clients.models import Contact
from deskhand.events import Act, Actor, Via
from deskhand.mail.addresses import is_own, own_addresses
from deskhand.mail.authentication import Authentication, read_authentication
from deskhand.mail.entries import entry_of
from deskhand.mail.first_look import is_usable, sender_of
from deskhand.mail.message import Address, ParsedMail
from deskhand.mail.models import MACHINE_MADE, Delivery, InboundMail
from deskhand.mail.queries.senders import person_of, remember_person
from deskhand.mail.reading import Reading
from deskhand.mail.routing import How, Match, find_delivery, find_match
from deskhand.tickets.actions.conversation import NewMessage


@dataclass(frozen=True)
class Incoming:
    """A mail under judgment; what the rules need to know is found once, when first asked for."""

    mail: InboundMail
    reading: Reading
    released_at: datetime | None = None
    """When an agent let it out of quarantine: that vouches for it."""
    let_in_at: datetime | None = None
    """When it came out by itself, because its mailbox was switched on again: that vouches for nothing."""

    @property
    def parsed(self) -> ParsedMail:
        """The mail as parsed."""
        return self.reading.mail

    @property
    def at(self) -> datetime:
        """When what follows from this mail happens."""
        return self.released_at or self.let_in_at or self.mail.received_at

    @cached_property
    def own(self) -> frozenset[str]:
        """The desk's own addresses."""
        return own_addresses()

    @cached_property
    def sender(self) -> Address:
        """Who writes; for mail in the desk's own name (a website's contact form), whom it asks to answer.

        Where no field names anyone, the envelope may.
        """
        sender = sender_of(self.parsed.headers)
        if not sender.address and is_usable(self.mail.envelope_from):
            return Address("", self.mail.envelope_from.lower())
        if sender.address and is_own(sender.address, self.own):
            others = (one for one in self.parsed.reply_to if is_usable(one.address))
            outside = next((one for one in others if not is_own(one.address, self.own)), None)
            return Address(outside.name, outside.address.lower()) if outside else sender
        return sender

    @property
    def is_no_machines(self) -> bool:
        """Whether an agent let it out who saw that it is a message, and no automatic answer or report after all."""
        return self.released_at is not None and self.mail.verdict in MACHINE_MADE

    @property
    def is_automatic(self) -> bool:
        """Whether a machine wrote it, as far as one can tell."""
        return self.parsed.is_auto_reply and not self.is_no_machines

    @property
    def is_from_sender(self) -> bool:
        """Whether From names the sender and nobody else; Sender and Reply-To are worth less, two names nothing."""
        return [one.address.lower() for one in self.parsed.from_] == [self.sender.address]

    @cached_property
    def delivery(self) -> Delivery | None:
        """The delivery whose return address this was sent to."""
        return find_delivery(self.parsed, self.mail.envelope_to)

    @cached_property
    def match(self) -> Match | None:
        """The ticket named by address or Message-ID; an answer to a return address belongs to that mail's ticket."""
        found = find_match(self.parsed, self.mail.envelope_to)
        if found is None and self.delivery is not None and self.delivery.mail.ticket is not None:
            return Match(self.delivery.mail.ticket, How.ADDRESS)
        return found

    @cached_property
    def authentication(self) -> Authentication:
        """What our own mail server found out about the sender."""
        return self._found_out_about(self.sender.address)

    def _found_out_about(self, address: str) -> Authentication:
        return read_authentication(self.parsed.headers, from_address=address, servers=settings.MAIL_AUTHSERV_IDS)

    @cached_property
    def is_form_of_ours(self) -> bool:
        """Whether From names this desk alone: a website's form, whose visitor is whom it asks to answer."""
        named = [one.address for one in self.parsed.from_]
        return len(named) == 1 and is_own(named[0], self.own)

    @cached_property
    def is_refuted(self) -> bool:
        """Whether our own mail server says of anyone named in From that it is not from there."""
        others = {one.address for one in self.parsed.from_} - {self.sender.address}
        return self.authentication.is_refuted or any(self._found_out_about(one).is_refuted for one in others)

    @cached_property
    def person(self) -> User | None:
        """Whoever owns the sender's address, as agent and as contact."""
        return person_of(self.sender.address)

    @property
    def agent(self) -> Agent | None:
        """The agent, also a former one, who owns the sender's address."""
        return getattr(self.person, "agent", None)

    @cached_property
    def contact(self) -> Contact:
        """The sender as a contact, made if unknown."""
        known: Contact | None = getattr(self.person, "contact", None)
        if known is not None:
            return known
        act = Act(actor=None, at=self.at, via=Via.MAIL)
        made = find_or_create_contact(email=self.sender.address, name=self.sender.name, act=act)
        remember_person(self.sender.address, made.user)
        return made

    def act_of(self, person: Actor) -> Act:
        """The act of writing this mail."""
        return Act(actor=person, at=self.at, via=Via.MAIL)

    @property
    def may_be_answered_by_itself(self) -> bool:
        """Whether an automatic answer goes to a person who really wrote, as far as one can tell."""
        if self.parsed.suppress_response or self.mail.envelope_from == "<>":
            return False
        return self.released_at is not None or not self.is_refuted

    def entry(self, act: Act) -> NewMessage:
        """What is written into the ticket; the files are stored."""
        key = f"mail:{self.mail.pk}"
        return entry_of(self.reading, key=key, act=act, is_by_agent=self.answers_staff_notice)

    @property
    def answers_staff_notice(self) -> bool:
        """Whether it may quote what this desk wrote to an agent: who has that agent's address has the mail with it."""
        return self.agent is not None or (self.match is not None and self.match.agent_id is not None)

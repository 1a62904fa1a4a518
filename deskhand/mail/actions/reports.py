"""Delivery reports: what other servers say about mail of ours. They never open a ticket and never make a contact."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from deskhand.core.text import shorten
from deskhand.events import Act, Via
from deskhand.events.recording import record
from deskhand.mail.actions.suppression import suppress
from deskhand.mail.events import DeliveryTroubled
from deskhand.mail.message import Bounce, FailedRecipient, ParsedMail
from deskhand.mail.models import Delivery, DeliveryState
from deskhand.tickets.models import Recipient, Ticket

ANSWER_LIMIT = 1000
_HAS_LEFT = frozenset({DeliveryState.SENT, DeliveryState.UNCLEAR})
"""States of what some server has, or may have: only of that can another one report a failure."""


@dataclass(frozen=True)
class Report:
    """A report, in words for the log, and the ticket whose mail it is about."""

    words: str
    ticket: Ticket | None


def note_report(mail: ParsedMail, returned_to: Delivery | None, *, is_null_path: bool, at: datetime) -> Report | None:
    """Mark the delivery a report is about. None when the mail is no report.

    `returned_to` is the delivery whose own return address received it, which says more surely than any text.
    """
    if mail.bounce is None:
        if returned_to is None or mail.is_auto_reply or not is_null_path:
            return None
        words = f"A report about the mail to {returned_to.address} that says nothing clear."
        return Report(words, returned_to.mail.ticket)
    delivery = returned_to or _named_delivery(mail.bounce)
    if delivery is None:
        return Report("A delivery report about mail that this desk does not know.", None)
    if mail.bounce.is_failure:
        words = _words_about(mail.bounce, delivery.address)
        note_failure(delivery.pk, words, is_proven=returned_to is not None, at=at)
        # Only a return address is made for one delivery: who merely knows a Message-ID could silence somebody else.
        if returned_to is not None and mail.bounce.is_hard:
            suppress(delivery=delivery, reason=words, at=at)
        return Report(f"The mail to {delivery.address} was not delivered.", delivery.mail.ticket)
    return Report(f"The mail to {delivery.address} is {mail.bounce.state.value}.", delivery.mail.ticket)


@transaction.atomic
def note_failure(delivery_id: int, answer: str, *, is_proven: bool, at: datetime) -> None:
    """Mark a delivery as failed because a server said so later; saying so twice changes nothing.

    `is_proven`: it was said to the delivery's own return address. Whoever merely knows a Message-ID could keep a mail
    that still waits from ever going out, so without the proof only what has left is marked.
    """
    delivery = Delivery.objects.select_for_update(of=("self",)).select_related("mail").get(pk=delivery_id)
    if delivery.state == DeliveryState.FAILED or not (is_proven or delivery.state in _HAS_LEFT):
        return
    if delivery.state == DeliveryState.SENDING:
        # Its worker still waits for the server, whose answer must not be lost: it finds this when it writes that down.
        delivery.server_answer = shorten(answer, ANSWER_LIMIT)
        delivery.save(update_fields=["server_answer"])
        return
    delivery.state = DeliveryState.FAILED
    delivery.server_answer = shorten(answer, ANSWER_LIMIT)
    delivery.next_try_at = delivery.lease_until = None
    delivery.settled_at = at
    delivery.save(update_fields=["state", "server_answer", "next_try_at", "lease_until", "settled_at"])
    record_trouble(delivery, at=at)


def record_trouble(delivery: Delivery, *, at: datetime) -> None:
    """Record that a ticket's mail did not reach someone. Mail about no ticket has only the log."""
    if delivery.mail.ticket_id is None:
        return
    fact = DeliveryTroubled(
        subject_id=delivery.mail.ticket_id,
        delivery_id=delivery.pk,
        state=delivery.state,
        address=delivery.address,
        answer=delivery.server_answer,
        name=_recipient_name(delivery),
    )
    record(fact, act=Act(actor=None, at=at, via=Via.SYSTEM))


def _named_delivery(bounce: Bounce) -> Delivery | None:
    """The delivery a report names by our Message-ID and, among several recipients, by address."""
    if not bounce.original_message_id:
        return None
    rows = Delivery.objects.select_related("mail__ticket").filter(mail__message_id=bounce.original_message_id)
    named = {one.address.lower() for one in bounce.recipients}
    found = list(rows)
    return next((row for row in found if row.address in named), found[0] if len(found) == 1 else None)


def _words_about(bounce: Bounce, address: str) -> str:
    own = [one for one in bounce.recipients if one.address.lower() == address]
    one = next(iter(own or bounce.recipients), FailedRecipient(address))
    return " ".join(filter(None, (one.status, one.diagnostic))) or "It came back as undeliverable."


def _recipient_name(delivery: Delivery) -> str:
    named = Recipient.objects.filter(message=delivery.mail.entry_id, address__iexact=delivery.address)
    return named.values_list("name", flat=True).first() or ""

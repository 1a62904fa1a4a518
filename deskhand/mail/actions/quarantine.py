"""Mail that stands in no ticket: letting it in after all, or deleting it."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction

from deskhand.accounts.roles import Permission
from deskhand.events import Act
from deskhand.events.recording import record
from deskhand.mail.actions.forwarded import find_passed_on, open_passed_on
from deskhand.mail.actions.incoming import Incoming
from deskhand.mail.actions.judging import Outcome, judge
from deskhand.mail.actions.processing import write_down
from deskhand.mail.events import MailDeleted, MailReleased
from deskhand.mail.models import QUARANTINE, RELEASABLE, InboundMail, Verdict
from deskhand.mail.reading import read
from deskhand.tickets.models import Ticket

KEPT = timedelta(days=30)
"""How long refused mail is kept; what is held or failed stays until someone decides."""


class NotInQuarantine(ValueError):
    """The mail was released or deleted meanwhile, or never waited for that."""

    def __init__(self) -> None:
        super().__init__("This mail was released or deleted meanwhile, or stands in a ticket.")


class CannotBeReleased(ValueError):
    """No ticket can be made of the mail; the message says why."""


@transaction.atomic
def release_mail(*, mail_id: int, act: Act) -> Ticket | None:
    """Let a mail in as if it came now; returns its ticket. None: it made no entry (a delivery report, an auto-reply).

    What was taken for a delivery report or an auto-reply, and made no entry, is a message when somebody says so.
    A mail of an agent that answers and forwards nothing becomes a ticket of the team's, which no client sees.
    Raises NotInQuarantine and CannotBeReleased; then nothing changed.
    """
    mail = _locked(mail_id, RELEASABLE)
    reading = read(bytes(mail.raw))
    outcome = judge(mail, reading, released_at=act.at)
    if outcome.verdict in QUARANTINE and outcome.message is None:
        outcome = _for_team(Incoming(mail, reading, act.at)) or outcome
    if outcome.verdict in QUARANTINE and outcome.message is None:
        raise CannotBeReleased(outcome.reason)
    was = mail.verdict
    write_down(mail, outcome, now=act.at)
    record(MailReleased(subject_id=mail.pk, was=was, verdict=outcome.verdict), act=act)
    return outcome.ticket


@transaction.atomic
def let_in(*, mail_id: int, act: Act) -> None:
    """Judge a mail anew that waited because its mailbox was off, as if it came now. Nobody vouches for it.

    So it may be kept back again, for another reason. Raises NotInQuarantine.
    """
    mail = _locked(mail_id)
    if not mail.waits_for_mailbox:
        raise NotInQuarantine
    outcome = judge(mail, read(bytes(mail.raw)), let_in_at=act.at)
    was = mail.verdict
    write_down(mail, outcome, now=act.at)
    if not (outcome.verdict in QUARANTINE and outcome.message is None):
        record(MailReleased(subject_id=mail.pk, was=was, verdict=outcome.verdict), act=act)


@transaction.atomic
def delete_mail(*, mail_id: int, act: Act) -> None:
    """Delete the bytes of a mail in quarantine, and of every copy of it; its line in the log stays.

    Raises NotInQuarantine.
    """
    mail = _locked(mail_id)
    was = mail.verdict
    InboundMail.objects.filter(duplicate_of=mail).update(raw=b"")
    mail.raw, mail.verdict, mail.processed_at, mail.waits_for_mailbox = b"", Verdict.DELETED, act.at, False
    mail.reason = f"Deleted. {mail.reason}"
    mail.save(update_fields=["raw", "verdict", "processed_at", "waits_for_mailbox", "reason"])
    record(MailDeleted(subject_id=mail.pk, was=was), act=act)


def expired_mails(*, now: datetime, limit: int = 1000) -> list[int]:
    """Return the ids of refused mail whose time is over."""
    refused = InboundMail.objects.filter(verdict=Verdict.REJECTED, entry=None, processed_at__lte=now - KEPT)
    return list(refused.order_by("pk").values_list("pk", flat=True)[:limit])


def held_mails(*, mailbox_id: int) -> list[int]:
    """Return the ids of mail that waits because its mailbox was off, oldest first."""
    held = InboundMail.objects.waiting_for_mailbox().filter(mailbox_id=mailbox_id)
    return list(held.order_by("received_at", "pk").values_list("pk", flat=True))


def _for_team(incoming: Incoming) -> Outcome | None:
    """Open a ticket of the team's for what an agent wrote to the desk; None for any other mail."""
    agent, mail = incoming.agent, incoming.mail
    if agent is None or incoming.match is not None or find_passed_on(incoming.parsed) is not None:
        return None
    if not agent.user.is_active or not agent.may(Permission.TICKETS_CREATE):
        return None
    ticket = open_passed_on(mail, incoming.reading, None, agent=agent, act=incoming.act_of(agent.user))
    return Outcome(Verdict.TEAM_MESSAGE, f"A mail of {agent.name}, let in as a ticket of the team's.", ticket)


def _locked(mail_id: int, verdicts: Collection[str] = QUARANTINE) -> InboundMail:
    mail = InboundMail.objects.select_for_update(of=("self",)).select_related("mailbox").filter(pk=mail_id).first()
    if mail is None or mail.verdict not in verdicts or mail.entry_id is not None:
        raise NotInQuarantine
    return mail

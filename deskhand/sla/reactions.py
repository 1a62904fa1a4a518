"""What promises do when something happens to a ticket, or to what they are counted in."""

from deskhand.events import Act
from deskhand.sla.actions.clocks import (
    advance_clocks,
    advance_or_start,
    bring_hours_up_to_date,
    match_policy_again,
)
from deskhand.sla.actions.clocks import start_clocks as start
from deskhand.sla.actions.on_call import acknowledge_alert, raise_alert
from deskhand.sla.clockwork import CLOSED, ClientWrote, KindChanged, StaffWrote
from deskhand.sla.events import HoursChanged, PolicyChanged
from deskhand.sla.queries.states import message_posted
from deskhand.sla.tasks import recalculate
from deskhand.tickets.events import (
    MessageAccepted,
    MessagePosted,
    PropertyChanged,
    StatusChanged,
    TicketOpened,
)
from deskhand.tickets.models import Kind


def start_clocks(fact: TicketOpened, act: Act) -> None:
    """Choose the ticket's policy and start what it promises."""
    start(ticket_id=fact.subject_id, message_id=fact.message_id, is_from_client=fact.is_from_client, act=act)


def alert_on_call(fact: TicketOpened, act: Act) -> None:
    """Alert the on-call agents of a business critical ticket; one without a category is none."""
    if fact.category_id is not None:
        raise_alert(ticket_id=fact.subject_id, act=act)


def move_clocks_by_message(fact: MessagePosted, act: Act) -> None:
    """Stop what a person's answer stops, start what a client's message starts; automatic mail does neither.

    With the client's own opening message the clocks were started already.
    """
    if fact.is_opening and fact.is_from_client:
        return
    happening = message_posted(at=act.at, via=act.via, **fact.data())
    if happening is None:
        return
    advance_or_start(ticket_id=fact.subject_id, message_id=fact.message_id, happening=happening, act=act)
    if isinstance(happening, StaffWrote):
        acknowledge_alert(ticket_id=fact.subject_id, act=act)


def move_clocks_by_acceptance(fact: MessageAccepted, act: Act) -> None:
    """Count a held message from when it was let in."""
    written = ClientWrote(act.at)
    advance_or_start(ticket_id=fact.subject_id, message_id=fact.message_id, happening=written, act=act)


def move_clocks_by_status(fact: StatusChanged, act: Act) -> None:
    """Pause, go on, stop or start, as the new kind says; a ticket that rests needs no more alerts."""
    advance_clocks(ticket_id=fact.subject_id, happening=KindChanged(act.at, fact.new_kind), act=act)
    if fact.old_kind == CLOSED:
        bring_hours_up_to_date(ticket_id=fact.subject_id, act=act)
    if fact.new_kind in {Kind.CLOSED, Kind.SPAM}:
        acknowledge_alert(ticket_id=fact.subject_id, act=act)


def match_policy(fact: PropertyChanged, act: Act) -> None:
    """Match the policy again when what it may ask for changed, and alert for what became business critical."""
    if fact.name in {"category", "priority"}:
        match_policy_again(ticket_id=fact.subject_id, act=act)
    if fact.name == "category":
        raise_alert(ticket_id=fact.subject_id, act=act)


def recalculate_later(fact: HoursChanged | PolicyChanged, act: Act) -> None:  # noqa: ARG001 -- every reaction is told
    """Count open tickets anew."""
    if fact.recalculation_id is not None:
        recalculate.defer(recalculation_id=fact.recalculation_id)

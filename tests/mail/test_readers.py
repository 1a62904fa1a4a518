import pytest
from django.db import IntegrityError
from django.test import override_settings

from deskhand.accounts.models import Agent, User
from deskhand.mail.actions.queueing import put_in_outbox
from deskhand.mail.models import Delivery, DeliveryState, OutboundKind, OutboundMail
from deskhand.tickets.actions.assignment import set_assignees
from deskhand.tickets.models import Ticket
from tests.cast import NOON, Cast, act_by
from tests.mail.post_office import work_off


def notice(ticket: Ticket, reader: Agent | None) -> OutboundMail:
    """Return a notice to an agent, written down."""
    return OutboundMail.objects.create(
        kind=OutboundKind.STAFF_NOTICE,
        ticket=ticket,
        reader=reader,
        subject="x",
        from_address="support@desk.example",
        to_addresses=["kit@desk.example"],
        recipients_line="kit@desk.example",
        message_id="<notice@desk.example>",
        text="x",
        html="x",
        is_automatic=True,
        created_at=NOON,
    )


@override_settings(MAIL_DELIVERY="capture")
@pytest.mark.parametrize(
    ("change", "state"),
    [
        ("nothing", DeliveryState.CAPTURED),
        ("left", DeliveryState.SUPPRESSED),
        ("sees no more", DeliveryState.SUPPRESSED),
        ("moved", DeliveryState.SUPPRESSED),
    ],
)
def test_a_notice_leaves_only_while_its_agent_may_read_it(cast: Cast, change: str, state: DeliveryState) -> None:
    ticket = cast.ticket()
    set_assignees(ticket_id=ticket.pk, agents=[cast.kit], act=act_by(cast.ada.user))
    put_in_outbox(notice(ticket, cast.kit), ["kit@desk.example"], act=act_by(None))
    if change == "left":
        User.objects.filter(pk=cast.kit.user_id).update(is_active=False)
    elif change == "sees no more":
        set_assignees(ticket_id=ticket.pk, agents=[], act=act_by(cast.ada.user))
    elif change == "moved":
        User.objects.filter(pk=cast.kit.user_id).update(email="kit@elsewhere.example")
    work_off(NOON)
    assert Delivery.objects.get().state == state


def test_a_notice_names_its_agent(cast: Cast) -> None:
    with pytest.raises(IntegrityError, match="outbound_mail_reader_named"):
        notice(cast.ticket(), None)

from datetime import timedelta

import pytest

from deskhand.tickets.links import LIFETIME, LinkNotValid, Purpose, read_token, token_for
from deskhand.tickets.models import Ticket
from tests.cast import NOON, Cast


def token_of_cleo(cast: Cast, ticket: Ticket, purpose: Purpose = Purpose.GUEST) -> str:
    return token_for(purpose, ticket=ticket, contact=cast.cleo, at=NOON)


def refused(token: str, purpose: Purpose = Purpose.GUEST, *, late: timedelta = timedelta()) -> bool:
    with pytest.raises(LinkNotValid):
        read_token(purpose, token, now=NOON + late)
    return True


def test_a_link_opens_its_ticket_for_its_contact_until_it_ends(cast: Cast) -> None:
    ticket = cast.ticket()
    token = token_of_cleo(cast, ticket)
    guest = read_token(Purpose.GUEST, token, now=NOON + LIFETIME - timedelta(seconds=1))
    assert (guest.ticket, guest.contact) == (ticket, cast.cleo)
    assert refused(token, late=LIFETIME)


def test_a_link_for_one_purpose_does_nothing_for_the_other(cast: Cast) -> None:
    ticket = cast.ticket()
    assert refused(token_of_cleo(cast, ticket, Purpose.UNFOLLOW), Purpose.GUEST)
    assert refused(token_of_cleo(cast, ticket, Purpose.GUEST), Purpose.UNFOLLOW)


def test_no_part_of_a_link_can_be_exchanged(cast: Cast) -> None:
    ticket, other = cast.ticket(), cast.ticket("Another")
    public_id, contact, ends, signature = token_of_cleo(cast, ticket).split(".")
    flipped = ("b" if signature[0] == "a" else "a") + signature[1:]
    for parts in (
        (other.public_id, contact, ends, signature),
        (public_id, str(cast.dev.pk), ends, signature),
        (public_id, contact, str(int(ends) + 1), signature),
        (public_id, f"0{contact}", ends, signature),
        (public_id, contact, ends, flipped),
        (public_id, contact, ends, signature[:-1]),
    ):
        assert refused(".".join(parts))


@pytest.mark.parametrize(
    "token", ["", ".", "...", "x" * 5000, "a.b.c.d", "é" * 22 + ".1.1." + "a" * 32, "\x00", "\u0661.1.1.1"]
)
def test_what_never_was_a_link_is_refused(cast: Cast, token: str) -> None:
    assert refused(token)


def test_a_contact_who_sees_the_ticket_no_more_is_refused(cast: Cast) -> None:
    ticket = cast.ticket()
    assert refused(token_for(Purpose.GUEST, ticket=ticket, contact=cast.eve, at=NOON))


def test_a_contact_who_was_switched_off_is_refused(cast: Cast) -> None:
    token = token_of_cleo(cast, cast.ticket())
    cast.cleo.user.is_active = False
    cast.cleo.user.save()
    assert refused(token)

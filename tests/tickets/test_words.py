"""Words are found wherever they stand, by whichever way the database finds them sooner."""

from dataclasses import replace

import pytest
from django.db import connection

from deskhand.tickets.models import Message, Ticket
from deskhand.tickets.queries.words import Words
from tests.cast import Cast

MANY = 3000


def found(words: Words) -> list[int]:
    return sorted(words.held_by(Ticket.objects.all()).values_list("pk", flat=True))


@pytest.mark.parametrize("is_common", [False, True])
@pytest.mark.parametrize("typed", ["stall", "BUTTON spin", "cle", "acme", "cleo acm", "carts"])
def test_each_way_finds_what_subject_message_or_people_hold(cast: Cast, typed: str, is_common: bool) -> None:
    mine = cast.ticket("The checkout stalls: carts", text="It spins when a button is pressed.")
    cast.opened_by(cast.eve, subject="Another thing", text="Nothing alike. Button.")
    words = Words.typed(typed)
    assert words is not None
    assert found(replace(words, is_common=is_common)) == [mine.pk]


@pytest.mark.parametrize("is_common", [False, True])
@pytest.mark.parametrize("typed", ["button carts", "clea", "cl_o", "cleo other", "_"])
def test_neither_way_finds_words_that_stand_apart_or_nowhere(cast: Cast, typed: str, is_common: bool) -> None:
    cast.ticket("The carts", text="It spins when a button is pressed.")
    words = Words.typed(typed)
    assert words is not None
    assert found(replace(words, is_common=is_common)) == []


@pytest.mark.parametrize("typed", ["", "  ", "'", "& | !", "😀"])
def test_where_nothing_is_a_word_there_are_none(cast: Cast, typed: str) -> None:
    assert Words.typed(typed) is None


def test_words_are_common_that_so_many_messages_hold(cast: Cast) -> None:
    first = Message.objects.get(ticket=cast.ticket(text="Everyone says please, I say zebra."))
    others = [
        Message(
            ticket=first.ticket, position=place, author=first.author, is_from_client=True, via=first.via,
            html="", text=f"Please {place}", created_at=first.created_at,
        )
        for place in range(100, 100 + MANY)
    ]  # fmt: skip
    Message.objects.bulk_create(others)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE tickets_message")
    common, rare = Words.typed("please"), Words.typed("zebra")
    assert common is not None
    assert rare is not None
    assert (common.is_common, rare.is_common) == (True, False)

"""What a page hears that connects a moment after it was made."""

import json

from asgiref.sync import async_to_sync

from deskhand.project.live import (
    KEPT_HINTS,
    LONGEST_TRANSACTION_SECONDS,
    WAITING_HINTS,
    Hub,
    Subscriber,
    may_hear,
)
from deskhand.tickets.models import Viewer
from tests.cast import Cast

START = 1000.0


def hint(number: int) -> str:
    return json.dumps({"kind": "message.posted", "subject": f"ticket:{number}", "client": True})


def heard(hub: Hub, cast: Cast, *, since: float | None) -> list[str]:
    """Return the subjects that wait for a page made at `since`; "" stands for everything."""
    page = Subscriber(cast.ben)
    hub.join(page, since=since)
    return [page.queue.get_nowait()["subject"] for _ in range(page.queue.qsize())]


def test_a_page_hears_what_happened_since_it_was_made(cast: Cast) -> None:
    hub = Hub()
    hub.start(at=START)
    hub.publish(hint(1), at=START + 10)
    hub.publish(hint(2), at=START + 20)
    assert heard(hub, cast, since=START + 15) == ["ticket:2"]
    assert heard(hub, cast, since=START + 10 + LONGEST_TRANSACTION_SECONDS) == ["ticket:1", "ticket:2"]
    assert heard(hub, cast, since=START + 30) == []


def test_a_stream_without_a_page_hears_nothing_old(cast: Cast) -> None:
    hub = Hub()
    hub.start(at=START)
    hub.publish(hint(1), at=START + 10)
    assert heard(hub, cast, since=None) == []


def test_a_page_older_than_what_is_kept_is_told_to_look_again(cast: Cast) -> None:
    hub = Hub()
    assert heard(hub, cast, since=START) == [""]
    hub.start(at=START)
    assert heard(hub, cast, since=START - 1) == [""]
    for number in range(KEPT_HINTS + 1):
        hub.publish(hint(number), at=START + number)
    assert heard(hub, cast, since=START + 1) == [""]
    assert heard(hub, cast, since=START + KEPT_HINTS) == [
        f"ticket:{number}" for number in range(KEPT_HINTS - LONGEST_TRANSACTION_SECONDS, KEPT_HINTS + 1)
    ]


def test_a_page_that_missed_very_much_is_told_to_look_again(cast: Cast) -> None:
    hub = Hub()
    hub.start(at=START)
    for number in range(WAITING_HINTS + 1):
        hub.publish(hint(number), at=START + 50)
    assert heard(hub, cast, since=START + 40) == [""]


def test_every_page_looks_again_when_the_database_was_away(cast: Cast) -> None:
    hub = Hub()
    hub.start(at=START)
    page = Subscriber(cast.ben)
    hub.join(page, since=START + 5)
    hub.start(at=START + 60)
    assert page.queue.get_nowait()["subject"] == ""
    assert heard(hub, cast, since=START + 30) == [""]


def test_what_one_agent_is_told_is_heard_by_nobody_else(cast: Cast) -> None:
    bens = {"kind": "notifications", "subject": f"agent:{cast.ben.pk}", "client": False}
    people: dict[str, Viewer] = {"ben": cast.ben, "ada": cast.ada, "kit": cast.kit, "cleo": cast.cleo}
    assert [name for name, person in people.items() if async_to_sync(may_hear)(person, bens)] == ["ben"]

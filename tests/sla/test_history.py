from deskhand.sla.tasks import settle_due_clocks
from deskhand.tickets.queries.history import history_of
from tests.cast import Cast
from tests.sla.promises import at


def test_the_history_says_what_the_desk_promised_and_missed(cast: Cast) -> None:
    ticket = cast.ticket()
    for moment in ("Fri 2026-11-20 16:00", "Fri 2026-11-20 18:00"):
        settle_due_clocks(timestamp=int(at(moment).timestamp()))
    said = [happening.text for happening in history_of(ticket.pk, agent=cast.ben) if happening.kind.startswith("sla.")]
    assert said == [
        "Deskhand applied the response promise Everything",
        "Deskhand warned that the first response is due soon",
        "Deskhand noted that the first response is late",
    ]

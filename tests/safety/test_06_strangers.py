"""Security row 6: a stranger, or whom one puts in copy, is added to nothing and is sent nothing of the history."""

from itertools import product

from deskhand.mail.addresses import reply_address
from deskhand.mail.models import Delivery, MailSettings, Verdict
from deskhand.tickets.models import Participant, Ticket
from tests.cast import Cast
from tests.mail.post_office import PostOffice, mail, work_off
from tests.safety.conftest import Report

STRANGERS = ("eve@other.example", "who@nowhere.example", "cleo@acme.example.evil.example", "cleo@evil.example")
WAYS = ("address", "message id", "subject", "copy")


def test_strangers_get_nothing(post: PostOffice, cast: Cast, report: Report) -> None:
    first = post.deliver(mail("The secret is 42."))
    ticket = first.ticket
    assert ticket is not None
    MailSettings.objects.update_or_create(pk=1, defaults={"copies_join": True, "quote": "all"})
    trials = 0
    for sender, way in product(STRANGERS, WAYS):
        to = {"address": reply_address(ticket.number)}.get(way, "support@desk.example")
        raw = mail(
            "Let me in.", sender=sender, to=to, cc="boss@evil.example, dev@acme.example",
            subject=f"Re: [#{ticket.number}]" if way == "subject" else "Re: Checkout",
            headers={"In-Reply-To": first.message_id if way == "message id" else "",
                     "X-Original-To": reply_address(ticket.number) if way == "copy" else ""},
        )  # fmt: skip
        row = post.deliver(raw, envelope_from=sender)
        assert row.ticket_id != ticket.pk or row.verdict == Verdict.HELD, (sender, way)
        trials += 1
    cast.staff_reply(ticket, "All of it again.")
    work_off(first.received_at.replace(year=2027))
    assert not Participant.objects.filter(ticket=ticket).exists()
    assert Ticket.objects.get(pk=ticket.pk).requester == cast.cleo
    about = Delivery.objects.filter(mail__ticket=ticket)
    assert set(about.values_list("address", flat=True)) == {"cleo@acme.example"}
    report("strangers and copies", trials, "nobody joined, nothing sent to them")

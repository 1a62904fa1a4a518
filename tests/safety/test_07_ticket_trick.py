"""Security row 7: verification mails of third parties to the desk stay hidden from whoever opened a ticket."""

from itertools import product

from deskhand.clients.models import Contact
from deskhand.mail.addresses import reply_address
from deskhand.tickets.models import Message, Ticket
from tests.cast import Cast
from tests.mail.post_office import SUPPORT, PostOffice, mail
from tests.safety.conftest import IS_FULL, Report

SECRET = "Your code is 493-221"
SERVICES = ("no-reply@chat.example", "verify@code.example", "noreply@mail.bank.example", "security@cloud.example")


def test_who_opened_a_ticket_reads_no_verification_mail(post: PostOffice, cast: Cast, report: Report) -> None:
    opened = post.deliver(mail("Hello", sender="mallory@evil.example", subject="Verify your address"))
    ticket = opened.ticket
    assert ticket is not None
    mallory = Contact.objects.get(user__email="mallory@evil.example")
    ways = product(
        (reply_address(ticket.number), SUPPORT, f"support+{ticket.number}@desk.example"),
        ("Verify your address", f"Verify your address #{ticket.number}", f"[#{ticket.number}] Code"),
        ({}, {"In-Reply-To": opened.message_id}, {"Reply-To": "mallory@evil.example"}),
    )
    trials = 0
    for number, (to, subject, headers) in enumerate(ways):
        for service in SERVICES if IS_FULL else [SERVICES[number % len(SERVICES)]]:
            raw = mail(SECRET, sender=service, to=to, subject=subject, headers=headers)
            post.deliver(raw, envelope_from=service)
            trials += 1
    seen = Ticket.objects.visible_to(mallory)
    shown = Message.objects.shown_to_clients().filter(ticket__in=seen)
    assert [one.text for one in shown] == ["Hello"]
    assert Message.objects.filter(text__contains="493-221").count() == trials
    report("verification mails of third parties", trials, "all kept, none shown to who opened the ticket")

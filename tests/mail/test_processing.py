from datetime import timedelta

import pytest

from deskhand.clients.models import Contact
from deskhand.mail.actions.processing import process_mail
from deskhand.mail.addresses import reply_address
from deskhand.mail.models import InboundMail, Verdict
from deskhand.tickets.actions.status import close_ticket
from deskhand.tickets.models import Kind, Message, Ticket
from tests.cast import NOON, Cast, act_by
from tests.mail.post_office import PostOffice, mail

LATER = NOON + timedelta(hours=3)


def test_opens_a_ticket_for_a_new_mail(post: PostOffice, cast: Cast) -> None:
    row = post.deliver(mail("It spins.", subject="Checkout stalls", files=(("log.txt", "text/plain", b"x"),)))
    assert row.verdict == Verdict.TICKET_OPENED
    assert row.ticket is not None
    assert (row.ticket.subject, row.ticket.requester, row.ticket.source) == ("Checkout stalls", cast.cleo, "email")
    entry = row.ticket.messages.get()
    assert (entry.text, entry.via, entry.is_from_client) == ("It spins.", "mail", True)
    assert [one.file.name for one in entry.attachments.select_related("file")] == ["log.txt"]


def test_makes_a_contact_of_a_new_sender(post: PostOffice) -> None:
    row = post.deliver(mail(sender="Nia New <nia@acme.example>"))
    contact = Contact.objects.get(user__email="nia@acme.example")
    assert row.ticket is not None
    assert (row.ticket.requester, contact.name, str(contact.client)) == (contact, "Nia New", "Acme")


def test_processing_twice_changes_nothing(post: PostOffice) -> None:
    row = post.deliver()
    process_mail(row.pk, now=LATER)
    assert (Ticket.objects.count(), Message.objects.count()) == (1, 1)
    assert InboundMail.objects.get(pk=row.pk).processed_at == row.processed_at


def test_the_same_mail_by_two_ways_is_one_entry(post: PostOffice) -> None:
    raw = mail(received="from a by b; Wed, 18 Nov 2026 12:00:00 +0000")
    first = post.deliver(raw)
    second = post.deliver(raw.replace(b"from a by b", b"from c by d"), envelope_to=("sales@desk.example",))
    assert second.verdict == Verdict.DUPLICATE
    assert second.duplicate_of_id == first.pk
    assert Message.objects.count() == 1


def test_an_answer_by_the_reply_address_reopens_the_ticket(post: PostOffice, cast: Cast) -> None:
    ticket = cast.ticket()
    close_ticket(ticket_id=ticket.pk, act=act_by(cast.ben.user, at=NOON))
    row = post.deliver(mail("Still broken.", subject="anything", to=reply_address(ticket.number).upper()))
    ticket.refresh_from_db()
    assert (row.verdict, row.ticket_id, ticket.kind) == (Verdict.ENTRY_ADDED, ticket.pk, Kind.OPEN)


@pytest.mark.parametrize("field", ["in_reply_to", "references"])
def test_an_answer_by_message_id_joins_the_ticket(post: PostOffice, field: str) -> None:
    first = post.deliver()
    row = post.deliver(mail("More.", subject="Re: x", headers={field: f"<other@x.example> {first.message_id}"}))
    assert (row.verdict, row.ticket_id) == (Verdict.ENTRY_ADDED, first.ticket_id)

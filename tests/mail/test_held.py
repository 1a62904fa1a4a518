"""A mail held in its ticket: sent on as the agent's reply once, kept for the team, or deleted."""

from collections.abc import Callable

import pytest

from deskhand.events.models import Event
from deskhand.files.models import File
from deskhand.mail.actions import held
from deskhand.mail.addresses import reply_address
from deskhand.mail.models import InboundMail, KnownMessageId, MailSettings, OutboundMail, Quote, Verdict
from deskhand.mail.parsing import parse
from deskhand.mail.queries.details import raw_mail
from deskhand.mail.wire import bytes_of
from deskhand.tickets.actions.held import NotHeld, NotOfStaff
from deskhand.tickets.client_view import client_ticket
from deskhand.tickets.models import Attachment, Message, Ticket
from deskhand.tickets.models.team import TeamMessage
from tests.cast import NOON, Cast, act_by
from tests.mail.post_office import PostOffice, mail
from tests.workspace import browsing

FILES = (("plan.txt", "text/plain", b"secret plan"),)


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    return cast.ticket()


@pytest.fixture
def of_ben(post: PostOffice, ticket: Ticket) -> InboundMail:
    """Return a mail in Ben's name that nothing proves, and that forwards nothing."""
    raw = mail("Between us: refund it.", sender="Ben <ben@desk.example>", to=reply_address(ticket.number), files=FILES)
    return post.deliver(raw)


@pytest.fixture
def of_eve(post: PostOffice, ticket: Ticket) -> InboundMail:
    """Return a mail of a stranger to the ticket."""
    return post.deliver(mail("Let me in.", sender="eve@other.example", to=reply_address(ticket.number), files=FILES))


def decided(how: Callable[..., None], row: InboundMail, cast: Cast) -> InboundMail:
    assert row.ticket is not None
    assert row.entry is not None
    how(ticket_id=row.ticket.pk, message_id=row.entry.pk, act=act_by(cast.ada.user, at=NOON))
    row.refresh_from_db()
    return row


def seen_by_client(cast: Cast, ticket: Ticket) -> str:
    return str(client_ticket(cast.cleo, ticket.number, now=NOON))


def test_nothing_of_a_held_mail_reaches_the_client(cast: Cast, ticket: Ticket, of_ben: InboundMail) -> None:
    assert (of_ben.verdict, of_ben.entry is not None and of_ben.entry.is_held) == (Verdict.HELD, True)
    assert "refund" not in seen_by_client(cast, ticket)
    assert not OutboundMail.objects.exists()


def test_an_answer_quotes_nothing_that_is_held(
    cast: Cast, ticket: Ticket, of_ben: InboundMail, of_eve: InboundMail
) -> None:
    MailSettings.objects.update(quote=Quote.ALL)
    cast.staff_reply(ticket, "First answer.")
    cast.staff_reply(ticket, "Second answer.")
    sent = parse(bytes_of(OutboundMail.objects.latest("pk")))
    for body in (sent.text, sent.html):
        assert "First answer." in body
        assert not any(held in body for held in ("refund", "Let me in"))


def test_an_accepted_mail_of_an_agent_goes_to_the_client_once(cast: Cast, ticket: Ticket, of_ben: InboundMail) -> None:
    for _ in range(2):
        row = decided(held.accept, of_ben, cast)
    sent = OutboundMail.objects.get()
    assert sent.entry == row.entry
    assert [one.address for one in sent.deliveries.all()] == ["cleo@acme.example"]
    assert row.verdict == Verdict.ENTRY_ADDED
    assert row.reason.startswith("Accepted. In the name of Ben")
    assert "refund" in seen_by_client(cast, ticket)
    assert row.entry is not None
    assert (row.entry.author, row.entry.is_from_client) == (cast.ben.user, False)


def test_kept_for_the_team_it_never_reaches_a_client(cast: Cast, ticket: Ticket, of_ben: InboundMail) -> None:
    row = decided(held.keep_for_team, of_ben, cast)
    team_message = TeamMessage.objects.get()
    assert (team_message.author, team_message.text) == (cast.ben.user, "Between us: refund it.")
    assert [one.file.name for one in team_message.attachments.all()] == ["plan.txt"]
    assert (row.verdict, row.entry, row.ticket) == (Verdict.TEAM_MESSAGE, None, ticket)
    cast.staff_reply(ticket, "An ordinary answer.")
    sent = OutboundMail.objects.get()
    assert "refund" not in sent.text + sent.html + seen_by_client(cast, ticket)
    assert row.message_id not in [sent.in_reply_to, *sent.references]
    assert not Attachment.objects.filter(file__name="plan.txt").exists()


@pytest.mark.parametrize("whose", ["of_ben", "of_eve"])
def test_deleted_it_leaves_one_line_in_the_log(
    request: pytest.FixtureRequest, cast: Cast, ticket: Ticket, post: PostOffice, whose: str
) -> None:
    row: InboundMail = request.getfixturevalue(whose)
    copy = post.deliver(bytes(row.raw))
    decided(held.delete, row, cast)
    copy.refresh_from_db()
    ticket.refresh_from_db()
    assert (row.verdict, row.entry, raw_mail(row.pk), bytes(copy.raw)) == (Verdict.DELETED, None, None, b"")
    assert row.reason.startswith("Deleted. ")
    assert not Message.objects.filter(is_held=True).exists()
    assert (ticket.attachment_count, File.objects.get(name="plan.txt").claimed_at) == (0, None)
    cast.client_reply(ticket, "And now?")
    assert not OutboundMail.objects.exists()


def named_by_the_next_reply(cast: Cast, ticket: Ticket) -> list[str]:
    """Return every id that an answer to the client names."""
    sent = OutboundMail.objects.get(entry=cast.staff_reply(ticket, "An ordinary answer."))
    return [sent.in_reply_to, *sent.references]


def test_the_id_of_a_held_mail_reaches_the_client_when_it_is_accepted(
    cast: Cast, ticket: Ticket, of_eve: InboundMail
) -> None:
    assert of_eve.message_id not in named_by_the_next_reply(cast, ticket)
    decided(held.accept, of_eve, cast)
    assert of_eve.message_id in named_by_the_next_reply(cast, ticket)


def test_what_follows_a_held_mail_is_held_too_but_what_that_names_leads_nowhere(
    post: PostOffice, cast: Cast, ticket: Ticket
) -> None:
    named = "<planted@other.example>"
    to = reply_address(ticket.number)
    first = post.deliver(mail("Let me in.", sender="eve@other.example", to=to, references=named))
    second = post.deliver(mail("Hello?", sender="eve@other.example", in_reply_to=first.message_id))
    assert (second.verdict, second.ticket) == (Verdict.HELD, ticket)
    answer = post.deliver(mail("About that.", in_reply_to=named))
    assert (answer.verdict, answer.ticket == ticket) == (Verdict.TICKET_OPENED, False)
    decided(held.delete, first, cast)
    assert not KnownMessageId.objects.filter(message_id__in=[first.message_id, named], ticket=ticket).exists()


@pytest.mark.parametrize("first", [held.accept, held.keep_for_team, held.delete])
@pytest.mark.parametrize("second", [held.keep_for_team, held.delete])
def test_what_is_decided_stays_decided(
    cast: Cast, of_ben: InboundMail, first: Callable[..., None], second: Callable[..., None]
) -> None:
    message = of_ben.entry
    decided(first, of_ben, cast)
    was = of_ben.verdict
    assert message is not None
    with pytest.raises(NotHeld):
        second(ticket_id=of_ben.ticket_id, message_id=message.pk, act=act_by(cast.ada.user))
    of_ben.refresh_from_db()
    assert of_ben.verdict == was
    assert OutboundMail.objects.count() == (1 if first is held.accept else 0)


def test_a_strangers_mail_becomes_no_message_of_the_team(cast: Cast, of_eve: InboundMail) -> None:
    with pytest.raises(NotOfStaff):
        decided(held.keep_for_team, of_eve, cast)
    of_eve.refresh_from_db()
    assert (of_eve.verdict, of_eve.entry is not None) == (Verdict.HELD, True)


def test_what_was_deleted_meanwhile_cannot_be_let_in(cast: Cast, of_eve: InboundMail) -> None:
    assert of_eve.ticket is not None
    assert of_eve.entry is not None
    where = {"ticket_id": of_eve.ticket.pk, "message_id": of_eve.entry.pk}
    held.delete(**where, act=act_by(cast.ada.user))
    with pytest.raises(NotHeld):
        held.accept(**where, act=act_by(cast.ada.user))


def test_the_page_offers_what_fits_and_does_it(cast: Cast, ticket: Ticket, of_ben: InboundMail) -> None:
    page = browsing.get(cast.ada, f"tickets/{ticket.number}").content.decode()
    assert [words in page for words in ("Send to the client", "Keep for the team", "Delete for good")] == [True] * 3
    assert of_ben.entry is not None
    where, fields = f"tickets/{ticket.number}/acceptance", {"message": of_ben.entry.public_id}
    assert browsing.post(cast.ada, where, fields | {"answer": "shred"}, part=True).status_code == 422
    browsing.post(cast.ada, where, fields | {"answer": "team"})
    assert TeamMessage.objects.count() == 1
    answer = browsing.post(cast.ada, where, fields | {"answer": "delete"}, part=True)
    assert answer.status_code == 422
    page = browsing.get(cast.ada, f"tickets/{ticket.number}").content.decode()
    assert "Held back." not in page


@pytest.mark.parametrize("name", ["of_ben", "of_eve"])
def test_the_page_says_why_it_is_held_and_shows_the_mail(
    request: pytest.FixtureRequest, cast: Cast, ticket: Ticket, name: str
) -> None:
    row: InboundMail = request.getfixturevalue(name)
    page = browsing.get(cast.ada, f"tickets/{ticket.number}").content.decode()
    assert row.reason.partition(":")[0] in page
    assert f"It came from {row.from_address}." in page
    assert row.entry is not None
    original = f"tickets/{ticket.number}/messages/{row.entry.public_id}/original"
    assert original in page
    assert row.from_address in browsing.get(cast.ada, original).content.decode()


def test_the_page_offers_no_team_message_for_a_client(cast: Cast, ticket: Ticket, of_eve: InboundMail) -> None:
    page = browsing.get(cast.ada, f"tickets/{ticket.number}").content.decode()
    assert "Keep for the team" not in page
    assert of_eve.entry is not None
    browsing.post(
        cast.ada, f"tickets/{ticket.number}/acceptance", {"message": of_eve.entry.public_id, "answer": "delete"}
    )
    of_eve.refresh_from_db()
    assert of_eve.verdict == Verdict.DELETED
    deleted = Event.objects.filter(kind="ticket.held_message_deleted")
    assert (deleted.get().data["author_name"], deleted.client_visible().exists()) == (cast.eve.name, False)
    assert "deleted a message of" in browsing.get(cast.ada, f"tickets/{ticket.number}/history").content.decode()

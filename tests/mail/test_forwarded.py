"""An agent forwards a client's mail to the desk: whose ticket it is, a person says."""

from datetime import timedelta

import pytest
from django.test import Client as Browser
from django.test import override_settings

from deskhand.clients.models import Contact
from deskhand.events.models import Event
from deskhand.mail.actions.forwarded import AlreadyDecided, accept_sender, refuse_sender
from deskhand.mail.actions.quarantine import release_mail
from deskhand.mail.models import ForwardedSender, InboundMail, OutboundMail, Verdict
from deskhand.tickets.actions.conversation import TooLateToReopen
from deskhand.tickets.actions.requester import AlreadyShared
from deskhand.tickets.actions.status import close_ticket
from deskhand.tickets.models import Ticket
from deskhand.tickets.models.team import TeamMessage
from tests.cast import NOON, Cast, act_by
from tests.mail.post_office import PostOffice, mail

PROOF = "mx.desk.example; dmarc=pass header.from=desk.example"
trusting = override_settings(MAIL_AUTHSERV_IDS=["mx.desk.example"])
INNER = (
    "---------- Forwarded message ---------\nFrom: Jane Roe <Jane@acme.example>\nDate: Mon, 2 Nov 2026\n"
    "Subject: Broken shop\nTo: <ben@desk.example>\n\nIt is down since nine.\n"
)


def forwarded(comment: str = "Lazy people.", *, proof: str = PROOF, inner: str = INNER) -> bytes:
    return mail(
        f"{comment}\n\n{inner}",
        sender="Ben <ben@desk.example>",
        subject="Fwd: Broken shop",
        authentication_results=proof,
        references="<jane-1@acme.example>",
    )


@pytest.fixture
def waiting(post: PostOffice, cast: Cast) -> Ticket:
    """A ticket made of a forwarded mail, still to be decided."""
    with trusting:
        row = post.deliver(forwarded())
    assert row.ticket is not None, row.reason
    return Ticket.objects.get(pk=row.ticket.pk)


def test_a_forwarded_mail_becomes_a_ticket_of_the_team(waiting: Ticket, cast: Cast) -> None:
    assert (waiting.requester.user, waiting.client, waiting.subject) == (cast.ben.user, None, "Broken shop")
    assert [one.agent for one in waiting.assignment_set.all()] == [cast.ben]
    assert not waiting.messages.exists()
    assert "Lazy people." in TeamMessage.objects.get(ticket=waiting).text
    assert InboundMail.objects.get().verdict == Verdict.TEAM_MESSAGE
    assert not Contact.objects.filter(user__email="jane@acme.example").exists()
    assert not OutboundMail.objects.exists()
    assert not Ticket.objects.visible_to(cast.dev).exists()


def test_the_sender_becomes_requester_when_a_person_says_so(waiting: Ticket, cast: Cast) -> None:
    assert accept_sender(ticket_id=waiting.pk, act=act_by(cast.ada.user)) == "Jane Roe"
    waiting.refresh_from_db()
    assert (waiting.requester.email, waiting.client) == ("jane@acme.example", cast.acme)
    message = waiting.messages.get()
    assert (message.text, message.is_from_client, message.author) == (
        "It is down since nine.",
        True,
        waiting.requester.user,
    )
    assert "Lazy" not in message.html + message.quoted_html
    assert Event.objects.filter(kind="ticket.requester_changed", actor_id=cast.ada.user.pk).count() == 1
    assert not OutboundMail.objects.exists()
    with pytest.raises(AlreadyDecided):
        accept_sender(ticket_id=waiting.pk, act=act_by(cast.ada.user))


def test_what_the_sender_writes_on_finds_the_ticket(waiting: Ticket, post: PostOffice, cast: Cast) -> None:
    accept_sender(ticket_id=waiting.pk, act=act_by(cast.ada.user))
    row = post.deliver(mail(sender="jane@acme.example", in_reply_to="<jane-1@acme.example>"))
    assert (row.verdict, row.ticket) == (Verdict.ENTRY_ADDED, waiting)


def test_left_as_it_is_the_ticket_stays_with_the_agent(waiting: Ticket, cast: Cast) -> None:
    refuse_sender(ticket_id=waiting.pk, act=act_by(cast.ada.user))
    waiting.refresh_from_db()
    assert waiting.requester.user == cast.ben.user
    assert not Contact.objects.filter(user__email="jane@acme.example").exists()
    with pytest.raises(AlreadyDecided):
        accept_sender(ticket_id=waiting.pk, act=act_by(cast.ada.user))


def test_nobody_becomes_requester_of_what_was_written_to_someone_else(waiting: Ticket, cast: Cast) -> None:
    cast.staff_reply(waiting, "A word to myself.")
    with pytest.raises(AlreadyShared):
        accept_sender(ticket_id=waiting.pk, act=act_by(cast.ada.user))
    assert ForwardedSender.objects.get().decided_at is None


@trusting
@pytest.mark.parametrize("proof", ["", "mx.evil.example; dmarc=pass header.from=desk.example", PROOF + " dmarc=fail"])
def test_an_unproven_forward_is_held_until_someone_vouches(post: PostOffice, cast: Cast, proof: str) -> None:
    row = post.deliver(forwarded(proof=proof.replace("dmarc=pass header.from=desk.example dmarc", "dmarc")))
    assert (row.verdict, row.ticket) == (Verdict.HELD, None)
    ticket = release_mail(mail_id=row.pk, act=act_by(cast.ada.user))
    assert ticket is not None
    assert ForwardedSender.objects.get(ticket=ticket).address == "jane@acme.example"
    assert not ticket.messages.exists()


@trusting
@pytest.mark.parametrize("sender", ["ada@desk.example", "support@desk.example"])
def test_a_forward_of_our_own_mail_opens_nothing(post: PostOffice, cast: Cast, sender: str) -> None:
    row = post.deliver(forwarded(inner=INNER.replace("Jane@acme.example", sender)))
    assert (row.verdict, row.ticket) == (Verdict.HELD, None)


@trusting
def test_an_agent_without_the_right_opens_nothing(post: PostOffice, cast: Cast) -> None:
    raw = forwarded().replace(b"Ben <ben@", b"Kit <kit@")
    assert post.deliver(raw).verdict == Verdict.HELD
    assert not Ticket.objects.exists()


def test_a_client_who_forwards_stays_the_requester(post: PostOffice, cast: Cast) -> None:
    row = post.deliver(mail(f"Please help.\n\n{INNER}", subject="Fwd: Broken shop"))
    assert row.ticket is not None
    assert row.ticket.requester == cast.cleo
    assert not ForwardedSender.objects.exists()


@trusting
def test_forwarding_the_same_mail_twice_is_one_ticket(post: PostOffice, cast: Cast) -> None:
    raw = forwarded()
    post.deliver(raw)
    post.deliver(raw)
    assert Ticket.objects.count() == 1


@trusting
def test_a_mail_forwarded_as_a_file_keeps_its_form_and_files(post: PostOffice, cast: Cast) -> None:
    original = mail("It is down.", sender="Jane <jane@acme.example>", html="<p>It is <b>down</b>.</p>",
                    files=(("log.txt", "text/plain", b"x"),), message_id="<jane-2@acme.example>")  # fmt: skip
    head = forwarded().partition(b"\n\n")[0].replace(b'text/plain; charset="utf-8"', b"multipart/mixed; boundary=bb")
    raw = head + b"\n\n--bb\n\nSee.\n--bb\nContent-Type: message/rfc822\n\n"
    row = post.deliver(raw + original + b"\n--bb--\n")
    assert row.ticket is not None, row.reason
    accept_sender(ticket_id=row.ticket.pk, act=act_by(cast.ada.user))
    message = row.ticket.messages.get()
    assert "<b>down</b>" in message.html
    assert [one.file.name for one in message.attachments.select_related("file")] == ["log.txt"]
    answer = post.deliver(mail(sender="jane@acme.example", in_reply_to="<jane-2@acme.example>"))
    assert answer.ticket == row.ticket


@pytest.fixture
def with_files(post: PostOffice, cast: Cast) -> Ticket:
    """A ticket of a mail forwarded in the text, to which the agent added a file and below which stands a signature."""
    raw = mail(
        f"Mind the margin.\n\n{INNER}\n-- \nBen Baker, direct line 555-0117\n",
        sender="Ben <ben@desk.example>",
        subject="Fwd: Broken shop",
        files=(("margin.txt", "text/plain", b"we pay 10"), ("error.log", "text/plain", b"down")),
        authentication_results=PROOF,
    )
    with trusting:
        row = post.deliver(raw)
    assert row.ticket is not None, row.reason
    return Ticket.objects.get(pk=row.ticket.pk)


def shown_files(ticket: Ticket) -> list[str]:
    return [one.file.name for one in ticket.messages.get().attachments.select_related("file")]


def test_what_the_agent_adds_to_the_mail_stays_with_the_team(with_files: Ticket, cast: Cast) -> None:
    accept_sender(ticket_id=with_files.pk, act=act_by(cast.ada.user))
    assert shown_files(with_files) == []
    assert with_files.messages.get().text == "It is down since nine."
    written = TeamMessage.objects.get(ticket=with_files)
    assert [one.file.name for one in written.attachments.select_related("file")] == ["margin.txt", "error.log"]
    assert "555-0117" in written.text


def test_the_page_shows_what_they_will_read_and_lets_choose_files(
    with_files: Ticket, cast: Cast, client: Browser
) -> None:
    client.force_login(cast.ada.user)
    address = f"/workspace/tickets/{with_files.number}"
    banner = client.get(address).content.decode().partition('id="forwarded"')[2].partition("</form>")[0]
    assert "It is down since nine." in banner
    assert not any(word in banner for word in ("Mind the margin", "555-0117", "checked"))
    assert 'name="files" value="0"' in banner
    client.post(f"{address}/requester", {"answer": "accept", "files": ["1", "7", "x"]})
    assert shown_files(with_files) == ["error.log"]


def test_the_page_offers_and_decides(waiting: Ticket, cast: Cast, client: Browser) -> None:
    client.force_login(cast.ada.user)
    address = f"/workspace/tickets/{waiting.number}"
    page = client.get(address).content.decode()
    assert "Make jane@acme.example the requester" in page
    client.post(f"{address}/requester", {"answer": "accept"})
    page = client.get(address).content.decode()
    assert "Make jane@acme.example the requester" not in page
    assert "Jane Roe" in page
    assert "Somebody decided that meanwhile" in client.post(
        f"{address}/requester", {"answer": "accept"}, follow=True
    ).content.decode()  # fmt: skip


def test_a_ticket_closed_long_ago_is_not_given_away(waiting: Ticket, cast: Cast) -> None:
    close_ticket(ticket_id=waiting.pk, act=act_by(cast.ada.user, at=NOON + timedelta(hours=2)))
    with pytest.raises(TooLateToReopen):
        accept_sender(ticket_id=waiting.pk, act=act_by(cast.ada.user, at=NOON + timedelta(days=90)))
    assert ForwardedSender.objects.get().decided_at is None

"""A mailbox set up in the product, a real Dovecot and a real SMTP server: one day through the rules of mail."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.test import Client as Browser
from django.test import override_settings

from deskhand.clients.models import Contact
from deskhand.events.models import Event
from deskhand.mail.actions.processing import process_mail
from deskhand.mail.actions.receiving import receive
from deskhand.mail.actions.sending import deliver, due_deliveries
from deskhand.mail.actions.spam import list_sender
from deskhand.mail.addresses import agent_reply_address, read_message_id, read_reply_address
from deskhand.mail.fetching import login_of, read_folder
from deskhand.mail.imap import opened
from deskhand.mail.models import Delivery, Door, ImapAccount, InboundMail, Mailbox, OutboundMail, Verdict
from deskhand.mail.parsing import ParsedMail, parse
from deskhand.mail.queries.log import Direction, mail_log
from deskhand.mail.tasks import release_held
from deskhand.tickets.actions.status import close_ticket
from deskhand.tickets.models import Kind, Message, Ticket
from deskhand.tickets.models.team import TeamMessage
from tests.cast import NOON, Cast, act_by
from tests.mail import dovecot
from tests.mail.post_office import mail
from tests.mail.smtp_servers import Inbox, Taken, receiving_server

pytestmark = pytest.mark.django_db(transaction=True)
PROOF = "mx.desk.example; dmarc=pass header.from=desk.example"
REPORT = """\
From: MAILER-DAEMON@mx.acme.example
To: {to}
Subject: Undelivered Mail Returned to Sender
Message-ID: <report@mx.acme.example>
Auto-Submitted: auto-replied
Return-Path: <>
Content-Type: multipart/report; report-type=delivery-status; boundary=r

--r

Your mail could not be delivered.
--r
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.acme.example

Final-Recipient: rfc822; cleo@acme.example
Action: failed
Status: 5.2.2
Diagnostic-Code: smtp; 552 5.2.2 Mailbox full
--r--
"""
FORWARDED = (
    "Look at this one.\n\n---------- Forwarded message ---------\nFrom: Jane Roe <jane@acme.example>\n"
    "Date: Mon, 2 Nov 2026\nSubject: Broken shop\nTo: <ben@desk.example>\n\nIt is down.\n"
)


class Day:
    """The desk on one day: what comes in by IMAP, what goes out by SMTP, and the hands of an admin."""

    def __init__(self, box: dovecot.Mailbox, inbox: Inbox, cast: Cast, browser: Browser) -> None:
        self.box, self.inbox, self.cast, self.browser = box, inbox, cast, browser
        self.now = NOON

    def post(self, path: str, **fields: str) -> None:
        """Send a form as the admin's browser does."""
        assert self.browser.post(f"/workspace/{path}", fields).status_code == 302, path

    def set_up(self) -> Mailbox:
        """Add the mailbox and how it is read, through the pages."""
        self.browser.force_login(self.cast.ada.user)
        self.post("settings/mailboxes/new", name="Support", address="support@desk.example", aliases="help@desk.example")
        mailbox = Mailbox.objects.get()
        self.post(
            f"settings/mailboxes/{mailbox.pk}/imap", host=self.box.host, port=str(self.box.port), security="none",
            sign_in="password", user=self.box.user, password=self.box.password, folder="INBOX", existing="all",
            after_fetch="mark_seen", is_enabled="on",
        )  # fmt: skip
        return mailbox

    def comes(self, raw: bytes) -> InboundMail:
        """Let a mail arrive in the mailbox; the desk fetches and judges it."""
        self.now += timedelta(minutes=1)
        self.box.put(raw)
        account = ImapAccount.objects.select_related("mailbox").get()
        with opened(login_of(account, now=self.now)) as folder:
            read_folder(account, folder, clock=self._clock, is_stopping=lambda: False)
        newest = InboundMail.objects.order_by("-pk")[0]
        process_mail(newest.pk, now=self.now)
        return InboundMail.objects.select_related("ticket", "entry").get(pk=newest.pk)

    def goes_out(self) -> list[Taken]:
        """Send what waits; returns what the server took."""
        self.now += timedelta(minutes=1)
        before = len(self.inbox.mails)
        for delivery_id in due_deliveries(now=self.now):
            deliver(delivery_id, clock=self._clock)
        return self.inbox.mails[before:]

    def _clock(self) -> datetime:
        return self.now


@pytest.fixture
def day(committed_cast: Cast, client: Browser) -> Iterator[Day]:
    """A desk with nothing set up yet."""
    inbox = Inbox()
    with dovecot.running_dovecot() as running, receiving_server(inbox) as server:
        smtp = {"SMTP_HOST": server.host, "SMTP_PORT": server.port, "SMTP_SECURITY": "none"}
        with override_settings(MAIL_DELIVERY="smtp", MAIL_AUTHSERV_IDS=["mx.desk.example"], **smtp):
            yield Day(running.mailbox(), inbox, committed_cast, client)


def test_a_day_of_mail(day: Day) -> None:
    mailbox = day.set_up()
    first, answer = a_ticket_is_opened_and_answered(day)
    ticket = first.ticket
    assert ticket is not None
    answers_find_their_way(day, ticket, answer)
    nobody_else_gets_in(day, ticket, answer)
    machines_are_told_from_people(day, ticket, first)
    what_is_refused_can_be_let_in(day, mailbox)
    staff_write_by_mail(day, ticket)
    a_forwarded_mail_is_given_to_its_writer(day)
    the_same_mail_counts_once(day, ticket, answer)
    a_closed_ticket_opens_again(day, ticket)
    for row in InboundMail.objects.exclude(message_id=""):
        assert row.pk in [one.id for one in mail_log(search=row.message_id).rows], row.subject
    for sent in Delivery.objects.exclude(envelope_from=""):
        for known in (sent.envelope_from, sent.mail.message_id, str(sent.pk)):
            assert sent.mail_id in [one.id for one in mail_log(search=known, direction=Direction.OUT).rows], known


def a_ticket_is_opened_and_answered(day: Day) -> tuple[InboundMail, ParsedMail]:
    first = day.comes(mail("It stalls.", cc="dev@acme.example", message_id="<first@acme.example>"))
    assert first.verdict == Verdict.TICKET_OPENED
    assert first.ticket is not None
    assert (first.ticket.requester, first.ticket.participants.count()) == (day.cast.cleo, 0)
    (receipt,) = day.goes_out()
    said = parse(receipt.raw)
    assert (receipt.envelope_from.strip("<>"), receipt.recipients) == ("", ["cleo@acme.example"])
    assert said.headers.get("auto-submitted") == "auto-generated"
    assert said.headers.get("x-auto-response-suppress") == "All"
    day.cast.staff_reply(first.ticket, "Try again.", at=day.now)
    (sent,) = day.goes_out()
    answer = parse(sent.raw)
    assert answer.in_reply_to == ("<first@acme.example>",)
    assert answer.subject == f"Re: Checkout [#{first.ticket.number}]"
    assert read_message_id(answer.message_id) == first.ticket.number
    token = read_reply_address(answer.reply_to[0].address)
    assert token is not None
    assert token.ticket_number == first.ticket.number
    assert sent.envelope_from.startswith("bounce+")
    assert answer.from_[0].address == "support@desk.example"
    return first, answer


def answers_find_their_way(day: Day, ticket: Ticket, answer: ParsedMail) -> None:
    quote = f"\n\nOn Wed, 18 Nov 2026 at 12:00, Ben <support@desk.example> wrote:\n> {answer.text.splitlines()[0]}\n"
    ways = (
        mail(f"By address.{quote}", to=answer.reply_to[0].address, subject="Anything"),
        mail(f"By message id.{quote}", in_reply_to=answer.message_id, subject="Else"),
        mail(f"By number.{quote}", subject=f"About #{ticket.number}"),
    )
    for raw in ways:
        row = day.comes(raw)
        assert (row.verdict, row.ticket) == (Verdict.ENTRY_ADDED, ticket)
    texts = ticket.messages.order_by("position").values_list("text", flat=True)
    assert list(texts)[-3:] == ["By address.", "By message id.", "By number."]


def nobody_else_gets_in(day: Day, ticket: Ticket, answer: ParsedMail) -> None:
    stranger = day.comes(mail("Me too.", sender="who@nowhere.example", to=answer.reply_to[0].address))
    assert stranger.verdict == Verdict.HELD
    refuted = "mx.desk.example; dmarc=fail header.from=acme.example"
    assert day.comes(mail("x", to=answer.reply_to[0].address, authentication_results=refuted)).verdict == Verdict.HELD
    bare = day.comes(mail("x", sender="who@nowhere.example", subject=f"Re: [#{ticket.number}]"))
    assert bare.ticket != ticket
    assert ticket.participants.count() == 0
    assert not ticket.messages.shown_to_clients().filter(author__email="who@nowhere.example").exists()


def machines_are_told_from_people(day: Day, ticket: Ticket, first: InboundMail) -> None:
    away = day.comes(mail("Away.", in_reply_to="<first@acme.example>", auto_submitted="auto-replied"))
    assert away.verdict == Verdict.AUTO_REPLY
    assert away.entry is not None
    assert away.entry.is_auto_reply
    delivery = Delivery.objects.get(mail__ticket=ticket, mail__kind="reply")
    report = day.comes(REPORT.format(to=delivery.envelope_from).encode())
    assert (report.verdict, report.ticket, report.entry) == (Verdict.BOUNCE, ticket, None)
    delivery.refresh_from_db()
    assert (delivery.state, "Mailbox full" in delivery.server_answer) == ("failed", True)
    assert Event.objects.filter(kind="mail.delivery_troubled", subject_id=ticket.pk).count() == 1
    assert not Contact.objects.filter(user__email__startswith="mailer-daemon").exists()
    sent = OutboundMail.objects.get(ticket=ticket, kind="reply")
    assert day.comes(mail("Back again.", message_id=sent.message_id)).verdict == Verdict.OWN_MAIL


def what_is_refused_can_be_let_in(day: Day, mailbox: Mailbox) -> None:
    list_sender(value="spam.example", act=act_by(day.cast.ada.user, at=day.now))
    spam = day.comes(mail("Buy.", sender="x@spam.example", subject="Offer"))
    assert (spam.verdict, spam.ticket) == (Verdict.REJECTED, None)
    day.post(f"settings/quarantine/{spam.pk}/release")
    assert InboundMail.objects.get(pk=spam.pk).verdict == Verdict.TICKET_OPENED
    day.post(f"settings/mailboxes/{mailbox.pk}/activity", is_enabled="")
    held = day.comes(mail("Anyone?", subject="While off"))
    assert (held.verdict, held.ticket) == (Verdict.HELD, None)
    day.post(f"settings/mailboxes/{mailbox.pk}/activity", is_enabled="on")
    release_held(mailbox_id=mailbox.pk)
    assert InboundMail.objects.get(pk=held.pk).verdict == Verdict.TICKET_OPENED


def by_ben(text: str, to: str, *, subject: str = "Checkout", proof: str = PROOF) -> bytes:
    return mail(text, sender="Ben <ben@desk.example>", to=to, subject=subject, authentication_results=proof)


def staff_write_by_mail(day: Day, ticket: Ticket) -> None:
    day.goes_out()
    own = agent_reply_address(ticket.number, day.cast.ben.pk)
    assert day.comes(by_ben("Unproven.", own, proof="")).verdict == Verdict.HELD
    assert day.comes(by_ben("Fixed now.", own)).verdict == Verdict.ENTRY_ADDED
    assert [(one.recipients, b"Fixed now." in one.raw) for one in day.goes_out()] == [(["cleo@acme.example"], True)]
    assert day.comes(by_ben("Careful.", own, subject="[Reply to Team] x")).verdict == Verdict.TEAM_MESSAGE
    assert TeamMessage.objects.filter(ticket=ticket, text="Careful.").exists()
    assert not [one for one in day.goes_out() if "cleo@acme.example" in one.recipients]


def a_forwarded_mail_is_given_to_its_writer(day: Day) -> None:
    raw = mail(FORWARDED, sender="ben@desk.example", subject="Fwd: Broken shop", authentication_results=PROOF)
    row = day.comes(raw)
    assert row.verdict == Verdict.TEAM_MESSAGE
    assert row.ticket is not None
    day.post(f"tickets/{row.ticket.number}/requester", answer="accept")
    ticket = Ticket.objects.get(pk=row.ticket.pk)
    assert (ticket.requester.email, ticket.client) == ("jane@acme.example", day.cast.acme)
    assert [one.text for one in ticket.messages.all()] == ["It is down."]


def the_same_mail_counts_once(day: Day, ticket: Ticket, answer: ParsedMail) -> None:
    raw = mail("Twice.", to=f"{answer.reply_to[0].address}, help@desk.example", message_id="<twice@acme.example>")
    assert day.comes(raw).verdict == Verdict.ENTRY_ADDED
    known = InboundMail.objects.count()
    day.comes(raw)  # the copy to the other address lies in the same folder
    assert InboundMail.objects.count() == known
    by_lmtp = receive(raw.replace(b"\n", b"\r\n"), door=Door.LMTP, at=day.now, envelope_to=["help@desk.example"])
    assert by_lmtp.verdict == Verdict.DUPLICATE
    assert Message.objects.filter(ticket=ticket, text="Twice.").count() == 1


def a_closed_ticket_opens_again(day: Day, ticket: Ticket) -> None:
    close_ticket(ticket_id=ticket.pk, act=act_by(day.cast.ben.user, at=day.now))
    assert day.comes(mail("Still broken.", subject=f"#{ticket.number}")).verdict == Verdict.ENTRY_ADDED
    ticket.refresh_from_db()
    assert ticket.kind == Kind.OPEN

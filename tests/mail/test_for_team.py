"""What agents write by mail that only the team may read."""

from collections.abc import Callable
from textwrap import fill, indent

import pytest
from django.test import override_settings

from deskhand.mail.actions import held
from deskhand.mail.actions.quarantine import CannotBeReleased, release_mail
from deskhand.mail.addresses import agent_reply_address, reply_address
from deskhand.mail.entries import ANSWER_MARK
from deskhand.mail.for_team import MARK
from deskhand.mail.models import InboundMail, KnownMessageId, OutboundKind, OutboundMail, Verdict
from deskhand.tickets.models import Message, Ticket
from deskhand.tickets.models.team import TeamMessage
from tests.cast import NOON, Cast, act_by
from tests.mail.post_office import PostOffice, mail
from tests.notifications.conftest import Crier, assign

PROOF = "mx.desk.example; dmarc=pass header.from=desk.example"
trusting = override_settings(MAIL_AUTHSERV_IDS=["mx.desk.example"])
SECRET = "They never paid."


def from_ben(
    to: str, *, text: str = SECRET, proof: str = PROOF, subject: str = "Re: Checkout", answers: str = "", html: str = ""
) -> bytes:
    """Return a mail of Ben's."""
    headers = {"authentication-results": proof, "in-reply-to": answers}
    return mail(text, sender="Ben <ben@desk.example>", to=to, subject=subject, html=html, headers=headers)


def team_address(cast: Cast, ticket: Ticket) -> str:
    """Return the address by which Ben writes to the team."""
    return agent_reply_address(ticket.number, cast.ben.pk, is_for_team=True)


def notice_to_ben(cast: Cast, ticket: Ticket) -> OutboundMail:
    """Return a notice for the team, as it was mailed to Ben."""
    return OutboundMail.objects.create(
        kind=OutboundKind.STAFF_NOTICE,
        ticket=ticket,
        reader=cast.ben,
        subject="Ada wrote to the team",
        from_address="support@desk.example",
        reply_to=team_address(cast, ticket),
        to_addresses=["ben@desk.example"],
        recipients_line="ben@desk.example",
        message_id="<a.notice@desk.example>",
        text="x",
        html="x",
        is_automatic=True,
        created_at=NOON,
    )


def notice_of_client(cast: Cast, ticket: Ticket) -> OutboundMail:
    """Return the notice of a client's answer, as it is mailed to Ben."""
    assign(cast, ticket, [cast.ben])
    crier = Crier()
    crier.skip()
    cast.client_reply(ticket, "It spins.")
    (notice,) = crier.tell_and_mail()
    return notice


def nothing_for_clients(ticket: Ticket) -> bool:
    """Return whether neither thread nor outbox hold a word of it."""
    told = any(SECRET in text for text in Message.objects.values_list("text", flat=True))
    sent = any(SECRET in text for text in OutboundMail.objects.values_list("text", flat=True))
    ticket.refresh_from_db()
    return not told and not sent and ticket.last_line == "It spins."


@trusting
def test_an_answer_to_the_teams_address_stays_with_the_team(post: PostOffice, cast: Cast) -> None:
    ticket = cast.ticket()
    row = post.deliver(from_ben(team_address(cast, ticket)))
    assert (row.verdict, row.ticket, row.entry) == (Verdict.TEAM_MESSAGE, ticket, None)
    written = TeamMessage.objects.get()
    assert (written.ticket, written.author, written.text) == (ticket, cast.ben.user, SECRET)
    assert nothing_for_clients(ticket)


@trusting
@pytest.mark.parametrize(
    ("subject", "text"),
    [("[Reply to Team] Checkout", SECRET), ("Re: [reply  TO team] x", SECRET), ("Re: x", f"[Reply to Team] {SECRET}")],
)
def test_the_mark_keeps_an_answer_with_the_team(post: PostOffice, cast: Cast, subject: str, text: str) -> None:
    ticket = cast.ticket()
    row = post.deliver(from_ben(agent_reply_address(ticket.number, cast.ben.pk), subject=subject, text=text))
    assert row.verdict == Verdict.TEAM_MESSAGE
    assert TeamMessage.objects.get().text == SECRET
    assert nothing_for_clients(ticket)


MARKED = [
    f"\u200b[Reply to Team] {SECRET}",
    f"\ufeff [Reply to Team] {SECRET}",
    f"*[Reply to Team]* {SECRET}",
    f"\\[Reply to Team\\] {SECRET}",
    f"[reply to\nteam] {SECRET}",
    f"> It spins.\n\n[Reply to Team]\n{SECRET}",
    f"On 18 Nov 2026, Cleo wrote:\n> It spins.\n\n[Reply to Team]\n{SECRET}",
    f"> {ANSWER_MARK}\n> It spins.\n\n[Reply to Team]\n{SECRET}",
]


@trusting
@pytest.mark.parametrize("text", MARKED)
def test_the_mark_counts_wherever_a_mail_program_puts_it(post: PostOffice, cast: Cast, text: str) -> None:
    ticket = cast.ticket()
    row = post.deliver(from_ben(agent_reply_address(ticket.number, cast.ben.pk), text=text))
    assert row.verdict == Verdict.TEAM_MESSAGE
    assert TeamMessage.objects.get().text == SECRET
    assert nothing_for_clients(ticket)


@trusting
@pytest.mark.parametrize(
    ("text", "html", "kept"),
    [
        (f"Hi,\n[Reply to Team]\n{SECRET}\n", "", f"Hi,\n{SECRET}"),
        (f"Hi Ada, [Reply to Team] {SECRET}", "", f"Hi Ada,  {SECRET}"),
        ("All done.", f"<div>[Reply to Team]</div><div>{SECRET}</div>", SECRET),
        ("All done.", f"<p>Hi,</p><p><b>[Reply&nbsp;to <i>Team</i>]</b><br>{SECRET}</p>", f"Hi,\n\n{SECRET}"),
    ],
)
def test_the_mark_is_taken_out_of_what_the_team_reads(
    post: PostOffice, cast: Cast, text: str, html: str, kept: str
) -> None:
    ticket = cast.ticket()
    row = post.deliver(from_ben(agent_reply_address(ticket.number, cast.ben.pk), text=text, html=html))
    assert row.verdict == Verdict.TEAM_MESSAGE
    assert TeamMessage.objects.get().text == kept
    assert nothing_for_clients(ticket)


@trusting
@pytest.mark.parametrize("is_teams_first", [False, True])
def test_an_answer_to_both_addresses_stays_with_the_team(post: PostOffice, cast: Cast, is_teams_first: bool) -> None:
    ticket = cast.ticket()
    to = [agent_reply_address(ticket.number, cast.ben.pk), reply_address(ticket.number), team_address(cast, ticket)]
    row = post.deliver(from_ben(", ".join(reversed(to) if is_teams_first else to)))
    assert row.verdict == Verdict.TEAM_MESSAGE
    assert nothing_for_clients(ticket)


def lines_of(notice: OutboundMail) -> str:
    """Return the text of a notice as mail programs that wrap it show it."""
    return "\n".join(fill(line, 66) for line in notice.text.splitlines())


QUOTINGS: dict[str, Callable[[OutboundMail], str]] = {
    "below, marked": lambda notice: "Fixed now.\n\nOn 18 Nov 2026, Deskhand wrote:\n" + indent(notice.text, "> "),
    "below, wrapped, then marked": lambda notice: "Fixed now.\n\n" + indent(lines_of(notice), "> ", lambda _: True),
    "below, marked, then wrapped": lambda notice: "Fixed now.\n\n" + fill(indent(notice.text, "> "), 30),
    "below, as Outlook does": lambda notice: (
        f"Fixed now.\n\n________________________________\nFrom: Deskhand <support@desk.example>\n"
        f"Sent: Wednesday, 18 November 2026 12:00\nTo: Ben\nSubject: {notice.subject}\n\n{lines_of(notice)}"
    ),
}


@trusting
@pytest.mark.parametrize("quoting", QUOTINGS)
@pytest.mark.parametrize("tag", ['<div class="gmail_quote">', '<blockquote type="cite">', "<div>", None])
def test_the_notice_that_explains_the_mark_may_be_quoted(
    post: PostOffice, cast: Cast, quoting: str, tag: str | None
) -> None:
    ticket = cast.ticket()
    notice = notice_of_client(cast, ticket)
    assert MARK in notice.text
    assert MARK in notice.html
    html = f"<div>Fixed now.</div>{tag}{notice.html}" if tag else ""
    row = post.deliver(from_ben(notice.reply_to, text=QUOTINGS[quoting](notice), html=html))
    assert (row.verdict, TeamMessage.objects.count()) == (Verdict.ENTRY_ADDED, 0)
    assert row.entry is not None
    assert row.entry.text.startswith("Fixed now.")
    assert MARK not in row.entry.text + row.entry.html


@trusting
def test_an_answer_below_the_notice_goes_to_nobody_by_itself_and_not_to_the_team(post: PostOffice, cast: Cast) -> None:
    ticket = cast.ticket()
    notice = notice_of_client(cast, ticket)
    row = post.deliver(from_ben(notice.reply_to, text=indent(notice.text, "> ", lambda _: True) + "\nFixed now."))
    assert (row.verdict, TeamMessage.objects.count()) == (Verdict.HELD, 0)


@trusting
@pytest.mark.parametrize("to", ["clients", "agents"])
def test_an_answer_to_a_team_notice_stays_with_the_team_by_any_address(post: PostOffice, cast: Cast, to: str) -> None:
    ticket = cast.ticket()
    notice = notice_to_ben(cast, ticket)
    to = reply_address(ticket.number) if to == "clients" else agent_reply_address(ticket.number, cast.ben.pk)
    row = post.deliver(from_ben(to, answers=notice.message_id))
    assert row.verdict in {Verdict.TEAM_MESSAGE, Verdict.QUARANTINED}
    assert nothing_for_clients(ticket)


@trusting
@pytest.mark.parametrize("proof", ["", PROOF.replace("pass", "fail"), PROOF.replace("mx.desk", "mx.evil")])
def test_what_is_not_proven_waits_where_nobody_can_send_it_on(post: PostOffice, cast: Cast, proof: str) -> None:
    ticket = cast.ticket()
    row = post.deliver(from_ben(team_address(cast, ticket), proof=proof))
    assert (row.verdict, row.entry) == (Verdict.QUARANTINED, None)
    assert not TeamMessage.objects.exists()
    assert nothing_for_clients(ticket)
    release_mail(mail_id=row.pk, act=act_by(cast.ada.user))
    assert TeamMessage.objects.get().text == SECRET
    assert InboundMail.objects.get(pk=row.pk).verdict == Verdict.TEAM_MESSAGE
    assert nothing_for_clients(ticket)


@trusting
def test_another_agents_address_is_not_believed(post: PostOffice, cast: Cast) -> None:
    ticket = cast.ticket()
    row = post.deliver(from_ben(agent_reply_address(ticket.number, cast.ada.pk, is_for_team=True)))
    assert row.verdict == Verdict.QUARANTINED
    assert not TeamMessage.objects.exists()


@trusting
def test_who_may_not_see_the_ticket_writes_nothing_even_when_let_in(post: PostOffice, cast: Cast) -> None:
    ticket = cast.ticket()
    to = agent_reply_address(ticket.number, cast.kit.pk, is_for_team=True)
    row = post.deliver(mail(SECRET, sender="kit@desk.example", to=to, authentication_results=PROOF))
    assert row.verdict == Verdict.QUARANTINED
    with pytest.raises(CannotBeReleased):
        release_mail(mail_id=row.pk, act=act_by(cast.ada.user))
    assert not TeamMessage.objects.exists()


@trusting
@pytest.mark.parametrize("sender", ["Ben <ben@home.example>", "Cleo Clarke <cleo@acme.example>"])
def test_what_others_send_to_the_teams_address_cannot_be_accepted(post: PostOffice, cast: Cast, sender: str) -> None:
    ticket = cast.ticket()
    row = post.deliver(mail(SECRET, sender=sender, to=team_address(cast, ticket)))
    assert (row.verdict, row.ticket, row.entry) == (Verdict.QUARANTINED, ticket, None)
    assert "it is for the team" in row.reason
    assert not KnownMessageId.objects.filter(message_id=row.message_id).exists()
    with pytest.raises(CannotBeReleased, match="it is for the team"):
        release_mail(mail_id=row.pk, act=act_by(cast.ada.user))
    assert not TeamMessage.objects.exists()
    assert nothing_for_clients(ticket)


@trusting
@pytest.mark.parametrize("sign", ["text", "notice"])
def test_what_others_mean_for_the_team_cannot_be_accepted(post: PostOffice, cast: Cast, sign: str) -> None:
    ticket = cast.ticket()
    answers = notice_to_ben(cast, ticket).message_id if sign == "notice" else ""
    text = f"[Reply to Team] {SECRET}" if sign == "text" else SECRET
    raw = mail(text, sender="ben@home.example", to=reply_address(ticket.number), headers={"in-reply-to": answers})
    row = post.deliver(raw)
    assert (row.verdict, row.entry) == (Verdict.QUARANTINED, None)
    assert nothing_for_clients(ticket)


@trusting
def test_a_client_who_writes_the_mark_is_heard(post: PostOffice, cast: Cast) -> None:
    ticket = cast.ticket()
    row = post.deliver(mail("[Reply to Team] What is this?", to=reply_address(ticket.number)))
    assert row.verdict == Verdict.ENTRY_ADDED


@trusting
@pytest.mark.parametrize("text", ["Fixed now.\n\n{}", "> It spins.\n\nFixed now.\n\n{}\nBye."])
def test_what_others_answer_to_an_agents_notice_is_accepted_without_it(post: PostOffice, cast: Cast, text: str) -> None:
    ticket = cast.ticket()
    to = agent_reply_address(ticket.number, cast.ben.pk)
    row = post.deliver(mail(text.format(QUOTED), sender="ben@home.example", to=to))
    assert row.verdict == Verdict.HELD
    assert row.entry is not None
    held.accept(ticket_id=ticket.pk, message_id=row.entry.pk, act=act_by(cast.ada.user))
    row.entry.refresh_from_db()
    assert not row.entry.is_held
    assert "Fixed now." in row.entry.text
    for kept in (row.entry.text, row.entry.html, row.entry.quoted_html):
        assert "Hidden in the notice" not in kept
        assert "reply+" not in kept


@trusting
def test_the_ids_of_an_answer_to_the_team_stay_out_of_clients_mail(post: PostOffice, cast: Cast) -> None:
    ticket = cast.ticket()
    row = post.deliver(from_ben(team_address(cast, ticket)))
    assert not KnownMessageId.objects.filter(message_id=row.message_id).exists()


QUOTED = f"> {ANSWER_MARK} It goes to Cleo Clarke, the client.\n>\n> Cleo wrote:\n> Hidden in the notice.\n"


@trusting
@pytest.mark.parametrize(
    "attribution",
    ["On Wed, 18 Nov 2026 at 12:00, Deskhand <support@desk.example> wrote:\n", "Deskhand kirjutas (18.11.2026):\n", ""],
)
def test_a_public_answer_leaves_out_the_notice_it_quotes(post: PostOffice, cast: Cast, attribution: str) -> None:
    ticket = cast.ticket()
    to = agent_reply_address(ticket.number, cast.ben.pk)
    row = post.deliver(from_ben(to, text=f"Fixed now.\n\n{attribution}{QUOTED}"))
    assert row.verdict == Verdict.ENTRY_ADDED
    assert row.entry is not None
    assert row.entry.text.startswith("Fixed now.")
    for kept in (row.entry.text, row.entry.html, row.entry.quoted_html):
        assert "Hidden in the notice" not in kept
        assert ANSWER_MARK not in kept


@trusting
def test_a_public_answer_in_html_leaves_out_the_notice_it_quotes(post: PostOffice, cast: Cast) -> None:
    ticket = cast.ticket()
    html = (
        f"<div>Fixed <b>now</b>.</div><div>Deskhand kirjutas:</div><div>{ANSWER_MARK} It goes to Cleo.</div>"
        "<p>Hidden in the notice.</p>"
    )
    text = f"Fixed now.\n\nDeskhand kirjutas:\n\n{ANSWER_MARK} It goes to Cleo.\n\nHidden in the notice."
    row = post.deliver(from_ben(agent_reply_address(ticket.number, cast.ben.pk), text=text, html=html))
    assert row.entry is not None
    for kept in (row.entry.text, row.entry.html, row.entry.quoted_html):
        assert "Hidden in the notice" not in kept
        assert ANSWER_MARK not in kept


@trusting
@pytest.mark.parametrize("attribution", ["", "On Wed, 18 Nov 2026, Deskhand <support@desk.example> wrote:\n"])
def test_an_answer_without_words_is_not_sent(post: PostOffice, cast: Cast, attribution: str) -> None:
    ticket = cast.ticket()
    row = post.deliver(from_ben(agent_reply_address(ticket.number, cast.ben.pk), text=attribution + QUOTED))
    assert row.verdict == Verdict.HELD
    assert row.entry is not None
    assert "Hidden in the notice" not in row.entry.html + row.entry.text
    assert not OutboundMail.objects.exists()


@trusting
def test_an_agents_address_quoted_in_an_answer_goes_to_nobody(post: PostOffice, cast: Cast) -> None:
    ticket = cast.ticket()
    to = agent_reply_address(ticket.number, cast.ben.pk)
    row = post.deliver(from_ben(to, text=f"Fixed. Write to {to} or {to.upper()}, please."))
    assert row.entry is not None
    assert "reply+" not in row.entry.text.lower() + row.entry.html.lower()


@trusting
@pytest.mark.parametrize(("plus", "at"), [("%2B", "%40"), ("%2b", "@"), ("&#43;", "&#64;")])
def test_an_agents_address_in_a_link_goes_to_nobody(post: PostOffice, cast: Cast, plus: str, at: str) -> None:
    ticket = cast.ticket()
    to = agent_reply_address(ticket.number, cast.ben.pk)
    link = f'<p>Fixed: <a href="mailto:{to.replace("+", plus).replace("@", at)}">write</a>.</p>'
    row = post.deliver(from_ben(to, text="Fixed: write.", html=link))
    assert row.entry is not None
    assert to.partition("@")[0].rpartition("-")[2] not in row.entry.html + OutboundMail.objects.get().html

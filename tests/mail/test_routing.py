from datetime import timedelta

import pytest
from django.test import override_settings

from deskhand.accounts.actions.people import create_agent
from deskhand.clients.models import Contact
from deskhand.events.models import Event
from deskhand.mail.actions.quarantine import release_mail
from deskhand.mail.addresses import agent_reply_address, reply_address
from deskhand.mail.models import InboundMail, KnownMessageId, MailSettings, OutboundKind, OutboundMail, Verdict
from deskhand.tickets.actions.assignment import add_participant
from deskhand.tickets.actions.conversation import accept_message
from deskhand.tickets.actions.status import close_ticket
from deskhand.tickets.models import Kind, Message, Ticket
from tests.cast import NOON, Cast, act_by
from tests.mail.post_office import SUPPORT, PostOffice, mail

PROOF = "mx.desk.example; dmarc=pass header.from=desk.example"
trusting = override_settings(MAIL_AUTHSERV_IDS=["mx.desk.example"])


def unchanged(ticket: Ticket) -> bool:
    """Whether clients see the ticket as it was: nothing new shown, nothing reopened, nothing sent."""
    now = Ticket.objects.get(pk=ticket.pk)
    shown = Message.objects.filter(ticket=ticket).shown_to_clients().count()
    return (now.kind, now.last_line, shown) == (ticket.kind, ticket.last_line, 1) and not OutboundMail.objects.exists()


def test_a_signed_address_wins_over_message_ids_and_numbers(post: PostOffice, cast: Cast) -> None:
    right, wrong = cast.ticket(), post.deliver()
    assert wrong.ticket is not None
    row = post.deliver(
        mail(to=reply_address(right.number), in_reply_to=wrong.message_id, subject=f"[#{wrong.ticket.number}]")
    )
    assert row.ticket_id == right.pk


@pytest.mark.parametrize("field", ["cc", "delivered_to", "x_original_to", "envelope_to"])
def test_finds_a_signed_address_wherever_servers_put_it(post: PostOffice, cast: Cast, field: str) -> None:
    ticket = cast.ticket()
    assert post.deliver(mail(headers={field: f"<{reply_address(ticket.number)}>"})).ticket_id == ticket.pk


def test_finds_a_signed_address_in_the_envelope(post: PostOffice, cast: Cast) -> None:
    ticket = cast.ticket()
    assert post.deliver(mail(), envelope_to=(reply_address(ticket.number),)).ticket_id == ticket.pk


def test_the_id_answered_wins_over_references_and_newer_references_over_older(post: PostOffice) -> None:
    first, second, third = (post.deliver(mail(subject=name)) for name in "abc")
    answer = mail(in_reply_to=first.message_id, references=f"{second.message_id} {third.message_id}")
    assert post.deliver(answer).ticket_id == first.ticket_id
    newest = mail(references=f"{first.message_id} {second.message_id} <unknown@x.example>")
    assert post.deliver(newest).ticket_id == second.ticket_id


def test_an_id_only_seen_referenced_leads_to_the_ticket(post: PostOffice) -> None:
    first = post.deliver(mail(references="<started-elsewhere@acme.example>"))
    row = post.deliver(mail(sender="Dev Das <dev@acme.example>", in_reply_to="<started-elsewhere@acme.example>"))
    assert (row.verdict, row.ticket_id) == (Verdict.ENTRY_ADDED, first.ticket_id)


def test_our_own_message_id_leads_to_the_ticket_even_when_its_row_is_gone(post: PostOffice, cast: Cast) -> None:
    ticket = cast.ticket()
    cast.staff_reply(ticket)
    sent = OutboundMail.objects.get()
    KnownMessageId.objects.all().delete()
    assert post.deliver(mail(in_reply_to=sent.message_id.lower())).ticket_id == ticket.pk


def test_a_number_in_the_subject_counts_for_people_on_the_ticket(post: PostOffice, cast: Cast) -> None:
    ticket = cast.ticket()
    for sender in ("cleo@acme.example", "dev@acme.example"):
        assert post.deliver(mail(sender=sender, subject=f"about #{ticket.number}")).ticket_id == ticket.pk
    row = post.deliver(mail(sender="eve@other.example", subject=f"Re: [#{ticket.number}]"))
    assert (row.verdict, row.ticket_id == ticket.pk) == (Verdict.TICKET_OPENED, False)


def test_a_bare_subject_or_a_body_never_leads_to_a_ticket(post: PostOffice, cast: Cast) -> None:
    ticket = cast.ticket("Checkout")
    row = post.deliver(mail(f"see #{ticket.number} and {reply_address(ticket.number)}", subject="Re: Checkout"))
    assert (row.verdict, row.ticket_id == ticket.pk) == (Verdict.TICKET_OPENED, False)


@pytest.mark.parametrize("sender", ["Eve <eve@other.example>", "Stranger <who@nowhere.example>"])
def test_a_stranger_on_a_ticket_is_held(post: PostOffice, cast: Cast, sender: str) -> None:
    ticket = cast.ticket()
    row = post.deliver(mail("Let me in.", sender=sender, to=reply_address(ticket.number), cc="boss@x.example"))
    assert row.verdict == Verdict.HELD
    assert row.entry is not None
    assert row.entry.is_held
    assert f"not on ticket #{ticket.number}" in row.reason
    assert unchanged(ticket)
    assert ticket.participants.count() == 0
    contact = Contact.objects.get(user=row.entry.author)
    assert not Ticket.objects.visible_to(contact).filter(pk=ticket.pk).exists()


def test_a_participant_is_no_stranger_and_copies_join_nobody(post: PostOffice, cast: Cast) -> None:
    ticket = cast.ticket()
    cast.dev.sees_whole_client = False
    cast.dev.save()
    answer = mail(sender="dev@acme.example", to=reply_address(ticket.number), cc="eve@other.example")
    assert post.deliver(answer).verdict == Verdict.HELD
    add_participant(ticket_id=ticket.pk, contact=cast.dev, act=act_by(cast.ben.user))
    row = post.deliver(mail(sender="dev@acme.example", to=reply_address(ticket.number), cc="eve@other.example"))
    assert row.verdict == Verdict.ENTRY_ADDED
    assert ticket.participants.count() == 1


def test_a_sender_named_only_in_reply_to_or_beside_another_is_held(post: PostOffice, cast: Cast) -> None:
    ticket = cast.ticket()
    to = reply_address(ticket.number)
    for raw in (
        mail(sender="support@desk.example", reply_to="cleo@acme.example", to=to),
        mail(sender="cleo@acme.example, eve@other.example", to=to),
        mail(to=to).replace(b"From:", b"From: eve@other.example\nFrom:"),
    ):
        assert post.deliver(raw).verdict == Verdict.HELD
    assert unchanged(ticket)


@trusting
def test_a_forged_client_is_held(post: PostOffice, cast: Cast) -> None:
    ticket = cast.ticket()
    refuted = "mx.desk.example; dmarc=fail header.from=acme.example"
    row = post.deliver(mail(to=reply_address(ticket.number), authentication_results=refuted))
    assert row.verdict == Verdict.HELD
    assert unchanged(ticket)


REFUTED = "mx.desk.example; dmarc=fail header.from={}"


@trusting
@pytest.mark.parametrize("sender", ["cleo@acme.example", "new@acme.example"])
def test_nobody_opens_a_ticket_in_a_name_the_mail_server_refutes(post: PostOffice, cast: Cast, sender: str) -> None:
    refuted = REFUTED.format(sender.partition("@")[2])
    contacts = Contact.objects.count()
    row = post.deliver(mail(sender=sender, authentication_results=refuted), envelope_from=sender)
    assert (row.verdict, row.ticket, row.entry) == (Verdict.HELD, None, None)
    assert "not from who it claims" in row.reason
    assert (Ticket.objects.count(), Contact.objects.count(), OutboundMail.objects.count()) == (0, contacts, 0)
    ticket = release_mail(mail_id=row.pk, act=act_by(cast.ada.user))
    assert ticket is not None
    assert ticket.requester.email == sender


@trusting
def test_who_is_nobodys_colleague_may_write_though_refuted_and_gets_no_answer(post: PostOffice, cast: Cast) -> None:
    """Servers are set up badly, too; but the answer would go to whoever was named."""
    MailSettings.objects.update(acknowledges=True)
    raw = mail(sender="who@nowhere.example", authentication_results=REFUTED.format("nowhere.example"))
    row = post.deliver(raw, envelope_from="who@nowhere.example")
    assert row.verdict == Verdict.TICKET_OPENED
    assert not OutboundMail.objects.exists()
    assert post.deliver(mail(sender="who@else.example")).verdict == Verdict.TICKET_OPENED
    assert OutboundMail.objects.count() == 1


@trusting
def test_a_refuted_mail_with_a_number_is_held_in_its_ticket(post: PostOffice, cast: Cast) -> None:
    ticket = cast.ticket()
    subject = f"Re: [#{ticket.number}]"
    row = post.deliver(mail(subject=subject, authentication_results=REFUTED.format("acme.example")))
    assert (row.verdict, row.ticket) == (Verdict.HELD, ticket)
    assert unchanged(ticket)


def agents_mail(to: str, proof: str = PROOF, sender: str = "Ben <ben@desk.example>") -> bytes:
    return mail("Fixed now.", sender=sender, to=to, authentication_results=proof)


@trusting
def test_an_agent_answers_by_mail_when_proven_twice(post: PostOffice, cast: Cast) -> None:
    ticket = cast.ticket()
    row = post.deliver(agents_mail(agent_reply_address(ticket.number, cast.ben.pk)))
    assert row.verdict == Verdict.ENTRY_ADDED
    assert row.entry is not None
    assert (row.entry.is_from_client, row.entry.author) == (False, cast.ben.user)
    assert [one.address for one in OutboundMail.objects.get().deliveries.all()] == ["cleo@acme.example"]


@trusting
@pytest.mark.parametrize(
    "case",
    ["clients address", "another agents address", "no proof", "foreign proof", "fail", "reply to alone", "two senders"],
)
def test_an_agent_not_proven_is_held_for_confirmation(post: PostOffice, cast: Cast, case: str) -> None:
    ticket = cast.ticket()
    own = agent_reply_address(ticket.number, cast.ben.pk)
    raw = {
        "clients address": agents_mail(reply_address(ticket.number)),
        "another agents address": agents_mail(agent_reply_address(ticket.number, cast.ada.pk)),
        "no proof": agents_mail(own, ""),
        "foreign proof": agents_mail(own, PROOF.replace("mx.desk", "mx.evil")),
        "fail": agents_mail(own, PROOF.replace("pass", "fail")),
        "reply to alone": agents_mail(own, sender="support@desk.example").replace(
            b"Subject:", b"Reply-To: ben@desk.example\nSubject:"
        ),
        "two senders": agents_mail(own, sender="ben@desk.example, eve@desk.example"),
    }[case]
    row = post.deliver(raw)
    assert row.verdict == Verdict.HELD
    assert row.entry is not None
    assert row.entry.is_held
    assert unchanged(ticket)


def test_a_confirmed_agents_mail_goes_to_the_client(post: PostOffice, cast: Cast) -> None:
    ticket = cast.ticket()
    row = post.deliver(agents_mail(agent_reply_address(ticket.number, cast.ben.pk)))
    assert row.entry is not None
    accept_message(ticket_id=ticket.pk, message_id=row.entry.pk, act=act_by(cast.ben.user))
    assert OutboundMail.objects.get().entry == row.entry
    ticket.refresh_from_db()
    assert not ticket.is_last_from_client


@trusting
def test_an_agents_address_in_a_clients_hands_is_worth_nothing(post: PostOffice, cast: Cast) -> None:
    ticket = cast.ticket()
    proof = "mx.desk.example; dmarc=pass header.from=acme.example"
    row = post.deliver(agents_mail(agent_reply_address(ticket.number, cast.ben.pk), proof, "cleo@acme.example"))
    assert row.verdict == Verdict.HELD
    assert unchanged(ticket)


@trusting
def test_an_agent_who_may_not_see_the_ticket_is_held(post: PostOffice, cast: Cast) -> None:
    ticket = cast.ticket()
    to = agent_reply_address(ticket.number, cast.kit.pk)
    assert post.deliver(agents_mail(to, sender="kit@desk.example")).verdict == Verdict.HELD


def test_staff_mail_to_support_stays_in_sight_and_opens_nothing(post: PostOffice, cast: Cast) -> None:
    row = post.deliver(mail(sender="Ben <BEN@desk.example>"))
    assert (row.verdict, row.ticket) == (Verdict.HELD, None)
    assert "Ben Baker works here" in row.reason
    assert not Ticket.objects.exists()


def test_the_desk_never_writes_to_itself(post: PostOffice) -> None:
    for sender in ("support@desk.example", "Support+x@desk.example", reply_address(1042), "support@desk.localhost"):
        row = post.deliver(mail(sender=sender, subject=sender))
        assert row.verdict == Verdict.QUARANTINED, sender
    assert not Contact.objects.filter(user__email__startswith="support").exists()


def test_a_contact_form_in_the_desks_name_counts_as_whom_it_asks_to_answer(post: PostOffice) -> None:
    row = post.deliver(mail(sender="support@desk.example", reply_to="Nia <nia@new.example>"))
    assert row.ticket is not None
    assert row.ticket.requester.email == "nia@new.example"


def test_our_own_mail_coming_back_is_known(post: PostOffice, cast: Cast) -> None:
    ticket = cast.ticket()
    cast.staff_reply(ticket)
    sent = OutboundMail.objects.get()
    row = post.deliver(mail(sender="Cleo <cleo@acme.example>", message_id=sent.message_id))
    assert row.verdict == Verdict.OWN_MAIL
    assert ticket.messages.count() == 2


def test_a_mail_without_a_sender_is_quarantined(post: PostOffice) -> None:
    for value in ("", "<>", "undisclosed-recipients:;", '"No Address"', f"x@{'a' * 300}.example"):
        raw = mail(value, sender="x@y.example").replace(b"From: x@y.example", b"From: " + value.encode())
        row = post.deliver(raw, envelope_from="<>")
        assert row.verdict == Verdict.QUARANTINED, value


def test_the_envelope_names_the_sender_where_no_field_does(post: PostOffice, cast: Cast) -> None:
    ticket = cast.ticket()
    row = post.deliver(mail(headers={"from": ""}), envelope_from="new@unknown.example")
    assert row.ticket is not None
    assert row.ticket.requester.email == "new@unknown.example"
    held = post.deliver(mail(headers={"from": ""}))
    assert (held.verdict, held.ticket) == (Verdict.HELD, None)
    assert post.deliver(mail(to=reply_address(ticket.number), headers={"from": ""})).verdict == Verdict.HELD


NOT_CLEOS_OWN = {
    "own name refuted": (REFUTED.format("desk.example"), ["From: support@desk.example", "Reply-To: cleo@acme.example"]),
    "two senders": (REFUTED.format("evil.example"), ["From: Cleo <cleo@acme.example>, x@evil.example"]),
    "two senders, nothing said": ("mx.desk.example; dmarc=none", ["From: cleo@acme.example, x@evil.example"]),
    "two fields": (REFUTED.format("evil.example"), ["From: cleo@acme.example", "From: x@evil.example"]),
    "sender alone": ("mx.desk.example; dmarc=none", ["Sender: Cleo <cleo@acme.example>"]),
    "reply to alone": ("mx.desk.example; dmarc=none", ["Reply-To: Cleo <cleo@acme.example>"]),
    "a group": ("mx.desk.example; dmarc=none", ["From: undisclosed:;", "Reply-To: Cleo <cleo@acme.example>"]),
    "a colleague nobody knows": ("mx.desk.example; dmarc=none", ["From: new@acme.example, x@evil.example"]),
}


@trusting
@pytest.mark.parametrize("case", NOT_CLEOS_OWN)
def test_nobody_opens_a_ticket_in_a_name_that_from_does_not_name_alone(post: PostOffice, cast: Cast, case: str) -> None:
    said, fields = NOT_CLEOS_OWN[case]
    lines = [
        f"Authentication-Results: {said}",
        *fields,
        "To: support@desk.example",
        "Subject: Pay",
        "",
        "Pay here.",
        "",
    ]
    row = post.deliver("\r\n".join(lines).encode(), envelope_from="x@evil.example")
    assert (row.verdict, row.ticket) == (Verdict.HELD, None)
    assert not Ticket.objects.exists()


@trusting
def test_a_form_of_our_own_website_opens_a_ticket_for_its_visitor(post: PostOffice, cast: Cast) -> None:
    raw = mail(sender="support@desk.example", reply_to="cleo@acme.example")
    row = post.deliver(raw)
    assert row.verdict == Verdict.TICKET_OPENED
    assert row.ticket is not None
    assert row.ticket.requester == cast.cleo


def test_a_second_late_answer_goes_into_the_follow_up(post: PostOffice, cast: Cast) -> None:
    old = cast.ticket("Old one")
    close_ticket(ticket_id=old.pk, act=act_by(cast.ben.user, at=NOON))
    late = NOON + timedelta(days=20)
    first, second = (
        post.deliver(mail(text, to=reply_address(old.number), subject="Re: Old one"), at=late)
        for text in ("Again.", "And this.")
    )
    assert [first.verdict, second.verdict] == [Verdict.TICKET_OPENED, Verdict.ENTRY_ADDED]
    assert first.ticket == second.ticket != old
    assert first.ticket is not None
    close_ticket(ticket_id=first.ticket.pk, act=act_by(cast.ben.user, at=late))
    third = post.deliver(mail("Once more.", to=reply_address(old.number), subject="Re: Old one"), at=late)
    assert third.verdict == Verdict.TICKET_OPENED


def test_a_sender_with_a_long_address_and_no_name_is_taken_in(post: PostOffice, cast: Cast) -> None:
    address = f"{'a' * 60}@{'b' * 60}.{'c' * 60}.{'d' * 50}.example"
    row = post.deliver(mail(sender=address))
    assert row.verdict == Verdict.TICKET_OPENED
    assert row.ticket is not None
    assert (row.ticket.requester.email, row.ticket.requester.name) == (address, address[:200])


def test_a_ticket_closed_too_long_gets_a_follow_up(post: PostOffice, cast: Cast) -> None:
    old = cast.ticket("Old one")
    close_ticket(ticket_id=old.pk, act=act_by(cast.ben.user, at=NOON))
    row = post.deliver(mail(to=reply_address(old.number), subject="Re: Old one"), at=NOON + timedelta(days=20))
    assert row.verdict == Verdict.TICKET_OPENED
    assert row.ticket is not None
    assert row.ticket.follow_up_of == old
    again = post.deliver(mail("More.", in_reply_to=row.message_id), at=NOON + timedelta(days=20))
    assert again.ticket == row.ticket
    assert Ticket.objects.get(pk=old.pk).kind == Kind.CLOSED


def test_an_auto_reply_is_folded_and_changes_nothing(post: PostOffice, cast: Cast) -> None:
    ticket = cast.ticket()
    close_ticket(ticket_id=ticket.pk, act=act_by(cast.ben.user, at=NOON))
    row = post.deliver(mail("I am away.", to=reply_address(ticket.number), auto_submitted="auto-replied"))
    assert row.verdict == Verdict.AUTO_REPLY
    assert row.entry is not None
    assert row.entry.is_auto_reply
    ticket.refresh_from_db()
    assert (ticket.kind, ticket.last_line) == (Kind.CLOSED, "It spins.")


@trusting
@pytest.mark.parametrize("case", ["refuted", "two senders", "reply to alone", "agents address", "teams address"])
def test_an_auto_reply_in_doubt_becomes_no_entry(post: PostOffice, cast: Cast, case: str) -> None:
    ticket = cast.ticket()
    to = {
        "agents address": agent_reply_address(ticket.number, cast.ben.pk),
        "teams address": agent_reply_address(ticket.number, cast.ben.pk, is_for_team=True),
    }.get(case, reply_address(ticket.number))
    fields = {
        "refuted": {"Authentication-Results": "mx.desk.example; dmarc=fail header.from=acme.example"},
        "two senders": {"From": "Cleo <cleo@acme.example>, Eve <eve@other.example>", "Sender": "cleo@acme.example"},
        "reply to alone": {"From": "support@desk.example", "Reply-To": "cleo@acme.example"},
    }.get(case, {})
    row = post.deliver(mail("Pay to this account.", to=to, headers={"Auto-Submitted": "auto-replied", **fields}))
    assert (row.verdict, row.ticket, row.entry) == (Verdict.AUTO_REPLY, ticket, None)
    assert "no entry is made" in row.reason
    assert unchanged(ticket)


def test_an_auto_reply_long_after_closing_opens_nothing(post: PostOffice, cast: Cast) -> None:
    ticket = cast.ticket()
    close_ticket(ticket_id=ticket.pk, act=act_by(cast.ben.user, at=NOON))
    raw = mail("I am away.", to=reply_address(ticket.number), auto_submitted="auto-replied")
    assert post.deliver(raw, at=NOON + timedelta(days=90)).verdict == Verdict.AUTO_REPLY
    assert Ticket.objects.count() == 1


def test_an_auto_reply_that_belongs_nowhere_is_only_logged(post: PostOffice, cast: Cast) -> None:
    ticket = cast.ticket()
    for raw in (
        mail("Away.", auto_submitted="auto-replied"),
        mail("Away.", sender="eve@other.example", to=reply_address(ticket.number), auto_submitted="auto-replied"),
    ):
        row = post.deliver(raw)
        assert (row.verdict, row.entry) == (Verdict.AUTO_REPLY, None)
    assert (Ticket.objects.count(), Message.objects.count()) == (1, 1)


def test_a_notice_of_a_machine_opens_a_ticket_that_nothing_answers(post: PostOffice, cast: Cast) -> None:
    MailSettings.objects.update_or_create(pk=1, defaults={"acknowledges": True})
    row = post.deliver(mail("Site down.", sender="monitor@probe.example", auto_submitted="auto-notified"))
    assert row.verdict == Verdict.TICKET_OPENED
    assert not OutboundMail.objects.exclude(kind=OutboundKind.STAFF_NOTICE).exists()


@pytest.mark.parametrize("by", ["address", "subject"])
def test_a_notice_on_a_ticket_is_folded_and_changes_nothing(post: PostOffice, cast: Cast, by: str) -> None:
    ticket = cast.ticket()
    close_ticket(ticket_id=ticket.pk, act=act_by(cast.ben.user, at=NOON))
    to, subject = (reply_address(ticket.number), "Down") if by == "address" else (SUPPORT, f"[#{ticket.number}] Down")
    row = post.deliver(mail("Site down.", to=to, subject=subject, auto_submitted="auto-notified"))
    assert row.entry is not None
    assert (row.ticket, row.entry.is_auto_reply) == (ticket, True)
    ticket.refresh_from_db()
    assert (ticket.kind, ticket.last_line) == (Kind.CLOSED, "It spins.")


def test_a_switched_off_mailbox_holds_new_mail_but_not_answers(post: PostOffice, cast: Cast) -> None:
    ticket = cast.ticket()
    post.mailbox.is_enabled = False
    post.mailbox.save()
    assert post.deliver(mail()).verdict == Verdict.HELD
    answer = mail(cc=reply_address(ticket.number))
    assert post.deliver(answer).verdict == Verdict.ENTRY_ADDED


def test_two_desks_do_not_answer_each_other(post: PostOffice, cast: Cast) -> None:
    """Nothing that comes in makes the desk send anything by itself."""
    ticket = cast.ticket()
    for headers in ({"auto_submitted": "auto-generated"}, {"x_deskhand_loop": "other"}, {}):
        post.deliver(mail(to=reply_address(ticket.number), headers=headers))
        post.deliver(mail(sender="desk@elsewhere.example", headers=headers))
    assert not OutboundMail.objects.exists()


def test_a_former_agent_opens_nothing(post: PostOffice, cast: Cast) -> None:
    gone = create_agent(email="gone@desk.example", name="Gone", role_slug="agent", act=act_by(None))
    gone.user.is_active = False
    gone.user.save()
    assert post.deliver(mail(sender="gone@desk.example")).verdict == Verdict.HELD


def test_mail_is_an_act_of_its_sender(post: PostOffice, cast: Cast) -> None:
    row = post.deliver()
    assert row.ticket is not None
    opened = Event.objects.get(kind="ticket.opened", subject_id=row.ticket.pk)
    assert (opened.actor_id, opened.via, opened.occurred_at) == (cast.cleo.user.pk, "mail", row.received_at)
    assert InboundMail.objects.get().verdict == Verdict.TICKET_OPENED

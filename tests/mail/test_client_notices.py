"""Mail to contacts about extra work, an allowance running out, a closed ticket to rate, an invitation."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.utils import timezone

from deskhand.accounts.actions.signing_in import find_link, request_sign_in_link
from deskhand.allowances.actions.estimates import ask_approval
from deskhand.allowances.estimates import outlook_of
from deskhand.allowances.models import Estimate
from deskhand.clients.actions.own_details import set_language, set_ticket_mail
from deskhand.clients.models import Contact
from deskhand.mail.actions.client_notices import ask_to_approve, queue_allowance_alert
from deskhand.mail.actions.texts import change_mail_settings, save_text
from deskhand.mail.models import Acknowledging, Mailbox, MailSettings, OutboundKind, OutboundMail, Quote, TextKind
from deskhand.mail.parsing import parse
from deskhand.mail.wire import bytes_of
from deskhand.tickets.actions.settings import change_ticket_settings
from deskhand.tickets.actions.status import close_ticket, first_status_of, set_status
from deskhand.tickets.actions.unfollowing import unfollow_as_contact
from deskhand.tickets.links import Purpose, read_claim
from deskhand.tickets.models import Kind, RatingRequest, Ticket
from deskhand.tickets.models.labels import AfterReply
from tests.cast import NOON, Cast, act_by
from tests.mail.post_office import PostOffice, mail
from tests.portal.plans import log, start, today


def asked(cast: Cast, ticket: Ticket, minutes: int = 90) -> Estimate:
    act = act_by(cast.ben.user, at=timezone.now())
    return ask_approval(ticket_id=ticket.pk, agent=cast.ben, minutes=minutes, description="A new form", act=act)


def of(kind: OutboundKind) -> list[OutboundMail]:
    return list(OutboundMail.objects.filter(kind=kind).order_by("pk"))


def confirm(contact: Contact) -> None:
    EmailAddress.objects.filter(user=contact.user).update(verified=True)


def ask_for_ratings(cast: Cast, rating: RatingRequest = RatingRequest.MAIL) -> None:
    change_ticket_settings(
        after_reply=AfterReply.AWAIT_CLIENT, reopen_within_days=14, rating=rating, act=act_by(cast.ada.user)
    )


# Extra work


def test_everyone_who_may_approve_gets_the_question_with_a_link_of_their_own(cast: Cast) -> None:
    estimate = asked(cast, cast.ticket("Checkout"))
    mails = {one.recipients_line: one for one in of(OutboundKind.APPROVAL)}
    assert set(mails) == {"cleo@acme.example", "dev@acme.example"}
    for contact in (cast.cleo, cast.dev):
        sent = parse(bytes_of(mails[contact.email]))
        token = sent.text.partition("/approve/")[2].split()[0]
        claim = read_claim(Purpose.APPROVAL, token, now=timezone.now())
        assert (claim.public_id, claim.contact) == (estimate.public_id, contact)
        assert token in sent.html
        assert "A new form" in sent.text
        assert f"[#{estimate.ticket.number}]" in sent.subject
        assert sent.headers.get("auto-submitted") == "auto-generated"
        assert "reply+" in (sent.headers.get("reply-to") or "")


def test_who_sees_no_figures_unfollowed_or_reads_in_the_portal_gets_none(cast: Cast) -> None:
    ticket = cast.ticket()
    unfollow_as_contact(ticket_id=ticket.pk, contact=cast.cleo, act=act_by(cast.cleo.user))
    set_ticket_mail(contact=cast.dev, gets_mail=False, act=act_by(cast.dev.user))
    estimate = asked(cast, ticket)
    assert of(OutboundKind.APPROVAL) == []
    set_ticket_mail(contact=cast.dev, gets_mail=True, act=act_by(cast.dev.user))
    Contact.objects.filter(pk=cast.dev.pk).update(sees_maintenance=False)
    assert ask_to_approve(estimate_id=estimate.pk, today=today(), act=act_by(None)) == []


def test_the_mail_says_what_is_left_and_what_the_work_would_leave(cast: Cast) -> None:
    ticket = cast.ticket()
    start(cast)
    log(cast, ticket, 420)
    set_language(contact=cast.cleo, language="de", act=act_by(cast.cleo.user))
    asked(cast, ticket, 90)
    german, english = (parse(bytes_of(one)).text for one in of(OutboundKind.APPROVAL))
    assert "Von Ihrem Kontingent sind in diesem Monat noch 1 h übrig." in german
    assert "Diese Arbeit ginge um 30 min darüber hinaus." in german
    assert "Left of your allowance this month: 1h. This work would go 30m beyond it." in english


@pytest.mark.parametrize(
    ("used", "minutes", "left", "left_after", "over_after"),
    [(0, 90, 480, 390, 0), (420, 60, 60, 0, 0), (420, 61, 60, 0, 1), (500, 60, 0, 0, 80)],
)
def test_the_outlook_counts_what_is_over_already(
    cast: Cast, used: int, minutes: int, left: int, left_after: int, over_after: int
) -> None:
    ticket = cast.ticket()
    start(cast)
    if used:
        log(cast, ticket, used)
    outlook = outlook_of(asked(cast, ticket, minutes), today=today())
    assert outlook is not None
    assert (outlook.left, outlook.left_after, outlook.over_after) == (left, left_after, over_after)


def test_without_a_plan_or_a_limit_the_mail_says_nothing_of_an_allowance(cast: Cast) -> None:
    ticket = cast.ticket()
    estimate = asked(cast, ticket)
    assert outlook_of(estimate, today=today()) is None
    assert "allowance" not in of(OutboundKind.APPROVAL)[0].text
    start(cast, is_unlimited=True)
    assert outlook_of(estimate, today=today()) is None


# An allowance running out


def test_an_alert_is_written_in_the_contacts_language(cast: Cast) -> None:
    plan = start(cast)
    set_language(contact=cast.cleo, language="fr", act=act_by(cast.cleo.user))
    figures = {"percent": 80, "used_minutes": 400, "allowance_minutes": 480}
    queued = queue_allowance_alert(contact=cast.cleo, plan=plan, act=act_by(None), **figures)
    assert queued is not None
    assert queued.subject == "80 % de votre forfait de maintenance sont utilisés : Care"
    assert "6 h 40 min sur 8 h" in queued.text
    assert f"{settings.PORTAL_URL}/maintenance" in queued.text
    cast.dev.user.is_active = False
    assert queue_allowance_alert(contact=cast.dev, plan=plan, act=act_by(None), **figures) is None


# Closing and rating


def test_one_mail_says_that_it_is_closed_and_asks_how_it_was(cast: Cast) -> None:
    confirm(cast.cleo)
    ask_for_ratings(cast)
    change_mail_settings(acknowledges=True, announces_closing=True, quote=Quote.NONE, act=act_by(cast.ada.user))
    ticket = cast.ticket("Checkout")
    close_ticket(ticket_id=ticket.pk, act=act_by(cast.ben.user))
    [sent] = of(OutboundKind.CLOSED)
    for verdict in ("good", "bad"):
        assert f"?verdict={verdict}" in sent.text
        assert f"?verdict={verdict}" in sent.html
    token = sent.text.partition("/rate/")[2].partition("?")[0]
    claim = read_claim(Purpose.RATING, token, now=NOON)
    assert (claim.public_id, claim.contact) == (ticket.public_id, cast.cleo)


@pytest.mark.parametrize("rating", [RatingRequest.OFF, RatingRequest.PORTAL])
def test_nothing_is_asked_by_mail_where_the_setting_does_not_say_so(cast: Cast, rating: RatingRequest) -> None:
    confirm(cast.cleo)
    ask_for_ratings(cast, rating)
    close_ticket(ticket_id=cast.ticket().pk, act=act_by(cast.ben.user))
    assert of(OutboundKind.CLOSED) == []


def test_spam_an_unconfirmed_address_and_who_closed_it_themselves_are_not_asked(cast: Cast) -> None:
    ask_for_ratings(cast)
    close_ticket(ticket_id=cast.ticket().pk, act=act_by(cast.ben.user))
    confirm(cast.cleo)
    close_ticket(ticket_id=cast.ticket().pk, act=act_by(cast.cleo.user))
    spam = cast.ticket()
    set_status(ticket_id=spam.pk, status=first_status_of(Kind.SPAM), act=act_by(cast.ben.user))
    close_ticket(ticket_id=spam.pk, act=act_by(cast.ben.user))
    assert of(OutboundKind.CLOSED) == []


# Invitation and one-time link


@pytest.mark.parametrize("language", ["en", "it"])
def test_an_invitation_names_who_invites_and_its_link_signs_in(cast: Cast, language: str) -> None:
    set_language(contact=cast.dev, language=language, act=act_by(cast.dev.user))
    link = request_sign_in_link(address="dev@acme.example", inviter="Cleo Clarke", act=act_by(cast.cleo.user))
    assert link is not None
    [sent] = of(OutboundKind.INVITATION)
    assert sent.is_secret
    assert "Cleo Clarke" in sent.subject
    token = sent.text.partition("/sign-in/link/")[2].split()[0]
    assert find_link(token, now=NOON) == link
    assert token in sent.html
    assert of(OutboundKind.SIGN_IN_LINK) == []


def test_a_one_time_link_comes_in_the_persons_language_and_in_the_admins_words(cast: Cast) -> None:
    set_language(contact=cast.cleo, language="nl", act=act_by(cast.cleo.user))
    request_sign_in_link(address=cast.cleo.email, act=act_by(None))
    save_text(
        kind=TextKind.SIGN_IN_LINK, language="nl", subject="Hallo {name}", body="{address}", act=act_by(cast.ada.user)
    )
    request_sign_in_link(address=cast.cleo.email, act=act_by(None))
    first, second = of(OutboundKind.SIGN_IN_LINK)
    assert first.subject == "Uw link om in te loggen bij Deskhand"
    assert 'lang="nl"' in first.html
    assert second.subject == "Hallo Cleo"


# The frame of a reply, and a mailbox's own acknowledgement


def test_an_answer_is_framed_in_the_language_of_the_person_it_is_addressed_to(cast: Cast) -> None:
    set_language(contact=cast.cleo, language="es", act=act_by(cast.cleo.user))
    cast.staff_reply(cast.ticket(), "We are {name} on it.")
    [sent] = of(OutboundKind.REPLY)
    assert "Responda a este correo" in sent.text
    assert "We are {name} on it." in sent.text
    assert "{message}" not in sent.text + sent.html


def test_a_frame_of_ones_own_stands_around_the_answer(cast: Cast) -> None:
    body = "Dear {name},\n{message}\nYours, {agent}\n{address}"
    save_text(kind=TextKind.REPLY, language="en", subject="", body=body, act=act_by(cast.ada.user))
    cast.staff_reply(cast.ticket("Checkout"), "Try again.")
    [sent] = of(OutboundKind.REPLY)
    assert sent.text.index("Dear Cleo,") < sent.text.index("Try again.") < sent.text.index("Yours, Ben Baker")
    assert sent.subject.startswith("Checkout") or sent.subject.startswith("Re: Checkout")


@pytest.mark.parametrize(("acknowledging", "count"), [("desk", 0), ("off", 0), ("own", 1)])
def test_a_mailbox_has_an_acknowledgement_of_its_own(
    post: PostOffice, cast: Cast, acknowledging: Acknowledging, count: int
) -> None:
    confirm(cast.cleo)
    MailSettings.objects.update(acknowledges=False)
    Mailbox.objects.update(
        acknowledging=acknowledging, acknowledgement_subject="Sales has it [#{number}]", acknowledgement_body="{name}!"
    )
    post.deliver(mail(), at=NOON + timedelta(hours=1))
    sent = of(OutboundKind.ACKNOWLEDGEMENT)
    assert len(sent) == count
    if sent:
        assert sent[0].subject.startswith("Sales has it")
        assert sent[0].text.startswith("Cleo!")

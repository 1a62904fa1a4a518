from datetime import timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from deskhand.accounts.actions.agents import deactivate_agent
from deskhand.accounts.actions.people import create_agent
from deskhand.events.models import Event
from deskhand.mail.actions import quarantine
from deskhand.mail.actions.mailboxes import switch_mailbox
from deskhand.mail.actions.quarantine import (
    KEPT,
    CannotBeReleased,
    NotInQuarantine,
    delete_mail,
    expired_mails,
    held_mails,
    release_mail,
)
from deskhand.mail.actions.spam import list_sender
from deskhand.mail.models import (
    ForwardedSender,
    InboundMail,
    Mailbox,
    MailSettings,
    OutboundKind,
    OutboundMail,
    Verdict,
)
from deskhand.mail.reading import Reading, read
from deskhand.mail.tasks import purge_quarantine, release_held
from deskhand.tickets.models import Message, Ticket
from deskhand.tickets.models.team import TeamMessage
from tests.cast import NOON, Cast, act_by
from tests.mail.post_office import PostOffice, mail
from tests.mail.test_reports import REPORT

LATER = NOON + timedelta(days=2)


@pytest.fixture
def refused(post: PostOffice, cast: Cast) -> InboundMail:
    list_sender(value="prizes.example", act=act_by(cast.ada.user))
    return post.deliver(mail("A real question.", sender="Pia <pia@prizes.example>", subject="Question"))


def test_a_released_mail_becomes_a_ticket_of_now(refused: InboundMail, cast: Cast) -> None:
    ticket = release_mail(mail_id=refused.pk, act=act_by(cast.ada.user, at=LATER))
    refused.refresh_from_db()
    assert ticket is not None
    assert (refused.verdict, refused.ticket, ticket.opened_at) == (Verdict.TICKET_OPENED, ticket, LATER)
    assert ticket.messages.get().text == "A real question."


def test_a_released_answer_joins_its_ticket(post: PostOffice, cast: Cast) -> None:
    first = post.deliver(mail())
    list_sender(value="cleo@acme.example", act=act_by(cast.ada.user))
    row = post.deliver(mail("More.", in_reply_to=first.message_id))
    assert row.verdict == Verdict.REJECTED
    assert release_mail(mail_id=row.pk, act=act_by(cast.ada.user, at=LATER)) == first.ticket
    assert [one.text for one in Message.objects.order_by("position")][-1] == "More."


def test_releasing_twice_makes_one_ticket(refused: InboundMail, cast: Cast) -> None:
    release_mail(mail_id=refused.pk, act=act_by(cast.ada.user, at=LATER))
    with pytest.raises(NotInQuarantine):
        release_mail(mail_id=refused.pk, act=act_by(cast.ada.user, at=LATER))
    assert Ticket.objects.count() == 1


@pytest.mark.parametrize(
    ("subject", "headers"),
    [
        ("On vacation: please pause our ads until Monday", {}),
        ("Out of office - calendar shows wrong days", {}),
        ("Order failed", {"X-Cron-Env": "<SHELL=/bin/sh>"}),
        ("Order failed", {"Auto-Submitted": "auto-replied"}),
    ],
)
def test_what_was_taken_for_an_automatic_answer_is_released_as_a_message(
    post: PostOffice, cast: Cast, subject: str, headers: dict[str, str]
) -> None:
    MailSettings.objects.update_or_create(pk=1, defaults={"acknowledges": True})
    row = post.deliver(mail("Please help.", subject=subject, headers=headers))
    assert (row.verdict, row.entry) == (Verdict.AUTO_REPLY, None)
    ticket = release_mail(mail_id=row.pk, act=act_by(cast.ada.user, at=LATER))
    row.refresh_from_db()
    assert ticket is not None
    assert (row.verdict, row.ticket, ticket.requester, ticket.opened_at) == (
        Verdict.TICKET_OPENED,
        ticket,
        cast.cleo,
        LATER,
    )
    assert not ticket.messages.get().is_auto_reply
    assert not OutboundMail.objects.exclude(kind=OutboundKind.STAFF_NOTICE).exists(), (
        "a machine may be there all the same"
    )
    with pytest.raises(NotInQuarantine):
        release_mail(mail_id=row.pk, act=act_by(cast.ada.user, at=LATER))


def test_what_was_taken_for_a_report_is_released_as_a_message(post: PostOffice, cast: Cast) -> None:
    raw = REPORT.format(to="support@desk.example", original="<x@y>", action="failed", status="5.1.1", number=1)
    row = post.deliver(raw.encode(), envelope_from="<>")
    assert (row.verdict, row.entry) == (Verdict.BOUNCE, None)
    ticket = release_mail(mail_id=row.pk, act=act_by(cast.ada.user, at=LATER))
    assert ticket is not None
    assert ticket.messages.get().text.startswith("The mail could not be delivered.")
    assert not OutboundMail.objects.exclude(kind=OutboundKind.STAFF_NOTICE).exists()


def test_a_strangers_automatic_answer_is_held_in_its_ticket_when_released(post: PostOffice, cast: Cast) -> None:
    first = post.deliver(mail())
    row = post.deliver(
        mail("I know why.", sender="eve@other.example", in_reply_to=first.message_id, precedence="auto_reply")
    )
    assert (row.verdict, row.entry) == (Verdict.AUTO_REPLY, None)
    release_mail(mail_id=row.pk, act=act_by(cast.ada.user, at=LATER))
    row.refresh_from_db()
    assert row.entry is not None
    assert (row.verdict, row.ticket, row.entry.is_held) == (Verdict.HELD, first.ticket, True)


def test_a_release_from_the_spam_list_does_not_make_an_automatic_answer_a_message(post: PostOffice, cast: Cast) -> None:
    list_sender(value="prizes.example", act=act_by(cast.ada.user))
    row = post.deliver(mail("Away.", sender="pia@prizes.example", auto_submitted="auto-replied"))
    assert row.verdict == Verdict.REJECTED
    assert release_mail(mail_id=row.pk, act=act_by(cast.ada.user, at=LATER)) is None
    row.refresh_from_db()
    assert row.verdict == Verdict.AUTO_REPLY
    assert release_mail(mail_id=row.pk, act=act_by(cast.ada.user, at=LATER)) is not None


def test_what_is_only_logged_or_folded_is_not_deleted_by_hand(post: PostOffice, cast: Cast) -> None:
    first = post.deliver(mail())
    logged = post.deliver(mail("Away.", auto_submitted="auto-replied"))
    folded = post.deliver(mail("Away.", in_reply_to=first.message_id, auto_submitted="auto-replied"))
    assert (logged.entry is None, folded.entry is None) == (True, False)
    for row in (logged, folded):
        with pytest.raises(NotInQuarantine):
            delete_mail(mail_id=row.pk, act=act_by(cast.ada.user))
    with pytest.raises(NotInQuarantine):
        release_mail(mail_id=folded.pk, act=act_by(cast.ada.user))


@pytest.mark.parametrize("sender", ["support@desk.example", ""])
def test_what_names_nobody_stays_and_says_why(post: PostOffice, cast: Cast, sender: str) -> None:
    row = post.deliver(mail(sender=sender), envelope_from="")
    assert row.verdict == Verdict.QUARANTINED
    with pytest.raises(CannotBeReleased, match=row.reason):
        release_mail(mail_id=row.pk, act=act_by(cast.ada.user, at=LATER))
    row.refresh_from_db()
    assert row.verdict == Verdict.QUARANTINED


def test_a_staff_mail_that_forwards_nothing_becomes_a_ticket_of_the_team(post: PostOffice, cast: Cast) -> None:
    plan = ("plan.txt", "text/plain", b"plan")
    raw = mail("Order new chairs.", sender="Ben <ben@desk.example>", subject="Chairs", files=(plan,))
    row = post.deliver(raw)
    assert (row.verdict, row.ticket) == (Verdict.HELD, None)
    ticket = release_mail(mail_id=row.pk, act=act_by(cast.ada.user, at=LATER))
    row.refresh_from_db()
    assert ticket is not None
    assert (row.verdict, row.entry, row.ticket) == (Verdict.TEAM_MESSAGE, None, ticket)
    assert (ticket.subject, ticket.requester.user, ticket.messages.count()) == ("Chairs", cast.ben.user, 0)
    first = TeamMessage.objects.get(ticket=ticket)
    assert (first.author, first.text, first.attachments.count()) == (cast.ben.user, "Order new chairs.", 1)
    assert not ForwardedSender.objects.exists()
    assert not OutboundMail.objects.exclude(kind=OutboundKind.STAFF_NOTICE).exists()
    with pytest.raises(NotInQuarantine):
        release_mail(mail_id=row.pk, act=act_by(cast.ada.user, at=LATER))


def test_a_staff_mail_of_who_may_open_nothing_stays(post: PostOffice, cast: Cast) -> None:
    row = post.deliver(mail(sender="Ben <ben@desk.example>"))
    deactivate_agent(agent_id=cast.ben.pk, act=act_by(cast.ada.user))
    with pytest.raises(CannotBeReleased, match="works here"):
        release_mail(mail_id=row.pk, act=act_by(cast.ada.user, at=LATER))
    delete_mail(mail_id=row.pk, act=act_by(cast.ada.user, at=LATER))
    row.refresh_from_db()
    assert row.verdict == Verdict.DELETED


def test_what_stands_in_a_ticket_is_not_in_quarantine(post: PostOffice, cast: Cast) -> None:
    first = post.deliver(mail())
    held = post.deliver(mail("Me too.", sender="eve@other.example", in_reply_to=first.message_id))
    assert (held.verdict, held.entry is None) == (Verdict.HELD, False)
    for row in (first, held):
        with pytest.raises(NotInQuarantine):
            release_mail(mail_id=row.pk, act=act_by(cast.ada.user))
        with pytest.raises(NotInQuarantine):
            delete_mail(mail_id=row.pk, act=act_by(cast.ada.user))


def test_deleting_leaves_the_line_in_the_log(post: PostOffice, refused: InboundMail, cast: Cast) -> None:
    raw = bytes(refused.raw)
    copy = post.deliver(raw)
    delete_mail(mail_id=refused.pk, act=act_by(cast.ada.user, at=LATER))
    refused.refresh_from_db()
    copy.refresh_from_db()
    assert (bytes(refused.raw), bytes(copy.raw)) == (b"", b"")
    assert (refused.verdict, refused.subject, refused.reason) == (
        Verdict.DELETED,
        "Question",
        "Deleted. prizes.example is on the spam list.",
    )
    assert post.deliver(raw).verdict == Verdict.DUPLICATE


def test_refused_mail_is_deleted_after_thirty_days_and_nothing_else(
    post: PostOffice, refused: InboundMail, mailbox: Mailbox, cast: Cast
) -> None:
    switch_mailbox(mailbox_id=mailbox.pk, is_enabled=False, act=act_by(cast.ada.user))
    held = post.deliver(mail())
    assert refused.processed_at is not None
    end = refused.processed_at + KEPT
    assert expired_mails(now=end - timedelta(seconds=1)) == []
    purge_quarantine(timestamp=int(end.timestamp()))
    purge_quarantine(timestamp=int(end.timestamp()))
    refused.refresh_from_db()
    held.refresh_from_db()
    assert (refused.verdict, held.verdict) == (Verdict.DELETED, Verdict.HELD)


def test_mail_to_a_mailbox_that_is_off_waits_until_it_is_on_again(
    post: PostOffice, mailbox: Mailbox, cast: Cast
) -> None:
    switch_mailbox(mailbox_id=mailbox.pk, is_enabled=False, act=act_by(cast.ada.user))
    names = ["first", "second"]
    rows = [post.deliver(mail(subject=name, sender=f"{name}@x.example")) for name in names]
    assert [row.verdict for row in rows] == [Verdict.HELD, Verdict.HELD]
    assert not Ticket.objects.exists()
    switch_mailbox(mailbox_id=mailbox.pk, is_enabled=True, act=act_by(cast.ada.user))
    job = ProcrastinateJob.objects.get(task_name="mail.release_held")
    release_held(**job.args)
    release_held(**job.args)
    assert list(Ticket.objects.order_by("number").values_list("subject", flat=True)) == names


def test_mail_that_waits_for_its_mailbox_may_be_deleted_or_let_in_before(
    post: PostOffice, mailbox: Mailbox, cast: Cast
) -> None:
    switch_mailbox(mailbox_id=mailbox.pk, is_enabled=False, act=act_by(cast.ada.user))
    kept, deleted, released = (post.deliver(mail(subject=name)) for name in ("kept", "deleted", "released"))
    delete_mail(mail_id=deleted.pk, act=act_by(cast.ada.user))
    release_mail(mail_id=released.pk, act=act_by(cast.ada.user))
    waiting = InboundMail.objects.filter(waits_for_mailbox=True)
    assert (list(waiting), held_mails(mailbox_id=mailbox.pk)) == ([kept], [kept.pk])


def test_a_waiting_mail_that_fails_holds_nobody_up(
    post: PostOffice, mailbox: Mailbox, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    switch_mailbox(mailbox_id=mailbox.pk, is_enabled=False, act=act_by(cast.ada.user))
    first, second = (post.deliver(mail(subject=name)) for name in ("first", "second"))
    Mailbox.objects.filter(pk=mailbox.pk).update(is_enabled=True)

    def read_but_the_first(raw: bytes) -> Reading:
        if b"first" in raw:
            raise ValueError
        return read(raw)

    monkeypatch.setattr(quarantine, "read", read_but_the_first)
    with pytest.raises(ExceptionGroup):
        release_held(mailbox.pk)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.verdict, second.verdict) == (Verdict.HELD, Verdict.TICKET_OPENED)


FORWARDED = (
    "---------- Forwarded message ---------\nFrom: Vic Tim <vic@victim.example>\nDate: Mon, 16 Nov 2026 at 10:00\n"
    "Subject: Invoice\nTo: <ben@desk.example>\n\nPlease pay.\n"
)


@pytest.mark.parametrize("text", [FORWARDED, "Order new chairs."])
@pytest.mark.parametrize("is_off", [False, True])
def test_switching_a_mailbox_on_vouches_for_nobody(
    post: PostOffice, mailbox: Mailbox, cast: Cast, *, text: str, is_off: bool
) -> None:
    switch_mailbox(mailbox_id=mailbox.pk, is_enabled=not is_off, act=act_by(cast.ada.user))
    forged = mail(text, sender="Ben <ben@desk.example>", subject="Fwd: Invoice")
    row = post.deliver(forged, envelope_from="x@evil.example")
    assert row.verdict == Verdict.HELD
    switch_mailbox(mailbox_id=mailbox.pk, is_enabled=True, act=act_by(cast.ada.user))
    release_held(mailbox.pk)
    again = InboundMail.objects.get(pk=row.pk)
    assert (again.verdict, again.reason, again.ticket) == (Verdict.HELD, row.reason, None)
    assert not Ticket.objects.exists()


def test_mail_let_in_by_itself_is_judged_like_any_other(post: PostOffice, mailbox: Mailbox, cast: Cast) -> None:
    switch_mailbox(mailbox_id=mailbox.pk, is_enabled=False, act=act_by(cast.ada.user))
    ben = post.deliver(mail(FORWARDED, sender="Ben <ben@elsewhere.example>", subject="Fwd: Invoice"))
    spam = post.deliver(mail(sender="pia@prizes.example"))
    good = post.deliver(mail())
    assert {row.verdict for row in (ben, spam, good)} == {Verdict.HELD}
    list_sender(value="prizes.example", act=act_by(cast.ada.user))
    create_agent(email="ben@elsewhere.example", name="Ben", role_slug="agent", act=act_by(cast.ada.user))
    release_held(mailbox.pk)
    assert (InboundMail.objects.get(pk=good.pk).verdict, Ticket.objects.count()) == (Verdict.HELD, 0)
    switch_mailbox(mailbox_id=mailbox.pk, is_enabled=True, act=act_by(cast.ada.user))
    release_held(mailbox.pk)
    release_held(mailbox.pk)
    verdicts = [InboundMail.objects.get(pk=row.pk).verdict for row in (ben, spam, good)]
    assert verdicts == [Verdict.HELD, Verdict.REJECTED, Verdict.TICKET_OPENED]
    assert Ticket.objects.get().opened_at != good.received_at, "it is a ticket of now"
    assert Event.objects.filter(kind="mail.released").count() == 1
    ben.refresh_from_db()
    assert "did not prove it" in ben.reason


def test_answers_pass_while_the_mailbox_is_off(post: PostOffice, mailbox: Mailbox, cast: Cast) -> None:
    first = post.deliver(mail())
    switch_mailbox(mailbox_id=mailbox.pk, is_enabled=False, act=act_by(cast.ada.user))
    assert post.deliver(mail("More.", in_reply_to=first.message_id)).verdict == Verdict.ENTRY_ADDED

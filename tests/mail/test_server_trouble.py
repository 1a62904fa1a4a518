"""A mailbox's own server that refuses, is away or comes back: what waits, for how long, and what is said."""

from deskhand.events.models import Event
from deskhand.mail.actions.sending import GIVE_UP_AFTER, deliver, due_deliveries
from deskhand.mail.actions.smtp_accounts import (
    ONE_AHEAD,
    note_answer,
    take_turn,
)
from deskhand.mail.models import (
    Delivery,
    DeliveryState,
    Mailbox,
    OutboundMail,
    ReturnPath,
    SmtpAccount,
)
from deskhand.mail.parsing import parse
from deskhand.mail.smtp import Answer, Blame, Result, Server
from tests.cast import Cast
from tests.mail.own_servers import HOUR, MINUTE, USER, give, guarded, state, two_servers
from tests.mail.post_office import work_off
from tests.mail.smtp_servers import Inbox, receiving_server, scripted_server
from tests.mail.test_sending import SENT_AT, sending_to


def test_a_refused_sign_in_waits_and_is_noted_in_the_servers_words(mailbox: Mailbox, cast: Cast) -> None:
    own = guarded()
    with two_servers(own) as (desk, server):
        account = give(mailbox, cast, server, password="changed-since")
        cast.staff_reply(cast.ticket())
        work_off(SENT_AT)
        account.refresh_from_db()
        assert (state(), account.last_error) == (DeliveryState.DEFERRED, own.refusal)
        assert (account.last_error_at, account.next_try_at) == (SENT_AT, SENT_AT + MINUTE)
        assert Delivery.objects.get().next_try_at == SENT_AT + MINUTE
        own.passwords[USER] = "changed-since"
        work_off(SENT_AT + MINUTE)
    account.refresh_from_db()
    assert (state(), account.last_error, account.failures, account.next_try_at) == (DeliveryState.SENT, "", 0, None)
    assert [parse(one.raw).message_id for one in own.mails] == [OutboundMail.objects.get().message_id]
    assert desk.mails == []  # nothing falls back on a server that may not send for this domain


def test_a_refused_sign_in_is_given_up_after_72_hours(mailbox: Mailbox, cast: Cast) -> None:
    own = guarded()
    with two_servers(own) as (_, server):
        give(mailbox, cast, server, password="wrong")
        cast.staff_reply(cast.ticket())
        for hours in (0, 1, 30, 71):
            work_off(SENT_AT + hours * HOUR)
            assert state() == DeliveryState.DEFERRED
        work_off(SENT_AT + GIVE_UP_AFTER)
    assert state() == DeliveryState.FAILED
    assert Delivery.objects.get().server_answer == f"Given up after 72 hours. The last answer was: {own.refusal}"
    assert Event.objects.filter(kind="mail.delivery_troubled").count() == 1


def test_a_sender_the_server_does_not_take_waits_for_the_settings(mailbox: Mailbox, cast: Cast) -> None:
    own = guarded()
    with two_servers(own) as (_, server):
        give(mailbox, cast, server, return_path=ReturnPath.DESK)
        cast.staff_reply(cast.ticket())
        work_off(SENT_AT)
        assert (state(), SmtpAccount.objects.get().last_error[:10]) == (DeliveryState.DEFERRED, "550 5.7.60")
        give(mailbox, cast, server, password="")
        work_off(SENT_AT)
    assert (state(), len(own.mails)) == (DeliveryState.SENT, 1)


def test_a_refused_recipient_is_not_the_servers_trouble(mailbox: Mailbox, cast: Cast) -> None:
    own = guarded()
    own.refusals = {"cleo@acme.example": "550 5.1.1 No such user"}
    with two_servers(own) as (_, server):
        give(mailbox, cast, server)
        cast.staff_reply(cast.ticket())
        work_off(SENT_AT)
    account = SmtpAccount.objects.get()
    assert (state(), account.last_error, account.last_sent_at) == (DeliveryState.FAILED, "", None)


def test_while_a_server_is_away_nothing_more_is_tried_there_and_other_mail_goes(mailbox: Mailbox, cast: Cast) -> None:
    desk = Inbox()
    with scripted_server(greeting="421 too busy") as away:
        pass
    with receiving_server(desk) as desks, sending_to(desks):
        account = give(mailbox, cast, away)
        for text in ("One.", "Two.", "Three."):
            cast.staff_reply(cast.ticket(), text)
        other = OutboundMail.objects.order_by("-pk")[0]
        OutboundMail.objects.filter(pk=other.pk).update(mailbox=None, from_address="elsewhere@desk.example")
        work_off(SENT_AT)
    account.refresh_from_db()
    first, second, third = Delivery.objects.order_by("pk")
    assert (first.attempts, second.attempts, third.state) == (1, 0, DeliveryState.SENT)
    assert (second.state, second.server_answer) == (DeliveryState.DEFERRED, account.last_error)
    assert "could not be reached" in second.server_answer
    assert second.next_try_at == account.next_try_at == SENT_AT + MINUTE


def test_after_trouble_one_mail_goes_ahead_and_the_others_follow_at_once(mailbox: Mailbox, cast: Cast) -> None:
    own = guarded()
    with two_servers(own) as (_, server):
        account = give(mailbox, cast, server, password="changed-since")
        for text in ("One.", "Two.", "Three."):
            cast.staff_reply(cast.ticket(), text)
        work_off(SENT_AT)
        assert own.tried.count("PLAIN") == 1
        work_off(SENT_AT + MINUTE)
        assert own.tried.count("PLAIN") == 2
        own.passwords[USER] = "changed-since"
        account.refresh_from_db()
        assert account.next_try_at == SENT_AT + 3 * MINUTE
        first = due_deliveries(now=account.next_try_at)[0]
        deliver(first, clock=lambda: SENT_AT + 3 * MINUTE)
        assert [len(own.mails), len(due_deliveries(now=SENT_AT + 3 * MINUTE))] == [1, 2]
        work_off(SENT_AT + 3 * MINUTE)
    assert len(own.mails) == 3


def test_while_one_goes_ahead_no_other_is_tried(mailbox: Mailbox, cast: Cast) -> None:
    account = give(mailbox, cast, Server("127.0.0.1", 1))
    answer = Answer(Result.DEFERRED, "421 busy", Blame.SERVER)
    assert note_answer(account, answer, at=SENT_AT) == note_answer(account, answer, at=SENT_AT) == SENT_AT + MINUTE
    account.refresh_from_db()
    assert account.failures == 1
    assert take_turn(account, now=SENT_AT) == SENT_AT + MINUTE
    assert take_turn(account, now=SENT_AT + MINUTE) is None
    assert take_turn(account, now=SENT_AT + MINUTE) == SENT_AT + MINUTE + ONE_AHEAD
    assert take_turn(account, now=SENT_AT + MINUTE + ONE_AHEAD) is None  # its worker was killed


def test_a_server_that_stays_away_is_asked_later_and_later_up_to_half_an_hour(mailbox: Mailbox, cast: Cast) -> None:
    with scripted_server() as away:
        pass
    account = give(mailbox, cast, away)
    cast.staff_reply(cast.ticket())
    moment, pauses = SENT_AT, []
    with sending_to(away):
        for _ in range(8):
            work_off(moment)
            account.refresh_from_db()
            assert account.next_try_at is not None
            pauses.append((account.next_try_at - moment) // MINUTE)
            moment = account.next_try_at
    assert pauses == [1, 2, 4, 8, 16, 30, 30, 30]


def test_a_password_sealed_with_another_key_waits_and_says_so(mailbox: Mailbox, cast: Cast) -> None:
    own = guarded()
    with two_servers(own) as (_, server):
        give(mailbox, cast, server)
        SmtpAccount.objects.update(sealed_password="sealed with another key")
        cast.staff_reply(cast.ticket())
        work_off(SENT_AT)
    assert (state(), "Enter it again" in SmtpAccount.objects.get().last_error) == (DeliveryState.DEFERRED, True)


def test_an_old_try_that_fails_after_the_settings_were_saved_leaves_nothing_standing(
    mailbox: Mailbox, cast: Cast
) -> None:
    account, answer = give(mailbox, cast, Server("127.0.0.1", 1)), Answer(Result.DEFERRED, "421 busy", Blame.SERVER)
    note_answer(account, answer, at=SENT_AT)
    account.refresh_from_db()
    give(mailbox, cast, Server("127.0.0.1", 2))
    assert note_answer(account, answer, at=SENT_AT) is None
    account.refresh_from_db()
    assert (account.failures, account.last_error) == (0, "")

"""Mailboxes that send by a server of their own: which mail goes where, in whose name."""

import pytest
from django.test import override_settings
from procrastinate.contrib.django.models import ProcrastinateJob

from deskhand.mail.actions.mailboxes import MailboxFields, change_mailbox
from deskhand.mail.actions.notices import acknowledge
from deskhand.mail.actions.smtp_accounts import (
    remove_smtp,
)
from deskhand.mail.actions.trial_mail import send_trial
from deskhand.mail.models import (
    Delivery,
    DeliveryState,
    Mailbox,
    MailSettings,
    OutboundMail,
    ReturnPath,
    SmtpAccount,
    SmtpSignIn,
)
from deskhand.mail.smtp import Server
from deskhand.tickets.models import Message
from tests.cast import NOON, Cast, act_by
from tests.mail.own_servers import HOUR, PASSWORD, USER, give, guarded, state, two_servers
from tests.mail.post_office import work_off
from tests.mail.smtp_servers import CUT, Guarded, Inbox, receiving_server, scripted_server
from tests.mail.test_sending import SENT_AT, sending_to


def test_mail_of_the_mailbox_goes_by_its_server_and_other_mail_by_the_desks(mailbox: Mailbox, cast: Cast) -> None:
    own, ticket = guarded(), cast.ticket()
    with two_servers(own) as (desk, server):
        give(mailbox, cast, server)
        cast.staff_reply(ticket, "From the mailbox.")
        work_off(SENT_AT)
        OutboundMail.objects.update(mailbox=None, from_address="elsewhere@desk.example")
        Delivery.objects.update(state="queued", next_try_at=NOON, settled_at=None)
        work_off(SENT_AT)
    assert [len(desk.mails), len(own.mails)] == [1, 1]
    assert own.tried == ["PLAIN"]
    account = SmtpAccount.objects.get()
    assert (account.last_sent_at, account.last_error) == (SENT_AT, "")


@pytest.mark.parametrize("is_of_earlier_release", [False, True])
def test_an_alias_sends_by_the_server_of_its_mailbox(
    mailbox: Mailbox, cast: Cast, *, is_of_earlier_release: bool
) -> None:
    own = Guarded(passwords={USER: PASSWORD})
    with two_servers(own) as (desk, server):
        give(mailbox, cast, server)
        cast.staff_reply(cast.ticket())
        fields = MailboxFields("Support", "new@desk.example", (USER,))
        change_mailbox(mailbox_id=mailbox.pk, fields=fields, act=act_by(cast.ada.user))
        if is_of_earlier_release:
            OutboundMail.objects.update(mailbox=None)
        work_off(SENT_AT)
    assert [len(desk.mails), len(own.mails)] == [0, 1]


def test_mail_that_waits_keeps_its_server_when_the_mailbox_gets_another_address(mailbox: Mailbox, cast: Cast) -> None:
    own = Guarded(passwords={USER: PASSWORD})
    with two_servers(own) as (desk, server):
        give(mailbox, cast, server)
        ticket = cast.ticket()
        cast.staff_reply(ticket)
        acknowledge(message_id=Message.objects.earliest("pk").pk, act=act_by(None))
        send_trial(mailbox_id=mailbox.pk, person=cast.ada.user, act=act_by(cast.ada.user))
        fields = MailboxFields("Support", "new@desk.example")
        change_mailbox(mailbox_id=mailbox.pk, fields=fields, act=act_by(cast.ada.user))
        work_off(SENT_AT)
    assert [len(desk.mails), len(own.mails)] == [0, 3]


@pytest.mark.parametrize("return_path", ReturnPath)
def test_undeliverable_mail_comes_back_where_the_settings_say(
    mailbox: Mailbox, cast: Cast, return_path: ReturnPath
) -> None:
    MailSettings.objects.create(pk=1, acknowledges=True)
    own, ticket = Guarded(passwords={USER: PASSWORD}), cast.ticket()
    with two_servers(own) as (_, server):
        give(mailbox, cast, server, return_path=return_path)
        cast.staff_reply(ticket)
        acknowledge(message_id=Message.objects.earliest("pk").pk, act=act_by(None))
        work_off(SENT_AT)
    reply, notice = (one.envelope_from for one in own.mails)
    if return_path == ReturnPath.MAILBOX:
        assert (reply, notice) == (USER, USER)
    else:
        assert reply.startswith("bounce+")
        assert notice in {"", "<>"}
    assert Delivery.objects.earliest("pk").envelope_from == reply


def test_a_mail_back_at_the_desks_server_gets_its_own_return_address_again(mailbox: Mailbox, cast: Cast) -> None:
    own = guarded()
    own.refusals = {"cleo@acme.example": "450 4.2.0 later"}
    with two_servers(own) as (desk, server):
        give(mailbox, cast, server)
        cast.staff_reply(cast.ticket())
        work_off(SENT_AT)
        assert Delivery.objects.get().envelope_from == USER
        remove_smtp(mailbox_id=mailbox.pk, act=act_by(cast.ada.user))
        work_off(SENT_AT)
    assert (len(own.mails), desk.mails[0].envelope_from[:7]) == (0, "bounce+")


def test_a_server_that_knows_the_desk_asks_for_no_password(mailbox: Mailbox, cast: Cast) -> None:
    desk, own = Inbox(), Inbox()
    with receiving_server(desk) as desks, sending_to(desks), receiving_server(own) as server:
        account = give(mailbox, cast, server, sign_in=SmtpSignIn.NONE)
        assert (account.user, account.sealed_password) == ("", "")
        cast.staff_reply(cast.ticket())
        work_off(SENT_AT)
    assert [len(desk.mails), len(own.mails)] == [0, 1]


def test_captured_mail_reaches_no_mailboxs_server_either(mailbox: Mailbox, cast: Cast) -> None:
    own = guarded()
    with two_servers(own) as (_, server), override_settings(MAIL_DELIVERY="capture"):
        give(mailbox, cast, server)
        cast.staff_reply(cast.ticket())
        work_off(SENT_AT)
    assert (state(), own.mails) == (DeliveryState.CAPTURED, [])


def test_mail_by_one_server_goes_one_after_the_other(mailbox: Mailbox, cast: Cast) -> None:
    give(mailbox, cast, Server("localhost", 25))
    by_own = [cast.staff_reply(cast.ticket()) for _ in range(2)]
    remove_smtp(mailbox_id=mailbox.pk, act=act_by(cast.ada.user))
    by_desk = [cast.staff_reply(cast.ticket()) for _ in range(3)]
    ids = [one.pk for one in Delivery.objects.filter(mail__entry__in=[*by_own, *by_desk])]
    jobs = ProcrastinateJob.objects.filter(task_name="mail.deliver", args__delivery_id__in=ids).order_by("id")
    locks = list(jobs.values_list("lock", flat=True))
    assert (len(set(locks[:2])), len(set(locks[2:])), set(locks[:2]) & set(locks[2:])) == (1, 2, set())


def test_an_unclear_end_is_flagged_and_not_sent_again(mailbox: Mailbox, cast: Cast) -> None:
    with scripted_server(end=CUT) as server, sending_to(server):
        give(mailbox, cast, server, sign_in=SmtpSignIn.NONE)
        cast.staff_reply(cast.ticket())
        work_off(SENT_AT)
    own = guarded()
    with two_servers(own) as (desk, server):
        give(mailbox, cast, server)
        work_off(SENT_AT + HOUR)
    assert (state(), own.mails, desk.mails) == (DeliveryState.UNCLEAR, [], [])

"""Mailboxes that send by a server of their own: real servers, by password and by token, and every fault of them."""

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from ipaddress import ip_network
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import IntegrityError, transaction
from django.test import override_settings
from procrastinate.contrib.django.models import ProcrastinateJob

from deskhand.core.secrets import seal, unseal
from deskhand.events.models import Event
from deskhand.mail.actions.mailboxes import MailboxFields, PasswordMissing, change_mailbox
from deskhand.mail.actions.notices import acknowledge
from deskhand.mail.actions.sending import GIVE_UP_AFTER, deliver, due_deliveries
from deskhand.mail.actions.sign_in import SignInFields, connect, set_sign_in
from deskhand.mail.actions.smtp_accounts import (
    ONE_AHEAD,
    NotProtected,
    SmtpFields,
    UserMissing,
    note_answer,
    remove_smtp,
    set_smtp,
    waits_until,
)
from deskhand.mail.models import (
    Delivery,
    DeliveryState,
    Mailbox,
    MailboxSignIn,
    MailSettings,
    OutboundMail,
    ReturnPath,
    SignInProvider,
    SmtpAccount,
    SmtpSignIn,
)
from deskhand.mail.oauth import Endpoints, endpoints_of
from deskhand.mail.parsing import parse
from deskhand.mail.smtp import Answer, Blame, Result, Server
from deskhand.mail.ways_out import check
from deskhand.tickets.models import Message
from tests.cast import NOON, Cast, act_by
from tests.mail.oauth_provider import CLIENT_ID, CLIENT_SECRET, TokenProvider, token_provider
from tests.mail.post_office import work_off
from tests.mail.smtp_servers import CUT, Guarded, Inbox, guarded_server, receiving_server, scripted_server
from tests.mail.test_sending import SENT_AT, sending_to

USER, PASSWORD = "support@desk.example", "correct-horse"
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def guarded() -> Guarded:
    """Return a provider's server: it takes the mailbox's mail in the mailbox's name alone."""
    return Guarded(passwords={USER: PASSWORD}, senders=frozenset({USER}))


def fields_for(server: Server, **changes: Any) -> SmtpFields:
    fields = SmtpFields(server.host, server.port, "none", SmtpSignIn.PASSWORD, USER, PASSWORD)
    return dataclasses.replace(fields, **changes)


def give(box: Mailbox, cast: Cast, server: Server, **changes: Any) -> SmtpAccount:
    return set_smtp(mailbox_id=box.pk, fields=fields_for(server, **changes), act=act_by(cast.ada.user))


@contextmanager
def two_servers(own: Guarded) -> Iterator[tuple[Inbox, Server]]:
    """Run the desk's server, and one of a mailbox; yields what the desk's took, and where the mailbox's is."""
    desk = Inbox()
    with receiving_server(desk) as desks, sending_to(desks), guarded_server(own) as server:
        yield desk, server


def state() -> DeliveryState:
    return DeliveryState(Delivery.objects.get().state)


def test_mail_of_the_mailbox_goes_by_its_server_and_other_mail_by_the_desks(mailbox: Mailbox, cast: Cast) -> None:
    own, ticket = guarded(), cast.ticket()
    with two_servers(own) as (desk, server):
        give(mailbox, cast, server)
        cast.staff_reply(ticket, "From the mailbox.")
        work_off(SENT_AT)
        OutboundMail.objects.update(from_address="elsewhere@desk.example")
        Delivery.objects.update(state="queued", next_try_at=NOON, settled_at=None)
        work_off(SENT_AT)
    assert [len(desk.mails), len(own.mails)] == [1, 1]
    assert own.tried == ["PLAIN"]
    account = SmtpAccount.objects.get()
    assert (account.last_sent_at, account.last_error) == (SENT_AT, "")


def test_an_alias_sends_by_the_server_of_its_mailbox(mailbox: Mailbox, cast: Cast) -> None:
    own = Guarded(passwords={USER: PASSWORD})
    with two_servers(own) as (desk, server):
        give(mailbox, cast, server)
        cast.staff_reply(cast.ticket())
        fields = MailboxFields("Support", "new@desk.example", (USER,))
        change_mailbox(mailbox_id=mailbox.pk, fields=fields, act=act_by(cast.ada.user))
        work_off(SENT_AT)
    assert [len(desk.mails), len(own.mails)] == [0, 1]


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
        give(mailbox, cast, server, password=None)
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
        OutboundMail.objects.filter(pk=other.pk).update(from_address="elsewhere@desk.example")
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
    assert waits_until(account, now=SENT_AT) == SENT_AT + MINUTE
    assert waits_until(account, now=SENT_AT + MINUTE) is None
    assert waits_until(account, now=SENT_AT + MINUTE) == SENT_AT + MINUTE + ONE_AHEAD
    assert waits_until(account, now=SENT_AT + MINUTE + ONE_AHEAD) is None  # its worker was killed


def test_mail_by_one_server_goes_one_after_the_other(mailbox: Mailbox, cast: Cast) -> None:
    give(mailbox, cast, Server("localhost", 25))
    by_own = [cast.staff_reply(cast.ticket()) for _ in range(2)]
    remove_smtp(mailbox_id=mailbox.pk, act=act_by(cast.ada.user))
    by_desk = [cast.staff_reply(cast.ticket()) for _ in range(3)]
    ids = [one.pk for one in Delivery.objects.filter(mail__entry__in=[*by_own, *by_desk])]
    jobs = ProcrastinateJob.objects.filter(task_name="mail.deliver", args__delivery_id__in=ids).order_by("id")
    locks = list(jobs.values_list("lock", flat=True))
    assert (len(set(locks[:2])), len(set(locks[2:])), set(locks[:2]) & set(locks[2:])) == (1, 2, set())


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


def test_a_server_that_knows_the_desk_asks_for_no_password(mailbox: Mailbox, cast: Cast) -> None:
    desk, own = Inbox(), Inbox()
    with receiving_server(desk) as desks, sending_to(desks), receiving_server(own) as server:
        account = give(mailbox, cast, server, sign_in=SmtpSignIn.NONE)
        assert (account.user, account.sealed_password) == ("", "")
        cast.staff_reply(cast.ticket())
        work_off(SENT_AT)
    assert [len(desk.mails), len(own.mails)] == [0, 1]


def test_a_password_sealed_with_another_key_waits_and_says_so(mailbox: Mailbox, cast: Cast) -> None:
    own = guarded()
    with two_servers(own) as (_, server):
        give(mailbox, cast, server)
        SmtpAccount.objects.update(sealed_password="sealed with another key")
        cast.staff_reply(cast.ticket())
        work_off(SENT_AT)
    assert (state(), "Enter it again" in SmtpAccount.objects.get().last_error) == (DeliveryState.DEFERRED, True)


def test_captured_mail_reaches_no_mailboxs_server_either(mailbox: Mailbox, cast: Cast) -> None:
    own = guarded()
    with two_servers(own) as (_, server), override_settings(MAIL_DELIVERY="capture"):
        give(mailbox, cast, server)
        cast.staff_reply(cast.ticket())
        work_off(SENT_AT)
    assert (state(), own.mails) == (DeliveryState.CAPTURED, [])


@pytest.fixture
def provider(settings: LazySettings) -> Iterator[TokenProvider]:
    settings.HTTP_ALLOW = [ip_network("127.0.0.1")]
    with token_provider() as running:
        yield running


def connected(box: Mailbox, provider: TokenProvider, *, smtp_host: str = "127.0.0.1") -> MailboxSignIn:
    return MailboxSignIn.objects.create(
        mailbox=box,
        provider=SignInProvider.OTHER,
        client_id=CLIENT_ID,
        sealed_client_secret=seal(CLIENT_SECRET),
        token_url=provider.token_url,
        mail_host="imap.brand.example",
        smtp_host=smtp_host,
        sealed_refresh_token=seal(provider.refresh_token),
        connected_at=NOON,
    )


def by_token(box: Mailbox, cast: Cast, server: Server) -> SmtpAccount:
    return give(box, cast, server, sign_in=SmtpSignIn.OAUTH2, password=None)


def test_sends_with_the_token_of_the_mailboxs_sign_in(mailbox: Mailbox, cast: Cast, provider: TokenProvider) -> None:
    connected(mailbox, provider)
    own = Guarded(tokens={USER: provider.holding})
    with two_servers(own) as (_, server):
        by_token(mailbox, cast, server)
        cast.staff_reply(cast.ticket())
        work_off(SENT_AT)
    assert (state(), own.tried, len(provider.asked)) == (DeliveryState.SENT, ["XOAUTH2"], 1)


def test_a_token_that_ended_early_is_renewed_once_within_the_try(
    mailbox: Mailbox, cast: Cast, provider: TokenProvider
) -> None:
    sign_in = connected(mailbox, provider)
    sign_in.sealed_access_token, sign_in.access_ends_at = seal("revoked-early"), SENT_AT + HOUR
    sign_in.save()
    own = Guarded(tokens={USER: provider.holding})
    with two_servers(own) as (_, server):
        account = by_token(mailbox, cast, server)
        cast.staff_reply(cast.ticket())
        work_off(SENT_AT)
    account.refresh_from_db()
    assert (state(), own.tried, own.last_words) == (DeliveryState.SENT, ["XOAUTH2", "XOAUTH2"], [b""])
    assert (len(provider.asked), account.last_error, Delivery.objects.get().attempts) == (1, "", 1)


def test_a_second_token_refused_waits_with_the_servers_reason(
    mailbox: Mailbox, cast: Cast, provider: TokenProvider
) -> None:
    connected(mailbox, provider)
    own = Guarded()
    with two_servers(own) as (_, server):
        account = by_token(mailbox, cast, server)
        cast.staff_reply(cast.ticket())
        work_off(SENT_AT)
        account.refresh_from_db()
        assert (state(), len(own.tried), len(provider.asked)) == (DeliveryState.DEFERRED, 2, 2)
        assert account.last_error.startswith(f'{own.refusal} {{"status":"401"')
        assert "access-" not in account.last_error + Delivery.objects.get().server_answer
        own.tokens[USER] = provider.holding
        work_off(SENT_AT + MINUTE)
    assert (state(), len(own.mails)) == (DeliveryState.SENT, 1)


def test_what_the_provider_of_tokens_says_is_noted_with_the_mailbox(
    mailbox: Mailbox, cast: Cast, provider: TokenProvider
) -> None:
    connected(mailbox, provider)
    provider.refresh_token = "another"
    own = Guarded()
    with two_servers(own) as (_, server):
        by_token(mailbox, cast, server)
        cast.staff_reply(cast.ticket())
        work_off(SENT_AT)
    assert (state(), own.tried) == (DeliveryState.DEFERRED, [])
    assert "AADSTS700082" in SmtpAccount.objects.get().last_error


def test_a_sign_in_for_reading_alone_sends_nothing(mailbox: Mailbox, cast: Cast, provider: TokenProvider) -> None:
    sign_in = connected(mailbox, provider, smtp_host="")
    own = Guarded(tokens={USER: provider.holding})
    with two_servers(own) as (_, server):
        account = by_token(mailbox, cast, server)
        assert "for reading alone" in check(account, now=NOON).words
        sign_in.smtp_host = "smtp.brand.example"
        sign_in.save()
        assert check(account, now=NOON).words == "This sign-in is for smtp.brand.example. Enter that as the server."
    assert (own.tried, provider.asked) == ([], [])


def test_connecting_again_lets_what_waits_go(mailbox: Mailbox, cast: Cast, provider: TokenProvider) -> None:
    connected(mailbox, provider)
    own = Guarded()
    with two_servers(own) as (_, server):
        account = by_token(mailbox, cast, server)
        cast.staff_reply(cast.ticket())
        work_off(SENT_AT)
        provider.codes["code"] = "iMnq5o6zALKXGivsnlom_0F5_WYda32GHkxlV7mq7hQ"  # of the verifier below (RFC 7636 §4.2)
        act = dataclasses.replace(act_by(cast.ada.user), at=SENT_AT)
        connect(mailbox_id=mailbox.pk, code="code", redirect_uri="https://d/", verifier="verifier", act=act)
        account.refresh_from_db()
        assert (account.next_try_at, account.last_error) == (None, "")
        own.tokens[USER] = provider.holding
        work_off(SENT_AT)
    assert state() == DeliveryState.SENT


def test_checking_signs_in_as_a_mail_would_and_keeps_nothing(mailbox: Mailbox, cast: Cast) -> None:
    own = guarded()
    with guarded_server(own) as server:
        account = give(mailbox, cast, server)
        assert check(account, now=NOON).words == "235 2.7.0 Authentication successful"
        account.return_path = ReturnPath.DESK
        answer = check(account, now=NOON)
        assert (answer.result, answer.words[:10]) == (Result.DEFERRED, "550 5.7.60")
    account.refresh_from_db()
    assert (own.mails, account.last_error, account.last_sent_at) == ([], "", None)


def test_the_password_is_stored_only_encrypted_and_goes_to_no_other_server(mailbox: Mailbox, cast: Cast) -> None:
    server = Server("127.0.0.1", 2525)
    with pytest.raises(PasswordMissing):
        give(mailbox, cast, server, password=None)
    account = give(mailbox, cast, server)
    assert unseal(account.sealed_password) == PASSWORD
    stored = str(SmtpAccount.objects.values().get()) + str([event.data for event in Event.objects.all()])
    assert PASSWORD not in stored
    assert unseal(give(mailbox, cast, server, password=None, port=2526).sealed_password) == PASSWORD
    for change in ({"host": "localhost"}, {"user": "sales@desk.example"}):
        with pytest.raises(PasswordMissing):
            give(mailbox, cast, server, password=None, **change)
    assert give(mailbox, cast, server, sign_in=SmtpSignIn.OAUTH2, password=None).sealed_password == ""
    with pytest.raises(PasswordMissing):
        give(mailbox, cast, server, password=None)


@pytest.mark.parametrize("host", ["mail.example.com", "10.0.0.1", "127.0.0.1.example.com"])
def test_only_this_machine_is_spoken_to_in_the_clear(mailbox: Mailbox, cast: Cast, host: str) -> None:
    with pytest.raises(NotProtected):
        give(mailbox, cast, Server(host, 25))
    assert give(mailbox, cast, Server(host, 25), security="starttls").host == host
    with pytest.raises(IntegrityError), transaction.atomic():
        SmtpAccount.objects.update(security="none")


def test_who_signs_in_needs_a_name(mailbox: Mailbox, cast: Cast) -> None:
    with pytest.raises(UserMissing):
        give(mailbox, cast, Server("localhost", 25), user="")


def test_the_end_forgets_the_password_and_is_recorded(mailbox: Mailbox, cast: Cast) -> None:
    give(mailbox, cast, Server("localhost", 25))
    for _ in range(2):
        remove_smtp(mailbox_id=mailbox.pk, act=act_by(cast.ada.user))
    assert not SmtpAccount.objects.exists()
    kinds = list(Event.objects.filter(kind__startswith="mailbox.smtp").values_list("kind", flat=True))
    assert kinds == ["mailbox.smtp_changed", "mailbox.smtp_removed"]


def sign_in_fields(endpoints: Endpoints, client_secret: str) -> SignInFields:
    return SignInFields(SignInProvider.MICROSOFT, endpoints, "id", client_secret)


def test_letting_a_sign_in_send_asks_for_agreement_again_but_not_for_the_secret(mailbox: Mailbox, cast: Cast) -> None:
    reading, sending = (endpoints_of(SignInProvider.MICROSOFT, can_send=can_send) for can_send in (False, True))
    assert reading is not None
    assert sending is not None
    assert (reading.smtp_host, sending.smtp_host) == ("", "smtp.office365.com")
    assert ("SMTP.Send" in reading.scope, "SMTP.Send" in sending.scope) == (False, True)
    set_sign_in(mailbox_id=mailbox.pk, fields=sign_in_fields(reading, "secret"), act=act_by(cast.ada.user))
    MailboxSignIn.objects.update(sealed_refresh_token=seal("lasting"))
    set_sign_in(mailbox_id=mailbox.pk, fields=sign_in_fields(reading, ""), act=act_by(cast.ada.user))
    assert MailboxSignIn.objects.get().is_connected
    set_sign_in(mailbox_id=mailbox.pk, fields=sign_in_fields(sending, ""), act=act_by(cast.ada.user))
    kept = MailboxSignIn.objects.get()
    assert (kept.is_connected, kept.smtp_host) == (False, "smtp.office365.com")
    assert unseal(kept.sealed_client_secret) == "secret"

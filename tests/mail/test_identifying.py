"""One search by any id that somebody holds in hand finds the mail, and no other."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from deskhand.mail.addresses import agent_reply_address, bounce_address, reply_address
from deskhand.mail.models import (
    Delivery,
    ImapAccount,
    ImapMail,
    InboundMail,
    OutboundMail,
    Provider,
    ProviderAccount,
    ProviderMail,
)
from deskhand.mail.queries.details import inbound_detail
from deskhand.mail.queries.log import mail_log
from tests.cast import NOON, Cast
from tests.mail.post_office import PostOffice, mail

QUEUE_ID = "4Xk9Zt1234z9sT"
POSTMARK_ID = "a8c1040e-db1c-4e18-ac79-bc5f64d7ce2c"
TICKET_UID = 77_123
HIDDEN_RECIPIENT = "hidden-copy@desk.example"


@dataclass
class Exchange:
    """A mail that came in, by every way at once, and the answer to it."""

    came: InboundMail
    sent: OutboundMail
    delivery: Delivery

    @property
    def number(self) -> int:
        """The number of the ticket that both are about."""
        assert self.came.ticket is not None
        return self.came.ticket.number


@pytest.fixture
def exchange(post: PostOffice, cast: Cast) -> Exchange:
    raw = mail(subject="Checkout", message_id="<CAF7x=vQ3+k_Lw@mail.acme.example>")
    came = post.deliver(raw, envelope_to=("support@desk.example", HIDDEN_RECIPIENT))
    post.deliver(mail(subject="Other"))
    assert came.ticket is not None
    answer = cast.staff_reply(came.ticket)
    sent = OutboundMail.objects.get(entry=answer)
    Delivery.objects.filter(mail=sent).update(
        server_answer=f"250 2.0.0 OK: queued as {QUEUE_ID}", state="sent", next_try_at=None
    )
    imap = ImapAccount.objects.create(mailbox=post.mailbox, host="x", user="u", sealed_password="", changed_at=NOON)
    ImapMail.objects.create(account=imap, folder="INBOX", uid_validity=1, uid=TICKET_UID, mail=came)
    account = ProviderAccount.objects.create(
        mailbox=post.mailbox, provider=Provider.POSTMARK, sealed_token="x", token_hash="x", sealed_password="x"
    )
    ProviderMail.objects.create(account=account, provider_id=POSTMARK_ID, mail=came, received_at=NOON)
    return Exchange(came, sent, sent.deliveries.get())


def found(search: str) -> set[str]:
    return {f"{row.direction.value} {row.subject.partition(' [')[0]}" for row in mail_log(search=search).rows}


IN, OUT = {"in Checkout"}, {"out Re: Checkout"}
Row = tuple[Callable[[Exchange], str], set[str]]
BY_ID: dict[str, Row] = {
    "their Message-ID": (lambda one: one.came.message_id, IN),
    "their Message-ID without brackets": (lambda one: one.came.message_id.strip("<>"), IN),
    "our Message-ID": (lambda one: one.sent.message_id, OUT),
    "our Message-ID without brackets": (lambda one: one.sent.message_id[1:-1].upper(), OUT),
    "ticket number": (lambda one: f"#{one.number}", IN | OUT),
    "ticket number as in a subject": (lambda one: f"[#{one.number}]", IN | OUT),
    "reply address": (lambda one: reply_address(one.number), IN | OUT),
    "reply address of an agent": (lambda one: agent_reply_address(one.number, 17), IN | OUT),
    "return address (VERP)": (lambda one: one.delivery.envelope_from, OUT),
    "return address in brackets and capitals": (lambda one: f"<{one.delivery.envelope_from.upper()}>", OUT),
    "queue id in the answer of a server": (lambda _: QUEUE_ID, OUT),
    "queue id in small letters": (lambda _: QUEUE_ID.lower(), OUT),
    "IMAP UID": (lambda _: str(TICKET_UID), IN),
    "id of a provider": (lambda _: POSTMARK_ID, IN),
    "id of a provider in capitals": (lambda _: POSTMARK_ID.upper(), IN),
    "hash of the content": (lambda one: one.came.content_hash.upper(), IN),
    "recipient in the envelope alone": (lambda _: HIDDEN_RECIPIENT.title(), IN),
    "address in brackets": (lambda _: f"<{HIDDEN_RECIPIENT}>", IN),
    "message it became": (lambda one: one.came.entry.public_id if one.came.entry else "", IN),
    "message it carries": (lambda one: one.sent.entry.public_id if one.sent.entry else "", OUT),
}


@pytest.mark.parametrize("known", BY_ID)
def test_an_id_finds_the_mail_and_no_other(exchange: Exchange, known: str) -> None:
    search, wanted = BY_ID[known]
    assert found(search(exchange)) == wanted


def test_the_address_of_a_person_finds_both_ways(exchange: Exchange) -> None:
    assert found("cleo@acme.example") == IN | OUT | {"in Other"}


def test_a_number_finds_mails_deliveries_and_tickets(exchange: Exchange) -> None:
    assert found(str(exchange.came.pk)) >= IN
    assert found(str(exchange.sent.pk)) >= OUT
    assert found(str(exchange.delivery.pk)) >= OUT
    assert found(str(exchange.number)) >= IN | OUT


def test_a_report_is_found_by_the_return_address_it_came_to(post: PostOffice, exchange: Exchange) -> None:
    back_to = exchange.delivery.envelope_from
    post.deliver(mail("?", subject="Back", sender="x@far.example", to="someone@far.example"), envelope_to=(back_to,))
    assert found(back_to) == OUT | {"in Back"}


def test_a_copy_of_a_mail_is_found_by_the_hash_they_share(post: PostOffice, exchange: Exchange) -> None:
    copy = post.deliver(bytes(exchange.came.raw))
    assert copy.duplicate_of == exchange.came
    assert [row.id for row in mail_log(search=copy.content_hash).rows] == [copy.pk, exchange.came.pk]


@pytest.mark.parametrize(
    "search",
    [
        "bounce+1-aaaaaaaaaaaaaaaaaaaaaaaaaa@desk.localhost", "reply+1-aaaaaaaaaaaaaaaaaaaaaaaaaa@desk.localhost",
        "'; drop table", "(((((", "\x00\x00\x00\x00\x00\x00", "9" * 13, "0" * 64, "{nobody@x}", "':*&|!():*'", "@@@@@@"
    ],
)  # fmt: skip
def test_what_is_no_id_finds_nothing_more(exchange: Exchange, search: str) -> None:
    assert found(search) in (set(), found(""))


def test_shows_by_which_ids_a_mail_is_known(exchange: Exchange) -> None:
    detail = inbound_detail(exchange.came.pk)
    assert detail is not None
    known = f"SHA-256 {exchange.came.content_hash}"
    assert detail.known_as == (f"Postmark {POSTMARK_ID}", f"INBOX UID {TICKET_UID}", known)


@pytest.mark.parametrize("search", [POSTMARK_ID, HIDDEN_RECIPIENT, "0" * 64, QUEUE_ID, bounce_address(1)])
def test_an_id_is_looked_up_by_indexes(exchange: Exchange, search: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan TO off")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        mail_log(search=search)
    for query in queries:
        with connection.cursor() as cursor:
            cursor.execute("EXPLAIN " + query["sql"].replace("%", "%%"))
            assert "Seq Scan" not in str(cursor.fetchall()), query["sql"]

"""No token is readable in the mail log, shown or downloaded, however a mail program encoded the quote."""

import base64
import quopri
from email import message_from_bytes
from urllib.parse import quote

import pytest
from django.conf import settings

from deskhand.accounts.actions.signing_in import create_sign_in_link, token_of
from deskhand.mail.addresses import reply_address
from deskhand.mail.masking import HIDDEN, PATHS, masked, masked_bytes, masked_quote
from deskhand.mail.models import InboundMail, MailSettings, OutboundMail, Quote
from deskhand.mail.queries.details import inbound_detail, outbound_detail, raw_mail
from deskhand.tickets.links import Purpose, token_for
from tests.cast import NOON, Cast, act_by
from tests.mail.post_office import PostOffice, mail


@pytest.fixture
def token(cast: Cast) -> str:
    return token_for(Purpose.GUEST, ticket=cast.ticket(), contact=cast.cleo, at=NOON)


@pytest.mark.parametrize("path", PATHS)
def test_a_token_is_taken_out_of_text(token: str, path: str) -> None:
    said = f"See <{settings.BASE_URL}/{path}/{token}?verdict=good> or https://other.example/x/{token}."
    kept = f"See <{settings.BASE_URL}/{path}/{HIDDEN}?verdict=good> or https://other.example/x/{HIDDEN}."
    assert masked(said) == kept
    assert masked_bytes(said.encode()) == kept.encode()


@pytest.mark.parametrize("times", [1, 2, 3])
@pytest.mark.parametrize(
    "one", ["/t/Abcdefghij_klmnopq-rst.12.1790000000.7." + "a2" * 16, f"/sign-in/link/{'a' * 22}:{'B' * 43}"]
)
def test_a_token_within_another_address_is_taken_out(one: str, times: int) -> None:
    path, _, token = one.rpartition("/")
    for _ in range(times):
        path, token = quote(path, safe=""), quote(token, safe="").replace(".", "%2E").replace("_", "%5F")
    said = "See https://eur01.safelinks.example/?url=https{}%2F{}&amp;data=05%7C02&reserved=0\r\n"
    kept = said.format(path, HIDDEN)
    assert masked_quote(said.format(path, token)) == kept
    assert masked_bytes(said.format(path, token).encode()) == kept.encode()
    for indent in range(0, 80, 7):  # the break comes to stand at each place of the token, within a code too
        broken = quopri.encodestring(b"x" * indent + said.format(path, token).encode())
        assert quopri.decodestring(masked_bytes(broken)) == b"x" * indent + kept.encode()


@pytest.mark.parametrize(
    "said",
    [
        "Release 4.12.1790000000.7 of https://x.example/%2Ft%2F1.2.3, at 12:30: done.",
        f"a.12.1790000000.{'a2' * 16}",
        f"sha-256:{'B' * 43} and {'a' * 22}:{'B' * 44}",
        "= %25 =\n=2E%2e%3a.:\udc80é",
    ],
)
def test_other_words_stay(said: str) -> None:
    assert masked_quote(said) == said


@pytest.mark.parametrize("indent", range(0, 80, 7))
def test_a_token_broken_over_lines_is_found(token: str, indent: int) -> None:
    said = f"{'x' * indent} {settings.BASE_URL}/t/{token} and on\r\n".encode()
    raw = b"Content-Transfer-Encoding: quoted-printable\r\n\r\n" + quopri.encodestring(said)
    kept = masked_bytes(raw)
    assert token[:22].encode() not in quopri.decodestring(kept)
    assert f"/t/{HIDDEN}".encode() in quopri.decodestring(kept)
    assert b" and on" in quopri.decodestring(kept)


@pytest.mark.parametrize("before", [*range(57), 500])  # whatever is left for the last line
def test_a_token_in_base64_is_found(token: str, before: int) -> None:
    said = b"y" * before + f" {settings.BASE_URL}/rate/{token}\r\nBest, Cleo\r\n".encode()
    raw = b"Content-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(said)
    payload = message_from_bytes(masked_bytes(raw)).get_payload(decode=True)
    assert isinstance(payload, bytes)
    assert token.encode() not in payload
    assert payload.endswith(b"\r\nBest, Cleo\r\n")
    assert payload.startswith(b"y" * before + b" ")


@pytest.mark.parametrize(
    "raw", [b"", b"\xff\xfe/t/", b"Subject: Hi\r\n\r\nHello /t/short\r\n", base64.encodebytes(bytes(range(256)) * 40)]
)
def test_a_mail_without_a_token_stays_as_it_came(raw: bytes) -> None:
    assert masked_bytes(raw) == raw


def test_the_log_shows_no_token_of_a_mail_that_went_out(cast: Cast) -> None:
    cast.staff_reply(cast.ticket())
    sent = OutboundMail.objects.get()
    token = sent.text.partition("/t/")[2].split()[0]
    shown = outbound_detail(sent.pk)
    assert shown is not None
    assert token in sent.text + sent.html
    assert token not in shown.text + shown.html
    assert f"/t/{HIDDEN}" in shown.text


def test_the_log_shows_no_token_that_a_client_quotes(post: PostOffice, token: str) -> None:
    quoted = f"Thanks!\r\n\r\n> {settings.BASE_URL}/t/{token}\r\n"
    row = post.deliver(mail(quoted, html=f'<p>Thanks</p><a href="{settings.BASE_URL}/t/{token}">see</a>'))
    shown, raw = inbound_detail(row.pk), raw_mail(row.pk)
    assert shown is not None
    assert raw is not None
    assert token not in shown.text + shown.html
    stored = bytes(InboundMail.objects.get(pk=row.pk).raw)
    assert token.encode() in quopri.decodestring(stored)
    assert token.encode() not in quopri.decodestring(raw)


def test_a_fresh_sign_in_link_that_somebody_quotes_opens_nothing_for_staff(post: PostOffice, cast: Cast) -> None:
    link = create_sign_in_link(user=cast.cleo.user, act=act_by(None))
    token = token_of(link)
    row = post.deliver(mail(f"What is this?\n\n> {settings.BASE_URL}/sign-in/link/{token}\n"))
    shown, raw = inbound_detail(row.pk), raw_mail(row.pk)
    assert shown is not None
    assert raw is not None
    assert row.entry is not None
    assert token not in shown.text
    assert token.encode() not in quopri.decodestring(raw)
    assert token not in row.entry.text + row.entry.html + row.entry.quoted_html


def test_a_rewritten_link_that_a_client_quotes_opens_nothing_for_others(
    post: PostOffice, cast: Cast, token: str
) -> None:
    MailSettings.objects.filter(pk=1).update(quote=Quote.LAST)
    ticket = cast.ticket()
    rewritten = f"https://safelinks.example/?url={quote(f'{settings.PORTAL_URL}/t/{token}', safe='')}&data=05"
    answered_between = f"> first question\nyes\n> see {rewritten}\nno\n> third\nmaybe\n"
    row = post.deliver(mail(answered_between, to=reply_address(ticket.number)))
    assert row.entry is not None
    cast.staff_reply(ticket, "Thanks.")
    out = OutboundMail.objects.latest("id")
    shown = inbound_detail(row.pk)
    assert shown is not None
    assert "safelinks.example" in row.entry.text
    assert token not in row.entry.text + row.entry.html + out.text + out.html + shown.text

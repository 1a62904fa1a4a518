"""Mutants of the samples: whatever is damaged, the mail is read and what comes out can be stored."""

import os
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deskhand.mail.forwards import split_forward
from deskhand.mail.parsing import ParsedMail, parse
from deskhand.mail.parsing.reading import UNREADABLE
from deskhand.mail.replies import newest_reply
from deskhand.mail.replies_html import split_reply_html
from tests.mail.samples import samples

MARKER = "Answer above this line."
MUTANTS = int(os.environ.get("DESKHAND_MUTANTS", "3000"))
PIECES = (
    b"\r\n", b"\n", b"\r", b"\0", b"=?utf-8?B?", b"?=", b"--", b'"', b"<", b">", b"\xff\xfe", b"\xed\xa0\x80",
    b"Content-Type: multipart/mixed; boundary=x\n\n--x\n", b"Content-Transfer-Encoding: base64\n", b"charset=utf-7",
    b"charset=unicode_escape", b"charset=utf-16", b"\x1b$B", b";", b"=", b"*0*=utf-8''%", b"begin 644 a\n", b"(",
    b"filename*=", b"\x0b", b"&#xd800;", b"<blockquote type=cite>", b"> ", b"On 1.1.2026 a@b.test wrote:\n",
    b"From: a@b.test\nSent: 1.1.2026\nTo: c@d.test\nSubject: x\n", b"From: a@b.test Sent: 1 To: c@d.test Subject: x\n",
    b"a@b.test\n1/1/2026 14:25\nTo\nc@d.test\nSubject\nx\n", b"| From | a@b.test |\n| Date | 1 |\n| To | c@d.test |\n",
    b">>> a@b.test 1.1.2026 >>>\n", b"---------- Forwarded message ---------\n", b"-----Original Message-----\n",
    b"Sent from my iPhone\n", b"Subject: Undeliverable\n", b"From: MAILER-DAEMON@b.test\n",
    b"It could not be delivered to:\n<a@b.test>:\n5.1.1 user unknown\n", b"Final-Recipient: rfc822;a@b.test\n",
    b"Content-Type: message/delivery-status\n\nAction: failed\n", b'<div class="gmail_quote">', b"</blockquote>",
    b"Auto-Submitted: auto-replied\n", MARKER.encode() + b"\n",
)  # fmt: skip


def _check(mail: ParsedMail) -> None:
    assert UNREADABLE not in mail.problems
    names = [one.name for one in mail.attachments]
    for text in (mail.subject, mail.text, mail.html, *names, *(one.name for one in mail.to)):
        assert "\0" not in text
        text.encode()
    assert all(names)
    check_readers(mail.text, mail.html)


def check_readers(text: str, markup: str) -> None:
    """Check that what is left of a message is never nothing, with our marker or without."""
    for marker in ("", MARKER):
        assert newest_reply(text, marker=marker).strip() or not text.strip()
        reply, quote = split_reply_html(markup, marker=marker)
        assert reply or not markup
        assert quote == "" or reply != markup
    split_forward(text)


def mutant(choose: random.Random, originals: list[bytes]) -> bytes:
    """Return a damaged copy of one of the mails."""
    data = bytearray(choose.choice(originals))
    for _ in range(choose.randint(1, 8)):
        at = choose.randrange(len(data) + 1)
        change = choose.randrange(5)
        if change == 0:
            data[at : at + 1] = bytes([choose.randrange(256)])
        elif change == 1:
            del data[at : at + choose.randint(1, 200)]
        elif change == 2:
            data[at:at] = choose.choice(PIECES) * choose.choice((1, 1, 2, 50))
        elif change == 3:
            start = choose.randrange(len(data) + 1)
            data[at:at] = data[start : start + choose.randint(1, 300)]
        else:
            other = choose.choice(originals)
            data[at:] = other[choose.randrange(len(other)) :]
    return bytes(data)


@pytest.mark.parametrize("name", samples())
def test_reads_every_sample(name: str) -> None:
    mail = parse(samples()[name])
    _check(mail)
    assert mail.subject


def test_reads_mutants_of_the_samples() -> None:
    choose = random.Random(1042)
    originals = list(samples().values())
    for _ in range(MUTANTS):
        raw = mutant(choose, originals)
        try:
            _check(parse(raw))
        except AssertionError as error:
            raise AssertionError(raw) from error


@settings(max_examples=200)
@given(st.lists(st.one_of(st.sampled_from(PIECES), st.binary(max_size=40)), max_size=40))
def test_reads_any_bytes(pieces: list[bytes]) -> None:
    _check(parse(b"".join(pieces)))


@settings(max_examples=200)
@given(st.text())
def test_finds_a_reply_in_any_text(text: str) -> None:
    check_readers(text, text)

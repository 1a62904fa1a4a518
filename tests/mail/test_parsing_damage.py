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
from deskhand.mail.replies_html import newest_reply_html
from tests.mail.samples import samples

MUTANTS = int(os.environ.get("DESKHAND_MUTANTS", "3000"))
PIECES = (
    b"\r\n", b"\n", b"\r", b"\0", b"=?utf-8?B?", b"?=", b"--", b'"', b"<", b">", b"\xff\xfe", b"\xed\xa0\x80",
    b"Content-Type: multipart/mixed; boundary=x\n\n--x\n", b"Content-Transfer-Encoding: base64\n", b"charset=utf-7",
    b"charset=unicode_escape", b"charset=utf-16", b"\x1b$B", b";", b"=", b"*0*=utf-8''%", b"begin 644 a\n", b"(",
    b"filename*=", b"\x0b", b"&#xd800;", b"<blockquote type=cite>", b"> ", b"On 1.1.2026 a@b.test wrote:\n",
)  # fmt: skip


def _check(mail: ParsedMail) -> None:
    assert UNREADABLE not in mail.problems
    names = [one.name for one in mail.attachments]
    for text in (mail.subject, mail.text, mail.html, *names, *(one.name for one in mail.to)):
        assert "\0" not in text
        text.encode()
    assert all(names)
    assert newest_reply(mail.text).strip() or not mail.text.strip()
    newest_reply_html(mail.html)
    split_forward(mail.text)


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
    assert newest_reply(text).strip() or not text.strip()
    newest_reply_html(text)
    split_forward(text)

from typing import Any

import pytest

from deskhand.mail.message import Address
from deskhand.mail.parsing import parse
from deskhand.mail.parsing.addresses import read_addresses
from deskhand.mail.parsing.headers import decode_words
from deskhand.mail.parsing.parameters import file_name, media_type, read_field, safe_name
from tests.mail.samples import sample


def test_unfolds_a_field_over_blank_lines() -> None:
    assert parse(b"Subject: a\n \n\tb\n\nx").subject == "a b"


def test_takes_control_characters_out_of_raw_headers() -> None:
    mail = parse(sample("raw-headers"))
    assert mail.subject == "Café zu Mittag"
    assert mail.from_ == (Address("Jörg", "joerg@acme.test"),)
    assert mail.text == "Grüße aus Köln\n"


@pytest.mark.parametrize(("charset", "subject"), [("windows-1251", "Привет"), ("big5", "中文"), ("iso-8859-2", "Łódź")])
def test_reads_raw_fields_in_the_charset_of_the_text(charset: str, subject: str) -> None:
    field = b"Subject: " + subject.encode(charset)
    assert parse(field + f"\nContent-Type: text/plain; charset={charset}\n\nx".encode()).subject == subject
    parts = (
        f'\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain; charset="{charset}"\n\nx\n--b--'
    )
    assert parse(field + parts.encode()).subject == subject


def test_reads_raw_fields_in_iso_2022_jp() -> None:
    raw = "From: 山田 <yamada@x.test>\nSubject: こんにちは\n\nx".encode("iso2022_jp")
    mail = parse(raw)
    assert (mail.subject, mail.from_) == ("こんにちは", (Address("山田", "yamada@x.test"),))
    assert parse(b"Subject: a\x1bb\n\nx").subject == "ab"


@pytest.mark.parametrize("start", ["From : ada@x.test", "From ada@x.test 2 Mar\nFrom: ada@x.test"])
def test_tells_the_sender_from_a_line_of_a_mailbox(start: str) -> None:
    mail = parse(f"{start}\nSubject : Hi\n\nx".encode())
    assert (mail.from_, mail.subject, mail.text) == ((Address("", "ada@x.test"),), "Hi", "x")


def test_leaves_no_control_character_in_any_header() -> None:
    mail = parse(b"Subject: a\x0b\x1f\xc2\x85b\r\nX-A: c\x00d\n\nx")
    assert mail.subject == "ab"
    assert mail.headers.get("x-a") == "cd"


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("=?utf-8?Q?a_b?= =?utf-8?Q?_c?=", "a b c"),
        ("=?utf-8?B?w6k=?=x", "éx"),
        ("=?utf-8?Q?caf=C3?=\n =?utf-8?Q?=A9?=", "café"),
        ("=?nonsense?Q?caf=E9?=", "café"),
        ("=?iso-8859-1?Q?Jürgen?=", "Jürgen"),
        ("=?utf-8?Q?what??=", "what?"),
        ("=?utf-8?Q?a=0Ab?=", "ab"),
        ("a =?b", "a =?b"),
        ("=?utf-8*en?Q?tagged?=", "tagged"),
        ("=??Q?caf=C3=A9?=", "café"),
        ("Re: =?utf-8?Q?caf=C3=A9", "Re: café"),
        ("=?utf-8?B?w6k=w6k=?=", "éé"),
    ],
)
def test_decodes_encoded_words_however_they_are_cut(raw: str, expected: Any) -> None:
    assert decode_words(raw) == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("<>", []),
        ("undisclosed-recipients:;", []),
        ("Team: ada@x.test, Ben <ben@x.test>;", [("", "ada@x.test"), ("Ben", "ben@x.test")]),
        ("ada@x.test (Ada Byron)", [("Ada Byron", "ada@x.test")]),
        ("Byron, Ada <ada@x.test>", [("Byron, Ada", "ada@x.test")]),
        ('"Byron, \\"A\\"" <ada@x.test>; ben@x.test', [('Byron, "A"', "ada@x.test"), ("", "ben@x.test")]),
        ("<<ada@x.test>>", [("", "ada@x.test")]),
        ("<@relay.test,@b.test:ada@x.test>", [("", "ada@x.test")]),
        ("=?utf-8?Q?Ada_=3Cada=40x=2Etest=3E?=", [("Ada", "ada@x.test")]),
        ("MAILER-DAEMON", [("MAILER-DAEMON", "")]),
        ('"Desk', [("Desk", "")]),
        ("'ada@x.test'", [("", "ada@x.test")]),
        ("'Ada' <ada@x.test>", [("Ada", "ada@x.test")]),
        ("'Ada' via Desk <desk@x.test>", [("'Ada' via Desk", "desk@x.test")]),
        ("ada@x.test ben@x.test", [("", "ada@x.test"), ("", "ben@x.test")]),
        ("Ada <ada@x.test> Ben <ben@x.test>", [("Ada", "ada@x.test"), ("Ben", "ben@x.test")]),
        ("Ada <ada@x.test> <ben@x.test>", [("Ada", "ada@x.test"), ("", "ben@x.test")]),
        ("ada @ x.test", [("", "ada@x.test")]),
        ("Ada <ada@x.test.>, ben@x.test.", [("Ada", "ada@x.test"), ("", "ben@x.test")]),
        ('"ada byron"@x.test', [("", '"ada byron"@x.test')]),
        ('Ada <"ada byron"@x.test>', [("Ada", '"ada byron"@x.test')]),
        ('"ada.byron"@x.test', [("", "ada.byron@x.test")]),
        ("Ada (ada@x.test)", [("Ada", "ada@x.test")]),
        ("ada@x.test/ben", [("/ben", "ada@x.test")]),
        ("Cleo <\u200bcleo@acme.test\u200e>", [("Cleo", "cleo@acme.test")]),
        ("\u202acleo@müller.test\u202c", [("", "cleo@müller.test")]),
    ],
)
def test_reads_addresses_however_they_are_written(raw: str, expected: Any) -> None:
    assert [(one.name, one.address) for one in read_addresses(raw, 100)] == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("attachment; filename=plain.txt", "plain.txt"),
        ('attachment; filename="a b.txt"', "a b.txt"),
        ("attachment; filename=a b.txt", "a b.txt"),
        ("attachment; filename*=utf-8''%e2%82%ac%20rates.pdf; filename=EUR.pdf", "€ rates.pdf"),
        ("attachment; filename*1=lo.txt; filename*0=hel", "hello.txt"),
        ("attachment; filename*0*=utf-8''%C3; filename*1*=%A9.txt", "é.txt"),
        ('attachment; filename="=?utf-8?Q?=C3=A9t=C3=A9.txt?="', "été.txt"),
        ('attachment;; filename="x.txt";', "x.txt"),
        ('; filename="image.png"', "image.png"),
        ('attachment; filename="../../etc/passwd"', "passwd"),
        ('attachment; filename="C:\\\\temp\\\\a.doc"', "a.doc"),
        ('attachment; filename="fdp.\u202eexe"', "fdp.exe"),
        ("attachment; filename=..", ""),
    ],
)
def test_believes_extended_then_encoded_then_raw_names(raw: str, expected: Any) -> None:
    assert file_name(read_field(raw), media_type("")) == expected


def test_shortens_long_names_and_keeps_their_extension() -> None:
    name = safe_name("a" * 300 + ".jpeg")
    assert len(name) == 180
    assert name.endswith("a.jpeg")


def test_gives_a_name_to_a_file_without_one() -> None:
    mail = parse(b"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: image/png\n\nx\n--b--")
    assert [one.name for one in mail.attachments] == ["attachment-1.png"]

from contextlib import suppress

import pytest

from deskhand.mail.parsing import parse
from deskhand.mail.parsing.charsets import clean, decode
from deskhand.mail.parsing.japanese import decode_windows_jis
from tests.mail.samples import sample


def test_reads_japanese_mail() -> None:
    mail = parse(sample("japanese"))
    assert (mail.from_[0].name, mail.subject, mail.text.strip()) == ("山田", "テスト", "テスト")


@pytest.mark.parametrize(
    ("data", "label", "expected"),
    [
        ("€ “x”".encode("cp1252"), "iso-8859-1", "€ “x”"),
        ("Grüße".encode(), "us-ascii", "Grüße"),
        ("Grüße".encode("cp1252"), "utf-8", "Grüße"),
        ("镕".encode("gb18030"), "gb2312", "镕"),
        ("①".encode("cp932"), "shift_jis", "①"),
        ("한국어".encode("cp949"), "ks_c_5601-1987", "한국어"),
        ("テスト".encode("iso2022_jp"), "us-ascii", "テスト"),
        ("你好嘅嘢".encode("big5hkscs"), "big5", "你好嘅嘢"),
        (b"plain", "utf-16", "plain"),
        (b"\\ud800", "unicode_escape", "\\ud800"),
        (b"aGk=", "base64", "aGk="),
        (b"caf\xe9", "no-such-charset", "café"),
        ("Žluť".encode("cp1250"), "windows1250", "Žluť"),
        ("Привет".encode("cp1251"), "win-1251", "Привет"),
        ("Привет".encode("cp1251"), "x-cp1251", "Привет"),
        ("€ “x”".encode("cp1252"), "8859-1", "€ “x”"),
        ("Łódź".encode("iso8859-2"), "iso88592", "Łódź"),
        ("①".encode("cp932"), "windows-31j", "①"),
        ("한국어".encode("cp949"), "x-euc-kr", "한국어"),
        ("Привет".encode("koi8_r"), "koi8", "Привет"),
        (b"\xef\xbb\xbfhi", "", "hi"),
        ("Žluťoučký kůň úpěl".encode() + b"\xc5", "utf-8", "Žluťoučký kůň úpěl\ufffd"),
    ],
)
def test_reads_text_whatever_its_label(data: bytes, label: str, expected: str) -> None:
    assert decode(data, label) == expected


@pytest.mark.parametrize("label", ["iso-2022-jp", "us-ascii", "utf-8", ""])
@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"\x1b$B-j\x1b(B" + "テスト".encode("iso2022_jp"), "㈱テスト"),
        (b"\x1b$B-!-6|b\x1b(B ok \x1b(I123\x1b(B", "①Ⅱ髙 ok ｱｲｳ"),
        (b"\x1b$@-!!A~~\x1b(J.", None),
        (b"\x1b$B-\x1b(B x", None),
        (b"\x1b$B-!\r\n\x1b(B x", None),
        (b"\x1b$B-!\x1b(B \xe9", None),
    ],
)
def test_reads_letters_of_windows_in_iso_2022_jp(data: bytes, label: str, expected: str | None) -> None:
    assert decode_windows_jis(data) == expected
    if expected:
        assert decode(data, label) == expected


@pytest.mark.parametrize(
    ("label", "windows", "text"),
    [
        ("iso-8859-2", "cp1250", "Dobrý den, žluťoučký kůň š ž „úpěl“"),
        ("iso-8859-5", "cp1251", "Принтер „горит“ 5 €"),
        ("iso-8859-6", "cp1256", "مرحبا پ چ"),
        ("iso-8859-7", "cp1253", "Άλλο “θέμα” €"),
        ("iso-8859-8", "cp1255", "שלום עולם “טוב”"),
        ("iso-8859-13", "cp1257", "“ačiū” €"),
        ("iso-8859-15", "cp1252", "“café” 5 €"),
    ],
)
def test_reads_letters_of_windows_under_a_label_of_iso(label: str, windows: str, text: str) -> None:
    assert decode(text.encode(windows), label) == text
    plain = "".join(letter for letter in text if letter.isascii())
    assert decode(f"{plain}\xa0".encode(label), label) == f"{plain}\xa0"


def test_believes_a_label_of_iso_where_no_control_turns_up() -> None:
    assert decode("Łódź, žluťoučký kůň".encode("iso-8859-2"), "iso-8859-2") == "Łódź, žluťoučký kůň"
    assert decode("5 €\x85".encode("iso-8859-15"), "iso-8859-15") == "5 €\x85"


def test_moves_every_letter_of_jis_to_its_place() -> None:
    for row in range(0x23, 0x75):  # below are signs, of which Windows reads some otherwise
        for cell in range(0x21, 0x7F):
            data = b"\x1b$B" + bytes((row, cell)) + b"\x1b(B"
            with suppress(UnicodeError):
                assert data.decode("iso2022_jp") == decode_windows_jis(data)


def test_believes_the_charset_html_names_itself() -> None:
    assert decode(b'<meta charset="windows-1251">\xcf\xf0\xe8\xe2\xe5\xf2', is_html=True).endswith("Привет")


def test_asks_the_hint_before_guessing() -> None:
    assert decode(b"\xcf\xf0\xe8\xe2\xe5\xf2", hint="windows-1251") == "Привет"


def test_does_not_turn_a_short_text_into_chinese() -> None:
    assert decode(b"\xa3\xa3 12 \xe9t\xe9") == "££ 12 été"


def test_takes_out_what_no_database_stores() -> None:
    assert clean("a\0b\ud800c") == "ab\ufffdc"

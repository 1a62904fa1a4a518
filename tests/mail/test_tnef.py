"""winmail.dat with tnefparse, which the development environment has, and without it, as most desks run."""

import random
import struct
import sys

import pytest

from deskhand.mail.parsing import parse
from deskhand.mail.parsing.tnef import MAX_ATTRIBUTES, SIGNATURE, Unwrapped, unwrap
from tests.mail.post_office import mail

MESSAGE, ATTACHMENT = 1, 2
TITLE, DATA, RENDERING, BODY, CODEPAGE = 0x00018010, 0x0006800F, 0x00069002, 0x0002800C, 0x00069007


def attribute(level: int, name: int, data: bytes) -> bytes:
    return struct.pack("<BII", level, name, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)


def winmail(*files: tuple[str, bytes], text: str = "") -> bytes:
    made = SIGNATURE + b"\x01\x00" + attribute(MESSAGE, CODEPAGE, struct.pack("<II", 1252, 0))
    if text:
        made += attribute(MESSAGE, BODY, text.encode("cp1252") + b"\0")
    for name, content in files:
        made += attribute(ATTACHMENT, RENDERING, b"\0" * 14)
        made += attribute(ATTACHMENT, TITLE, name.encode("cp1252") + b"\0")
        made += attribute(ATTACHMENT, DATA, content)
    return made


def with_winmail(content: bytes, *, text: str = "See the files.", content_type: str = "application/ms-tnef") -> bytes:
    return mail(text, files=(("winmail.dat", content_type, content),))


@pytest.fixture
def is_installed() -> None:
    """Skip, saying so, where the optional package is not there."""
    pytest.importorskip("tnefparse", reason="tnefparse is not installed (pip install deskhand[tnef])")


@pytest.mark.usefixtures("is_installed")
def test_the_wrapped_files_stand_beside_the_winmail_itself() -> None:
    wrapped = winmail(("..\\report.txt", b"All is well."), ("empty.bin", b""))
    read = parse(with_winmail(wrapped))
    assert read.has_tnef
    assert [(one.name, one.content) for one in read.attachments] == [
        ("winmail.dat", wrapped),
        ("report.txt", b"All is well."),
        ("empty.bin", b""),
    ]
    assert read.text == "See the files.\n"


@pytest.mark.usefixtures("is_installed")
def test_its_text_counts_only_where_the_mail_has_none() -> None:
    wrapped = winmail(("a.txt", b"a"), text="Hello from Outlook")
    assert parse(with_winmail(wrapped, text="")).text == "Hello from Outlook"
    assert parse(with_winmail(wrapped, text="Mine.")).text == "Mine.\n"


@pytest.mark.usefixtures("is_installed")
def test_is_known_by_its_name_too() -> None:
    read = parse(with_winmail(winmail(("a.txt", b"a")), content_type="application/octet-stream"))
    assert [one.name for one in read.attachments] == ["winmail.dat", "a.txt"]


def test_without_the_package_the_winmail_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tnefparse", None)
    wrapped = winmail(("a.txt", b"a"), text="Hello")
    read = parse(with_winmail(wrapped))
    assert [(one.name, one.content) for one in read.attachments] == [("winmail.dat", wrapped)]
    assert read.problems == ()


def test_damaged_ones_are_kept_and_nothing_is_raised() -> None:
    choose = random.Random(7)
    whole = winmail(("a.txt", b"a" * 50), ("b.txt", b"b"), text="x" * 40)
    for _ in range(2000):
        data = bytearray(whole)
        for _ in range(choose.randint(1, 5)):
            at = choose.randrange(6, len(data))
            data[at : at + choose.randint(0, 2)] = bytes(choose.randrange(256) for _ in range(choose.randint(0, 2)))
        unwrap(bytes(data))
    for wrong in (b"", b"x", SIGNATURE, SIGNATURE + b"\0" * 3):
        assert unwrap(wrong) == Unwrapped()


def test_what_was_made_to_cost_time_is_left_alone() -> None:
    many = SIGNATURE + b"\x01\x00" + attribute(MESSAGE, BODY, b"") * (MAX_ATTRIBUTES + 1)
    assert unwrap(many) == Unwrapped()

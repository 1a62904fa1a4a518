import pytest

from deskhand.mail.parsing import parse
from deskhand.mail.passed_on import passed_on
from tests.mail.post_office import mail

INNER = "From: Jane Roe <Jane@new.example>\nDate: 1 Nov 2026\nSubject: Broken shop\nTo: ben@desk.example\n\nIt is down."


def forwarding(text: str, subject: str = "Fwd: Broken shop") -> bytes:
    return mail(text, sender="ben@desk.example", subject=subject)


@pytest.mark.parametrize(
    "subject",
    [
        "Fwd: x",
        "FW: x",
        "WG: x",
        "TR : x",
        "RV: x",
        "Enc: x",
        "İLT: x",
        "Пересл: x",
        "转发\uff1ax",
        "TOV: x",
        "Trs: x",
        "WTRLT: x",
        "إعادة توجيه: x",
        "ส่งต่อ: x",
        "Fwd[2]: x",
        "[Fwd: x]",
    ],
)
def test_knows_a_forward_by_its_subject(subject: str) -> None:
    found = passed_on(parse(forwarding(f"See below.\n\n{INNER}", subject)))
    assert found
    assert (found.sender.name, found.sender.address) == ("Jane Roe", "jane@new.example")
    assert (found.subject, found.text) == ("Broken shop", "It is down.")


def test_knows_a_forward_by_the_line_above_it() -> None:
    found = passed_on(parse(forwarding(f"Hm.\n\n---------- Forwarded message ---------\n{INNER}", "Broken")))
    assert found
    assert found.sender.address == "jane@new.example"


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        (f"See below.\n\n{INNER}", "Re: Broken shop"),
        ("On 1 Nov 2026, Jane <jane@new.example> wrote:\n> Hello\n", "Re: Hello"),
        ("Desk <desk@desk.example>, 1 Kas 2026 09:12 tarihinde yazd\u0131:\n> Merhaba\n", "Ynt: Fatura"),
        ("Just a word.", "Fwd: Broken shop"),
        ("From: Jane Roe\nDate: 1 Nov 2026\nSubject: x\nTo: b\n\nHi.", "Fwd: x"),
    ],
)
def test_takes_nothing_else_for_a_forward(text: str, subject: str) -> None:
    assert passed_on(parse(forwarding(text, subject))) is None


def test_reads_a_forward_that_only_the_html_holds() -> None:
    html = INNER.replace("<", "&lt;").replace("\n", "<br>\n")
    head = forwarding("").partition(b"\nContent-Type")[0]
    parts = f"--b\n\nThis mail is in HTML.\n--b\nContent-Type: text/html\n\n<p>{html}</p>\n--b--\n"
    found = passed_on(parse(head + b"\nContent-Type: multipart/alternative; boundary=b\n\n" + parts.encode()))
    assert found
    assert (found.sender.address, found.subject) == ("jane@new.example", "Broken shop")


@pytest.mark.parametrize(
    "content_type", ["message/rfc822", "application/octet-stream; name=broken.eml", 'text/plain; name="Broken.EML"']
)
def test_reads_a_mail_forwarded_as_a_file(content_type: str) -> None:
    original = mail("It is down.", sender="Jane <jane@new.example>", subject="Broken shop")
    raw = forwarding("See the file.", "Broken")
    boundary = b"\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nSee the file.\n"
    head = raw.partition(b"\nContent-Type")[0]
    raw = head + boundary + f"--b\nContent-Type: {content_type}\n\n".encode() + original + b"\n--b--\n"
    found = passed_on(parse(raw))
    assert found
    assert (found.sender.address, found.subject) == ("jane@new.example", "Broken shop")
    assert found.original.strip() == original.strip()

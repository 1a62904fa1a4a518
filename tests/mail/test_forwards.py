import pytest

from deskhand.mail.forwards import split_forward

SEPARATORS = (
    "---------- Forwarded message ---------",
    "-------- Weitergeleitete Nachricht --------",
    "-------- Message transféré --------",
    "---------- Mensaje reenviado ----------",
    "-------- Пересылаемое сообщение --------",
    "",
)


@pytest.mark.parametrize("separator", SEPARATORS)
def test_finds_the_sender_below_a_separator(separator: str) -> None:
    found = split_forward(
        f"Please help her.\n\n{separator}\nFrom: Cleo <cleo@acme.test>\nDate: Mon, 2 Mar 2026\nSubject: Printer\n"
        "To: <sales@desk.test>\n\nIt burns.\n"
    )
    assert found
    assert (found.sender.name, found.sender.address) == ("Cleo", "cleo@acme.test")
    assert (found.subject, found.comment, found.body) == ("Printer", "Please help her.", "It burns.")


def test_reads_a_quoted_forward_of_apple_mail() -> None:
    found = split_forward(
        "> Anfang der weitergeleiteten Nachricht:\n> \n> Von: Cleo <cleo@acme.test>\n> Betreff: Drucker\n"
        "> Datum: 2. März 2026\n> An: sales@desk.test\n> \n> Er brennt.\n"
    )
    assert found
    assert (found.sender.address, found.subject, found.body) == ("cleo@acme.test", "Drucker", "Er brennt.")


def test_reads_fields_run_together_on_one_line() -> None:
    found = split_forward(
        '   ----- Forwarded Message ----- From: Cleo <cleo@acme.test>To: "a@desk.test" <a@desk.test>'
        "Sent: Monday, 2 March 2026, 09:26:50 GMT+1Subject: Printer\n It burns.\n"
    )
    assert found
    assert (found.sender.address, found.subject, found.body) == ("cleo@acme.test", "Printer", "It burns.")


def test_reads_run_together_fields_of_another_language() -> None:
    found = split_forward(
        "   ----- Doorgestuurd bericht ----- Van: Cleo <cleo@acme.test>Aan: <a@desk.test>"
        "Verzonden: 2 maart 2026, 09:26:50 CETOnderwerp: Printer\n Hij brandt.\n"
    )
    assert found
    assert (found.sender.address, found.subject, found.body) == ("cleo@acme.test", "Printer", "Hij brandt.")


@pytest.mark.parametrize(
    "line",
    [
        'On 02/03/2026 12:46, "Cleo Martin" <cleo@acme.test> wrote:',
        "Am 02.03.26, 12:46 schrieb Cleo Martin <cleo@acme.test>:",
        "Le 02/03/2026 12:46, « Cleo Martin » <cleo@acme.test> a écrit :",
        "02/03/2026 12:46 időpontban Cleo Martin (cleo@acme.test) ezt írta:",
        '"Cleo Martin" <cleo@acme.test>, 02/03/2026 12:46 tarihinde şunu yazdı:',
    ],
)
def test_reads_an_attribution_alone(line: str) -> None:
    found = split_forward(f"{line}\n\n    It burns.\n")
    assert found
    assert found.sender.address == "cleo@acme.test"
    assert "Cleo Martin" in found.sender.name
    assert found.body == "It burns."


@pytest.mark.parametrize(
    "header",
    [
        "Cleo <cleo@acme.test>\n02/03/2026 17:02\n\nTo\nsales@desk.test\ncc\n\nSubject\nPrinter",
        "From: Cleo <cleo@acme.test> Sent: Monday To: sales@desk.test Subject: Printer",
        "-- Forwarded message --From: Cleo <cleo@acme.test> Date: 02/03/2026 To: a@desk.test Subject: Printer",
        "| From | Cleo<cleo@acme.test> |\n| Date | 3/2/2026 |\n| To | a@desk.test |\n| Subject | Printer |",
        "-- Forwarded Message --\nFrom Cleo <cleo@acme.test>\nTo a@desk.test\nDate 3/2/2026\nSubject Printer",
        "Cleo <cleo@acme.test>\n02.03.2026 17:02\n\nAn\nsales@desk.test\nKopie\n\nThema\nPrinter",
        "From: Cleo (cleo@acme.test)\nDate: 3/2/2026\nTo: a@desk.test\nSubject: Printer\n----------------",
    ],
    ids=["notes", "on one line", "behind a separator", "table", "no colons", "notes in German", "ruled"],
)
def test_reads_headers_of_other_shapes(header: str) -> None:
    found = split_forward(f"Please help her.\n\n{header}\n\nIt burns.\n")
    assert found
    assert (found.sender.name, found.sender.address) == ("Cleo", "cleo@acme.test")
    assert (found.subject, found.comment, found.body) == ("Printer", "Please help her.", "It burns.")


def test_takes_no_byte_order_mark_for_a_letter_of_the_name() -> None:
    found = split_forward("> \ufeffCleo <cleo@acme.test> wrote:\n> \n> It burns.\n")
    assert found
    assert found.sender.name == "Cleo"


def test_takes_the_links_of_outlook_out_of_the_sender() -> None:
    found = split_forward(
        "*From:* Cleo<mailto:cleo@acme.test> <cleo@acme.test<mailto:cleo@acme.test>> on behalf of x@y.test\n"
        "*Sent:* Monday\n*To:* a@desk.test\n*Subject:* Printer\n\nIt burns.\n"
    )
    assert found
    assert found.sender.address == "cleo@acme.test"


@pytest.mark.parametrize(
    "header",
    [
        "From: Cleo Martin <mailto:cleo@acme.test>\nSent: Monday\nTo: A <mailto:a@desk.test>\nSubject: Printer",
        "From: Cleo Martin<mailto:cleo@acme.test>\nSent: Monday\nTo: A<mailto:a@desk.test>\nSubject: Printer",
        "From: Cleo Martin [mailto:cleo@acme.test]\nSent: Monday\nTo: A\nSubject: Printer",
        "From: Cleo Martin <cleo@acme.test<mailto:x@y.test>>\nSent: Monday\nTo: A\nSubject: Printer",
        "On 2 March 2026 at 10:00, Cleo Martin <mailto:cleo@acme.test> wrote:",
        "On 2 March 2026 at 10:00, Cleo Martin <cleo@acme.test<mailto:x@y.test>> wrote:",
    ],
)
def test_reads_the_address_of_a_link_where_there_is_no_other(header: str) -> None:
    found = split_forward(f"{header}\n\nIt burns.\n")
    assert found
    assert (found.sender.name, found.sender.address) == ("Cleo Martin", "cleo@acme.test")


def test_answers_the_outermost_of_nested_forwards() -> None:
    line = "---------- Forwarded message ---------"
    inner = f"{line}\nFrom: Eve <eve@x.test>\nDate: 1\nSubject: b\nTo: c@d.test\n\nhi"
    found = split_forward(f"{line}\nFrom: Cleo <cleo@acme.test>\nDate: 2\nSubject: a\nTo: x@y.test\n\n{inner}")
    assert found
    assert found.sender.address == "cleo@acme.test"
    inside = split_forward(found.body)
    assert inside
    assert inside.sender.address == "eve@x.test"


@pytest.mark.parametrize(
    "line",
    [
        'In article <5.a@news.test>, "Cleo" <cleo@acme.test> writes:',
        '>>> On 3/2/2026 at 5:02 PM, in message <5.a@news.test>, "Cleo" <cleo@acme.test> wrote:',
    ],
)
def test_takes_no_message_id_for_the_sender(line: str) -> None:
    found = split_forward(f"{line}\n> It burns.\n")
    assert found
    assert (found.sender.name, found.sender.address) == ("Cleo", "cleo@acme.test")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "From here\nto there\nDate unknown",
        "Hello\n\nThank you.",
        "From: the start\nit was clear",
        "Note: call back",
    ],
)
def test_finds_no_forward_in_ordinary_text(text: str) -> None:
    assert split_forward(text) is None


@pytest.mark.parametrize(
    "sender",
    [
        "\u202aCleo\u202c <\u200ecleo@acme.test\u200e>",
        "Cleo <cleo@acme.test<https://links.test/?url=mailto%3Acleo@x.test>>",
        "Cleo <cleo@acme.test>\nOn 2 Mar 2026 at 09:12 AM",
    ],
)
def test_reads_no_more_of_a_sender_than_name_and_address(sender: str) -> None:
    found = split_forward(
        f"--- Forwarded message ---\nFrom: {sender}\nTo: a@desk.test\nSubject: Printer\n\nIt burns.\n"
    )
    assert found
    assert (found.sender.name, found.sender.address, found.subject) == ("Cleo", "cleo@acme.test", "Printer")


@pytest.mark.parametrize(
    ("sender", "date", "to", "subject"),
    [
        ("\u202aמאת", "Date", "To", "Subject"),
        ("\u2067من", "\u202bتاريخ الإرسال", "إلى", "الموضوع"),
        ("จาก", "วันที่", "ถึง", "หัวเรื่อง"),
        ("ผู้ส่ง", "วันที่ส่ง", "ผู้รับ", "หัวข้อ"),
        ("از", "ارسال", "به", "موضوع"),
        ("发信人", "发件时间", "收信人", "標題"),
    ],
)
def test_knows_labels_behind_direction_marks_and_in_other_words(sender: str, date: str, to: str, subject: str) -> None:
    fields = (
        f"{sender}: Cleo <cleo@acme.test>",
        f"{date}: 2026-03-02 09:12",
        f"{to}: a@desk.test",
        f"{subject}: Printer",
    )
    found = split_forward("\n".join((*fields, "", "It burns.")))
    assert found
    assert (found.sender.address, found.subject, found.body) == ("cleo@acme.test", "Printer", "It burns.")


def test_reads_the_fields_below_a_long_list_of_recipients() -> None:
    many = ";\n ".join(f"Person {number} <p{number}@x.test>" for number in range(20))
    found = split_forward(
        f"From: Cleo <cleo@acme.test>\nSent: 2 March 2026 09:12\nTo: {many}\nSubject: Printer\n\nIt burns."
    )
    assert found
    assert (found.sender.address, found.subject, found.body) == ("cleo@acme.test", "Printer", "It burns.")


def test_decodes_the_words_of_a_header_copied_raw() -> None:
    found = split_forward(
        "From: =?utf-8?Q?Cl=C3=A9o?= <cleo@acme.test>\nTo: a@x.test\nSubject: =?utf-8?Q?Caf=C3=A9?=\n\nIt burns."
    )
    assert found
    assert (found.sender.name, found.subject) == ("Cléo", "Café")

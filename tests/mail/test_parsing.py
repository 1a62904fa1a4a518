import base64
from datetime import UTC, datetime

from deskhand.mail.message import Address
from deskhand.mail.parsing import parse
from tests.mail.samples import sample


def test_reads_the_fields_of_an_ordinary_reply() -> None:
    mail = parse(sample("gmail-reply"))
    assert mail.subject == "Re: [#1042] Café"
    assert mail.from_ == (Address("Cléo Martin", "cleo@acme.test"),)
    assert mail.to == (Address("Support, Desk", "help@desk.test"),)
    assert mail.cc == (Address("Dev", "dev@acme.test"),)
    assert mail.date == datetime(2026, 3, 3, 9, 15, tzinfo=UTC)
    assert mail.message_id == "<CA+1@mail.acme.test>"
    assert mail.in_reply_to == ("<1042.b@desk.test>",)
    assert mail.references == ("<1042.a@desk.test>", "<1042.b@desk.test>")
    assert mail.headers.get("return-PATH") == "<cleo@acme.test>"
    assert not mail.is_auto_reply
    assert not mail.suppress_response
    assert mail.bounce is None
    assert mail.problems == ()


def test_keeps_both_forms_of_the_message() -> None:
    mail = parse(sample("gmail-reply"))
    assert mail.text.startswith("It works now, merci — thank you.")
    assert '<div class="gmail_quote">' in mail.html
    assert mail.attachments == ()


def test_marks_only_pictures_the_message_shows_as_inline() -> None:
    shot, logo = parse(sample("inline-picture")).attachments
    assert (shot.name, shot.content_id, shot.is_inline) == ("shot.png", "shot@acme", True)
    assert not logo.is_inline


def test_renders_the_text_of_a_message_that_has_only_html() -> None:
    assert parse(sample("inline-picture")).text == "Look: [the screen]"


def test_keeps_a_nested_message_as_one_file_byte_for_byte() -> None:
    (nested,) = parse(sample("nested-message")).attachments
    assert nested.name == "The große plan.eml"
    assert nested.content_type == "message/rfc822"
    assert nested.content.startswith(b"From: boss@acme.test\r\n")
    assert nested.content.endswith(b"--m2--")


def test_keeps_what_decodes_of_damaged_base64_and_says_so() -> None:
    (file,) = parse(sample("broken-base64")).attachments
    assert file.content == b"Hello, world"
    assert "damaged" in file.problem
    assert file.undecoded.strip()
    assert file.undecoded in sample("broken-base64")
    assert all(one.undecoded == b"" for one in parse(sample("inline-picture")).attachments)


def test_says_when_the_text_itself_was_damaged() -> None:
    mail = parse(b"Content-Transfer-Encoding: base64\n\nSGVsbG8gd29ybGQ=\n!!?(%%)\n")
    assert mail.text == "Hello world"
    assert mail.problems == ("The text of the mail was damaged on its way: parts of it could not be decoded.",)


def test_joins_base64_padded_in_the_middle() -> None:
    body = b"\n".join(base64.b64encode(word) for word in (b"one ", b"twoo", b"three"))
    mail = parse(b"Content-Transfer-Encoding: base64\n\n" + body)
    assert mail.text == "one twoothree"


def test_keeps_several_inline_parts_in_their_order() -> None:
    mail = parse(
        b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nFirst\n--b\nContent-Type: text/html\n\n<p>Second</p>\n"
        b"--b\nContent-Type: image/png; name=x.png\n\nx\n--b\n\nThird\n--b--"
    )
    assert mail.text.split() == ["First", "Second", "Third"]
    assert mail.html.index("First") < mail.html.index("Second") < mail.html.index("Third")
    assert [one.name for one in mail.attachments] == ["x.png"]


def test_shows_a_text_that_is_a_file_where_the_mail_has_no_other() -> None:
    mail = parse(b"Content-Type: text/html; name=page.html\n\n<p>Hello</p>")
    assert (mail.text, mail.html) == ("Hello", "<p>Hello</p>")
    assert [(one.name, one.content) for one in mail.attachments] == [("page.html", b"<p>Hello</p>")]
    assert parse(b"Content-Type: text/markdown\n\n# Hello").text == "# Hello"


def test_shows_both_forms_of_a_message_whose_parts_are_named() -> None:
    mail = parse(
        b"Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain; name=a.txt\n\nHello\n"
        b"--b\nContent-Type: text/html; name=a.html\n\n<p>Hello</p>\n--b--"
    )
    assert (mail.text, mail.html) == ("Hello", "<p>Hello</p>")
    assert [one.name for one in mail.attachments] == ["a.txt", "a.html"]


def test_shows_no_text_that_was_attached() -> None:
    mail = parse(b"Content-Type: text/plain\nContent-Disposition: attachment; filename=log.txt\n\nx = 5")
    assert (mail.text, [one.name for one in mail.attachments]) == ("", ["log.txt"])


def test_leaves_out_the_enriched_form_of_what_stands_beside_it() -> None:
    mail = parse(
        b"Content-Type: multipart/alternative; boundary=b\n\n--b\n\nHello\n"
        b"--b\nContent-Type: text/enriched\n\n<bold>Hello</bold>\n--b--"
    )
    assert mail.text == "Hello"


def test_reads_doubled_carriage_returns_as_one_line_break() -> None:
    assert parse(b"Content-Transfer-Encoding: quoted-printable\n\none=0D=0D=0Atwo").text == "one\ntwo"


def test_keeps_a_text_that_only_claims_to_be_base64() -> None:
    mail = parse(b"Content-Transfer-Encoding: base64\n\nHello, it burns.\nWhat now?\n")
    assert mail.text == "Hello, it burns.\nWhat now?\n"
    assert parse(b"Content-Transfer-Encoding: base64 (by us)\n\nSGVsbG8=").text == "Hello"


def test_finds_the_parts_when_the_boundary_is_not_named() -> None:
    mail = parse(sample("missing-boundary"))
    assert mail.text.strip() == "First"
    assert [(one.name, one.content.strip()) for one in mail.attachments] == [("data.csv", b"a,b")]


def test_takes_uuencoded_files_out_of_a_text() -> None:
    mail = parse(b"\nHello\nbegin 644 a.txt\n#0V%T\n`\nend\nBye\n")
    assert mail.text.split() == ["Hello", "Bye"]
    assert [(one.name, one.content) for one in mail.attachments] == [("a.txt", b"Cat")]


def test_keeps_files_of_zero_bytes() -> None:
    mail = parse(b"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/csv; name=e.csv\n\n--b--")
    assert [(one.name, one.content) for one in mail.attachments] == [("e.csv", b"")]


def test_keeps_winmail_and_says_it_is_there() -> None:
    mail = parse(sample("winmail"))
    assert mail.has_tnef
    assert [one.name for one in mail.attachments] == ["winmail.dat"]


def test_joins_the_paragraphs_of_flowed_text() -> None:
    mail = parse(b"Content-Type: text/plain; format=flowed\n\nOne \nline.\n> quo \n> ted\n-- \nAda\n")
    assert mail.text == "One line.\n> quo ted\n-- \nAda\n"


def test_reads_an_empty_mail_as_nothing() -> None:
    mail = parse(b"")
    assert (mail.subject, mail.text, mail.from_, mail.date) == ("", "", (), None)

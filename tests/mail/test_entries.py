from base64 import b64encode
from email.message import EmailMessage

import pytest

from deskhand.files.actions.storing import read_bytes
from deskhand.mail.addresses import agent_reply_address, reply_address
from deskhand.mail.data_pictures import LIMIT, TOO_MANY
from deskhand.mail.entries import LAYOUT_NAME
from deskhand.mail.models import Verdict
from deskhand.mail.queries.details import original_of
from deskhand.mail.reading import TOO_LARGE_TO_SHOW
from deskhand.tickets.client_view import client_ticket
from deskhand.tickets.models import Message
from tests.cast import NOON, Cast
from tests.mail.post_office import PostOffice, mail

PICTURE = b"\x89PNG\r\n\x1a\n" + b"0" * 50


def entry_of(post: PostOffice, raw: bytes) -> Message:
    row = post.deliver(raw)
    assert row.entry is not None, row.reason
    return row.entry


def with_picture(html: str) -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "cleo@acme.example", "support@desk.example", "Look"
    message["Message-ID"] = "<picture@acme.example>"
    message.set_content("see the picture")
    message.add_alternative(html, subtype="html")
    related = message.get_payload()[1]  # type: ignore[index]
    related.add_related(PICTURE, "image", "png", cid="<pic one@x>", filename="shot.png")  # type: ignore[union-attr]
    return message.as_bytes()


def test_pictures_in_the_text_become_files_of_ours(post: PostOffice) -> None:
    entry = entry_of(post, with_picture("<p>Look: <img src=\"cid:pic%20one@x\"> <IMG SRC='CID:pic%20one@x'></p>"))
    attached = entry.attachments.select_related("file").get()
    assert attached.is_inline
    assert read_bytes(attached.file) == PICTURE
    assert entry.html.count(f"{attached.file.url}/inline") == 2
    assert "cid:" not in entry.html.lower()


def test_a_picture_nothing_shows_is_a_plain_file(post: PostOffice) -> None:
    entry = entry_of(post, with_picture("<p>No picture</p>"))
    assert not entry.attachments.get().is_inline


def in_html(content: bytes, kind: str = "png") -> str:
    return f'<img src="data:image/{kind};base64,{b64encode(content).decode()}">'


def test_a_picture_within_the_html_becomes_a_file_of_ours(post: PostOffice) -> None:
    entry = entry_of(post, mail("See this:", html=f"<p>See this:</p>{in_html(PICTURE)}<p>{in_html(PICTURE)}</p>"))
    attached = entry.attachments.select_related("file").get()
    assert attached.is_inline
    assert (attached.file.name, read_bytes(attached.file)) == ("picture-1.png", PICTURE)
    assert entry.html.count(f'src="{attached.file.url}/inline"') == 2


@pytest.mark.parametrize("kind", ["svg+xml", "png"])
def test_what_is_no_picture_is_a_plain_file(post: PostOffice, kind: str) -> None:
    entry = entry_of(post, mail("See this:", html=f"<p>See this:</p>{in_html(b'<svg onload=x()>', kind)}"))
    attached = entry.attachments.select_related("file").get()
    assert not attached.is_inline
    assert attached.file.content_type == "application/octet-stream"
    assert "/inline" not in entry.html


def test_pictures_within_the_html_have_a_limit_which_is_said(post: PostOffice) -> None:
    many = "".join(in_html(PICTURE + bytes([number])) for number in range(LIMIT + 5))
    entry = entry_of(post, mail("See these:", html=f"<p>See these:</p>{many}"))
    assert entry.attachments.count() == LIMIT
    assert TOO_MANY in entry.text


@pytest.mark.parametrize("content", ["", "%%%", "A", "\u20ac"])
def test_a_picture_without_content_does_no_harm(post: PostOffice, content: str) -> None:
    entry = entry_of(post, mail("Hi", html=f'<p>Hi</p><img src="data:image/png;base64,{content}">'))
    assert (entry.html, entry.attachments.count()) == ("<p>Hi</p><img>", 0)


LARGE = f"<table>{'<tr><td>a cell of many</td></tr>' * 40_000}</table>"


def test_html_too_large_to_show_is_a_file_and_said(post: PostOffice) -> None:
    entry = entry_of(post, mail("See the table.", html=f"<p>See the <b>table</b>.</p>{LARGE}"))
    attached = entry.attachments.select_related("file").get()
    assert (attached.file.name, attached.file.content_type) == (LAYOUT_NAME, "application/octet-stream")
    assert b"</table>" in read_bytes(attached.file)
    assert entry.text == f"See the table.\n\n{TOO_LARGE_TO_SHOW}"


def test_html_too_large_to_show_brings_no_quote_along(post: PostOffice) -> None:
    text = "Works now.\n\nOn Wed, 18 Nov 2026 at 12:00, Ben <ben@desk.example> wrote:\n> Between us: wait.\n"
    html = f'<p>Works now.</p>{LARGE}<div class="gmail_quote">On Wed Ben wrote:<br>Between us: wait.</div>'
    entry = entry_of(post, mail(text, html=html))
    assert entry.text == f"Works now.\n\n{TOO_LARGE_TO_SHOW}"
    assert not entry.attachments.exists()


def test_a_quote_too_large_to_show_leaves_the_answer_as_it_is(post: PostOffice) -> None:
    quoted = f"<blockquote>{'ü' * 999}</blockquote>" * 700
    html = f'<p>Works <b>now</b>.</p><div class="gmail_quote">On Wed Ben wrote:{quoted}</div>'
    text = "Works now.\n\nOn Wed, 18 Nov 2026 at 12:00, Ben <ben@desk.example> wrote:\n> x\n"
    assert "<b>now</b>" in entry_of(post, mail(text, html=html)).html


def test_the_quote_of_a_plain_mail_is_folded_not_lost(post: PostOffice) -> None:
    text = "Works now.\n\nOn Wed, 18 Nov 2026 at 12:00, Ben <ben@desk.example> wrote:\n> Try again <b>\n> please\n"
    entry = entry_of(post, mail(text))
    assert entry.text == "Works now."
    assert "Works now." not in entry.quoted_html
    assert "&gt; Try again &lt;b&gt;" in entry.quoted_html


def test_the_quote_of_an_html_mail_is_folded_not_lost(post: PostOffice) -> None:
    html = '<div>Works now.</div><div class="gmail_quote">On Wed Ben wrote:<blockquote>Try again</blockquote></div>'
    entry = entry_of(post, mail("Works now.\n\nOn Wed, Ben wrote:\n> Try again\n", html=html))
    assert "Try again" not in entry.html
    assert "Try again" in entry.quoted_html
    assert "Works now." not in entry.quoted_html


def test_foreign_html_is_cleaned(post: PostOffice) -> None:
    html = "<p onclick=x() style='background:url(x)'>Hi<script>1</script><iframe src=x></iframe></p>"
    assert entry_of(post, mail(html=html)).html == "<p>Hi</p>"


@pytest.mark.parametrize("text", ["", " \n", "\n> all quoted\n> all of it\n"])
def test_an_empty_mail_is_an_entry_all_the_same(post: PostOffice, text: str) -> None:
    assert entry_of(post, mail(text, subject="")).text


def test_files_of_no_bytes_and_odd_names_are_kept(post: PostOffice) -> None:
    files = (
        ("../../etc/passwd", "text/plain", b""),
        ("a\u202egpj.exe", "application/octet-stream", b"x"),
        ("same.txt", "text/plain", b"1"),
        ("same.txt", "text/plain", b"2"),
    )
    names = [
        one.file.name for one in entry_of(post, mail(files=files)).attachments.select_related("file").order_by("id")
    ]
    assert names == ["passwd", "agpj.exe", "same.txt", "same.txt"]


def test_a_mail_with_damage_says_so_and_where_staff_find_it_whole(post: PostOffice, cast: Cast) -> None:
    quoted = "Fine with me.\n\nOn Monday, Desk wrote:\n> Between us: wait.\n"
    raw = (
        b"From: cleo@acme.example\nMessage-ID: <d@x>\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\n"
        + quoted.encode()
        + b"--b\nContent-Type: multipart/mixed; boundary=c\n\n" * 1200
    )
    row = post.deliver(raw)
    assert row.entry is not None
    assert row.ticket is not None
    assert row.entry.text.startswith("Fine with me.\n\n(")
    assert "“Show original”" in row.entry.text
    assert ".eml" not in [one.file.name[-4:] for one in row.entry.attachments.select_related("file")]
    original = original_of(row.ticket.pk, row.entry.public_id)
    assert original is not None
    assert "Between us" in original.text
    page = client_ticket(cast.dev, row.ticket.number, now=NOON)
    assert ".eml" not in str(page)


def test_an_address_made_for_an_agent_is_left_out_of_what_clients_send(post: PostOffice, cast: Cast) -> None:
    ticket = cast.ticket()
    address = agent_reply_address(ticket.number, cast.ben.pk)
    answers = (
        mail(f"I think so.\n\nOn Mon, Ben wrote:\n> see {address}\n", to=reply_address(ticket.number)),
        mail(f"> see {address}\nyes\n> second\nno\n> third\nmaybe\n", to=reply_address(ticket.number)),
        mail("Yes", html=f'<p>Yes, <a href="mailto:{address}">you</a></p>', to=reply_address(ticket.number)),
    )
    for answer in answers:
        entry = entry_of(post, answer)
        assert "…" in entry.text + entry.html + entry.quoted_html
        assert address.partition("@")[0] not in entry.text + entry.html + entry.quoted_html


def test_a_long_subject_is_shortened_and_a_missing_one_made_up(post: PostOffice) -> None:
    long = post.deliver(mail(subject="word " * 100))
    none = post.deliver(mail("Nothing works.", subject=""))
    assert long.ticket is not None
    assert none.ticket is not None
    assert len(long.ticket.subject) <= 200
    assert none.ticket.subject == "Nothing works."


def test_control_characters_never_reach_a_ticket(post: PostOffice) -> None:
    raw = mail("Hi\x00 there").replace(b"Subject: Checkout", b"Subject: a\x0bb =?utf-8?q?c=0d=0aBcc:_x@y=00?=")
    row = post.deliver(raw)
    assert row.verdict == Verdict.TICKET_OPENED
    assert row.ticket is not None
    assert not set(row.ticket.subject) & set("\r\n\x0b\x00")


def test_a_damaged_file_comes_as_far_as_it_decodes_and_as_it_came(post: PostOffice) -> None:
    raw = mail("See the log.", files=(("log.bin", "application/octet-stream", b"Hello, world"),))
    entry = entry_of(post, raw.replace(b"SGVsbG8sIHdvcmxk", b"SGVsbG8s%%IHdvcmxk!"))
    files = {one.file.name: read_bytes(one.file) for one in entry.attachments.select_related("file")}
    assert files["log.bin"] == b"Hello, world"
    assert files["log.bin.undecoded.txt"].strip() == b"SGVsbG8s%%IHdvcmxk!"
    assert "(log.bin: The file was damaged on its way: parts of it could not be decoded.)" in entry.text

import re
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from django.conf import settings

from deskhand.accounts.actions.signing_in import find_link, request_sign_in_link
from deskhand.core.html import trusted
from deskhand.files.models import File
from deskhand.mail.actions.queueing import queue_reply
from deskhand.mail.addresses import read_bounce_address, read_message_id, read_reply_address
from deskhand.mail.composing import named, subject_of
from deskhand.mail.models import Delivery, KnownMessageId, OutboundMail, Seen
from deskhand.mail.outgoing_files import ATTACHED_BYTES
from deskhand.mail.parsing import parse
from deskhand.mail.wire import bytes_of
from deskhand.tickets.actions.assignment import add_participant
from deskhand.tickets.actions.conversation import NewMessage, reply
from deskhand.tickets.bodies import from_composer
from deskhand.tickets.models import Message
from deskhand.tickets.models.labels import AfterReply
from tests.cast import NOON, Cast, act_by
from tests.mail.post_office import PostOffice, mail


def sent() -> EmailMessage:
    """Return the newest mail in the outbox as a mail program reads it."""
    raw = bytes_of(OutboundMail.objects.order_by("-id")[0])
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998
    message = message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def text_of(message: EmailMessage, kind: str = "plain") -> str:
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def test_a_reply_carries_the_fields_that_keep_it_together(post: PostOffice, cast: Cast) -> None:
    first = post.deliver(mail(subject="Re: AW: Checkout"))
    assert first.ticket is not None
    cast.staff_reply(first.ticket, "Try again.")
    message = sent()
    number = first.ticket.number
    assert message["Subject"] == f"Re: Checkout [#{number}]"
    assert message["From"] == '"Ben Baker, Deskhand" <support@desk.example>'
    assert message["To"] == "Cleo Clarke <cleo@acme.example>"
    assert message["In-Reply-To"] == message["References"] == first.message_id
    token = read_reply_address(str(message["Reply-To"]))
    assert token is not None
    assert (token.ticket_number, token.agent_id) == (number, None)
    assert read_message_id(str(message["Message-ID"])) == number
    for absent in ("Auto-Submitted", "List-Unsubscribe-Post", "Precedence", "Bcc", "X-Mailer"):
        assert message[absent] is None
    assert "Try again." in text_of(message)
    assert "Try again." in text_of(message, "html")
    assert f"{settings.BASE_URL}/t/" in text_of(message)


def test_references_keep_the_first_and_the_last_twenty(cast: Cast) -> None:
    ticket = cast.ticket()
    ids = [f"<{'long' * 20}{index}@acme.example>" for index in range(40)]
    KnownMessageId.objects.bulk_create(
        KnownMessageId(message_id=one, ticket=ticket, seen=Seen.RECEIVED, seen_at=NOON) for one in ids
    )
    KnownMessageId.objects.create(message_id="<only@seen>", ticket=ticket, seen=Seen.REFERENCED, seen_at=NOON)
    cast.staff_reply(ticket)
    raw = bytes_of(OutboundMail.objects.get())
    assert parse(raw).references == (ids[0], *ids[20:])
    assert parse(raw).in_reply_to == (ids[-1],)
    assert b"=?" not in raw.partition(b"\r\n\r\n")[0]


def test_what_people_typed_begins_no_field_of_its_own(cast: Cast) -> None:
    cast.ben.user.name = "Ben\r\nBcc: eve@other.example"
    cast.ben.user.save()
    ticket = cast.ticket("Hello\u2028Bcc: eve@other.example")
    cast.cleo.user.name = 'Cleo "X" <eve@other.example>\x0b,'
    cast.cleo.user.save()
    cast.staff_reply(ticket)
    message = sent()
    assert message["Bcc"] is None
    assert [one.addr_spec for one in message["To"].addresses] == ["cleo@acme.example"]
    assert len(message["From"].addresses) == 1


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("", "a@b.example"),
        ("a@b.example", "a@b.example"),
        ("Cleo Clarke", "Cleo Clarke <a@b.example>"),
        ("Clarke, Cleo", '"Clarke, Cleo" <a@b.example>'),
        ('C "q" \\', '"C \\"q\\" \\\\" <a@b.example>'),
    ],
)
def test_names_are_quoted_where_they_must_be(name: str, expected: str) -> None:
    assert named(name, "a@b.example") == expected


def test_long_names_outside_ascii_read_back(cast: Cast) -> None:
    cast.cleo.user.name = "Сергей 漢字 " * 12
    cast.cleo.user.save()
    ticket = cast.ticket("Größe: " + "漢字" * 60)
    cast.staff_reply(ticket)
    parsed = parse(bytes_of(OutboundMail.objects.get()))
    assert parsed.to[0].name == cast.cleo.user.name.strip()
    assert parsed.subject == f"Re: {ticket.subject} [#{ticket.number}]"
    assert len(sent()["To"].addresses) == 1


def test_copies_go_to_participants_each_with_a_return_address_of_its_own(cast: Cast) -> None:
    ticket = cast.ticket()
    add_participant(ticket_id=ticket.pk, contact=cast.dev, act=act_by(cast.ben.user))
    cast.staff_reply(ticket)
    message = sent()
    assert (message["To"].addresses[0].addr_spec, message["Cc"].addresses[0].addr_spec) == (
        "cleo@acme.example",
        "dev@acme.example",
    )
    deliveries = list(Delivery.objects.order_by("id"))
    assert [read_bounce_address(one.envelope_from) for one in deliveries] == [one.pk for one in deliveries]


def reply_with(cast: Cast, *files: File, document: str = "") -> Message:
    ticket = cast.ticket()
    new = NewMessage(from_composer(document_json=document, plain_text="See."), files=files)
    return reply(ticket_id=ticket.pk, agent=cast.ben, new=new, after=AfterReply.AWAIT_CLIENT, act=act_by(cast.ben.user))


def test_files_are_attached_until_they_are_too_many_and_linked_beyond(cast: Cast) -> None:
    small = cast.upload(cast.ben.user, name="größe.txt", content=b"small")
    large = cast.upload(cast.ben.user, name="large.bin", content=b"")
    File.objects.filter(pk=large.pk).update(size_bytes=ATTACHED_BYTES)
    large.refresh_from_db()
    reply_with(cast, small, large)
    message = sent()
    assert [(part.get_filename(), part.get_content()) for part in message.iter_attachments()] == [
        ("größe.txt", "small")
    ]
    assert f"{settings.BASE_URL}{large.url}" in text_of(message)
    assert f"{settings.BASE_URL}{large.url}" in text_of(message, "html")


def test_a_nested_mail_travels_as_a_file(cast: Cast) -> None:
    reply_with(cast, cast.upload(cast.ben.user, name="old.eml", content=b"From: x\n\nbody"))
    (part,) = sent().iter_attachments()
    assert (part.get_filename(), part.get_content()) == ("old.eml", b"From: x\n\nbody")


def test_pictures_in_the_text_travel_with_the_mail(cast: Cast) -> None:
    picture = cast.upload(cast.ben.user)
    document = (
        '{"type":"doc","content":[{"type":"paragraph","content":[{"type":"text","text":"Look"}]},'
        f'{{"type":"image","attrs":{{"src":"{picture.url}/inline","alt":"shot"}}}}]}}'
    )
    reply_with(cast, picture, document=document)
    html = text_of(sent(), "html")
    found = re.search(r'src="cid:([^"]+)"', html)
    assert found
    parts = [part for part in sent().walk() if part["Content-ID"] == f"<{found[1]}>"]
    assert [part.get_content_type() for part in parts] == ["image/png"]
    assert "/files/" not in html


def test_styles_stand_on_the_elements(cast: Cast) -> None:
    cast.staff_reply(cast.ticket())
    html = text_of(sent(), "html")
    assert re.search(r'<td class="card" style="[^"]*background-color: ?#fff', html)
    assert "<script" not in html


def test_the_first_message_of_staff_has_no_re(cast: Cast) -> None:
    message = Message(ticket=cast.ticket("Sv: [#1] Plan"), position=1)
    assert subject_of(message) == f"[#1] Plan [#{message.ticket.number}]"


def test_a_client_message_or_a_team_message_mails_nothing(cast: Cast) -> None:
    ticket = cast.ticket()
    cast.client_reply(ticket)
    cast.team_message(ticket)
    assert not OutboundMail.objects.exists()


def test_nothing_of_the_team_is_in_a_mail(cast: Cast) -> None:
    ticket = cast.ticket()
    cast.team_message(ticket, "canary-word")
    cast.staff_reply(ticket)
    assert b"canary-word" not in bytes_of(OutboundMail.objects.get())


def test_the_desks_own_addresses_get_nothing(cast: Cast) -> None:
    cast.cleo.user.email = "support@desk.localhost"
    cast.cleo.user.save()
    cast.staff_reply(cast.ticket())
    assert Delivery.objects.get().state == "suppressed"


def test_a_sign_in_link_is_automatic_and_opens(cast: Cast) -> None:
    link = request_sign_in_link(address="cleo@acme.example", act=act_by(None))
    assert link is not None
    message = sent()
    assert message["To"] == "Cleo Clarke <cleo@acme.example>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Auto-Response-Suppress"] == "All"
    assert message["X-Deskhand-Loop"] == settings.MAIL_DOMAIN
    assert message["Reply-To"] is None
    assert Delivery.objects.get().envelope_from == ""
    found = re.search(re.escape(f"{settings.BASE_URL}/sign-in/link/") + r"(\S+)", text_of(message))
    assert found
    assert find_link(found[1], now=NOON) == link


def test_a_message_is_queued_once(cast: Cast) -> None:
    message = cast.staff_reply(cast.ticket())
    queue_reply(message_id=message.pk, act=act_by(cast.ben.user))
    assert (OutboundMail.objects.count(), Delivery.objects.count()) == (1, 1)


def test_html_of_a_message_stays_escaped(cast: Cast) -> None:
    cast.staff_reply(cast.ticket(), "<script>alert(1)</script> & more")
    html = text_of(sent(), "html")
    assert "<script>" not in html
    assert str(trusted("&lt;script&gt;")) in html

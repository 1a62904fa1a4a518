from base64 import b64encode
from email.message import EmailMessage

import pytest

from deskhand.accounts.actions.agents import set_role
from deskhand.accounts.actions.signing_in import request_sign_in_link
from deskhand.accounts.models import Role
from deskhand.mail.models import InboundMail, OutboundMail, Verdict
from tests.cast import NOON, Cast, act_by
from tests.mail.conftest import mailbox, post
from tests.mail.post_office import PostOffice, mail, work_off
from tests.web.visitors import signed_in
from tests.workspace.counting import next_page, queries_of

__all__ = ["mailbox", "post"]
LOG = "/workspace/settings/mail"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20


@pytest.fixture
def came_in(post: PostOffice) -> InboundMail:
    html = '<p>Rich <b>text</b></p><script>alert(1)</script><img src="https://track.example/pixel.png">'
    return post.deliver(mail("Plain text.", subject="Checkout stalls", html=html))


def page_of(cast: Cast, path: str = LOG, **query: str) -> str:
    return signed_in(cast.ada.user).get(path, query).content.decode()


def test_lists_what_came_in_and_what_went_out(cast: Cast, came_in: InboundMail) -> None:
    cast.staff_reply(cast.ticket("Another"))
    page = page_of(cast)
    assert f'href="{LOG}/in/{came_in.pk}"' in page
    assert f'href="{LOG}/out/{OutboundMail.objects.get().pk}"' in page
    assert "/out/" not in page_of(cast, way="in")
    assert "/in/" not in page_of(cast, way="out")


def test_finds_mail_by_address_subject_id_and_number(cast: Cast, came_in: InboundMail) -> None:
    assert came_in.ticket is not None
    for words in ("cleo@acme.example", "checkout stalls", came_in.message_id, f"#{came_in.ticket.number}"):
        assert f"/in/{came_in.pk}" in page_of(cast, q=words)
    assert "No mail matches" in page_of(cast, q="nonsense")


def test_refuses_a_direction_that_is_none(cast: Cast) -> None:
    assert signed_in(cast.ada.user).get(LOG, {"way": "sideways"}).status_code == 400


def test_takes_as_many_queries_for_much_mail_as_for_little(cast: Cast, came_in: InboundMail) -> None:
    ticket, browser = cast.ticket(), signed_in(cast.ada.user)
    cast.staff_reply(ticket)
    few = queries_of(browser, LOG)
    for _ in range(40):
        cast.staff_reply(ticket)
    assert queries_of(browser, LOG) == few


def test_pages_through_much_mail(cast: Cast) -> None:
    ticket = cast.ticket()
    for _ in range(60):
        cast.staff_reply(ticket)
    page = page_of(cast)
    rest = page_of(cast, next_page(page))
    assert page.count(f'href="{LOG}/out/') + rest.count(f'href="{LOG}/out/') == 60


def test_shows_a_mail_that_came_in_with_nothing_in_it_running(cast: Cast, came_in: InboundMail) -> None:
    page = page_of(cast, f"{LOG}/in/{came_in.pk}")
    assert "Ticket opened" in page
    assert "Plain text." in page
    assert 'sandbox="' in page
    assert "alert(1)" not in page.split("Headers")[0]
    answer = signed_in(cast.ada.user).get(f"{LOG}/in/{came_in.pk}/body")
    body = answer.content.decode()
    assert "<b>text</b>" in body
    assert "<script" not in body
    assert "track.example" not in body
    assert "sandbox" in answer["Content-Security-Policy"]


def test_downloads_a_mail_as_it_came_for_admins_alone(cast: Cast, came_in: InboundMail) -> None:
    address = f"{LOG}/in/{came_in.pk}/raw"
    answer = signed_in(cast.ada.user).get(address)
    assert answer.content == bytes(InboundMail.objects.get(pk=came_in.pk).raw)
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Type"] == "message/rfc822"
    set_role(agent_id=cast.ben.pk, role=Role.objects.get(slug="manager"), act=act_by(cast.ada.user))
    manager = signed_in(cast.ben.user)
    assert manager.get(address).status_code == 403
    assert "Download as it came" not in manager.get(f"{LOG}/in/{came_in.pk}").content.decode()


def test_shows_how_far_a_mail_came_with_each_recipient(cast: Cast) -> None:
    cast.staff_reply(cast.ticket(), "We are on it.")
    sent = OutboundMail.objects.get()
    page = page_of(cast, f"{LOG}/out/{sent.pk}")
    assert "cleo@acme.example" in page
    assert "Waiting" in page
    assert "We are on it." in page_of(cast, f"{LOG}/out/{sent.pk}/body")


def test_hides_what_opens_something_unless_mail_is_captured(cast: Cast) -> None:
    request_sign_in_link(address="cleo@acme.example", act=act_by(None))
    sent = OutboundMail.objects.get()
    address = f"{LOG}/out/{sent.pk}"
    assert "/sign-in/link/" not in page_of(cast, address)
    assert "shown to nobody" in page_of(cast, address)
    assert signed_in(cast.ada.user).get(f"{address}/body").status_code == 404
    work_off(NOON)
    assert "/sign-in/link/" in page_of(cast, address)


def test_names_the_address_beside_a_name_that_anyone_may_claim(cast: Cast, post: PostOffice) -> None:
    row = post.deliver(mail(sender="Ben Baker <mallory@evil.example>"))
    InboundMail.objects.filter(pk=row.pk).update(verdict=Verdict.HELD, entry=None, ticket=None)
    for path in (LOG, "/workspace/settings/quarantine"):
        assert "Ben Baker &lt;mallory@evil.example&gt;" in page_of(cast, path)


def test_a_phone_shows_the_ticket_in_the_row_itself(cast: Cast, came_in: InboundMail) -> None:
    assert came_in.ticket is not None
    row = page_of(cast).partition(f"{LOG}/in/{came_in.pk}")[2].partition("</th>")[0]
    assert f"#{came_in.ticket.number}" in row


def test_shows_every_recipient_to_and_cc_apart(cast: Cast, post: PostOffice) -> None:
    to = ", ".join(f"Person {number} <p{number}@acme.example>" for number in range(200))
    row = post.deliver(mail(to=f"{to}, support@desk.example", cc="Dev <dev@acme.example>"))
    facts = page_of(cast, f"{LOG}/in/{row.pk}").partition("<dt>To</dt>")[2].partition("<dt>Came in</dt>")[0]
    shown, more = facts.partition("<dt>Cc</dt>")[0].split("and 181 more")
    assert "Person 19 &lt;p19@acme.example&gt;" in shown
    assert "Person 20" not in shown
    assert "Person 199 &lt;p199@acme.example&gt;, support@desk.example" in more
    assert "Dev &lt;dev@acme.example&gt;" in facts.partition("<dt>Cc</dt>")[2]


def test_who_a_deleted_mail_went_to_is_still_known(cast: Cast, came_in: InboundMail) -> None:
    InboundMail.objects.filter(pk=came_in.pk).update(verdict=Verdict.DELETED, raw=b"")
    page = page_of(cast, f"{LOG}/in/{came_in.pk}")
    assert "support@desk.example" in page.partition("<dt>To</dt>")[2].partition("<dt>Came in</dt>")[0]


def test_shows_the_pictures_that_came_with_a_mail(cast: Cast, post: PostOffice) -> None:
    row = post.deliver(mail_with_pictures())
    assert row.ticket is not None
    assert row.entry is not None
    original = f"/workspace/tickets/{row.ticket.number}/messages/{row.entry.public_id}/original/body"
    for path in (f"{LOG}/in/{row.pk}/body", original):
        answer = signed_in(cast.ada.user).get(path)
        body = answer.content.decode()
        assert f'src="data:image/png;base64,{b64encode(PNG).decode()}" alt="Our &gt; logo"' in body.replace(
            "> l", "&gt; l"
        )
        assert "[picture: drawing.svg]" in body
        assert "[picture that did not come with this mail]" in body
        assert "svg+xml" not in body
        assert "sandbox" in answer["Content-Security-Policy"]


def mail_with_pictures() -> bytes:
    """Return a mail with a picture, a drawing that could run something, and a picture that is missing."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "cleo@acme.example", "support@desk.example", "Pictures"
    message.set_content("See the picture.")
    message.add_alternative(
        '<table><tr><td>See <img src="cid:logo%40acme" alt="Our > logo"><img src="cid:drawing"><img src="cid:gone">'
        "</td></tr></table>",
        subtype="html",
    )
    page = message.get_payload(1)
    assert isinstance(page, EmailMessage)
    page.add_related(PNG, "image", "png", cid="<logo@acme>", filename="logo.png")
    page.add_related(b"<svg onload='alert(1)'/>", "image", "svg+xml", cid="<drawing>", filename="drawing.svg")
    return message.as_bytes()

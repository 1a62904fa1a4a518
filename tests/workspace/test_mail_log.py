import pytest

from deskhand.accounts.actions.agents import set_role
from deskhand.accounts.actions.signing_in import request_sign_in_link
from deskhand.accounts.models import Role
from deskhand.mail.models import InboundMail, OutboundMail
from tests.cast import NOON, Cast, act_by
from tests.mail.conftest import mailbox, post
from tests.mail.post_office import PostOffice, mail, work_off
from tests.web.visitors import signed_in
from tests.workspace.counting import next_page, queries_of

__all__ = ["mailbox", "post"]
LOG = "/workspace/settings/mail"


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

"""Pictures of other servers in mail: nobody is called unasked, and only the desk calls."""

from io import BytesIO
from ipaddress import ip_network

import pytest
from django.conf import LazySettings
from django.http import QueryDict
from PIL import Image

from deskhand.core.html import clean
from deskhand.tickets.actions.conversation import NewMessage, post_client_reply
from deskhand.tickets.bodies import from_mail
from deskhand.tickets.models import Message
from deskhand.web import remote_pictures
from deskhand.web.framing import framed_page
from tests.cast import Cast, act_by
from tests.core.web_servers import Asked, Said, always, dribbling, serving
from tests.workspace.browsing import browser_of


@pytest.fixture(autouse=True)
def this_machine_is_allowed(settings: LazySettings) -> None:
    settings.HTTP_ALLOW = [ip_network("127.0.0.1")]


def drawing(kind: str = "PNG", size: tuple[int, int] = (3, 2)) -> bytes:
    target = BytesIO()
    Image.new("RGB", size, "teal").save(target, kind)
    return target.getvalue()


def page(html: str, query: str | None = "") -> str:
    return framed_page(clean(html), query=None if query is None else QueryDict(query)).content.decode()


def test_nothing_is_fetched_until_the_reader_asks() -> None:
    with serving(always(drawing())) as site:
        shown = page(f'<p>Hi</p><img src="{site.url("/a.png")}" alt="Chart">')
    assert site.asked == []
    assert "/a.png" not in shown
    assert '<a href="?pictures" target="_self">Show pictures</a>' in shown


@pytest.mark.parametrize(
    "html", ["<p>Hi</p>", '<img src="/files/abc/inline">', '<img src="cid:left">', '<img alt="x">']
)
def test_there_is_no_offer_without_pictures_of_others(html: str) -> None:
    assert "Show pictures" not in page(html)


def test_a_page_that_may_not_ask_offers_nothing() -> None:
    assert "Show pictures" not in page('<img src="https://example.com/a.png">', None)


def test_the_quoted_part_keeps_being_the_quoted_part() -> None:
    assert '<a href="?quoted&amp;pictures"' in page('<img src="https://example.com/a.png">', "quoted")


def test_the_pictures_stand_in_the_page_itself() -> None:
    with serving(always(drawing())) as site:
        html = f'<img src="{site.url("/a.png?b=1&amp;c=ü")}" alt="Chart"><img src="{site.url("/a.png?b=1&amp;c=ü")}">'
        shown = page(html, "pictures")
    assert shown.count('src="data:image/png;base64,') == 2
    assert str(site.port) not in shown
    assert [asked.path for asked in site.asked] == ["/a.png?b=1&c=%C3%BC"]
    assert {"cookie", "referer", "authorization"}.isdisjoint(site.asked[0].headers)


def test_a_jpeg_stays_one_and_is_drawn_anew() -> None:
    with serving(always(drawing("JPEG") + b"<script>alert(1)</script>")) as site:
        shown = page(f'<img src="{site.url()}">', "pictures")
    assert 'src="data:image/jpeg;base64,' in shown


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    "said",
    [
        Said(SVG, 200, {"Content-Type": "image/svg+xml"}),
        Said(SVG, 200, {"Content-Type": "image/png"}),
        Said(b"<html><script>alert(1)</script>", 200, {"Content-Type": "image/png"}),
        Said(drawing()[:40], 200, {"Content-Type": "image/png"}),
        Said(b"", 200, {"Content-Type": "image/png"}),
        Said(drawing(), 404),
        Said(b"\x89PNG" + b"x" * 6_000_000),
        Said(status=302, headers={"Location": "http://169.254.169.254/latest/meta-data/"}),
        Said(status=302, headers={"Location": "/"}),
    ],
)
def test_what_is_no_picture_shows_its_words(said: Said) -> None:
    with serving(lambda _: said) as site:
        shown = page(f'<img src="{site.url()}" alt="Chart">', "pictures")
    assert "Chart: picture could not be fetched" in shown
    assert "<img" not in shown
    assert "src=" not in shown.partition("<body>")[2]


def test_a_picture_without_words_is_missed_with_a_word_and_a_pixel_without() -> None:
    with serving(always(b"", 404)) as site:
        shown = page(f'<img src="{site.url()}"><img src="{site.url()}" width="1" height="1">', "pictures")
    assert shown.count("picture could not be fetched") == 1


def test_inner_addresses_are_not_called(settings: LazySettings) -> None:
    settings.HTTP_ALLOW = []
    with serving(always(drawing())) as site:
        for address in (site.url(), f"http://localhost:{site.port}/", f"http://2130706433:{site.port}/"):
            assert "data:image" not in page(f'<img src="{address}">', "pictures")
    assert site.asked == []


def test_a_slow_server_does_not_hold_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote_pictures, "PATIENCE_SECONDS", 0.5)
    with (
        dribbling([b"HTTP/1.1 200 OK\r\n"], pause_seconds=0.05, endless=b"a") as slow,
        serving(always(drawing())) as site,
    ):
        shown = page(f'<img src="{slow.url()}"><img src="{site.url()}">', "pictures")
    assert shown.count("data:image/png") == 1


def test_there_is_a_limit_to_how_many_and_how_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote_pictures, "MOST_PICTURES", 3)
    with serving(always(drawing())) as site:
        html = "".join(f'<img src="{site.url(f"/{number}")}">' for number in range(9))
        assert page(html, "pictures").count("data:image/png") == 3
        monkeypatch.setattr(remote_pictures, "MOST_BYTES", 300)
        assert page(html, "pictures").count("data:image/png") < 3
    assert len(site.asked) == 6


def shown_mail(cast: Cast, address: str) -> tuple[int, Message]:
    ticket = cast.ticket()
    body = from_mail(html=f'<table><tr><td>Hi <img src="{address}"></td></tr></table>', text="Hi")
    message = post_client_reply(
        ticket_id=ticket.pk, contact=cast.cleo, new=NewMessage(body=body), act=act_by(cast.cleo.user)
    )
    return ticket.number, message


def test_whoever_may_read_the_message_may_see_its_pictures_and_nobody_else(cast: Cast) -> None:
    asked: list[Asked] = []

    def script(one: Asked) -> Said:
        asked.append(one)
        return Said(drawing())

    with serving(script) as site:
        number, message = shown_mail(cast, site.url())
        tail = f"tickets/{number}/messages/{message.public_id}/body?pictures"
        for person, path in ((cast.ben, f"/workspace/{tail}"), (cast.cleo, f"/{tail}")):
            assert "data:image/png" in browser_of(person).get(path).content.decode()
        assert len(asked) == 2
        assert browser_of(cast.eve).get(f"/{tail}").status_code == 404
        assert browser_of(cast.kit).get(f"/workspace/{tail}").status_code == 404
    assert len(asked) == 2

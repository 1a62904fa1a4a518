"""The mail a message came as."""

from typing import Any

from deskhand.mail.models import InboundMail, Verdict
from tests.cast import Cast
from tests.mail.conftest import mailbox, post
from tests.mail.post_office import PostOffice, mail
from tests.workspace.browsing import browser_of, get

__all__ = ["mailbox", "post"]
HTML = (
    "<table><tr><td>It stalls.</td></tr></table><script>alert(1)</script>"
    '<div class="gmail_quote"><blockquote>Yesterday you wrote: all is well.</blockquote></div>'
)


def arrived(post: PostOffice) -> tuple[InboundMail, str]:
    row = post.deliver(mail("It stalls.", html=HTML, subject="<b>Stalls</b>"))
    assert row.ticket is not None
    assert row.entry is not None
    return row, f"tickets/{row.ticket.number}/messages/{row.entry.public_id}/original"


def text_of(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_shows_the_whole_mail_with_its_quote_and_header(cast: Cast, post: PostOffice) -> None:
    row, path = arrived(post)
    page = text_of(get(cast.ben, path))
    assert "Cleo Clarke &lt;cleo@acme.example&gt;" in page
    assert "&lt;b&gt;Stalls&lt;/b&gt;" in page
    assert row.message_id.strip("<>") in page
    body = text_of(get(cast.ben, f"{path}/body"))
    assert "Yesterday you wrote: all is well." in body
    assert "alert(1)" not in body
    assert path in text_of(get(cast.ben, path.partition("/messages")[0]))


def test_only_admins_may_download_it(cast: Cast, post: PostOffice) -> None:
    row, path = arrived(post)
    raw = f"settings/mail/in/{row.pk}/raw"
    assert raw in text_of(get(cast.ada, path))
    assert raw not in text_of(get(cast.ben, path))


def test_a_message_of_another_ticket_or_of_the_portal_has_none(cast: Cast, post: PostOffice) -> None:
    _, path = arrived(post)
    other = cast.ticket()
    message = cast.client_reply(other)
    tail = path.partition("/messages")[2]
    for missing in (
        f"tickets/{other.number}/messages{tail}",
        f"tickets/{other.number}/messages/{message.public_id}/original",
    ):
        assert get(cast.ben, missing).status_code == 404
        assert get(cast.ben, f"{missing}/body").status_code == 404


def test_strangers_and_who_may_not_see_addresses_get_nothing(cast: Cast, post: PostOffice) -> None:
    _, path = arrived(post)
    for tail in (path, f"{path}/body"):
        assert get(cast.kit, tail).status_code == 403
        assert browser_of(cast.cleo).get(f"/workspace/{tail}").status_code == 404
        assert browser_of(cast.eve).get(f"/workspace/{tail}").status_code == 404


def test_deleted_mail_is_shown_no_more(cast: Cast, post: PostOffice) -> None:
    row, path = arrived(post)
    InboundMail.objects.filter(pk=row.pk).update(verdict=Verdict.DELETED)
    assert get(cast.ben, path).status_code == 404

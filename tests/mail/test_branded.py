"""The desk's own color in the mail it sends."""

from deskhand.accounts.actions.desk import change_brand, change_logo
from deskhand.core.colors import accent_of
from tests.cast import Cast, act_by
from tests.core.drawings import drawing
from tests.mail.post_office import PostOffice, mail
from tests.mail.test_composing import sent, text_of


def answer(post: PostOffice, cast: Cast) -> str:
    ticket = post.deliver(mail(subject="Checkout")).ticket
    assert ticket is not None
    cast.staff_reply(ticket, "Try again.")
    return text_of(sent(), "html")


def test_an_answer_has_the_color_in_both_themes_and_loads_no_picture(post: PostOffice, cast: Cast) -> None:
    change_brand(accent="#ffd400", footer_text="", act=act_by(cast.ada.user))
    change_logo(upload=drawing(), act=act_by(cast.ada.user))
    html = answer(post, cast)
    assert accent_of("#ffd400").light in html
    assert "#ffd400 !important" in html
    assert "#13543d" not in html
    assert "<img" not in html


def test_an_answer_of_a_desk_without_a_color_has_the_default(post: PostOffice, cast: Cast) -> None:
    assert "#13543d" in answer(post, cast)

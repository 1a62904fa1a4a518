from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser
from django.urls import reverse

from deskhand.accounts.models import SignInLink
from deskhand.clients.models import Contact
from deskhand.events.models import Event
from deskhand.files.models import File
from deskhand.mail.models import OutboundMail
from deskhand.portal.guests import POSTS_IN_WINDOW
from deskhand.tickets.actions.assignment import add_participant
from deskhand.tickets.actions.status import close_ticket
from deskhand.tickets.links import LIFETIME, Purpose, token_for
from deskhand.tickets.models import Kind, Message, Rating, ReadMarker, Ticket, Unfollowed
from tests.cast import Cast, act_by
from tests.portal.test_secrets import SECRETS, _load_with_secrets
from tests.web.visitors import signed_in


def link(ticket: Ticket, contact: Contact, *, age: timedelta = timedelta(), purpose: Purpose = Purpose.GUEST) -> str:
    token = token_for(purpose, ticket=ticket, contact=contact, at=datetime.now(UTC) - age)
    return reverse("portal:guest" if purpose == Purpose.GUEST else "portal:unfollow", args=[token])


def test_a_guest_reads_the_ticket_and_is_not_signed_in(cast: Cast) -> None:
    ticket, browser = cast.ticket(text="The basket is empty."), Browser()
    cast.staff_reply(ticket, "We look into it.")
    page = browser.get(link(ticket, cast.cleo))
    assert page.status_code == 200
    assert "The basket is empty." in page.content.decode()
    assert "We look into it." in page.content.decode()
    for path in ("/", "/details", "/maintenance", f"/tickets/{ticket.number}"):
        assert browser.get(path)["Location"].startswith("/sign-in")
    assert page["X-Robots-Tag"] == "noindex, nofollow"


def test_opening_a_link_changes_nothing(cast: Cast) -> None:
    ticket = cast.ticket()
    before = Event.objects.count(), ReadMarker.objects.count()
    for purpose in (Purpose.GUEST, Purpose.UNFOLLOW):
        assert Browser().get(link(ticket, cast.cleo, purpose=purpose)).status_code == 200
    for verb in ("messages", "closing"):
        assert Browser().get(f"{link(ticket, cast.cleo)}/{verb}").status_code == 302
    ticket.refresh_from_db()
    assert (Event.objects.count(), ReadMarker.objects.count()) == before
    assert not Unfollowed.objects.exists()
    assert not ticket.is_closed


def test_a_guest_answers_in_their_own_name_and_sending_twice_counts_once(cast: Cast) -> None:
    ticket = cast.ticket()
    sent = {"text": "It works again.", "idempotency_key": "k1"}
    for _ in range(2):
        answer = Browser().post(f"{link(ticket, cast.cleo)}/messages", sent)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/t/")
    message = Message.objects.get(ticket=ticket, text="It works again.")
    assert (message.author, message.is_from_client, message.via) == (cast.cleo.user, True, "portal")


def test_a_guest_sends_a_file_along_and_reads_it_again_by_the_link(cast: Cast) -> None:
    ticket = cast.ticket()
    path = link(ticket, cast.cleo)
    Browser().post(f"{path}/messages", {"text": "", "files": SimpleUploadedFile("log.txt", b"line one")})
    file = File.objects.get(name="log.txt")
    assert f"{path}/files/{file.public_id}" in Browser().get(path).content.decode()
    answer = Browser().get(f"{path}/files/{file.public_id}")
    assert b"".join(answer.streaming_content) == b"line one"  # type: ignore[attr-defined]
    assert answer["Content-Disposition"].startswith("attachment")


def test_an_empty_answer_comes_back_with_words(cast: Cast) -> None:
    answer = Browser().post(f"{link(cast.ticket(), cast.cleo)}/messages", {"text": " "})
    assert answer.status_code == 422
    assert "Write a message or attach a file first." in answer.content.decode()


def test_closing_posts_first_what_stands_in_the_box(cast: Cast) -> None:
    ticket = cast.ticket()
    Browser().post(f"{link(ticket, cast.cleo)}/closing", {"text": "Thanks, done."})
    ticket.refresh_from_db()
    assert ticket.kind == Kind.CLOSED
    assert Message.objects.filter(ticket=ticket, text="Thanks, done.").exists()


def test_closing_keeps_the_ticket_open_when_the_words_cannot_be_sent(cast: Cast) -> None:
    ticket = cast.ticket()
    answer = Browser().post(f"{link(ticket, cast.cleo)}/closing", {"text": "x" * 100_001})
    assert answer.status_code == 422
    assert "x" * 100_001 in answer.content.decode()
    ticket.refresh_from_db()
    assert not ticket.is_closed
    assert not Message.objects.filter(ticket=ticket, text__startswith="xx").exists()


def test_a_post_from_another_site_is_refused(cast: Cast) -> None:
    ticket = cast.ticket()
    browser = Browser(enforce_csrf_checks=True)
    assert browser.post(f"{link(ticket, cast.cleo)}/closing").status_code == 403
    ticket.refresh_from_db()
    assert not ticket.is_closed


@pytest.mark.parametrize("purpose", [Purpose.GUEST, Purpose.UNFOLLOW])
def test_every_bad_link_gets_the_same_page(cast: Cast, purpose: Purpose) -> None:
    ticket = cast.ticket()
    good = link(ticket, cast.cleo, purpose=purpose)
    name = "guest" if purpose == Purpose.GUEST else "unfollow"
    wrong = Purpose.UNFOLLOW if purpose == Purpose.GUEST else Purpose.GUEST
    crossed = token_for(wrong, ticket=ticket, contact=cast.cleo, at=datetime.now(UTC))
    bad = [
        good[:-1] + ("a" if good[-1] != "a" else "b"),
        good.replace(ticket.public_id, cast.ticket("Another").public_id),
        good.replace(f".{cast.cleo.pk}.", f".{cast.dev.pk}."),
        link(ticket, cast.cleo, age=LIFETIME, purpose=purpose),
        link(ticket, cast.eve, purpose=purpose),
        reverse(f"portal:{name}", args=[crossed]),
        reverse(f"portal:{name}", args=["forged"]),
    ]
    pages = {_plain(Browser().get(path).content.decode()) for path in bad}
    assert len(pages) == 1
    assert "This link is no longer valid" in pages.pop()
    for path in bad:
        for verb in ("", "/messages", "/closing"):
            assert Browser().post(path + verb, {"text": "Let me in"}).status_code in {404, 405}
    assert not Message.objects.filter(text="Let me in").exists()
    assert not Unfollowed.objects.exists()


def _plain(html: str) -> str:
    return "\n".join(line for line in html.splitlines() if "csrf" not in line)


def test_a_contact_switched_off_meets_a_dead_link(cast: Cast) -> None:
    path = link(cast.ticket(), cast.cleo)
    cast.cleo.user.is_active = False
    cast.cleo.user.save()
    assert Browser().get(path).status_code == 404
    assert Browser().post(f"{path}/messages", {"text": "Hello"}).status_code == 404


def test_the_link_opens_no_file_and_no_message_of_another_ticket(cast: Cast) -> None:
    ticket, other = cast.ticket(), cast.ticket("Another")
    message = cast.staff_reply(other, files=[cast.upload(cast.ben.user)])
    path = link(ticket, cast.cleo)
    file = File.objects.get()
    assert Browser().get(f"{path}/files/{file.public_id}").status_code == 404
    assert Browser().get(f"{path}/files/{file.public_id}/inline").status_code == 404
    assert Browser().get(f"{path}/messages/{message.public_id}/body").status_code == 404


def test_a_guest_sees_neither_colleagues_nor_figures_nor_anything_internal(cast: Cast) -> None:
    ticket = _load_with_secrets(cast)
    add_participant(ticket_id=ticket.pk, contact=cast.dev, act=act_by(cast.ben.user))
    path = link(ticket, cast.cleo)
    shown = [path, *(f"{path}/messages/{one.public_id}/body" for one in Message.objects.filter(is_held=False))]
    for address in shown:
        page = Browser().get(address)
        text = page.content.decode() + str(page.headers)
        assert [secret for secret in SECRETS if secret in text] == []
        assert "Acme" not in text
        assert "aintenance" not in text
    for file in File.objects.filter(name__startswith="zq-"):
        assert Browser().get(f"{path}/files/{file.public_id}").status_code == 404
    held = Message.objects.get(is_held=True)
    assert Browser().get(f"{path}/messages/{held.public_id}/body").status_code == 404


def test_unfollowing_by_link_is_done_by_the_button_alone(cast: Cast) -> None:
    ticket, browser = cast.ticket(), Browser()
    path = link(ticket, cast.cleo, purpose=Purpose.UNFOLLOW)
    assert "No more mail about this ticket?" in browser.get(path).content.decode()
    for _ in range(2):
        assert "You get no more mail" in browser.post(path).content.decode()
    assert Unfollowed.objects.get().contact == cast.cleo
    assert not cast.staff_reply(ticket).recipients.exists()
    assert browser.get("/")["Location"].startswith("/sign-in")


def test_the_ticket_page_unfollows_and_follows(cast: Cast) -> None:
    ticket, browser = cast.ticket(), signed_in(cast.cleo.user)
    path = f"/tickets/{ticket.number}"
    assert "Unfollow" in browser.get(path).content.decode()
    browser.post(f"{path}/following", {"follow": "no"})
    assert Unfollowed.objects.exists()
    assert "You get no mail about this ticket." in browser.get(path).content.decode()
    browser.post(f"{path}/following", {"follow": "yes"})
    assert not Unfollowed.objects.exists()
    assert signed_in(cast.eve.user).post(f"{path}/following", {"follow": "no"}).status_code == 404
    assert "Unfollow" not in signed_in(cast.dev.user).get(path).content.decode()


def test_a_contact_chooses_the_portal_alone(cast: Cast) -> None:
    browser, form = signed_in(cast.cleo.user), {"name": "Cleo Clarke", "phone": "", "theme": "system"}
    browser.post("/details", form | {"notifications": "none"})
    assert Contact.objects.get(pk=cast.cleo.pk).gets_ticket_mail is False
    assert "you chose to get no mail" in browser.get(f"/tickets/{cast.ticket().number}").content.decode()
    browser.post("/details", form | {"notifications": "mine"})
    assert Contact.objects.get(pk=cast.cleo.pk).gets_ticket_mail is True
    assert browser.post("/details", form | {"notifications": "pigeon"}).status_code == 422


def test_a_guest_rates_a_closed_ticket(cast: Cast) -> None:
    ticket = cast.ticket()
    close_ticket(ticket_id=ticket.pk, act=act_by(cast.ben.user, at=datetime.now(UTC)))
    path = link(ticket, cast.cleo)
    assert "How did we do?" in Browser().get(path).content.decode()
    refused = Browser().post(f"{path}/rating", {"verdict": "great", "comment": "Kept"})
    assert refused.status_code == 422
    assert "Kept" in refused.content.decode()
    assert Browser().post(f"{path}/rating", {"verdict": "good", "comment": "Quick"}).status_code == 302
    kept = Rating.objects.get()
    assert (kept.verdict, kept.comment, kept.rated_by) == ("good", "Quick", cast.cleo)


def test_an_open_ticket_is_not_rated_by_a_guest(cast: Cast) -> None:
    ticket = cast.ticket()
    assert "How did we do?" not in Browser().get(link(ticket, cast.cleo)).content.decode()
    page = Browser().post(f"{link(ticket, cast.cleo)}/rating", {"verdict": "good"}, follow=True)
    assert "can no longer be rated" in page.content.decode()
    assert not Rating.objects.exists()


def test_a_guest_opens_a_follow_up_once_and_is_led_to_it(cast: Cast) -> None:
    ticket = cast.ticket("Checkout")
    close_ticket(ticket_id=ticket.pk, act=act_by(cast.ben.user))
    Ticket.objects.filter(pk=ticket.pk).update(closed_at=datetime.now(UTC) - timedelta(days=60))
    path = link(ticket, cast.cleo)
    assert "Open follow-up ticket" in Browser().get(path).content.decode()
    late = Browser().post(f"{path}/messages", {"text": "Still broken"})
    assert late.status_code == 409
    assert "Still broken" in late.content.decode()
    sent = {"text": "Still broken", "idempotency_key": "k2"}
    pages = [Browser().post(f"{path}/follow-ups", sent, follow=True) for _ in range(2)]
    opened = Ticket.objects.get(follow_up_of=ticket)
    assert (opened.requester, opened.subject) == (cast.cleo, "Checkout")
    for page in pages:
        assert page.redirect_chain[-1][0].startswith("/t/")
        assert f"#{opened.number}" in page.content.decode()
    assert Browser().post(f"{path}/follow-ups", {"text": " "}).status_code == 422


def test_a_guest_gets_a_sign_in_link_at_their_own_address_alone(cast: Cast) -> None:
    ticket = cast.ticket()
    path = link(ticket, cast.cleo)
    page = Browser().post(f"{path}/sign-in", {"email": "eve@other.example"}, follow=True)
    assert "on its way to your mailbox" in page.content.decode()
    mail = OutboundMail.objects.get(kind="sign_in_link")
    assert mail.recipients_line == cast.cleo.email
    assert SignInLink.objects.get().next_path == f"/tickets/{ticket.number}"
    for _ in range(5):
        page = Browser().post(f"{path}/sign-in", follow=True)
    assert "tried too often" in page.content.decode()


def test_a_guest_uploads_while_writing_and_only_their_own_reply_takes_it(cast: Cast) -> None:
    ticket = cast.ticket()
    path = link(ticket, cast.cleo)
    answer = Browser().post(f"{path}/uploads", {"file": SimpleUploadedFile("shot.txt", b"line")})
    assert answer.status_code == 201
    public_id = answer.json()["id"]
    foreign = Browser().post(f"{link(ticket, cast.dev)}/messages", {"text": "Mine", "attachments": public_id})
    assert foreign.status_code == 422
    assert Browser().post(f"{path}/messages", {"text": "", "attachments": public_id}).status_code == 302
    assert File.objects.get(public_id=public_id).name == "shot.txt"
    assert Browser().post(f"{path}/uploads").status_code == 400


def test_too_many_posts_by_one_link_wait_and_lose_nothing(cast: Cast) -> None:
    ticket = cast.ticket()
    path = link(ticket, cast.cleo)
    for count in range(POSTS_IN_WINDOW):
        assert Browser().post(f"{path}/messages", {"text": f"Message {count}"}).status_code == 302
    refused = Browser().post(f"{path}/messages", {"text": "One too many"})
    assert refused.status_code == 429
    assert "One too many" in refused.content.decode()
    assert "Wait a quarter of an hour" in refused.content.decode()
    assert Browser().post(f"{path}/closing", {"text": ""}).status_code == 429
    ticket.refresh_from_db()
    assert not ticket.is_closed
    assert Browser().post(f"{link(ticket, cast.dev)}/messages", {"text": "A colleague may"}).status_code == 302


def test_the_page_keeps_its_address_to_itself(cast: Cast) -> None:
    page = Browser().get(link(cast.ticket(), cast.cleo))
    assert page["Referrer-Policy"] == "same-origin"
    assert page["Cache-Control"] == "private, no-store"

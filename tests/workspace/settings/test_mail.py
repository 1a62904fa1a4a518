"""Mailboxes, spam list and quarantine in the settings."""

from typing import Any

import pytest
from django.contrib.messages import get_messages

from deskhand.mail.actions.spam import list_sender
from deskhand.mail.models import Mailbox, SpamListing, Verdict
from deskhand.tickets.models import Ticket
from tests.cast import Cast, act_by
from tests.mail.conftest import mailbox, post
from tests.mail.post_office import PostOffice, mail
from tests.workspace.browsing import get
from tests.workspace.browsing import post as send

__all__ = ["mailbox", "post"]


def text_of(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_a_mailbox_is_added_with_other_addresses(cast: Cast) -> None:
    fields = {"name": "Support", "address": "Help@desk.example", "aliases": "a@desk.example, B@desk.example"}
    assert send(cast.ada, "settings/mailboxes/new", fields).status_code == 302
    box = Mailbox.objects.get()
    assert (box.address, [one.address for one in box.aliases.order_by("address")]) == (
        "help@desk.example",
        ["a@desk.example", "b@desk.example"],
    )
    assert "help@desk.example, a@desk.example, b@desk.example" in text_of(get(cast.ada, "settings/mailboxes"))


def test_what_cannot_be_saved_comes_back_filled(cast: Cast, mailbox: Mailbox) -> None:
    fields = {"name": "Sales", "address": mailbox.address, "aliases": "not an address", "signature": "Yours, us"}
    page = send(cast.ada, "settings/mailboxes/new", fields)
    assert page.status_code == 422
    assert "does not look like an e-mail address" in text_of(page)
    page = send(cast.ada, "settings/mailboxes/new", fields | {"aliases": ""})
    assert "already belongs to a mailbox" in text_of(page)
    assert "Yours, us" in text_of(page)


@pytest.mark.parametrize("field", ["address", "aliases"])
def test_says_which_letters_an_address_cannot_have(cast: Cast, field: str) -> None:
    fields = {"name": "Sales", "address": "sales@desk.example"} | {field: "täst@desk.example"}
    page = send(cast.ada, "settings/mailboxes/new", fields)
    assert "Letters beyond ASCII, such as “ä”, cannot be used here before the @." in text_of(page)
    assert "missing @ or dot" not in text_of(page)


def test_a_mailbox_is_changed_and_switched_off_and_on(cast: Cast, mailbox: Mailbox) -> None:
    here = f"settings/mailboxes/{mailbox.pk}"
    send(cast.ada, here, {"name": "Help", "address": mailbox.address, "signature": "Yours, us"})
    send(cast.ada, f"{here}/activity", {"is_enabled": "off"})
    mailbox.refresh_from_db()
    assert (mailbox.name, mailbox.signature, mailbox.is_enabled) == ("Help", "Yours, us", False)
    assert "Switch on" in text_of(get(cast.ada, here))
    send(cast.ada, f"{here}/activity", {"is_enabled": "on"})
    mailbox.refresh_from_db()
    assert mailbox.is_enabled


def test_a_sender_is_put_on_the_spam_list_and_taken_off(cast: Cast) -> None:
    send(cast.ada, "settings/spam-list", {"value": "Prizes.example"})
    page = text_of(get(cast.ada, "settings/spam-list"))
    assert ("prizes.example" in page, "Whole domain" in page, "Entered by Ada Admin" in page) == (True, True, True)
    assert "No sender matches" in text_of(get(cast.ada, "settings/spam-list?q=other"))
    send(cast.ada, f"settings/spam-list/{SpamListing.objects.get().pk}/removal")
    assert "Nobody is refused" in text_of(get(cast.ada, "settings/spam-list"))


def test_says_what_the_list_still_refuses_and_what_was_on_it_already(cast: Cast) -> None:
    def taken_off(value: str) -> str:
        path = f"settings/spam-list/{SpamListing.objects.get(value=value).pk}/removal"
        return next(str(one) for one in get_messages(send(cast.ada, path).wsgi_request))

    for value in ("evil.example", "a@evil.example", "b@mail.evil.example", "notevil.example"):
        send(cast.ada, "settings/spam-list", {"value": value})
    again = send(cast.ada, "settings/spam-list", {"value": "@EVIL.example"})
    assert [str(one) for one in get_messages(again.wsgi_request)] == ["evil.example was on the list already."]
    still = "Mail from a@evil.example is still refused, because evil.example is on the list."
    assert taken_off("a@evil.example") == still
    still = "Mail from evil.example makes tickets again, but 1 entry below it stays on the list."
    assert taken_off("evil.example") == still
    assert taken_off("b@mail.evil.example") == "Mail from b@mail.evil.example makes tickets again."


def test_a_domain_of_a_client_is_refused_only_by_a_second_button(cast: Cast) -> None:
    page = send(cast.ada, "settings/spam-list", {"value": "acme.example"})
    assert (page.status_code, "2 of Acme" in text_of(page)) == (422, True)
    assert 'name="is_sure" value="on"' in text_of(page)
    assert send(cast.ada, "settings/spam-list", {"value": "acme.example", "is_sure": "on"}).status_code == 302
    assert SpamListing.objects.get().value == "acme.example"


def test_says_what_cannot_be_on_the_spam_list(cast: Cast) -> None:
    page = send(cast.ada, "settings/spam-list", {"value": "ben@desk.example"})
    assert (page.status_code, "someone who works here" in text_of(page)) == (422, True)


def test_a_quarantined_mail_is_read_released_and_its_ticket_opened(cast: Cast, post: PostOffice) -> None:
    list_sender(value="prizes.example", act=act_by(cast.ada.user))
    row = post.deliver(mail(sender="pia@prizes.example", subject="A <b>question</b>"))
    page = text_of(get(cast.ada, "settings/quarantine"))
    assert ("A &lt;b&gt;question" in page, "prizes.example is on the spam list." in page) == (True, True)
    assert "Release" in text_of(get(cast.ada, f"settings/mail/in/{row.pk}"))
    answer = send(cast.ada, f"settings/quarantine/{row.pk}/release")
    assert answer.url == f"/workspace/tickets/{Ticket.objects.get().number}"
    assert "Nothing in quarantine" in text_of(get(cast.ada, "settings/quarantine"))
    assert "Release" not in text_of(get(cast.ada, f"settings/mail/in/{row.pk}"))
    again = send(cast.ada, f"settings/quarantine/{row.pk}/release")
    assert again.url == f"/workspace/settings/mail/in/{row.pk}"
    assert Ticket.objects.count() == 1


def test_what_was_taken_for_an_automatic_answer_is_released_from_the_mail_log(cast: Cast, post: PostOffice) -> None:
    row = post.deliver(mail(subject="On vacation: please pause our ads"))
    assert "Nothing in quarantine" in text_of(get(cast.ada, "settings/quarantine"))
    page = text_of(get(cast.ada, f"settings/mail/in/{row.pk}"))
    release, delete = f"settings/quarantine/{row.pk}/release", f"settings/quarantine/{row.pk}/deletion"
    assert ("taken for an automatic answer" in page, release in page, delete in page) == (True, True, False)
    assert send(cast.ada, release).url == f"/workspace/tickets/{Ticket.objects.get().number}"
    page = text_of(get(cast.ada, f"settings/mail/in/{row.pk}"))
    assert ("taken for" in page, release in page, "Ticket opened" in page) == (False, False, True)


def test_the_navigation_tells_of_mail_that_waits_for_somebody_to_decide(cast: Cast, post: PostOffice) -> None:
    list_sender(value="prizes.example", act=act_by(cast.ada.user))
    post.deliver(mail(sender="pia@prizes.example"))
    assert "Held mail" not in text_of(get(cast.ada, "settings/quarantine"))
    Mailbox.objects.update(is_enabled=False)
    row = post.deliver(mail())
    assert row.verdict == Verdict.HELD
    assert "Held mail" in text_of(get(cast.ada, "settings/quarantine"))
    page = text_of(get(cast.ben, "profile"))
    assert ("Inbox" in page, "Held mail" in page) == (True, False)


def test_a_quarantined_mail_is_deleted_after_asking(cast: Cast, post: PostOffice) -> None:
    list_sender(value="prizes.example", act=act_by(cast.ada.user))
    row = post.deliver(mail("a canary", sender="pia@prizes.example"))
    assert "Delete the mail" in text_of(get(cast.ada, f"settings/quarantine/{row.pk}/deletion"))
    send(cast.ada, f"settings/quarantine/{row.pk}/deletion")
    row.refresh_from_db()
    assert row.verdict == Verdict.DELETED
    assert "canary" not in text_of(get(cast.ada, f"settings/mail/in/{row.pk}"))
    assert get(cast.ada, f"settings/mail/in/{row.pk}/raw").status_code == 404

"""Approving extra work and rating by the link of a mail: asked on a GET, kept by a POST, refused without a hint."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from deskhand.allowances.actions.estimates import ask_approval, decide, withdraw
from deskhand.allowances.models import Decision, Estimate
from deskhand.clients.models import Contact
from deskhand.events.models import Event
from deskhand.portal.guests import POSTS_IN_WINDOW
from deskhand.tickets.actions.settings import change_ticket_settings
from deskhand.tickets.actions.status import close_ticket, reopen_ticket
from deskhand.tickets.links import LIFETIME, Purpose, signed
from deskhand.tickets.models import Rating, RatingRequest, Ticket, Verdict
from deskhand.tickets.models.labels import AfterReply
from deskhand.tickets.queries.history import history_of
from deskhand.tickets.queries.ratings import resolution_of
from tests.cast import Cast, act_by
from tests.portal.plans import log, start

INVALID = "This link is no longer valid"


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    return cast.ticket(at=timezone.now() - timedelta(hours=1))


@pytest.fixture
def estimate(cast: Cast, ticket: Ticket) -> Estimate:
    return asked(cast, ticket)


def asked(cast: Cast, ticket: Ticket, minutes: int = 90) -> Estimate:
    act = act_by(cast.ben.user, at=timezone.now())
    return ask_approval(ticket_id=ticket.pk, agent=cast.ben, minutes=minutes, description="A new form", act=act)


def approval(estimate: Estimate, contact: Contact, *, ends_in: timedelta = LIFETIME) -> str:
    ends_at = datetime.now(UTC) + ends_in
    token = signed(Purpose.APPROVAL, public_id=estimate.public_id, contact=contact, ends_at=ends_at)
    return reverse("portal:approval_by_link", args=[token])


def rating(ticket: Ticket, contact: Contact, *, ends_in: timedelta = LIFETIME) -> str:
    ends_at, mark = datetime.now(UTC) + ends_in, resolution_of(ticket)
    token = signed(Purpose.RATING, public_id=ticket.public_id, contact=contact, ends_at=ends_at, mark=mark)
    return reverse("portal:rating_by_link", args=[token])


def closed(cast: Cast, ticket: Ticket) -> Ticket:
    close_ticket(ticket_id=ticket.pk, act=act_by(cast.ben.user, at=timezone.now()))
    ticket.refresh_from_db()
    return ticket


def said(path: str, **fields: str) -> str:
    return Browser().post(path, fields, follow=True).content.decode()


# Extra work


def test_a_mail_scanner_approves_nothing(cast: Cast, estimate: Estimate) -> None:
    before = Event.objects.count()
    page = Browser().get(f"{approval(estimate, cast.cleo)}?decision=approve")
    assert "May we do" in page.content.decode()
    assert Browser().head(approval(estimate, cast.cleo)).status_code == 405
    estimate.refresh_from_db()
    assert (estimate.decision, Event.objects.count()) == (Decision.WAITING, before)
    assert page["Referrer-Policy"] == "same-origin"
    assert page["X-Robots-Tag"] == "noindex, nofollow"


@pytest.mark.parametrize(("answer", "decision"), [("approve", Decision.APPROVED), ("decline", Decision.DECLINED)])
def test_the_answer_is_kept_with_who_and_by_which_door(
    cast: Cast, estimate: Estimate, answer: str, decision: Decision
) -> None:
    page = said(approval(estimate, cast.dev), decision=answer)
    estimate.refresh_from_db()
    assert (estimate.decision, estimate.decided_by) == (decision, cast.dev)
    assert f"You {decision}" in page
    event = Event.objects.get(kind="estimate.decided")
    assert (event.actor_id, event.via) == (cast.dev.user.pk, "mail")
    lines = [line.text for line in history_of(estimate.ticket_id, agent=cast.ben)]
    assert any(line.startswith(f"Dev Das {decision}") for line in lines)


def test_pressed_twice_or_by_a_colleague_says_what_was_decided_by_whom(cast: Cast, estimate: Estimate) -> None:
    for _ in range(2):
        assert "You approved" in said(approval(estimate, cast.cleo), decision="approve")
    page = said(approval(estimate, cast.dev), decision="decline")
    assert "Cleo Clarke approved" in page
    estimate.refresh_from_db()
    assert (estimate.decision, Event.objects.filter(kind="estimate.decided").count()) == (Decision.APPROVED, 1)


def test_a_question_taken_back_says_so_and_keeps_no_answer(cast: Cast, ticket: Ticket, estimate: Estimate) -> None:
    path = approval(estimate, cast.cleo)
    withdraw(estimate_id=estimate.pk, act=act_by(cast.ben.user))
    assert "We took this question back. You need not do anything." in said(path, decision="approve")
    newer = asked(cast, ticket, 30)
    assert "We asked anew" in said(path, decision="approve")
    for one in (estimate, newer):
        one.refresh_from_db()
    assert (estimate.decision, newer.decision) == (Decision.WITHDRAWN, Decision.WAITING)


def test_nothing_is_decided_on_a_closed_ticket(cast: Cast, ticket: Ticket, estimate: Estimate) -> None:
    closed(cast, ticket)
    assert "This ticket is closed" in said(approval(estimate, cast.cleo), decision="approve")
    estimate.refresh_from_db()
    assert estimate.decision == Decision.WAITING


@pytest.mark.parametrize("decision", ["", "yes", "APPROVE"])
def test_an_answer_that_is_none_is_asked_again(cast: Cast, estimate: Estimate, decision: str) -> None:
    answer = Browser().post(approval(estimate, cast.cleo), {"decision": decision})
    assert answer.status_code == 422
    assert "Choose whether to approve or to decline." in answer.content.decode()


def test_the_page_says_what_is_left_and_what_it_would_leave(cast: Cast, ticket: Ticket) -> None:
    start(cast)
    log(cast, ticket, 420)
    page = Browser().get(approval(asked(cast, ticket, 90), cast.cleo)).content.decode()
    assert "is left this month; this work would go" in page
    assert ">1h</span> of" in page
    assert ">30m</strong> beyond it" in page


def test_a_forged_expired_foreign_or_revoked_link_gets_the_same_page(cast: Cast, estimate: Estimate) -> None:
    good = approval(estimate, cast.cleo)
    crossed = signed(
        Purpose.GUEST, public_id=estimate.public_id, contact=cast.cleo, ends_at=datetime.now(UTC) + LIFETIME
    )
    bad = [
        good[:-1] + ("a" if good[-1] != "a" else "b"),
        good.replace(f".{cast.cleo.pk}.", f".{cast.dev.pk}."),
        approval(estimate, cast.eve),
        approval(estimate, cast.cleo, ends_in=timedelta(0)),
        reverse("portal:approval_by_link", args=[crossed]),
        reverse("portal:approval_by_link", args=["forged"]),
    ]
    cast.dev.sees_maintenance = False
    cast.dev.save()
    bad.append(approval(estimate, cast.dev))
    pages = set()
    for path in bad:
        for answer in (Browser().get(path), Browser().post(path, {"decision": "approve"})):
            assert answer.status_code == 404
            pages.add(plain(answer.content.decode()))
    assert len(pages) == 1
    assert INVALID in pages.pop()
    estimate.refresh_from_db()
    assert estimate.decision == Decision.WAITING


def plain(html: str) -> str:
    return "\n".join(line for line in html.splitlines() if "csrf" not in line)


def test_a_person_who_may_no_longer_sign_in_decides_nothing(cast: Cast, estimate: Estimate) -> None:
    path = approval(estimate, cast.cleo)
    cast.cleo.user.is_active = False
    cast.cleo.user.save()
    assert Browser().post(path, {"decision": "approve"}).status_code == 404


def test_another_sites_form_decides_nothing(cast: Cast, estimate: Estimate) -> None:
    browser = Browser(enforce_csrf_checks=True)
    assert browser.post(approval(estimate, cast.cleo), {"decision": "approve"}).status_code == 403


def test_a_link_is_not_pressed_without_end(cast: Cast, estimate: Estimate) -> None:
    path = approval(estimate, cast.cleo)
    codes = [Browser().post(path, {"decision": "maybe"}).status_code for _ in range(POSTS_IN_WINDOW + 1)]
    assert (codes[0], codes[-1]) == (422, 429)


# Rating


def test_the_link_only_chooses_and_the_button_keeps(cast: Cast, ticket: Ticket) -> None:
    path = rating(closed(cast, ticket), cast.cleo)
    page = Browser().get(f"{path}?verdict=bad").content.decode()
    assert 'value="bad" checked' in page
    assert not Rating.objects.exists()
    assert "Thank you for saying so" in said(path, verdict="bad", comment="Slow")
    kept = Rating.objects.get()
    assert (kept.verdict, kept.comment, kept.rated_by) == (Verdict.BAD, "Slow", cast.cleo)
    assert Event.objects.get(kind="ticket.rated").via == "mail"
    said(path, verdict="good", comment="")
    assert Rating.objects.get().verdict == Verdict.GOOD


@pytest.mark.parametrize("fields", [{"verdict": ""}, {"verdict": "great"}, {"verdict": "good", "comment": "x" * 1001}])
def test_a_rating_that_cannot_be_kept_comes_back(cast: Cast, ticket: Ticket, fields: dict[str, str]) -> None:
    answer = Browser().post(rating(closed(cast, ticket), cast.cleo), fields)
    assert answer.status_code == 422
    assert fields.get("comment", "") in answer.content.decode()
    assert not Rating.objects.exists()


def test_a_link_rates_its_own_resolution_and_no_later_one(cast: Cast, ticket: Ticket) -> None:
    path = rating(closed(cast, ticket), cast.cleo)
    reopen_ticket(ticket_id=ticket.pk, act=act_by(cast.ben.user))
    assert "This ticket is open again" in said(path, verdict="good")
    closed(cast, ticket)
    assert "can no longer be rated" in said(path, verdict="good")
    assert not Rating.objects.exists()


def test_rating_ends_with_the_days_of_the_settings_and_when_switched_off(cast: Cast, ticket: Ticket) -> None:
    act = act_by(cast.ada.user)
    path = rating(closed(cast, ticket), cast.cleo)
    keep = {"after_reply": AfterReply.AWAIT_CLIENT, "reopen_within_days": 14}
    change_ticket_settings(**keep, rating=RatingRequest.OFF, act=act)  # type: ignore[arg-type]
    assert "can no longer be rated" in said(path, verdict="good")
    change_ticket_settings(**keep, rating=RatingRequest.MAIL, rating_days=1, act=act)  # type: ignore[arg-type]
    Ticket.objects.filter(pk=ticket.pk).update(closed_at=timezone.now() - timedelta(days=2))
    ticket.refresh_from_db()
    assert "can no longer be rated" in said(rating(ticket, cast.cleo), verdict="good")
    assert not Rating.objects.exists()


def test_no_bad_link_rates(cast: Cast, ticket: Ticket) -> None:
    good = rating(closed(cast, ticket), cast.cleo)
    bad = [
        good[:-1] + ("a" if good[-1] != "a" else "b"),
        good.replace(f".{cast.cleo.pk}.", f".{cast.dev.pk}."),
        rating(ticket, cast.eve),
        rating(ticket, cast.cleo, ends_in=timedelta(0)),
    ]
    for path in bad:
        assert INVALID in said(path, verdict="good")
    assert not Rating.objects.exists()


def test_a_decision_by_link_after_one_in_the_portal_is_told_whose_it_is(cast: Cast, estimate: Estimate) -> None:
    decide(estimate_id=estimate.pk, contact=cast.dev, approve=False, act=act_by(cast.dev.user))
    assert "Dev Das declined" in Browser().get(approval(estimate, cast.cleo)).content.decode()

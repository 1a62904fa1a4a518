from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections

from deskhand.accounts.actions.people import AddressTaken, create_user
from deskhand.accounts.actions.signing_in import (
    LinkNotValid,
    create_sign_in_link,
    find_link,
    request_sign_in_link,
    token_of,
    use_sign_in_link,
)
from deskhand.accounts.models import SignInLink, User
from deskhand.accounts.rate_limits import WINDOW, allow
from deskhand.events.models import Event
from tests.cast import NOON, Cast, act_by


def test_a_link_opens_once(cast: Cast) -> None:
    token = token_of(create_sign_in_link(user=cast.cleo.user, act=act_by(None)))
    assert use_sign_in_link(token=token, act=act_by(None)).user == cast.cleo.user
    with pytest.raises(LinkNotValid):
        use_sign_in_link(token=token, act=act_by(None))


def test_looking_at_a_link_does_not_use_it_up(cast: Cast) -> None:
    token = token_of(create_sign_in_link(user=cast.cleo.user, act=act_by(None)))
    find_link(token, now=NOON)
    assert find_link(token, now=NOON).used_at is None


def test_a_link_dies_after_fifteen_minutes(cast: Cast) -> None:
    token = token_of(create_sign_in_link(user=cast.cleo.user, act=act_by(None)))
    find_link(token, now=NOON + timedelta(minutes=14, seconds=59))
    with pytest.raises(LinkNotValid):
        find_link(token, now=NOON + timedelta(minutes=15))


@pytest.mark.parametrize("forge", [lambda token: token[:-1], lambda token: token.split(":")[0], lambda _: "x:y"])
def test_a_forged_link_opens_nothing(cast: Cast, forge: object) -> None:
    token = token_of(create_sign_in_link(user=cast.cleo.user, act=act_by(None)))
    with pytest.raises(LinkNotValid):
        find_link(forge(token), now=NOON)  # type: ignore[operator]


def test_nobody_gets_a_link_for_an_unknown_address(db: None) -> None:
    assert request_sign_in_link(address="nobody@example.com", act=act_by(None)) is None
    assert not SignInLink.objects.exists()


def test_the_event_of_a_link_does_not_hold_its_token(cast: Cast) -> None:
    link = request_sign_in_link(address="CLEO@acme.example", act=act_by(None))
    assert link is not None
    event = Event.objects.get(kind="sign_in_link.requested")
    assert link.public_id not in str(event.data)


def test_someone_who_left_gets_no_link(cast: Cast) -> None:
    User.objects.filter(pk=cast.ben.user.pk).update(is_active=False)
    assert request_sign_in_link(address="ben@desk.example", act=act_by(None)) is None


def test_an_address_belongs_to_one_person(cast: Cast) -> None:
    with pytest.raises(AddressTaken):
        create_user(email="Cleo@Acme.example", name="Twin", act=act_by(None))


@pytest.mark.django_db(transaction=True)
def test_a_limit_counts_every_try_made_at_once() -> None:
    def attempt(_: int) -> bool:
        try:
            return allow("tries", limit=5, now=NOON)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        allowed = list(pool.map(attempt, range(40)))
    assert allowed.count(True) == 5


@pytest.mark.django_db
def test_a_limit_begins_again_after_its_window() -> None:
    assert [allow("k", limit=1, now=NOON) for _ in range(2)] == [True, False]
    assert allow("k", limit=1, now=NOON + WINDOW)

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from deskhand.accounts.actions.agents import (
    LastAdmin,
    OwnAccount,
    change_details,
    deactivate_agent,
    invite_agent,
    reactivate_agent,
    set_role,
)
from deskhand.accounts.actions.people import AddressTaken, change_address, create_agent
from deskhand.accounts.actions.signing_in import LinkNotValid, create_sign_in_link, find_link, token_of
from deskhand.accounts.models import Agent, Role, SignInLink, User
from deskhand.events.models import Event
from tests.cast import NOON, Cast, act_by
from tests.web.visitors import signed_in


def role(slug: str) -> Role:
    return Role.objects.get(slug=slug)


def test_inviting_sends_a_one_time_link(cast: Cast) -> None:
    act = act_by(cast.ada.user)
    agent = invite_agent(email="Zoe@desk.example", name="Zoe", role_slug="agent", title="Designer", act=act)
    assert agent.user.email == "zoe@desk.example"
    link = SignInLink.objects.get(user=agent.user)
    assert Event.objects.get(kind="sign_in_link.requested").data["link_id"] == link.pk


def test_inviting_an_address_twice_is_refused(cast: Cast) -> None:
    with pytest.raises(AddressTaken):
        invite_agent(email="BEN@desk.example", name="Ben", role_slug="agent", act=act_by(cast.ada.user))


def test_a_role_is_changed_and_recorded(cast: Cast) -> None:
    set_role(agent_id=cast.ben.pk, role=role("manager"), act=act_by(cast.ada.user))
    set_role(agent_id=cast.ben.pk, role=role("manager"), act=act_by(cast.ada.user))
    assert Event.objects.get(kind="agent.role_changed").data == {"old": "Agent", "new": "Manager"}


def test_the_last_admin_keeps_the_role(cast: Cast) -> None:
    with pytest.raises(LastAdmin):
        set_role(agent_id=cast.ada.pk, role=role("agent"), act=act_by(cast.ada.user))
    set_role(agent_id=cast.ben.pk, role=role("admin"), act=act_by(cast.ada.user))
    set_role(agent_id=cast.ada.pk, role=role("agent"), act=act_by(cast.ada.user))


def test_the_last_admin_cannot_be_deactivated(cast: Cast) -> None:
    with pytest.raises(LastAdmin):
        deactivate_agent(agent_id=cast.ada.pk, act=act_by(cast.ben.user))


def test_an_admin_who_left_does_not_count(cast: Cast) -> None:
    set_role(agent_id=cast.ben.pk, role=role("admin"), act=act_by(cast.ada.user))
    deactivate_agent(agent_id=cast.ben.pk, act=act_by(cast.ada.user))
    with pytest.raises(LastAdmin):
        set_role(agent_id=cast.ada.pk, role=role("agent"), act=act_by(cast.ada.user))


def test_nobody_deactivates_themselves(cast: Cast) -> None:
    set_role(agent_id=cast.ben.pk, role=role("admin"), act=act_by(cast.ada.user))
    with pytest.raises(OwnAccount):
        deactivate_agent(agent_id=cast.ben.pk, act=act_by(cast.ben.user))


def test_someone_may_come_back(cast: Cast) -> None:
    for _ in range(2):
        deactivate_agent(agent_id=cast.kit.pk, act=act_by(cast.ada.user))
    assert not User.objects.get(pk=cast.kit.user_id).is_active
    for _ in range(2):
        reactivate_agent(agent_id=cast.kit.pk, act=act_by(cast.ada.user))
    assert User.objects.get(pk=cast.kit.user_id).is_active
    kinds = Event.objects.filter(kind__in=["agent.deactivated", "agent.reactivated"]).order_by("id")
    assert list(kinds.values_list("kind", flat=True)) == ["agent.deactivated", "agent.reactivated"]


def test_who_comes_back_is_signed_in_nowhere(cast: Cast) -> None:
    kits = signed_in(cast.kit.user)
    assert kits.get("/workspace/inbox").status_code == 200
    deactivate_agent(agent_id=cast.kit.pk, act=act_by(cast.ada.user))
    reactivate_agent(agent_id=cast.kit.pk, act=act_by(cast.ada.user))
    assert kits.get("/workspace/inbox").status_code == 302
    assert signed_in(User.objects.get(pk=cast.kit.user_id)).get("/workspace/inbox").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_two_admins_cannot_deactivate_each_other_at_once() -> None:
    system = act_by(None)
    pair = [
        create_agent(email=f"{name}@desk.example", name=name, role_slug="admin", act=system) for name in ("xan", "yan")
    ]

    def attempt(index: int) -> bool:
        try:
            deactivate_agent(agent_id=pair[index].pk, act=act_by(pair[1 - index].user))
        except LastAdmin:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(attempt, range(2))) == [False, True]


def test_details_change_and_the_event_names_the_fields(cast: Cast) -> None:
    change_details(agent_id=cast.ben.pk, name="Ben  Baker", title="Lead\n", phone="123", act=act_by(cast.ada.user))
    ben = Agent.objects.get(pk=cast.ben.pk)
    assert (ben.name, ben.title, ben.phone) == ("Ben Baker", "Lead", "123")
    assert Event.objects.get(kind="user.changed").data == {"fields": ["title", "phone"]}


def test_a_new_address_takes_over_and_the_old_one_opens_nothing(cast: Cast) -> None:
    token = token_of(create_sign_in_link(user=cast.cleo.user, act=act_by(None)))
    change_address(user_id=cast.cleo.user_id, email="Cleo@New.example", act=act_by(cast.ben.user))
    assert User.objects.with_address("cleo@new.example").get() == cast.cleo.user
    assert not User.objects.with_address("cleo@acme.example").exists()
    with pytest.raises(LinkNotValid):
        find_link(token, now=NOON)


def test_a_new_address_that_is_someone_elses_is_refused(cast: Cast) -> None:
    with pytest.raises(AddressTaken):
        change_address(user_id=cast.cleo.user_id, email="EVE@other.example", act=act_by(cast.ben.user))
    assert User.objects.get(pk=cast.cleo.user_id).email == "cleo@acme.example"

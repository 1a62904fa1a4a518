"""Who works here: inviting, changing the role, leaving and coming back."""

from django.db import transaction

from deskhand.accounts.actions.passwords import end_sessions
from deskhand.accounts.actions.people import create_agent
from deskhand.accounts.actions.signing_in import request_sign_in_link
from deskhand.accounts.events import AgentDeactivated, AgentReactivated, AgentRoleChanged, UserChanged
from deskhand.accounts.models import Agent, AgentQuerySet, Role, User
from deskhand.accounts.roles import Permission
from deskhand.core.changes import differences
from deskhand.core.text import one_line
from deskhand.events import Act
from deskhand.events.recording import record


class LastAdmin(ValueError):
    """Nobody else could change the settings afterwards."""

    def __init__(self) -> None:
        super().__init__("This is the last person who may change the settings. Give someone else that role first.")


class OwnAccount(ValueError):
    """Nobody can deactivate themselves."""

    def __init__(self) -> None:
        super().__init__("You cannot deactivate yourself. Ask another admin to do it.")


@transaction.atomic
def invite_agent(
    *, email: str, name: str, role_slug: str, act: Act, title: str = "", phone: str = "", next_path: str = ""
) -> Agent:
    """Make someone who works here and send them a one-time link. Raises AddressTaken."""
    agent = create_agent(email=email, name=name, role_slug=role_slug, title=title, phone=phone, act=act)
    request_sign_in_link(address=agent.user.email, act=act, next_path=next_path)
    return agent


@transaction.atomic
def set_role(*, agent_id: int, role: Role, act: Act) -> None:
    """Give an agent another role. Raises LastAdmin when nobody could change the settings afterwards."""
    _lock_admins()
    agent = _locked(agent_id)
    if agent.role_id == role.pk:
        return
    if not role.grants(Permission.SETTINGS_MANAGE):
        _require_another_admin(agent)
    fact = AgentRoleChanged(subject_id=agent.user_id, old=agent.role.name, new=role.name)
    agent.role = role
    agent.save(update_fields=["role"])
    record(fact, act=act)


@transaction.atomic
def deactivate_agent(*, agent_id: int, act: Act) -> None:
    """End someone's work here: they are signed out at once; what they wrote and hold stays.

    Raises LastAdmin, and OwnAccount for oneself.
    """
    _lock_admins()
    agent = _locked(agent_id)
    if agent.user_id == act.actor_id:
        raise OwnAccount
    if not agent.user.is_active:
        return
    _require_another_admin(agent)
    User.objects.filter(pk=agent.user_id).update(is_active=False)
    end_sessions(user_id=agent.user_id, act=act)  # they stay ended, should the person come back
    record(AgentDeactivated(subject_id=agent.user_id), act=act)


@transaction.atomic
def reactivate_agent(*, agent_id: int, act: Act) -> None:
    """Let someone work here again."""
    agent = _locked(agent_id)
    if agent.user.is_active:
        return
    User.objects.filter(pk=agent.user_id).update(is_active=True)
    record(AgentReactivated(subject_id=agent.user_id), act=act)


@transaction.atomic
def change_details(*, agent_id: int, name: str, title: str, phone: str, act: Act) -> None:
    """Change an agent's name, title and phone."""
    agent = _locked(agent_id)
    wanted = {"name": one_line(name), "title": one_line(title), "phone": one_line(phone)}
    present = {"name": agent.user.name, "title": agent.title, "phone": agent.phone}
    changed = list(differences(present, wanted))
    if not changed:
        return
    agent.title, agent.phone = wanted["title"], wanted["phone"]
    agent.save(update_fields=["title", "phone"])
    User.objects.filter(pk=agent.user_id).update(name=wanted["name"])
    record(UserChanged(subject_id=agent.user_id, fields=changed), act=act)


def _locked(agent_id: int) -> Agent:
    return Agent.objects.select_for_update(of=("self",)).select_related("user", "role").get(pk=agent_id)


def _lock_admins() -> None:
    # Two admins who deactivate each other at once: the second waits, and then counts anew.
    list(_admins().select_for_update(of=("self",)).order_by("pk"))


def _require_another_admin(agent: Agent) -> None:
    others = _admins().filter(user__is_active=True).exclude(pk=agent.pk)
    if agent.may(Permission.SETTINGS_MANAGE) and not others.exists():
        raise LastAdmin


def _admins() -> AgentQuerySet:
    return Agent.objects.filter(role__permissions__contains=[Permission.SETTINGS_MANAGE])

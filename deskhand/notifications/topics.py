"""What an agent can be told of, by which channels, and what holds until they choose otherwise."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import models

from deskhand.accounts.models import Role
from deskhand.accounts.roles import Permission


class Topic(models.TextChoices):
    """A kind of thing that happens; the label completes "Tell me when …"."""

    ON_CALL = "on_call", "a business critical ticket waits for someone on call"
    ASSIGNED = "assigned", "a ticket is assigned to me"
    TEAM_ASSIGNED = "team_assigned", "a ticket is handed to a team of mine"
    MENTIONED = "mentioned", "someone mentions me"
    CLIENT_MESSAGE = "client_message", "a client writes on a ticket I have or follow"
    MESSAGE_HELD = "message_held", "a message on such a ticket waits to be let in"
    TEAM_MESSAGE = "team_message", "someone writes to the team on such a ticket"
    CHASED = "chased", "a client asks for an update"
    PROMISE_WARNED = "promise_warned", "a promised time comes near"
    PROMISE_BREACHED = "promise_breached", "a promised time was missed"
    MAIL_TROUBLED = "mail_troubled", "a reply of mine did not reach someone"
    ESTIMATE_DECIDED = "estimate_decided", "a client decides on an estimate of mine"
    RATED = "rated", "a client rates how a ticket was solved"
    ALLOWANCE = "allowance", "an allowance runs out"
    NEW_TICKET = "new_ticket", "any ticket is opened"


URGENT = frozenset({Topic.ON_CALL})
"""Mailed at once, and always: nobody can switch them off."""
ANSWERED_IN_PUBLIC = frozenset({Topic.CLIENT_MESSAGE, Topic.CHASED, Topic.NEW_TICKET})
"""They tell of nothing but what a client wrote: an answer by mail goes to the client; all others stay with the team."""
TAKES: Mapping[Topic, Permission] = {Topic.ALLOWANCE: Permission.ALLOWANCES_VIEW}
"""What an agent must be allowed to hear of it."""


@dataclass(frozen=True)
class Channels:
    """By which ways a topic is told."""

    in_app: bool
    by_mail: bool


BOTH = Channels(in_app=True, by_mail=True)
IN_APP = Channels(in_app=True, by_mail=False)
NEITHER = Channels(in_app=False, by_mail=False)
DEFAULTS: Mapping[Topic, Channels] = {
    **dict.fromkeys(Topic, BOTH),
    Topic.TEAM_ASSIGNED: IN_APP,
    Topic.PROMISE_WARNED: IN_APP,
    Topic.RATED: IN_APP,
    Topic.NEW_TICKET: NEITHER,
}
ROLE_DEFAULTS: Mapping[str, Mapping[Topic, Channels]] = {
    "manager": {Topic.PROMISE_WARNED: BOTH, Topic.RATED: BOTH},
    "contractor": {Topic.PROMISE_WARNED: NEITHER, Topic.RATED: NEITHER},
}
"""Where a shipped role differs, by its slug."""


def default_of(role: Role, topic: Topic) -> Channels:
    """Return what holds for an agent of this role who chose nothing."""
    return ROLE_DEFAULTS.get(role.slug, {}).get(topic, DEFAULTS[topic])


def topics_of(role: Role) -> list[Topic]:
    """Return what an agent of this role can be told of."""
    return [topic for topic in Topic if topic not in TAKES or role.grants(TAKES[topic])]

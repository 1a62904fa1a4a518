"""Whom something concerns, and who of them wants to hear of it."""

from collections.abc import Callable, Iterable, Mapping

from django.db.models import Exists, OuterRef, Q, QuerySet

from deskhand.accounts.models import Agent
from deskhand.allowances.models import Estimate
from deskhand.core.built import built_once
from deskhand.core.remembering import remembered
from deskhand.mail.models import Delivery, OutboundKind
from deskhand.notifications.happenings import Happening
from deskhand.notifications.models import Choice
from deskhand.notifications.topics import BOTH, NEITHER, TAKES, URGENT, Channels, Topic, default_of
from deskhand.tickets.models import Assignment, Follow, Ticket
from deskhand.tickets.models.team import Mention


def recipients_of(happening: Happening) -> list[tuple[Agent, Channels]]:
    """Return who is told, by which channels: whom it concerns, who may know of it and wants to, and did not do it.

    Four queries, and one for each agent who does not see every ticket.
    """
    concerned = Agent.objects.active().filter(_CONCERNED[happening.topic](happening)).distinct()
    agents = [agent for agent in concerned if agent.user_id != happening.actor_id and _may_know(agent, happening)]
    channels = channels_of(agents, happening.topic)
    return [(agent, channels[agent.pk]) for agent in agents if channels[agent.pk] != NEITHER]


def may_concern_anyone(happening: Happening) -> bool:
    """Return False where surely nobody is concerned, of what happens by far the most often. One query at most."""
    asks = _MAY_CONCERN.get(happening.topic)
    return asks is None or asks(happening)


def _anyone_chose_it(happening: Happening) -> bool:
    return remembered(("chosen", happening.topic), lambda: bool(_chosen(happening.topic.value)))


def _anyone_is_on_it(happening: Happening) -> bool:
    ticket_id = happening.ticket_id
    return ticket_id is not None and bool(_watched(ticket_id))


_MAY_CONCERN: Mapping[Topic, Callable[[Happening], bool]] = {
    Topic.CLIENT_MESSAGE: _anyone_is_on_it,
    Topic.NEW_TICKET: _anyone_chose_it,
}


@built_once
def _chosen(topic: str) -> QuerySet[Choice]:
    return Choice.objects.filter(topic=topic)[:1]


@built_once
def _watched(ticket_id: int) -> QuerySet[Ticket, int]:
    is_assigned, is_followed = (Exists(rows.objects.filter(ticket=OuterRef("pk"))) for rows in (Assignment, Follow))
    return Ticket.objects.filter(is_assigned | is_followed, pk=ticket_id).values_list("pk", flat=True)


def channels_of(agents: Iterable[Agent], topic: Topic) -> dict[int, Channels]:
    """Return by which channels each agent is told of a topic, by their ids. One query."""
    known = {agent.pk: default_of(agent.role, topic) for agent in agents}
    if topic in URGENT:
        return dict.fromkeys(known, BOTH)
    for choice in Choice.objects.filter(agent__in=known, topic=topic):
        known[choice.agent_id] = Channels(in_app=choice.in_app, by_mail=choice.by_mail)
    return known


def may_see(agent: Agent, ticket_id: int | None) -> bool:
    """Return whether an agent works here and may see the ticket now; None is no ticket, which everyone may."""
    if not agent.user.is_active:
        return False
    return ticket_id is None or Ticket.objects.visible_to(agent).filter(pk=ticket_id).exists()


def _may_know(agent: Agent, happening: Happening) -> bool:
    permission = TAKES.get(happening.topic)
    return (permission is None or agent.may(permission)) and may_see(agent, happening.ticket_id)


def _named(happening: Happening) -> Q:
    return Q(pk__in=happening.agent_ids)


def _assigned(happening: Happening) -> Q:
    return Q(pk__in=Assignment.objects.filter(ticket=happening.ticket_id).values("agent"))


def _kept_informed(happening: Happening) -> Q:
    # Never as joins: an OR over two of them pairs all tickets of an agent with all that they follow.
    return _assigned(happening) | Q(pk__in=Follow.objects.filter(ticket=happening.ticket_id).values("agent"))


def _team_informed(happening: Happening) -> Q:
    """Who is mentioned hears of the mention, and not a second time of the message."""
    mentioned = Mention.objects.filter(team_message=happening.about_id)
    return _kept_informed(happening) & ~Q(pk__in=mentioned.values("agent"))


def _team(happening: Happening) -> Q:
    return Q(pk__in=Agent.objects.filter(teams__tickets=happening.ticket_id).values("pk"))


def _responsible(happening: Happening) -> Q:
    managers = Agent.objects.filter(clients__tickets=happening.ticket_id)
    return _assigned(happening) | Q(pk__in=managers.values("pk"))


def _promising(happening: Happening) -> Q:
    return _responsible(happening) | _team(happening)


def _letting_in(happening: Happening) -> Q:
    """Of a message that waits somebody always hears, if only who would hear of a new ticket, or the admins."""
    known = _promising(happening) | _kept_informed(happening)
    if Agent.objects.active().filter(known).exists():
        return known
    return _choosing(Topic.NEW_TICKET) | Q(role__slug="admin")


def _author_of_mail(happening: Happening) -> Q:
    replies = Delivery.objects.filter(pk=happening.about_id, mail__kind=OutboundKind.REPLY)
    return Q(user__in=replies.values("mail__entry__author"))


def _author_of_estimate(happening: Happening) -> Q:
    return Q(user__in=Estimate.objects.filter(pk=happening.about_id).values("asked_by"))


def _manager_of_plan(happening: Happening) -> Q:
    return Q(clients__plans=happening.plan_id)


def _choosing_it(happening: Happening) -> Q:
    """Nobody gets these unasked, so that only those who asked need a look."""
    return _choosing(happening.topic)


def _choosing(topic: Topic) -> Q:
    return Q(pk__in=Choice.objects.filter(topic=topic).values("agent"))


_CONCERNED: Mapping[Topic, Callable[[Happening], Q]] = {
    Topic.ON_CALL: _named,
    Topic.ASSIGNED: _named,
    Topic.TEAM_ASSIGNED: _team,
    Topic.MENTIONED: _named,
    Topic.CLIENT_MESSAGE: _kept_informed,
    Topic.MESSAGE_HELD: _letting_in,
    Topic.TEAM_MESSAGE: _team_informed,
    Topic.CHASED: _responsible,
    Topic.PROMISE_WARNED: _promising,
    Topic.PROMISE_BREACHED: _promising,
    Topic.MAIL_TROUBLED: _author_of_mail,
    Topic.ESTIMATE_DECIDED: _author_of_estimate,
    Topic.RATED: _responsible,
    Topic.ALLOWANCE: _manager_of_plan,
    Topic.NEW_TICKET: _choosing_it,
}

"""Who is responsible, who follows, which team, and who else of the client is kept in."""

from collections.abc import Iterable

from django.db import transaction

from deskhand.accounts.models import Agent, Team
from deskhand.clients.models import Contact
from deskhand.core.changes import joining_and_leaving
from deskhand.events import Act
from deskhand.events.recording import record
from deskhand.tickets.actions.locking import locked
from deskhand.tickets.events import (
    AssigneesChanged,
    ParticipantAdded,
    TeamChanged,
    TicketFollowed,
    TicketUnfollowed,
)
from deskhand.tickets.models import Assignment, Follow, Participant, Ticket


@transaction.atomic
def set_assignees(*, ticket_id: int, agents: Iterable[Agent], act: Act) -> None:
    """Make exactly these agents responsible; an empty list leaves the ticket unassigned."""
    ticket = locked(ticket_id)
    added, removed = joining_and_leaving(agents, _assignees(ticket))
    if not added and not removed:
        return
    Assignment.objects.filter(ticket=ticket, agent__in=removed).delete()
    Assignment.objects.bulk_create(Assignment(ticket=ticket, agent=agent, assigned_at=act.at) for agent in added)
    fact = AssigneesChanged(
        subject_id=ticket.pk,
        added_ids=[agent.pk for agent in added],
        removed_ids=[agent.pk for agent in removed],
        added_names=[agent.name for agent in added],
        removed_names=[agent.name for agent in removed],
    )
    record(fact, act=act)


@transaction.atomic
def change_assignees(*, ticket_id: int, act: Act, add: Iterable[Agent] = (), remove: Iterable[Agent] = ()) -> None:
    """Make further agents responsible, and some no longer; whoever else is stays so."""
    ticket = locked(ticket_id)
    gone = set(remove)
    wanted = [agent for agent in [*_assignees(ticket), *add] if agent not in gone]
    set_assignees(ticket_id=ticket.pk, agents=wanted, act=act)


def _assignees(ticket: Ticket) -> list[Agent]:
    return [row.agent for row in Assignment.objects.filter(ticket=ticket).select_related("agent__user")]


@transaction.atomic
def set_team(*, ticket_id: int, team: Team | None, act: Act) -> None:
    """Hand the ticket to a team, or to none."""
    ticket = locked(ticket_id)
    if ticket.team_id == (team.pk if team else None):
        return
    old = ticket.team.name if ticket.team else ""
    ticket.team = team
    ticket.save(update_fields=["team"])
    record(TeamChanged(subject_id=ticket.pk, old_name=old, new_name=team.name if team else ""), act=act)


@transaction.atomic
def follow(*, ticket_id: int, agent: Agent, act: Act) -> None:
    """Keep an agent informed; following twice does nothing."""
    ticket = locked(ticket_id)
    _, is_new = Follow.objects.get_or_create(ticket=ticket, agent=agent, defaults={"followed_at": act.at})
    if is_new:
        record(TicketFollowed(subject_id=ticket.pk, agent_id=agent.pk, agent_name=agent.name), act=act)


@transaction.atomic
def unfollow(*, ticket_id: int, agent: Agent, act: Act) -> None:
    """Stop keeping an agent informed."""
    ticket = locked(ticket_id)
    gone, _ = Follow.objects.filter(ticket=ticket, agent=agent).delete()
    if gone:
        record(
            TicketUnfollowed(subject_id=ticket.pk, agent_id=agent.pk, agent_name=agent.name),
            act=act,
        )


class NotAColleague(ValueError):
    """The contact belongs to another client than the ticket."""


@transaction.atomic
def add_participant(*, ticket_id: int, contact: Contact, act: Act) -> None:
    """Keep a colleague of the same client in the conversation. Raises NotAColleague for anyone else."""
    ticket = locked(ticket_id)
    if ticket.client_id is None or contact.client_id != ticket.client_id:
        raise NotAColleague(f"{contact.name} does not belong to the client of this ticket.")
    if contact.pk == ticket.requester_id:
        return
    _, is_new = Participant.objects.get_or_create(ticket=ticket, contact=contact, defaults={"added_at": act.at})
    if is_new:
        fact = ParticipantAdded(subject_id=ticket.pk, contact_id=contact.pk, contact_name=contact.name)
        record(fact, act=act)

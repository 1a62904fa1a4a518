"""Tables of tickets, by capability.

The staff-only tables (team messages, notes, mentions) are loaded but not named here: whoever needs them writes
`deskhand.tickets.models.team`, which the portal and outgoing mail are forbidden to import.
"""

import deskhand.tickets.models.team as _team  # noqa: F401 (Django must load the tables)
from deskhand.tickets.models.drafts import Audience, Draft, ReadMarker
from deskhand.tickets.models.labels import Category, Kind, RatingRequest, Status, Tag, TicketSettings
from deskhand.tickets.models.people import Assignment, Follow, Participant, Unfollowed
from deskhand.tickets.models.ratings import Rating, Verdict
from deskhand.tickets.models.thread import Attachment, Message, Recipient
from deskhand.tickets.models.ticket import Priority, Source, Ticket, Turn, Viewer

__all__ = [
    "Assignment",
    "Attachment",
    "Audience",
    "Category",
    "Draft",
    "Follow",
    "Kind",
    "Message",
    "Participant",
    "Priority",
    "Rating",
    "RatingRequest",
    "ReadMarker",
    "Recipient",
    "Source",
    "Status",
    "Tag",
    "Ticket",
    "TicketSettings",
    "Turn",
    "Unfollowed",
    "Verdict",
    "Viewer",
]

"""Tables of clients, by capability.

The staff-only note is loaded but not named here: whoever needs it writes `deskhand.clients.models.notes`, which the
portal is forbidden to import.
"""

import deskhand.clients.models.notes as _notes  # noqa: F401 (Django must load the table)
from deskhand.clients.models.invitations import Invitation, InvitationQuerySet
from deskhand.clients.models.people import Client, ClientQuerySet, Contact, ContactQuerySet, Domain
from deskhand.clients.models.portal_words import Announcement, HelpSection

__all__ = [
    "Announcement",
    "Client",
    "ClientQuerySet",
    "Contact",
    "ContactQuerySet",
    "Domain",
    "HelpSection",
    "Invitation",
    "InvitationQuerySet",
]

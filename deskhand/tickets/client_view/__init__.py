"""The one projection of everything a client sees: portal, client mail, client API and feeds read it and nothing else.

Open or Closed, the flag "Awaiting your response", messages, files and plain sentences. No internal status, tag,
priority, team, due date, team message, note, held message or quoted mail, and no position that would betray them.
"""

from deskhand.tickets.client_view.bodies import framed_body
from deskhand.tickets.client_view.files import ClientFileRow, FileKind, FilesPage, client_files
from deskhand.tickets.client_view.rows import ClientHome, Found, Wanted, categories_of, client_home, find_tickets
from deskhand.tickets.client_view.sentences import listed
from deskhand.tickets.client_view.similar import SimilarTicket, similar_tickets
from deskhand.tickets.client_view.thread import client_ticket, unread_by
from deskhand.tickets.client_view.values import (
    ClientEventLine,
    ClientFile,
    ClientMessage,
    ClientTicket,
    ClientTicketRow,
)

__all__ = [
    "ClientEventLine",
    "ClientFile",
    "ClientFileRow",
    "ClientHome",
    "ClientMessage",
    "ClientTicket",
    "ClientTicketRow",
    "FileKind",
    "FilesPage",
    "Found",
    "SimilarTicket",
    "Wanted",
    "categories_of",
    "client_files",
    "client_home",
    "client_ticket",
    "find_tickets",
    "framed_body",
    "listed",
    "similar_tickets",
    "unread_by",
]

"""One ticket as a contact sees it: messages and plain sentences, in the order they happened."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, JSONObject

from deskhand.accounts.models import User
from deskhand.clients.models import Contact
from deskhand.core.built import built_once
from deskhand.core.html import is_simple, trusted
from deskhand.core.names import avatar_hue
from deskhand.events import Via
from deskhand.events.models import Event
from deskhand.tickets.client_view.sentences import Doer, sentence
from deskhand.tickets.client_view.values import ClientEventLine, ClientFace, ClientFile, ClientMessage, ClientTicket
from deskhand.tickets.events import MessagePosted
from deskhand.tickets.models import (
    Assignment,
    Attachment,
    Message,
    Participant,
    ReadMarker,
    Ticket,
    TicketSettings,
)
from deskhand.tickets.models.ticket import TicketQuerySet

FilesOfMessage = Mapping[int | None, Sequence[Attachment]]


def client_ticket(contact: Contact, number: int, *, now: datetime) -> ClientTicket | None:
    """Return the ticket, or None where the contact may not see it. The number of queries is constant."""
    ticket = next(iter(_tickets(contact, number)), None)
    if ticket is None:
        return None
    found = vars(ticket)
    return ClientTicket(
        topic=f"ticket:{ticket.pk}",
        number=ticket.number,
        subject=ticket.subject,
        is_closed=ticket.is_closed,
        reopens_on_reply=_reopens(ticket, now),
        awaits_response=ticket.awaits_client,
        category=ticket.category.name if ticket.category else "",
        site=ticket.site,
        needed_by_on=ticket.needed_by_on,
        opened_at=ticket.opened_at,
        opened_by=ticket.requester.name,
        working_on_it=[_face(**face) for face in found["at_work"]],
        kept_informed=found["others"]
        if ticket.requester_id == contact.pk
        else [ticket.requester.name, *found["others"]],
        continues=found["continued"],
        entries=_entries(contact, ticket),
    )


@built_once
def _tickets(contact: Contact, number: int) -> TicketQuerySet:
    tickets = Ticket.objects.visible_to(contact).filter(number=number)
    return _with_people(tickets, contact).select_related("requester__user", "category")


def unread_by(reader: User) -> Subquery:
    """Return how far the thread of a row of tickets is shown to clients, NULL where the reader was there before.

    It is for the read marker and never leaves the server.
    """
    read_to = ReadMarker.objects.filter(user=reader, ticket=OuterRef("ticket")).values("position")
    messages = Message.objects.filter(ticket=OuterRef("pk")).shown_to_clients().order_by("-position")
    unread = messages.exclude(position__lte=Coalesce(Subquery(read_to[:1]), 0))
    return Subquery(unread.values("position")[:1])


def _reopens(ticket: Ticket, now: datetime) -> bool:
    if ticket.closed_at is None:
        return True
    days = TicketSettings.current().reopen_within_days
    return not days or now - ticket.closed_at <= timedelta(days=days)


def _with_people(tickets: TicketQuerySet, contact: Contact) -> TicketQuerySet:
    """Tell along with a ticket who works on it, who else is kept informed, and the number of the one it continues."""
    here = OuterRef("pk")
    at_work = Assignment.objects.filter(ticket=here).order_by("assigned_at", "id")
    others = Participant.objects.filter(ticket=here).exclude(contact=contact).order_by("added_at", "id")
    earlier = Ticket.objects.visible_to(contact).filter(pk=OuterRef("follow_up_of"))
    face = JSONObject(name="agent__user__name", address="agent__user__email", picture="agent__user__picture_key")
    return tickets.annotate(
        at_work=ArraySubquery(at_work.values(face=face)),
        others=ArraySubquery(others.values("contact__user__name")),
        continued=Subquery(earlier.values("number")[:1]),
    )


def _face(name: str, address: str, picture: str) -> ClientFace:
    """The face without the address, which gives it the color that it has for staff."""
    return ClientFace(name, avatar_hue(address), picture)


def _entries(contact: Contact, ticket: Ticket) -> list[ClientMessage | ClientEventLine]:
    by_message: defaultdict[int | None, list[Attachment]] = defaultdict(list)
    for attachment in _attached_to(ticket.pk):
        by_message[attachment.message_id].append(attachment)
    events = _events_of(ticket.pk)
    # What happened at one moment stands in the order in which it was recorded.
    posted = {event.data["message_id"]: event.pk for event in events if event.kind == MessagePosted.kind}
    ordered: list[tuple[datetime, int, ClientMessage | ClientEventLine]] = [
        *((entry.at, posted.get(pk, 0), entry) for pk, entry in _messages(contact, ticket, by_message)),
        *((entry.at, pk, entry) for pk, entry in _event_lines(contact, events, by_message[None])),
    ]
    return [entry for _, _, entry in sorted(ordered, key=lambda row: row[:2])]


@built_once
def _attached_to(ticket_id: int) -> QuerySet[Attachment]:
    return Attachment.objects.filter(ticket=ticket_id).select_related("file").order_by("id")


@built_once
def _events_of(ticket_id: int) -> QuerySet[Event]:
    named = User.objects.filter(pk=OuterRef("actor_id")).values("name")
    return Event.objects.about("ticket", ticket_id).client_visible().annotate(actor_name=Subquery(named[:1]))


@built_once
def _messages_of(ticket_id: int) -> QuerySet[Message]:
    shown = Message.objects.filter(ticket=ticket_id).shown_to_clients().in_thread_order().select_related("author")
    return shown.defer("document", "quoted_html", "text", "words")


def _messages(contact: Contact, ticket: Ticket, files: FilesOfMessage) -> Iterable[tuple[int, ClientMessage]]:
    for message in _messages_of(ticket.pk):
        in_page = message.via != Via.MAIL or is_simple(message.html)
        yield (
            message.pk,
            ClientMessage(
                public_id=message.public_id,
                author=message.author.name,
                author_hue=avatar_hue(message.author.email),
                author_picture=message.author.picture_key,
                is_own=message.author_id == contact.user_id,
                is_from_desk=not message.is_from_client,
                at=message.created_at,
                came_by_mail=message.via == Via.MAIL,
                is_auto_reply=message.is_auto_reply,
                html=trusted(message.html) if in_page else "",
                body_href="" if in_page else f"/tickets/{ticket.number}/messages/{message.public_id}/body",
                files=[
                    _file(attachment) for attachment in files.get(message.pk, ()) if not _is_in(message, attachment)
                ],
            ),
        )


def _is_in(message: Message, attachment: Attachment) -> bool:
    """Whether the text itself shows the picture, so that it need not be listed below as well."""
    named = attachment.content_id and f"cid:{attachment.content_id}" in message.html
    return attachment.is_inline and bool(named or attachment.file.public_id in message.html)


def _file(attachment: Attachment) -> ClientFile:
    file = attachment.file
    return ClientFile(
        public_id=file.public_id, name=file.name, size_bytes=file.size_bytes, content_type=file.content_type
    )


def _event_lines(
    contact: Contact, events: Sequence[Event], files: Sequence[Attachment]
) -> Iterable[tuple[int, ClientEventLine]]:
    shown = {attachment.file_id: _file(attachment) for attachment in files}
    for event in events:
        doer = Doer(name=vars(event)["actor_name"] or "", is_reader=event.actor_id == contact.user_id)
        said = sentence(event, doer)
        if said is not None:
            brought = [shown[pk] for pk in event.data.get("file_ids", ()) if pk in shown]
            yield event.pk, ClientEventLine(icon=said.icon, sentence=said.text, at=event.occurred_at, files=brought)

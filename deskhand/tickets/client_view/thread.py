"""One ticket as a contact sees it: messages and plain sentences, in the order they happened."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from deskhand.accounts.models import User
from deskhand.clients.models import Contact
from deskhand.core.html import is_simple, trusted
from deskhand.events import Via
from deskhand.events.models import Event
from deskhand.tickets.client_view.rows import names_at_work
from deskhand.tickets.client_view.sentences import Doer, sentence
from deskhand.tickets.client_view.values import ClientEventLine, ClientFile, ClientMessage, ClientTicket
from deskhand.tickets.events import MessagePosted
from deskhand.tickets.models import Attachment, Message, Ticket, TicketSettings

FilesOfMessage = Mapping[int | None, Sequence[Attachment]]


def client_ticket(contact: Contact, number: int, *, now: datetime) -> ClientTicket | None:
    """Return the ticket, or None where the contact may not see it. The number of queries is constant."""
    tickets = Ticket.objects.visible_to(contact).filter(number=number)
    ticket = tickets.select_related("requester__user", "category").first()
    if ticket is None:
        return None
    return ClientTicket(
        topic=f"ticket:{ticket.pk}",
        number=ticket.number,
        subject=ticket.subject,
        is_closed=ticket.is_closed,
        reopens_on_reply=_reopens(ticket, now),
        awaits_response=ticket.awaits_client,
        category=ticket.category.name if ticket.category else "",
        needed_by_on=ticket.needed_by_on,
        opened_at=ticket.opened_at,
        opened_by=ticket.requester.name,
        working_on_it=names_at_work([ticket.pk])[ticket.pk],
        kept_informed=_kept_informed(contact, ticket),
        continues=_continues(contact, ticket),
        entries=_entries(contact, ticket),
    )


def shown_position(ticket_id: int) -> int:
    """Return how far the thread is shown to clients, for the read marker. It never leaves the server."""
    messages = Message.objects.filter(ticket=ticket_id).shown_to_clients()
    return messages.order_by("-position").values_list("position", flat=True).first() or 0


def _reopens(ticket: Ticket, now: datetime) -> bool:
    if ticket.closed_at is None:
        return True
    days = TicketSettings.current().reopen_within_days
    return not days or now - ticket.closed_at <= timedelta(days=days)


def _kept_informed(contact: Contact, ticket: Ticket) -> list[str]:
    rows = ticket.participants.exclude(contact=contact).order_by("added_at", "id")
    names = list(rows.values_list("contact__user__name", flat=True))
    return names if ticket.requester_id == contact.pk else [ticket.requester.name, *names]


def _continues(contact: Contact, ticket: Ticket) -> int | None:
    if ticket.follow_up_of_id is None:
        return None
    earlier = Ticket.objects.visible_to(contact).filter(pk=ticket.follow_up_of_id)
    return earlier.values_list("number", flat=True).first()


def _entries(contact: Contact, ticket: Ticket) -> list[ClientMessage | ClientEventLine]:
    attached = Attachment.objects.filter(ticket=ticket).select_related("file").order_by("id")
    by_message: defaultdict[int | None, list[Attachment]] = defaultdict(list)
    for attachment in attached:
        by_message[attachment.message_id].append(attachment)
    events = list(Event.objects.about("ticket", ticket.pk).client_visible())
    # What happened at one moment stands in the order in which it was recorded.
    posted = {event.data["message_id"]: event.pk for event in events if event.kind == MessagePosted.kind}
    ordered: list[tuple[datetime, int, ClientMessage | ClientEventLine]] = [
        *((entry.at, posted.get(pk, 0), entry) for pk, entry in _messages(contact, ticket, by_message)),
        *((entry.at, pk, entry) for pk, entry in _event_lines(contact, events, by_message[None])),
    ]
    return [entry for _, _, entry in sorted(ordered, key=lambda row: row[:2])]


def _messages(contact: Contact, ticket: Ticket, files: FilesOfMessage) -> Iterable[tuple[int, ClientMessage]]:
    shown = Message.objects.filter(ticket=ticket).shown_to_clients().in_thread_order().select_related("author")
    for message in shown.defer("document", "quoted_html", "text", "words"):
        in_page = message.via != Via.MAIL or is_simple(message.html)
        yield (
            message.pk,
            ClientMessage(
                public_id=message.public_id,
                author=message.author.name,
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
    actors = {event.actor_id for event in events} - {None}
    names = dict(User.objects.filter(pk__in=actors).values_list("pk", "name"))
    shown = {attachment.file_id: _file(attachment) for attachment in files}
    for event in events:
        doer = Doer(name=names.get(event.actor_id, ""), is_reader=event.actor_id == contact.user_id)
        said = sentence(event, doer)
        if said is not None:
            brought = [shown[pk] for pk in event.data.get("file_ids", ()) if pk in shown]
            yield event.pk, ClientEventLine(icon=said.icon, sentence=said.text, at=event.occurred_at, files=brought)

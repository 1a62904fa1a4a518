import json

import pytest
from django.db import IntegrityError, connection, transaction

from deskhand.clients.actions.notes import NoteChanged
from deskhand.core.documents import checked, to_html
from deskhand.events.models import Event
from deskhand.tickets.actions.conversation import NewMessage
from deskhand.tickets.actions.team import edit_note, post_team_message
from deskhand.tickets.bodies import from_composer
from deskhand.tickets.models import Follow, Kind, Ticket
from deskhand.tickets.models.team import Mention, TicketNote
from deskhand.tickets.queries.files import readable_file
from tests.cast import Cast, act_by


def test_a_team_message_changes_nothing_clients_see(cast: Cast) -> None:
    ticket = cast.ticket()
    before = Ticket.objects.values("kind", "last_line", "queue_at", "turn").get(pk=ticket.pk)
    cast.team_message(ticket)
    assert Ticket.objects.values("kind", "last_line", "queue_at", "turn").get(pk=ticket.pk) == before
    assert not Event.objects.get(kind="ticket.team_message_posted").is_client_visible


def test_a_mention_notifies_and_makes_follow(cast: Cast) -> None:
    ticket = cast.ticket()
    mention = {"type": "mention", "attrs": {"id": str(cast.ada.pk), "label": "Ada Admin"}}
    document = {"type": "doc", "content": [{"type": "paragraph", "content": [mention]}]}
    body = from_composer(document_json=json.dumps(document), plain_text="")
    message = post_team_message(ticket_id=ticket.pk, agent=cast.ben, new=NewMessage(body), act=act_by(cast.ben.user))
    assert message.text == "@Ada Admin"
    assert Mention.objects.get(team_message=message).agent == cast.ada
    assert Follow.objects.filter(ticket=ticket, agent=cast.ada).exists()


def test_a_file_of_the_team_never_reaches_a_client(cast: Cast) -> None:
    ticket = cast.ticket()
    file = cast.upload(cast.ben.user)
    body = from_composer(document_json="", plain_text="the log")
    post_team_message(
        ticket_id=ticket.pk, agent=cast.ben, new=NewMessage(body, files=[file]), act=act_by(cast.ben.user)
    )
    assert readable_file(cast.ada, file.public_id) == file
    assert readable_file(cast.cleo, file.public_id) is None
    assert Ticket.objects.get(pk=ticket.pk).attachment_count == 0


def test_two_people_editing_the_note_do_not_overwrite_each_other(cast: Cast) -> None:
    ticket = cast.ticket()
    first = edit_note(ticket_id=ticket.pk, text="VIP", seen_version=0, act=act_by(cast.ben.user))
    assert first.version == 1
    with pytest.raises(NoteChanged) as caught:
        edit_note(ticket_id=ticket.pk, text="mine", seen_version=0, act=act_by(cast.ada.user))
    assert caught.value.current.text == "VIP"
    assert TicketNote.objects.get(ticket=ticket).text == "VIP"


def test_a_note_holds_nothing_the_database_cannot(cast: Cast) -> None:
    note = edit_note(ticket_id=cast.ticket().pk, text="V\x00IP", seen_version=0, act=act_by(cast.ben.user))
    assert TicketNote.objects.get(pk=note.pk).text == "VIP"


def test_documents_are_rebuilt_from_known_nodes() -> None:
    source = (
        '{"type":"doc","content":[{"type":"paragraph","content":[{"type":"text","text":"<b>x</b>",'
        '"marks":[{"type":"link","attrs":{"href":"javascript:alert(1)"}}]}]},{"type":"iframe"}]}'
    )
    assert to_html(checked(source)) == "<p>&lt;b&gt;x&lt;/b&gt;</p>"


def _mislabel(ticket: Ticket) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        Ticket.objects.filter(pk=ticket.pk).update(kind=Kind.SPAM)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_kind_follows_the_status_in_the_database(cast: Cast) -> None:
    ticket = cast.ticket()
    with pytest.raises(IntegrityError):
        _mislabel(ticket)

import json

import pytest

from deskhand.accounts.models import Role
from deskhand.tickets.actions.assignment import set_assignees
from deskhand.tickets.actions.drafts import DraftPlace, save_draft
from deskhand.tickets.models import Audience, Draft, Follow, Kind, Message, ReadMarker, Ticket, TicketSettings
from deskhand.tickets.models.labels import AfterReply
from deskhand.tickets.models.team import Mention, TeamMessage
from tests.cast import Cast, act_by
from tests.workspace.browsing import get, post


def replies(ticket: Ticket) -> list[str]:
    return list(Message.objects.filter(ticket=ticket, is_from_client=False).values_list("text", flat=True))


def team_texts(ticket: Ticket) -> list[str]:
    return list(TeamMessage.objects.filter(ticket=ticket).values_list("text", flat=True))


def kind_of(ticket: Ticket) -> str:
    return Ticket.objects.get(pk=ticket.pk).kind


def mentioning(*agents: object) -> str:
    nodes = [{"type": "mention", "attrs": {"id": agent.pk, "label": str(agent)}} for agent in agents]  # type: ignore[attr-defined]
    return json.dumps({"type": "doc", "content": [{"type": "paragraph", "content": nodes}]})


def test_a_reply_awaits_the_client_by_default(cast: Cast) -> None:
    ticket = cast.ticket()
    answer = post(cast.ben, f"tickets/{ticket.number}/messages?view=mine", {"text": "On it.", "last_seen": "1"})
    assert answer["Location"] == f"/workspace/tickets/{ticket.number}?view=mine"
    assert replies(ticket) == ["On it."]
    assert kind_of(ticket) == Kind.PENDING


@pytest.mark.parametrize(
    ("then", "kind"), [("keep_open", Kind.OPEN), ("close", Kind.CLOSED), ("nonsense", Kind.PENDING)]
)
def test_a_reply_leaves_the_ticket_as_chosen(cast: Cast, then: str, kind: Kind) -> None:
    ticket = cast.ticket()
    post(cast.ben, f"tickets/{ticket.number}/messages", {"text": "Done.", "then": then})
    assert kind_of(ticket) == kind


def test_the_settings_say_what_a_plain_reply_does(cast: Cast) -> None:
    TicketSettings.objects.update_or_create(pk=1, defaults={"after_reply": AfterReply.KEEP_OPEN})
    ticket = cast.ticket()
    assert "Send and keep open <kbd" in get(cast.ben, f"tickets/{ticket.number}").content.decode()
    post(cast.ben, f"tickets/{ticket.number}/messages", {"text": "On it."})
    assert kind_of(ticket) == Kind.OPEN


def test_sending_and_closing_goes_on_to_the_next_ticket(cast: Cast) -> None:
    following, ticket = cast.ticket("Next"), cast.ticket("This")
    answer = post(cast.ben, f"tickets/{ticket.number}/messages", {"text": "Done.", "then": "close"})
    assert answer["Location"] == f"/workspace/tickets/{following.number}"


@pytest.mark.parametrize("part", [False, True])
def test_shows_what_was_written_meanwhile_before_it_sends(cast: Cast, part: bool) -> None:
    ticket = cast.ticket()
    cast.client_reply(ticket, "Wait, one more thing!")
    fields = {"text": "My careful answer", "last_seen": "1", "then": "keep_open"}
    answer = post(cast.ben, f"tickets/{ticket.number}/messages", fields, part=part)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Wait, one more thing!" in page
    assert "Send anyway" in page
    assert 'name="last_seen" id="last-seen" value="2"' in page
    assert 'name="then" value="keep_open"' in page
    assert part or "My careful answer" in page
    assert replies(ticket) == []
    again = post(cast.ben, f"tickets/{ticket.number}/messages", fields | {"last_seen": "2"})
    assert again.status_code == 302
    assert replies(ticket) == ["My careful answer"]


def test_an_empty_reply_comes_back_with_words(cast: Cast) -> None:
    ticket = cast.ticket()
    whole = post(cast.ben, f"tickets/{ticket.number}/messages", {"text": "  "})
    part = post(cast.ben, f"tickets/{ticket.number}/messages", {"text": "  "}, part=True)
    assert whole.status_code == part.status_code == 422
    assert part["HX-Retarget"] == "#notice-reply"
    for answer in (whole, part):
        assert "Write a message or attach a file first." in answer.content.decode()


def test_an_over_long_reply_comes_back_whole(cast: Cast) -> None:
    ticket, text = cast.ticket(), "word " * 30_000
    answer = post(cast.ben, f"tickets/{ticket.number}/messages", {"text": text})
    assert answer.status_code == 422
    assert text.strip() in answer.content.decode()


def test_sending_twice_writes_once(cast: Cast) -> None:
    ticket = cast.ticket()
    file = cast.upload(cast.ben.user)
    fields = {"text": "Once", "idempotency_key": "a" * 32, "attachments": [file.public_id]}
    for _ in range(2):
        assert post(cast.ben, f"tickets/{ticket.number}/messages", fields).status_code == 302
        assert post(cast.ben, f"tickets/{ticket.number}/team-messages", fields | {"attachments": []}).status_code == 302
    assert replies(ticket) == ["Once"]
    assert team_texts(ticket) == ["Once"]


def test_a_part_is_answered_with_an_empty_form_and_the_longer_thread(cast: Cast) -> None:
    ticket = cast.ticket()
    answer = post(cast.ben, f"tickets/{ticket.number}/messages", {"text": "On it.", "read_to": "1"}, part=True)
    page = answer.content.decode()
    assert answer["HX-Retarget"] == "#composer-reply"
    assert 'hx-target="#timeline"' in page
    assert "On it." in page[page.index('hx-target="#timeline"') :]
    assert "composer-team" not in page


def test_sending_forgets_the_draft_of_that_audience_alone(cast: Cast) -> None:
    ticket = cast.ticket()
    for audience in Audience:
        place = DraftPlace(cast.ben.user, ticket.pk, audience)
        save_draft(place=place, content={"text": f"to {audience}"}, revision=3, act=act_by(cast.ben.user))
    page = get(cast.ben, f"tickets/{ticket.number}").content.decode()
    assert "to client" in page
    assert "to team" in page
    post(cast.ben, f"tickets/{ticket.number}/messages", {"text": "Sent", "draft_revision": "4"})
    assert Draft.objects.get(audience=Audience.CLIENT).content == {}
    assert Draft.objects.get(audience=Audience.CLIENT).revision == 4
    assert Draft.objects.get(audience=Audience.TEAM).content == {"text": "to team"}


def test_a_team_message_never_reaches_the_client_and_changes_no_status(cast: Cast) -> None:
    ticket = cast.ticket()
    post(cast.ben, f"tickets/{ticket.number}/team-messages", {"text": "They are cross."})
    assert team_texts(ticket) == ["They are cross."]
    assert replies(ticket) == []
    assert kind_of(ticket) == Kind.OPEN


def test_mentioning_someone_without_access_is_asked_about_first(cast: Cast) -> None:
    ticket = cast.ticket()
    fields = {"document": mentioning(cast.kit, cast.ada)}
    answer = post(cast.ben, f"tickets/{ticket.number}/team-messages", fields)
    assert answer.status_code == 409
    assert '<strong class="font-semibold">Kit Carr</strong> cannot see this ticket yet' in answer.content.decode()
    assert team_texts(ticket) == []
    post(cast.ben, f"tickets/{ticket.number}/team-messages", fields | {"then": "give_access"})
    assert Mention.objects.filter(agent=cast.kit).exists()
    assert Follow.objects.filter(agent=cast.kit, ticket=ticket).exists()
    assert get(cast.kit, f"tickets/{ticket.number}").status_code == 200


def test_offers_colleagues_to_mention_and_says_who_has_no_access(cast: Cast) -> None:
    ticket = cast.ticket()
    assert get(cast.ben, f"tickets/{ticket.number}/people?q=k").json() == [
        {"id": cast.kit.pk, "label": "Kit Carr", "detail": "cannot see this ticket yet"}
    ]
    assert get(cast.ben, f"tickets/{ticket.number}/people?q=adm").json()[0]["label"] == "Ada Admin"
    assert get(cast.ben, f"tickets/{ticket.number}/people?q=ben").json() == []


def test_files_sent_without_scripts_are_attached(cast: Cast) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    ticket = cast.ticket()
    file = SimpleUploadedFile("plan.txt", b"the plan")
    post(cast.ben, f"tickets/{ticket.number}/team-messages", {"text": "See", "files": [file]})
    assert TeamMessage.objects.get(ticket=ticket).attachments.get().file.name == "plan.txt"


def test_a_file_of_someone_else_cannot_be_attached(cast: Cast) -> None:
    ticket = cast.ticket()
    file = cast.upload(cast.ada.user)
    answer = post(cast.ben, f"tickets/{ticket.number}/messages", {"text": "See", "attachments": [file.public_id]})
    assert answer.status_code == 422
    assert replies(ticket) == []


def test_own_words_count_as_read(cast: Cast) -> None:
    ticket = cast.ticket()
    get(cast.ben, f"tickets/{ticket.number}")
    post(cast.ben, f"tickets/{ticket.number}/messages", {"text": "On it."}, part=True)
    assert ReadMarker.objects.get(user=cast.ben.user).position == 2


def test_a_role_without_replies_only_writes_to_the_team(cast: Cast) -> None:
    ticket = cast.ticket()
    set_assignees(ticket_id=ticket.pk, agents=[cast.kit], act=act_by(cast.ada.user))
    Role.objects.filter(slug="contractor").update(permissions=["tickets:team_message"])
    page = get(cast.kit, f"tickets/{ticket.number}").content.decode()
    assert "composer-team-form" in page
    assert "composer-reply-form" not in page
    assert post(cast.kit, f"tickets/{ticket.number}/messages", {"text": "No"}).status_code == 403
    assert post(cast.kit, f"tickets/{ticket.number}/team-messages", {"text": "Yes"}).status_code == 302

"""What goes first while much waits."""

from procrastinate.contrib.django.models import ProcrastinateJob

from deskhand.mail.actions.receiving import receive
from deskhand.mail.models import Door
from deskhand.mail.tasks import deliver_mail, process_lane
from deskhand.notifications.happenings import Happening
from deskhand.notifications.tasks import defer_telling, tell_agents
from deskhand.notifications.topics import Topic
from tests.cast import NOON, Cast
from tests.mail.post_office import SUPPORT, mail

CLEO = "cleo@acme.example"


def urgencies() -> list[tuple[str, int]]:
    """Return task and priority of what waits, as workers take it: by priority, then by age."""
    return list(ProcrastinateJob.objects.order_by("-priority", "id").values_list("task_name", "priority"))


def test_an_alert_goes_before_mail_and_mail_before_telling_the_team(cast: Cast) -> None:
    ticket = cast.ticket()
    ProcrastinateJob.objects.all().delete()
    defer_telling(Happening(topic=Topic.ASSIGNED, at=NOON, ticket_id=ticket.pk))
    receive(mail(sender=CLEO), door=Door.LMTP, at=NOON, envelope_from=CLEO, envelope_to=[SUPPORT])
    cast.staff_reply(ticket)
    defer_telling(Happening(topic=Topic.ON_CALL, at=NOON, ticket_id=ticket.pk, figures={"count": 1}))
    names = list(dict.fromkeys(name for name, _ in urgencies()))
    assert names[:3] == [tell_agents.name, deliver_mail.name, process_lane.name]
    alert, *_others, last = urgencies()
    assert alert[0] == last[0] == tell_agents.name
    assert alert[1] > 0 == last[1]

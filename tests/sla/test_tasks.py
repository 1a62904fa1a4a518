from datetime import date

from procrastinate.contrib.django.models import ProcrastinateJob

from deskhand.project.schedule import PERIODIC
from deskhand.sla.actions.holidays import NewHoliday, add_holiday, set_public_holidays
from deskhand.sla.models import Holiday, Recalculation
from deskhand.sla.tasks import recalculate, refresh_all_public_holidays
from tests.cast import Cast, act_by
from tests.sla.promises import at, first_response, office

FRIDAY = date(2026, 11, 20)


def test_a_change_of_hours_defers_the_recalculation(cast: Cast) -> None:
    ticket = cast.ticket()
    add_holiday(hours_id=office().pk, new=NewHoliday("Outing", FRIDAY, FRIDAY), act=act_by(cast.ada.user))
    job = ProcrastinateJob.objects.get(task_name="sla.recalculate")
    for _ in range(2):
        recalculate(**job.args)
    assert first_response(ticket).due_at == at("Mon 2026-11-23 17:30")
    recalculation = Recalculation.objects.get()
    assert recalculation.finished_at is not None
    assert recalculation.clocks.count() == 1


def test_public_holidays_are_kept_ahead(cast: Cast) -> None:
    set_public_holidays(hours_id=office().pk, country="GB", subdivision="ENG", act=act_by(cast.ada.user))
    refresh_all_public_holidays(timestamp=int(at("Fri 2027-01-01 03:20").timestamp()))
    assert Holiday.objects.filter(first_on__year=2029).exists()


def test_every_periodic_job_is_scheduled() -> None:
    names = {task.name for _, task in PERIODIC}
    assert {"sla.settle_clocks", "sla.repeat_alerts", "sla.refresh_public_holidays"} <= names

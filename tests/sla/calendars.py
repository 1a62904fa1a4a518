"""The calendars that the worked examples speak of, by name."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from deskhand.sla.calendars import Closure, WorkingCalendar
from deskhand.sla.wall_times import Interval

LONDON, NEW_YORK = ZoneInfo("Europe/London"), ZoneInfo("America/New_York")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")

DAY = (Interval.between("09:00", "17:30"),)
WEEK = (DAY,) * 5 + ((), ())
NIGHT = (Interval.between("22:00", "06:00"),)
ROUND_THE_CLOCK = ((Interval.between("00:00", "24:00"),),) * 7

HOLIDAYS = {
    date(2026, 4, 3): (Closure("Good Friday"),),
    date(2026, 4, 6): (Closure("Easter Monday"),),
    date(2026, 12, 24): (Closure("Christmas Eve", 12 * 60),),
    date(2026, 12, 25): (Closure("Christmas Day"),),
    date(2026, 12, 28): (Closure("Boxing Day (observed)"),),
    date(2027, 1, 1): (Closure("New Year's Day"),),
}

CALENDARS = {
    "office": WorkingCalendar(LONDON, WEEK),
    "uk": WorkingCalendar(LONDON, WEEK, HOLIDAYS),
    "lunch": WorkingCalendar(
        LONDON, ((Interval.between("09:00", "12:30"), Interval.between("13:30", "17:30")),) * 5 + ((), ())
    ),
    "part": WorkingCalendar(LONDON, (DAY, DAY, (), DAY, (Interval.between("09:00", "13:00"),), (), ())),
    "nights": WorkingCalendar(LONDON, (NIGHT,) * 5 + ((), ())),
    "sunday nights": WorkingCalendar(LONDON, ((),) * 5 + (NIGHT, NIGHT)),
    "always": WorkingCalendar(LONDON, ROUND_THE_CLOCK),
    "evening": WorkingCalendar(LONDON, ((Interval.between("18:00", "24:00"),),) * 7),
    "new york": WorkingCalendar(NEW_YORK, (DAY,) * 5 + ((), ())),
    "new york nights": WorkingCalendar(NEW_YORK, (NIGHT,) * 7),
    "lord howe": WorkingCalendar(LORD_HOWE, (DAY,) * 5 + ((), ())),
    "lord howe nights": WorkingCalendar(LORD_HOWE, ((Interval.between("00:00", "04:00"),),) * 7),
}


def moment(calendar: WorkingCalendar, text: str) -> datetime:
    """Return "Wed 2026-11-18 10:00" in the calendar's zone; a trailing "²" means the second such time of a fold.

    The weekday is there for the reader and is checked.
    """
    fold = text.endswith("²")
    naive = datetime.fromisoformat(text.rstrip("²")[4:])
    assert naive.strftime("%a") == text[:3], f"{text} is a {naive:%A}"
    return naive.replace(tzinfo=calendar.zone, fold=int(fold))

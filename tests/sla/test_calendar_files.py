import pytest

from deskhand.sla.calendar_files import CalendarFileNotValid, FileHoliday, read_calendar_file


def event(*lines: str) -> bytes:
    inside = "\r\n".join(["BEGIN:VEVENT", "UID:1", "SUMMARY:Closed", *lines, "END:VEVENT"])
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{inside}\r\nEND:VCALENDAR\r\n".encode()


def read(content: bytes, zone: str = "Europe/London") -> list[FileHoliday]:
    return read_calendar_file(content, zone=zone, first_year=2025, last_year=2028)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "No event"),
        (b"garbage", "cannot be read"),
        (b"\xff\xfe\x00\x00", "cannot be read"),
        (event("DTSTART:xx"), "cannot be read"),
        (event(), "cannot be read"),
        (event("DTSTART;VALUE=DATE:20261120", "RRULE:FREQ=NEVER"), "cannot be read|repeats"),
        (event("DTSTART;VALUE=DATE:20261120", "RRULE:FREQ=SECONDLY"), "repeats weekly or more often"),
        (event("DTSTART;VALUE=DATE:20261120", "RRULE:FREQ=WEEKLY"), "repeats weekly or more often"),
        (event("DTSTART;VALUE=DATE:20261120", "DTEND;VALUE=DATE:20291120"), "over a year"),
        (event("DTSTART:20261120T100000", "DTEND:20291120T100000"), "over a year"),
        (event("DTSTART;VALUE=DATE:19990101"), "falls into 2025 to 2028"),
        (b"BEGIN:VCALENDAR\r\n" + b" " * (1024 * 1024) + b"END:VCALENDAR", "over 1 MB"),
        (
            event(
                "DTSTART;VALUE=DATE:20250101",
                "RRULE:FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR",
            ),
            "over 1000 holidays",
        ),
    ],
)
def test_says_what_is_wrong_with_a_file(content: bytes, words: str) -> None:
    with pytest.raises(CalendarFileNotValid, match=words):
        read(content)


def test_moments_are_read_in_the_zone_of_the_hours() -> None:
    content = event("DTSTART:20260701T110000Z", "DTEND:20260701T130000Z")
    (holiday,) = read(content, zone="America/New_York")
    assert (holiday.closed_from_minute, holiday.closed_until_minute) == (7 * 60, 9 * 60)


def test_repeats_end_and_skip_as_the_file_says() -> None:
    content = event(
        "DTSTART;VALUE=DATE:20250105",
        "RRULE:FREQ=MONTHLY;UNTIL=20250401T000000Z",
        "EXDATE;VALUE=DATE:20250205",
    )
    assert [holiday.first_on.isoformat() for holiday in read(content)] == ["2025-01-05", "2025-03-05"]


def test_several_days_stay_one_holiday() -> None:
    (holiday,) = read(event("DTSTART;VALUE=DATE:20261224", "DTEND;VALUE=DATE:20270102"))
    assert (holiday.first_on.isoformat(), holiday.last_on.isoformat()) == ("2026-12-24", "2027-01-01")

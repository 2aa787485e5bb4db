"""The calendar, read by icalendar."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar
from icalendar.parser import Contentlines

from clearinghouse.site.feeds.calendar import LONGEST_LINE, calendars, folded
from tests.site.feeds.samples import a_publication, an_entry

CALENDARS = dict(calendars(a_publication()))


def _events(path: str) -> dict[str, Calendar]:
    return {str(event["UID"]): event for event in Calendar.from_ical(CALENDARS[path]).walk("VEVENT")}


@pytest.mark.parametrize("path", CALENDARS)
def test_a_calendar_program_finds_every_event_and_no_error(path: str) -> None:
    calendar = Calendar.from_ical(CALENDARS[path])
    assert calendar["VERSION"] == "2.0"
    events = calendar.walk("VEVENT")
    assert [str(event["UID"]) for event in events] == [
        "workshop@bj.chm.example.org",
        "meeting@bj.chm.example.org",
    ]
    assert not [error for part in calendar.walk() for error in part.errors]


def test_events_last_whole_days_and_the_end_is_the_day_after() -> None:
    events = _events("fr/events/calendar.ics")
    workshop, meeting = events["workshop@bj.chm.example.org"], events["meeting@bj.chm.example.org"]
    assert (workshop.decoded("DTSTART"), workshop.decoded("DTEND")) == (date(2026, 12, 1), date(2026, 12, 4))
    assert (meeting.decoded("DTSTART"), meeting.decoded("DTEND")) == (date(2026, 10, 1), date(2026, 10, 2))


def test_an_event_is_stamped_with_its_last_change_or_its_own_day() -> None:
    events = _events("en/events/calendar.ics")
    stamps = [event.decoded("DTSTAMP") for event in events.values()]
    assert stamps == [datetime(2026, 9, 1, tzinfo=UTC), datetime(2026, 10, 1, tzinfo=UTC)]


def test_texts_come_back_as_they_were_written_with_their_language() -> None:
    workshop = _events("fr/events/calendar.ics")["workshop@bj.chm.example.org"]
    assert workshop["SUMMARY"] == "Atelier; première, deuxième partie"
    assert workshop["DESCRIPTION"] == "Premier jour.\n\nDeuxième jour."
    arabic = _events("ar/events/calendar.ics")["workshop@bj.chm.example.org"]
    assert (arabic["SUMMARY"], arabic["SUMMARY"].params["LANGUAGE"]) == ("ورشة عمل", "ar")
    assert (arabic["LOCATION"], arabic["LOCATION"].params["LANGUAGE"]) == ("Cotonou, salle A", "fr")


def test_addresses_are_uris() -> None:
    workshop = _events("en/events/calendar.ics")["workshop@bj.chm.example.org"]
    assert workshop["ATTACH"] == "https://meet.example.org/%C3%A9"
    assert workshop["URL"] == "https://bj.chm.example.org/en/events/workshop/"


def test_an_event_that_ends_before_it_begins_lasts_a_day_and_the_last_of_all_days_is_no_error() -> None:
    odd = an_entry("events", "odd", title={"fr": "x"}, start="2026-01-02", end="2026-01-01")
    last = an_entry("events", "last", title={"fr": "x"}, start="9999-12-31")
    made = dict(calendars(a_publication({"events": (odd, last)})))["fr/events/calendar.ics"]
    events = Calendar.from_ical(made).walk("VEVENT")
    assert [event.decoded("DTEND") for event in events] == [date(2026, 1, 3), date(9999, 12, 31)]


def test_without_events_there_is_no_calendar() -> None:
    assert dict(calendars(a_publication({}))) == {}


@pytest.mark.parametrize("path", CALENDARS)
def test_lines_are_short_and_end_as_the_rfc_says(path: str) -> None:
    lines = CALENDARS[path].split(b"\r\n")
    assert lines.pop() == b""
    assert all(len(line) <= LONGEST_LINE and b"\n" not in line for line in lines)


@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1))
def test_a_folded_line_is_whole_again_when_unfolded_and_no_character_is_cut(text: str) -> None:
    line = f"SUMMARY:{text}"
    made = folded(line)
    pieces = made.removesuffix(b"\r\n").split(b"\r\n")
    assert all(len(piece) <= LONGEST_LINE and piece.decode() for piece in pieces)
    assert Contentlines.from_ical(made)[0] == line

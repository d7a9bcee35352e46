"""What every source prints: numbers, General Assemblies, days. Nothing is guessed."""

from datetime import UTC, date, datetime

import pytest

from legislation.records import MeasureRecord
from legislation.sources.reading import (
    Refused,
    check_illinois,
    check_session,
    check_text,
    read_coded_identifier,
    read_day,
    read_identifier,
    read_local,
    read_moment,
    read_session,
)


@pytest.mark.parametrize(
    ("printed", "stored"),
    [
        ("HB1075", "HB1075"),
        ("hb 1075", "HB1075"),
        ("HB-0017", "HB17"),
        ("HJRCA0003", "HJRCA3"),
        ("AM1030246", "AM1030246"),
        (" SJR 5 ", "SJR5"),
    ],
)
def test_numbers_of_measures(printed, stored):
    assert read_identifier(printed) == stored


@pytest.mark.parametrize("printed", ["", "HB", "1075", "HB0", "HB1075A", "XB1", "LB 12", "HB1\x00", "HB１"])
def test_what_is_not_a_measure_is_refused_with_its_words(printed):
    with pytest.raises(Refused):
        read_identifier(printed)


@pytest.mark.parametrize(
    ("coded", "stored"), [("HJ0059", "HJR59"), ("SC0002", "SJRCA2"), ("HB0001", "HB1"), ("HJR 4", "HJR4")]
)
def test_codes_in_names_of_files(coded, stored):
    assert read_coded_identifier(coded) == stored


@pytest.mark.parametrize(
    ("printed", "number"),
    [
        ("104th", 104),
        (104, 104),
        ("104", 104),
        ("101st", 101),
        ("2025-2026", 104),
        ("2025", 104),
        ("2026", 104),
        ("2023–2024", 103),
        ("104th General Assembly", 104),
    ],
)
def test_general_assemblies(printed, number):
    assert read_session(printed) == number


@pytest.mark.parametrize("printed", ["", "100th-special", "2024-2025", "4th", "99999", "2025A", "first"])
def test_what_is_not_a_general_assembly_is_refused(printed):
    with pytest.raises(Refused):
        read_session(printed)


def test_another_general_assembly_than_asked_for_is_refused_by_name():
    assert check_session(104, 0) == check_session(104, 104) == 104
    with pytest.raises(Refused, match="103rd General Assembly; this import reads the 104th"):
        check_session(103, 104)


@pytest.mark.parametrize(
    ("printed", "day"),
    [
        ("2025-01-09", date(2025, 1, 9)),
        ("1/9/2025", date(2025, 1, 9)),
        ("12/31/2008", date(2008, 12, 31)),
        # Midnight in Greenwich is still the day before in Springfield.
        ("2025-01-09T00:00:00+00:00", date(2025, 1, 8)),
        ("2025-01-09T18:00:00Z", date(2025, 1, 9)),
        ("2025-01-09T23:59:00", date(2025, 1, 9)),
    ],
)
def test_days(printed, day):
    assert read_day(printed) == day


@pytest.mark.parametrize(
    "printed", ["", "2025", "2025-01", "2025-02-30", "0205-01-09", "13/1/2025", "soon", "2025-1-9"]
)
def test_impossible_days_are_refused_with_their_words(printed):
    with pytest.raises(Refused, match="cannot be a date"):
        read_day(printed)


def test_moments_are_handed_on_in_utc():
    assert read_moment("2025-03-05T09:00:00-06:00") == datetime(2025, 3, 5, 15, tzinfo=UTC)
    assert read_moment("2025-03-05T15:00:00").tzinfo is UTC
    # Daylight saving time holds in July.
    assert read_local("7/4/2025 9:00 AM", "%m/%d/%Y %I:%M %p") == datetime(2025, 7, 4, 14, tzinfo=UTC)
    with pytest.raises(Refused):
        read_moment("noon")
    with pytest.raises(Refused):
        read_local("7/4/2025", "%Y-%m-%d %H:%M")


def test_another_state_is_named():
    for place in ("", "Illinois", "IL", "ocd-jurisdiction/country:us/state:il/government"):
        check_illinois(place)
    with pytest.raises(Refused, match="state:ne"):
        check_illinois("ocd-jurisdiction/country:us/state:ne/government")


@pytest.mark.parametrize("text", ["a\x00b", "half \ud800 a character"])
def test_characters_that_no_database_takes_are_refused(text):
    with pytest.raises(Refused, match="cannot be stored"):
        check_text(MeasureRecord(104, "HB1", title=text))


@pytest.mark.parametrize("text", [r"a \u0000 that is spelled out", "ordinary – text", "\x1f"])
def test_other_characters_are_not(text):
    check_text(MeasureRecord(104, "HB1", title=text))

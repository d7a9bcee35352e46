"""When witness slips can be filed, chamber by chamber, hour by hour."""

from datetime import timedelta

import pytest

from legislation.models import Hearing
from legislation.slip_windows import end_of_day, slip_window
from tests.factories.legislation import HearingFactory, chicago

MARCH_5 = chicago(2026, 3, 5, 14)
POSTED = chicago(2026, 2, 26, 9)


def hearing(**fields) -> Hearing:
    facts = {
        "chamber": "lower",
        "starts_at": MARCH_5,
        "posted_at": POSTED,
        "key": "lower:15597",
        "committee": None,
        "committee_name": "Human Services",
    }
    return HearingFactory.build(**(facts | fields))


def test_a_house_window_opens_with_the_posting_and_nobody_knows_its_end():
    window = slip_window(hearing(), POSTED)
    assert (window.state, window.opens_at, window.closes_at) == ("open", POSTED, None)
    assert window.sure_until == MARCH_5
    assert window.advise_by == chicago(2026, 3, 5, 13)
    assert "at least until the start (Thursday, March 5, 2026, 2:00 p.m.)." in window.rule
    assert "by Thursday, March 5, 2026, 1:00 p.m. at the latest" in window.rule


@pytest.mark.parametrize(
    ("at", "state"),
    [
        (POSTED - timedelta(seconds=1), "not_posted"),
        (chicago(2026, 3, 5, 12, 59), "open"),
        (chicago(2026, 3, 5, 13), "closing"),
        (chicago(2026, 3, 5, 14), "closing"),
        (chicago(2026, 3, 5, 23, 59), "closing"),
        (chicago(2026, 3, 6), "closed"),
    ],
)
def test_house_hours(at, state):
    assert slip_window(hearing(), at).state == state


def test_before_the_posting_it_says_when_slips_open():
    window = slip_window(hearing(), POSTED - timedelta(hours=1))
    assert window.rule == "Slips open on Thursday, February 26, 2026, 9:00 a.m., when the hearing is posted."


def test_a_house_hearing_that_began_may_close_any_minute():
    window = slip_window(hearing(), MARCH_5)
    assert window.is_open
    assert window.label == "Slips may close any minute"
    assert "may be any minute" in window.rule


def test_staff_who_note_the_end_close_the_house_window():
    ended = hearing(ended_at=chicago(2026, 3, 5, 15, 40))
    assert slip_window(ended, chicago(2026, 3, 5, 15, 39)).state == "closing"
    assert slip_window(ended, chicago(2026, 3, 5, 15, 40)).state == "closed"


@pytest.mark.parametrize(
    ("at", "state"),
    [
        (POSTED, "open"),
        (chicago(2026, 3, 5, 12, 59), "open"),
        (chicago(2026, 3, 5, 13), "closing"),
        (chicago(2026, 3, 5, 23, 59), "closing"),
        (chicago(2026, 3, 6), "closed"),
    ],
)
def test_the_senate_closes_at_the_end_of_the_scheduled_day(at, state):
    window = slip_window(hearing(chamber="upper"), at)
    assert window.state == state
    assert window.closes_at == window.sure_until == end_of_day(MARCH_5)
    assert "until the end of Thursday, March 5, 2026" in window.rule


def test_the_end_of_a_senate_hearing_closes_nothing():
    ended = hearing(chamber="upper", ended_at=chicago(2026, 3, 5, 15))
    window = slip_window(ended, chicago(2026, 3, 5, 22))
    assert window.state == "closing"
    assert "still takes slips" in window.rule


def test_a_joint_hearing_follows_the_shorter_rule():
    window = slip_window(hearing(chamber="joint"), POSTED)
    assert window.closes_at is None
    assert "Joint hearings follow the shorter rule" in window.rule
    assert (
        slip_window(hearing(chamber="joint", ended_at=MARCH_5), MARCH_5 + timedelta(hours=1)).state
        == "closed"
    )


def test_a_cancelled_hearing_takes_none_and_a_new_posting_needs_a_new_slip():
    window = slip_window(hearing(state="cancelled"), POSTED)
    assert (window.state, window.is_open) == ("cancelled", False)
    assert "new posting needs a new slip" in window.rule


def test_another_day_means_filing_again_and_another_hour_does_not():
    moved = slip_window(hearing(state="moved", moved_from=chicago(2026, 3, 4, 9)), POSTED)
    assert moved.state == "open"
    assert moved.file_again
    assert "moved here from Wednesday, March 4, 2026" in moved.rule
    assert "file again" in moved.rule
    delayed = slip_window(hearing(moved_from=chicago(2026, 3, 5, 9)), POSTED)
    assert not delayed.file_again
    assert "slips filed before still count" in delayed.rule


def test_a_posting_that_went_elsewhere_is_closed_and_says_why():
    window = slip_window(hearing(state="moved"), POSTED)
    assert window.state == "closed"
    assert "moved to another posting" in window.rule


def test_a_day_is_chicagos_day():
    # 11:30 p.m. in Chicago is the next day elsewhere.
    late = hearing(starts_at=chicago(2026, 3, 4, 23, 30), chamber="upper")
    assert slip_window(late, chicago(2026, 3, 4, 23, 59)).is_open
    assert not slip_window(late, chicago(2026, 3, 5, 0, 1)).is_open


@pytest.mark.parametrize(
    ("day", "hours"),
    [((2026, 3, 8), 23), ((2026, 11, 1), 25)],
    ids=["clocks go forward", "clocks go back"],
)
def test_the_last_instant_of_days_with_23_and_25_hours(day, hours):
    first = chicago(*day)
    last = end_of_day(chicago(*day, 14))
    assert last.timestamp() - first.timestamp() == pytest.approx(hours * 3600, abs=1)
    window = slip_window(hearing(chamber="upper", starts_at=chicago(*day, 14)), last)
    assert window.state == "closing"
    assert slip_window(hearing(chamber="upper", starts_at=chicago(*day, 14)), chicago(*day, 14)).is_open


def test_the_hour_of_advice_is_an_hour_of_real_time_where_the_clocks_change():
    # 3:30 a.m. on the day that has no 2:30 a.m.: one hour before is 1:30 a.m.
    early = hearing(starts_at=chicago(2026, 3, 8, 3, 30))
    window = slip_window(early, POSTED)
    assert early.starts_at.timestamp() - window.advise_by.timestamp() == 3600


@pytest.mark.parametrize("chamber", ["lower", "upper", "joint"])
@pytest.mark.parametrize("hours", [-200, -48, -0.5, 0.5, 48])
def test_no_sentence_ends_in_two_periods(chamber, hours):
    posting = hearing(chamber=chamber, moved_from=chicago(2026, 3, 4, 9))
    assert ".." not in slip_window(posting, MARCH_5 + timedelta(hours=hours)).rule


def test_where_slips_are_filed(settings):
    settings.ILGA_HEARING_URL = "https://legislature.example/hearing/{hearing}"
    settings.ILGA_SLIP_URL = ""
    by_source = {"source_url": "https://elsewhere.example/event"}
    assert slip_window(hearing(), POSTED).filing_url == "https://legislature.example/hearing/15597"
    settings.ILGA_SLIP_URL = "https://legislature.example/slip?h={hearing}"
    assert slip_window(hearing(), POSTED).filing_url == "https://legislature.example/slip?h=15597"
    other = hearing(key="lower:ocd-event/1f", **by_source)
    assert slip_window(other, POSTED).filing_url == "https://elsewhere.example/event"
    settings.ILGA_SLIP_URL = settings.ILGA_HEARING_URL = ""
    assert slip_window(hearing(**by_source), POSTED).filing_url == "https://elsewhere.example/event"


def test_a_hearing_without_a_posting_time_is_posted_all_the_same():
    window = slip_window(hearing(posted_at=None), POSTED)
    assert (window.state, window.opens_at) == ("open", None)

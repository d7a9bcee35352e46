"""T1 and F4 for publication: no small number is shown, and none can be worked out from the others."""

from datetime import UTC, datetime
from random import Random

import pytest
from django.urls import reverse

from partners.fiscal_year import FiscalYear
from tests.factories.partners import (
    AreaFactory,
    CoalitionFactory,
    CountyFactory,
    OrganizationFactory,
    StaffFactory,
)
from tests.factories.trainings import EnrollmentFactory, SessionFactory
from tests.surveys.attacker import equations, narrowed, pinned
from trainings.breakdowns import COARSE
from trainings.indicators import Participants, TrainingParticipants
from trainings.publication import publishable
from trainings.scholarship_indicators import ScholarshipReport, Scholarships, _publishable

FY26 = FiscalYear(2026)
MEASURES = ("people", "organizations", "attendances", "enrolled", "completions")


def made_up(rng):
    """T1 with up to eight lines for each way; here lines add up, as a reader may suppose."""

    def line(label):
        people = rng.choice([0, 1, 3, 7, 9, 10, 14, 30, 80])
        places = people + rng.choice([0, 2, 20]) if people else 0
        return Participants(
            str(label), people, min(people, 5 + people // 2), places, places, people // 2, people
        )

    breakdowns = []
    rows = [line(number) for number in range(rng.randint(1, 8))]
    total = Participants("all", *(sum(getattr(row, name) for row in rows) for name in (*MEASURES, "placed")))
    for label in [*COARSE, "County"]:
        shuffled = rng.sample(rows, len(rows))
        breakdowns.append((label, shuffled))
    return TrainingParticipants(FY26.period, total, [], breakdowns, [])


def test_nobody_works_out_a_line_that_is_kept_back():
    rng, thinned = Random("T1"), 0
    for _time in range(400):
        full = made_up(rng)
        shown = publishable(full)
        assert "County" not in [str(label) for label, _rows in shown.breakdowns]
        if shown.total.is_withheld:
            assert not shown.breakdowns
            continue
        true_lines = dict(full.breakdowns)
        for label, rows in shown.breakdowns:
            hidden = {place for place, row in enumerate(rows) if row.is_withheld}
            thinned += bool(hidden)
            for name in MEASURES:
                assert not [row for row in rows if 0 < getattr(row, name) < 10]
                numbers = {place: getattr(row, name) for place, row in enumerate(true_lines[label])}
                numbers["all"] = getattr(full.total, name)
                order, sums = equations(numbers, hidden, totals=[("all", list(range(len(rows))))])
                assert not pinned(order, sums)
                least = 0 if any(not numbers[key] for key in hidden) else 1
                for place, (low, high) in zip(order, narrowed(sums, len(order), least), strict=True):
                    if 0 < numbers[place] < 10:
                        assert high is None or high - low >= 4, numbers
    assert thinned > 100


def test_f4_shows_no_small_line_and_no_county():
    county = [(label, []) for label in ("Local Area Council", "Sub-sector")]
    lines = [
        Scholarships("A", offers=30, seats=30, people=28),
        Scholarships("B", offers=3, seats=3, people=3),
    ]
    lines.append(Scholarships("C", offers=15, seats=14, people=14))
    total = Scholarships("FY26", offers=48, seats=47, people=45)
    found = _publishable(ScholarshipReport(FY26, total, lines, [(label, lines) for label, _rows in county]))
    for rows in (found.quarters, *(rows for _label, rows in found.breakdowns)):
        assert [row.is_withheld for row in rows] == [False, True, True]
        assert [row.offers for row in rows] == [30, 0, 0]
    few = _publishable(ScholarshipReport(FY26, Scholarships("FY26", offers=4, seats=4, people=4), [], []))
    assert few.total.is_withheld


@pytest.mark.django_db
def test_the_desk_publishes_years_that_are_over(client, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    CoalitionFactory()
    client.force_login(StaffFactory())
    session = SessionFactory(starts_at=datetime(2025, 10, 1, 15, tzinfo=UTC), state="held")
    for name, count in (("Large", 40), ("Tiny", 3), ("Middle", 15)):
        county = CountyFactory(area=AreaFactory(name=name))
        partners = [OrganizationFactory(county=county) for _number in range(count)]
        for partner in partners:
            EnrollmentFactory(session=session, organization=partner, status="attended")
    address = reverse("admin:trainings_session_numbers") + "?year=2026"
    assert "For publication" in client.get(address).content.decode()
    page = client.get(address + "&for=publication").content.decode()
    assert "T3 are left out" in page
    assert ">withheld<" in page
    lines = client.get(
        reverse("admin:trainings_session_numbers_file", args=["csv"]) + "?year=2026&for=publication"
    )
    text = b"".join(lines.streaming_content).decode()
    assert "Local Area Council,Tiny,people,withheld" in text
    assert "Local Area Council,Middle,people,withheld" in text
    assert "Local Area Council,Large,people,40" in text
    assert "T3," not in text
    now = FiscalYear.current().year
    for page in (reverse("admin:trainings_session_numbers"), "/admin/trainings/scholarshipfund/f4/"):
        assert client.get(f"{page}?year={now}&for=publication").status_code == 404
        assert client.get(f"{page}?year={now - 1}&for=publication").status_code == 200

"""The demonstration's invented legislature: complete, lively, and nobody's real name; real files where they lie."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import override_settings

from legislation.models import (
    Bill,
    BillEvent,
    BillTracking,
    DistrictPlan,
    Hearing,
    Legislator,
    OrganizationPosition,
    Rejection,
)
from legislation.places.geography import seats_at
from legislation.slip_windows import slip_window
from portal.demo.legislature import real
from portal.demo.legislature.sample import SampleLegislature
from portal.demo.load import load_demonstration
from tests.realdata import FOLDER, realdata

pytestmark = pytest.mark.django_db

MOMENT = datetime(2026, 11, 25, 16, 30, tzinfo=UTC)


def test_every_kind_of_fate_and_a_week_of_hearings_can_be_seen():
    load_demonstration(size=20, seed=7, now=MOMENT, say=lambda _words: None)
    reached = set(Bill.objects.values_list("stage", flat=True))
    assert reached >= {"in_committee", "crossed", "public_act", "vetoed", "tabled", "re_referred", "adopted"}
    upcoming = [hearing for hearing in Hearing.objects.all() if hearing.starts_at > MOMENT]
    assert len(upcoming) >= 4
    assert {slip_window(hearing, MOMENT).state for hearing in upcoming} == {"open"}
    kinds = set(BillEvent.objects.filter(is_news=True).values_list("kind", flat=True))
    assert kinds >= {"stage", "action", "replaced", "hearing_posted", "hearing_moved"}
    assert BillTracking.objects.filter(position="oppose").exists()
    assert OrganizationPosition.objects.on_record().exists()
    assert not Rejection.objects.exists()


def test_a_seat_is_vacant_and_every_place_has_its_districts():
    load_demonstration(size=5, seed=7, now=MOMENT, say=lambda _words: None)
    assert Legislator.objects.current().count() == 176
    assert DistrictPlan.objects.get().is_current
    seats = seats_at(39.8, -89.64)  # Springfield
    assert seats.house is not None
    assert seats.senate == (seats.house + 1) // 2


@pytest.mark.parametrize("days", [0, 400])
def test_the_same_moment_gives_the_same_legislature_in_any_year(days):
    now = MOMENT + timedelta(days=days)
    one, other = (list(SampleLegislature(now=now, seed=7).measures(last_night=True)) for _time in range(2))
    assert one == other
    first = SampleLegislature(now=now, seed=7).assembly.first
    for record in one:
        for line in getattr(record, "actions", ()):
            assert first <= line.date <= now.date()


@realdata
def test_real_files_are_shown_instead_where_they_lie():
    assert real.is_present(str(FOLDER))
    with override_settings(LEGISLATURE_DATA=str(FOLDER)):
        load_demonstration(size=5, seed=7, now=MOMENT, say=lambda _words: None)
    assert Bill.objects.count() == 5353
    assert BillTracking.objects.count() == len(real.FOLLOWED)
    assert not BillTracking.objects.exclude(talking_points__contains="Sample position").exists()
    sample = Hearing.objects.filter(subject__contains="no such hearing was posted")
    assert sample.count() == Hearing.objects.count() > 0

"""The measurement of the equity panel itself, run with the settings of a database of its own (see `bench.equity`)."""

import json
import statistics
import sys
from collections.abc import Callable
from datetime import timedelta
from random import Random
from time import perf_counter
from typing import Any

import django

YEARS = 5


def _median_ms(work: Callable[[], object], rounds: int) -> float:
    work()
    taken = []
    for _ in range(max(rounds, 3) * 3):
        start = perf_counter()
        work()
        taken.append((perf_counter() - start) * 1000)
    return statistics.median(taken)


def _write(organizations: int, now: Any) -> None:
    """Partners with answers of every year, and who came to what in five years."""
    from partners.models import (
        Area,
        County,
        Organization,
        ProfileAnswer,
        SubSector,
        UnderrepresentedSubSector,
    )
    from portal.reference.load import load_reference

    load_reference()
    rng = Random("equity")
    areas, fields = list(Area.objects.all()), list(SubSector.objects.all())
    counties = {county.area_id: county for county in County.objects.all()}
    bands = [*Organization.BudgetBand.values, ""]
    rows = Organization.objects.bulk_create(
        Organization(
            name=f"Organization {number}",
            slug=f"organization-{number}",
            city="Peoria",
            area=area,
            county=counties[area.pk],
            budget_band=rng.choice(bands),
            joined_on=(now - timedelta(days=rng.randint(1, 3000))).date(),
        )
        for number in range(organizations)
        for area in [rng.choice(areas)]
    )
    works = Organization.sub_sectors.through
    works.objects.bulk_create(
        works(organization=row, subsector=field) for row in rows for field in rng.sample(fields, 2)
    )
    UnderrepresentedSubSector.objects.bulk_create(
        UnderrepresentedSubSector(fiscal_year=year, sub_sector=field)
        for year in range(now.year - YEARS, now.year + 2)
        for field in fields[:3]
    )
    ProfileAnswer.objects.bulk_create(
        ProfileAnswer(
            organization=row,
            marker=marker,
            values=[] if declined else [rng.choice(choices)],
            declined=declined,
            answered_at=now - timedelta(days=365 * back + rng.randint(1, 300)),
        )
        for row in rows
        for back in range(YEARS)
        for marker, choices in (
            ("leader_race", ProfileAnswer.Race.values),
            ("leader_ability", ProfileAnswer.Ability.values),
            ("populations", ProfileAnswer.Population.values),
        )
        for declined in [rng.random() < 0.1]
    )
    _write_events(rng, rows, areas, now)


def _write_events(rng: Random, organizations: list[Any], areas: list[Any], now: Any) -> None:
    from meetings.models import Attendance, Event
    from partners.models import Membership, Person

    people = Person.objects.bulk_create(
        Person(email=f"person{number}@example.org", first_name="Ana", last_name=f"Sample{number}")
        for number in range(len(organizations) * 3)
    )
    Membership.objects.bulk_create(
        Membership(
            person=person,
            organization=organizations[number % len(organizations)],
            role="primary_contact" if number < len(organizations) else "advocate",
            started_on=now.date() - timedelta(days=2000),
        )
        for number, person in enumerate(people)
    )
    moments = [(area, now - timedelta(days=91 * back + 20)) for area in areas for back in range(YEARS * 4)]
    moments += [(None, now - timedelta(days=24 * back + 9)) for back in range(YEARS * 15)]
    moments += [(areas[0], now + timedelta(days=20))]
    events = Event.objects.bulk_create(
        Event(
            kind="council" if area else rng.choice(["forum", "webinar", "advocacy_day", "coalition"]),
            title=f"Event {number}",
            slug=f"event-{number}",
            area=area,
            mode="in_person",
            state="held" if starts_at < now else "published",
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=2),
        )
        for number, (area, starts_at) in enumerate(moments)
    )
    Attendance.objects.bulk_create(
        Attendance(
            event=event,
            person=people[place],
            organization=organizations[place % len(organizations)],
            status="attended" if event.state == "held" and rng.random() < 0.8 else "registered",
            registered_at=event.starts_at - timedelta(days=5),
            checked_in_at=event.starts_at,
        )
        for event in events
        for place in rng.sample(range(len(people)), rng.randint(30, 60))
    )


def main(organizations: int, rounds: int) -> list[tuple[str, float, bool]]:
    """Name, median, and whether it has a target."""
    django.setup()
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.urls import reverse
    from django.utils import timezone

    from bench.report import say
    from meetings.equity import Look, panels, quarters_of
    from meetings.models import Attendance, Event
    from partners.fiscal_year import FiscalYear
    from partners.models import User

    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    now = timezone.now()
    _write(organizations, now)
    say(f"  {organizations} organizations, {Attendance.objects.count()} attendances ...")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    client = Client()
    client.force_login(User.objects.create_superuser("staff@example.org", "bench"))
    current = FiscalYear.of(now)
    looks = [
        Look(quarter)
        for quarter in quarters_of([FiscalYear(current.year - back) for back in range(YEARS - 1, -1, -1)])
    ]
    page = reverse("admin:meetings_eventinvitation_equity")
    coming = reverse("admin:meetings_eventinvitation_of_event", args=[Event.objects.coming(now)[0].pk])
    assert client.get(f"{page}?years=5").status_code == 200
    assert client.get(coming).status_code == 200
    figures = [
        ("councils by 20 quarters", _median_ms(lambda: panels(looks, now), rounds), True),
        ("the page of five years", _median_ms(lambda: client.get(f"{page}?years=5"), rounds), True),
        ("the page of one year", _median_ms(lambda: client.get(page), rounds), True),
        ("one event with whom to invite next", _median_ms(lambda: client.get(coming), rounds), False),
    ]
    for name, value, _has_target in figures:
        say(f"  {name}: {value:.1f} ms")
    return figures


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]), int(sys.argv[2]))))

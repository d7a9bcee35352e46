"""One step of the measurement of registrations, run with the settings of a database of its own."""

import json
import sys
from datetime import timedelta
from typing import Any

import django


def seed(seats: str) -> dict[str, Any]:
    """A free course with one session to come."""
    from django.utils import timezone

    from trainings.models import Course, Session

    now = timezone.now()
    course = Course.objects.create(
        title="A popular training",
        slug="a-popular-training",
        summary="Everybody wants to come.",
        equity_objectives="Share what one knows.",
        state=Course.State.PUBLISHED,
        published_at=now,
    )
    session = Session.objects.create(
        course=course,
        slug="a-popular-session",
        state=Session.State.PUBLISHED,
        published_at=now,
        starts_at=now + timedelta(days=30),
        ends_at=now + timedelta(days=30, hours=2),
        mode="online",
        join_url="https://meet.example/popular",
        capacity=int(seats),
    )
    return {"session": session.pk, "path": session.get_absolute_url()}


def count(session: str) -> dict[str, Any]:
    """How many have a seat, wait, are there at all, and are there twice."""
    from trainings.models import Enrollment

    rows = Enrollment.objects.filter(session=session)
    return {
        "seated": rows.filter(status__in=["registered", "offered", "attended"]).count(),
        "waiting": rows.filter(status="waitlisted").count(),
        "places": rows.count(),
        "twice": rows.count() - rows.values("person__email").distinct().count(),
    }


def main() -> None:
    """`python -m bench.registrations_inside STEP …`; prints what it found."""
    django.setup()
    print(json.dumps({"seed": seed, "count": count}[sys.argv[1]](*sys.argv[2:])))


if __name__ == "__main__":
    main()

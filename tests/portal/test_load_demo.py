"""Loading the demonstration: once, of any size, the same each time."""

from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import override_settings
from django.utils import timezone

from campaigns.models import (
    ActionTaken,
    IssueOfTheWeek,
    Story,
)
from partners.models import (
    Organization,
    Person,
    User,
)
from portal.demo.load import load_demonstration

pytestmark = pytest.mark.django_db

MOMENT = datetime(2026, 11, 25, 16, 30, tzinfo=UTC)  # A Wednesday morning in Illinois.


def _load(size: int = 40, now: datetime | None = None) -> list[str]:
    said: list[str] = []
    load_demonstration(size=size, seed=7, now=now or timezone.now(), say=said.append)
    return said


def test_command_loads_once_and_then_refuses(capsys):
    call_command("load_demo", size=12)
    assert Organization.objects.count() == 12
    people = Person.objects.count()
    assert "12 of 12" in capsys.readouterr().out
    with pytest.raises(CommandError, match="already"):
        call_command("load_demo", size=12)
    assert (Organization.objects.count(), Person.objects.count()) == (12, people)


@pytest.mark.parametrize("size", ["0", "-3", "many"])
def test_command_refuses_a_senseless_size(size: str):
    with pytest.raises(CommandError, match="size"):
        call_command("load_demo", "--size", size)


@override_settings(PRODUCTION=True)
def test_command_refuses_in_production():
    with pytest.raises(CommandError, match="bootstrap"):
        call_command("load_demo", size=12)
    assert not User.objects.exists()


@pytest.mark.parametrize("size", [1, 5])
def test_very_small_sizes_work(size: int):
    _load(size)
    assert Organization.objects.count() == size


def test_same_seed_and_moment_give_the_same_coalition():
    def fingerprint() -> tuple[list, list, list]:
        return (
            list(
                Organization.objects.order_by("slug").values_list(
                    "name", "city", "summary", "joined_on", "phone"
                )
            ),
            list(Person.objects.order_by("email").values_list("email", "first_name", "title")),
            list(
                ActionTaken.objects.order_by("reference").values_list(
                    "reference", "acted_at", "person__email"
                )
            ),
        )

    found = []
    for _run in range(2):
        with transaction.atomic():
            _load(now=MOMENT)
            found.append(fingerprint())
            transaction.set_rollback(True)
    assert found[0] == found[1]
    assert all(found[0])


@pytest.mark.parametrize("hour", [0, 5, 7, 23])
def test_early_on_a_monday_nothing_published_lies_ahead(hour: int):
    now = timezone.make_aware(datetime(2026, 11, 23, hour, 5))  # noqa: DTZ001 (made aware at once)
    _load(size=5, now=now)
    assert not Story.objects.published().filter(publish_at__gt=now).exists()
    assert IssueOfTheWeek.objects.for_day(now.date()).first().story.slug == "arden-shore-waukegan"

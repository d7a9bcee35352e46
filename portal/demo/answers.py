"""Sample answers to the optional questions about leader, staff and those served."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.utils import timezone

from partners.models import Organization, ProfileAnswer

_Marker = ProfileAnswer.Marker
_RACES: dict[str, int] = {
    "white": 46,
    "black": 24,
    "latino": 16,
    "asian": 7,
    "mena": 3,
    "american_indian": 2,
    "pacific": 1,
}
_SERVED: dict[str, tuple[str, ...]] = {
    "aging": ("older_adults",),
    "behavioral-health": ("mental_health",),
    "child-welfare": ("children", "families"),
    "community-development": ("low_income", "families"),
    "disability": ("disability",),
    "domestic-sexual-violence": ("survivors", "families"),
    "early-childhood": ("children", "families"),
    "employment": ("low_income",),
    "family-support": ("families", "children"),
    "food": ("low_income", "families"),
    "health-access": ("low_income",),
    "housing": ("housing", "low_income"),
    "immigrant-refugee": ("immigrants", "families"),
    "justice-reentry": ("justice",),
    "substance-use": ("mental_health",),
    "youth": ("children",),
}
_ALSO = ("color", "rural", "veterans", "lgbtq", "low_income")
_STAFF: dict[str, tuple[int, int]] = {
    "": (3, 40),
    "under_500k": (1, 9),
    "500k_1m": (6, 18),
    "1m_5m": (14, 75),
    "5m_20m": (60, 260),
    "over_20m": (220, 900),
}


def sample_answers(
    rng: Random, organization: Organization, sub_sectors: tuple[str, ...], now: datetime
) -> list[ProfileAnswer]:
    """Answers to most questions, on one day; some say "prefer not to say", some are older than a year."""
    since = timezone.localdate(now) - organization.joined_on
    oldest = min(since.days, 330 if rng.random() < 0.78 else 800)
    answered_at = now - timedelta(days=rng.randint(0, oldest), minutes=rng.randrange(600))
    said: dict[str, tuple[float, float, dict[str, Any]]] = {
        _Marker.LEADER_RACE: (0.93, 0.09, {"values": _leader(rng)}),
        _Marker.LEADER_ABILITY: (
            0.86,
            0.14,
            {"values": ["disability" if rng.random() < 0.13 else "no_disability"]},
        ),
        _Marker.POPULATIONS: (0.95, 0.02, {"values": _served(rng, sub_sectors)}),
        _Marker.EMPLOYED: (0.9, 0.03, {"number": rng.randint(*_STAFF[organization.budget_band])}),
    }
    return [
        ProfileAnswer(organization=organization, marker=marker, declined=True, answered_at=answered_at)
        if rng.random() < declines
        else ProfileAnswer(organization=organization, marker=marker, answered_at=answered_at, **answer)
        for marker, (answers, declines, answer) in said.items()
        if rng.random() < answers
    ]


def _leader(rng: Random) -> list[str]:
    count = 2 if rng.random() < 0.06 else 1
    return sorted(set(rng.choices(list(_RACES), list(_RACES.values()), k=count)))


def _served(rng: Random, sub_sectors: tuple[str, ...]) -> list[str]:
    served = {value for slug in sub_sectors for value in _SERVED[slug]}
    served.update(rng.sample(_ALSO, k=rng.randint(0, 2)))
    return sorted(served)

"""Generated public things of every kind beside generated bills: 20,000 in all, worded as unevenly as real ones."""

import random
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from bench.generated_bills import generate, wording
from campaigns.models import CallToAction, Campaign, Story
from meetings.models import Event
from partners.models import Area, County, Organization
from research.models import FactSheet, Finding, PressMention, Report

BILLS = 8_000
YEARS_BACK = 5


class _Writer:
    """Titles, texts and days by chance, the same each time."""

    def __init__(self) -> None:
        self.chance = random.Random(7)
        self.words, self.weights = wording(self.chance)
        self.now = timezone.now()

    def text(self, words: int) -> str:
        return " ".join(self.chance.choices(self.words, self.weights, k=words))

    def title(self) -> str:
        return self.text(self.chance.randint(3, 8)).capitalize()[:150]

    def summary(self) -> str:
        return self.text(25)[:290]

    def body(self, least: int, most: int) -> str:
        return "".join(f"<p>{self.text(60)}</p>" for _ in range(self.chance.randint(least, most)))

    def day(self) -> datetime:
        return self.now - timedelta(days=self.chance.randint(0, 365 * YEARS_BACK))


def fill() -> int:
    """Fills an empty database. How many things are public then."""
    generate(BILLS)
    write = _Writer()
    county = County.objects.first() or _somewhere()
    made = [
        (Organization, 4_000, _organization),
        (Story, 2_500, _story),
        (Event, 1_500, _event),
        (CallToAction, 600, _call),
        (Campaign, 200, _campaign),
        (Finding, 1_600, _finding),
        (FactSheet, 700, _fact_sheet),
        (PressMention, 600, _mention),
        (Report, 300, _report),
    ]
    for model, number, make in made:
        rows = (model(**make(write, n, county)) for n in range(number))
        model._default_manager.bulk_create(rows, batch_size=500)
    return BILLS + sum(number for _model, number, _make in made)


def _somewhere() -> County:
    area = Area.objects.create(name="Everywhere", slug="everywhere")
    return County.objects.create(name="Sample", fips="17999", area=area)


def _organization(write: _Writer, n: int, county: County) -> dict[str, Any]:
    named = {
        "name": write.title(),
        "slug": f"generated-{n}",
        "city": "Peoria",
        "summary": write.text(30)[:500],
    }
    return named | {"county": county, "area": county.area, "joined_on": write.now.date()}


def _story(write: _Writer, n: int, county: County) -> dict[str, Any]:
    told = {
        "headline": write.title(),
        "slug": f"generated-{n}",
        "summary": write.summary(),
        "body": write.body(4, 10),
    }
    return told | {"kicker": "Sample", "source": "Sample", "status": "published", "publish_at": write.day()}


def _event(write: _Writer, n: int, county: County) -> dict[str, Any]:
    starts = write.day()
    told = {
        "title": write.title(),
        "slug": f"generated-{n}",
        "summary": write.summary(),
        "body": write.body(1, 3),
    }
    return told | {
        "kind": "forum",
        "state": "published",
        "mode": "online",
        "starts_at": starts,
        "ends_at": starts + timedelta(hours=2),
    }


def _call(write: _Writer, n: int, county: County) -> dict[str, Any]:
    opens = write.day()
    told = {"title": write.title(), "slug": f"generated-{n}", "ask": write.summary(), "why": write.body(2, 5)}
    return told | {
        "status": "published",
        "opens_at": opens,
        "closes_at": opens + timedelta(days=30),
        "consent_text": "Sample",
    }


def _campaign(write: _Writer, n: int, county: County) -> dict[str, Any]:
    told = {
        "title": write.title(),
        "slug": f"generated-{n}",
        "summary": write.summary(),
        "body": write.body(3, 8),
    }
    return told | {"goal": write.text(8), "status": "active", "starts_on": write.day().date()}


def _finding(write: _Writer, n: int, county: County) -> dict[str, Any]:
    told = {
        "claim": write.summary(),
        "slug": f"generated-{n}",
        "method": write.text(40),
        "caveat": write.text(15),
    }
    shown = {"state": "published", "published_at": write.day(), "value": "12", "kind": "count", "year": 2024}
    return told | shown | {"source": "Sample"}


def _fact_sheet(write: _Writer, n: int, county: County) -> dict[str, Any]:
    told = {
        "title": write.title(),
        "slug": f"generated-{n}",
        "summary": write.summary(),
        "body": write.body(3, 6),
    }
    return told | {"kind": "general", "state": "published", "published_at": write.day()}


def _mention(write: _Writer, n: int, county: County) -> dict[str, Any]:
    address = f"https://news.example.org/{n}"
    told = {"headline": write.title(), "outlet": "Sample News", "summary": write.summary()}
    return told | {"url": address, "normalized_url": address, "published_on": write.day().date()}


def _report(write: _Writer, n: int, county: County) -> dict[str, Any]:
    told = {"title": write.title(), "slug": f"generated-{n}", "summary": write.summary()}
    # Some twenty printed pages each.
    return told | {"released_text": write.text(7_000), "state": "published", "published_at": write.day()}

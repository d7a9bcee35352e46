"""Reports with their chapters, tables and versions for tests."""

from datetime import timedelta
from typing import Any

import factory
from django.utils import timezone

from research.models import Chapter, KeyFinding, Report, ReportAuthor, ReportTable
from research.services.report import release_report, release_version, set_embargo
from tests.factories.research_finding import ResearchTopicFactory

__all__ = ["ResearchTopicFactory", "complete_report", "embargoed_report", "published_report"]


class ReportFactory(factory.django.DjangoModelFactory):
    """A draft without chapters; `complete_report` makes one that can be released."""

    class Meta:
        model = Report

    title = factory.Sequence(lambda number: f"What a shift costs {number}")
    slug = factory.Sequence(lambda number: f"what-a-shift-costs-{number}")
    subtitle = "Wages and rates in sample agencies"
    summary = "Rates cover a part of what a shift costs. Sample data."
    method = "<p>We added up what a shift costs.</p>"


class ReportAuthorFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ReportAuthor

    report = factory.SubFactory(ReportFactory)
    given = "Ana María"
    family = factory.Sequence(lambda number: f"Rivera{number}")


class ChapterFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Chapter

    report = factory.SubFactory(ReportFactory)
    order = factory.Sequence(lambda number: number)
    title = factory.Sequence(lambda number: f"Chapter {number}")
    slug = factory.Sequence(lambda number: f"chapter-{number}")
    body = "<p>What the hours are made of.</p>"


class ReportTableFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ReportTable

    chapter = factory.SubFactory(ChapterFactory)
    title = factory.Sequence(lambda number: f"Cost of an hour {number}")
    heads = ["Part of the cost", "Amount"]
    rows = [["Wage", 18.5], ["Supervision", 2], ["Rent", None]]
    unit = "dollars an hour"
    source = "Sample data"
    chart = "bar"


class KeyFindingFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = KeyFinding

    report = factory.SubFactory(ReportFactory)
    text = "Rates cover four fifths of the cost."


def complete_report(**fields: Any) -> Report:
    """A draft that lacks nothing: an author, a key finding, a chapter with a table."""
    report = ReportFactory(**fields)
    ReportAuthorFactory(report=report, family="Rivera")
    KeyFindingFactory(report=report)
    ReportTableFactory(chapter=ChapterFactory(report=report, title="The hours", slug="hours"))
    return report


def published_report(*changes: str, **fields: Any) -> Report:
    """A report that was released a week ago, and again for each of the changes, which its method tells."""
    report = complete_report(**fields)
    now = timezone.now() - timedelta(days=7)
    release_report(report=report, by=None, now=now)
    for change in changes:
        now += timedelta(days=1)
        report.method += f"<p>{change}</p>"
        report.save(update_fields=["method"])
        release_version(report=report, what_changed=change, by=None, now=now)
    report.refresh_from_db()
    return report


def embargoed_report(**fields: Any) -> Report:
    """A report that partners read before everybody else does in three days."""
    report = complete_report(**fields)
    now = timezone.now()
    return set_embargo(report=report, until=now + timedelta(days=3), by=None, now=now)

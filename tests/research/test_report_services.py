"""The life of a report: complete before release, embargo, release by the clock, versions, withdrawal, its constraints."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from structlog.testing import capture_logs

from partners.errors import NotAllowed
from research.models import KeyFinding, Report, ReportDownload, ReportVersion
from research.services import report as services
from research.services.finding import correct_finding, retract_finding
from research.tasks import release_due
from tests.factories.partners import StaffFactory
from tests.factories.research_finding import FindingFactory
from tests.factories.research_report import (
    ReportFactory,
    complete_report,
    embargoed_report,
    published_report,
)

pytestmark = pytest.mark.django_db


def test_nothing_is_released_before_it_is_complete():
    report = complete_report(summary=" ", method="<p></p>")
    chapter = report.chapters.get()
    chapter.body = "<p>See [finding:not-there].</p>"
    chapter.save()
    chapter.tables.update(source="")
    report.authors.all().delete()
    problems = " ".join(services.problems_of(report))
    for word in ("summary", "method", "authors", "source of the table", "not-there"):
        assert word in problems
    for step in (
        lambda: services.release_report(report=report, by=None, now=timezone.now()),
        lambda: services.set_embargo(
            report=report, until=timezone.now() + timedelta(days=1), by=None, now=timezone.now()
        ),
    ):
        with pytest.raises(NotAllowed, match="summary"):
            step()
    assert services.problems_of(complete_report()) == []
    assert "at least one chapter" in " ".join(services.problems_of(ReportFactory()))


def test_a_report_comes_out_when_its_embargo_is_over_and_not_before():
    report = embargoed_report()
    assert services.release_due(now=timezone.now()) == 0
    Report.objects.update(embargo_until=timezone.now() - timedelta(seconds=1))
    release_due()
    report.refresh_from_db()
    assert report.state == Report.State.PUBLISHED
    assert report.embargo_until is None
    (version,) = report.versions.all()
    assert (version.number, version.released_by) == (1, None)


def test_a_report_that_lost_something_under_embargo_waits_and_holds_up_no_other():
    broken, sound = embargoed_report(), embargoed_report()
    broken.chapters.all().delete()
    Report.objects.update(embargo_until=timezone.now() - timedelta(seconds=1))
    assert services.release_due(now=timezone.now()) == 1
    broken.refresh_from_db()
    sound.refresh_from_db()
    assert (broken.state, sound.state) == (Report.State.EMBARGOED, Report.State.PUBLISHED)


def test_a_report_whose_release_breaks_holds_up_no_other(monkeypatch):
    broken, sound = embargoed_report(), embargoed_report()
    Report.objects.update(embargo_until=timezone.now() - timedelta(seconds=1))
    freeze = services.content_of

    def content_of(report):
        if report.pk == broken.pk:
            raise KeyError("heads")
        return freeze(report)

    monkeypatch.setattr(services, "content_of", content_of)
    with capture_logs() as logs:
        assert services.release_due(now=timezone.now()) == 1
    (noted,) = [line for line in logs if line["event"] == "report not released"]
    assert (noted["report"], noted["log_level"]) == (broken.pk, "error")
    broken.refresh_from_db()
    sound.refresh_from_db()
    assert (broken.state, sound.state) == (Report.State.EMBARGOED, Report.State.PUBLISHED)
    assert not broken.versions.exists()


@pytest.mark.parametrize(("state", "words"), [("draft", "is a draft"), ("retracted", "was retracted")])
def test_a_key_finding_that_readers_do_not_see_holds_up_the_release(state, words):
    report = complete_report()
    fields = {"retracted_at": timezone.now(), "retraction": "Wrong."} if state == "retracted" else {}
    finding = FindingFactory(slug="wage", state=state, **fields)
    KeyFinding.objects.create(report=report, finding=finding)
    with pytest.raises(NotAllowed, match=words):
        services.release_report(report=report, by=None, now=timezone.now())


def test_a_version_that_says_the_same_is_not_released_again():
    report = published_report()
    with pytest.raises(NotAllowed, match="says the same"):
        services.release_version(report=report, what_changed="Twice.", by=None, now=timezone.now())
    services.withdraw_report(report=report, because="Wrong after all.", by=None, now=timezone.now())
    again = services.release_version(
        report=report, what_changed="It held after all.", by=None, now=timezone.now()
    )
    assert again.number == 2


def test_a_version_stays_what_it_was_while_the_draft_goes_on():
    staff = StaffFactory()
    report = published_report()
    chapter = report.chapters.get()
    chapter.body = "<p>Corrected words.</p>"
    chapter.save()
    first = report.versions.get()
    assert "hours are made of" in first.content["chapters"][0]["body"]
    assert "Corrected" not in report.released_text
    with pytest.raises(NotAllowed, match="what changed"):
        services.release_version(report=report, what_changed=" ", by=staff, now=timezone.now())
    second = services.release_version(
        report=report, what_changed="Corrected words.", by=staff, now=timezone.now()
    )
    first.refresh_from_db()
    report.refresh_from_db()
    assert second.number == 2
    assert "hours are made of" in first.content["chapters"][0]["body"]
    assert "Corrected words" in report.released_text
    assert report.history.first().history_user == staff


def test_what_the_draft_says_is_not_found_before_its_release():
    report = complete_report()
    chapter = report.chapters.get()
    chapter.body = "<p>Zanzibar</p>"
    chapter.save()
    assert not Report.objects.filter(search="zanzibar").exists()
    services.release_report(report=report, by=None, now=timezone.now())
    assert Report.objects.filter(search="zanzibar").exists()
    report.refresh_from_db()
    services.withdraw_report(report=report, because="Wrong wages.", by=None, now=timezone.now())
    assert not Report.objects.filter(search="zanzibar").exists()


@pytest.mark.parametrize("state", ["draft", "embargoed", "published", "withdrawn"])
def test_each_step_is_refused_where_it_does_not_belong(state):
    report = {"draft": complete_report, "embargoed": embargoed_report}.get(state, published_report)()
    now = timezone.now()
    # The draft went on, so that there is something for a new version.
    Report.objects.update(method="<p>Another method.</p>")
    if state == "withdrawn":
        services.withdraw_report(report=report, because="Wrong.", by=None, now=now)
    steps = {
        "embargo": lambda: services.set_embargo(
            report=report, until=now + timedelta(days=2), by=None, now=now
        ),
        "release": lambda: services.release_report(report=report, by=None, now=now),
        "version": lambda: services.release_version(report=report, what_changed="x", by=None, now=now),
        "withdraw": lambda: services.withdraw_report(report=report, because="Wrong.", by=None, now=now),
        "back": lambda: services.back_to_draft(report=report, by=None),
    }
    allowed = {
        "draft": {"embargo", "release"},
        "embargoed": {"embargo", "release", "back"},
        "published": {"version", "withdraw"},
        "withdrawn": {"version"},
    }[state]
    for name, step in steps.items():
        if name in allowed:
            with transaction.atomic():
                step()
                transaction.set_rollback(True)
        else:
            with pytest.raises(NotAllowed):
                step()


def test_a_moment_that_is_past_is_no_embargo():
    with pytest.raises(NotAllowed, match="still to come"):
        services.set_embargo(
            report=complete_report(), until=timezone.now(), by=None, now=timezone.now() + timedelta(1)
        )


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("report_embargo_has_end", {"state": "embargoed", "embargo_until": None}),
        ("report_public_has_day", {"state": "published", "published_at": None}),
        ("report_withdrawn_says_why", {"state": "withdrawn", "withdrawn_at": timezone.now()}),
    ],
)
def test_the_database_refuses_a_state_without_what_belongs_to_it(constraint, fields):
    given = {"published_at": timezone.now(), **fields}
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        ReportFactory(**given)


def test_the_database_refuses_what_makes_no_version_finding_chapter_or_count():
    report = published_report()
    now = timezone.now()
    refused = {
        "report_version_number_once": lambda: ReportVersion.objects.create(
            report=report, number=1, released_at=now
        ),
        "report_version_counts_from_one": lambda: ReportVersion.objects.create(
            report=report, number=0, released_at=now, what_changed="x"
        ),
        "report_version_says_what_changed": lambda: ReportVersion.objects.create(
            report=report, number=2, released_at=now
        ),
        "key_finding_says_something": lambda: KeyFinding.objects.create(report=report),
        "chapter_slug_once": lambda: report.chapters.create(title="Again", slug="hours"),
        "report_download_day_once": lambda: ReportDownload.objects.bulk_create(
            [ReportDownload(report=report, day=now.date(), kind="pdf") for _twice in range(2)]
        ),
    }
    for constraint, attempt in refused.items():
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            attempt()


def test_a_corrected_finding_shows_in_versions_that_are_out_and_a_retracted_one_says_so():
    from research.report_content import read

    finding = FindingFactory(slug="wage", claim="An aide earns so much an hour", value="$17.00")
    report = complete_report()
    report.key_findings.all().delete()
    KeyFinding.objects.create(report=report, finding=finding)
    chapter = report.chapters.get()
    chapter.body = "<p>[finding:wage]</p>"
    chapter.save()
    version = services.release_report(report=report, by=None, now=timezone.now())
    assert "$17.00" in read(version.content).chapters[0].html
    correct_finding(finding=finding, by=None, now=timezone.now(), reason="A typing error.", value="$18.25")
    shown = read(version.content)
    assert "$18.25" in shown.chapters[0].html
    assert "$17.00" not in shown.chapters[0].html
    assert shown.key_findings[0].finding.value == "$18.25"
    retract_finding(finding=finding, by=None, now=timezone.now(), reason="It was made of two years.")
    shown = read(version.content)
    assert "$18.25" not in shown.chapters[0].html
    assert shown.key_findings[0].is_gone

"""Reports at the staff desk: tables pasted in, buttons, check list, and who may use them."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from research.models import Report, ReportDownload, ReportTable
from tests.factories.partners import CoalitionFactory, StaffFactory
from tests.factories.research_report import complete_report, embargoed_report, published_report
from tests.meetings.reading import content

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _coalition(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    CoalitionFactory()


@pytest.fixture
def desk(client):
    client.force_login(StaffFactory())
    return client


def button(report: Report, path: str) -> str:
    return f"{reverse('admin:research_report_changelist')}{report.pk}/{path}/"


def management(response) -> dict[str, str]:
    """What the inlines of a change page would send unchanged."""
    found: dict[str, str] = {}
    for inline in response.context["inline_admin_formsets"]:
        formset = inline.formset
        found |= {
            f"{formset.prefix}-{name}": value for name, value in formset.management_form.initial.items()
        }
        for form in formset.forms:
            for bound in form:
                value = bound.value()
                if value is not None and not isinstance(value, bool):
                    found[bound.html_name] = value
    return found


def test_staff_paste_a_table_and_see_what_is_wrong_with_it(desk):
    chapter = complete_report().chapters.get()
    address = reverse("admin:research_chapter_change", args=[chapter.pk])
    page = desk.get(address)
    assert "Wage\t18.5" in page.content.decode()
    sent = management(page) | {
        "title": chapter.title,
        "slug": chapter.slug,
        "order": 0,
        "body": "<p>Text</p>",
    }
    broken = desk.post(address, sent | {"tables-0-cells": "Role\tWage\n\t12"})
    assert "Row 1 needs a name in its first column." in content(broken)
    uncharted = desk.post(
        address, sent | {"tables-0-cells": "Role\tWage\nAide\tmuch", "tables-0-chart": "bar"}
    )
    assert "A chart needs a column whose cells are numbers." in content(uncharted)
    saved = desk.post(address, sent | {"tables-0-cells": "Role\tWage\nAide\t$19.25\nNurse\t"})
    assert saved.status_code == 302, content(saved)
    table = ReportTable.objects.get()
    assert (table.heads, table.rows) == (["Role", "Wage"], [["Aide", 19.25], ["Nurse", None]])


def test_a_report_goes_from_draft_through_embargo_to_release_and_withdrawal(desk):
    report = complete_report()
    until = timezone.localtime(timezone.now() + timedelta(days=2))
    moment = {"until_0": f"{until:%Y-%m-%d}", "until_1": f"{until:%H:%M:%S}"}
    assert "still to come" in content(
        desk.post(button(report, "embargo"), {"until_0": "2020-01-01", "until_1": "10:00:00"})
    )
    desk.post(button(report, "embargo"), moment)
    report.refresh_from_db()
    assert report.is_embargoed
    assert "embargo until" in content(desk.get(reverse("admin:research_report_changelist")))
    desk.post(button(report, "to-draft"))
    desk.post(button(report, "release"))
    report.refresh_from_db()
    assert report.is_published
    assert report.published_by.is_staff
    ReportTable.objects.update(rows=[["Wage", 18.5], ["Rent", 3]])
    for _twice in range(2):
        desk.post(button(report, "version"), {"what_changed": "Corrected the rent."})
    desk.post(button(report, "withdraw"), {"because": "Wrong wages."})
    report.refresh_from_db()
    assert report.is_withdrawn
    assert [version.what_changed for version in report.versions.all()] == ["Corrected the rent.", ""]


def test_the_check_list_and_the_question_say_what_is_missing(desk):
    report = complete_report(summary="")
    for address in (reverse("admin:research_report_checks", args=[report.pk]), button(report, "release")):
        assert "Write the summary" in content(desk.get(address))
    desk.post(button(report, "release"))
    report.refresh_from_db()
    assert report.state == Report.State.DRAFT
    sound = complete_report()
    assert "Nothing is missing" in content(desk.get(reverse("admin:research_report_checks", args=[sound.pk])))


def test_staff_look_at_the_draft_and_see_which_report_did_not_come_out(desk):
    report = embargoed_report()
    look = desk.get(button(report, "look"))
    assert look.url == f"{report.get_absolute_url()}?draft=1"
    shown = desk.get(look.url)
    assert shown.status_code == 200
    Report.objects.update(embargo_until=timezone.now() - timedelta(seconds=1))
    listed = content(desk.get(reverse("admin:research_report_changelist")))
    assert "embargo is over, but it did not come out" in listed


def test_what_readers_may_have_cited_is_neither_deleted_nor_moved(desk):
    report = published_report()
    page = desk.get(reverse("admin:research_report_change", args=[report.pk]))
    assert 'name="slug"' not in page.content.decode()
    assert desk.get(reverse("admin:research_report_delete", args=[report.pk])).status_code == 403
    assert desk.get(reverse("admin:research_report_delete", args=[complete_report().pk])).status_code == 200


def test_the_list_counts_each_download_once_however_many_versions_there_are(desk):
    report = published_report("Corrected.", "Corrected again.")
    for day, kind in ((1, "pdf"), (2, "pdf"), (2, "csv")):
        ReportDownload.objects.create(report=report, day=date(2026, 9, day), kind=kind, count=7)
    (shown,) = desk.get(reverse("admin:research_report_changelist")).context["cl"].result_list
    assert (shown.versions_released, shown.taken) == (3, 21)


def test_staff_who_may_only_look_cannot_release(client):
    staff = StaffFactory(is_superuser=False)
    staff.user_permissions.add(
        Permission.objects.get(codename="view_report", content_type__app_label="research")
    )
    client.force_login(staff)
    report = embargoed_report()
    assert client.get(reverse("admin:research_report_changelist")).status_code == 200
    assert client.get(reverse("admin:research_report_checks", args=[report.pk])).status_code == 200
    assert client.post(button(report, "release")).status_code == 403
    report.refresh_from_db()
    assert report.is_embargoed


def test_the_check_list_of_a_draft_needs_the_right_to_see_reports(client):
    staff = StaffFactory(is_superuser=False)
    staff.user_permissions.add(
        Permission.objects.get(codename="view_finding", content_type__app_label="research")
    )
    client.force_login(staff)
    assert client.get(reverse("admin:research_finding_changelist")).status_code == 200
    address = reverse("admin:research_report_checks", args=[complete_report().pk])
    assert client.get(address).status_code == 403


@pytest.mark.parametrize("number", [1, 20])
def test_the_list_asks_as_often_for_one_report_as_for_many(number, desk, django_assert_num_queries):
    for _report in range(number):
        published_report()
    with django_assert_num_queries(10):
        desk.get(reverse("admin:research_report_changelist"))

"""The staff desk of trainings: forms, buttons, lists, files, outreach; and who may look."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from partners.fiscal_year import CHICAGO, FiscalYear
from surveys.models import OutreachTouch
from tests.factories.partners import (
    AreaFactory,
    CoalitionFactory,
    MembershipFactory,
    OrganizationFactory,
    StaffFactory,
    UserFactory,
    member,
)
from tests.factories.trainings import (
    CourseFactory,
    EnrollmentFactory,
    FeeTierFactory,
    SessionFactory,
    SessionPartFactory,
    TopicFactory,
)
from tests.meetings.reading import content, mails
from trainings.models import Course, Enrollment, Session
from trainings.outreach import NEVER_ASKED, NEVER_CAME, never_attended, sources, unreached
from trainings.services.telling import tell_of_changes

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _coalition(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    CoalitionFactory()


@pytest.fixture
def desk(client):
    client.force_login(StaffFactory())
    return client


def url(name: str, *arguments) -> str:
    return reverse(f"admin:trainings_{name}", args=arguments)


def button(model: str, record, path: str) -> str:
    return f"{url(f'{model}_changelist')}{record.pk}/{path}/"


NO_TIERS = {"tiers-TOTAL_FORMS": "0", "tiers-INITIAL_FORMS": "0"}


def inlines_of(response) -> dict[str, str]:
    """The management forms of all inlines of an add page, empty."""
    found = {}
    for formset in response.context["inline_admin_formsets"]:
        prefix = formset.formset.prefix
        found |= {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0"}
    return found


class TestCourses:
    def fields(self, **changes):
        return {
            "title": "Plain language",
            "slug": "plain-language",
            "summary": "Forms that people understand.",
            "audience": "everyone",
            "completion_percent": "80",
            "full_refund_days": "7",
            "late_refund_percent": "0",
            "topics": [TopicFactory().pk],
            **changes,
        }

    def test_a_draft_is_written_and_published_when_nothing_is_missing(self, desk):
        page = desk.get(url("course_add"))
        answer = desk.post(url("course_add"), self.fields() | inlines_of(page))
        assert answer.status_code == 302, content(answer)[:5000]
        course = Course.objects.get()
        asked = content(desk.get(button("course", course, "publish")))
        assert "Write its equity objectives" in asked
        desk.post(button("course", course, "publish"))
        course.refresh_from_db()
        assert course.state == "draft"
        Course.objects.update(equity_objectives="Share power.")
        desk.post(button("course", course, "publish"))
        course.refresh_from_db()
        assert course.state == "published"
        assert desk.get(url("course_change", course.pk)).status_code == 200

    @pytest.mark.parametrize("slug", ["fees", "sessions", "past"])
    def test_other_pages_keep_their_addresses(self, desk, slug):
        page = desk.get(url("course_add"))
        answer = desk.post(url("course_add"), self.fields(slug=slug) | inlines_of(page))
        assert "Another page has this address" in content(answer)

    def test_overdue_reviews_are_found(self, desk):
        CourseFactory(title="Late one", review_due_on=timezone.localdate() - timedelta(days=3))
        CourseFactory(title="Fresh one", review_due_on=timezone.localdate() + timedelta(days=3))
        page = content(desk.get(f"{url('course_changelist')}?review=overdue"))
        assert "Late one" in page
        assert "Fresh one" not in page
        assert "overdue since" in page

    def test_archived_by_a_button(self, desk):
        course = CourseFactory()
        desk.post(button("course", course, "archive"))
        course.refresh_from_db()
        assert course.state == "archived"


class TestSessions:
    def test_a_new_session_gets_its_short_name_and_its_span(self, desk):
        course = CourseFactory(slug="plain-language")
        page = desk.get(f"{url('session_add')}?course={course.pk}")
        data = {
            "course": course.pk,
            "mode": "online",
            "join_url": "https://meet.example/a",
            "starts_at_0": "2030-05-06",
            "starts_at_1": "09:00",
            "ends_at_0": "2030-05-06",
            "ends_at_1": "10:00",
            "offer_hours": "24",
            **inlines_of(page),
            "parts-TOTAL_FORMS": "2",
        }
        for number, day in enumerate(("2030-05-07", "2030-05-09")):
            data |= {f"parts-{number}-{name}_0": day for name in ("starts_at", "ends_at")}
            data |= {f"parts-{number}-starts_at_1": "13:00", f"parts-{number}-ends_at_1": "15:00"}
        answer = desk.post(url("session_add"), data)
        assert answer.status_code == 302, content(answer)[:5000]
        session = Session.objects.get()
        assert session.slug == "plain-language-2030-05-06"
        local = [moment.astimezone(CHICAGO) for moment in (session.starts_at, session.ends_at)]
        assert [(moment.day, moment.hour) for moment in local] == [(7, 13), (9, 15)]

    def test_published_ones_change_over_a_button(self, desk):
        session = SessionFactory(capacity=1)
        seated = EnrollmentFactory(session=session)
        page = content(desk.get(button("session", session, "move")))
        assert "Day 1 starts" in page
        start = (session.starts_at + timedelta(days=1)).astimezone(CHICAGO)
        data = {
            "day_1_starts_0": f"{start:%Y-%m-%d}",
            "day_1_starts_1": f"{start:%H:%M}",
            "day_1_ends_0": f"{start + timedelta(hours=1):%Y-%m-%d}",
            "day_1_ends_1": f"{start + timedelta(hours=1):%H:%M}",
            "mode": "online",
            "join_url": "https://meet.example/room",
            "capacity": "1",
        }
        answer = desk.post(button("session", session, "move"), data, follow=True)
        assert "messages are being written; this page says how far" in content(answer)
        assert "The new time or place: 0 of 1 messages are written." in content(answer)
        tell_of_changes(now=timezone.now())
        assert "The new time or place: 1 person was written to." in content(
            desk.get(reverse("admin:trainings_session_change", args=[session.pk]))
        )
        session.refresh_from_db()
        assert (session.revision, len(mails(seated.person.email))) == (1, 1)
        wrong = desk.post(
            button("session", session, "move"),
            data | {"day_2_starts_0": "2030-01-01", "day_2_starts_1": "10:00"},
        )
        assert "Enter both." in content(wrong)

    def test_cancelled_copied_and_published_by_buttons(self, desk):
        session = SessionFactory()
        SessionPartFactory(session=session)
        assert desk.get(url("session_change", session.pk)).status_code == 200
        desk.post(button("session", session, "copy"), {"starts_at_0": "2030-01-15", "starts_at_1": "10:00"})
        copy = Session.objects.exclude(pk=session.pk).get()
        desk.post(button("session", copy, "publish"))
        desk.post(button("session", session, "cancel"), {"reason": "Snow"})
        session.refresh_from_db()
        copy.refresh_from_db()
        assert (session.state, copy.state) == ("cancelled", "published")

    def test_staff_register_somebody(self, desk):
        session = SessionFactory(mode="hybrid", venue="Hall")
        tier = FeeTierFactory(course=session.course, amount=0)
        data = {
            "first_name": "Cy",
            "last_name": "Ek",
            "email": "cy@people.example",
            "needs": "",
            "tier": tier.pk,
        }
        desk.post(button("session", session, "register"), data)
        row = Enrollment.objects.get()
        assert (row.person.email, row.source, row.status) == ("cy@people.example", "staff", "registered")
        again = desk.post(button("session", session, "register"), data, follow=True)
        assert "already" in content(again)

    def test_lists_cost_the_same_with_one_row_and_twenty(self, desk):
        for name in ("session_changelist", "course_changelist", "enrollment_changelist"):
            counts = []
            for number in (1, 19):
                for _row in range(number):
                    EnrollmentFactory(
                        session=SessionFactory(area=AreaFactory(), course=CourseFactory()),
                        organization=OrganizationFactory(),
                    )
                with CaptureQueriesContext(connection) as queries:
                    assert desk.get(url(name)).status_code == 200
                counts.append(len(queries))
            # The filters name each course and area, in a query each for all of them.
            assert counts[0] == counts[1], name


class TestEnrollments:
    def test_steps_for_somebody(self, desk):
        row, other = EnrollmentFactory(), EnrollmentFactory(status="absent")
        assert "The person is told" in content(desk.get(button("enrollment", row, "cancel")))
        desk.post(button("enrollment", row, "cancel"))
        desk.post(button("enrollment", other, "excuse"))
        row.refresh_from_db()
        other.refresh_from_db()
        assert (row.status, other.status) == ("cancelled", "excused")
        assert desk.get(url("enrollment_change", row.pk)).status_code == 200

    def test_files_hold_no_formulas(self, desk):
        row = EnrollmentFactory(person__first_name='=HYPERLINK("x")', needs="+1")
        assert "This session's list" in content(
            desk.get(f"{url('enrollment_changelist')}?session__id__exact={row.session_id}")
        )
        table = b"".join(desk.get(url("enrollment_file", row.session_id, "csv"))).decode()
        assert "'=HYPERLINK" in table
        book = load_workbook(BytesIO(desk.get(url("enrollment_file", row.session_id, "xlsx")).content))
        assert book.active["A2"].value.startswith("'=")
        assert desk.get(url("enrollment_file", row.session_id, "exe")).status_code == 404
        assert desk.get(f"{url('enrollment_changelist')}?session__id__exact=%00").status_code in {200, 302}

    def test_only_staff_with_the_right_look(self, client):
        row = EnrollmentFactory()
        pages = [
            url("enrollment_changelist"),
            url("enrollment_file", row.session_id, "csv"),
            url("enrollment_never_attended"),
            url("enrollment_sources"),
        ]
        helper = UserFactory(is_staff=True)
        helper.user_permissions.add(Permission.objects.get(codename="view_course"))
        client.force_login(helper)
        assert {client.get(page).status_code for page in pages} == {403}
        helper.user_permissions.add(Permission.objects.get(codename="view_enrollment"))
        assert client.get(pages[0]).status_code == 200
        assert client.get(pages[1]).status_code == 403
        client.force_login(member(OrganizationFactory()))
        assert client.get(pages[0], follow=True).status_code == 403


class TestOutreach:
    def test_who_never_attended_and_why(self, desk):
        never = OrganizationFactory(name="Never asked")
        came_not = OrganizationFactory(name="Came not")
        EnrollmentFactory(organization=came_not, status="absent")
        EnrollmentFactory(organization=came_not, status="cancelled")
        EnrollmentFactory(organization=OrganizationFactory(name="Was there"), status="attended")
        OrganizationFactory(name="Lapsed one", status="lapsed")
        contact = MembershipFactory(organization=never).person
        OutreachTouch.objects.create(organization=never, outcome="talked", touched_at=timezone.now())
        assert [row.name for row in never_attended()] == ["Came not", "Never asked"]
        assert list(never_attended(reason=NEVER_ASKED)) == [never]
        assert list(never_attended(reason=NEVER_CAME)) == [came_not]
        assert list(never_attended(area=never.area.slug)) == [never]
        first, second = unreached(list(never_attended()))
        assert (first.registered, first.reason) == (2, "2 registrations, but nobody came")
        assert (second.reason, second.contacts) == ("nobody ever registered", [contact])
        assert second.last_talked is not None
        page = content(desk.get(url("enrollment_never_attended")))
        assert contact.email in page
        assert "Was there" not in page
        table = b"".join(desk.get(url("enrollment_never_attended_file", "csv"))).decode()
        assert "Came not" in table
        assert "Every partner that matches" in content(
            desk.get(f"{url('enrollment_never_attended')}?reason=never_came&area={never.area.slug}")
        )

    def test_the_list_costs_the_same_with_one_row_and_twenty(self, desk):
        counts = []
        for number in (1, 19):
            for _row in range(number):
                organization = OrganizationFactory()
                user = member(organization)
                user.last_login = timezone.now()
                user.save()
            with CaptureQueriesContext(connection) as queries:
                desk.get(url("enrollment_never_attended"))
            counts.append(len(queries))
        assert counts[0] == counts[1]

    def test_what_source_codes_brought(self, desk):
        organization = OrganizationFactory()
        for status in ("attended", "absent", "waitlisted", "cancelled"):
            EnrollmentFactory(source="newsletter", status=status, organization=organization)
        EnrollmentFactory(source="", registered_at=timezone.now() - timedelta(days=800))
        year = FiscalYear.current()
        (found,) = sources(year.start, year.end)
        assert (found.code, found.people, found.seated, found.attended, found.organizations) == (
            "newsletter",
            4,
            2,
            1,
            1,
        )
        page = content(desk.get(url("enrollment_sources")))
        assert "newsletter" in page
        assert b"newsletter" in b"".join(desk.get(url("enrollment_sources_file", "csv")))
        assert desk.get(url("enrollment_sources_file", "xlsx")).status_code == 200

    def test_links_with_a_source_code(self, desk, settings):
        session = SessionFactory()
        page = content(
            desk.get(f"{url('enrollment_sources')}?page=session-{session.pk}&code=flyer-peoria&year=1900")
        )
        assert f"{settings.SITE_URL}{session.get_absolute_url()}?from=flyer-peoria" in page
        assert "Use letters, digits" in content(desk.get(f"{url('enrollment_sources')}?page=&code=a%20b"))

"""Events at the staff desk: written, published, moved, cancelled; the list as a spreadsheet; councils by quarters."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from meetings.models import Event
from meetings.services.events import tell_of_changes
from partners.fiscal_year import FiscalYear
from tests.factories.meetings import AttendanceFactory, EventFactory, council_meeting
from tests.factories.partners import AreaFactory, CoalitionFactory, PersonFactory, StaffFactory
from tests.meetings.reading import content, mails

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _password_is_enough(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    CoalitionFactory()


@pytest.fixture
def staff(client):
    user = StaffFactory()
    client.force_login(user)
    return user


def desk(name: str, *args) -> str:
    return reverse(f"admin:meetings_{name}", args=args)


def form_of(**facts) -> dict[str, str]:
    day = timezone.localtime() + timedelta(days=20)
    return {
        "kind": "forum",
        "title": "New forum",
        "slug": "new-forum",
        "area": "",
        "audience": "everyone",
        "starts_at_0": day.strftime("%Y-%m-%d"),
        "starts_at_1": "10:00",
        "ends_at_0": day.strftime("%Y-%m-%d"),
        "ends_at_1": "12:00",
        "mode": "in_person",
        "venue": "Hall",
        "street": "",
        "city": "Peoria, IL",
        "join_url": "",
        "capacity": "",
        "registration_closes_at_0": "",
        "registration_closes_at_1": "",
        **facts,
    }


DOCUMENTS = {f"documents-{name}": "0" for name in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS")} | {
    "documents-MAX_NUM_FORMS": "1000"
}


class TestWriting:
    def test_a_draft_then_published(self, client, staff):
        response = client.post(desk("event_add"), form_of() | DOCUMENTS)
        assert response.status_code == 302, response.context["errors"]
        event = Event.objects.get()
        assert event.state == "draft"
        page = content(client.get(desk("event_publish", event.pk)))
        assert "Publish this event?" in page
        client.post(desk("event_publish", event.pk))
        event.refresh_from_db()
        assert (event.state, event.published_by) == ("published", staff)

    @pytest.mark.parametrize(
        ("facts", "words"),
        [
            ({"kind": "council"}, "Choose the Local Area Council that meets."),
            ({"kind": "internal"}, "An internal event is for board and staff."),
            ({"ends_at_1": "09:00"}, "An event ends after it starts."),
            ({"capacity": "0"}, "greater than or equal to 1"),
            ({"title": "x" * 10_000}, "at most 160 characters"),
        ],
    )
    def test_what_is_wrong_stands_at_its_field(self, client, staff, facts, words):
        response = client.post(desk("event_add"), form_of(**facts) | DOCUMENTS)
        assert words in content(response)
        assert not Event.objects.exists()

    def test_what_is_missing_is_named_before_publishing(self, client, staff):
        event = EventFactory(state="draft", venue="")
        assert "Enter the place" in content(client.get(desk("event_publish", event.pk)))
        client.post(desk("event_publish", event.pk))
        event.refresh_from_db()
        assert event.state == "draft"

    def test_time_and_place_of_a_published_event_are_locked_in_the_form(self, client, staff):
        event = EventFactory(title="Before")
        page = content(client.get(desk("event_change", event.pk)))
        assert 'name="starts_at_0"' not in page
        client.post(
            desk("event_change", event.pk),
            {"title": "After", "venue": "Elsewhere", "state": "held"} | DOCUMENTS,
        )
        event.refresh_from_db()
        assert (event.title, event.venue, event.state) == ("After", "Sample House", "published")

    def test_what_people_know_of_is_not_deleted(self, client, staff):
        event = EventFactory()
        assert client.post(desk("event_delete", event.pk), {"post": "yes"}).status_code == 403


class TestButtons:
    def test_moving_tells_those_with_a_place(self, client, staff):
        place = AttendanceFactory()
        event = place.event
        facts = form_of(venue="Other House")
        assert "People to be told" in content(client.get(desk("event_move", event.pk)))
        client.post(desk("event_move", event.pk), facts)
        event.refresh_from_db()
        assert (event.venue, event.revision) == ("Other House", 1)
        tell_of_changes(now=timezone.now())
        assert len(mails(place.person.email)) == 1

    def test_cancelling_wants_a_reason(self, client, staff):
        event = EventFactory()
        client.post(desk("event_cancel", event.pk), {"reason": ""})
        event.refresh_from_db()
        assert event.state == "published"
        client.post(desk("event_cancel", event.pk), {"reason": "Snow."})
        event.refresh_from_db()
        assert (event.state, event.cancel_reason) == ("cancelled", "Snow.")

    def test_looking_is_not_working(self, client):
        user = StaffFactory(is_superuser=False)
        user.user_permissions.add(Permission.objects.get(codename="view_event"))
        client.force_login(user)
        event = EventFactory()
        for name in ("event_move", "event_cancel"):
            assert client.post(desk(name, event.pk), {"reason": "x"}).status_code == 403
        assert client.get(desk("event_plan")).status_code == 403
        assert client.get(desk("attendance_file", event.pk, "csv")).status_code == 403


class TestLists:
    @pytest.mark.parametrize("number", [1, 20])
    @pytest.mark.parametrize(("name", "queries"), [("event", 8), ("attendance", 9)])
    def test_flat(self, client, staff, django_assert_max_num_queries, number, name, queries):
        for _place in range(number):
            AttendanceFactory(event=council_meeting())
        client.get(desk(f"{name}_changelist"))
        with django_assert_max_num_queries(queries + 9):
            assert client.get(desk(f"{name}_changelist")).status_code == 200

    def test_the_list_of_one_event_as_a_spreadsheet(self, client, staff):
        place = AttendanceFactory(
            person=PersonFactory(first_name="=1+1", last_name="Ñandú 🎈"), needs="Captions"
        )
        AttendanceFactory()
        page = content(client.get(desk("attendance_changelist"), {"event__id__exact": place.event.pk}))
        assert "Excel file" in page
        response = client.get(desk("attendance_file", place.event.pk, "csv"))
        text = b"".join(response.streaming_content).decode()
        assert "'=1+1" in text
        assert "Ñandú 🎈" in text
        assert "Captions" in text
        assert len(text.splitlines()) == 2
        assert client.get(desk("attendance_file", place.event.pk, "xlsx")).status_code == 200
        assert client.get(desk("attendance_file", place.event.pk, "exe")).status_code == 404

    def test_nobody_types_into_a_place(self, client, staff):
        place = AttendanceFactory()
        assert client.get(desk("attendance_add")).status_code == 403
        client.post(desk("attendance_change", place.pk), {"status": "attended"})
        place.refresh_from_db()
        assert place.status == "registered"


class TestQuarters:
    def test_the_board_and_the_start_page_say_what_is_missing(self, client, staff):
        AreaFactory(name="Fox Valley")
        page = content(client.get(desk("event_council_meetings")))
        assert "Fox Valley" in page
        assert "missing now" in page
        page = content(client.get(reverse("admin:index")))
        assert "1 Local Area Council has no meeting in" in page
        assert "Fox Valley" in page

    def test_all_that_is_missing_is_planned_in_one_step_and_never_twice(self, client, staff):
        AreaFactory.create_batch(3)
        year = FiscalYear.current().year + 1
        url = f"{desk('event_plan')}?year={year}"
        form = client.get(url).context["form"]
        assert len(form.dates) == 12
        posted = {"mode": "in_person"} | {
            field.html_name: field.value().strftime("%Y-%m-%dT%H:%M") for field in form.dates
        }
        left_out = form.dates[0].html_name
        client.post(url, posted | {left_out: ""})
        assert Event.objects.filter(kind="council", state="draft").count() == 11
        client.post(url, posted)
        assert Event.objects.count() == 12
        client.post(url, posted)
        assert Event.objects.count() == 12

    def test_one_councils_year_by_another_rule(self, client, staff):
        area, _other = AreaFactory.create_batch(2)
        year = FiscalYear.current().year + 1
        query = {"year": year, "council": area.pk, "week": 1, "weekday": 4, "month": 3, "at": "13:30"}
        form = client.get(desk("event_plan"), query).context["form"]
        assert len(form.dates) == 4
        assert {field.value().strftime("%A %H:%M") for field in form.dates} == {"Friday 13:30"}
        assert {field.value().day <= 7 for field in form.dates} == {True}

    def test_a_day_of_another_quarter_is_refused(self, client, staff):
        AreaFactory()
        year = FiscalYear.current().year + 1
        url = f"{desk('event_plan')}?year={year}"
        form = client.get(url).context["form"]
        posted = {"mode": "online", form.dates[0].html_name: f"{year}-06-01T10:00"}
        assert "runs from" in content(client.post(url, posted))
        assert not Event.objects.exists()

    @pytest.mark.parametrize("query", [{"year": "x" * 9}, {"week": "99"}, {"council": "abc", "week": "1"}])
    def test_nonsense_in_the_address_harms_nothing(self, client, staff, query):
        AreaFactory()
        assert client.get(desk("event_plan"), query).status_code == 200
        assert client.get(desk("event_council_meetings"), query).status_code == 200

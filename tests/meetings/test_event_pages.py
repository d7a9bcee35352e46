"""Public pages of events: lists, one event, registering with and without a login, one's own place."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from meetings.models import Attendance, EventDocument
from meetings.places import manage_token
from partners.models import Person
from tests.factories.meetings import AttendanceFactory, CouncilFactory, EventFactory, council_meeting
from tests.factories.partners import (
    AreaFactory,
    CoalitionFactory,
    OrganizationFactory,
    PersonFactory,
    StaffFactory,
    UserFactory,
    member,
)
from tests.meetings.reading import content, link_in, mails, text_of

pytestmark = pytest.mark.django_db

VISITOR = {
    "first_name": "Ana",
    "last_name": "Sample",
    "email": "ana@example.org",
    "needs": "",
    "language": "",
}


@pytest.fixture(autouse=True)
def _coalition(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    CoalitionFactory()


def register_url(event) -> str:
    return reverse("meetings:register", args=[event.slug])


class TestLists:
    def test_what_is_to_come_by_kind_council_and_mode(self, client):
        area = AreaFactory(slug="north")
        council_meeting_ = EventFactory(kind="council", area=area, title="North meets")
        EventFactory(kind="webinar", mode="online", title="On the web")
        EventFactory(mode="hybrid", title="Both ways")
        url = reverse("meetings:event_list")
        assert council_meeting_.title in content(client.get(url))
        for query, seen in (
            ({"kind": "council"}, {"North meets"}),
            ({"area": "north"}, {"North meets"}),
            ({"mode": "online"}, {"On the web", "Both ways"}),
            ({"mode": "in_person"}, {"North meets", "Both ways"}),
            ({"kind": "nonsense", "area": "x" * 10_000}, {"North meets", "On the web", "Both ways"}),
        ):
            page = content(client.get(url, query))
            titles = {"North meets", "On the web", "Both ways"}
            assert {title for title in titles if title in page} == seen, query

    def test_what_is_past_and_what_nobody_sees(self, client):
        EventFactory(title="Held", state="held", starts_at=timezone.now() - timedelta(days=9))
        for state in ("draft", "cancelled"):
            EventFactory(title=f"Is {state}", state=state, cancelled_at=timezone.now())
        past = content(client.get(reverse("meetings:event_list"), {"when": "past"}))
        coming = content(client.get(reverse("meetings:event_list")))
        assert "Held" in past
        assert "Held" not in coming
        assert "Is draft" not in past + coming
        assert "Is cancelled" not in coming
        assert "No event is planned yet" in coming

    def test_partners_and_staffs_events_are_theirs(self, client):
        EventFactory(title="For partners", audience="partners")
        EventFactory(title="For staff", kind="internal", audience="staff")
        url = reverse("meetings:event_list")

        def seen(user):
            client.logout()
            if user:
                client.force_login(user)
            page = content(client.get(url))
            return {title for title in ("For partners", "For staff") if title in page}

        assert seen(None) == set()
        assert seen(UserFactory()) == set()
        assert seen(member(OrganizationFactory(status="former"))) == set()
        assert seen(member(OrganizationFactory())) == {"For partners"}
        assert seen(StaffFactory()) == {"For partners", "For staff"}

    @pytest.mark.parametrize("number", [1, 20])
    def test_as_many_queries_for_one_as_for_twenty(self, client, django_assert_num_queries, number):
        for _place in range(number):
            council_meeting()
        with django_assert_num_queries(4):
            client.get(reverse("meetings:event_list"), {"kind": "council"})


class TestPage:
    def test_facts_agenda_access_and_data_for_machines(self, client):
        event = council_meeting(
            agenda="<p>Wages</p>",
            access="Ramp",
            languages="Polish",
            has_captions=True,
            mode="hybrid",
            join_url="https://meet.example/secret",
        )
        page = content(client.get(event.get_absolute_url()))
        for words in ("Wages", "Ramp", "Polish", "With live captions", "Sample House", '"@type": "Event"'):
            assert words in page
        assert "meet.example" not in page

    def test_titles_stand_escaped(self, client):
        event = EventFactory(title="</script><script>alert(1)</script> 🎈 שלום")
        page = client.get(event.get_absolute_url()).content.decode()
        assert "<script>alert(1)" not in page
        assert "🎈 שלום" in page

    def test_the_source_goes_along_to_the_form(self, client):
        event = EventFactory()
        page = content(client.get(event.get_absolute_url(), {"from": "newsletter-5"}))
        assert f"{register_url(event)}?from=newsletter-5" in page
        page = content(client.get(event.get_absolute_url(), {"from": '"><b>'}))
        assert '"><b>' not in page

    def test_a_draft_is_for_staff(self, client):
        event = EventFactory(state="draft", published_at=None)
        assert client.get(event.get_absolute_url()).status_code == 404
        client.force_login(StaffFactory())
        assert "This is a draft" in content(client.get(event.get_absolute_url()))

    def test_partners_events_ask_strangers_to_sign_in(self, client):
        event = EventFactory(audience="partners")
        for url in (event.get_absolute_url(), register_url(event)):
            response = client.get(url)
            assert response.status_code == 302
            assert response["Location"].startswith("/accounts/login/")
        assert client.get(reverse("meetings:event_ics", args=[event.slug])).status_code == 404
        client.force_login(member(OrganizationFactory(status="former")))
        assert client.get(event.get_absolute_url()).status_code == 404
        internal = EventFactory(kind="internal", audience="staff")
        client.logout()
        assert client.get(internal.get_absolute_url()).status_code == 404

    def test_notes_once_they_are_published(self, client):
        event = EventFactory(
            state="held", notes="<p>We agreed.</p>", starts_at=timezone.now() - timedelta(days=3)
        )
        assert "We agreed" not in content(client.get(event.get_absolute_url()))
        event.notes_published_at = timezone.now()
        event.save()
        client.logout()
        assert "We agreed" in content(client.get(event.get_absolute_url(), {"fresh": "1"}))

    def test_full_says_so(self, client):
        event = EventFactory(capacity=1)
        AttendanceFactory(event=event)
        page = content(client.get(event.get_absolute_url()))
        assert "Join the waiting list" in page
        assert "Full: waiting list" in page

    def test_cancelled_says_why(self, client):
        event = EventFactory(state="cancelled", cancelled_at=timezone.now(), cancel_reason="Snow.")
        page = content(client.get(event.get_absolute_url()))
        assert "Snow." in page
        assert "Take part" not in page

    def test_documents_are_files_to_keep_for_those_who_see_the_event(self, client, settings, tmp_path):
        settings.MEDIA_ROOT = tmp_path
        event = EventFactory(audience="partners")
        document = EventDocument(event=event, title="Slides")
        document.file.save("slides.html", ContentFile(b"<script>"), save=True)
        url = reverse("meetings:event_document", args=[event.slug, document.pk])
        assert client.get(url).status_code == 404
        client.force_login(member(OrganizationFactory()))
        response = client.get(url)
        assert response["Content-Disposition"].startswith("attachment")
        assert response["X-Content-Type-Options"] == "nosniff"
        other = EventFactory()
        assert (
            client.get(reverse("meetings:event_document", args=[other.slug, document.pk])).status_code == 404
        )


class TestRegisteringWithoutALogin:
    def test_from_the_form_to_the_mail_to_the_place_and_back(self, client):
        event = EventFactory(mode="hybrid", join_url="https://meet.example/secret")
        assert client.get(register_url(event), {"from": "newsletter"}).status_code == 200
        response = client.post(
            register_url(event), VISITOR | {"how": "online", "needs": " A\r\n ramp ", "source": "newsletter"}
        )
        page = content(client.get(response["Location"]))
        assert "You are registered" in page
        assert "my-place" not in page
        assert "meet.example" not in page
        place = Attendance.objects.get()
        assert (place.person.name, place.needs, place.source) == ("Ana Sample", "A ramp", "newsletter")
        assert (place.is_online, place.organization, place.registered_by) == (True, None, None)
        manage = link_in(mails("ana@example.org")[0], "my-place")
        page = content(client.get(manage))
        assert "https://meet.example/secret" in page
        assert "A ramp" not in page
        assert client.get(f"{manage}cancel/").status_code == 405
        response = client.post(f"{manage}cancel/", follow=True)
        assert "Your registration is cancelled" in content(response)
        assert Attendance.objects.get().status == "cancelled"

    def test_twice_looks_the_same_from_outside(self, client):
        event = EventFactory()
        pages = [
            content(client.get(client.post(register_url(event), VISITOR)["Location"])) for _time in range(2)
        ]
        assert pages[0] == pages[1]
        assert Attendance.objects.count() == 1
        assert "You were registered already" in text_of(mails("ana@example.org")[-1])

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"first_name": ""}, "Enter your first name"),
            ({"email": "nonsense"}, "Enter an e-mail address such as"),
            ({"email": ""}, "Enter your e-mail address"),
            ({"how": ""}, "Choose how you will take part"),
            ({"how": "by balloon"}, "Choose how you will take part"),
            ({"first_name": "Win at www.casino.example"}, "Enter a name without web"),
            ({"first_name": "Ana\r\nBcc: x@example.org"}, "plain letters"),
            ({"needs": "x" * 10_000}, "Shorten what you need"),
            ({"language": "x" * 10_000}, "Shorten the language"),
        ],
    )
    def test_what_is_wrong_is_said_and_every_answer_kept(self, client, change, words):
        event = EventFactory(mode="hybrid", join_url="https://meet.example/a")
        response = client.post(
            register_url(event), VISITOR | {"how": "online", "last_name": "Śample 🎈"} | change
        )
        page = content(response)
        assert "There is a problem" in page
        assert words in page
        assert "Śample 🎈" in page
        assert not Attendance.objects.exists()
        assert mails() == []

    def test_names_in_any_script(self, client):
        event = EventFactory()
        client.post(register_url(event), VISITOR | {"first_name": "שרה", "last_name": "<b>Ñandú</b>"})
        assert Person.objects.get(email="ana@example.org").first_name == "שרה"

    def test_robots_are_told_that_all_went_well(self, client):
        event = EventFactory()
        response = client.post(register_url(event), VISITOR | {"website_url2": "x"})
        assert response.status_code == 302
        assert not Attendance.objects.exists()
        assert not Person.objects.filter(email="ana@example.org").exists()

    def test_a_source_that_makes_no_sense_is_dropped(self, client):
        event = EventFactory()
        client.post(register_url(event), VISITOR | {"source": "<b>" * 99})
        assert Attendance.objects.get().source == ""

    def test_closed_says_so(self, client):
        event = EventFactory(registration_closes_at=timezone.now() - timedelta(minutes=1))
        assert "Registration is closed" in content(client.get(register_url(event)))
        response = client.post(register_url(event), VISITOR)
        assert response.status_code == 409
        assert not Person.objects.filter(email="ana@example.org").exists()

    def test_too_many_are_stopped(self, client, settings):
        settings.FORM_RATE = "2/h"
        event = EventFactory()
        codes = [
            client.post(register_url(event), VISITOR | {"email": f"p{number}@example.org"}).status_code
            for number in range(31)
        ]
        assert codes[-1] == 429

    def test_the_waiting_list_says_the_place_in_line(self, client):
        event = EventFactory(capacity=1)
        AttendanceFactory(event=event)
        before = timezone.now() - timedelta(days=1)
        AttendanceFactory(event=event, status="waitlisted", registered_at=before)
        page = content(client.get(client.post(register_url(event), VISITOR)["Location"]))
        assert "You are number 2 in line" in page


class TestSignedIn:
    def test_no_name_is_asked_and_the_place_shows_at_once(self, client):
        organization, event = OrganizationFactory(), EventFactory()
        user = member(organization)
        client.force_login(user)
        assert 'name="email"' not in content(client.get(register_url(event)))
        response = client.post(register_url(event), {"needs": "Captions"}, follow=True)
        assert "We have sent you a confirmation" in content(response)
        place = Attendance.objects.get()
        assert (place.organization, place.person) == (organization, user.person)
        response = client.post(register_url(event), {"needs": "A ramp"}, follow=True)
        assert "You are registered already. Your changes are saved." in content(response)
        assert Attendance.objects.get().needs == "A ramp"
        assert "You are registered" in content(client.get(event.get_absolute_url()))
        assert urlsplit(client.get(register_url(event))["Location"]).path.startswith("/events/my-place/")

    def test_a_login_without_a_name_gives_it_once(self, client):
        user, event = UserFactory(), EventFactory()
        client.force_login(user)
        client.post(register_url(event), {"first_name": "Bo", "last_name": "New"})
        person = Attendance.objects.get().person
        assert (person.user, person.name, person.email) == (user, "Bo New", user.email)


class TestOwnPlace:
    @pytest.mark.parametrize("token", ["1", "1.abc", "x" * 2000, "1:abc"])
    def test_links_that_we_did_not_sign_open_nothing(self, client, token):
        AttendanceFactory()
        for name in ("place", "place_ics", "registered"):
            assert client.get(reverse(f"meetings:{name}", args=[token])).status_code == 404
        assert client.post(reverse("meetings:place_cancel", args=[token])).status_code == 404

    def test_the_link_of_one_place_opens_no_other(self, client):
        event = EventFactory(capacity=1, mode="online", join_url="https://meet.example/secret")
        AttendanceFactory(event=event)
        waiting = AttendanceFactory(event=event, status="waitlisted")
        url = reverse("meetings:place", args=[manage_token(waiting)])
        page = content(client.get(url))
        assert "You are number 1 in line" in page
        assert "meet.example" not in page

    def test_changes_keep_what_was_said_before(self, client):
        place = AttendanceFactory(needs="A ramp")
        url = reverse("meetings:place", args=[manage_token(place)])
        response = client.post(url, {"needs": "", "language": "Polski"}, follow=True)
        assert "Your changes are saved" in content(response)
        place.refresh_from_db()
        assert (place.needs, place.language) == ("A ramp", "Polski")

    def test_who_cannot_come_is_excused_where_the_council_counts_it(self, client):
        council = CouncilFactory()
        place = AttendanceFactory(event=council_meeting(council))
        url = reverse("meetings:place", args=[manage_token(place)])
        assert "note me as excused" not in content(client.get(url))
        assert "Nobody counts" in content(client.post(f"{url}cancel/", {"excused": "1"}))
        council.counts_excused = True
        council.save()
        assert "note me as excused" in content(client.get(url))
        client.post(f"{url}cancel/", {"excused": "1"})
        assert "You are excused" in content(client.get(url))
        place.refresh_from_db()
        assert place.status == "excused"

    def test_after_the_start_nothing_changes(self, client):
        place = AttendanceFactory(event=EventFactory(starts_at=timezone.now() - timedelta(minutes=1)))
        url = reverse("meetings:place", args=[manage_token(place)])
        assert "Cancel my registration" not in content(client.get(url))
        response = client.post(f"{url}cancel/")
        assert response.status_code == 409
        assert "has begun" in content(response)


class TestCalendars:
    def test_the_public_file_has_no_address_to_join_and_ones_own_has(self, client):
        event = EventFactory(mode="online", join_url="https://meet.example/secret")
        place = AttendanceFactory(event=event, is_online=True)
        public = client.get(reverse("meetings:event_ics", args=[event.slug]))
        own = client.get(reverse("meetings:place_ics", args=[manage_token(place)]))
        assert public["Content-Type"].startswith("text/calendar")
        (first,), (second,) = (Calendar.from_ical(r.content).walk("VEVENT") for r in (public, own))
        assert first["uid"] == second["uid"]
        assert "secret" not in str(first["description"])
        assert "https://meet.example/secret" in str(second["description"])
        place.status, place.cancelled_at = "cancelled", timezone.now()
        place.save()
        own = client.get(reverse("meetings:place_ics", args=[manage_token(place)]))
        assert b"secret" not in own.content

    def test_a_subscribed_calendar_updates_in_place(self, client):
        event = council_meeting()
        EventFactory(audience="partners", title="Not for all")
        EventFactory(state="draft", title="Not yet")
        url = reverse("meetings:calendar")

        def only():
            (found,) = Calendar.from_ical(client.get(url, {"v": str(event.revision)}).content).walk("VEVENT")
            return found

        before = only()
        event.starts_at += timedelta(days=1)
        event.ends_at += timedelta(days=1)
        event.revision = 1
        event.save()
        moved = only()
        event.state, event.cancelled_at, event.revision = "cancelled", timezone.now(), 2
        event.save()
        gone = only()
        assert before["uid"] == moved["uid"] == gone["uid"]
        assert [each["sequence"] for each in (before, moved, gone)] == [0, 1, 2]
        assert moved.decoded("dtstart") > before.decoded("dtstart")
        assert str(gone["status"]) == "CANCELLED"

    def test_a_councils_own_calendar(self, client):
        meeting, other = council_meeting(), council_meeting()
        url = reverse("meetings:council_calendar", args=[meeting.area.slug])
        (found,) = Calendar.from_ical(client.get(url).content).walk("VEVENT")
        assert str(found["summary"]) == meeting.title != other.title


class TestMyEvents:
    @pytest.mark.parametrize("number", [1, 20])
    def test_mine_only_and_flat(self, client, django_assert_num_queries, number):
        user = member(OrganizationFactory())
        for place in range(number):
            AttendanceFactory(person=user.person, event=council_meeting(title=f"Mine {place}"))
            past = council_meeting(starts_at=timezone.now() - timedelta(days=9), state="held")
            AttendanceFactory(person=user.person, event=past, status="attended")
        AttendanceFactory(person=PersonFactory(), event=EventFactory(title="Others go there"))
        client.force_login(user)
        url = reverse("my_meetings:events")
        client.get(url)
        with django_assert_num_queries(6):
            page = content(client.get(url))
        assert "Mine 0" in page
        assert "Others go there" not in page
        assert "Attended" in page

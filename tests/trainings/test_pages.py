"""The public pages and one's own: lists, registering page by page, places behind mailed links, an organization's people."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.factories.partners import (
    AreaFactory,
    CoalitionFactory,
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
    TopicFactory,
)
from tests.meetings.reading import content, link_in, mails
from trainings.models import Enrollment, Registration
from trainings.tokens import place_address, registration_address

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _coalition(settings):
    settings.FORM_RATE = "1000/h"
    settings.PAGE_CACHE_SECONDS = 0
    CoalitionFactory()


def signed_in(client, user):
    client.force_login(user)
    return client


class TestLists:
    def test_an_empty_list_says_what_to_do(self, client):
        assert "No training is planned yet" in content(client.get("/trainings/"))
        assert "No training is over yet" in content(client.get("/trainings/past/"))

    def test_filters(self, client):
        topic, area = TopicFactory(slug="equity"), AreaFactory(slug="south")
        online = SessionFactory(course__title="Online one", languages="English, with Spanish interpretation")
        online.course.topics.add(topic)
        SessionFactory(course__title="Southern one", mode="in_person", venue="Hall", area=area)
        FeeTierFactory(course__title="Dear one")
        for query, shown in (
            ("topic=equity", {"Online one"}),
            ("mode=online", {"Online one"}),
            ("area=south", {"Southern one"}),
            ("language=spanish", {"Online one"}),
            ("free=1", {"Online one", "Southern one"}),
            (
                "topic=nothing&mode=flying&area=%00&language=klingon",
                {"Online one", "Southern one", "Dear one"},
            ),
            ("topic=equity&area=south", set()),
        ):
            page = content(client.get(f"/trainings/?{query}"))
            found = {title for title in ("Online one", "Southern one", "Dear one") if title in page}
            assert found == shown, query

    def test_drafts_and_archived_ones_are_staffs(self, client):
        draft = CourseFactory(state="draft", title="Secret draft")
        hidden = SessionFactory(state="draft")
        assert "Secret draft" not in content(client.get("/trainings/"))
        assert client.get(draft.get_absolute_url()).status_code == 404
        assert client.get(hidden.get_absolute_url()).status_code == 404
        signed_in(client, StaffFactory())
        assert client.get(draft.get_absolute_url()).status_code == 200
        assert "This is a draft" in content(client.get(hidden.get_absolute_url()))

    @pytest.mark.parametrize("address", ["/trainings/", "/trainings/past/"])
    def test_one_row_and_twenty_cost_the_same(self, client, address):
        def fill(number):
            now = timezone.now()
            for session in SessionFactory.create_batch(number, area=AreaFactory()):
                FeeTierFactory(course=session.course)
                session.course.topics.add(TopicFactory())
            SessionFactory.create_batch(
                number, starts_at=now - timedelta(days=3), state="held", area=AreaFactory()
            )

        counts = []
        for number in (1, 19):
            fill(number)
            with CaptureQueriesContext(
                connection,
            ) as queries:
                assert client.get(address).status_code == 200
            counts.append(len(queries))
        assert counts[0] == counts[1] <= 12

    def test_a_course_shows_its_equity_and_keeps_the_source(self, client):
        session = SessionFactory(course__equity_objectives="Share power.\nShare power.")
        page = client.get(f"{session.course.get_absolute_url()}?from=flyer-peoria")
        assert content(page).count("Share power.") == 2  # Once for people, once for machines.
        assert f"{session.get_absolute_url()}?from=flyer-peoria" in content(page)
        assert '"@type": "Course"' in content(page)
        assert "register/?from=flyer-peoria" in content(
            client.get(f"{session.get_absolute_url()}?from=flyer-peoria")
        )
        assert (
            "from="
            not in content(client.get(f"{session.get_absolute_url()}?from=%3Cscript%3E")).split("register/")[
                1
            ][:20]
        )

    def test_calendars(self, client):
        session = SessionFactory()
        for address in (f"{session.get_absolute_url()}session.ics", "/trainings/calendar.ics"):
            response = client.get(address)
            assert response["Content-Type"].startswith("text/calendar")
            assert b"meet.example" not in response.content


@pytest.fixture
def session():
    found = SessionFactory(mode="hybrid", venue="River Hall", city="Peoria", capacity=2)
    FeeTierFactory(course=found.course, name="Community", amount=0)
    return found


def steps(client, session, pages: dict[str, dict], query="") -> object:
    """Sends one page after the other, and returns the last answer."""
    response = None
    for step, data in pages.items():
        tail = "" if step == "who" else f"{step}/"
        response = client.post(f"{session.get_absolute_url()}register/{tail}{query}", data)
        assert response.status_code == 302, (step, content(response)[:3000])
    return response


WHO = {"first_name": "Rosa", "last_name": "Delgado", "email": "Rosa@people.example", "who": "both"}
NAMES = {
    "form-TOTAL_FORMS": "3",
    "form-INITIAL_FORMS": "0",
    "form-0-first_name": "Bo",
    "form-0-last_name": "Li",
    "form-0-email": "bo@people.example",
    "form-2-first_name": "Cy",
    "form-2-last_name": "Ek",
    "form-2-email": "cy@people.example",
}
WISHES = {"how": "in_person", "needs": "A  ramp", "captions": "on", "language": "Español"}


class TestRegistering:
    def test_a_stranger_registers_colleagues_too(self, client, session):
        tier = session.course.tiers.get()
        pages = {"who": WHO, "colleagues": NAMES, "wishes": WISHES, "fee": {"tier": tier.pk}}
        steps(client, session, pages, query="?from=newsletter")
        check = content(client.get(f"{session.get_absolute_url()}register/check/"))
        assert "Rosa Delgado" in check
        assert "There are not enough seats" in check
        assert "On the waiting list: Cy Ek" in check
        assert "<li>Bo Li, bo@people.example</li>" in check
        assert "Community: Free" in check
        sent = client.post(f"{session.get_absolute_url()}register/check/")
        registration = Registration.objects.get()
        assert sent["Location"].startswith("/trainings/registered/")
        page = content(client.get(sent["Location"]))
        assert registration.reference in page
        assert "2 people have a seat." in page
        # Whoever typed an address learns nobody's name and no way to their place.
        assert "Delgado" not in page
        assert "/places/" not in page
        rows = {row.person.first_name: row for row in registration.enrollments.select_related("person")}
        assert {name: row.status for name, row in rows.items()} == {
            "Rosa": "registered",
            "Bo": "registered",
            "Cy": "waitlisted",
        }
        assert rows["Rosa"].needs == "Live captions. A ramp"
        assert (rows["Bo"].needs, rows["Bo"].source, rows["Rosa"].language) == ("", "newsletter", "Español")
        assert {mail["To"] for mail in mails()} == {
            "rosa@people.example",
            "bo@people.example",
            "cy@people.example",
        }
        # The answers are gone: what is opened once more begins anew.
        assert client.post(f"{session.get_absolute_url()}register/check/").status_code == 302

    def test_somebody_signed_in_sees_names_and_their_budget_is_proposed(self, client, session):
        user = member(
            OrganizationFactory(budget_band="under_500k"), email="ana@people.example", last_name="Roe"
        )
        tier = FeeTierFactory(course=session.course, name="Small", budget_band="under_500k", amount=0)
        signed_in(client, user)
        assert "You register as" in content(client.get(f"{session.get_absolute_url()}register/"))
        steps(client, session, {"who": {"who": "myself"}, "wishes": {"how": "online"}})
        page = client.get(f"{session.get_absolute_url()}register/fee/")
        assert page.context["form"].initial == {"tier": tier.pk}
        steps(client, session, {"fee": {"tier": tier.pk}})
        done = client.post(f"{session.get_absolute_url()}register/check/", follow=True)
        assert "Ana Roe" in content(done)
        row = Enrollment.objects.get()
        assert (row.is_online, row.person, row.registered_by) == (True, user.person, user)

    def test_a_login_without_a_person_gives_a_name(self, client, session):
        user = UserFactory(email="new@people.example")
        signed_in(client, user)
        pages = {
            "who": {"first_name": "Ny", "last_name": "Ng", "who": "myself"},
            "wishes": {"how": "online"},
            "fee": {"tier": session.course.tiers.get().pk},
        }
        steps(client, session, pages)
        client.post(f"{session.get_absolute_url()}register/check/")
        user.refresh_from_db()
        assert (user.person.name, user.person.training_registrations.count()) == ("Ny Ng", 1)

    def test_registered_already(self, client):
        session = SessionFactory()
        for _time in range(2):
            steps(client, session, {"who": WHO | {"who": "myself"}, "wishes": {}})
            response = client.post(f"{session.get_absolute_url()}register/check/", follow=True)
        assert "You are registered already" in content(response)
        assert len(mails("rosa@people.example")) == 2
        assert Registration.objects.count() == 1

    def test_pages_too_early_lead_to_the_first_open_one(self, client, session):
        for step in ("colleagues", "wishes", "fee", "check"):
            response = client.get(f"{session.get_absolute_url()}register/{step}/")
            assert response["Location"] == f"{session.get_absolute_url()}register/"
        assert client.get(f"{session.get_absolute_url()}register/nonsense/").status_code == 404

    def test_answers_of_one_login_are_not_anothers(self, client, session):
        steps(client, session, {"who": WHO | {"who": "myself"}})
        signed_in(client, member(OrganizationFactory()))
        response = client.get(f"{session.get_absolute_url()}register/wishes/")
        assert response["Location"] == f"{session.get_absolute_url()}register/"

    @pytest.mark.parametrize(
        "bad",
        [
            {"first_name": "x" * 10_000},
            {"last_name": "buy www.pills.example"},
            {"first_name": "Rosa\r\nBcc: a@b.example"},
            {"last_name": "\u202egnp.exe"},
            {"email": "nobody"},
            {"who": "everybody"},
        ],
    )
    def test_what_cannot_be_is_said_at_the_field(self, client, session, bad):
        response = client.post(f"{session.get_absolute_url()}register/", WHO | bad)
        assert response.status_code == 200
        page = content(response)
        assert "There is a problem" in page
        assert "<title>Error:" in page

    def test_names_in_any_script_and_emoji(self, client):
        session = SessionFactory()
        who = WHO | {"first_name": "محمد 🎉", "last_name": "<b>O'Neil</b>", "who": "myself"}
        steps(client, session, {"who": who, "wishes": {}})
        page = client.get(f"{session.get_absolute_url()}register/check/").content.decode()
        assert "&lt;b&gt;O&#x27;Neil" in page
        assert "<b>O" not in page

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"form-0-email": ""}, "Enter the e-mail address of this person."),
            ({"form-2-email": "BO@people.example"}, "Two people have the same e-mail address."),
            ({"form-0-email": "rosa@people.example"}, "Leave yourself out here."),
            (
                dict.fromkeys(NAMES, "") | {"form-TOTAL_FORMS": "3", "form-INITIAL_FORMS": "0"},
                "Name at least one colleague.",
            ),
            ({"form-TOTAL_FORMS": "999999"}, "at most 20"),
        ],
    )
    def test_colleagues_that_cannot_be(self, client, session, change, words):
        steps(client, session, {"who": WHO})
        response = client.post(f"{session.get_absolute_url()}register/colleagues/", NAMES | change)
        assert response.status_code == 200
        assert words in content(response)

    def test_more_rows_keep_what_was_typed(self, client, session):
        steps(client, session, {"who": WHO})
        response = client.post(f"{session.get_absolute_url()}register/colleagues/", NAMES | {"more": "1"})
        page = content(response)
        assert page.count("<legend") == 6
        assert "bo@people.example" in page

    def test_a_robot_is_told_nothing(self, client, session):
        response = client.post(f"{session.get_absolute_url()}register/", WHO | {"website_url2": "spam"})
        assert response["Location"] == session.get_absolute_url()

    def test_closed_and_for_partners(self, client):
        closed = SessionFactory(registration_closes_at=timezone.now() - timedelta(hours=1))
        assert "You cannot register here" in content(client.get(f"{closed.get_absolute_url()}register/"))
        partners = SessionFactory(course__audience="partners")
        assert "/accounts/login/" in client.get(f"{partners.get_absolute_url()}register/")["Location"]
        signed_in(client, UserFactory())
        assert client.get(f"{partners.get_absolute_url()}register/").status_code == 403
        signed_in(client, member(OrganizationFactory()))
        assert client.get(f"{partners.get_absolute_url()}register/").status_code == 200

    def test_too_many_from_one_address_are_refused(self, client, settings):
        settings.FORM_RATE = "2/h"
        session = SessionFactory()
        for number in range(3):
            who = WHO | {"email": f"p{number}@people.example", "who": "myself"}
            steps(client, session, {"who": who, "wishes": {}})
            response = client.post(f"{session.get_absolute_url()}register/check/")
        assert response.status_code == 429
        assert Registration.objects.count() == 2


class TestPlaces:
    def test_forged_words_open_nothing(self, client):
        row = EnrollmentFactory()
        for address in (
            f"/trainings/places/{row.pk}.abc/",
            f"/trainings/places/{row.pk}/cancel/",
            "/trainings/places/x/place.ics",
            f"/trainings/registrations/{row.registration_id}.abc/",
            # A registration's word is no place's.
            registration_address(row.registration).replace("registrations", "places"),
            place_address(row).replace("places", "registrations"),
            place_address(row).replace("places", "registered"),
        ):
            assert client.get(address).status_code == 404, address

    def test_the_address_to_join_is_for_a_seat(self, client):
        seated, waiting = EnrollmentFactory(), EnrollmentFactory(status="waitlisted")
        assert "https://meet.example/room" in content(client.get(place_address(seated)))
        assert "number 1 in line" in content(client.get(place_address(waiting)))
        assert "meet.example" not in content(client.get(place_address(waiting)))
        files = [client.get(place_address(row, "place_ics")).content for row in (seated, waiting)]
        assert [b"meet.example" in file.replace(b"\r\n ", b"") for file in files] == [True, False]

    def test_following_a_link_changes_nothing(self, client):
        row = EnrollmentFactory(status="offered")
        for address in (place_address(row), place_address(row, "place_cancel")):
            client.get(address)
        row.refresh_from_db()
        assert row.status == "offered"

    @pytest.mark.parametrize(("step", "status"), [("accept", "registered"), ("decline", "cancelled")])
    def test_an_offer_is_answered(self, client, step, status):
        row = EnrollmentFactory(status="offered")
        assert "A seat is kept for you" in content(client.get(place_address(row)))
        client.post(place_address(row), {"step": step})
        row.refresh_from_db()
        assert row.status == status

    def test_too_late_is_said(self, client):
        row = EnrollmentFactory(status="offered", offer_expires_at=timezone.now() - timedelta(minutes=1))
        response = client.post(place_address(row), {"step": "accept"})
        assert response.status_code == 409
        assert "The time to accept this seat is over" in content(response)

    def test_given_back_after_asking_once_more(self, client):
        row = EnrollmentFactory(price=40)
        page = content(client.get(place_address(row, "place_cancel")))
        assert "comes off the invoice in full" in page
        client.post(place_address(row, "place_cancel"))
        row.refresh_from_db()
        assert row.status == "cancelled"
        assert "no longer registered" in content(client.get(place_address(row)))
        assert "nothing to give back" in content(client.get(place_address(row, "place_cancel")))

    def test_needs_are_kept_and_long_ones_refused(self, client):
        row = EnrollmentFactory()
        client.post(place_address(row), {"needs": "A\nramp", "language": "Polski"})
        row.refresh_from_db()
        assert (row.needs, row.language) == ("A ramp", "Polski")
        response = client.post(place_address(row), {"needs": "x" * 10_000})
        assert "Shorten what you need" in content(response)

    def test_a_cancelled_session_says_why(self, client):
        row = EnrollmentFactory(session__state="cancelled", session__cancel_reason="Snow everywhere.")
        page = content(client.get(place_address(row)))
        assert "Snow everywhere." in page
        assert "meet.example" not in page
        assert "Give my place back" not in page

    def test_the_mailed_link_works_without_a_login(self, client):
        session = SessionFactory()
        steps(client, session, {"who": WHO | {"who": "myself"}, "wishes": {}})
        client.post(f"{session.get_absolute_url()}register/check/")
        (message,) = mails("rosa@people.example")
        assert "You have a seat" in content(client.get(link_in(message, "/places/")))


class TestMine:
    def test_my_trainings(self, client):
        user = member(OrganizationFactory())
        EnrollmentFactory(person=user.person, session__course__title="To come")
        EnrollmentFactory(
            person=user.person,
            status="attended",
            session__course__title="Long ago",
            session__state="held",
            session__starts_at=timezone.now() - timedelta(days=40),
        )
        EnrollmentFactory(session__course__title="Somebody else's")
        page = content(signed_in(client, user).get(reverse("my_trainings:trainings")))
        assert "To come" in page
        assert "Long ago" in page
        assert "Somebody else's" not in page

    def test_an_empty_page_says_what_to_do(self, client):
        page = signed_in(client, UserFactory()).get(reverse("my_trainings:trainings"))
        assert "You are registered for no training" in content(page)

    @pytest.mark.parametrize("view", ["trainings", "organization"])
    def test_one_row_and_twenty_cost_the_same(self, client, view):
        organization = OrganizationFactory()
        user = member(organization)
        signed_in(client, user)
        address = reverse(f"my_trainings:{view}", args=[organization.slug] if view == "organization" else [])
        counts = []
        for number in (1, 19):
            for _row in range(number):
                EnrollmentFactory(person=user.person, organization=organization)
                EnrollmentFactory(
                    person=user.person, organization=organization, status="attended", session__state="held"
                )
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            counts.append(len(queries))
        assert counts[0] == counts[1]

    def test_primary_contacts_see_their_own_people_and_no_others(self, client):
        organization = OrganizationFactory()
        contact = member(organization)
        advocate = member(organization, role="advocate", last_name="Ownperson")
        EnrollmentFactory(person=advocate.person, organization=organization, status="attended")
        stranger = EnrollmentFactory(organization=organization, person__last_name="Formerperson")
        address = reverse("my_trainings:organization", args=[organization.slug])
        page = content(signed_in(client, contact).get(address))
        assert "Ownperson" in page
        assert stranger.person.last_name not in page
        assert signed_in(client, advocate).get(address).status_code == 403
        assert signed_in(client, member(OrganizationFactory())).get(address).status_code == 404

"""Joining as a visitor walks through it."""

import pytest
from django.urls import reverse

from mailing.models import OutboxMessage
from partners.models import JoinApplication
from tests.factories.partners import (
    CoalitionFactory,
    CountyFactory,
    OrganizationFactory,
    SubSectorFactory,
)

pytestmark = pytest.mark.django_db


def url(step):
    return reverse("partners:join_step", args=[step])


START = reverse("partners:join_start")


@pytest.fixture
def county():
    CoalitionFactory()
    return CountyFactory(name="Macon")


@pytest.fixture
def answers(county):
    """A complete set of answers, page by page."""
    return {
        "organization": {
            "name": "Prairie Path Services",
            "ein": "361234567",
            "website": "www.prairiepath.example",
            "street": "2 Sample Street",
            "city": "Decatur",
            "zip_code": "62523",
            "county": county.pk,
            "phone": "217-555-0101",
        },
        "people": {
            "first_name": "Rosa",
            "last_name": "Sample",
            "title": "Director",
            "email": "Rosa@PrairiePath.example",
            "phone": "",
        },
        "services": {
            "sub_sectors": [SubSectorFactory(name="Housing").pk],
            "area": county.area.pk,
            "budget_band": "500k_1m",
            "summary": "We help families find a home.",
        },
    }


def walk(client, answers, *steps):
    for step in steps or ("organization", "people", "services"):
        response = client.post(url(step), answers[step])
        assert response.status_code == 302, response.context["form"].errors
    return response


def test_the_whole_walk(client, answers):
    assert b"Start your request" in client.get(START).content
    response = walk(client, answers, "organization")
    assert response.url == url("people")
    response = walk(client, answers, "people")
    assert response.url == url("services")
    # The area is suggested from the county.
    assert client.get(url("services")).context["form"].initial["area"] == answers["services"]["area"]
    response = walk(client, answers, "services")
    assert response.url == url("check")

    page = client.get(url("check")).content.decode()
    for words in ("36-1234567", "https://www.prairiepath.example", "(217) 555-0101", "Macon", "Housing"):
        assert words in page
    assert "rosa@prairiepath.example" in page
    assert "$500,000 to $1 million" in page
    assert f'href="{url("people")}#id_email"' in page
    assert "By sending this request for Prairie Path Services you confirm" in page

    response = client.post(url("check"))
    assert response.url == url("demographics")
    application = JoinApplication.objects.get()
    assert application.state == "submitted"
    assert OutboxMessage.objects.count() == 2

    assert b"Why we ask" in client.get(url("demographics")).content
    response = client.post(
        url("demographics"), {"race": ["black", "latino"], "ability": "declined", "employed": "1,200"}
    )
    assert response.url == url("done")
    application.refresh_from_db()
    assert application.demographic_answers["leader_race"]["values"] == ["black", "latino"]
    assert application.demographic_answers["leader_ability"]["declined"] is True
    assert application.demographic_answers["employed"]["number"] == 1200
    assert "populations" not in application.demographic_answers
    for _visit in range(2):
        assert application.reference in client.get(url("done")).content.decode()


def test_change_leads_back_to_the_check_page(client, answers):
    walk(client, answers)
    page = client.get(url("people")).content.decode()
    assert 'value="Rosa"' in page
    assert f'class="back-link" href="{url("check")}"' in page
    response = client.post(url("people"), answers["people"] | {"first_name": "Rosalie"})
    assert response.url == url("check")
    assert "Rosalie" in client.get(url("check")).content.decode()


def test_errors_keep_every_answer_and_say_what_to_do(client, answers):
    wrong = answers["organization"] | {
        "name": "",
        "ein": "12",
        "zip_code": "ABC",
        "county": "",
        "website": "javascript:alert(1)",
        "phone": "12",
    }
    page = client.post(url("organization"), wrong).content.decode()
    assert "<title>Error: " in page
    for words in (
        "Enter the name of your organization.",
        "An EIN has nine digits",
        "Enter a ZIP code of five digits",
        "Choose the county of your main office.",
        "Enter a web address, such as www.example.org.",
        "Enter a phone number with its area code",
    ):
        assert page.count(words) >= 2, words  # in the summary and at the field
    assert 'value="ABC"' in page
    assert 'value="2 Sample Street"' in page
    assert not JoinApplication.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "x" * 201),
        ("name", "two\nlines"),
        ("name", "nul\x00byte"),
        ("website", "https://" + "x" * 400 + ".example"),
        ("county", "999999"),
        ("county", "drop table"),
        ("phone", "++++++"),
    ],
)
def test_hostile_answers_are_refused_at_their_field(client, answers, field, value):
    response = client.post(url("organization"), answers["organization"] | {field: value})
    assert response.status_code == 200
    assert field in response.context["form"].errors


def test_words_of_html_are_shown_as_words(client, answers):
    name = '<script>alert("x")</script> & Sons'
    walk(client, answers | {"organization": answers["organization"] | {"name": name}})
    page = client.get(url("check")).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_half_a_colleague_is_asked_for_the_rest(client, answers):
    walk(client, answers, "organization")
    response = client.post(url("people"), answers["people"] | {"second_first_name": "Lee"})
    assert set(response.context["form"].errors) == {"second_last_name", "second_email"}
    second = {"second_first_name": "Lee", "second_last_name": "S", "second_email": "rosa@prairiepath.example"}
    response = client.post(url("people"), answers["people"] | second)
    assert "must differ" in str(response.context["form"].errors["second_email"])


def test_steps_out_of_order_lead_to_the_first_unfinished(client, answers):
    walk(client, answers, "organization")
    for step in ("services", "check", "demographics", "done"):
        response = client.get(url(step))
        assert response.url == url("people"), step
    assert client.post(url("check")).url == url("people")
    assert client.get(reverse("partners:join_step", args=["nonsense"])).status_code == 404


def test_a_lost_session_says_so(client):
    response = client.get(url("people"), follow=True)
    assert b"We no longer have your answers on this device" in response.content
    response = client.post(url("check"), follow=True)
    assert b"We no longer have your answers on this device" in response.content
    assert not JoinApplication.objects.exists()


def test_the_start_page_sets_no_cookie(client, county):
    assert not client.get(START).cookies
    assert "lost" not in client.get(START).content.decode()


def test_two_tabs_and_a_double_click_send_one_request(client, answers):
    walk(client, answers)
    first, second = client.post(url("check")), client.post(url("check"))
    assert first.url == url("demographics")
    assert second.url == url("done")
    # The other tab still shows an earlier page.
    assert client.post(url("people"), answers["people"] | {"first_name": "Late"}).url == url("done")
    application = JoinApplication.objects.get()
    assert application.people_answers["first_name"] == "Rosa"
    assert OutboxMessage.objects.count() == 2


def test_the_optional_questions_can_be_skipped(client, answers):
    walk(client, answers)
    client.post(url("check"))
    response = client.post(url("demographics"), {"skip": "1", "race": ["black"]})
    assert response.url == url("done")
    assert JoinApplication.objects.get().demographic_answers == {}
    assert b"Answer the optional questions" in client.get(url("done")).content


def test_an_answer_and_prefer_not_to_say_exclude_each_other(client, answers):
    walk(client, answers)
    client.post(url("check"))
    response = client.post(
        url("demographics"),
        {"race": ["black"], "race_declined": "on", "employed": "0", "employed_declined": "on"},
    )
    assert set(response.context["form"].errors) == {"race_declined", "employed_declined"}


def test_another_request_can_be_started_afterwards(client, answers):
    walk(client, answers)
    client.post(url("check"))
    assert b"You sent a request from this device" in client.get(START).content
    assert client.post(START).url == url("organization")
    walk(client, answers, "organization")
    assert JoinApplication.objects.count() == 2


def test_a_decided_request_shows_that(client, answers):
    walk(client, answers)
    client.post(url("check"))
    JoinApplication.objects.update(state="approved", decided_at="2026-03-05T14:00Z")
    assert client.get(url("demographics")).url == url("done")
    assert b"Your request is approved" in client.get(url("done")).content


def test_a_robot_is_told_that_all_went_well_and_nothing_is_kept(client, answers):
    response = client.post(
        url("organization"), answers["organization"] | {"website_url2": "http://spam.example"}
    )
    assert response.url == url("people")
    assert not JoinApplication.objects.exists()


def test_too_many_requests_from_one_address(client, answers, settings):
    settings.FORM_RATE = "2/h"
    for _attempt in range(2):
        assert client.post(url("organization"), {}).status_code == 200
    assert client.post(url("organization"), {}).status_code == 429
    assert client.get(url("organization")).status_code == 200


class TestDuplicates:
    @pytest.fixture
    def partner(self, county):
        return OrganizationFactory(name="The Prairie Path Services, Inc.", city="Springfield", county=county)

    def test_a_like_partner_is_shown_without_its_people(self, client, answers, partner):
        assert walk(client, answers, "organization").url == url("similar")
        page = client.get(url("similar")).content.decode()
        assert partner.name in page
        assert "Springfield" in page
        assert "@" not in page.split("<main")[1].split("</main>")[0]

    def test_going_on_is_kept_for_staff_and_asked_once(self, client, answers, partner):
        walk(client, answers, "organization")
        response = client.post(url("similar"), {"different": [partner.pk]})
        assert response.url == url("people")
        assert list(JoinApplication.objects.get().different_from.all()) == [partner]
        assert walk(client, answers, "organization").url == url("people")
        assert client.get(url("similar")).url == url("people")

    @pytest.mark.parametrize("same", [{"ein": "36-1234567"}, {"website": "https://prairiepath.example/home"}])
    def test_ein_and_domain_are_enough(self, client, answers, county, same):
        OrganizationFactory(name="Quite Another Name", county=county, **same)
        assert walk(client, answers, "organization").url == url("similar")

    def test_other_peoples_waiting_requests_are_not_shown(self, client, answers, county):
        walk(client, answers)
        client.post(url("check"))
        client.post(START)
        assert walk(client, answers, "organization").url == url("people")


@pytest.mark.parametrize(
    ("step", "field", "advertisement"),
    [
        ("organization", "name", "Win at https://spam.example now"),
        ("organization", "name", "Visit WWW.spam.example"),
        ("people", "first_name", "Cheap pills: http://spam.example"),
        ("people", "last_name", "write to me@spam.example"),
        ("people", "first_name", "\u202egnp.exe"),
    ],
)
def test_our_mail_to_a_typed_address_carries_no_strangers_advertisement(
    client, answers, step, field, advertisement
):
    if step == "people":
        walk(client, answers, "organization")
    response = client.post(url(step), answers[step] | {field: advertisement})
    assert field in response.context["form"].errors


def test_an_organization_may_have_an_at_sign_in_its_name(client, answers):
    answers["organization"]["name"] = "Kids@Play"
    walk(client, answers, "organization")

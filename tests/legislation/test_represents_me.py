"""Who represents me: every way to ask, honest answers where it is not sure, and nothing kept of where somebody lives."""

import logging
import re

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.urls import reverse

from legislation.places.maps import Window
from legislation.places.pointing import EXTENTS, SIZES, Step
from legislation.places.projection import to_map
from partners.caching import empty_page_cache
from tests.factories.legislation import (
    BillFactory,
    BillTrackingFactory,
    LegislatorFactory,
    RollCallFactory,
    SponsorshipFactory,
    VoteFactory,
)
from tests.factories.partners import CoalitionFactory
from tests.legislation.geocoder import answer, fake_geocoder, match
from tests.legislation.plans import WEST, house_box, inside, load_plan, zip_at

pytestmark = pytest.mark.django_db
PAGE = reverse("legislation:represents_me")
ADDRESS = "1 Sample Porch Way, Springfield"


@pytest.fixture(autouse=True)
def coalition():
    empty_page_cache()
    return CoalitionFactory()


@pytest.fixture
def plan():
    return load_plan()


@pytest.fixture
def geocoder(settings):
    with fake_geocoder() as fake:
        settings.CENSUS_GEOCODER_URL = fake.url
        yield fake


def ask(client, how, **answers):
    return client.post(PAGE, {"how": how, **answers})


def words(response):
    return " ".join(response.content.decode().split())


def test_every_way_is_offered(client, plan, settings):
    settings.CENSUS_GEOCODER_URL = "http://127.0.0.1:9/none"
    page = words(client.get(PAGE))
    for label in ("Your home address", "ZIP code or city", "Latitude and longitude", "On the map"):
        assert label in page
    assert page.count('type="image"') == 2


def test_without_a_geocoder_the_address_is_not_asked_for(client, plan):
    page = words(client.get(PAGE))
    assert "Your home address" not in page
    assert "ZIP code or city" in page


def test_without_districts_the_page_says_so(client):
    for response in (client.get(PAGE), ask(client, "place", place="62701")):
        assert response.status_code == 200
        assert "not loaded yet" in words(response)
        assert reverse("legislation:legislator_list") in words(response)


@pytest.mark.parametrize("how", ["", "nonsense"])
def test_a_question_we_do_not_know_shows_the_page(client, plan, how):
    assert ask(client, how).status_code == 200


# --- Address ---------------------------------------------------------------------------------------------------------


def test_an_address_leads_to_its_district(client, plan, geocoder):
    geocoder.answers = [answer(match("1 SAMPLE PORCH WAY", *inside(25)))]
    response = ask(client, "address", address=ADDRESS)
    assert response["Location"] == reverse("legislation:district", args=["house", 25])
    assert "no-store" in response["Cache-Control"]


def test_nothing_of_the_address_is_kept(client, plan, geocoder, caplog):
    caplog.set_level(logging.DEBUG)
    geocoder.answers = [answer(match("1 SAMPLE PORCH WAY", *inside(25)))]
    with connection.cursor() as cursor:
        cursor.execute("SELECT sum(n_tup_ins + n_tup_upd) FROM pg_stat_xact_user_tables")
        before = cursor.fetchone()
        response = ask(client, "address", address=ADDRESS)
        cursor.execute("SELECT sum(n_tup_ins + n_tup_upd) FROM pg_stat_xact_user_tables")
        assert cursor.fetchone() == before
    assert "Sample" not in response["Location"]
    assert "sessionid" not in response.cookies
    assert not Session.objects.exists()
    ours = [record.getMessage() for record in caplog.records if not record.name.startswith("asyncio")]
    assert not [line for line in ours if re.search("sample", line, re.IGNORECASE)]


def test_the_page_of_an_answer_is_kept_by_nobody(client, plan, geocoder):
    geocoder.answers = [answer()]
    response = ask(client, "address", address=ADDRESS)
    assert "no-store" in response["Cache-Control"]
    assert "knows no such address" in words(response)
    assert response.content.decode().startswith("<!DOCTYPE html>")
    assert "Error:" in words(response)
    assert ADDRESS in words(response)


def test_when_the_geocoder_is_down_the_other_ways_are_named(client, plan, geocoder):
    geocoder.answers = [500]
    page = words(ask(client, "address", address=ADDRESS))
    assert "does not answer right now" in page
    assert f'value="{ADDRESS}"' in page


def test_an_address_outside_illinois(client, plan, geocoder):
    geocoder.answers = [answer(match("ACROSS THE RIVER", 38.6, -91.2))]
    assert "knows no such address in Illinois" in words(ask(client, "address", address=ADDRESS))


def test_several_addresses_are_a_choice(client, plan, geocoder):
    geocoder.answers = [answer(match("1 N PORCH ST", *inside(25)), match("1 S PORCH ST", *inside(40)))]
    page = words(ask(client, "address", address=ADDRESS))
    assert "Which address is yours?" in page
    assert "1 N PORCH ST" in page
    assert reverse("legislation:district", args=["house", 40]) in page


def test_several_addresses_in_one_district_are_no_question(client, plan, geocoder):
    geocoder.answers = [answer(match("1 N PORCH ST", *inside(25)), match("1 S PORCH ST", *inside(25)))]
    assert ask(client, "address", address=ADDRESS)["Location"].endswith("/25/")


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("", "Enter your street"),
        ("Main Street", "number and the street"),
        ("12345", "number and the street"),
        ("P.O. Box 12, Springfield", "PO box"),
        ("a\nb 1", "one line"),
        ("1 " + "x" * 300, "200 characters"),
    ],
)
def test_what_cannot_be_an_address_is_not_sent(client, plan, geocoder, address, why):
    assert why in words(ask(client, "address", address=address))
    assert geocoder.asked == []


# --- ZIP code and city -----------------------------------------------------------------------------------------------


def test_a_zip_code_gives_candidates_with_both_members(client, plan):
    zip_at("62701", 25)
    zip_at("62702", 29)
    LegislatorFactory(name="Robin Sample", chamber="lower", district=25)
    LegislatorFactory(name="Jo Sample", chamber="upper", district=13)
    page = words(ask(client, "place", place="62701-1234"))
    assert "62701 may lie in" in page
    assert "A ZIP code is not a district" in page
    assert "Robin Sample" in page
    assert "Jo Sample" in page
    assert "House District 26 is vacant" in page


def test_a_city_gives_candidates(client, plan):
    zip_at("62701", 25, city="Porchville")
    zip_at("62702", 29, city="Elsewhere")
    page = words(ask(client, "place", place="porchville, IL"))
    assert "Porchville may lie in" in page
    assert "A city is not a district" in page


def test_a_po_box_says_what_it_goes_by(client, plan):
    zip_at("62701", 25, city="Porchville")
    zip_at("62702", 29, city="Elsewhere")
    zip_at("62703", None, city="Porchville")
    zip_at("62709", None, city="Nowhere")
    assert "the other ZIP codes of Porchville" in words(ask(client, "place", place="62703"))
    assert "we do not know where it lies" in words(ask(client, "place", place="62709"))


@pytest.mark.parametrize("place", ["", "99999", "6270", "Nowhere at all", "62701x", "\x00", "1 Main Street"])
def test_an_unknown_place_is_said_at_the_field(client, plan, place):
    zip_at("62701", 25)
    response = ask(client, "place", place=place)
    assert response.status_code == 200
    assert "Error:" in words(response)


# --- Coordinates -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "form", ["{0}, {1}", "{0} {1}", "{1}, {0}", "({0}; {1})", "{0}° N, {2}° W", "{2}, {0}"]
)
def test_a_point_is_understood_however_it_is_written(client, plan, form):
    lat, lng = inside(25)
    response = ask(client, "point", point=form.format(f"{lat:.5f}", f"{lng:.5f}", f"{-lng:.5f}"))
    assert response["Location"] == reverse("legislation:district", args=["house", 25])


@pytest.mark.parametrize(
    "point", ["", "home", "39.8", "1 2 3", "nan, nan", "51.5, -0.1", "41.5, -90.0", "1e999, 2"]
)
def test_a_point_elsewhere_is_refused_in_words(client, plan, point):
    assert "Error:" in words(ask(client, "point", point=point))


def test_a_point_beside_a_border_gives_both_sides(client, plan):
    page = words(ask(client, "point", point=f"38.7, {house_box(3).bounds[0] + 0.00002}"))
    assert "You live close to a border" in page
    assert page.index("House District 3<") < page.index("House District 1<")


# --- The map ---------------------------------------------------------------------------------------------------------


def click(client, page, lat, lng, size):
    """Clicks on the page's map where a place is drawn."""
    html = page.content.decode()
    step = Step(
        *(int(re.search(rf'name="{name}" value="(-?\d+)"', html)[1]) for name in ("step", "left", "top"))
    )
    x, y = step.window(size).pixel(*(float(value) for value in to_map(lng, lat)))
    return ask(
        client,
        "map",
        step=step.number,
        left=step.left,
        top=step.top,
        **{f"{size}.x": round(x), f"{size}.y": round(y)},
    )


@pytest.mark.parametrize("size", sorted(SIZES))
def test_clicks_find_a_district(client, plan, size):
    lat, lng = 38.7, WEST + 30.5 * 0.05
    page, clicks = client.get(PAGE), 0
    while page.status_code == 200:
        assert "no-store" in page["Cache-Control"]
        page, clicks = click(client, page, lat, lng, size), clicks + 1
    assert page["Location"] == reverse("legislation:district", args=["house", 61])
    # The whole state is never close enough; the small picture needs one step more here.
    assert clicks == {"large": 2, "small": 3}[size]


def test_a_click_beside_a_border_gives_both_sides(client, plan):
    page = client.get(PAGE)
    for _step in range(3):
        page = click(client, page, 38.7, WEST + 30 * 0.05, "large")
    page = words(page)
    assert "You live close to a border" in page
    assert "House District 59" in page
    assert "House District 61" in page


def test_a_click_outside_illinois(client, plan):
    page = words(ask(client, "map", step=0, left=0, top=0, **{"large.x": 1, "large.y": 1}))
    assert "lies outside Illinois" in page


@pytest.mark.parametrize(
    "answers",
    [
        {},
        {"step": 0, "left": 0, "top": 0},
        {"step": 9, "left": 0, "top": 0, "large.x": 5, "large.y": 5},
        {"step": "x", "left": 0, "top": 0, "large.x": 5, "large.y": 5},
        {"step": 0, "left": 0, "top": 0, "large.x": "-5", "large.y": "9" * 40},
    ],
)
def test_a_click_that_says_nothing(client, plan, answers):
    response = ask(client, "map", **answers)
    assert response.status_code == 200
    assert "There is a problem" in words(response)


def test_the_address_of_a_picture_tells_nothing(client, plan):
    page = click(client, client.get(PAGE), *inside(25), "large")
    sources = re.findall(r'type="image"[^>]* src="([^"]*)"', page.content.decode())
    assert len(sources) == 2
    assert all(source.startswith("data:image/svg+xml,") for source in sources)


def test_the_picture_of_the_state(client, plan):
    for size in SIZES:
        response = client.get(reverse("legislation:represents_map", args=[size]))
        assert response["Content-Type"] == "image/svg+xml"
        assert f'width="{SIZES[size][0]}"' in response.content.decode()
    assert client.get(reverse("legislation:represents_map", args=["huge"])).status_code == 404


def test_pixels_and_places_come_back():
    window = Window(100, 200, *EXTENTS[1], 560)
    assert window.pixel(*window.place(17, 33)) == pytest.approx((17, 33))


# --- How often -------------------------------------------------------------------------------------------------------


def test_the_geocoder_is_not_asked_without_end(client, plan, geocoder, settings):
    settings.FORM_RATE = "2/h"
    statuses = [ask(client, "address", address=ADDRESS).status_code for _time in range(3)]
    assert statuses == [200, 200, 429]
    # The ways that cost nothing stay open.
    assert ask(client, "point", point=", ".join(map(str, inside(25)))).status_code == 302


# --- The page of a district ------------------------------------------------------------------------------------------


def district(client, chamber, number):
    return client.get(reverse("legislation:district", args=[chamber, number]))


def test_a_district_names_both_legislators_and_how_they_stand(client, plan):
    representative = LegislatorFactory(name="Robin Sample", chamber="lower", district=25, party="Democratic")
    senator = LegislatorFactory(name="Jo Sample", chamber="upper", district=13, party="Republican")
    tracking = BillTrackingFactory(plain_title="Keep porches safe")
    SponsorshipFactory(bill=tracking.bill, legislator=representative, role="chief")
    vote = VoteFactory(
        roll_call=RollCallFactory(bill=tracking.bill, chamber="upper"), legislator=senator, option="N"
    )
    page = words(district(client, "house", 25))
    assert "Robin Sample" in page
    assert "Jo Sample" in page
    assert "Keep porches safe" in page
    assert "Chief sponsor" in page
    assert "Voted no in the Senate" in page
    assert "Thank them" in page
    assert vote.roll_call.bill.get_absolute_url() in page
    assert reverse("campaigns:action_list") in page
    assert "map__district--here" in page


def test_a_vacant_seat_is_named(client, plan):
    LegislatorFactory(chamber="lower", district=118)
    assert "Senate District 59 is vacant" in words(district(client, "senate", 59))
    assert "Senate District 59 is vacant" in words(district(client, "house", 118))


def test_a_hidden_position_is_not_shown(client, plan):
    LegislatorFactory(chamber="lower", district=25)
    BillTrackingFactory(plain_title="A secret of staff", is_public=False)
    assert "A secret of staff" not in words(district(client, "house", 25))


@pytest.mark.parametrize(("chamber", "number"), [("house", 119), ("senate", 60), ("house", 0), ("nave", 1)])
def test_a_district_that_is_none(client, plan, chamber, number):
    assert client.get(f"/districts/{chamber}/{number}/").status_code == 404


def test_a_district_without_a_plan_still_names_its_legislators(client):
    LegislatorFactory(name="Robin Sample", chamber="lower", district=25)
    page = words(district(client, "house", 25))
    assert "Robin Sample" in page
    assert "map of the districts is not loaded" in page


def fill(number, representative, senator):
    for _one in range(number):
        tracking = BillTrackingFactory(bill=BillFactory())
        SponsorshipFactory(bill=tracking.bill, legislator=representative)
        VoteFactory(roll_call=RollCallFactory(bill=tracking.bill), legislator=representative)
        VoteFactory(roll_call=RollCallFactory(bill=tracking.bill, chamber="upper"), legislator=senator)


@pytest.mark.parametrize("number", [1, 20])
def test_a_district_costs_the_same_for_any_number_of_priorities(
    client, plan, django_assert_num_queries, number
):
    representative = LegislatorFactory(chamber="lower", district=25)
    senator = LegislatorFactory(chamber="upper", district=13)
    fill(number, representative, senator)
    district(client, "house", 1)
    empty_page_cache()
    with django_assert_num_queries(10):
        response = district(client, "house", 25)
    assert response.content.decode().count('class="row standing"') == number


@pytest.mark.parametrize("number", [1, 20])
def test_candidates_cost_the_same_for_any_number(client, plan, django_assert_num_queries, number):
    zip_at("62701", 25)
    zip_at("62702", 25 + 4 * number)
    zip_at("62703", 21)
    for house in range(1, 119):
        LegislatorFactory(chamber="lower", district=house)
    ask(client, "place", place="62701")
    with django_assert_num_queries(5):
        ask(client, "place", place="62701")

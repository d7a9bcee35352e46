"""The library for readers and programs: the list, its facets and files, a finding, comparison, the card for other sites."""

import csv
import io
import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from partners.fiscal_year import CHICAGO
from research.finding_filter import FindingFilter, place_of
from research.models import Finding
from research.services.finding import correct_finding, retract_finding
from tests.factories.partners import CoalitionFactory, CountyFactory, StaffFactory, SubSectorFactory
from tests.factories.research_finding import (
    FindingFactory,
    ResearchTopicFactory,
    ServiceConnectionFactory,
    SourceCheckFactory,
)
from tests.meetings.reading import content

pytestmark = pytest.mark.django_db
LIST = "/research/findings/"


@pytest.fixture(autouse=True)
def _coalition(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    CoalitionFactory(name="Sample Coalition")


@pytest.fixture
def library():
    """Findings that differ in everything one can choose by."""
    lake, pay, rates = CountyFactory(name="Lake", fips="17097"), *ResearchTopicFactory.create_batch(2)
    service = SubSectorFactory(slug="aging", name="Aging")
    made = {
        "money": FindingFactory(kind="money", unit="dollars", number=400000, value="$400,000", year=2012,
                                topics=[pay, rates], claim="Funding fell at a Waukegan agency.", place="county",
                                county=lake, place_note="Waukegan"),
        "share": FindingFactory(kind="share", unit="percent", number=18, value="18%", topics=[pay],
                                claim="Wages lag behind those of the state."),
        "house": FindingFactory(place="district", chamber="lower", district=25, sub_sector=service, number=None,
                                value="many", claim="Home care workers wait for pay."),
        "nation": FindingFactory(place="nation", year=2020, sub_sector=service, claim="Zoning keeps shelters out."),
    }  # fmt: skip
    FindingFactory(state="draft", published_at=None, claim="A draft about wages.")
    gone = FindingFactory(claim="Withdrawn wages.")
    retract_finding(finding=gone, by=None, now=timezone.now(), reason="It was wrong.")
    return made | {"topics": [pay, rates], "gone": gone}


def listed(client, query: str) -> list[str]:
    """The claims of the list, in their order."""
    return [finding.claim for finding in client.get(f"{LIST}?{query}").context["page_obj"]]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["house", "share", "nation", "money"]),
        ("kind=money", ["money"]),
        ("year=2024", ["house", "share"]),
        ("place=state", ["share"]),
        ("place=nation", ["nation"]),
        ("place=county-17097", ["money"]),
        ("place=house-25", ["house"]),
        ("place=senate-25", []),
        ("service=aging", ["house", "nation"]),
        ("service=nothing", []),
        ("q=wage", ["share"]),
        ("q=waukegan+-fell", []),
        ("q=pay&service=aging", ["house"]),
        ("sort=claim", ["money", "house", "share", "nation"]),
        ("kind=count&sort=value", ["nation", "house"]),
        ("kind=bad&year=0&place=mars&sort=x&page=99", ["house", "share", "nation", "money"]),
        ("q=%00%27%22<script>", []),
    ],
)
def test_the_list_holds_what_was_asked_for(client, library, query, names):
    assert listed(client, query) == [library[name].claim for name in names]


def test_a_topic_and_the_counts_beside_each_choice(client, library):
    pay, rates = library["topics"]
    assert listed(client, f"topic={pay.slug}") == [library["share"].claim, library["money"].claim]
    facets = {facet.name: facet for facet in FindingFilter(topic=pay.slug, kind="money").facets()}

    def counts(name):
        return {option.value: option.count for option in facets[name].options}

    # Each field is counted under the choices of the others, not under its own.
    assert counts("topic") == {pay.slug: 1, rates.slug: 1}
    assert counts("kind") == {"money": 1, "share": 1}
    assert counts("year") == {"2012": 1}
    assert counts("place") == {"county-17097": 1}
    assert facets["place"].options[0].label == "Lake County"
    page = content(client.get(f"{LIST}?topic={pay.slug}&kind=money"))
    assert f"Topic: {pay.name}" in page
    assert "Lake County (1)" in page


def test_every_count_is_what_its_choice_then_shows(client, library):
    """Follows every choice of every facet and compares what the list holds with what the facet promised."""
    for chosen in ("", "service=aging", "year=2024", "q=pay"):
        facets = client.get(f"{LIST}?{chosen}").context["facets"]
        for facet in facets:
            for option in facet.options:
                assert len(
                    listed(client, f"{chosen}&{facet.name}={option.value}")
                ) == option.count or chosen.startswith(facet.name), (chosen, facet.name, option)


@pytest.mark.parametrize(
    "query", ["", "service=aging", "q=pay", "kind=money&sort=value", "sort=claim", "kind=time"]
)
def test_files_say_what_the_list_says(client, library, query):
    found = [
        (finding.slug, finding.claim, finding.value)
        for finding in client.get(f"{LIST}?{query}").context["page_obj"]
    ]
    told = client.get(f"{LIST}json/?{query}")
    assert told["Access-Control-Allow-Origin"] == "*"
    data = json.loads(told.content)
    assert data["count"] == len(found)
    assert [(one["id"], one["claim"], one["value"]) for one in data["findings"]] == found
    text = b"".join(client.get(f"{LIST}csv/?{query}").streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(row["address"].split("/")[-2], row["claim"], row["value"]) for row in rows] == found


def test_files_hold_all_pages_and_no_formula_runs(client):
    for number in range(25):
        FindingFactory(claim=f"=HYPERLINK({number})", slug=f"f-{number:02}")
    assert len(listed(client, "")) == 20
    assert json.loads(client.get(f"{LIST}json/").content)["count"] == 25
    text = b"".join(client.get(f"{LIST}csv/").streaming_content).decode("utf-8-sig")
    claims = [row["claim"] for row in csv.DictReader(io.StringIO(text))]
    assert len(claims) == 25
    assert all(claim.startswith("'=") for claim in claims)


def test_lists_ask_as_often_for_many_rows_as_for_one(client, django_assert_num_queries):
    topic = ResearchTopicFactory()

    def one(number):
        finding = FindingFactory(
            topics=[topic], sub_sector=SubSectorFactory(), place="county", county=CountyFactory()
        )
        SourceCheckFactory(finding=finding)
        correct_finding(finding=finding, by=None, now=timezone.now(), reason="Typing", value=f"{number}")

    one(1)
    client.get(LIST)
    for rows in (1, 20):
        while Finding.objects.count() < rows:
            one(rows)
        clear_pages()
        for address, asked in ((LIST, 7), (f"{LIST}?q=closed", 7), (f"{LIST}json/", 3), (f"{LIST}csv/", 3)):
            with django_assert_num_queries(asked):
                response = client.get(address, headers={"Accept-Encoding": "identity"})
                if response.streaming:
                    b"".join(response.streaming_content)


def clear_pages():
    from partners.caching import empty_page_cache

    empty_page_cache()


# --- One finding ----------------------------------------------------------------------------------------------------


def test_a_finding_says_where_it_comes_from_what_it_does_not_say_and_where_it_is_used(client, library):
    finding = library["house"]
    Finding.objects.filter(pk=finding.pk).update(caveat="Only three counties.")
    ServiceConnectionFactory(source=finding.sub_sector, finding=finding)
    page = content(client.get(finding.get_absolute_url()))
    for words in ("many", finding.claim, finding.method, finding.source, "Only three counties.", "House district 25",
                  "On the service map", "APA", "Sample Coalition"):  # fmt: skip
        assert words in page


def test_its_json_ld_and_json_parse(client, library):
    finding = library["money"]
    page = client.get(finding.get_absolute_url()).content.decode()
    block = page.split('<script type="application/ld+json">')[1].split("</script>")[0]
    told = json.loads(block)
    assert (told["@type"], told["value"]["value"], told["value"]["unitText"]) == (
        "Observation",
        400000,
        "dollars",
    )
    answer = client.get(f"{finding.get_absolute_url()}json/")
    data = json.loads(answer.content)
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert (data["number"], data["place"]["fips"], data["place"]["name"]) == (
        400000,
        "17097",
        "Waukegan, Lake County",
    )
    again = client.get(f"{finding.get_absolute_url()}json/", headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304


def test_a_correction_is_told_at_once_though_pages_are_stored(
    client, library, django_capture_on_commit_callbacks
):
    finding = library["money"]
    addresses = [
        finding.get_absolute_url(),
        f"{finding.get_absolute_url()}embed/",
        f"{finding.get_absolute_url()}json/",
        LIST,
    ]
    for address in addresses:
        assert "$400,000" in content(client.get(address))
    with django_capture_on_commit_callbacks(execute=True):
        correct_finding(
            finding=finding, by=None, now=timezone.now(), reason="The report was amended.", value="$410,000"
        )
    for address in addresses:
        assert "$410,000" in content(client.get(address))
    page = content(client.get(finding.get_absolute_url()))
    assert "The report was amended." in page
    assert "$400,000" in page, "what was said before stays to be read"
    assert "(Version 2)" in page
    assert json.loads(client.get(addresses[2]).content)["corrections"][0]["changes"] == {
        "value": ["$400,000", "$410,000"]
    }


def test_a_retracted_finding_keeps_its_page_with_the_reason(client, library):
    gone = library["gone"]
    page = content(client.get(gone.get_absolute_url()))
    assert "This finding was retracted" in page
    assert "It was wrong." in page
    assert "noindex" in page
    assert "ld+json" not in page
    card = content(client.get(f"{gone.get_absolute_url()}embed/"))
    assert "It was wrong." in card
    assert gone.claim not in card
    answer = client.get(f"{gone.get_absolute_url()}json/")
    assert answer.status_code == 410
    assert "claim" not in json.loads(answer.content)


def test_a_draft_is_for_staff_alone(client):
    draft = FindingFactory(state="draft", published_at=None)
    for address in ("", "embed/", "json/"):
        assert client.get(f"{draft.get_absolute_url()}{address}").status_code == 404
    client.force_login(StaffFactory())
    assert "Only staff see this page" in content(client.get(draft.get_absolute_url()))
    assert client.get(f"{draft.get_absolute_url()}json/").status_code == 404


def test_readers_are_told_that_a_source_is_gone(client):
    finding = FindingFactory()
    seen = timezone.datetime(2026, 3, 5, 12, tzinfo=CHICAGO)
    SourceCheckFactory(
        finding=finding,
        outcome="gone",
        failed_days=2,
        first_failed_at=seen + timedelta(days=7),
        last_seen_at=seen,
    )
    page = content(client.get(finding.get_absolute_url()))
    assert "The source's page is gone" in page
    assert "March 5, 2026" in page
    assert f'href="{finding.source_url}"' not in page


def test_the_card_may_be_framed_anywhere_and_nothing_else_may(client, library):
    card = client.get(f"{library['money'].get_absolute_url()}embed/")
    assert "frame-ancestors *" in card["Content-Security-Policy"]
    assert "X-Frame-Options" not in card
    assert b"<script" not in card.content
    page = client.get(library["money"].get_absolute_url())
    assert "frame-ancestors *" not in page["Content-Security-Policy"]
    assert page["X-Frame-Options"] == "DENY"
    assert "&lt;iframe src=" in page.content.decode()


ATTACK = '"><script>alert(1)</script>'


def test_no_claim_becomes_markup_anywhere(client):
    finding = FindingFactory(
        claim=ATTACK,
        value=ATTACK[:60],
        source=ATTACK,
        method=ATTACK,
        caveat=ATTACK,
        unit=ATTACK,
        place_note=ATTACK,
    )
    other = FindingFactory(unit=ATTACK)
    correct_finding(finding=finding, by=None, now=timezone.now(), reason=ATTACK, year=2023)
    ServiceConnectionFactory(how=ATTACK, finding=finding)
    page = finding.get_absolute_url()
    for address in (
        LIST,
        f"{LIST}?q={ATTACK}",
        page,
        f"{page}embed/",
        f"{LIST}compare/?f={finding.slug}&f={other.slug}",
        "/research/service-map/",
    ):
        assert b"<script>alert" not in client.get(address).content, address
    retract_finding(finding=finding, by=None, now=timezone.now(), reason=ATTACK)
    for address in (page, f"{page}embed/"):
        assert b"<script>alert" not in client.get(address).content, address


# --- Comparison -----------------------------------------------------------------------------------------------------


def test_chosen_findings_stand_side_by_side_with_bars_where_units_agree(client, library):
    one = FindingFactory(slug="one", unit="Dollars", kind="money", number=100, value="$100", claim="One.")
    two = FindingFactory(slug="two", unit="dollars", kind="money", number=200, value="$200", claim="Two.")
    other = library["share"]
    response = client.get(f"{LIST}compare/?f=two&f=one&f={other.slug}&f=two&f={library['gone'].slug}")
    assert [finding for finding, _others in response.context["findings"]] == [two, one, other]
    (chart,) = response.context["charts"]
    assert [bar.shown for row in chart.rows for bar in row.bars] == ["$200", "$100"]
    assert "not in the library any more" in content(response)
    assert client.get(f"{LIST}compare/?f=one&f={other.slug}").context["charts"] == []
    assert "Nothing is chosen yet" in content(client.get(f"{LIST}compare/?f=nothing"))


def test_six_are_compared_at_most_and_choices_come_along(client):
    slugs = [FindingFactory(slug=f"f-{number}").slug for number in range(25)]
    query = "&".join(f"f={slug}" for slug in slugs)
    assert len(client.get(f"{LIST}compare/?{query}").context["findings"]) == 6
    response = client.get(f"{LIST}?f=f-0&f=f-24&page=2")
    page = response.content.decode()
    assert page.count('name="f" value="f-0"') == 2, (
        "in the filters' form, and as a box or along with the others"
    )
    assert "f=f-0&amp;f=f-24" in page


@pytest.mark.parametrize(
    ("code", "asked"),
    [
        ("state", {"place": "state"}),
        ("county-17031", {"county__fips": "17031"}),
        ("house-118", {"chamber": "lower", "district": 118}),
        ("house-119", None),
        ("senate-60", None),
        ("house-0", None),
        ("county-1703", None),
        ("district", None),
    ],
)
def test_places_in_addresses(code, asked):
    assert place_of(code) == asked


def test_a_finding_of_each_kind_of_place_links_to_its_place(client, library):
    for name in ("money", "share", "house", "nation"):
        finding = library[name]
        assert finding.claim in listed(client, f"place={finding.place_code}")
        assert (
            f"{reverse('research:finding_list')}?place={finding.place_code}"
            in client.get(finding.get_absolute_url()).content.decode()
        )


def test_a_page_of_a_finding_asks_a_constant_number_of_queries(client):
    finding = FindingFactory(topics=ResearchTopicFactory.create_batch(1))
    client.get(finding.get_absolute_url())
    counts = []
    for _round in range(2):
        clear_pages()
        with CaptureQueriesContext(connection) as asked:
            client.get(finding.get_absolute_url())
        counts.append(len(asked))
        finding.topics.add(*ResearchTopicFactory.create_batch(19))
        for number in range(19):
            correct_finding(finding=finding, by=None, now=timezone.now(), reason="Again", value=str(number))
    assert counts[0] == counts[1]

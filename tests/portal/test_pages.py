"""Home, About, contact, sitemap and the first page after signing in."""

from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from campaigns.services.actions import take_action
from legislation.models import Hearing
from mailing.models import OutboxMessage
from partners.caching import empty_page_cache
from portal.templatetags.blueprint import ALSO_INSIDE, long_datetime
from tests.factories.campaigns import CallToActionFactory, IssueOfTheWeekFactory, StoryFactory
from tests.factories.legislation import (
    BillFactory,
    BillTrackingFactory,
    CommitteeFactory,
    HearingDocumentFactory,
    HearingFactory,
)
from tests.factories.partners import CoalitionFactory, OrganizationFactory, StaffFactory, member
from tests.factories.research_finding import ServiceConnectionFactory
from tests.factories.research_loan_repayment import (
    EligibilityCriterionFactory,
    LoanProgramFactory,
    criterion,
)

pytestmark = pytest.mark.django_db

MESSAGE = {
    "name": "Ana Sample",
    "email": "ana@example.org",
    "subject": "Question",
    "message": "When do you meet?",
}


@pytest.fixture(autouse=True)
def coalition():
    return CoalitionFactory()


def test_home_says_what_to_do_and_how_many_we_are(client):
    OrganizationFactory.create_batch(3)
    OrganizationFactory(status="lapsed")
    call = CallToActionFactory(status="published", title="Fund the program")
    CallToActionFactory(status="draft", title="Not yet public")
    CallToActionFactory(status="published", audience="partners", title="For partners alone")
    page = client.get("/").content.decode()
    assert "3 partner organizations" in page
    assert call.get_absolute_url() in page
    assert "Not yet public" not in page
    assert "For partners alone" not in page


@pytest.mark.parametrize("rows", [1, 20])
def test_home_costs_the_same_for_any_number_of_rows(rows, client, django_assert_num_queries, settings):
    CallToActionFactory.create_batch(rows, status="published")
    OrganizationFactory.create_batch(rows)
    StoryFactory.create_batch(rows, status="published")
    today = timezone.localdate()
    IssueOfTheWeekFactory(week=today - timedelta(days=today.weekday()), story__status="published")
    with django_assert_num_queries(7):
        client.get("/")


def test_home_shows_hearings_that_can_still_be_spoken_at(client):
    now = timezone.now()
    soon = HearingFactory(starts_at=now + timedelta(days=2), posted_at=now)
    ours = BillTrackingFactory(plain_title="Keep porches safe")
    HearingDocumentFactory(hearing=soon, bill=ours.bill)
    HearingDocumentFactory(hearing=soon, bill=BillFactory(title="OTHER MATTER"))
    missed = [
        HearingFactory(starts_at=now + timedelta(days=8), posted_at=now),
        HearingFactory(starts_at=now + timedelta(minutes=30), posted_at=now),
        HearingFactory(starts_at=now + timedelta(days=2), state="cancelled", posted_at=now),
    ]
    page = client.get("/").content.decode()
    assert "Hearings this week with open witness slips" in page
    assert soon.get_absolute_url() in page
    assert f"{ours.bill.label}: Keep porches safe" in page
    assert "Other Matter" not in page
    assert long_datetime(soon.starts_at - timedelta(hours=1)) in page
    assert not any(f'"{hearing.get_absolute_url()}"' in page for hearing in missed)


def test_home_leaves_the_hearings_out_when_there_are_none_and_leads_to_ones_legislators(client):
    page = client.get("/").content.decode()
    assert "witness slips" not in page
    assert 'href="/who-represents-me/"' in page


def test_home_prefers_hearings_on_bills_we_follow(client):
    now = timezone.now()
    others = [HearingFactory(starts_at=now + timedelta(days=day), posted_at=now) for day in (1, 2, 3, 4)]
    last = HearingFactory(starts_at=now + timedelta(days=5), posted_at=now)
    HearingDocumentFactory(hearing=last, bill=BillTrackingFactory().bill)
    page = client.get("/").content.decode()
    shown = [hearing for hearing in [*others, last] if f'"{hearing.get_absolute_url()}"' in page]
    assert shown == [*others[:2], last]


def test_a_hearing_called_off_leaves_home_with_the_stored_pages(client):
    hearing = HearingFactory(starts_at=timezone.now() + timedelta(days=2), posted_at=timezone.now())
    assert hearing.get_absolute_url() in client.get("/").content.decode()
    Hearing.objects.update(state="cancelled")
    empty_page_cache()
    assert hearing.get_absolute_url() not in client.get("/").content.decode()


@pytest.mark.parametrize("rows", [1, 20])
def test_hearings_cost_home_the_same_however_many(rows, client, django_assert_num_queries):
    now = timezone.now()
    for _number in range(rows):
        hearing = HearingFactory(
            starts_at=now + timedelta(days=2), posted_at=now, committee=CommitteeFactory()
        )
        HearingDocumentFactory(hearing=hearing, bill=BillTrackingFactory().bill)
    with django_assert_num_queries(7):
        client.get("/")


@pytest.mark.parametrize("signed_in", [False, True])
@pytest.mark.parametrize(
    ("path", "standing"),
    [
        ("/bills/", "page"),
        ("/hearings/", "true"),
        ("/hearings/2026/3/", "true"),
        ("/legislators/", "true"),
        ("/committees/", "true"),
        ("/who-represents-me/", "true"),
        ("/budget/", "true"),
        ("/partners/", ""),
    ],
)
def test_the_navigation_marks_bills_on_every_page_about_the_legislature(client, path, standing, signed_in):
    if signed_in:
        client.force_login(StaffFactory())
    page = client.get(path).content.decode()
    mark = f' aria-current="{standing}"' if standing else ""
    assert f'<li><a href="/bills/"{mark}>Bills</a></li>' in page.split("section-nav")[0]


def test_every_address_of_the_legislature_lies_inside_bills():
    inside = ("/bills/", *ALSO_INSIDE["legislation:bill_list"])
    for path in (
        reverse("legislation:district", args=["house", 1]),
        reverse("legislation:hearing", args=[1]),
        reverse("legislation:legislator", args=["a"]),
        reverse("legislation:committee", args=["a"]),
        reverse("legislation:represents_me"),
        reverse("legislation:budget"),
    ):
        assert path.startswith(inside)


def test_a_message_reaches_the_coalition(client):
    assert client.post("/about/contact/", MESSAGE)["Location"] == "/about/contact/sent/"
    sent = OutboxMessage.objects.get()
    assert sent.to == "staff@coalition.example"
    assert "Question" in sent.subject


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"email": "not an address"}, "Enter an e-mail address such as"),
        ({"message": ""}, "Write your message"),
        ({"message": "x" * 5001}, "5000"),
        ({"subject": "Hello\r\nBcc: everyone@example.org"}, "one line"),
    ],
)
def test_what_is_wrong_with_a_message_is_said_and_the_rest_kept(change, words, client):
    response = client.post("/about/contact/", MESSAGE | change)
    page = response.content.decode()
    assert response.status_code == 200
    assert "<title>Error:" in page
    assert words in page
    assert "Ana Sample" in page
    assert OutboxMessage.objects.count() == 0


def test_a_robot_is_thanked_and_forgotten(client):
    response = client.post("/about/contact/", MESSAGE | {"website_url2": "https://spam.example"})
    assert response["Location"] == "/about/contact/sent/"
    assert OutboxMessage.objects.count() == 0


def test_too_many_messages_from_one_place_are_refused_in_words(client, settings):
    settings.FORM_RATE = "2/h"
    codes = [client.post("/about/contact/", MESSAGE).status_code for _number in range(3)]
    assert codes == [302, 302, 429]
    assert OutboxMessage.objects.count() == 2


def test_the_sitemap_lists_public_things_only(client):
    story = StoryFactory(status="published")
    draft = StoryFactory(status="draft")
    unlisted = OrganizationFactory(is_listed=False)
    response = client.get("/sitemap.xml")
    addresses = [
        node.text for node in ElementTree.fromstring(response.content).iter() if node.tag.endswith("loc")
    ]
    assert any(address.endswith(story.get_absolute_url()) for address in addresses)
    assert not any(address.endswith(draft.get_absolute_url()) for address in addresses)
    assert not any(address.endswith(unlisted.get_absolute_url()) for address in addresses)


def test_the_sitemap_leaves_out_pages_that_have_nothing_to_say_yet(client):
    def listed() -> set[str]:
        empty_page_cache()
        page = client.get("/sitemap.xml").content.decode()
        return {name for name in names if f"{reverse(name)}</loc>" in page}

    names = {
        "research:service_map",
        "research:loan_repayment_check",
        "research:loan_repayment_employers",
    }
    program = LoanProgramFactory()
    EligibilityCriterionFactory()  # A question without answers is not asked.
    assert listed() == set()
    program.employer_guide = "<p>Sign here.</p>"
    program.save()
    assert listed() == {"research:loan_repayment_employers"}
    criterion()
    ServiceConnectionFactory()
    assert listed() == names


def test_the_dashboard_shows_what_is_open_and_what_is_answered():
    organization = OrganizationFactory(name="Prairie Path")
    user = member(organization)
    todo = CallToActionFactory(status="published", title="Still to do")
    done = CallToActionFactory(status="published", title="Already done", audience="partners")
    CallToActionFactory(
        status="published",
        title="Over",
        opens_at=timezone.now() - timedelta(days=9),
        closes_at=timezone.now() - timedelta(days=1),
    )
    take_action(call_to_action=done, person=user.person, verified="login")
    client = Client()
    client.force_login(user)
    page = client.get("/my/").content.decode()
    before, after = page.split("Open, and you have answered")
    assert todo.title in before
    assert done.title in after
    assert ">Over<" not in page
    assert "1 actions by 1 people" in page or "1 action by 1 person" in page


@pytest.mark.parametrize("rows", [1, 20])
def test_the_dashboard_costs_the_same_for_any_number_of_rows(rows, django_assert_max_num_queries):
    user = member(OrganizationFactory())
    calls = CallToActionFactory.create_batch(rows, status="published")
    for call in calls[: rows // 2]:
        take_action(call_to_action=call, person=user.person, verified="login")
    client = Client()
    client.force_login(user)
    with django_assert_max_num_queries(12):
        client.get("/my/")


def test_staff_without_an_organization_land_on_the_staff_desk():
    client = Client()
    client.force_login(StaffFactory())
    assert client.get("/my/")["Location"] == "/admin/"

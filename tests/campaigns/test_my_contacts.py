"""One's own contacts with legislators: seen by nobody else, told truly, downloaded without live formulas."""

import csv
from datetime import UTC, datetime
from io import StringIO

import pytest
from django.urls import reverse

from campaigns.models import LegislatorContact
from tests.factories.campaigns import ActionTakenFactory
from tests.factories.legislation import LegislatorFactory
from tests.factories.partners import CoalitionFactory, OrganizationFactory, StaffFactory, UserFactory, member

pytestmark = pytest.mark.django_db
PAGE, FILE = reverse("my_actions:contacts"), reverse("my_actions:contacts_csv")
AT = datetime(2026, 3, 5, 20, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _coalition():
    CoalitionFactory()


@pytest.fixture
def user():
    return member(OrganizationFactory(), first_name="Ana")


def contact(user, *, way="own_mail", name="Robin Sample", title="Fund it", **facts):
    action = ActionTakenFactory(person=user.person, call_to_action__title=title, call_to_action__kind="email")
    legislator = LegislatorFactory(name=name, chamber="lower")
    return LegislatorContact.objects.create(
        **({"action": action, "legislator": legislator, "way": way, "contacted_at": AT} | facts)
    )


def page(client, **query):
    response = client.get(PAGE, query)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def rows(client):
    text = b"".join(client.get(FILE).streaming_content).decode("utf-8-sig")
    return list(csv.reader(StringIO(text)))


def test_who_when_and_what_came_of_it(client, user):
    contact(user, subject="Vote yes", text="Dear Representative")
    contact(user, way="phone", name="Jo Porch", outcome="voicemail", note="They call back.")
    contact(user, name="Pat Wait", way="through_us", state="waiting")
    contact(user, name="Kim Reply", reply="personal", reply_noted_at=AT, note="She is for it.")
    client.force_login(user)
    words = page(client)
    for expected in (
        "Robin Sample",
        "Thursday, March 5, 2026",
        "Vote yes",
        "telephone call: left a message",
        "Your note: They call back.",
        "message: waits for its turn",
        "a personal reply",
        "Fund it",
    ):
        assert expected in words
    assert client.get(PAGE).context["totals"] == {"messages": 3, "calls": 1, "replies": 1}
    # A reply is asked about where a message left and nobody told us yet.
    assert "Tell us whether Robin Sample replied" in words
    for name in ("Jo Porch", "Pat Wait", "Kim Reply"):
        assert f"Tell us whether {name} replied" not in words


def test_the_link_leads_to_the_page_for_replies(client, user):
    contact(user)
    client.force_login(user)
    link = page(client).split('class="link-arrow" href="/take-action/')[1].split('"')[0]
    assert "Did Rep. Robin Sample reply?" in client.get(f"/take-action/{link}").content.decode()


def test_nobody_elses(client, user, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    contact(user, name="Robin Sample", text="My own words")
    colleague = member(user.person.memberships.get().organization)
    for other in (colleague, StaffFactory(), UserFactory()):
        client.force_login(other)
        assert "Robin Sample" not in page(client)
        assert "No contact yet" in page(client)
        assert len(rows(client)) == 1
    client.logout()
    assert client.get(PAGE).status_code == client.get(FILE).status_code == 302


def test_the_account_pages_lead_there(client, user):
    client.force_login(user)
    organization = user.person.memberships.get().organization
    for address in (reverse("my:dashboard"), reverse("my:organization", args=[organization.slug])):
        assert f'href="{PAGE}"' in client.get(address).content.decode()


def test_the_table_holds_everything_and_no_formula(client, user):
    contact(user, subject="=1+1", text="@SUM(A1)\nmore", note="+1", name="=Robin", title="-2+3")
    for number in range(30):
        contact(user, name=f"Member {number}", contacted_at=AT.replace(year=2025))
    client.force_login(user)
    found = rows(client)
    assert len(found) == 32
    assert found[1] == [
        "2026-03-05 14:00",
        "Rep. =Robin",
        "House",
        str(LegislatorContact.objects.get(subject="=1+1").legislator.district),
        "from their own mail program",
        "sent from a mail program",
        "'=1+1",
        "'@SUM(A1)\nmore",
        "'+1",
        "",
        "'-2+3",
    ]


def test_hostile_and_long_words(client, user):
    contact(user, subject="<script>alert(1)</script>", note="\u202e\U0001f980" + "x" * 450)
    client.force_login(user)
    assert "<script>alert" not in page(client)
    assert client.get(PAGE, {"page": "x"}).status_code == 200


def test_the_number_of_queries_does_not_grow(client, user, django_assert_num_queries):
    client.force_login(user)
    contact(user)
    client.get(PAGE)
    with django_assert_num_queries(6):
        page(client)
    for number in range(19):
        contact(user, name=f"Member {number}")
    with django_assert_num_queries(6):
        page(client)

"""The staff's start page and sidebar."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from campaigns.models import ActionAlert
from campaigns.services.alerts import approve_alert
from mailing.models import Delivery, OutboxMessage
from mailing.services import change_state, queue_message
from partners.indicators import demographic_coverage
from partners.models import ProfileAnswer
from portal.desk_site import DeskSite
from tests.factories.alerts import ActionAlertFactory
from tests.factories.campaigns import (
    ActionTakenFactory,
    CallToActionFactory,
    IssueOfTheWeekFactory,
    StoryFactory,
    monday,
)
from tests.factories.partners import (
    ApplicationFactory,
    CoalitionFactory,
    MembershipFactory,
    OrganizationFactory,
    StaffFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _password_is_enough(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def staff(client):
    user = StaffFactory()
    client.force_login(user)
    return user


def start_page(client):
    response = client.get(reverse("admin:index"))
    assert response.status_code == 200
    return response


def tile(response, label: str):
    tiles = [*response.context["partner_tiles"], *response.context["mail_tiles"]]
    return next(tile for tile in tiles if label in str(tile.label))


def test_an_empty_portal_says_what_to_do(client, staff):
    page = start_page(client).content.decode()
    assert "No deadline, story or alert in the next seven days." in page
    assert "Nobody is waiting." in page
    assert "No alert is scheduled or going out." in page
    assert "Next week has no Issue of the Week yet." in page


def test_due_within_a_week_the_soonest_first(client, staff):
    now = timezone.now()
    CallToActionFactory(title="Closes in 3 days", opens_at=now - timedelta(days=5))
    CallToActionFactory(title="Closes in 9 days", opens_at=now + timedelta(days=1))
    CallToActionFactory(title="Draft", status="draft", opens_at=now - timedelta(days=5))
    StoryFactory(headline="Story tomorrow", status="scheduled", publish_at=now + timedelta(days=1, hours=1))
    StoryFactory(headline="Story later", status="scheduled", publish_at=now + timedelta(days=8))
    MembershipFactory()
    approve_alert(alert=ActionAlertFactory(subject="Alert soon"), by=staff, send_at=now + timedelta(hours=2))
    due = start_page(client).context["due"]
    assert [item.title for item in due][:4] == [
        "Alert soon",
        "Closes in 9 days",
        "Story tomorrow",
        "Closes in 3 days",
    ]
    assert {item.title for item in due}.isdisjoint({"Draft", "Story later"})


def test_no_warning_when_both_weeks_have_their_issue(client, staff):
    week = monday(timezone.localdate())
    IssueOfTheWeekFactory(week=week)
    IssueOfTheWeekFactory(week=week + timedelta(weeks=1))
    assert "has no Issue of the Week" not in start_page(client).content.decode()


def test_alerts_on_their_way_with_progress(client, staff):
    MembershipFactory.create_batch(4)
    alert = approve_alert(alert=ActionAlertFactory(), by=staff)
    row = Delivery.objects.first()
    change_state(delivery_ids=[row.pk], to="accepted", only_from=["pending"])
    [progress] = start_page(client).context["alerts"]
    assert (progress.alert, progress.done, progress.total, progress.percent) == (alert, 1, 4, 25)
    ActionAlert.objects.update(state="sent")
    assert start_page(client).context["alerts"] == []


def test_join_requests_with_age_and_badge(client, staff):
    ApplicationFactory(
        submitted_at=timezone.now() - timedelta(days=3), organization_answers={"name": "<b>Old</b>"}
    )
    ApplicationFactory()
    response = start_page(client)
    page = response.content.decode()
    assert "3 days" in page
    assert "&lt;b&gt;Old" in page
    navigation = [item for group in response.context["sidebar_navigation"] for item in group["items"]]
    assert next(item["badge"] for item in navigation if item["title"] == "Join requests") == "2"


def test_tiles_count_people_organizations_and_actions_apart(client, staff):
    CoalitionFactory(partner_goal=4, participant_goal=10)
    one, two = MembershipFactory(), MembershipFactory()
    OrganizationFactory(status="lapsed")
    for call in (CallToActionFactory(), CallToActionFactory()):
        ActionTakenFactory(call_to_action=call, person=one.person, organization=one.organization)
    ActionTakenFactory(person=two.person, acted_at=timezone.now() - timedelta(days=800))
    response = start_page(client)
    assert (tile(response, "active partners").value, tile(response, "active partners").percent) == ("2", 50)
    assert (tile(response, "people who acted").value, tile(response, "people who acted").percent) == ("1", 10)
    assert tile(response, "organizations that acted").value == "1"
    assert tile(response, "actions taken").value == "2"


def test_demographic_coverage_counts_fresh_answers_of_active_partners():
    now = timezone.now()
    organizations = [*OrganizationFactory.create_batch(4), OrganizationFactory(status="left")]

    def answer(organization, days_ago, **fields):
        ProfileAnswer.objects.create(
            organization=organization, marker="employed", answered_at=now - timedelta(days=days_ago), **fields
        )

    answer(organizations[0], 10, number=5)
    answer(organizations[0], 20, number=4)
    answer(organizations[1], 30, declined=True)
    answer(organizations[2], 400, number=5)
    answer(organizations[4], 10, number=5)
    by_marker = {coverage.marker: coverage for coverage in demographic_coverage(now)}
    employed = by_marker["employed"]
    assert (employed.answered, employed.partners, employed.percent) == (2, 4, 50)
    assert by_marker["populations"].answered == 0
    assert set(by_marker) == set(ProfileAnswer.Marker.values)


def test_no_partners_means_no_share():
    assert demographic_coverage(timezone.now())[0].percent == 0


def test_mail_trouble_of_the_last_seven_days(client, staff):
    for number in range(4):
        queue_message(to=f"a{number}@example.org", subject="Hello", text="Text")
    rows = list(OutboxMessage.objects.order_by("pk"))
    OutboxMessage.objects.filter(pk__in=[rows[0].pk, rows[1].pk]).update(state="failed")
    OutboxMessage.objects.filter(pk=rows[1].pk).update(created_at=timezone.now() - timedelta(days=8))
    OutboxMessage.objects.filter(pk=rows[2].pk).update(state="unknown")
    response = start_page(client)
    assert (tile(response, "refused").value, tile(response, "unknown").value) == ("1", "1")
    assert tile(response, "refused").bad


def test_every_tile_and_every_link_of_the_sidebar_opens(client, staff):
    CoalitionFactory()
    response = start_page(client)
    names = ("partner_tiles", "slip_tiles", "coverage_tiles", "mail_tiles")
    links = {tile.url for name in names for tile in response.context[name]}
    links |= {item["link"] for group in response.context["sidebar_navigation"] for item in group["items"]}
    assert len(links) > 25
    for link in links:
        opened = client.get(link, follow=True)
        assert opened.status_code == 200, link
        # The admin sends filters it does not know to "?e=1".
        assert not opened.request["QUERY_STRING"].endswith("e=1"), link


def test_at_most_35_queries_however_much_there_is(client, staff, django_assert_max_num_queries):
    CoalitionFactory()
    MembershipFactory.create_batch(5)
    ApplicationFactory.create_batch(8)
    StoryFactory.create_batch(5, status="scheduled", publish_at=timezone.now() + timedelta(days=1))
    for _number in range(3):
        approve_alert(alert=ActionAlertFactory(), by=staff)
    with django_assert_max_num_queries(35):
        start_page(client)


def test_the_list_of_all_applications_is_made_only_where_it_is_shown(client, staff, monkeypatch):
    CoalitionFactory()
    made = []
    make = DeskSite._build_app_dict
    monkeypatch.setattr(
        DeskSite, "_build_app_dict", lambda *args: (made.append(args), make(*args))[1], raising=True
    )
    assert client.get(reverse("admin:partners_organization_changelist")).status_code == 200
    assert made == []
    page = client.get(reverse("admin:app_list", args=["partners"]))
    assert reverse("admin:partners_organization_changelist") in page.content.decode()
    assert client.get("/admin/nothing/").status_code == 404


def test_staff_see_only_what_they_may_look_at(client):
    CoalitionFactory()
    ApplicationFactory()
    MembershipFactory()
    story = StoryFactory(status="scheduled", publish_at=timezone.now() + timedelta(days=1))
    alert = ActionAlertFactory()
    approve_alert(alert=alert, by=StaffFactory(), send_at=timezone.now() + timedelta(hours=1))
    helper = UserFactory(is_staff=True)
    client.force_login(helper)
    page = start_page(client).content.decode()
    for hidden in ("Prairie Path Services", story.headline, "three days left", alert.call_to_action.title):
        assert hidden not in page
    helper.user_permissions.add(Permission.objects.get(codename="view_story"))
    page = start_page(client).content.decode()
    assert story.headline in page
    assert "Prairie Path Services" not in page

"""Every page of the staff desk opens for staff, for nobody else, and shows hostile content as text."""

from datetime import timedelta

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from campaigns.models import (
    CallEvent,
    ContactList,
    LegislatorContact,
    ReportEvent,
    Segment,
    SharedStory,
    Signature,
)
from mailing.models import DeliveryEvent, Installation, Preference, Suppression
from mailing.services import queue_message, suppress
from partners.models import Ally, ProfileAnswer, TeamMember, UnderrepresentedSubSector
from research.models import Report
from tests.factories.alerts import ActionAlertFactory, SubscriberFactory
from tests.factories.campaigns import (
    ActionTakenFactory,
    CampaignFactory,
    IssueOfTheWeekFactory,
    PriorityFactory,
    StoryFactFactory,
    TargetFactory,
    UnconfirmedActionFactory,
)
from tests.factories.campaigns_voices import (
    AudiencePageFactory,
    ExplainerFactory,
    WorkerProfileFactory,
    WorkerVoiceFactory,
)
from tests.factories.legislation import LegislatorFactory
from tests.factories.meetings import EventFactory
from tests.factories.partners import (
    ApplicationFactory,
    CoalitionFactory,
    InvitationFactory,
    MembershipFactory,
    StaffFactory,
    SubSectorFactory,
    UserFactory,
)
from tests.factories.series import SeriesFactory

pytestmark = pytest.mark.django_db

OUR_APPS = {"campaigns", "partners", "mailing"}
# The installation's one row has a page of its own instead of a list: how mail is doing.
OURS = [
    model for model in admin.site._registry if model._meta.app_label in OUR_APPS and model is not Installation
]


@pytest.fixture(autouse=True)
def _password_is_enough(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def staff(client):
    user = StaffFactory()
    client.force_login(user)
    return user


@pytest.fixture
def one_of_each(staff):
    """At least one row in every table the desk shows, some with hostile names."""
    from campaigns.services.alerts import approve_alert

    CoalitionFactory()
    PriorityFactory(title="<script>alert(1)</script>")
    TargetFactory()
    CampaignFactory()
    AudiencePageFactory(title="<script>alert(1)</script>")
    ExplainerFactory(title="<img src=x onerror=alert(1)>")
    WorkerProfileFactory(name="<script>alert(1)</script>", role="<img src=x onerror=alert(1)>")
    WorkerVoiceFactory(quote="<script>alert(1)</script>")
    report = Report.objects.create(title="<script>alert(1)</script>", slug="report")
    ReportEvent.objects.create(report=report, event=EventFactory(), note="<img src=x onerror=alert(1)>")
    IssueOfTheWeekFactory(story__headline="<img src=x onerror=alert(1)>")
    StoryFactFactory()
    UnconfirmedActionFactory()
    membership = MembershipFactory(
        person__first_name="<script>alert(1)</script>", organization__name="=HYPERLINK()"
    )
    action = ActionTakenFactory(person=membership.person, organization=membership.organization)
    now = timezone.now()
    CallEvent.objects.create(
        call_to_action=action.call_to_action,
        starts_at=now,
        ends_at=now + timedelta(hours=1),
        place="<script>alert(1)</script>",
    )
    Signature.objects.create(
        action=action,
        call_to_action=action.call_to_action,
        organization=membership.organization,
        organization_name="=HYPERLINK()",
        signer_name="<script>alert(1)</script>",
        signed_at=now,
    )
    LegislatorContact.objects.create(
        action=action,
        legislator=LegislatorFactory(),
        way="own_mail",
        text="<script>alert(1)</script>",
        contacted_at=now,
    )
    SharedStory.objects.create(
        action=action,
        title="<script>alert(1)</script>",
        text="<img src=x onerror=alert(1)>",
        scope="public",
        scope_text="Yes",
    )
    ActionAlertFactory()
    approve_alert(alert=ActionAlertFactory(), by=staff)
    SubscriberFactory()
    ApplicationFactory()
    InvitationFactory()
    UnderrepresentedSubSector.objects.create(fiscal_year=2027, sub_sector=SubSectorFactory())
    TeamMember.objects.create(kind="board", name="Ana Sample", role="Chair")
    Ally.objects.create(name="A table")
    ProfileAnswer.objects.create(
        organization=membership.organization, marker="employed", number=12, answered_at="2026-01-01T00:00Z"
    )
    queue_message(to="a@example.org", subject="Hello", text="Text")
    suppress(email="b@example.org", reason=Suppression.Reason.STAFF)
    Segment.objects.create(name="<script>alert(1)</script>", rules={"field": "role", "is": ["viewer"]})
    ContactList.objects.create(name="<img src=x onerror=alert(1)>", basis="Signed up at the forum")
    SeriesFactory(name="<script>alert(1)</script>")
    Preference.objects.create(email="c@example.org", address_hash="c" * 64, language="es")
    DeliveryEvent.objects.create(
        provider="=HYPERLINK()", event_id="1", kind=DeliveryEvent.Kind.BOUNCED, happened_at=timezone.now()
    )


@pytest.mark.usefixtures("one_of_each")
@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_list_add_change_and_history_open(client, model):
    opts, site = model._meta, admin.site._registry[model]
    base = f"admin:{opts.app_label}_{opts.model_name}"
    # The coalition has one row, so its list and its "add" lead to that row.
    response = client.get(reverse(f"{base}_changelist"), follow=True)
    assert response.status_code == 200
    assert b"<script>alert(1)" not in response.content
    assert b"<img src=x" not in response.content
    if site.has_add_permission(response.wsgi_request):
        assert client.get(reverse(f"{base}_add"), follow=True).status_code == 200
    row = model.objects.first()
    assert row is not None, f"the test has no {opts.verbose_name}"
    response = client.get(reverse(f"{base}_change", args=[row.pk]))
    assert response.status_code == 200
    assert b"<script>alert(1)" not in response.content
    assert client.get(reverse(f"{base}_history", args=[row.pk])).status_code == 200


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_searching_for_anything_opens(client, staff, model):
    opts = model._meta
    for words in ("maria gomez", "%_'\"\\", "x" * 300):
        address = reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist")
        assert client.get(address, {"q": words}).status_code == 200


def test_strangers_and_partners_are_led_to_the_sign_in(client):
    alert = ActionAlertFactory()
    pages = [
        reverse("admin:index"),
        reverse("admin:campaigns_actionalert_changelist"),
        reverse("admin:campaigns_actionalert_links", args=[alert.pk]),
        reverse("admin:campaigns_actionalert_file", args=[alert.pk, "recipients", "csv"]),
    ]
    names = ["preview", "checks", "result", "send_test", "submit", "approve", "send_back", "send_now"]
    names += ["schedule", "pause", "resume", "cancel", "copy"]
    pages += [reverse(f"admin:campaigns_actionalert_{name}", args=[alert.pk]) for name in names]
    pages += [reverse(f"admin:campaigns_segment_{step}") for step in ("build", "count", "save")]
    pages.append(reverse("admin:campaigns_contactlist_upload"))
    pages.append(reverse("admin:campaigns_contactlist_people", args=[1]))
    pages += [
        reverse(f"admin:campaigns_contactlist_{step}", args=["00000000-0000-4000-8000-000000000000"])
        for step in ("columns", "check", "report", "discard")
    ]
    partner = Client()
    partner.force_login(UserFactory())
    for page in pages:
        for visitor in (client, partner):
            for response in (visitor.get(page), visitor.post(page)):
                assert response.status_code in {302, 403}, page
                assert (
                    response.status_code == 403
                    or reverse("account_login") in response["Location"]
                    or ("/admin/login/" in response["Location"])
                )
    alert.refresh_from_db()
    assert alert.state == "draft"


def test_staff_who_may_only_look_cannot_act(client):
    """A staff member with the right to view alerts and nothing more."""
    user = UserFactory(is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_actionalert"))
    client.force_login(user)
    alert = ActionAlertFactory()
    page = client.get(reverse("admin:campaigns_actionalert_change", args=[alert.pk]))
    assert page.status_code == 200
    assert "Send now" not in page.content.decode()
    assert client.get(reverse("admin:campaigns_actionalert_preview", args=[alert.pk])).status_code == 200
    for name in ("send_now", "send_test", "cancel", "copy", "schedule"):
        assert client.post(reverse(f"admin:campaigns_actionalert_{name}", args=[alert.pk])).status_code == 403
    assert client.get(reverse("admin:campaigns_story_changelist")).status_code == 403
    sidebar = client.get(reverse("admin:index")).content.decode()
    assert reverse("admin:campaigns_actionalert_changelist") in sidebar
    assert f'href="{reverse("admin:partners_user_changelist")}"' not in sidebar


@pytest.mark.usefixtures("one_of_each")
def test_the_export_of_actions_neutralises_formulas(client):
    address = reverse("admin:campaigns_actiontaken_export")
    fields = client.get(address).context["form"].fields
    data = {name: "on" for name in fields if name.startswith(("actiontakenresource", "resource_fields"))}
    response = client.post(address, {"format": "0", "resource": "", **data})
    text = response.content.decode()
    assert "'=HYPERLINK()" in text
    assert ",=HYPERLINK" not in text


@pytest.mark.parametrize("name", ["actiontaken", "unconfirmedaction", "issueoftheweek"])
def test_what_services_write_cannot_be_added_by_hand(client, staff, name):
    assert client.get(reverse(f"admin:campaigns_{name}_add")).status_code == 403

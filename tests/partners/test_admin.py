"""The staff desk of partners."""

from io import BytesIO

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from partners.models import Coalition, JoinApplication, Membership, Organization, User
from partners.services import start_application
from tests.factories.partners import (
    ApplicationFactory,
    CoalitionFactory,
    InvitationFactory,
    MembershipFactory,
    OrganizationFactory,
    StaffFactory,
    SubSectorFactory,
    UserFactory,
)
from tests.partners.mails import mail_to

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _password_is_enough(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    settings.EMAIL_BACKEND = "mailing.backends.OutboxBackend"


@pytest.fixture
def staff(client):
    user = StaffFactory()
    client.force_login(user)
    return user


def desk(name, *args):
    return reverse(f"admin:partners_{name}", args=args)


MODELS = [
    "ally",
    "area",
    "coalition",
    "county",
    "invitation",
    "joinapplication",
    "membership",
    "organization",
    "person",
    "profileanswer",
    "subsector",
    "teammember",
    "user",
]


@pytest.mark.parametrize("model", MODELS)
def test_lists_open_and_search(client, staff, model):
    ApplicationFactory()
    MembershipFactory()
    InvitationFactory()
    assert client.get(desk(f"{model}_changelist")).status_code == 200
    assert client.get(desk(f"{model}_changelist"), {"q": "a"}).status_code in {200, 302}


def test_the_queue_shows_what_waits_the_oldest_first(client, staff):
    ApplicationFactory(people_answers={"email": "second@example.org"}, submitted_at="2026-03-05T14:00Z")
    ApplicationFactory(people_answers={"email": "first@example.org"}, submitted_at="2026-03-04T14:00Z")
    start_application()
    ApplicationFactory(
        people_answers={"email": "done@example.org"}, state="approved", decided_at="2026-03-05T14:00Z"
    )
    page = client.get(desk("joinapplication_changelist")).content.decode()
    assert page.index("first@example.org") < page.index("second@example.org")
    assert "done@example.org" not in page
    assert (
        "done@example.org"
        in client.get(desk("joinapplication_changelist"), {"state": "all"}).content.decode()
    )


def test_a_request_shows_answers_and_likenesses_and_no_draft_is_shown(client, staff):
    alike = OrganizationFactory(name="Prairie Path Services", city="Springfield", ein="36-1234567")
    application = ApplicationFactory()
    application.different_from.add(alike)
    page = client.get(desk("joinapplication_change", application.pk)).content.decode()
    for words in (
        "rosa@prairiepath.example",
        "same EIN",
        "100 of 100",
        "says it is a different organization",
    ):
        assert words in page
    draft = start_application()
    assert client.get(desk("joinapplication_change", draft.pk)).status_code == 302


def test_approving_asks_first_and_acts_on_post(client, staff):
    application = ApplicationFactory()
    address = desk("joinapplication_approve", application.pk)
    assert b"Approve the request" in client.get(address).content
    assert not Organization.objects.exists()
    client.post(address)
    assert Organization.objects.get().name == "Prairie Path Services"
    response = client.post(address, follow=True)
    assert "decided already" in response.content.decode()
    assert Organization.objects.count() == 1
    page = client.get(desk("joinapplication_change", application.pk)).content.decode()
    assert address not in page


def test_declining_needs_a_reason(client, staff):
    application = ApplicationFactory()
    address = desk("joinapplication_decline", application.pk)
    assert "the applicant will read it" in client.post(address, {"reason": " "}).content.decode()
    client.post(address, {"reason": "You are outside Illinois."})
    application.refresh_from_db()
    assert (application.state, application.decided_by) == ("declined", staff)


def test_staff_without_the_right_do_not_decide(client):
    reader = UserFactory(is_staff=True)
    reader.user_permissions.add(Permission.objects.get(codename="view_joinapplication"))
    client.force_login(reader)
    application = ApplicationFactory()
    assert client.get(desk("joinapplication_change", application.pk)).status_code == 200
    assert client.post(desk("joinapplication_approve", application.pk)).status_code == 403
    assert JoinApplication.objects.get().state == "submitted"


@pytest.mark.parametrize("model", ["joinapplication", "organization", "membership", "invitation"])
def test_an_address_somebody_made_up_leads_back_to_the_desk(client, staff, model):
    for made_up in ("abc", "-1", "99999999999999999999"):
        assert client.get(desk(f"{model}_change", made_up)).status_code == 302


def test_an_organizations_status_changes_through_its_buttons_only(client, staff):
    organization = OrganizationFactory(sub_sectors=[SubSectorFactory()])
    page = client.get(desk("organization_change", organization.pk)).content.decode()
    assert 'name="status"' not in page
    client.post(desk("organization_lapse", organization.pk))
    organization.refresh_from_db()
    assert organization.status == "lapsed"
    assert organization.history.first().history_user == staff
    client.post(desk("organization_reinstate", organization.pk))
    organization.refresh_from_db()
    assert organization.status == "active"


def test_staff_invite_and_manage_members(client, staff):
    membership = MembershipFactory()
    organization = membership.organization
    client.post(
        desk("organization_invite_person", organization.pk), {"email": "lee@example.org", "role": "advocate"}
    )
    assert "invited" in mail_to("lee@example.org")["subject"]
    response = client.post(desk("membership_end_it", membership.pk), follow=True)
    assert "Make somebody else a primary contact first" in response.content.decode()
    viewer = MembershipFactory(organization=organization, role="viewer")
    client.post(desk("membership_change_the_role", viewer.pk), {"role": "primary_contact"})
    client.post(desk("membership_end_it", membership.pk))
    assert dict(Membership.objects.current().values_list("pk", "role")) == {viewer.pk: "primary_contact"}


def test_the_export_runs_no_formula(client, staff):
    OrganizationFactory(
        name='=HYPERLINK("http://evil.example")', summary="+1", sub_sectors=[SubSectorFactory(name="Food")]
    )
    fields = {
        f"organizationresource_{name}": "on"
        for name in ("name", "summary", "county", "fields_of_work", "budget", "area")
    }
    response = client.post(desk("organization_export"), {"format": "0", "resource": "", **fields})
    table = response.content.decode()
    assert response["Content-Type"].startswith("text/csv")
    assert "'=HYPERLINK" in table
    assert "'+1" in table
    assert "Food" in table


def test_the_coalition_is_one_row(client, staff):
    CoalitionFactory()
    assert client.get(desk("coalition_changelist")).url == desk("coalition_change", 1)
    assert client.get(desk("coalition_add")).url == desk("coalition_change", 1)
    assert client.post(desk("coalition_add"), {"name": "Another"}).url == desk("coalition_change", 1)
    assert "_addanother" not in client.get(desk("coalition_change", 1)).content.decode()
    assert client.post(desk("coalition_delete", 1), {"post": "yes"}).status_code == 403
    assert Coalition.objects.get().name != "Another"


def test_staff_get_their_password_by_mail(client, staff):
    client.post(desk("user_add"), {"email": "New@Coalition.example", "is_active": "on", "is_staff": "on"})
    user = User.objects.get(email="new@coalition.example")
    assert not user.has_usable_password()
    client.post(desk("user_send_password_link", user.pk))
    assert mail_to(user.email)["subject"] == "Reset your password"


def test_only_superusers_give_rights(client):
    editor = UserFactory(is_staff=True)
    editor.user_permissions.set(Permission.objects.filter(content_type__app_label="partners"))
    client.force_login(editor)
    boss = StaffFactory()
    assert client.get(desk("user_change", editor.pk)).status_code == 200
    client.post(desk("user_change", editor.pk), {"is_active": "on", "is_staff": "on", "is_superuser": "on"})
    editor.refresh_from_db()
    assert not editor.is_superuser
    assert client.post(desk("user_change", boss.pk), {"is_active": ""}).status_code == 403


@pytest.mark.parametrize("number", [1, 20])
def test_queries_of_the_organization_list(client, staff, django_assert_num_queries, number):
    OrganizationFactory.create_batch(number)
    client.get(desk("organization_changelist"))
    with django_assert_num_queries(ORGANIZATION_LIST_QUERIES):
        client.get(desk("organization_changelist"))


ORGANIZATION_LIST_QUERIES = 10
COALITION_FACTS = (
    *("name", "short_name", "tagline", "mission", "street", "city_line", "phone", "email"),
    *("approval_above", "staff_hour_cost"),
)


def test_staff_put_the_coalitions_logo_on_every_page(client, staff):
    coalition = CoalitionFactory()
    facts = {field: getattr(coalition, field) for field in COALITION_FACTS}
    picture = BytesIO()
    Image.new("RGB", (1200, 400), "#0F4C46").save(picture, "PNG")
    upload = SimpleUploadedFile("our logo.png", picture.getvalue(), content_type="text/html")
    assert client.post(desk("coalition_change", 1), {**facts, "logo": upload}).status_code == 302
    coalition.refresh_from_db()
    assert coalition.logo.name.endswith(".webp")
    assert coalition.logo.url in client.get("/").content.decode()
    assert client.get(coalition.logo.url)["Content-Type"] == "image/webp"


def test_a_coalition_logo_that_is_no_picture_is_refused_at_its_field(client, staff):
    coalition = CoalitionFactory()
    upload = SimpleUploadedFile("logo.png", b"<svg onload=alert(1)>", content_type="image/png")
    response = client.post(desk("coalition_change", 1), {"name": coalition.name, "logo": upload})
    assert response.status_code == 200
    assert response.context["adminform"].form.errors["logo"]

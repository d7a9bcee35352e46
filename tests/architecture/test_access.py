"""Who gets in where: every address of the portal, tried as a stranger, as another organization's people, as staff."""

import pytest
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from mailing.models import Installation
from mailing.services.installation import fingerprint
from tests.factories.campaigns import CallToActionFactory, CampaignFactory, StoryFactory
from tests.factories.partners import MembershipFactory, OrganizationFactory, StaffFactory, member

pytestmark = pytest.mark.django_db

# Addresses anybody may open. Everything else must ask a stranger to sign in.
PUBLIC = {
    "home",
    "about",
    "about_people",
    "about_allies",
    "about_ally",
    "contact",
    "contact_sent",
    "privacy",
    "accessibility",
    "health_live",
    "health_ready",
    "health_mail",
    "robots",
    "search",
    "sitemap",
    "campaigns:story_list",
    "campaigns:story_feed",
    "campaigns:story",
    "campaigns:campaign_list",
    "campaigns:campaign",
    "campaigns:action_list",
    "campaigns:action",
    "campaigns:slip_pledge",
    "campaigns:action_check_mail",
    "campaigns:event_ics",
    "campaigns:own_event_ics",
    "campaigns:invitation_answer",
    "campaigns:action_confirm",
    "campaigns:action_home",
    "campaigns:action_replies",
    "campaigns:action_thanks",
    "campaigns:did_you_file",
    "campaigns:share_image",
    "campaigns:embed",
    "campaigns:embed_check_mail",
    "campaigns:letter",
    "campaigns:letter_file",
    "campaigns:shared_stories",
    "campaigns:withdraw_story",
    "campaigns:withdraw_words",
    "meetings:door",
    "meetings:check_in",
    "meetings:checked_in",
    "meetings:feedback",
    "campaigns:agenda",
    "campaigns:agenda_year",
    "campaigns:priority",
    "campaigns:audience_list",
    "campaigns:audience_page",
    "campaigns:explainer",
    "campaigns:explainer_list",
    "campaigns:issue_feed",
    "campaigns:issue_list",
    "campaigns:issue_year",
    "campaigns:mark_file",
    "campaigns:media_kit",
    "campaigns:profile",
    "campaigns:profile_list",
    "campaigns:share_story",
    "legislation:hearing_list",
    "legislation:hearing_month",
    "legislation:hearing",
    "legislation:hearing_ics",
    "legislation:hearings_ics",
    "legislation:committee_ics",
    "legislation:bill_calendar",
    "legislation:followed_ics",
    "legislation:stop_following_mail",
    "legislation:legislator_list",
    "legislation:legislator",
    "legislation:committee_list",
    "legislation:committee",
    "legislation:represents_me",
    "legislation:represents_map",
    "legislation:district",
    "trainings:door",
    "trainings:check_in",
    "trainings:checked_in",
    "meetings:event_month",
    "meetings:event_list",
    "meetings:event",
    "meetings:event_ics",
    "meetings:event_document",
    "meetings:calendar",
    "meetings:register",
    "meetings:registered",
    "meetings:place",
    "meetings:place_cancel",
    "meetings:place_ics",
    "meetings:council_list",
    "meetings:council",
    "meetings:council_calendar",
    "partners:directory",
    "partners:organization",
    "partners:join_start",
    "partners:join_step",
    "partners:invitation",
    "partners:logo",
    "legislation:budget",
    "legislation:budget_years_csv",
    "legislation:budget_asks_csv",
    "legislation:bill_list",
    "legislation:bill",
    "legislation:bill_by_number",
    "legislation:bill_positions",
    "legislation:bill_positions_csv",
    "legislation:bill_feed",
    "legislation:bill_feed_json",
    "legislation:bill_fact_sheet",
    "legislation:bills_feed",
    "legislation:bills_feed_json",
    "legislation:roll_call",
    "legislation:legislator_feed",
    "legislation:legislator_feed_json",
    "legislation:committee_feed",
    "legislation:committee_feed_json",
    "legislation:api-v1",
    "api-v1:api-root",
    "api-v1:openapi-json",
    "api-v1:nothing-here",
    "api-v1:bills",
    "api-v1:bill_by_id",
    "api-v1:bill",
    "api-v1:vote",
    "api-v1:events",
    "api-v1:legislators",
    "api-v1:legislator",
    "api-v1:committees",
    "api-v1:committee",
    "api-v1:hearings",
    "research:press",
    "research:press_feed",
    "surveys:answer",
    "surveys:results",
    "surveys:results_list",
    "trainings:fees",
    "trainings:facilitators",
    "trainings:invoice",
    "trainings:invoice_file",
    "trainings:invoice_pay",
    "trainings:credit_note_file",
    "trainings:scholarship",
    "trainings:scholarship_withdraw",
    "trainings:card_messages",
    "meetings:table_list",
    "meetings:table",
    "trainings:course_list",
    "trainings:past_sessions",
    "trainings:calendar",
    "trainings:session",
    "trainings:session_ics",
    "trainings:register",
    "trainings:register_step",
    "trainings:registration_sent",
    "trainings:registered",
    "trainings:place",
    "trainings:place_cancel",
    "trainings:place_ics",
    "trainings:course",
    "trainings:certificate",
    "trainings:certificate_check",
    "trainings:certificate_file",
    "trainings:improvements",
    "trainings:resource",
    "trainings:resources",
    "trainings:stop_digest",
    "research:hub",
    "research:report_list",
    "research:report_feed",
    "research:report",
    "research:report_pdf",
    "research:report_tables",
    "research:report_table",
    "research:report_citation",
    "research:report_version",
    "research:report_version_pdf",
    "research:report_version_table",
    "research:project",
    "research:project_list",
    "research:fact_sheet",
    "research:fact_sheet_list",
    "research:fact_sheet_pdf",
    "research:fact_sheet_version",
    "research:fact_sheet_version_pdf",
    "research:finding",
    "research:finding_compare",
    "research:finding_csv",
    "research:finding_data",
    "research:finding_embed",
    "research:finding_json",
    "research:finding_list",
    "research:loan_repayment",
    "research:loan_repayment_check",
    "research:loan_repayment_csv",
    "research:loan_repayment_employers",
    "research:service_map",
    "research:toolkit",
    "research:toolkit_item",
    "research:toolkit_list",
    "research:toolkit_zip",
    "mailing:subscribe",
    "mailing:subscribe_sent",
    "mailing:subscribe_confirm",
    "mailing:preferences",
    "mailing:start_again",
    "mailing:my_mail",
    "mailing:forget",
    "mailing:stop_summary",
    "mailing:why",
    "mailing:mail_events",
    "mailing:unsubscribe",
    "mailing:view_online",
    "mailing:go",
}
# These change something, so a link that is merely followed finds nothing to show.
POST_ONLY = {
    "my_meetings:follow_up_done",
    "my:invitation_resend",
    "my:invitation_withdraw",
    "my:membership_end",
    "my:membership_role",
    "my_actions:slip_take_back",
    "my_legislation:conversation_remove",
    "my_actions:ask_to_sign",
    "my_actions:signature_take_back",
    "my_legislation:follow_change",
    "my_legislation:follow_settings",
    "my_legislation:following_calendar",
    "my_legislation:following_mail",
    "my_legislation:remove_search",
    "my_legislation:unfollow",
}
# allauth opens and closes its own pages; what a stranger may reach there is listed too.
PUBLIC_ACCOUNT = {
    "account_login",
    "account_signup",
    "account_logout",
    "account_inactive",
    "account_email_verification_sent",
    "account_confirm_email",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "mfa_authenticate",
    "mfa_trust",
    "mfa_login_webauthn",
}


def named_patterns(resolver: URLResolver | None = None, namespace: str = "") -> list[tuple[str, URLPattern]]:
    """Every named address outside the admin, as (name, pattern)."""
    found = []
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            if entry.namespace == "admin":
                continue
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            found += named_patterns(entry, inner)
        elif entry.name:
            found.append((namespace + entry.name, entry))
    return found


NAMES = sorted({name for name, _pattern in named_patterns()})
OURS = [name for name in NAMES if not name.startswith(("account_", "mfa_"))]
PERSONAL = [
    name
    for name in OURS
    if name.startswith(
        (
            "my:",
            "my_actions:",
            "my_legislation:",
            "my_mail:",
            "my_surveys:",
            "my_meetings:",
            "my_trainings:",
            "my_research:",
            "community:",
        )
    )
]


@pytest.fixture
def things():
    """One of each thing that addresses name."""
    membership = MembershipFactory(role="primary_contact")
    # Clock and workers did their rounds a moment ago.
    now = timezone.now()
    Installation.objects.create(id=1, fingerprint=fingerprint(), noted_at=now, pumped_at=now, swept_at=now)
    return {
        "organization": membership.organization,
        "membership": membership,
        "story": StoryFactory(status="published"),
        "campaign": CampaignFactory(status="active"),
        "call": CallToActionFactory(status="published"),
    }


def address(name: str, things: dict) -> str:
    """The address of a name, with arguments taken from what exists; strangers' tokens where a token is asked for."""
    organization, membership = things["organization"], things["membership"]
    by_view = {
        "campaigns:story": things["story"].slug,
        "campaigns:campaign": things["campaign"].slug,
        "campaigns:action": things["call"].slug,
        "campaigns:action_check_mail": things["call"].slug,
        "campaigns:share_image": things["call"].slug,
        "campaigns:embed": things["call"].slug,
        "campaigns:embed_check_mail": things["call"].slug,
        "campaigns:event_ics": things["call"].slug,
    }
    pattern = dict(named_patterns())[name]
    arguments = {}
    for argument in pattern.pattern.converters:
        arguments[argument] = {
            "slug": by_view.get(name, organization.slug),
            "step": "organization",
            "year": 2024,
            "pk": membership.pk,
            "membership_id": membership.pk,
            "reference": "A-22222222",
        }.get(argument, "1")
    for key in arguments:
        if key.endswith(("_id", "pk")):
            arguments[key] = membership.pk
    try:
        return reverse(name, kwargs=arguments)
    except NoReverseMatch:
        pytest.fail(f"{name} takes {sorted(arguments)}: teach this test what to put there")


def test_the_list_of_public_addresses_is_complete():
    assert set(OURS) - set(PERSONAL) == PUBLIC


@pytest.mark.parametrize("name", sorted(set(OURS) & PUBLIC))
def test_a_stranger_is_never_asked_to_sign_in_on_public_pages(name, things, client):
    response = client.get(address(name, things))
    assert response.status_code < 500
    assert "/accounts/login/" not in response.get("Location", "")


@pytest.mark.parametrize("name", PERSONAL)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_stranger_is_asked_to_sign_in_everywhere_else(name, method, things, client):
    response = getattr(client, method)(address(name, things))
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize(
    "name", sorted(name for name in PERSONAL if "slug" in dict(named_patterns())[name].pattern.converters)
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_another_organizations_people_find_nothing(name, method, things):
    client = Client()
    client.force_login(member(OrganizationFactory()))
    response = getattr(client, method)(address(name, things))
    assert response.status_code in {404, 405}
    if method == "get" and name not in POST_ONLY:
        assert response.status_code == 404
    assert things["organization"].name not in response.content.decode()


@pytest.mark.parametrize("name", [name for name in NAMES if name.startswith(("account_", "mfa_"))])
def test_accounts_pages_ask_strangers_to_sign_in_unless_listed(name, client):
    ((_address, arguments),) = get_resolver().reverse_dict[name][0]
    path = reverse(name, kwargs=dict.fromkeys(arguments, "1"))
    response = client.get(path)
    asked = response.status_code == 302 and response["Location"].startswith("/accounts/login/")
    assert asked or name in PUBLIC_ACCOUNT or response.status_code in {404, 405}


def test_the_staff_desk_is_for_staff(things, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    assert Client().get("/admin/", follow=True).redirect_chain[-1][0].startswith("/accounts/login/")
    client = Client()
    client.force_login(member(things["organization"]))
    assert client.get("/admin/", follow=True).status_code == 403
    client.force_login(StaffFactory())
    assert client.get("/admin/").status_code == 200


def test_staff_without_a_second_factor_are_sent_to_set_one_up(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = True
    client = Client()
    client.force_login(StaffFactory())
    for path in ("/admin/", "/admin/partners/organization/"):
        assert client.get(path)["Location"] == reverse("mfa_index")

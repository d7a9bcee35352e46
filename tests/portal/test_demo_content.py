"""What stands in the demonstration: it holds together, is complete, and names nobody's real address."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.apps import apps
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import Count, F, Q
from django.utils import timezone

from campaigns.models import (
    ActionAlert,
    ActionTaken,
    Agenda,
    CallToAction,
    Campaign,
    IssueOfTheWeek,
    Priority,
    Story,
    StoryFact,
    Target,
    UnconfirmedAction,
)
from campaigns.results.funnel import funnel_of
from mailing.models import Delivery, Mailing, OutboxMessage, Subscription, Suppression
from mailing.services import render_delivery
from partners.models import (
    Ally,
    JoinApplication,
    Organization,
    Person,
    User,
)
from partners.services import find_duplicates
from portal.demo.load import load_demonstration
from portal.embedded.demo_logins import ADVOCATE, CONTACT, DEMO_LOGINS, PASSWORD, STAFF

pytestmark = pytest.mark.django_db

ROOMS = ("partners", "campaigns", "meetings", "trainings", "research", "surveys", "mailing")
MODELS = [model for room in ROOMS for model in apps.get_app_config(room).get_models()]
BANNED = ("vulnerable", "neediest", "needy", "click here", "read more", "learn more", "lorem")
MOMENT = datetime(2026, 11, 25, 16, 30, tzinfo=UTC)  # A Wednesday morning in Illinois.


@pytest.fixture(scope="module", autouse=True)
def demonstration(django_db_setup, django_db_blocker) -> Iterator[None]:
    """A demonstration of 40 organizations; each test takes back what it changed."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_demonstration(size=40, seed=7, now=timezone.now(), say=lambda words: None)
        yield
        transaction.set_rollback(True)


def _all_words() -> str:
    rows = [row for model in MODELS for row in model._default_manager.values()]
    return DjangoJSONEncoder(ensure_ascii=False).encode(rows)


def test_no_address_of_anybody_real():
    words = _all_words().replace(settings.SITE_URL, "")
    found = re.findall(r"(?:\w@|https?://)([a-z0-9-]+(?:\.[a-z0-9-]+)+)", words)
    assert len(found) > 40
    # The State's own pages are what findings and the loan program name as their sources.
    made_up = (".example", "example.org", "www.ilga.gov", "www.isac.org")
    assert not [host for host in found if not host.endswith(made_up)]
    assert all(
        "555-01" in phone for phone in Organization.objects.exclude(phone="").values_list("phone", flat=True)
    )
    assert all(
        ein.startswith("00-") for ein in Organization.objects.exclude(ein="").values_list("ein", flat=True)
    )


def test_words_put_solutions_first():
    words = _all_words()
    assert "TODO" not in words
    # The community talks about these very words.
    words = words.lower().replace("“the most vulnerable”", "")
    assert not [word for word in BANNED if word in words]


def test_everything_passes_its_own_validation():
    for model in (
        Organization,
        Person,
        Campaign,
        CallToAction,
        Story,
        StoryFact,
        Agenda,
        Priority,
        Target,
        Ally,
    ):
        for row in model.objects.all():
            row.full_clean(validate_constraints=False)


def test_logins_work_and_belong_where_they_say(client):
    assert User.objects.count() == len(DEMO_LOGINS)
    for login in DEMO_LOGINS:
        user = User.objects.get(email=login.email)
        assert user.check_password(PASSWORD)
        assert user.is_staff == (login == STAFF)
    arden_shore = Organization.objects.get(web_domain="ardenshore.example")
    roles = dict(arden_shore.memberships.current().values_list("person__email", "role"))
    assert roles == {CONTACT.email: "primary_contact", ADVOCATE.email: "advocate"}
    assert ActionTaken.objects.filter(person__email=CONTACT.email).exists()
    waiting = CallToAction.objects.open(timezone.now()).exclude(actions__person__email=CONTACT.email)
    assert waiting.exists()


def test_organizations_are_varied_and_complete():
    organizations = Organization.objects.all()
    assert organizations.count() == 40
    assert len(set(organizations.values_list("name", flat=True))) == 40
    assert len(set(organizations.exclude(summary="").values_list("summary", flat=True))) >= 36
    assert not organizations.filter(sub_sectors__isnull=True).exists()
    assert not organizations.exclude(area=F("county__area")).exists()
    assert not organizations.filter(joined_on__gt=timezone.localdate()).exists()
    active = organizations.active()
    with_contact = active.filter(memberships__role="primary_contact", memberships__ended_on__isnull=True)
    assert with_contact.distinct().count() == active.count()
    assert not User.objects.exclude(email__in=[login.email for login in DEMO_LOGINS]).exists()


def test_one_story_leads_now_and_one_is_scheduled():
    today = timezone.localdate()
    issue = IssueOfTheWeek.objects.for_day(today).first()
    assert issue is not None
    assert issue.story.agency == "Arden Shore Child and Family Services"
    assert issue.week <= today <= issue.last_day
    assert 9 <= IssueOfTheWeek.objects.published().count() <= 12
    scheduled = Story.objects.get(status="scheduled")
    assert scheduled.publish_at > timezone.now()
    assert Story.objects.filter(status="draft").count() == 1
    assert not Story.objects.published().filter(publish_at__gt=timezone.now()).exists()
    assert not Story.objects.published().annotate(known=Count("facts")).filter(known=0).exists()
    made_up = Story.objects.exclude(agency="").exclude(agency__startswith="Arden Shore")
    assert not made_up.exclude(source__startswith="Sample story").exists()


def test_the_customers_facts_are_there():
    words = _all_words()
    for fact in (
        "1,500", "15–20%", "$400,000", "Dora Maya", "SB3925", "102-1089", "$15 million", "1,000 repayments",
        "$5.25 million", "Equitable Pay Act", "Community Partner Fair Contracting Act",
        "Compensation Taskforce", "Court of Claims", "FY23", "Human Services Works", "Forefront",
        "The Chicago Community Trust",
    ):  # fmt: skip
        assert fact in words, fact
    assert Ally.objects.filter(kind="coalition").count() == 8
    assert Agenda.objects.published().count() == 2
    assert Priority.objects.filter(agenda__year=2024).count() == 3
    newest = Agenda.objects.published().first()
    assert set(newest.targets.values_list("field", flat=True)) == set(Target.Field.values)
    assert set(Campaign.objects.values_list("status", flat=True)) >= {"active", "won", "closed", "archived"}


def test_calls_to_action_and_their_counts():
    now = timezone.now()
    open_calls = CallToAction.objects.open(now)
    assert set(open_calls.values_list("kind", flat=True)) == set(CallToAction.Kind.values)
    assert open_calls.count() <= 16
    assert open_calls.filter(audience="partners").exists()
    assert open_calls.filter(closes_at__lt=now + timedelta(days=4)).exists()
    for call in CallToAction.objects.with_counts():
        assert call.people > 0
        if call.outcome:
            assert call.outcome.startswith(f"{call.people:,} people")
            assert f"{call.organizations:,} partner organizations" in call.outcome
    assert CallToAction.objects.filter(status="closed").exclude(outcome="").count() == 6


def test_actions_happened_when_and_by_whom_they_could():
    actions = ActionTaken.objects.all()
    assert not actions.filter(acted_at__gt=timezone.now()).exists()
    assert not actions.filter(acted_at__lt=F("call_to_action__opens_at")).exists()
    assert not actions.filter(acted_at__gte=F("call_to_action__closes_at")).exists()
    assert not actions.filter(call_to_action__audience="partners", organization__isnull=True).exists()
    members = actions.filter(organization__isnull=False)
    assert not members.exclude(person__memberships__organization=F("organization")).exists()
    assert not actions.exclude(consent_text=F("call_to_action__consent_text")).exists()
    told = dict(ActionTaken.history.order_by("history_date").values_list("id", "comment"))
    assert told
    # Whoever has a history has one that ends with what the row says; the others never changed.
    assert all(told[action.pk] == action.comment for action in actions if action.pk in told)
    by_alert = actions.filter(Q(verified="alert") | Q(via__isnull=False))
    assert by_alert.exists()
    assert not by_alert.exclude(via__recipient=F("person_id"), via__accepted_at__lt=F("acted_at")).exists()


def test_alerts_tell_a_whole_story():
    sent = ActionAlert.objects.filter(state="sent")
    assert (sent.count(), ActionAlert.objects.filter(state="draft").count()) == (2, 1)
    for alert in sent:
        result = funnel_of(alert)
        assert result.waiting == 0
        assert result.audience == result.accepted + result.failed + result.suppressed + result.unknown
        assert alert.mailing.state == Mailing.State.DONE
        shown = render_delivery(mailing=alert.mailing, delivery=alert.mailing.deliveries.first())
        assert "{{" not in shown.subject + shown.text + shown.html
        assert alert.mailing.links.filter(identifies_recipient=True).count() == 1
    suppressed = set(Suppression.objects.values_list("address_hash", flat=True))
    assert not Delivery.objects.filter(address_hash__in=suppressed).exclude(state="suppressed").exists()
    assert sum(funnel_of(alert).acted for alert in sent) > 0
    assert sum(funnel_of(alert).clicked for alert in sent) > 0


def test_nothing_waits_to_be_mailed():
    assert not OutboxMessage.objects.exists()
    assert not UnconfirmedAction.objects.exists()
    assert not Delivery.objects.filter(state__in=["pending", "claimed", "sending", "deferred"]).exists()
    assert Subscription.objects.active().exists()


def test_join_requests_wait_and_one_looks_like_a_partner():
    waiting = JoinApplication.objects.waiting()
    assert waiting.count() == 4
    assert JoinApplication.objects.filter(state="declined").count() == 1
    matches = [
        match
        for request in waiting
        for match in find_duplicates(
            name=request.organization_answers["name"],
            ein="",
            website=request.organization_answers["website"],
            exclude=request,
        )
    ]
    assert "Prairie Lantern Behavioral Health" in {match.organization.name for match in matches}


def test_waiting_requests_can_be_approved():
    from partners.services import approve_application

    staff = User.objects.get(email=STAFF.email)
    for request in JoinApplication.objects.waiting():
        organization = approve_application(application=request, by=staff)
        assert organization.status == "active"
        assert organization.sub_sectors.exists()

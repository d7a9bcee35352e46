"""Projects for everybody, and feedback of partners."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from research.models import GateWaiver, Milestone, PhaseFeedback, ProjectChange
from research.services.project import close_phase
from research.services.project_feedback import consider_feedback
from tests.factories.partners import CoalitionFactory, OrganizationFactory, StaffFactory, UserFactory, member
from tests.factories.research_finding import FindingFactory
from tests.factories.research_project import NOW, PhaseFactory, ProjectFactory, hear_all
from tests.factories.research_report import ReportFactory

pytestmark = pytest.mark.django_db
LIST = reverse("research:project_list")


@pytest.fixture(autouse=True)
def _coalition():
    CoalitionFactory()


def words(response):
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_a_projects_page_tells_how_far_it_is_and_who_was_heard(client):
    today = timezone.localdate()
    project = ProjectFactory(
        title="True cost", session_day="the first day of the session", session_date=today + timedelta(days=30)
    )
    design = PhaseFactory(project=project, kind="design", order=1, state="closed")
    PhaseFactory(project=project, kind="collection", order=2, feedback_question="What do we miss?")
    PhaseFactory(project=project, kind="release", order=3, state="ahead")
    hear_all(design, but={"mena"})
    GateWaiver.objects.create(
        phase=design, group="mena", reason="Inner words of staff", waived_at=NOW, waived_by=StaffFactory()
    )
    ProjectChange.objects.create(phase=design, said="Too long.", changed="It is shorter.", changed_on=today)
    ProjectChange.objects.create(
        phase=design, said="Not for all.", changed="No.", changed_on=today, is_public=False
    )
    Milestone.objects.create(project=project, name="Draft", due_on=today - timedelta(days=2))
    Milestone.objects.create(project=project, name="Figures", due_on=today + timedelta(days=31))
    page = words(client.get(project.get_absolute_url()))
    assert "30 days until the first day of the session" in page
    assert "Heard from 6 of 7 underrepresented groups" in page
    assert "1 was let pass" in page
    assert "Inner words of staff" not in page
    assert "It is shorter." in page
    assert "Not for all." not in page
    assert "2 days late" in page
    assert "After the first day of the session" in page
    assert "What do we miss?" in page
    assert reverse("my_research:feedback", args=[project.slug, "collection"]) in page


def test_reports_that_came_of_it_stand_there_once_they_are_published(client):
    project = ProjectFactory(status="released")
    report = ReportFactory(project=project, title="What it costs", state="published", published_at=NOW)
    ReportFactory(project=project, title="A secret draft")
    page = words(client.get(project.get_absolute_url()))
    assert report.get_absolute_url() in page
    assert "A secret draft" not in page


def test_projects_that_are_not_public_are_there_for_partners_alone(client):
    project = ProjectFactory(title="Inner study", is_public=False)
    assert client.get(project.get_absolute_url()).status_code == 404
    assert "Inner study" not in words(client.get(LIST))
    client.force_login(member(OrganizationFactory()))
    assert "Inner study" in words(client.get(project.get_absolute_url()))
    assert "Inner study" in words(client.get(LIST))


@pytest.mark.parametrize("count", [1, 20])
def test_the_list_costs_the_same_with_one_and_with_twenty(client, count):
    for _number in range(count):
        PhaseFactory(kind="design")
    client.get(LIST + "?page=1")
    with CaptureQueriesContext(connection) as asked:
        client.get(LIST)
    assert len(asked) == 5


# --- Feedback ---------------------------------------------------------------------------------------------------


def test_a_partner_gives_feedback_changes_it_and_reads_what_came_of_it(client):
    partner = OrganizationFactory(name="Arden Shore")
    user, phase = member(partner), PhaseFactory(kind="collection", project__title="True cost")
    client.force_login(user)
    address = reverse("my_research:feedback", args=[phase.project.slug, "collection"])
    assert address in words(client.get(reverse("my_research:projects")))
    page = words(client.post(address, {"organization": partner.pk, "verdict": "concern", "text": ""}))
    assert "Say what should change" in page
    assert not PhaseFeedback.objects.exists()
    client.post(
        address, {"organization": partner.pk, "verdict": "concern", "text": "<b>Who</b> sees our books?"}
    )
    row = PhaseFeedback.objects.get()
    assert (row.organization, row.given_by, row.verdict) == (partner, user, "concern")
    assert "Who&lt;" in words(client.get(address)) or "&lt;b&gt;Who" in words(client.get(address))
    consider_feedback(feedback=row, outcome="Two of us, and then they go.", by=StaffFactory(), now=NOW)
    assert "Two of us, and then they go." in words(client.get(reverse("my_research:projects")))
    hear_all(phase)
    close_phase(phase=phase, by=StaffFactory(), now=NOW)
    assert "takes no more feedback" in words(client.get(address))
    client.post(address, {"organization": partner.pk, "verdict": "good", "text": ""})
    row.refresh_from_db()
    assert row.verdict == "concern"


def test_nobody_speaks_for_another_organization_or_for_none(client):
    phase, other = PhaseFactory(kind="design"), OrganizationFactory()
    address = reverse("my_research:feedback", args=[phase.project.slug, "design"])
    client.force_login(member(OrganizationFactory()))
    client.post(address, {"organization": other.pk, "verdict": "good", "text": ""})
    client.force_login(UserFactory())
    assert "Feedback is for partners" in words(client.get(address))
    client.post(address, {"organization": other.pk, "verdict": "good", "text": ""})
    assert not PhaseFeedback.objects.exists()


def test_a_phase_of_a_hidden_project_is_not_there(client):
    phase = PhaseFactory(kind="design", project__is_public=False, project__status="planned", state="ahead")
    client.force_login(member(OrganizationFactory()))
    assert client.get(reverse("my_research:feedback", args=[phase.project.slug, "design"])).status_code == 404
    assert (
        client.get(reverse("my_research:feedback", args=[ProjectFactory().slug, "design"])).status_code == 404
    )


def test_a_projects_text_quotes_findings_as_they_are_now(client):
    FindingFactory(slug="wait", claim="People wait for a bed", value="41 days")
    project = ProjectFactory(body="<p>Why we ask: [finding:wait]</p>")
    page = words(client.get(project.get_absolute_url()))
    assert "41 days" in page
    assert "[finding:" not in page

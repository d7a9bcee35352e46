"""Projects, phases, participants and indicator R1 at the staff desk."""

import re
from datetime import date
from uuid import uuid4

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from portal.demo.research_projects import first_session_day, write_research_projects
from research.indicators.participants import research_participants
from research.models import (
    ParticipantContact,
    ParticipantDemographics,
    Participation,
    PhaseFeedback,
    RecruitmentTarget,
    ResearchProject,
)
from research.services.project_feedback import give_feedback
from research.services.project_gate import note_input, waive_group
from tests.factories.partners import (
    AreaFactory,
    CoalitionFactory,
    CountyFactory,
    OrganizationFactory,
    StaffFactory,
    SubSectorFactory,
    member,
)
from tests.factories.research_project import (
    DAY,
    NOW,
    ParticipantFactory,
    ParticipationFactory,
    PhaseFactory,
    ProjectFactory,
    hear_all,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _one_factor(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    CoalitionFactory()


@pytest.fixture
def desk(client):
    client.force_login(StaffFactory())
    return client


def with_rights(client, *rights):
    user = StaffFactory(is_superuser=False)
    user.user_permissions.set(Permission.objects.filter(codename__in=rights))
    client.force_login(user)
    return client


def page(name, *args):
    return reverse(f"admin:research_{name}", args=args)


def words(response):
    assert response.status_code == 200, response
    return " ".join(response.content.decode().split())


def test_the_gate_at_the_desk(desk):
    project = ProjectFactory(status="planned")
    phase = PhaseFactory(project=project, kind="design", order=1, state="ahead")
    desk.post(page("researchproject_start", project.pk))
    assert "not heard yet" in words(desk.get(page("phase_change", phase.pk)))
    hear_all(phase, but={"asian", "mena"})
    answer = desk.post(page("phase_close", phase.pk), follow=True)
    assert "Asian leaders" in words(answer)
    heard = {
        "group": "asian",
        "organization": "",
        "source": "A call",
        "given_on": "2026-03-02",
        "said": "Yes.",
    }
    desk.post(page("phase_hear", phase.pk), {**heard, "source": ""})
    desk.post(page("phase_hear", phase.pk), heard)
    assert phase.inputs.filter(group="asian").count() == 1
    desk.post(page("phase_waive", phase.pk), {"group": "mena", "reason": "No answer in eight weeks."})
    assert "No answer in eight weeks." in words(desk.get(page("phase_change", phase.pk)))
    desk.post(page("phase_close", phase.pk))
    project.refresh_from_db()
    assert project.status == "released"
    # What a gate was closed with stays as it is.
    row = phase.inputs.first()
    assert desk.post(page("phaseinput_delete", row.pk), {"post": "yes"}).status_code == 403
    for name in ("board", "recruiting", "change"):
        words(desk.get(page(f"researchproject_{name}", project.pk)))


def test_who_was_heard_and_who_let_a_group_pass_need_rights_of_their_own(client):
    phase = PhaseFactory(kind="design")
    partner = OrganizationFactory(name="Sample Partner of the Lake")
    staff = StaffFactory()
    note_input(
        phase=phase, group="asian", organization=partner, said="Ask in person.", given_on=DAY, by=staff
    )
    waive_group(phase=phase, group="mena", reason="No answer in eight weeks.", by=staff, now=NOW)
    seen = {
        "view_phaseinput": ["Ask in person.", partner.name],
        "view_gatewaiver": ["No answer in eight weeks.", staff.get_full_name()],
    }
    for rights in ([], ["view_phaseinput"], ["view_gatewaiver"]):
        shown = words(with_rights(client, "view_phase", *rights).get(page("phase_change", phase.pk)))
        assert "heard" in shown
        assert "let pass" in shown
        for right, sentences in seen.items():
            for sentence in sentences:
                assert (sentence in shown) == (right in rights), (rights, sentence)


def test_targets_are_one_choice_and_the_same_group_twice_is_refused(desk):
    area = AreaFactory()
    data = {
        "title": "Cost", "slug": "cost", "question": "What?", "summary": "", "body": "", "taking_part": "",
        "session_day": "", "session_date": "",
        "phases-TOTAL_FORMS": 0, "phases-INITIAL_FORMS": 0,
        "milestones-TOTAL_FORMS": 0, "milestones-INITIAL_FORMS": 0,
        "targets-TOTAL_FORMS": 2, "targets-INITIAL_FORMS": 0,
        "targets-0-who": f"area:{area.pk}", "targets-0-number": 12,
        "targets-1-who": "role:client", "targets-1-number": 5,
    }  # fmt: skip
    twice = desk.post(page("researchproject_add"), {**data, "targets-1-who": f"area:{area.pk}"})
    assert twice.status_code == 200
    assert not ResearchProject.objects.exists()
    desk.post(page("researchproject_add"), data)
    assert {(row.dimension, row.group, row.number) for row in RecruitmentTarget.objects.all()} == {
        ("area", area.name, 12),
        ("role", "person who uses services", 5),
    }


def test_feedback_is_answered_at_the_desk(desk):
    partner = OrganizationFactory()
    row = give_feedback(
        phase=PhaseFactory(),
        organization=partner,
        by=member(partner),
        verdict="change",
        text="Shorter.",
        now=NOW,
    )
    desk.post(page("phasefeedback_consider", row.pk), {"outcome": "It has eleven questions now."})
    row.refresh_from_db()
    assert (row.state, row.outcome) == (PhaseFeedback.State.CONSIDERED, "It has eleven questions now.")


# --- Participants -----------------------------------------------------------------------------------------------


def entry(phase, **facts):
    """What one form says about one person."""
    said = {"phase": phase.pk, "method": "survey", "on": "2026-03-02", "role": "worker", "code": ""}
    return {**said, "entry": str(uuid4()), **facts}


def test_a_double_click_enters_one_person(desk):
    form = words(desk.get(page("participation_enter")))
    number = re.search(r'name="entry" value="([-0-9a-f]{36})"', form)[1]
    facts = entry(PhaseFactory(), races=["asian"], entry=number)
    desk.post(page("participation_enter"), facts)
    again = desk.post(page("participation_enter"), facts, follow=True)
    assert "This is entered already." in words(again)
    assert Participation.objects.count() == ParticipantDemographics.objects.count() == 1
    assert f'value="{number}"' not in words(again), "the next person gets a form of their own"


def test_a_participant_is_entered_and_their_answers_are_written_nowhere_else(desk):
    phase = PhaseFactory()
    facts = entry(phase, name="Ana Sample", email="ana@people.example", races=["asian"], age="25_44")
    answer = desk.post(page("participation_enter"), facts, follow=True)
    assert "P-001 is entered" in words(answer)
    assert Participation.objects.get().participant.contact.name == "Ana Sample"
    assert ParticipantDemographics.objects.get().races == ["asian"]
    assert not LogEntry.objects.exists()
    both = desk.post(page("participation_enter"), entry(phase, races=["asian"], declined="on"))
    assert "not both" in words(both)
    # The page of a number shows neither.
    shown = words(desk.get(page("participant_change", Participation.objects.get().participant.pk)))
    assert "Ana" not in shown.split("<form", 1)[1]


def test_names_need_a_right_of_their_own(client):
    desk = with_rights(client, "view_participation", "add_participation", "view_participant")
    phase = PhaseFactory()
    desk.post(page("participation_enter"), entry(phase, name="Ana Sample", email="ana@people.example"))
    assert Participation.objects.count() == 1
    assert not ParticipantContact.objects.exists()
    assert desk.get(page("participantcontact_changelist")).status_code == 403
    assert 'name="email"' not in words(desk.get(page("participation_enter")))


def test_a_contact_is_corrected_and_forgotten_at_the_desk(desk):
    phase = PhaseFactory()
    for number in (1, 2):
        desk.post(page("participation_enter"), entry(phase, email=f"p{number}@people.example"))
    one, two = ParticipantContact.objects.order_by("participant__code")
    facts = {"name": "", "email": "P1@people.example"}
    assert "has this address" in words(desk.post(page("participantcontact_change", two.pk), facts))
    assert "Enter a name or an address" in words(
        desk.post(page("participantcontact_change", two.pk), {"name": "", "email": ""})
    )
    desk.post(page("participantcontact_delete", one.pk), {"post": "yes"})
    assert set(ParticipantContact.objects.all()) == {two}
    assert Participation.objects.count() == 2


def test_the_desks_log_keeps_nobody_who_was_forgotten(desk):
    phase = PhaseFactory()
    for number in (1, 2, 3):
        desk.post(
            page("participation_enter"),
            entry(phase, name=f"Ana Sample {number}", email=f"p{number}@people.example"),
        )
    one, *others = ParticipantContact.objects.order_by("participant__code")
    facts = {"name": "Ana Sample 1", "email": "p1@people.example", "may_contact": "on"}
    desk.post(page("participantcontact_change", one.pk), facts)
    desk.post(page("participantcontact_delete", one.pk), {"post": "yes"})
    several = {"action": "delete_selected", "_selected_action": [row.pk for row in others], "post": "yes"}
    desk.post(page("participantcontact_changelist"), several)
    assert not ParticipantContact.objects.exists()
    kept = list(LogEntry.objects.order_by("pk").values_list("object_repr", "change_message"))
    assert [said for said, _changed in kept] == ["P-001", "P-001", "P-002", "P-003"]
    assert not [line for line in kept if "Sample" in str(line) or "people.example" in str(line)]


def test_entering_needs_the_right(client):
    desk = with_rights(client, "view_participation")
    words(desk.get(page("participation_changelist")))
    for name in ("enter", "from_file", "example_file"):
        assert desk.get(page(f"participation_{name}")).status_code == 403


def test_a_file_is_shown_before_it_is_entered_and_kept_nowhere(desk):
    phase = PhaseFactory(kind="collection")
    text = "number,phase,method,day,role\nA1,collection,survey,2026-03-02,worker\nA2,collection,walk,2026-03-02,worker\n"
    file = SimpleUploadedFile("people.csv", text.encode())
    shown = words(desk.post(page("participation_from_file"), {"project": phase.project_id, "file": file}))
    assert "1 line can be entered." in shown
    assert "“walk” is no method" in shown
    assert not Participation.objects.exists()
    desk.post(page("participation_from_file"), {"project": phase.project_id, "text": text, "enter": "1"})
    assert Participation.objects.get().participant.code == "A1"
    nothing = words(desk.post(page("participation_from_file"), {"project": phase.project_id}))
    assert "Choose the file." in nothing
    example = b"".join(desk.get(page("participation_example_file")).streaming_content).decode()
    assert example.splitlines()[0].startswith("\ufeffnumber,phase")


@pytest.mark.parametrize("count", [1, 20])
def test_the_list_costs_the_same_with_one_and_with_twenty(desk, count, django_assert_num_queries):
    phase, county = PhaseFactory(), CountyFactory()
    for _number in range(count):
        ParticipationFactory(
            phase=phase, participant=ParticipantFactory(project=phase.project, county=county)
        )
    with django_assert_num_queries(12):
        words(desk.get(page("participation_changelist")))


# --- R1 ---------------------------------------------------------------------------------------------------------


def test_r1_at_the_desk_on_paper_and_as_files(desk):
    phase = PhaseFactory(project__title="=cmd|' /C calc'!A0")
    for number in range(14):
        ParticipationFactory(
            phase=phase,
            participant=ParticipantFactory(project=phase.project, role="client" if number < 3 else "worker"),
            participated_on=DAY,
        )
    shown = words(desk.get(page("participation_numbers") + "?year=2026"))
    assert "each once per project" in shown
    assert '<td class="num">3</td>' in shown
    public = "?year=2026&for=publication"
    published = words(desk.get(page("participation_numbers") + public))
    assert "This view can be given away" in published
    assert '<td class="num">3</td>' not in published
    assert '<td class="num">11</td>' not in published
    assert "As of" in words(desk.get(page("participation_numbers_print") + public))
    lines = b"".join(desk.get(page("participation_numbers_file", "csv") + public).streaming_content).decode()
    assert "'=cmd" in lines
    assert "withheld" in lines
    assert desk.get(page("participation_numbers_file", "xlsx") + public).status_code == 200
    assert desk.get(page("participation_numbers_file", "pdf")).status_code == 404
    # This year still runs: there is nothing to publish yet.
    this_year = timezone.localdate().year + (timezone.localdate().month >= 7)
    assert desk.get(page("participation_numbers") + f"?year={this_year}&for=publication").status_code == 404


# --- The demonstration ------------------------------------------------------------------------------------------


def test_the_demonstrations_projects(desk):
    AreaFactory.create_batch(3)
    for _number in range(6):
        SubSectorFactory()
        OrganizationFactory()
    staff = StaffFactory()
    write_research_projects(staff=staff, seed=1, now=timezone.now())
    running, released = ResearchProject.objects.order_by("status").reverse()
    assert (running.status, released.status) == ("running", "released")
    assert Participation.objects.count() >= 124
    for project in (running, released):
        told = project.participants.filter(has_told=True).count()
        assert project.demographics.count() == told
        words(desk.get(page("researchproject_board", project.pk)))
        words(desk.get(project.get_absolute_url()))
    found = words(desk.get(page("researchproject_recruiting", running.pk)))
    assert "missing" in found
    assert (
        sum(research_participants(year, timezone.now()).people for year in _years())
        >= running.participants.count()
    )


def _years():
    from partners.fiscal_year import FiscalYear

    return FiscalYear.recent(4)


def test_the_session_begins_on_the_second_wednesday_of_january():
    assert first_session_day(date(2026, 11, 23)) == date(2027, 1, 13)
    assert first_session_day(date(2025, 1, 8)) == date(2026, 1, 14)

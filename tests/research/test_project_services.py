"""A project's phases: what a gate asks for, how a project goes on, partners' feedback, and what the database holds."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from partners.errors import NotAllowed
from partners.models import Organization, ProfileAnswer
from partners.underrepresented import Reason, organizations
from research.models import (
    GateWaiver,
    ParticipantContact,
    ParticipantDemographics,
    PhaseFeedback,
    PhaseInput,
    RecruitmentTarget,
    ResearchProject,
    UnderrepresentedGroup,
)
from research.services import project as services
from research.services.project_feedback import consider_feedback, give_feedback
from research.services.project_gate import checklist, note_input, take_back_waiver, waive_group
from tests.factories.partners import OrganizationFactory, StaffFactory, member
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


@pytest.fixture
def staff():
    return StaffFactory()


def phases_of(project, *states):
    kinds = ["design", "collection", "release"]
    return [
        PhaseFactory(project=project, kind=kind, order=place, state=state)
        for place, (kind, state) in enumerate(zip(kinds, states, strict=False), start=1)
    ]


def states(project):
    return [phase.state for phase in project.phases.order_by("order")]


# --- The gate ---------------------------------------------------------------------------------------------------


def test_a_phase_closes_only_when_every_group_was_heard_or_waived(staff):
    project = ProjectFactory()
    design, _collection = phases_of(project, "open", "ahead")
    hear_all(design, but={"mena", "disability"})
    with pytest.raises(NotAllowed) as refused:
        services.close_phase(phase=design, by=staff, now=NOW)
    assert "Middle Eastern or North African leaders" in str(refused.value)
    assert "leaders with a disability" in str(refused.value)
    assert "Asian" not in str(refused.value)
    note_input(
        phase=design, group="disability", said="In writing, please.", given_on=DAY, by=staff, source="A call"
    )
    waive_group(phase=design, group="mena", reason="Nobody answered in eight weeks.", by=staff, now=NOW)
    services.close_phase(phase=design, by=staff, now=NOW)
    design.refresh_from_db()
    assert (design.state, design.closed_by, design.closed_at) == ("closed", staff, NOW)
    # The next one opens by itself.
    assert states(project) == ["closed", "open"]


def test_groups_are_the_reasons_of_the_coalitions_definition():
    """Every leader who makes an organization underrepresented belongs to a group that must be heard."""
    groups = set(UnderrepresentedGroup.values)
    for marker, reason, choices in (
        ("leader_race", Reason.RACE, ProfileAnswer.Race.values),
        ("leader_ability", Reason.ABILITY, ProfileAnswer.Ability.values),
    ):
        for value in choices:
            row = OrganizationFactory()
            ProfileAnswer.objects.create(organization=row, marker=marker, values=[value], answered_at=NOW)
            counts = row in organizations([reason], NOW)
            assert counts == (value in groups), value
    assert groups >= {"small_budget", "sub_sector"}
    # And no reason is without a group.
    assert len(Reason) == 4


def test_a_waiver_needs_a_reason_and_a_group_that_was_not_heard(staff):
    phase = PhaseFactory()
    hear_all(phase, but={"asian"})
    with pytest.raises(NotAllowed, match="why"):
        waive_group(phase=phase, group="asian", reason="  ", by=staff, now=NOW)
    with pytest.raises(NotAllowed, match="was heard"):
        waive_group(phase=phase, group="black", reason="Busy.", by=staff, now=NOW)
    waiver = waive_group(phase=phase, group="asian", reason="Two invitations, no answer.", by=staff, now=NOW)
    with pytest.raises(NotAllowed, match="waived before"):
        waive_group(phase=phase, group="asian", reason="Again.", by=staff, now=NOW)
    line = next(line for line in checklist(phase) if line.group == "asian")
    assert line.is_met
    assert line.waiver.waived_by == staff
    take_back_waiver(waiver=waiver, by=staff)
    with pytest.raises(NotAllowed, match="Asian leaders"):
        services.close_phase(phase=phase, by=staff, now=NOW)
    # The history keeps who let it pass.
    assert GateWaiver.history.filter(group="asian", history_type="+", waived_by=staff).exists()


def test_nothing_is_added_to_a_closed_gate(staff):
    phase = PhaseFactory(state="closed")
    with pytest.raises(NotAllowed):
        note_input(phase=phase, group="asian", said="Late.", given_on=DAY, by=staff, source="A call")
    with pytest.raises(NotAllowed):
        waive_group(phase=phase, group="asian", reason="Late.", by=staff, now=NOW)


# --- The way of a project ---------------------------------------------------------------------------------------


def test_from_the_plan_to_the_release(staff):
    project = ProjectFactory(status="planned")
    with pytest.raises(NotAllowed, match="phases"):
        services.start_project(project=project, by=staff)
    phases = phases_of(project, "ahead", "ahead", "ahead")
    services.start_project(project=project, by=staff)
    assert states(project) == ["open", "ahead", "ahead"]
    with pytest.raises(NotAllowed, match="before this one"):
        services.open_phase(phase=phases[2], by=staff)
    services.open_phase(phase=phases[1], by=staff)
    for phase in phases:
        hear_all(phase)
    with pytest.raises(NotAllowed, match="before this one"):
        services.close_phase(phase=phases[1], by=staff, now=NOW)
    for phase in phases:
        services.close_phase(phase=phase, by=staff, now=NOW)
    project.refresh_from_db()
    assert (states(project), project.status) == (["closed", "closed", "closed"], "released")
    services.reopen_phase(phase=phases[2], by=staff)
    project.refresh_from_db()
    assert (states(project), project.status) == (["closed", "closed", "open"], "running")
    # And who did it can be read later.
    assert project.history.first().history_user == staff


def test_a_project_stops_with_a_reason_and_runs_again(staff):
    project = ProjectFactory()
    phase = phases_of(project, "open")[0]
    with pytest.raises(NotAllowed, match="why"):
        services.stop_project(project=project, reason=" ", by=staff)
    services.stop_project(project=project, reason="The grant ended.", by=staff)
    with pytest.raises(NotAllowed, match="does not run"):
        services.close_phase(phase=phase, by=staff, now=NOW)
    services.start_project(project=project, by=staff)
    project.refresh_from_db()
    assert (project.status, project.status_note, states(project)) == ("running", "", ["open"])


# --- Feedback ---------------------------------------------------------------------------------------------------


def test_feedback_is_replaced_while_the_phase_is_open_and_answered_once(staff):
    partner = OrganizationFactory()
    user, phase = member(partner), PhaseFactory()
    facts = {"phase": phase, "organization": partner, "by": user, "now": NOW}
    first = give_feedback(**facts, verdict="concern", text="Who sees our books?")
    consider_feedback(feedback=first, outcome="Only two of us, and they are deleted.", by=staff, now=NOW)
    with pytest.raises(NotAllowed, match="before"):
        consider_feedback(feedback=first, outcome="Twice.", by=staff, now=NOW)
    second = give_feedback(**facts, verdict="good", text="")
    assert (second.pk, second.state, second.outcome) == (first.pk, "new", "")
    hear_all(phase)
    services.close_phase(phase=phase, by=staff, now=NOW)
    with pytest.raises(NotAllowed, match="no more"):
        give_feedback(**facts, verdict="change", text="Too late.")


def test_feedback_is_read_by_ones_own_organization_and_staff_with_the_right(staff):
    partner = OrganizationFactory()
    row = give_feedback(
        phase=PhaseFactory(), organization=partner, by=member(partner), verdict="good", text="", now=NOW
    )
    assert list(PhaseFeedback.objects.visible_to(member(partner))) == [row]
    assert not PhaseFeedback.objects.visible_to(member(OrganizationFactory()))
    assert not PhaseFeedback.objects.visible_to(StaffFactory(is_superuser=False))
    assert list(PhaseFeedback.objects.visible_to(staff)) == [row]


def test_only_members_speak_for_an_organization(staff):
    facts = {"phase": PhaseFactory(), "verdict": "good", "text": "", "now": NOW}
    with pytest.raises(NotAllowed, match="do not belong"):
        give_feedback(**facts, organization=OrganizationFactory(), by=member(OrganizationFactory()))


# --- What the database holds ------------------------------------------------------------------------------------

BROKEN = {
    "project_stopped_says_why": lambda: ProjectFactory(status="stopped"),
    "project_session_date_has_name": lambda: ProjectFactory(session_date=DAY),
    "phase_once_per_project": lambda: [
        PhaseFactory(project=project, kind="design") for project in [ProjectFactory()] * 2
    ],
    "phase_ends_after_start": lambda: PhaseFactory(starts_on=DAY, ends_on=DAY.replace(day=1)),
    "phase_closed_has_time": lambda: PhaseFactory(state="closed", closed_at=None),
    "input_says_who": lambda: PhaseInput.objects.create(
        phase=PhaseFactory(), group="asian", given_on=DAY, said="Yes."
    ),
    "waiver_once_per_group": lambda: [waiver(phase, "No answer.") for phase in [PhaseFactory()] * 2],
    "waiver_says_why": lambda: waiver(PhaseFactory(), ""),
    "feedback_once_per_person": lambda: [
        feedback(phase, user) for phase, user in [(PhaseFactory(), StaffFactory())] * 2
    ],
    "feedback_says_what": lambda: feedback(PhaseFactory(), StaffFactory(), verdict="concern"),
    "feedback_considered_has_time": lambda: feedback(PhaseFactory(), StaffFactory(), state="considered"),
    "participant_code_once": lambda: [
        ParticipantFactory(project=project, code=code)
        for project, code in zip([ProjectFactory()] * 2, ["p-1", "P-1"], strict=True)
    ],
    "participant_has_code": lambda: ParticipantFactory(code=""),
    "participation_once": lambda: [
        ParticipationFactory(phase=phase, participant=person)
        for phase, person in [(PhaseFactory(), ParticipantFactory())] * 2
    ],
    "contact_says_who": lambda: contact(ProjectFactory()),
    "contact_email_once": lambda: [
        contact(project, email=email)
        for project, email in zip([ProjectFactory()] * 2, ["a@x.example", "A@x.example"], strict=True)
    ],
    "participant_told_or_declined": lambda: ParticipantDemographics.objects.create(project=ProjectFactory()),
    "target_is_not_nothing": lambda: target(value="worker", number=0),
    "target_names_its_group": lambda: target(value=""),
    "target_once_per_group": lambda: [
        target(project=project, value="worker") for project in [ProjectFactory()] * 2
    ],
}


def waiver(phase, reason):
    return GateWaiver.objects.create(
        phase=phase, group="asian", reason=reason, waived_at=NOW, waived_by=StaffFactory()
    )


def feedback(phase, user, **fields):
    facts = {"organization": OrganizationFactory(), "verdict": "good", "given_at": NOW, **fields}
    return PhaseFeedback.objects.create(phase=phase, given_by=user, **facts)


def contact(project, **fields):
    person = ParticipantFactory(project=project)
    return ParticipantContact.objects.create(participant=person, project=project, **fields)


def target(project=None, **fields):
    facts = {"dimension": "role", "number": 5, **fields}
    return RecruitmentTarget.objects.create(project=project or ProjectFactory(), **facts)


@pytest.mark.parametrize("name", BROKEN)
def test_the_database_refuses(name):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        BROKEN[name]()


def test_two_phases_may_swap_places_but_not_share_one():
    project = ProjectFactory()
    one, two, _three = phases_of(project, "open", "ahead", "ahead")
    with transaction.atomic():
        one.order, two.order = two.order, one.order
        one.save()
        two.save()
    two.order = one.order
    with pytest.raises(ValidationError, match="place"):
        two.full_clean()


def test_a_partner_that_leaves_keeps_what_was_counted():
    partner = OrganizationFactory()
    person = ParticipantFactory(organization=partner)
    Organization.objects.filter(pk=partner.pk).delete()
    person.refresh_from_db()
    assert person.organization is None


def test_who_sees_which_project():
    public = ProjectFactory(status="planned")
    inner = ProjectFactory(is_public=False)
    hidden = ProjectFactory(is_public=False, status="planned")
    outsider, staff = StaffFactory(is_staff=False, is_superuser=False), StaffFactory()
    visible = ResearchProject.objects.visible_to
    assert set(visible(outsider)) == {public}
    assert set(visible(member(OrganizationFactory()))) == {public, inner}
    assert set(visible(member(OrganizationFactory(status="left")))) == {public}
    assert set(visible(staff)) == {public, inner, hidden}

"""Research projects: one that runs, one that is released, with who was heard, who took part and what partners said."""

import uuid
from datetime import date, datetime, timedelta
from random import Random

from django.utils import timezone
from simple_history.utils import bulk_create_with_history

from partners.fiscal_year import CHICAGO
from partners.models import Area, County, Membership, Organization, ProfileAnswer, SubSector, User
from portal.demo.research_projects_texts import ANSWER, EVERYBODY, FEEDBACK, PROJECTS, PhaseText, ProjectText
from research.models import (
    GateWaiver,
    Milestone,
    Participant,
    ParticipantContact,
    ParticipantDemographics,
    Participation,
    Phase,
    PhaseFeedback,
    PhaseInput,
    ProjectChange,
    RecruitmentTarget,
    Report,
    ResearchProject,
    ResearchTopic,
)

SESSION_DAY = "the first day of the spring session"
# Of a hundred who took part so many told about themselves.
_TOLD_IN_100 = 78
_WEEK = timedelta(days=7)


def write_research_projects(*, staff: User, seed: int, now: datetime) -> None:
    """All of it, around the partners that stand already."""
    rng = Random(f"{seed}:research projects")
    today = timezone.localdate(now, CHICAGO)
    for text in PROJECTS:
        session = first_session_day(today if text.status == "running" else today - timedelta(days=330))
        project = _write_project(text, session, staff, now)
        phases = [
            _write_phase(project, row, place, staff, now) for place, row in enumerate(text.phases, start=1)
        ]
        _write_people(rng, project, text, [phase for phase in phases if phase.state != "ahead"], today)
        _write_targets(rng, project, text)
        for phase in phases:
            if phase.state == "open":
                _write_feedback(phase, staff, now)
    released = Report.objects.filter(state="published", project=None).order_by("published_at").first()
    if released is not None:
        Report.objects.filter(pk=released.pk).update(
            project=ResearchProject.objects.get(slug=PROJECTS[1].slug)
        )


def first_session_day(after: date) -> date:
    """The next second Wednesday of January, on which the constitution has the General Assembly meet."""
    for year in (after.year, after.year + 1):
        first = date(year, 1, 1)
        day = first + timedelta(days=(2 - first.weekday()) % 7) + _WEEK
        if day > after:
            break
    return day


def _write_project(text: ProjectText, session: date, staff: User, now: datetime) -> ResearchProject:
    project = ResearchProject.objects.create(
        title=text.title,
        slug=text.slug,
        question=text.question,
        summary=text.summary,
        body=text.body,
        taking_part=text.taking_part,
        lead=staff,
        is_public=True,
        session_day=SESSION_DAY,
        session_date=session,
        status=text.status,
    )
    project.topics.set(ResearchTopic.objects.filter(slug__in=text.topics))
    Milestone.objects.bulk_create(
        Milestone(
            project=project,
            name=name,
            due_on=session - timedelta(days=before),
            done_on=session - timedelta(days=before + 2) if is_done else None,
        )
        for name, before, is_done in text.milestones
    )
    return project


def _write_phase(project: ResearchProject, text: PhaseText, place: int, staff: User, now: datetime) -> Phase:
    today = timezone.localdate(now, CHICAGO)
    is_closed = text.state == "closed"
    phase = Phase.objects.create(
        project=project,
        kind=text.kind,
        order=place,
        starts_on=today + timedelta(days=text.starts),
        ends_on=today + timedelta(days=text.ends),
        what=text.what,
        feedback_question=text.question,
        state=text.state,
        closed_at=now + timedelta(days=text.ends) if is_closed else None,
        closed_by=staff if is_closed else None,
    )
    if text.state != "ahead":
        _write_gate(phase, text, staff, now)
    return phase


def _write_gate(phase: Phase, text: PhaseText, staff: User, now: datetime) -> None:
    """Who was heard in a phase, who was let pass, and what was changed."""
    today, last = timezone.localdate(now, CHICAGO), min(text.ends, -1)
    inputs = [
        PhaseInput(
            phase=phase,
            group=group,
            source=source,
            given_on=today + timedelta(days=text.starts + (last - text.starts) * (number + 1) // 8),
            said=said,
            noted_by=staff,
        )
        for number, (group, source, said) in enumerate(EVERYBODY)
        if group in text.heard
    ]
    bulk_create_with_history(inputs, PhaseInput, default_user=staff)
    if text.waived:
        group, reason = text.waived
        GateWaiver.objects.create(
            phase=phase, group=group, reason=reason, waived_at=now + timedelta(days=last - 1), waived_by=staff
        )
    for said, changed, ago in text.changes:
        ProjectChange.objects.create(
            phase=phase, said=said, changed=changed, changed_on=today - timedelta(days=ago)
        )


# --- Who took part ----------------------------------------------------------------------------------------------


def _write_people(
    rng: Random, project: ResearchProject, text: ProjectText, phases: list[Phase], today: date
) -> None:
    counties = list(County.objects.order_by("pk"))
    fields = list(SubSector.objects.all())
    partners = list(Organization.objects.active().order_by("pk").select_related("county"))
    people = [
        _person(rng, project, number, counties, fields, partners)
        for number in range(1, text.participants + 1)
    ]
    told = [person for person in people if person.has_told]
    # In another order than the people, as the box always is.
    box = [_answers(rng, project) for _person in told]
    rng.shuffle(box)
    Participant.objects.bulk_create(people)
    ParticipantDemographics.objects.bulk_create(box)
    Participation.objects.bulk_create(_took_part(rng, people, text, phases, today), ignore_conflicts=True)
    ParticipantContact.objects.bulk_create(
        ParticipantContact(
            participant=person,
            project=project,
            name=f"Sample Participant {person.code}",
            email=f"{person.code.lower()}@{project.slug[:20]}.example",
            may_contact=rng.random() < 0.6,
        )
        for person in people[::4]
    )


def _person(
    rng: Random,
    project: ResearchProject,
    number: int,
    counties: list[County],
    fields: list[SubSector],
    partners: list[Organization],
) -> Participant:
    partner = rng.choice(partners) if partners and rng.random() < 0.8 else None
    role = rng.choices(Participant.Role.values, [46, 18, 14, 12, 6, 4])[0]
    return Participant(
        id=uuid.UUID(int=rng.getrandbits(128), version=4),
        project=project,
        code=f"P-{number:03d}",
        role=role,
        county=partner.county if partner else rng.choice(counties) if rng.random() < 0.7 else None,
        sub_sector=rng.choice(fields[:6]) if fields and rng.random() < 0.9 else None,
        organization=partner,
        has_told=rng.randrange(100) < _TOLD_IN_100,
    )


def _answers(rng: Random, project: ResearchProject) -> ParticipantDemographics:
    key = uuid.UUID(int=rng.getrandbits(128), version=4)
    if rng.random() < 0.08:
        return ParticipantDemographics(id=key, project=project, declined=True)
    races = rng.choices(ProfileAnswer.Race.values, [1, 8, 26, 22, 4, 1, 38])
    return ParticipantDemographics(
        id=key,
        project=project,
        races=races,
        ability=rng.choices(ProfileAnswer.Ability.values, [18, 82])[0],
        age=rng.choices(ParticipantDemographics.Age.values, [10, 45, 35, 10])[0],
    )


def _took_part(
    rng: Random, people: list[Participant], text: ProjectText, phases: list[Phase], today: date
) -> list[Participation]:
    """Everybody in the collection, some in the design or the review."""
    by_kind = {phase.kind: phase for phase in phases}
    others = [phase for kind, phase in by_kind.items() if kind in {"design", "review"}]
    rows = []
    for person in people:
        rows.append(_row(rng, person, by_kind["collection"], rng.choice(text.methods), today))
        if others and rng.random() < 0.2:
            rows.append(_row(rng, person, rng.choice(others), "advisory", today))
    return rows


def _row(rng: Random, person: Participant, phase: Phase, method: str, today: date) -> Participation:
    first, last = phase.starts_on or today, min(phase.ends_on or today, today)
    day = first + timedelta(days=rng.randrange(max(1, (last - first).days)))
    return Participation(participant=person, phase=phase, method=method, participated_on=day)


def _write_targets(rng: Random, project: ResearchProject, text: ProjectText) -> None:
    areas, fields = list(Area.objects.all()), list(SubSector.objects.all()[:6])
    rng.shuffle(areas)
    rows = []
    for dimension, key, number in text.targets:
        row = RecruitmentTarget(project=project, dimension=dimension, number=number)
        if dimension == "area":
            row.area = areas.pop()
        elif dimension == "sub_sector":
            row.sub_sector = fields.pop()
        else:
            row.value = key
        rows.append(row)
    RecruitmentTarget.objects.bulk_create(rows)


def _write_feedback(phase: Phase, staff: User, now: datetime) -> None:
    """The first one is considered already; one of them is our contact's."""
    members = (
        Membership.objects.current()
        .filter(person__user__isnull=False, organization__status="active")
        .select_related("person", "organization")
        .order_by("pk")
    )
    rows: list[PhaseFeedback] = []
    seen: set[int] = set()
    for member, (verdict, words) in zip(members, FEEDBACK, strict=False):
        user = member.person.user_id
        if user is None or user in seen:
            continue
        seen.add(user)
        is_first = not rows
        rows.append(
            PhaseFeedback(
                phase=phase,
                organization=member.organization,
                given_by_id=user,
                given_at=now - timedelta(days=20 - 2 * len(rows)),
                verdict=verdict,
                text=words,
                state="considered" if is_first else "new",
                considered_at=now - timedelta(days=6) if is_first else None,
                considered_by=staff if is_first else None,
                outcome=ANSWER if is_first else "",
            )
        )
    bulk_create_with_history(rows, PhaseFeedback, default_user=staff)

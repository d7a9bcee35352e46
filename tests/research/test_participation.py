"""Who took part: entered once, names apart, what people tell in a box that nothing joins to them; files; targets."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from partners.errors import NotAllowed
from partners.models import Organization, ProfileAnswer
from research.models import (
    Participant,
    ParticipantContact,
    ParticipantDemographics,
    Participation,
    RecruitmentTarget,
)
from research.recruitment import recruitment
from research.services.participation import Told, Who, enter_participation, forget_contacts
from research.services.participation_import import import_participations, preview_import
from tests.factories.partners import CountyFactory, OrganizationFactory, SubSectorFactory
from tests.factories.research_project import (
    DAY,
    NOW,
    ParticipantFactory,
    ParticipationFactory,
    PhaseFactory,
    ProjectFactory,
)

pytestmark = pytest.mark.django_db


def enter(phase, who=None, *, method="survey", on=DAY, **facts):
    return enter_participation(
        phase=phase, who=who or Who(role="worker", **facts), method=method, on=on, today=DAY
    )


# --- Entering ---------------------------------------------------------------------------------------------------


def test_a_number_is_given_once_and_the_same_participation_refused():
    phase = PhaseFactory()
    first, second = enter(phase), enter(phase)
    assert [first.participant.code, second.participant.code] == ["P-001", "P-002"]
    with pytest.raises(NotAllowed, match="P-001 took part"):
        enter(phase, code="p-001")
    again = enter(phase, code="p-001", method="interview")
    assert again.participant == first.participant
    assert Participant.objects.count() == 2


def test_what_cannot_be_is_refused():
    phase = PhaseFactory()
    with pytest.raises(NotAllowed, match="still to come"):
        enter(phase, on=DAY + timedelta(days=1))
    with pytest.raises(NotAllowed, match="has not begun"):
        enter(PhaseFactory(state="ahead"))
    with pytest.raises(NotAllowed, match="does not run"):
        enter(PhaseFactory(project__status="released", state="closed"))
    enter(phase, code="A", county=CountyFactory())
    with pytest.raises(NotAllowed, match="another county"):
        enter(phase, code="A", county=CountyFactory(), method="interview")
    # What is not given again does not differ.
    enter(phase, code="A", method="interview")


def test_one_address_is_one_participant_of_a_project_and_can_be_forgotten():
    phase = PhaseFactory()
    row = enter(phase, code="A", name="Ana Sample", email="Ana@People.example")
    with pytest.raises(NotAllowed, match="is that of A"):
        enter(phase, code="B", email="ana@people.example")
    # In another project the same person is somebody else.
    enter(PhaseFactory(), code="B", email="ana@people.example")
    forget_contacts(contacts=[row.participant.contact])
    assert Participation.objects.filter(pk=row.pk).exists()
    assert not ParticipantContact.objects.filter(participant=row.participant).exists()


def test_what_somebody_tells_is_told_once():
    phase = PhaseFactory()
    told = Told(races=["black", "white"], age="25_44")
    enter(phase, code="A", told=told)
    with pytest.raises(NotAllowed, match="entered before"):
        enter(phase, code="A", method="interview", told=told)
    row = ParticipantDemographics.objects.get()
    assert (row.races, row.age, row.declined) == (["black", "white"], "25_44", False)


# --- The promise ------------------------------------------------------------------------------------------------


def test_nothing_in_the_database_joins_an_answer_to_a_participant():
    """Keys, times, foreign keys, histories, transactions and places on the disk, read from the tables themselves."""
    phase = PhaseFactory()
    ages = ["under_25", "25_44", "45_64", "65_over"]
    for number in range(24):
        enter(phase, code=f"N{number}", name=f"Person {number}", told=Told(age=ages[number % 4]))
    model = ParticipantDemographics
    related = {field.name for field in model._meta.get_fields() if field.is_relation}
    assert related == {"project"}
    assert not [field for field in model._meta.fields if field.get_internal_type().startswith("Date")]
    assert not any(name.startswith("historicalparticipant") for name in apps.all_models["research"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT xmin::text, age FROM research_participantdemographics ORDER BY ctid")
        box = cursor.fetchall()
        cursor.execute("SELECT code FROM research_participant ORDER BY ctid")
        assert len(cursor.fetchall()) == 24
    # One transaction wrote them all last, and their places are not those of the people: one in 10^13 by chance.
    assert len({xmin for xmin, _age in box}) == 1
    assert [age for _xmin, age in box] != [ages[number % 4] for number in range(24)]
    keys = [row.pk for row in model.objects.all()]
    assert all(key.version == 4 for key in keys)


# --- Files ------------------------------------------------------------------------------------------------------

FILE = """number;phase;method;day;role;county;race;age
A1;Data collection;survey;2026-03-01;frontline worker;Sample County;Black or African American;25 to 44
;collection;Interview;03/02/2026;executive;;prefer not to say;
A1;collection;survey;2026-03-01;worker;;;
A1;collection;interview;2026-03-02;worker;;White;
A2;harvest;survey;2026-03-01;worker;;;
A3;collection;survey;tomorrow;worker;;;
A4;collection;survey;2026-03-01;worker;Nowhere;;
"""


def read(project, text, step=import_participations, **facts):
    return step(project=project, text=text, today=DAY, **{"with_names": True, **facts})


def test_a_file_is_looked_through_before_it_is_entered():
    CountyFactory(name="Sample")
    project = PhaseFactory(kind="collection").project
    seen = read(project, FILE, preview_import)
    assert not Participant.objects.exists()
    assert not ParticipantDemographics.objects.exists()
    problems = {line.number: line.problem for line in seen.problems}
    assert list(problems) == [4, 5, 6, 7, 8]
    assert "entered already" in problems[4]
    assert "told about themselves" in problems[5]
    assert "“harvest” is no phase" in problems[6]
    assert "“tomorrow” is no day" in problems[7]
    assert "Nowhere" in problems[8]
    done = read(project, FILE)
    assert [line.number for line in done.problems] == list(problems)
    assert done.good == seen.good == 2
    assert set(Participant.objects.values_list("code", "has_told")) == {("A1", True), ("P-001", True)}
    assert ParticipantDemographics.objects.filter(declined=True).count() == 1
    # The same file again enters nobody, not even those without a number.
    again = read(project, FILE)
    assert (again.good, again.is_known) == (0, False)
    assert read(project, "\n".join(FILE.splitlines()[:3])).good == 1, (
        "in another file it may be somebody else"
    )
    whole = "\n".join(FILE.splitlines()[:3])
    assert read(project, whole).is_known
    assert ParticipantDemographics.objects.filter(declined=True).count() == 2


def test_a_file_is_refused_as_a_whole_where_it_makes_no_sense():
    project = PhaseFactory(kind="collection").project
    with pytest.raises(NotAllowed, match="lacks the columns: phase, method, day, role"):
        read(project, "name\nAna\n")
    with pytest.raises(NotAllowed, match="not known: secret"):
        read(project, "phase,method,day,role,secret\n")
    with pytest.raises(NotAllowed, match="lacks"):
        read(project, "")
    # A quotation mark without its end swallows everybody behind it: nobody is left out without a word.
    good = "phase,method,day,role\ncollection,survey,2026-03-01,worker\n"
    with pytest.raises(NotAllowed, match="not a CSV file"):
        read(project, f'{good}collection,"survey' + "\ncollection,survey,2026-03-01,worker" * 5000)
    assert not Participant.objects.exists()
    with pytest.raises(NotAllowed, match="larger"):
        read(project, "phase,method,day,role\n" + "x" * 600_000)


def test_names_in_a_file_need_the_right():
    project = PhaseFactory(kind="collection").project
    text = "phase,method,day,role,name\ncollection,survey,2026-03-01,worker,Ana\n"
    assert "may not enter names" in read(project, text, with_names=False).problems[0].problem
    assert read(project, text).good == 1
    assert ParticipantContact.objects.get().name == "Ana"


def test_a_file_leaves_what_is_known_of_somebody():
    phase = PhaseFactory(kind="collection")
    enter(phase, code="A1", email="ana@people.example", may_contact=True)
    text = "number,phase,method,day,role,name\nA1,collection,interview,2026-03-01,worker,Ana\n"
    assert read(phase.project, text).good == 1
    kept = ParticipantContact.objects.get()
    assert (kept.name, kept.email, kept.may_contact) == ("Ana", "ana@people.example", True)


# --- Targets ----------------------------------------------------------------------------------------------------


def test_targets_against_who_took_part():
    project = ProjectFactory()
    phase, county, field = PhaseFactory(project=project), CountyFactory(), SubSectorFactory()
    small = OrganizationFactory(county=county, budget_band="under_500k", sub_sectors=[field])
    ProfileAnswer.objects.create(
        organization=small, marker="leader_race", values=["black"], answered_at=NOW - timedelta(days=30)
    )
    for number in range(3):
        person = ParticipantFactory(
            project=project, county=county, sub_sector=field, organization=small if number else None
        )
        ParticipationFactory(phase=phase, participant=person)
        ParticipationFactory(phase=phase, participant=person, method="interview")
    # Recruited, but did not take part: not counted.
    ParticipantFactory(project=project, county=county, sub_sector=field)
    for facts in (
        {"dimension": "area", "area": county.area},
        {"dimension": "sub_sector", "sub_sector": field},
        {"dimension": "budget", "value": "under_500k"},
        {"dimension": "leader", "value": "black"},
        {"dimension": "role", "value": "client"},
    ):
        RecruitmentTarget.objects.create(project=project, number=3, **facts)
    could = OrganizationFactory(name="Could Be Asked", budget_band="under_500k")
    OrganizationFactory(budget_band="under_500k", status=Organization.Status.LEFT)
    found = recruitment(project, NOW, with_leaders=True)
    reached = {line.target.dimension: line.reached for line in found.lines}
    assert reached == {"area": 3, "sub_sector": 3, "budget": 2, "leader": 2, "role": 0}
    assert (found.participants, found.coverage) == (3, 66.7)
    line = next(line for line in found.lines if line.target.dimension == "budget")
    assert (line.gap, line.percent) == (1, 66)
    # The partner that takes part is not asked again.
    assert line.could_invite == [could]
    # What leaders told is for those who may read it.
    hidden = recruitment(project, NOW, with_leaders=False)
    assert hidden.hides_leaders
    assert "leader" not in {line.target.dimension for line in hidden.lines}


@pytest.mark.parametrize("count", [1, 20])
def test_recruitment_costs_the_same_however_many_take_part(count):
    project = ProjectFactory()
    for _number in range(count):
        ParticipationFactory(
            phase=PhaseFactory(project=project, kind="design")
            if not project.phases.exists()
            else project.phases.get(),
            participant=ParticipantFactory(project=project, organization=OrganizationFactory()),
        )
    RecruitmentTarget.objects.create(project=project, dimension="leader", value="black", number=30)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        recruitment(project, NOW, with_leaders=True)
    assert len(asked) == 4 + 1

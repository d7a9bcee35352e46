"""Indicator R1: who is counted, what may be published, and that what is left out cannot be worked out."""

from datetime import UTC, date, datetime
from random import Random

import pytest

from partners.fiscal_year import FiscalYear
from research.indicators.participant_answers import told_of_projects
from research.indicators.participant_publication import can_be_published, publishable, published_participants
from research.indicators.participants import Column, Took, broken_down, research_participants
from research.models import Participant
from tests.factories.partners import CountyFactory, SubSectorFactory
from tests.factories.research_project import (
    ParticipantFactory,
    ParticipationFactory,
    PhaseFactory,
    ProjectFactory,
    told,
)
from tests.surveys.attacker import equations, narrowed, pinned

FY26, AFTER = FiscalYear(2026), datetime(2026, 8, 1, tzinfo=UTC)


def numbers(found, label):
    table = next(table for table in found.tables if table.label == label)
    return {str(row.label): row.people for row in table.rows}


# --- Who is counted ---------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_each_participant_once_on_every_line():
    project, other = ProjectFactory(title="A cost study"), ProjectFactory(title="B rates")
    design, collection = (
        PhaseFactory(project=project, kind=kind, order=place)
        for place, kind in enumerate(["design", "collection"])
    )
    cook, field = CountyFactory(name="Cook"), SubSectorFactory(name="Housing")
    twice = ParticipantFactory(project=project, county=cook, sub_sector=field)
    ParticipationFactory(phase=design, participant=twice, participated_on=date(2025, 8, 1))
    ParticipationFactory(phase=collection, participant=twice, participated_on=date(2026, 2, 1))
    once = ParticipantFactory(project=project, role="client")
    ParticipationFactory(phase=collection, participant=once, participated_on=date(2026, 2, 1))
    elsewhere = ParticipantFactory(project=other, county=cook)
    ParticipationFactory(
        phase=PhaseFactory(project=other, kind="design"),
        participant=elsewhere,
        participated_on=date(2026, 6, 30),
    )
    # Another year, and somebody who was only invited.
    ParticipationFactory(phase=design, participant=once, participated_on=date(2025, 6, 30))
    ParticipantFactory(project=project)
    found = research_participants(FY26, AFTER)
    assert [column.label for column in found.columns] == ["A cost study", "B rates"]
    assert found.total == [2, 1, 3]
    assert numbers(found, "Quarter") == {
        "FY26 Q1": [1, 0, 1],
        "FY26 Q2": [0, 0, 0],
        "FY26 Q3": [2, 0, 2],
        "FY26 Q4": [0, 1, 1],
    }
    assert numbers(found, "Phase") == {"Design": [1, 1, 2], "Data collection": [2, 0, 2]}
    assert numbers(found, "County") == {"Cook": [1, 1, 2], "not known": [1, 0, 1]}
    assert numbers(found, "Role") == {"frontline worker": [1, 1, 2], "person who uses services": [1, 0, 1]}
    coverage = {str(table.label): found.coverage(table) for table in found.tables}
    assert (coverage["County"], coverage["Service area"], coverage["Phase"]) == (66.7, 33.3, None)


@pytest.mark.django_db
def test_quarters_to_come_are_left_out_and_the_queries_stay_the_same(django_assert_num_queries):
    for _number in range(20):
        phase = PhaseFactory(project__status="released")
        ParticipationFactory(phase=phase, participated_on=date(2026, 2, 1))
    with django_assert_num_queries(5):
        found = research_participants(FY26, datetime(2026, 2, 10, tzinfo=UTC))
    assert list(numbers(found, "Quarter")) == ["FY26 Q1", "FY26 Q2", "FY26 Q3"]


# --- What they told ---------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_answers_of_few_are_withheld_from_staff_too():
    project = ProjectFactory(status="released")
    Participant.objects.bulk_create(
        Participant(project=project, code=f"P{number}", role="worker", has_told=number < 60)
        for number in range(80)
    )
    told(project, 40, races=["black"], age="25_44")
    told(project, 14, races=["white"], age="45_64")
    told(project, 6, races=["asian"], ability="disability")
    (found,) = told_of_projects({project.pk: project.title})
    assert (found.told, found.participants, found.coverage) == (60, 80, 75.0)
    races, ability, age = found.questions
    shown = {str(answer.label): answer.people for answer in races.answers}
    # Six are few, and fourteen would tell them.
    assert shown["Asian"] is None
    assert shown["White"] is None
    assert shown["Black or African American"] == 40
    assert {answer.people for answer in ability.answers if answer.people} == set()
    assert {str(answer.label): answer.people for answer in age.answers}["25 to 44"] == 40


@pytest.mark.django_db
@pytest.mark.parametrize(("people", "answered"), [(30, 9), (30, 24)])
def test_few_who_told_or_few_who_did_not_withhold_everything(people, answered):
    project = ProjectFactory(status="released")
    Participant.objects.bulk_create(
        Participant(project=project, code=f"P{number}", role="worker", has_told=number < answered)
        for number in range(people)
    )
    told(project, answered, age="25_44")
    (found,) = told_of_projects({project.pk: project.title})
    assert not found.questions
    assert found.coverage is None or found.told == 0


@pytest.mark.django_db
def test_what_people_told_is_shown_once_their_project_is_released():
    phase = PhaseFactory(project__status="running")
    people = [ParticipantFactory(project=phase.project, has_told=True) for _number in range(12)]
    for one in people:
        ParticipationFactory(phase=phase, participant=one, participated_on=date(2026, 2, 1))
    told(phase.project, 12, age="25_44")
    assert not research_participants(FY26, AFTER).told
    phase.project.status = "released"
    phase.project.save()
    (found,) = research_participants(FY26, AFTER).told
    assert found.told == 12


# --- For publication --------------------------------------------------------------------------------------------


def test_only_a_year_that_is_over_is_published():
    assert not can_be_published(FY26, datetime(2026, 6, 30, 12, tzinfo=UTC))
    assert can_be_published(FY26, AFTER)
    with pytest.raises(ValueError, match="still runs"):
        published_participants(FY26, datetime(2026, 6, 1, tzinfo=UTC))


def made_up(rng):
    """R1 of up to four projects with people of a few counties, as the database would give it."""
    rows, number = [], 0
    for project in range(rng.randint(1, 4)):
        for county in rng.sample(["Adams", "Cook", "Lake", "Will", None], rng.randint(1, 5)):
            for _person in range(rng.choice([1, 2, 3, 6, 9, 12, 25])):
                number += 1
                role = rng.choice(["worker", "worker", "client", "executive"])
                for _visit in range(rng.choice([1, 1, 2])):
                    rows.append(
                        Took(
                            number,
                            project,
                            rng.choice(["design", "collection"]),
                            "survey",
                            county,
                            "Housing",
                            role,
                            date(2026, rng.choice([1, 2, 5]), 1),
                        )
                    )
    columns = [Column(f"Project {pk}", frozenset([pk])) for pk in sorted({row.project for row in rows})]
    return broken_down(FY26, AFTER, rows, columns, [])


def table_of(shown, full, table, people):
    """What a reader has of one table: true numbers, which are gone, and what adds up to what."""
    height, width = len(table.rows), len(shown.columns) + 1
    truth, hidden = {}, set()
    for y, row in enumerate(table.rows):
        for x, number in enumerate(row.people):
            truth[y, x] = people[y][x]
            if number is None:
                hidden.add((y, x))
    for x, number in enumerate(shown.total):
        truth[height, x] = number
    rows = [((y, width - 1), [(y, x) for x in range(width - 1)]) for y in range(height)]
    columns = [((height, x), [(y, x) for y in range(height)]) for x in range(width)]
    return truth, hidden, [*rows, *columns]


def test_a_reader_of_the_published_tables_works_nothing_out():
    rng, thinned = Random("R1"), 0
    for _time in range(300):
        full = made_up(rng)
        shown = publishable(full)
        everything = [
            number
            for row in [shown.total, *(row.people for table in shown.tables for row in table.rows)]
            for number in row
        ]
        assert not [number for number in everything if number is not None and 0 < number < 10]
        for table, true_table in zip(shown.tables, full.tables, strict=True):
            # Only where lines add up do sums tell anything for certain.
            if not table.rows or not table.adds_up:
                continue
            people = [
                [
                    sum(
                        row.people[place]
                        for place, one in enumerate(full.columns)
                        if one.projects <= column.projects
                    )
                    for column in shown.columns
                ]
                + [row.people[-1]]
                for row in true_table.rows
            ]
            truth, hidden, totals = table_of(shown, full, table, people)
            thinned += bool(hidden)
            order, sums = equations(truth, hidden, totals=totals)
            assert not pinned(order, sums), truth
            least = 0 if any(not truth[key] for key in hidden) else 1
            for low, high in narrowed(sums, len(order), least):
                assert high is None or high - low >= 4, truth
    assert thinned > 200


def test_a_line_that_all_but_a_few_are_on_is_withheld():
    rows = [
        Took(number, project, "collection", method, "Cook", "Housing", "worker", date(2026, 2, 1))
        for project, people in enumerate([40, 60])
        for number in range(100 * project, 100 * project + people)
        for method, first, last in (("survey", 2, 99), ("interview", 0, 20))
        if project or first <= number < last
    ]
    columns = [Column(f"Project {pk}", frozenset([pk])) for pk in range(2)]
    shown = numbers(publishable(broken_down(FY26, AFTER, rows, columns, [])), "Method")
    # Two of forty were never surveyed; what all projects come to would tell it.
    assert shown["survey"] == [None, 60, None]
    alone = broken_down(FY26, AFTER, [row for row in rows if not row.project], columns[:1], [])
    assert numbers(publishable(alone), "Method")["survey"] == [None, None]


def test_nobody_works_out_how_few_are_not_on_a_line():
    rng, thinned = Random("not on it"), 0
    for _time in range(300):
        full = made_up(rng)
        shown = publishable(full)
        for table, true_table in zip(shown.tables, full.tables, strict=True):
            if not table.rows or table.adds_up:
                continue
            truth, hidden, totals = {}, set(), []
            width = len(shown.columns) + 1
            for x, people in enumerate(shown.total):
                truth["all", x] = people
            for y, row in enumerate(true_table.rows):
                for x, column in enumerate(shown.columns):
                    places = [p for p, one in enumerate(full.columns) if one.projects <= column.projects]
                    truth["in", y, x] = sum(row.people[place] for place in places)
                truth["in", y, width - 1] = row.people[-1]
                totals.append((("in", y, width - 1), [("in", y, x) for x in range(width - 1)]))
                for x in range(width):
                    truth["out", y, x] = truth["all", x] - truth["in", y, x]
                    totals.append((("all", x), [("in", y, x), ("out", y, x)]))
                    if table.rows[y].people[x] is None:
                        hidden |= {("in", y, x), ("out", y, x)}
                    else:
                        assert not 0 < truth["out", y, x] < 10
            thinned += bool(hidden)
            order, sums = equations(truth, hidden, totals=totals)
            assert not pinned(order, sums), truth
            for low, high in narrowed(sums, len(order), 0):
                assert high is None or high - low >= 4, truth
    assert thinned > 200


def test_small_projects_are_told_together_and_too_few_not_at_all():
    def people(*counts):
        rows = [
            Took(
                (project, number), project, "design", "survey", "Cook", "Housing", "worker", date(2026, 2, 1)
            )
            for project, count in enumerate(counts)
            for number in range(count)
        ]
        columns = [Column(f"Project {pk}", frozenset([pk])) for pk in range(len(counts))]
        return publishable(broken_down(FY26, AFTER, rows, columns, []))

    assert people(3, 4).total == [None]
    assert not people(3, 4).columns
    together = people(40, 4, 7)
    assert [str(column.label) for column in together.columns] == ["Project 0", "2 projects together"]
    assert together.total == [40, 11, 51]
    # Four alone take the next larger project with them.
    assert people(40, 4, 30).total == [40, 34, 74]
    assert people().total == [0]

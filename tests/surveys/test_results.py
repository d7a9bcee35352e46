"""Results: counted by hand, with coverage; and nothing published by which somebody could be told apart."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from surveys.models import Answer
from surveys.results import survey_results
from surveys.shown_results import public_summary
from surveys.suppression import withheld, withheld_of_several
from surveys.texts import answering_organizations
from tests.factories.partners import OrganizationFactory
from tests.factories.surveys import QuestionFactory, ResponseFactory, SurveyFactory


def answers(survey, question, values):
    """One response with this answer for each value; None passes the question over."""
    for value in values:
        response = ResponseFactory(survey=survey, responded_at=timezone.now() + timedelta(minutes=1))
        if value is not None:
            Answer.objects.create(response=response, question=question, value=value)


@pytest.mark.django_db
class TestCounts:
    def test_shares_are_of_those_who_answered_and_coverage_of_those_asked(self):
        question = QuestionFactory(kind="choice", choices="A\nB\nC")
        answers(question.survey, question, ["A"] * 6 + ["B"] * 2 + [None] * 2)
        (result,) = survey_results(question.survey)
        assert (result.asked, result.answered, result.coverage) == (10, 8, 80.0)
        assert [(cell.label, cell.count, cell.share) for cell in result.cells] == [
            ("A", 6, 75.0),
            ("B", 2, 25.0),
            ("C", 0, 0.0),
        ]
        assert [cell.is_small for cell in result.cells] == [True, True, False]

    def test_several_choices_count_each(self):
        question = QuestionFactory(kind="several", choices="A\nB")
        answers(question.survey, question, [["A"], ["A", "B"], ["A", "B"]])
        (result,) = survey_results(question.survey)
        assert [(cell.label, cell.count) for cell in result.cells] == [("A", 3), ("B", 2)]

    def test_scales_and_numbers_have_a_mean(self):
        scale = QuestionFactory(kind="scale")
        number = QuestionFactory(survey=scale.survey, kind="number")
        answers(scale.survey, scale, [1, 4, 4])
        answers(scale.survey, number, ["0.5", "2"])
        on_scale, of_numbers = survey_results(scale.survey)
        assert (on_scale.mean, on_scale.least, on_scale.most) == (3, 1, 4)
        assert [cell.count for cell in on_scale.cells] == [1, 0, 0, 2, 0]
        assert of_numbers.mean == Decimal("1.25")

    def test_whoever_answered_before_a_question_was_added_was_not_asked_it(self):
        first = QuestionFactory(kind="short")
        ResponseFactory.create_batch(3, survey=first.survey, responded_at=timezone.now() - timedelta(days=1))
        QuestionFactory(survey=first.survey, kind="short")
        ResponseFactory(survey=first.survey, responded_at=timezone.now() + timedelta(minutes=1))
        assert survey_results(first.survey)[1].asked == 1

    def test_an_empty_survey_has_results_too(self):
        question = QuestionFactory(kind="scale")
        (result,) = survey_results(question.survey)
        assert (result.asked, result.answered, result.coverage, result.mean) == (0, 0, 0.0, None)
        assert public_summary(question.survey)[0].too_few

    def test_organizations_by_name_with_their_people(self):
        survey = SurveyFactory()
        one, two = OrganizationFactory(name="Birch"), OrganizationFactory(name="Aspen")
        ResponseFactory.create_batch(2, survey=survey, organization=one)
        ResponseFactory(survey=survey, organization=two)
        ResponseFactory(survey=survey)
        found = [(row.name, row.people) for row in answering_organizations(survey)]
        assert found == [("Aspen", 1), ("Birch", 2)]

    def test_reading_costs_the_same_for_many_people_and_questions(self, django_assert_num_queries):
        question = QuestionFactory(kind="choice", choices="A\nB")
        answers(question.survey, question, ["A"])
        with django_assert_num_queries(5):
            survey_results(question.survey)
        for kind in ("scale", "number", "short"):
            QuestionFactory(survey=question.survey, kind=kind)
        answers(question.survey, question, ["A", "B"] * 10)
        with django_assert_num_queries(5):
            survey_results(question.survey)


@pytest.mark.parametrize(
    ("counts", "hidden"),
    [
        ([30, 20, 10], set()),
        ([30, 20, 0], set()),
        ([30, 20, 9], {1, 2}),  # Alone, the 9 would be what is missing from 59.
        ([30, 3, 4], {0, 1, 2}),  # Two, but together seven people.
        ([30, 6, 7], {1, 2}),
        ([40, 12, 11, 1], {2, 3}),
        ([9, 1], {0, 1}),
    ],
)
def test_small_numbers_take_others_with_them_so_that_none_can_be_worked_out(counts, hidden):
    assert withheld(counts) == hidden


def test_no_withheld_small_number_is_ever_what_is_missing_from_the_total():
    """All splits of 36 people over four answers: what is kept back is at least two numbers of ten people together."""
    for a in range(37):
        for b in range(37 - a):
            for c in range(37 - a - b):
                counts = [a, b, c, 36 - a - b - c]
                hidden = withheld(counts)
                shown = [count for place, count in enumerate(counts) if place not in hidden]
                assert all(count == 0 or count >= 10 for count in shown)
                assert not hidden or (len(hidden) > 1 and sum(counts[place] for place in hidden) >= 10)


def test_of_several_an_answer_is_kept_back_when_few_chose_it_or_all_but_few():
    assert withheld_of_several([50, 45, 9, 20, 0], answered=50) == {1, 2}


@pytest.mark.django_db
class TestPublicSummary:
    def test_only_questions_with_answers_to_choose_from_are_published(self):
        survey = SurveyFactory()
        for kind in ("short", "long", "number", "scale", "choice", "several"):
            QuestionFactory(survey=survey, kind=kind, choices="A\nB")
        assert [result.question.kind for result in public_summary(survey)] == ["scale", "choice", "several"]

    def test_nothing_of_a_question_that_fewer_than_ten_answered(self):
        question = QuestionFactory(kind="choice", choices="A\nB")
        answers(question.survey, question, ["A"] * 9 + [None] * 20)
        (result,) = public_summary(question.survey)
        assert result.too_few
        assert result.cells == []

    def test_without_a_mean_where_numbers_are_left_out(self):
        question = QuestionFactory(kind="scale")
        answers(question.survey, question, [5] * 20 + [4] * 15 + [1] * 2)
        (result,) = public_summary(question.survey)
        assert [cell.is_withheld for cell in result.cells] == [True, False, False, True, False]
        assert [cell.count for cell in result.cells] == [0, 0, 0, 0, 20]
        assert result.mean is None
        assert result.is_thinned

    def test_with_its_mean_where_every_number_may_be_shown(self):
        question = QuestionFactory(kind="scale")
        answers(question.survey, question, [5] * 20 + [4] * 20)
        (result,) = public_summary(question.survey)
        assert (result.mean, result.is_thinned) == (Decimal("4.5"), False)

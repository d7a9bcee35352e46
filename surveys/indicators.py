"""Indicator T4, feedback on the value of trainings: one definition, in code and in words."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Min
from django.utils.translation import gettext_lazy as _

from partners.fiscal_year import FiscalYear, Period
from surveys.branching import counts
from surveys.models import Answer, Question, Response, SurveyInvitation
from surveys.results import SMALLEST, percent
from surveys.texts import WRITTEN

AT_THE_END, AT_90_DAYS = ":end", ":90d"
VALUE_DEFINITION = _(
    "Of those who answered the survey at the end of a training and said how valuable it was, the share who said “valuable” or better. "
    "Of those who answered 90 days later and said whether they used what they learned, the share who used it. "
    "Response rate: answered ÷ invited, each time. Quotes: answered in their own words, and said we may quote them. "
    "Everything counts in the period in which people were first asked. Shares of fewer than ten answers are not shown."
)
_Measure = Question.Measure


@dataclass(frozen=True)
class Share:
    """`part` of `whole` answers."""

    part: int
    whole: int

    @property
    def percent(self) -> float | None:
        """In percent; None where so few answered that the share would tell people apart."""
        return percent(self.part, self.whole) if self.whole >= SMALLEST else None


@dataclass(frozen=True)
class TrainingValue:
    """Indicator T4 for one period."""

    period: Period
    valuable: Share
    used: Share
    answered_at_the_end: Share
    answered_at_90_days: Share
    quotes: int


def training_value(period: Period) -> TrainingValue:
    """T4 for a fiscal year, a quarter or any other period, of all trainings whose people were asked in it."""
    ends, later = _asked_in(period, AT_THE_END), _asked_in(period, AT_90_DAYS)
    return TrainingValue(
        period=period,
        valuable=_share(ends, _Measure.VALUE),
        used=_share(later, _Measure.USED),
        answered_at_the_end=_response_rate(ends),
        answered_at_90_days=_response_rate(later),
        quotes=_quotes(ends | later),
    )


def training_value_by_quarter(year: FiscalYear) -> list[TrainingValue]:
    """T4 for each quarter of a fiscal year."""
    return [training_value(quarter) for quarter in year.quarters]


def _asked_in(period: Period, ending: str) -> set[tuple[int, str]]:
    """Surveys and occasions of which the first person was asked within the period."""
    sent = SurveyInvitation.objects.sent().filter(occasion__endswith=ending)
    rows = sent.values_list("survey", "occasion").annotate(first=Min("sent_at")).order_by()
    return {(survey, occasion) for survey, occasion, first in rows if period.start <= first < period.end}


def _share(asked: Iterable[tuple[int, str]], measure: str) -> Share:
    """How many of the answers to questions that measure this count."""
    wanted = set(asked)
    answers = Answer.objects.filter(
        question__measures=measure, response__occasion__in={occasion for _survey, occasion in wanted}
    )
    questions = Question.objects.in_bulk(answers.values_list("question", flat=True).distinct())
    tally: Counter[bool] = Counter()
    for survey, occasion, question, value in answers.values_list(
        "response__survey", "response__occasion", "question", "value"
    ).iterator(2000):
        if (survey, occasion) in wanted:
            tally[counts(questions[question], value)] += 1
    return Share(tally[True], tally.total())


def _response_rate(asked: Iterable[tuple[int, str]]) -> Share:
    wanted = set(asked)
    sent = SurveyInvitation.objects.sent().filter(occasion__in={occasion for _survey, occasion in wanted})
    rows = [row for row in sent.values_list("survey", "occasion", "answered") if row[:2] in wanted]
    return Share(sum(answered for *_key, answered in rows), len(rows))


def _quotes(asked: Iterable[tuple[int, str]]) -> int:
    wanted = set(asked)
    written = Answer.objects.filter(
        question__kind__in=WRITTEN,
        response__quoting__in=(Response.Quoting.NAMED, Response.Quoting.NAMELESS),
        response__occasion__in={occasion for _survey, occasion in wanted},
    )
    rows = written.values_list("response__survey", "response__occasion")
    return sum(row in wanted for row in rows)

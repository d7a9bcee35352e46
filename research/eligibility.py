"""The eligibility checker: questions, answers, and what they come to. It keeps nothing.

Answers travel in the body of each POST and back in the page's hidden fields. No row, session, cookie, cache or log
line is written, and nothing stands in an address.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db import models
from django.utils.translation import gettext_lazy as _

from research.models import EligibilityAnswer, EligibilityCriterion

Meaning = EligibilityAnswer.Meaning


class Verdict(models.TextChoices):
    """What the answers come to. The agency alone decides."""

    LIKELY = "likely", _("You are likely eligible")
    UNLIKELY = "unlikely", _("You are likely not eligible today")
    ASK = "ask", _("Ask the agency")


@dataclass(frozen=True)
class Step:
    """One question with its place among all, and the answer that was given, if one was."""

    number: int
    criterion: EligibilityCriterion
    given: EligibilityAnswer | None = None

    @property
    def name(self) -> str:
        """The name of its field."""
        return field_name(self.criterion)


@dataclass(frozen=True)
class Check:
    """All questions in order with what was answered so far."""

    steps: list[Step] = field(default_factory=list)

    @property
    def open_step(self) -> Step | None:
        """The first question without an answer."""
        return next((step for step in self.steps if step.given is None), None)

    def step(self, number: int) -> Step | None:
        """A question by its number, from 1."""
        return self.steps[number - 1] if 1 <= number <= len(self.steps) else None

    @property
    def verdict(self) -> Verdict:
        """Not eligible if one rule is not met; to be asked if one is unsure or open; else likely eligible."""
        meanings = [step.given.meaning if step.given else Meaning.UNSURE for step in self.steps]
        if Meaning.FAILS in meanings:
            return Verdict.UNLIKELY
        return Verdict.ASK if Meaning.UNSURE in meanings or not meanings else Verdict.LIKELY

    @property
    def reasons(self) -> list[Step]:
        """The questions that the verdict rests on: what is not met first, or what is unsure."""
        wanted = {Verdict.UNLIKELY: Meaning.FAILS, Verdict.ASK: Meaning.UNSURE}.get(self.verdict)
        return [step for step in self.steps if step.given and step.given.meaning == wanted]

    @property
    def has_samples(self) -> bool:
        """Whether a rule among them is a sample."""
        return any(step.criterion.is_sample for step in self.steps)


def field_name(criterion: EligibilityCriterion) -> str:
    return f"answer-{criterion.pk}"


def check_of(criteria: Sequence[EligibilityCriterion], posted: Mapping[str, str]) -> Check:
    """The check as far as the posted answers go; an answer that is none of a question's own is no answer."""
    steps = []
    for number, criterion in enumerate(criteria, start=1):
        chosen = posted.get(field_name(criterion), "")
        answers = {str(answer.pk): answer for answer in criterion.answers.all()}
        steps.append(Step(number, criterion, answers.get(chosen)))
    return Check(steps)

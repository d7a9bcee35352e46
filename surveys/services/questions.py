"""What keeps the questions still once somebody has answered them, and in an order that can be asked."""

from collections.abc import Collection, Sequence

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from surveys.models import Question, Survey

# What an answer rests on: with other words, another kind or another place it would be the answer to something else.
LOCKED = ("text", "kind", "choices", "lines", "order", "shown_if", "shown_values")
Fault = tuple[Question, str, str]


@transaction.atomic
def hold_survey(*, survey: Survey) -> int:
    """Locks a survey to the end of the transaction: no answer comes in meanwhile. How many have answered it."""
    held = Survey.objects.select_for_update(of=("self",)).get(pk=survey.pk)
    return held.responses.count()


def refused_changes(changed: Collection[str]) -> list[str]:
    """Those of a question's changed fields that must stay as they are once somebody answered."""
    return [name for name in LOCKED if name in changed]


def why_locked(responses: int) -> str:
    """Why the questions of a survey that was answered so often stay as they are."""
    people = ngettext("%(n)d person has answered", "%(n)d people have answered", responses) % {"n": responses}
    return _(
        "%(people)s, so this stays as it was asked. You can add a question at the end, or build a new survey."
    ) % {"people": people}


def is_promised(survey: Survey) -> bool:
    """Whether somebody was invited or has answered, so that the promise of the survey stands."""
    return survey.invitations.exists() or survey.responses.exists()


def faults_of_order(questions: Sequence[Question], *, is_anonymous: bool) -> list[Fault]:
    """What does not work between the questions of a survey: each fault with its question and field, in words."""
    ordered = sorted(questions, key=lambda question: (question.order, question.pk or 2**63))
    places = {question.pk: place for place, question in enumerate(ordered) if question.pk}
    faults: list[Fault] = []
    for place, question in enumerate(ordered):
        if question.shown_if_id and places.get(question.shown_if_id, place) >= place:
            faults.append((question, "shown_if", _("Choose a question that comes before this one.")))
        if question.kind != Question.Kind.FILE:
            continue
        if is_anonymous:
            words = _("An anonymous survey cannot ask for a file: files say who made them.")
            faults.append((question, "kind", words))
        elif place < len(ordered) - 1:
            faults.append((question, "kind", _("A question for a file must be the last one.")))
    return faults

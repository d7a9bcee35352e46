"""What people said of an event, as staff may read it: a handful of answers would tell who gave them."""

import random
from dataclasses import dataclass

from django.db.models import Avg, Count
from django.utils.translation import gettext_lazy as _

from meetings.models import Event

# From so many answers on their mean and their words are shown.
SMALLEST = 5
SCALE = {
    5: _("5, very useful"),
    4: _("4, useful"),
    3: _("3, partly useful"),
    2: _("2, of little use"),
    1: _("1, not useful"),
}


@dataclass(frozen=True)
class FeedbackResult:
    """How many answered of how many asked; from five answers on also what they said, in no order."""

    asked: int
    answers: int
    mean: float | None
    spread: list[tuple[str, int]]
    comments: list[str]

    @property
    def is_shown(self) -> bool:
        return self.answers >= SMALLEST


def feedback_of(event: Event) -> FeedbackResult:
    """What was said of an event. Four reads at most."""
    asked = event.attendances.filter(notices__kind="feedback").distinct().count()
    totals = event.feedback.aggregate(answers=Count("pk"), mean=Avg("rating"))
    if totals["answers"] < SMALLEST:
        return FeedbackResult(asked, totals["answers"], None, [], [])
    counts = dict(event.feedback.values_list("rating").annotate(number=Count("pk")).order_by())
    comments = list(event.feedback.exclude(comment="").values_list("comment", flat=True))
    random.shuffle(comments)
    return FeedbackResult(
        asked,
        totals["answers"],
        totals["mean"],
        [(str(label), counts.get(rating, 0)) for rating, label in SCALE.items()],
        comments,
    )

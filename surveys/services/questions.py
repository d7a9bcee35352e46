"""What keeps the questions still once somebody has answered them."""

from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from surveys.models import Survey

# What an answer rests on: with other words, another kind or another place it would be the answer to something else.
LOCKED = ("text", "kind", "choices", "order")


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

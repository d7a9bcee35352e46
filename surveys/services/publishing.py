"""Results made public and withdrawn again, and the words that stand beside them."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from partners.caching import empty_page_cache_on_commit
from partners.errors import NotAllowed
from partners.models import User
from surveys.models import Answer, PublishedResults, Survey
from surveys.publishing import written_down
from surveys.results import SMALLEST
from surveys.shown_results import public_summary
from surveys.texts import quotable


@transaction.atomic
def publish_results(*, survey: Survey, by: User, now: datetime) -> PublishedResults:
    """Publishes the results as they are now, in place of earlier ones. Raises `NotAllowed` below ten responses."""
    held = Survey.objects.select_for_update(of=("self",), no_key=True).get(pk=survey.pk)
    responses = held.responses.count()
    if responses < SMALLEST:
        raise NotAllowed(_("Fewer than ten people have answered: nothing can be published yet."))
    results = written_down(public_summary(held))
    held.publications.filter(withdrawn_at=None).update(withdrawn_at=now, withdrawn_by=by)
    empty_page_cache_on_commit()
    return PublishedResults.objects.create(
        survey=held, responses=responses, results=results, published_at=now, published_by=by
    )


@transaction.atomic
def withdraw_results(*, survey: Survey, by: User, now: datetime) -> None:
    """Takes the results off the public pages. Raises `NotAllowed` where none are there."""
    Survey.objects.select_for_update(of=("self",), no_key=True).get(pk=survey.pk)
    withdrawn = survey.publications.filter(withdrawn_at=None).update(withdrawn_at=now, withdrawn_by=by)
    if not withdrawn:
        raise NotAllowed(_("The results of this survey are not public."))
    empty_page_cache_on_commit()


@transaction.atomic
def choose_quote(*, answer: Answer, is_quoted: bool) -> None:
    """Puts somebody's words beside the published results, or takes them away. Raises `NotAllowed`.

    Only words whose writer said that we may quote them can be chosen.
    """
    survey = answer.question.survey
    Survey.objects.select_for_update(of=("self",), no_key=True).get(pk=survey.pk)
    if is_quoted and not quotable(survey).filter(pk=answer.pk).exists():
        raise NotAllowed(_("Nobody said that we may quote this."))
    Answer.objects.filter(pk=answer.pk).update(is_quoted=is_quoted)
    empty_page_cache_on_commit()

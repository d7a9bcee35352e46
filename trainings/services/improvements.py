"""Publishing lines of "You said, we did"."""

from datetime import datetime

from django.db import transaction

from partners.caching import empty_page_cache_on_commit
from partners.history import changed_by
from partners.models import User
from trainings.models import Improvement


@transaction.atomic
def publish_improvement(*, improvement: Improvement, by: User, now: datetime) -> Improvement:
    """Shows it on the public page; one that is shown stays as it is."""
    held = Improvement.objects.select_for_update(of=("self",)).get(pk=improvement.pk)
    if held.state == Improvement.State.DRAFT:
        held.state, held.published_at, held.published_by = Improvement.State.PUBLISHED, now, by
        _save(held, by)
    return held


@transaction.atomic
def withdraw_improvement(*, improvement: Improvement, by: User) -> Improvement:
    """Takes it off the public page."""
    held = Improvement.objects.select_for_update(of=("self",)).get(pk=improvement.pk)
    if held.state == Improvement.State.PUBLISHED:
        held.state, held.published_at, held.published_by = Improvement.State.DRAFT, None, None
        _save(held, by)
    return held


def _save(improvement: Improvement, by: User) -> None:
    changed_by(improvement, by)
    improvement.save(update_fields=["state", "published_at", "published_by"])
    empty_page_cache_on_commit()

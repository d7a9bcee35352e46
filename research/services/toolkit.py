"""The life of a toolkit: published when it is complete and read by somebody, archived, brought back."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from partners.caching import empty_page_cache_on_commit
from partners.errors import NotAllowed
from partners.history import changed_by
from partners.models import User
from research.models import Toolkit
from research.toolkit_fields import check_text

_Status = Toolkit.Status


def problems_of(toolkit: Toolkit) -> list[str]:
    """What stands against publishing it, in sentences; nothing when it is complete."""
    problems = []
    items = list(toolkit.items.select_related("finding"))
    if not items:
        problems.append(_("Add at least one item that people can copy or take along."))
    if toolkit.reviewed_on is None:
        problems.append(_("Read all of it once more and enter the day of the review."))
    for item in items:
        if item.finding and item.finding.state != "published":
            problems.append(_("“%(item)s” draws a finding that is not public.") % {"item": item})
        try:
            check_text(item.text)
        except ValidationError as error:
            problems.append(_("“%(item)s”: %(problem)s") % {"item": item, "problem": error.messages[0]})
    return problems


def _locked(toolkit: Toolkit, by: User | None) -> Toolkit:
    held = Toolkit.objects.select_for_update(of=("self",)).get(pk=toolkit.pk)
    changed_by(held, by)
    return held


@transaction.atomic
def publish_toolkit(*, toolkit: Toolkit, by: User | None, now: datetime) -> Toolkit:
    """Puts a toolkit on the site. Raises `NotAllowed` with all that is missing."""
    held = _locked(toolkit, by)
    if held.status == _Status.PUBLISHED:
        raise NotAllowed(_("This toolkit is published already."))
    if problems := problems_of(held):
        raise NotAllowed(" ".join(problems))
    held.status, held.published_at, held.published_by = _Status.PUBLISHED, now, by
    held.save(update_fields=["status", "published_at", "published_by"])
    empty_page_cache_on_commit()
    return held


@transaction.atomic
def archive_toolkit(*, toolkit: Toolkit, by: User | None) -> Toolkit:
    """Takes a toolkit off the site: what it asked for is over, or it is wrong by now."""
    held = _locked(toolkit, by)
    if held.status != _Status.PUBLISHED:
        raise NotAllowed(_("Only a published toolkit can be archived."))
    held.status = _Status.ARCHIVED
    held.save(update_fields=["status"])
    empty_page_cache_on_commit()
    return held


@transaction.atomic
def review_toolkit(*, toolkit: Toolkit, by: User | None, now: datetime) -> Toolkit:
    """Notes that somebody read all of it today and found it right."""
    held = _locked(toolkit, by)
    held.reviewed_on = timezone.localdate(now)
    held.save(update_fields=["reviewed_on"])
    empty_page_cache_on_commit()
    return held

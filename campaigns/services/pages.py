"""Entry pages for audiences and explanations of topics: put on the site, and taken off again."""

from datetime import datetime
from typing import Any, TypeVar

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.models import AudiencePage, Explainer
from campaigns.services.errors import StateError
from partners.caching import empty_page_cache_on_commit
from partners.history import changed_by
from partners.models import User

Page = TypeVar("Page", bound="AudiencePage | Explainer")


def _locked(page: Page, by: User) -> Page:
    locked: Any = type(page)._default_manager.select_for_update(of=("self",)).get(pk=page.pk)
    changed_by(locked, by)
    return locked


@transaction.atomic
def publish_page(*, page: Page, by: User, now: datetime | None = None) -> Page:
    """Shows a page to everybody; one that comes back keeps the day of its first time."""
    page = _locked(page, by)
    if page.state != page.State.DRAFT:
        raise StateError(_("Only a draft can be published."))
    if isinstance(page, Explainer) and not page.body:
        raise StateError(_("Write the text first."))
    page.state = page.State.PUBLISHED
    page.published_at = page.published_at or now or timezone.now()
    page.save()
    empty_page_cache_on_commit()
    return page


@transaction.atomic
def take_down_page(*, page: Page, by: User) -> Page:
    """Takes a page off the site, back to a draft."""
    page = _locked(page, by)
    if page.state != page.State.PUBLISHED:
        raise StateError(_("Only what is published can be taken off the site."))
    page.state = page.State.DRAFT
    page.save()
    empty_page_cache_on_commit()
    return page

"""The life of a campaign: active, won or closed with its outcome, archived."""

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.models import Campaign
from campaigns.services.errors import StateError
from partners.caching import empty_page_cache_on_commit
from partners.history import changed_by
from partners.models import User


def _locked(campaign: Campaign, by: User | None) -> Campaign:
    locked = Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
    changed_by(locked, by)
    return locked


def _saved(campaign: Campaign, *fields: str) -> Campaign:
    campaign.save(update_fields=["status", *fields])
    empty_page_cache_on_commit()
    return campaign


@transaction.atomic
def activate(*, campaign: Campaign, by: User | None = None) -> Campaign:
    """Puts a draft on the site, or takes up a campaign that was closed."""
    campaign = _locked(campaign, by)
    if campaign.status not in {Campaign.Status.DRAFT, Campaign.Status.CLOSED}:
        raise StateError(_("Only a draft or a closed campaign can be started."))
    campaign.status = Campaign.Status.ACTIVE
    return _saved(campaign)


def _finish(campaign: Campaign, status: str, outcome: str, by: User | None) -> Campaign:
    campaign = _locked(campaign, by)
    if campaign.status != Campaign.Status.ACTIVE:
        raise StateError(_("Only an active campaign can be finished."))
    if not outcome.strip():
        raise StateError(_("Say what came of it."))
    campaign.status = status
    campaign.outcome = outcome.strip()
    return _saved(campaign, "outcome")


@transaction.atomic
def win(*, campaign: Campaign, outcome: str, by: User | None = None) -> Campaign:
    """The goal is reached; the page says what came of it."""
    return _finish(campaign, Campaign.Status.WON, outcome, by)


@transaction.atomic
def close(*, campaign: Campaign, outcome: str, by: User | None = None) -> Campaign:
    """The campaign ends without its goal; the page says what came of it."""
    return _finish(campaign, Campaign.Status.CLOSED, outcome, by)


@transaction.atomic
def archive(*, campaign: Campaign, successor: Campaign | None = None, by: User | None = None) -> Campaign:
    """Takes a campaign off the list. Its page leads to the successor, or else keeps showing the outcome."""
    campaign = _locked(campaign, by)
    if campaign.status in {Campaign.Status.DRAFT, Campaign.Status.ARCHIVED}:
        raise StateError(_("A draft or an archived campaign can't be archived."))
    if successor is not None:
        _check_successor(campaign, successor)
    campaign.status = Campaign.Status.ARCHIVED
    campaign.successor = successor
    return _saved(campaign, "successor")


def _check_successor(campaign: Campaign, successor: Campaign) -> None:
    """A successor has a page, and following successors never leads back."""
    if successor.status == Campaign.Status.DRAFT:
        raise StateError(_("The campaign that continues this one is still a draft."))
    following: Campaign | None = successor
    seen: set[int] = set()
    while following is not None and following.pk not in seen:
        if following.pk == campaign.pk:
            raise StateError(_("The campaigns would lead visitors in a circle."))
        seen.add(following.pk)
        following = following.successor

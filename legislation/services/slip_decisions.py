"""Staff say whom the words on a slip mean. The answer holds for all slips with the same words, and is remembered."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from legislation.models import RecordedSlip, SlipMatch
from legislation.services.slip_matching import DECIDED, OPEN, is_general, rematch_slips
from partners.caching import empty_page_cache_on_commit
from partners.errors import NotAllowed
from partners.models import Organization, OrganizationAlias, User
from partners.services.aliases import alias_key, alias_problem

State = SlipMatch.State
# Where an alias says it was seen; only such ones go when a decision is taken back.
SEEN = "witness slip"
# Words found for these reasons hold more than a name.
NOTHING_TO_LEARN = {"self", "person"}
BY_STAFF = "staff"


@transaction.atomic
def confirm_match(*, match: SlipMatch, by: User) -> str:
    """The words mean this partner, on every slip that waits with them. Returns the alias that was learned, or "".

    Other partners that the same words might have meant are ruled out.
    """
    waiting = _lock_waiting(match)
    now = timezone.now()
    own = [one.pk for one in waiting if one.organization_id == match.organization_id]
    others = [one.pk for one in waiting if one.organization_id != match.organization_id]
    _set(own, State.CONFIRMED, now, by)
    _set(others, State.REJECTED, now, by)
    learned = learn_alias(organization=match.organization, words=match.text, reason=match.reason, by=by)
    _after(learned)
    return learned


@transaction.atomic
def reject_match(*, match: SlipMatch, by: User) -> int:
    """The words do not mean this partner; on how many slips that was said."""
    waiting = _lock_waiting(match)
    ids = [one.pk for one in waiting if one.organization_id == match.organization_id]
    _set(ids, State.REJECTED, timezone.now(), by)
    empty_page_cache_on_commit()
    return len(ids)


@transaction.atomic
def reject_all(*, match: SlipMatch, by: User) -> int:
    """The words mean no partner of ours; how many rows that decided."""
    ids = [one.pk for one in _lock_waiting(match, whole=True)]
    _set(ids, State.REJECTED, timezone.now(), by)
    empty_page_cache_on_commit()
    return len(ids)


@transaction.atomic
def name_partner(*, match: SlipMatch, organization: Organization, by: User) -> str:
    """The words mean a partner that was not among the likely ones. Returns the alias that was learned, or ""."""
    if organization.status == Organization.Status.LEFT:
        raise NotAllowed(_("%s is no longer a partner.") % organization)
    same = list(_same_words(match.text).select_for_update())
    if not same:
        raise NotAllowed(_("These words stand on no slip any more."))
    now = timezone.now()
    slips = {one.slip_id for one in same}
    # Other words on the same slip may have named it already.
    named = SlipMatch.objects.filter(slip__in=slips, organization=organization).select_for_update()
    own = {one.pk: one.slip_id for one in named if one.state != State.SURE}
    have = {one.slip_id for one in named}
    others = [one.pk for one in same if one.state == State.DOUBTFUL and one.pk not in own]
    _set(others, State.REJECTED, now, by)
    _set(list(own), State.CONFIRMED, now, by)
    _add_named(match.text, organization, sorted(slips - have), now, by)
    learned = learn_alias(organization=organization, words=match.text, reason=match.reason, by=by)
    _after(learned)
    return learned


def _add_named(words: str, organization: Organization, slips: list[int], at: datetime, by: User) -> None:
    SlipMatch.objects.bulk_create(
        SlipMatch(
            slip_id=slip,
            organization=organization,
            text=words,
            score=0,
            reason=BY_STAFF,
            state=State.CONFIRMED,
            decided_at=at,
            decided_by=by,
        )
        for slip in slips
    )


@transaction.atomic
def undo_decision(*, match: SlipMatch) -> int:
    """Takes back what was decided together with this row; how many rows wait again, or are as the names say.

    An alias that was learned from it goes, too.
    """
    row = SlipMatch.objects.select_for_update().get(pk=match.pk)
    if row.state not in DECIDED:
        raise NotAllowed(_("Nothing was decided here, or it was taken back already."))
    together = list(
        _same_words(row.text).filter(state__in=DECIDED, decided_at=row.decided_at).select_for_update()
    )
    added = [one.pk for one in together if one.reason == BY_STAFF]
    rest = [one.pk for one in together if one.reason != BY_STAFF]
    SlipMatch.objects.filter(pk__in=rest).update(state=State.DOUBTFUL, decided_at=None, decided_by=None)
    OrganizationAlias.objects.filter(
        organization__in={one.organization_id for one in together if one.state == State.CONFIRMED},
        key=alias_key(row.text),
        source=SEEN,
    ).delete()
    slips = {one.slip_id for one in together}
    SlipMatch.objects.filter(pk__in=added).delete()
    same_name = Q(matches__reason="alias", matches__organization=row.organization_id, matches__state__in=OPEN)
    rematch_slips(only=RecordedSlip.objects.filter(Q(pk__in=slips) | same_name).distinct())
    empty_page_cache_on_commit()
    return len(together)


def learn_alias(*, organization: Organization, words: str, reason: str, by: User) -> str:
    """Remembers the words as another name of the partner; "" where they are no name, or could be anybody's."""
    if (
        reason in NOTHING_TO_LEARN
        or is_general(words)
        or alias_problem(name=words, organization=organization)
    ):
        return ""
    alias = OrganizationAlias.objects.create(
        organization=organization, name=words[:300], key=alias_key(words), source=SEEN, added_by=by
    )
    return alias.name


def _same_words(text: str) -> "QuerySet[SlipMatch]":
    return SlipMatch.objects.filter(text__iexact=text).order_by("pk")


def _lock_waiting(match: SlipMatch, *, whole: bool = False) -> list[SlipMatch]:
    """The rows that wait with the same words. Raises `NotAllowed` where none waits for this partner any more."""
    waiting = list(_same_words(match.text).filter(state=State.DOUBTFUL).select_for_update())
    if not any(whole or one.organization_id == match.organization_id for one in waiting):
        raise NotAllowed(_("Somebody decided about these words already."))
    return waiting


def _set(ids: list[int], state: str, at: datetime, by: User) -> None:
    SlipMatch.objects.filter(pk__in=ids).update(state=state, decided_at=at, decided_by=by)


def _after(learned: str) -> None:
    """A new name may settle other slips that wait, whose words differ a little."""
    if learned:
        rematch_slips(only=RecordedSlip.objects.filter(matches__state=State.DOUBTFUL).distinct())
    empty_page_cache_on_commit()

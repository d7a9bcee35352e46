"""Writes which partners the recorded slips name: for certain, or for staff to look at.

What staff decided about some words holds for later slips with the same words, too.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.db import transaction
from django.db.models import QuerySet

from legislation.models import RecordedSlip, SlipMatch
from legislation.naming.firms import Finding, FirmIndex, Partner
from partners.caching import empty_page_cache_on_commit
from partners.models import Organization, OrganizationAlias

State = SlipMatch.State
OPEN = (State.SURE, State.DOUBTFUL)
DECIDED = (State.CONFIRMED, State.REJECTED)
AT_ONCE = 2000
Fields = tuple[str, int, str, str]  # words, likeness, reason, state


@dataclass(frozen=True)
class Decision:
    """What staff once said of some words and a partner."""

    state: str
    at: datetime | None
    by: int | None


def load_index() -> FirmIndex:
    """All partners, also lapsed ones, with their other names and where they are. Two reads."""
    aliases: dict[int, list[str]] = defaultdict(list)
    for organization, name in OrganizationAlias.objects.order_by("pk").values_list("organization_id", "name"):
        aliases[organization].append(name)
    partners = Organization.objects.exclude(status=Organization.Status.LEFT).order_by("pk")
    return FirmIndex(
        Partner(pk, name, tuple(aliases[pk]), (city, county))
        for pk, name, city, county in partners.values_list("pk", "name", "city", "county__name")
    )


def match_slips(*, slips: Iterable[int]) -> int:
    """Finds the partners on these slips; how many rows were added, changed or taken away."""
    ids = list(slips)
    return _match(RecordedSlip.objects.filter(pk__in=ids)) if ids else 0


def rematch_slips(*, only: "QuerySet[RecordedSlip] | None" = None) -> int:
    """Reads stored slips again, after partners came, were renamed or got another name; how many rows changed.

    What staff decided stays, and so does what names a partner that has left since.
    """
    changed = _match(RecordedSlip.objects.all() if only is None else only)
    if changed:
        empty_page_cache_on_commit()
    return changed


def _match(slips: "QuerySet[RecordedSlip]") -> int:
    index = load_index()
    decisions = load_decisions()
    rows = slips.order_by("pk").values_list("pk", "firm", "representation")
    stored = rows.iterator(AT_ONCE)
    changed = 0
    while some := list(islice(stored, AT_ONCE)):
        changed += _match_some(some, index, decisions)
    return changed


@transaction.atomic
def _match_some(
    rows: list[tuple[int, str, str]], index: FirmIndex, decisions: dict[tuple[str, int], Decision]
) -> int:
    """Some slips at a time, so that reading a hundred thousand again holds no lock for long."""
    ids = [pk for pk, _firm, _representation in rows]
    known: dict[tuple[int, int], SlipMatch] = {
        (match.slip_id, match.organization_id): match
        for match in SlipMatch.objects.select_for_update().filter(slip__in=ids)
    }
    found = {
        (pk, finding.organization): _read(pk, finding, decisions)
        for pk, firm, representation in rows
        for finding in index.match(firm, representation)
    }
    new = [match for key, match in found.items() if key not in known]
    changed: list[SlipMatch] = []
    gone: list[int] = []
    for key, old in known.items():
        match = found.get(key)
        if old.state not in OPEN:
            continue
        if match is None:
            if index.knows(old.organization_id):
                gone.append(old.pk)
        elif _facts(old) != _facts(match):
            match.pk = old.pk
            changed.append(match)
    SlipMatch.objects.bulk_create(new, ignore_conflicts=True)
    SlipMatch.objects.bulk_update(changed, ["text", "score", "reason", "state", "decided_at", "decided_by"])
    SlipMatch.objects.filter(pk__in=gone).delete()
    return len(new) + len(changed) + len(gone)


def _read(slip: int, finding: Finding, decisions: dict[tuple[str, int], Decision]) -> SlipMatch:
    """The row for a finding; where staff decided about the same words, what they said."""
    decided = decisions.get((words_key(finding.words), finding.organization))
    state: str = State.SURE if finding.is_sure else State.DOUBTFUL
    if decided is not None and (decided.state == State.REJECTED or not finding.is_sure):
        state = decided.state
    else:
        decided = None
    return SlipMatch(
        slip_id=slip,
        organization_id=finding.organization,
        text=finding.words,
        score=finding.score,
        reason=finding.reason,
        state=state,
        decided_at=decided.at if decided else None,
        decided_by_id=decided.by if decided else None,
    )


def _facts(match: SlipMatch) -> Fields:
    return match.text, match.score, match.reason, match.state


def words_key(words: str) -> str:
    """What two spellings of the same words share."""
    return " ".join(words.split()).lower()


def load_decisions() -> dict[tuple[str, int], Decision]:
    """Words and partner → what staff said of them last. Words that fit many bodies are decided slip by slip."""
    rows = SlipMatch.objects.filter(state__in=DECIDED).order_by("decided_at", "pk")
    found = {}
    for text, organization, state, at, by in rows.values_list(
        "text", "organization_id", "state", "decided_at", "decided_by_id"
    ).distinct():
        if state == State.REJECTED or not is_general(text):
            found[words_key(text), organization] = Decision(state, at, by)
    return found


def is_general(words: str) -> bool:
    """Whether nothing in the words tells one organization from another, as in "Community Services"."""
    return FirmIndex.is_general(words)

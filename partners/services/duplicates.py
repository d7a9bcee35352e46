"""Is this organization here already? By name, EIN and web domain, over partners and waiting requests."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from rapidfuzz import fuzz, process

from partners.matching import normalize_name, web_domain
from partners.models import JoinApplication, Organization

# From here on two names are likely the same body, by `name_likeness` (0 to 100).
LIKELY = 88
INSIDE = 90
SAME_DOMAIN = 95


@dataclass
class DuplicateMatch:
    """One organization or waiting request that looks like the given one. `score` runs from 0 to 100."""

    organization: Organization | None
    score: int
    reasons: list[str] = field(default_factory=list)
    application: JoinApplication | None = None

    @property
    def name(self) -> str:
        if self.organization:
            return self.organization.name
        return str(self.application.organization_answers.get("name", "")) if self.application else ""

    @property
    def city(self) -> str:
        if self.organization:
            return self.organization.city
        return str(self.application.organization_answers.get("city", "")) if self.application else ""


@dataclass(frozen=True)
class _Candidate:
    organization_id: int | None
    application_id: int | None
    name: str
    ein: str
    domain: str


def find_duplicates(
    *,
    name: str,
    ein: str,
    website: str,
    exclude: Organization | JoinApplication | None = None,
) -> list[DuplicateMatch]:
    """Likely the same organization, the surest first, at most eight. Two reads for any number of partners."""
    candidates = [one for one in _candidates() if not _is(one, exclude)]
    found = dict(_by_name(normalize_name(name), candidates))
    domain = web_domain(website)
    matches: list[tuple[_Candidate, int, list[str]]] = []
    for place, candidate in enumerate(candidates):
        score, reasons = 0, []
        if place in found:
            score, reasons = found[place], [_("similar name")]
        if domain and candidate.domain == domain:
            score, reasons = max(score, SAME_DOMAIN), [*reasons, _("same website")]
        if ein and candidate.ein == ein:
            score, reasons = 100, [*reasons, _("same EIN")]
        if reasons:
            matches.append((candidate, score, reasons))
    matches.sort(key=lambda match: -match[1])
    return _with_rows(matches[:8])


def _candidates() -> Iterable[_Candidate]:
    for pk, name, ein, domain in Organization.objects.order_by().values_list(
        "id", "name", "ein", "web_domain"
    ):
        yield _Candidate(pk, None, name, ein, domain)
    waiting = JoinApplication.objects.waiting().values_list(
        "id", "organization_answers__name", "organization_answers__ein", "organization_answers__website"
    )
    for pk, name, ein, website in waiting:
        yield _Candidate(None, pk, name or "", ein or "", web_domain(website or ""))


def _is(candidate: _Candidate, excluded: Organization | JoinApplication | None) -> bool:
    if isinstance(excluded, Organization):
        return candidate.organization_id == excluded.pk
    return excluded is not None and candidate.application_id == excluded.pk


def _by_name(name: str, candidates: list[_Candidate]) -> Iterable[tuple[int, int]]:
    """Places of candidates with a like name, and how like it is."""
    if not name:
        return
    names = [normalize_name(candidate.name) for candidate in candidates]
    for _name, score, place in process.extract(
        name, names, scorer=name_likeness, processor=None, score_cutoff=LIKELY, limit=20
    ):
        yield place, round(score)


def name_likeness(
    one: str,
    other: str,
    *,
    processor: Callable[[str], str] | None = None,
    score_cutoff: float | None = None,
) -> float:
    """How like two normalized names are, 0 to 100.

    Word order does not count and small misspellings count little. A name of two words or more that is wholly
    inside a longer one ("Arden Shore" in "Arden Shore Child and Family Services") counts as INSIDE.
    """
    score = fuzz.token_sort_ratio(one, other, processor=processor) if one and other else 0.0
    if score < INSIDE:
        shorter, longer = sorted((set(one.split()), set(other.split())), key=len)
        if len(shorter) > 1 and shorter <= longer:
            score = INSIDE
    return score if score_cutoff is None or score >= score_cutoff else 0.0


def _with_rows(matches: list[tuple[_Candidate, int, list[str]]]) -> list[DuplicateMatch]:
    organizations = Organization.objects.select_related("county").in_bulk(
        [candidate.organization_id for candidate, _score, _reasons in matches if candidate.organization_id]
    )
    applications = JoinApplication.objects.in_bulk(
        [candidate.application_id for candidate, _score, _reasons in matches if candidate.application_id]
    )
    return [
        DuplicateMatch(
            organization=organizations.get(candidate.organization_id),
            application=applications.get(candidate.application_id),
            score=score,
            reasons=reasons,
        )
        for candidate, score, reasons in matches
    ]

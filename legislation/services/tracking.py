"""The coalition's own following of bills: begun for many at once, set for many at once, linked to earlier bills."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from legislation.chambers import GeneralAssembly
from legislation.models import Bill, BillRelation, BillTracking
from legislation.search.text import SearchText
from legislation.services.search_index import fill_search
from partners.caching import empty_page_cache_on_commit
from partners.errors import NotAllowed
from partners.history import changed_by
from partners.models import User

MOST_AT_ONCE = 200
# What can be set for many at once; a value of None leaves it as it is.
SETTABLE = ("position", "priority", "owner", "is_public")


@dataclass
class PastedNumbers:
    """What a list of typed numbers means: bills not tracked yet, tracked ones, and lines nobody can act on."""

    new: list[Bill] = field(default_factory=list)
    tracked: list[Bill] = field(default_factory=list)
    # Each line as typed, with what is wrong with it.
    unknown: list[tuple[str, str]] = field(default_factory=list)


def read_pasted(text: str, *, session: int = 0) -> PastedNumbers:
    """Reads lines such as `HB 1075`, `sb-12` or `HB 4898 96th`; several numbers may share a line.

    Without a General Assembly in the line, `session` is meant, or the one in office. One query.
    """
    session = session or GeneralAssembly.current().number
    lines = [line.strip() for line in text.replace(";", "\n").replace(",", "\n").splitlines() if line.strip()]
    read = [(line, SearchText.read(line)) for line in lines]
    numbers = {number for _line, words in read for _prefix, number in words.numbers}
    sessions = {words.session or session for _line, words in read}
    found: dict[tuple[int, int], list[Bill]] = {}
    for bill in Bill.objects.filter(session__in=sessions, number__in=numbers).select_related("tracking"):
        found.setdefault((bill.session, bill.number), []).append(bill)
    pasted = PastedNumbers()
    seen: set[int] = set()
    for line, words in read:
        if not words.numbers:
            pasted.unknown.append((line[:80], _("This is no bill number.")))
        for prefix, number in words.numbers:
            bills = found.get((words.session or session, number), [])
            _sort_in(pasted, seen, line[:80], [bill for bill in bills if prefix in ("", bill.prefix)])
    return pasted


def _sort_in(pasted: PastedNumbers, seen: set[int], line: str, bills: Sequence[Bill]) -> None:
    if not bills:
        pasted.unknown.append((line, _("No such bill is in our records.")))
    elif len(bills) > 1:
        names = ", ".join(sorted(bill.label for bill in bills))
        pasted.unknown.append((line, _("Which one? %(names)s") % {"names": names}))
    elif bills[0].pk not in seen:
        seen.add(bills[0].pk)
        (pasted.tracked if hasattr(bills[0], "tracking") else pasted.new).append(bills[0])


@transaction.atomic
def track_bills(
    *,
    bills: Iterable[Bill],
    by: User,
    position: str = BillTracking.Position.NEUTRAL,
    priority: str = BillTracking.Priority.MONITOR,
    owner: User | None = None,
    is_public: bool = True,
) -> list[BillTracking]:
    """Begins to follow bills. One that is followed already stays as it is. Returns what is new."""
    begun = []
    for bill in bills:
        tracking = BillTracking(
            bill=bill, position=position, priority=priority, owner=owner, is_public=is_public
        )
        changed_by(tracking, by)
        try:
            with transaction.atomic():
                tracking.save()
        except IntegrityError:  # Followed already, perhaps since a moment ago.
            continue
        begun.append(tracking)
    if begun:
        empty_page_cache_on_commit()
    return begun


@transaction.atomic
def set_trackings(*, ids: Iterable[int], by: User, changes: dict[str, object]) -> int:
    """Sets any of SETTABLE for many tracked bills; each change stands in the bill's history. Returns how many changed."""
    unknown = set(changes) - set(SETTABLE)
    if unknown or not changes:
        raise NotAllowed(_("Choose what to set."))
    changed = []
    for tracking in (
        BillTracking.objects.select_for_update(of=("self",)).filter(pk__in=list(ids)).order_by("pk")
    ):
        new = {name: value for name, value in changes.items() if getattr(tracking, name) != value}
        if not new:
            continue
        for name, value in new.items():
            setattr(tracking, name, value)
        changed_by(tracking, by)
        tracking.save(update_fields=list(new))
        changed.append(tracking.bill_id)
    if changed:
        after_tracking_changed(bills=changed)
    return len(changed)


@transaction.atomic
def after_tracking_changed(*, bills: Iterable[int]) -> None:
    """What hangs on a public position: the plain title in the search, and stored public pages."""
    fill_search(bills)
    empty_page_cache_on_commit()


@transaction.atomic
def link_bills(*, bill: Bill, other: Bill, kind: str) -> BillRelation:
    """Notes that `other` is a companion of `bill` or what it brings back. Twice is the same as once."""
    if bill.pk == other.pk:
        raise NotAllowed(_("A bill is no relation of itself."))
    relation, _is_new = BillRelation.objects.get_or_create(
        bill=bill,
        session=other.session,
        identifier=other.identifier,
        defaults={
            "kind": kind,
            "title": other.title[:300],
            "outcome": other.get_stage_display()[:300],
            "url": other.source_url,
        },
    )
    empty_page_cache_on_commit()
    return relation

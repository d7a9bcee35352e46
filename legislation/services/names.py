"""Decisions of staff about printed names, and linking again after members, terms or committees changed."""

from datetime import date
from typing import Any

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from legislation.chambers import GeneralAssembly
from legislation.models import (
    Bill,
    Committee,
    CommitteeMembership,
    Hearing,
    Legislator,
    NameMatch,
    RollCall,
    Sponsorship,
    Vote,
)
from legislation.naming.committee_names import CommitteeIndex
from legislation.naming.names import NameIndex, take_read_differently
from legislation.services.search_index import fill_search
from partners.caching import empty_page_cache_on_commit
from partners.models import User

# Votes and roll calls of one General Assembly whose name, chamber, day and link are in the list get the new link.
_LINK_VOTES = """
UPDATE legislation_vote AS vote SET legislator_id = link.new
FROM legislation_rollcall AS roll_call, legislation_bill AS bill,
    unnest(%s::text[], %s::text[], %s::date[], %s::bigint[], %s::bigint[]) AS link(chamber, name, day, old, new)
WHERE vote.roll_call_id = roll_call.id AND roll_call.bill_id = bill.id AND bill.session = %s
    AND roll_call.chamber = link.chamber AND vote.name = link.name AND roll_call.date = link.day
    AND vote.legislator_id IS NOT DISTINCT FROM link.old
"""
# Nobody votes twice: where two names of one roll call lead to the same member, neither is linked.
_UNLINK_DOUBLES = """
UPDATE legislation_vote AS vote SET legislator_id = NULL
FROM (
    SELECT same.roll_call_id, same.legislator_id
    FROM legislation_vote AS same
    JOIN legislation_rollcall AS roll_call ON roll_call.id = same.roll_call_id
    JOIN legislation_bill AS bill ON bill.id = roll_call.bill_id
    WHERE bill.session = %s AND same.legislator_id IS NOT NULL
    GROUP BY same.roll_call_id, same.legislator_id HAVING count(*) > 1
) AS double
WHERE vote.roll_call_id = double.roll_call_id AND vote.legislator_id = double.legislator_id
"""

Name = tuple[str, str]  # chamber, name as printed


@transaction.atomic
def decide_name(*, match: NameMatch, legislator: Legislator | None, by: User) -> NameMatch:
    """Staff say who is meant by a printed name, or that it is no member's (None). Holds for later imports too.

    Links every sponsorship, vote and committee seat of that General Assembly and chamber that bears the name.
    """
    row = NameMatch.objects.select_for_update().get(pk=match.pk)
    row.state = NameMatch.State.DECIDED if legislator is not None else NameMatch.State.NOBODY
    row.legislator = legislator
    row.decided_at, row.decided_by = timezone.now(), by
    row.save(update_fields=["state", "legislator", "decided_at", "decided_by"])
    _relink(NameIndex.load(row.session), only=(row.chamber, row.name))
    return row


@transaction.atomic
def undo_decision(*, match: NameMatch) -> NameMatch:
    """Takes a decision back: the name counts again as the spelling says."""
    row = NameMatch.objects.select_for_update().get(pk=match.pk)
    row.state, row.legislator = NameMatch.State.UNKNOWN, None
    row.decided_at = row.decided_by = None
    row.save(update_fields=["state", "legislator", "decided_at", "decided_by"])
    index = NameIndex.load(row.session)
    index.reread()
    _relink(index, only=(row.chamber, row.name))
    row.refresh_from_db()
    return row


@transaction.atomic
def rematch(*, session: int) -> int:
    """Reads every printed name of a General Assembly again and mends the links; how many rows got another one.

    Run after members or their terms changed: what came in before them then stands as if it had come after.
    """
    index = NameIndex.load(session)
    index.reread()
    return _relink(index)


def rematch_everything() -> int:
    """`rematch` for every General Assembly that has printed names."""
    sessions = NameMatch.objects.order_by("session").values_list("session", flat=True).distinct()
    return sum(rematch(session=session) for session in list(sessions))


def settle_readings() -> int:
    """`rematch` where this process read a stored name differently than before, such as after a source named a person
    along with it. At the end of a run."""
    return sum(rematch(session=session) for session in sorted(take_read_differently()))


def _relink(index: NameIndex, only: Name | None = None) -> int:
    votes = _relink_votes(index, only)
    bills = _relink_sponsorships(index, only)
    seats = _relink_seats(index, only)
    index.save_reviews()
    if bills:
        # Sponsors are found under the name in our records too.
        fill_search(bills)
    if votes or bills or seats:
        empty_page_cache_on_commit()
    return votes + len(bills) + seats


def _relink_votes(index: NameIndex, only: Name | None) -> int:
    votes = Vote.objects.filter(roll_call__bill__session=index.session)
    if only:
        votes = votes.filter(roll_call__chamber=only[0], name=only[1])
    links: list[tuple[str, str, date, int | None, int | None]] = []
    for chamber, name, day, old in (
        votes.order_by()
        .values_list("roll_call__chamber", "name", "roll_call__date", "legislator_id")
        .distinct()
    ):
        new = index.link(name, chamber, day, old)
        if new != old:
            links.append((chamber, name, day, old, new))
    if not links:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_LINK_VOTES, [*map(list, zip(*links, strict=True)), index.session])
        linked = cursor.rowcount
        cursor.execute(_UNLINK_DOUBLES, [index.session])
        return max(linked - cursor.rowcount, 0)


def _relink_sponsorships(index: NameIndex, only: Name | None) -> set[int]:
    """The bills with a sponsor who got another link."""
    rows = Sponsorship.objects.filter(bill__session=index.session)
    if only:
        rows = rows.filter(chamber=only[0], name=only[1])
    changed: set[int] = set()
    for chamber, name, old in rows.order_by().values_list("chamber", "name", "legislator_id").distinct():
        new = index.link(name, chamber, None, old)
        if new != old:
            same = rows.filter(chamber=chamber, name=name, legislator_id=old)
            changed.update(same.values_list("bill_id", flat=True))
            same.update(legislator_id=new)
    return changed


def _relink_seats(index: NameIndex, only: Name | None) -> int:
    """Seats on committees: rosters are those of the General Assembly of today."""
    if index.session != GeneralAssembly.current().number:
        return 0
    changed = []
    for seat in CommitteeMembership.objects.select_related("committee").only(
        "name", "legislator", "committee__chamber"
    ):
        chamber = roster_chamber(seat.committee.chamber)
        if only is None or only == (chamber, seat.name):
            new = index.link(seat.name, chamber, None, seat.legislator_id)
            if new != seat.legislator_id:
                seat.legislator_id = new
                changed.append(seat)
    CommitteeMembership.objects.bulk_update(changed, ["legislator"])
    return len(changed)


def roster_chamber(chamber: str) -> str:
    """Whose names stand in a committee's roster: its chamber's, in a joint committee either's ("")."""
    return "" if chamber == Committee.CommitteeChamber.JOINT else chamber


# --- Committees ------------------------------------------------------------------------------------------------------


@transaction.atomic
def relink_committees() -> int:
    """Reads every printed committee name again: of committee votes, hearings, and bills in a committee."""
    index = CommitteeIndex.load()
    votes = RollCall.objects.filter(scope=RollCall.Scope.COMMITTEE)
    bills = Bill.objects.filter(~Q(committee_name=""))
    return (
        _relink_committee(index, votes, "motion", "chamber")
        + _relink_committee(index, Hearing.objects.all(), "committee_name", "chamber")
        + _relink_committee(index, bills, "committee_name", "current_chamber")
    )


def _relink_committee(index: CommitteeIndex, rows: Any, name: str, chamber: str) -> int:
    changed = 0
    for text, where, old in rows.order_by().values_list(name, chamber, "committee_id").distinct():
        new = index.resolve(text, where)
        if new != old:
            same = rows.filter(**{name: text, chamber: where, "committee_id": old})
            changed += same.update(committee_id=new)
    return changed

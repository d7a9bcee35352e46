"""The equity panel: who came, and how that compares with the partners who might have come.

Beside each other stand the organizations that attended and the active partners of the area, both with the share that
is underrepresented (`partners.underrepresented`, at the end of the period or today while it runs) and its coverage.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from meetings.models import Attendance, Event
from partners.fiscal_year import FiscalYear, Period
from partners.underrepresented import STANDING_SQL, Reason, standing_params

COUNCILS = (Event.Kind.COUNCIL,)
# Kinds that are compared. Internal events are counted apart, wherever numbers are told.
COMPARED = tuple(kind for kind in Event.Kind if kind != Event.Kind.INTERNAL)
YEARS_BACK = 4


@dataclass(frozen=True)
class Side:
    """Organizations on one side: `yes` and `no` are known, `declined` have answered, of the rest nothing is known."""

    organizations: int = 0
    yes: int = 0
    no: int = 0
    declined: int = 0
    reasons: dict[Reason, int] = field(default_factory=dict)

    @property
    def known(self) -> int:
        """Organizations the share is a share of."""
        return self.yes + self.no

    @property
    def answered(self) -> int:
        return self.known + self.declined

    @property
    def unknown(self) -> int:
        return self.organizations - self.answered

    @property
    def share(self) -> float | None:
        """Underrepresented of those of which it is known, in percent."""
        return round(100 * self.yes / self.known, 1) if self.known else None

    @property
    def coverage(self) -> float | None:
        """Answered of all, in percent."""
        return round(100 * self.answered / self.organizations, 1) if self.organizations else None

    def reason_share(self, reason: Reason) -> float | None:
        """Those with this reason of those of which it is known whether there is any, in percent."""
        return round(100 * self.reasons.get(reason, 0) / self.known, 1) if self.known else None


@dataclass(frozen=True)
class Panel:
    """One row: who came, in people, visits and organizations, beside the active partners."""

    people: int = 0
    visits: int = 0
    attending: Side = field(default_factory=Side)
    partners: Side = field(default_factory=Side)

    @property
    def gap(self) -> float | None:
        """Percentage points by which the attending share differs; below zero, underrepresented ones are missing."""
        if self.attending.share is None or self.partners.share is None:
            return None
        return round(100 * (self.attending.yes / self.attending.known - self._target), 1)

    @property
    def _target(self) -> float:
        return self.partners.yes / self.partners.known

    @property
    def to_close(self) -> int | None:
        """How many more underrepresented organizations close the gap; None where none would, or nothing is known."""
        if not self.partners.known:
            return None
        yes, known, target = self.attending.yes, self.attending.known, self._target
        if not known:
            return int(target > 0)
        if target >= 1:
            return 0 if yes == known else None
        # A hair less: a share that is met exactly must not be rounded up to one more.
        return max(0, math.ceil((target * known - yes) / (1 - target) - 1e-9))

    def reason_gaps(self) -> dict[Reason, float]:
        """For each reason the same difference, in points; nothing where a side is not known at all."""
        if not self.partners.known:
            return {}
        return {
            reason: round(
                (self.attending.reason_share(reason) or 0.0) - (self.partners.reason_share(reason) or 0.0), 1
            )
            for reason in Reason
        }

    @property
    def by_reason(self) -> list[tuple[Reason, int, float | None, int, float | None]]:
        """Each reason with number and share on either side."""
        return [
            (
                reason,
                self.attending.reasons.get(reason, 0),
                self.attending.reason_share(reason),
                self.partners.reasons.get(reason, 0),
                self.partners.reason_share(reason),
            )
            for reason in Reason
        ]


@dataclass(frozen=True)
class Look:
    """Events that are counted together: of some kinds, in a period."""

    period: Period
    kinds: Sequence[str] = COUNCILS


_COUNTS = """count(*), count(*) FILTER (WHERE verdict = 'yes'), count(*) FILTER (WHERE verdict = 'no'),
    count(*) FILTER (WHERE verdict = 'declined'), count(*) FILTER (WHERE leader_race),
    count(*) FILTER (WHERE leader_ability), count(*) FILTER (WHERE budget), count(*) FILTER (WHERE sub_sector)"""
# A row of `visit` is one person of one organization at the events of a look in one area; area 0 is none. A look names
# the moment at which its organizations are judged.
_VISITS_OF_LOOKS = """
, look AS (
    SELECT * FROM unnest(%(starts)s::timestamptz[], %(ends)s::timestamptz[], %(kinds)s::text[], %(places)s::int[])
        WITH ORDINALITY AS given(starts, ends, kinds, moment, look)
), visit AS MATERIALIZED (
    SELECT look, moment, COALESCE(event.area_id, 0) AS area, organization_id, person_id, count(*) AS visits
    FROM look JOIN meetings_event AS event
        ON event.starts_at >= starts AND event.starts_at < ends AND event.kind = ANY(string_to_array(kinds, ','))
    JOIN meetings_attendance AS attendance ON attendance.event_id = event.id AND attendance.status = 'attended'
    GROUP BY look, moment, area, organization_id, person_id
)"""
_VISITS_OF_EVENT = """
, visit AS MATERIALIZED (
    SELECT 1 AS look, 1 AS moment, %(area)s AS area, organization_id, person_id, 1 AS visits
    FROM meetings_attendance WHERE event_id = %(event)s AND status = ANY(%(statuses)s)
)"""
_READ = f"""
, present AS (
    SELECT DISTINCT look, moment, area, organization_id FROM visit WHERE organization_id IS NOT NULL
    UNION ALL
    SELECT DISTINCT look, moment, NULL::bigint, organization_id FROM visit WHERE organization_id IS NOT NULL
)
SELECT 'attending', look, area, {_COUNTS}
FROM present JOIN standing ON standing.number = moment AND standing.organization_id = present.organization_id
GROUP BY look, area
UNION ALL
SELECT 'people', look, area, count(DISTINCT person_id), sum(visits)::bigint, 0, 0, 0, 0, 0, 0
FROM visit GROUP BY GROUPING SETS ((look, area), (look))
UNION ALL
SELECT 'partners', number, home, {_COUNTS}
FROM standing WHERE is_partner GROUP BY GROUPING SETS ((number, home), (number))
"""  # noqa: S608 - put together from constants of this module

Panels = dict[tuple[int, int | None], Panel]


def panels(looks: Sequence[Look], now: datetime) -> Panels:
    """By (number of the look from 0, area or None for all areas). One query, however many looks."""
    instant = timedelta(microseconds=1)
    judged = [min(look.period.end - instant, now) for look in looks]
    moments = sorted(set(judged))
    places = [moments.index(moment) for moment in judged]
    params = standing_params(moments) | {
        "starts": [look.period.start for look in looks],
        "ends": [min(look.period.end, now + instant) for look in looks],
        "kinds": [",".join(look.kinds) for look in looks],
        "places": [place + 1 for place in places],
    }
    return _read(STANDING_SQL + _VISITS_OF_LOOKS + _READ, params, places)


def event_panel(event: Event, now: datetime) -> Panel:
    """One event: those who were there; before it is over, those who have a seat. Beside them the area's partners."""
    happened = event.state == Event.State.HELD or event.ends_at <= now
    statuses = [Attendance.Status.ATTENDED] if happened else [*Attendance.SEATED]
    params = standing_params([min(event.ends_at, now)]) | {
        "area": event.area_id or 0,
        "event": event.pk,
        "statuses": [str(status) for status in statuses],
    }
    found = _read(STANDING_SQL + _VISITS_OF_EVENT + _READ, params, [0])
    everybody = found.get((0, None), Panel())
    if event.area_id is None:
        return everybody
    home = found.get((0, event.area_id), Panel())
    return Panel(everybody.people, everybody.visits, everybody.attending, home.partners)


def _read(statement: str, params: dict[str, Any], places: Sequence[int]) -> Panels:
    """Runs it. `places` says which of the moments each look is judged at."""
    counts: dict[str, dict[tuple[int, int | None], list[int]]] = {
        "attending": {},
        "partners": {},
        "people": {},
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        for which, number, area, *numbers in cursor.fetchall():
            counts[which][number - 1, area] = numbers
    partners = {key: _side(numbers) for key, numbers in counts["partners"].items()}
    nobody = Side()
    found = {}
    for look, place in enumerate(places):
        homes = {area for moment, area in partners if moment == place}
        for area in homes | {area for number, area in counts["people"] if number == look} | {None}:
            people, visits, *_rest = counts["people"].get((look, area), [0, 0])
            attending = _side(counts["attending"].get((look, area)))
            found[look, area] = Panel(people, visits, attending, partners.get((place, area), nobody))
    return found


def _side(counts: list[int] | None) -> Side:
    if counts is None:
        return Side()
    organizations, yes, no, declined, *reasons = counts
    return Side(organizations, yes, no, declined, dict(zip(Reason, reasons, strict=True)))


def quarters_of(years: Sequence[FiscalYear]) -> list[Period]:
    """The quarters of some fiscal years, one after the other."""
    return [quarter for year in years for quarter in year.quarters]

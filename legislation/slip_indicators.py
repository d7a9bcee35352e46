"""Indicator P3, witness slips: what our people say they filed and what the General Assembly lists, side by side."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Case, Count, F, Q, QuerySet, Value, When
from django.db.models.functions import TruncDate
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from legislation.models import Hearing, RecordedSlip, ReportedSlip, SlipMatch
from partners.fiscal_year import CHICAGO, FiscalYear, Period

SLIPS_DEFINITION = _(
    "Two numbers that are never added, both by the day of the hearing. Reported by our people: slips that a person "
    "says they filed, each person, document, day of the hearing and organization named counted once; a slip filed "
    "again for another day counts again. Pledges do not count. Recorded by the General Assembly: the lines of the "
    "official lists that were imported, whoever filed them; of these, slips that name a partner, by name or by "
    "staff's decision. In support means filed as proponent; opponents and slips without a position stand apart. "
    "Coverage: hearings for which our people reported slips and whose official list was imported."
)
SURE = (SlipMatch.State.SURE, SlipMatch.State.CONFIRMED)
_Position = RecordedSlip.Position


@dataclass(frozen=True)
class ReportedSlips:
    """What our people say they filed. `people` and `organizations` (named on the slips) each once."""

    proponents: int = 0
    opponents: int = 0
    no_position: int = 0
    people: int = 0
    organizations: int = 0

    @property
    def slips(self) -> int:
        """Whatever the position."""
        return self.proponents + self.opponents + self.no_position


@dataclass(frozen=True)
class RecordedSlips:
    """What the General Assembly lists; `by_partners` slips of them name a partner, `partners` of them in all."""

    proponents: int = 0
    opponents: int = 0
    no_position: int = 0
    by_partners: int = 0
    proponents_by_partners: int = 0
    partners: int = 0

    @property
    def slips(self) -> int:
        """Whatever the position."""
        return self.proponents + self.opponents + self.no_position


@dataclass(frozen=True)
class SlipsInPeriod:
    """Both numbers for a stretch of days."""

    period: Period
    reported: ReportedSlips
    recorded: RecordedSlips


@dataclass
class SlipsAtHearing:
    """Both numbers for one posting. `hearing` is None where the list names a hearing that we do not know."""

    day: date
    committee: str
    hearing: Hearing | None = None
    reported: ReportedSlips = field(default_factory=ReportedSlips)
    recorded: RecordedSlips = field(default_factory=RecordedSlips)


@dataclass(frozen=True)
class SlipCoverage:
    """Of the postings with reported slips, those whose official list was imported; matches that wait for staff."""

    postings: int
    listed: int
    doubtful: int

    @property
    def percent(self) -> int | None:
        """0 to 100, rounded down; None without a posting."""
        return 100 * self.listed // self.postings if self.postings else None


@dataclass(frozen=True)
class SlipsInSupport:
    """Indicator P3 in one fiscal year."""

    year: FiscalYear
    total: SlipsInPeriod
    quarters: list[SlipsInPeriod]
    hearings: list[SlipsAtHearing]
    coverage: SlipCoverage
    definition: str | Promise = SLIPS_DEFINITION


def slips_in_support(year: FiscalYear) -> SlipsInSupport:
    """P3 of a fiscal year. As many queries whatever was filed."""
    hearings = _by_hearing(year.period)
    reported = [row for row in hearings if row.reported.slips]
    doubtful = SlipMatch.objects.filter(
        slip__in=_recorded(year.period), state=SlipMatch.State.DOUBTFUL
    ).count()
    return SlipsInSupport(
        year=year,
        total=slips_in(year.period),
        quarters=[slips_in(quarter) for quarter in year.quarters],
        hearings=hearings,
        coverage=SlipCoverage(
            postings=len(reported),
            listed=sum(1 for row in reported if row.recorded.slips),
            doubtful=doubtful,
        ),
    )


def slips_in(period: Period) -> SlipsInPeriod:
    """Both numbers for a stretch of days. Three queries."""
    return SlipsInPeriod(
        period,
        ReportedSlips(**_reported(period).aggregate(**_REPORTED)),
        RecordedSlips(
            **_recorded(period).aggregate(**_RECORDED),
            **_matched(period).aggregate(**_MATCHED),
        ),
    )


def _by_position(column: str = "position") -> dict[str, Count]:
    return {
        name: Count("pk", filter=Q(**{column: position}))
        for name, position in (
            ("proponents", _Position.PROPONENT),
            ("opponents", _Position.OPPONENT),
            ("no_position", _Position.NO_POSITION),
        )
    }


_REPORTED = _by_position() | {
    "people": Count("person", distinct=True),
    "organizations": Count("organization", distinct=True),
}
_RECORDED = _by_position()
_MATCHED = {
    "by_partners": Count("slip", distinct=True),
    "proponents_by_partners": Count("slip", filter=Q(slip__position=_Position.PROPONENT), distinct=True),
    "partners": Count("organization", distinct=True),
}


def _reported(period: Period) -> QuerySet[ReportedSlip]:
    return ReportedSlip.objects.filed().filter(posting_on__range=(period.first, period.last)).order_by()


def _recorded(period: Period) -> QuerySet[RecordedSlip]:
    rows = RecordedSlip.objects.filter(scheduled_at__gte=period.start, scheduled_at__lt=period.end)
    return rows.order_by()


def _matched(period: Period) -> QuerySet[SlipMatch]:
    rows = SlipMatch.objects.filter(
        slip__scheduled_at__gte=period.start, slip__scheduled_at__lt=period.end, state__in=SURE
    )
    return rows.order_by()


def _by_hearing(period: Period) -> list[SlipsAtHearing]:
    """Every posting with a slip of either sort, the latest first."""
    reported = (
        _reported(period)
        .values(day=F("posting_on"), hearing=F("document__hearing"))
        .annotate(committee=Value(""), **_REPORTED)
    )
    recorded = (
        _recorded(period)
        .values("hearing", day=TruncDate("scheduled_at", tzinfo=CHICAGO), committee=_committee())
        .annotate(**_RECORDED)
    )
    matched = (
        _matched(period)
        .values(
            day=TruncDate("slip__scheduled_at", tzinfo=CHICAGO),
            hearing=F("slip__hearing"),
            committee=_committee("slip__"),
        )
        .annotate(**_MATCHED)
    )
    return _joined(_keyed(reported), _keyed(recorded), _keyed(matched))


def _committee(via: str = "") -> Case:
    """What the list calls the committee, where we do not know the hearing; else nothing."""
    unknown = Q(**{f"{via}hearing__isnull": True})
    return Case(When(unknown, then=F(f"{via}committee_name")), default=Value(""))


# A posting: its day, and the hearing, or what the list calls the committee where we do not know the hearing.
_Key = tuple[date, int | str]


def _keyed(rows: Iterable[Any]) -> dict[_Key, dict[str, int]]:
    """The counts of each posting."""
    names = {"day", "hearing", "committee"}
    return {
        (row["day"], row["hearing"] or row["committee"]): {
            name: value for name, value in row.items() if name not in names
        }
        for row in rows
    }


def _joined(
    reported: dict[_Key, dict[str, int]],
    recorded: dict[_Key, dict[str, int]],
    matched: dict[_Key, dict[str, int]],
) -> list[SlipsAtHearing]:
    keys = {*reported, *recorded}
    hearings = (
        Hearing.objects.filter(pk__in=[which for _day, which in keys if isinstance(which, int)])
        .select_related("committee")
        .in_bulk()
    )
    rows = []
    for key in keys:
        day, which = key
        hearing = hearings.get(which) if isinstance(which, int) else None
        rows.append(
            SlipsAtHearing(
                day=day,
                committee=hearing.committee_title if hearing else str(which),
                hearing=hearing,
                reported=ReportedSlips(**reported.get(key, {})),
                recorded=RecordedSlips(**recorded.get(key, {}), **matched.get(key, {})),
            )
        )
    return sorted(rows, key=lambda row: (-row.day.toordinal(), row.committee))

"""How far a report got: what was planned and done by channel, our mail, downloads, presentations, citations, press."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import reduce
from operator import add

from django.utils.translation import gettext as _

from research.credits import Credit, credit_kinds, credits_of
from research.distribution_results import MailResult, mail_results
from research.models import (
    Citation,
    DistributionStep,
    Opportunity,
    PressMention,
    Report,
    ReportDownload,
)

Row = list[object]
WEEKS = 26


@dataclass(frozen=True)
class ChannelReach:
    """One channel of the plan: how many steps stand where, and what was sent or handed out."""

    label: str
    planned: int
    overdue: int
    done: int
    dropped: int
    sent: int
    uncounted: int


@dataclass(frozen=True)
class MailedStep:
    """An announcement that went out."""

    step: DistributionStep
    result: MailResult


@dataclass(frozen=True)
class Week:
    """Downloads of the week that begins on a Monday, by kind of file."""

    first: date
    total: int
    kinds: list[int]
    # How long its bar is, in percent of the busiest week's.
    width: float = 0.0


@dataclass(frozen=True)
class Counted:
    """Citations of one kind: verified pages, those still to look up."""

    label: str
    verified: int
    waiting: int


@dataclass
class Reach:
    """A report's reach as of a day. Numbers of different kinds are never added up."""

    report: Report
    day: date
    channels: list[ChannelReach]
    mail: list[MailedStep]
    mail_total: MailResult
    weeks: list[Week]
    downloads: int
    download_kinds: list[tuple[str, int]]
    opportunities: list[Opportunity]
    citations: list[Counted]
    verified: list[Citation]
    press: list[PressMention]
    steps: list[DistributionStep] = field(default_factory=list)
    credits: list[Credit] = field(default_factory=list)
    credit_kinds: list[str] = field(default_factory=list)

    @property
    def presented(self) -> list[Opportunity]:
        """Presentations that took place, whoever was the host."""
        return [one for one in self.opportunities if one.state == Opportunity.State.DELIVERED]

    @property
    def audience(self) -> int:
        """People in the audiences that somebody counted."""
        return sum(one.audience_size or 0 for one in self.presented)

    @property
    def audiences_counted(self) -> int:
        return sum(one.audience_size is not None for one in self.presented)

    @property
    def external(self) -> list[Opportunity]:
        """Opportunities that somebody else hosts: what indicator R2 counts."""
        return [one for one in self.opportunities if one.is_external]

    @property
    def verified_total(self) -> int:
        return len(self.verified)

    @property
    def to_review(self) -> int:
        """Citations that somebody should look up."""
        return sum(line.waiting for line in self.citations)


def reach_of(report: Report, today: date) -> Reach:
    """Everything we know of a report's reach, in as many queries however much there is."""
    steps = list(report.distribution.with_mail())
    mailed = [step for step in steps if _mailing(step)]
    results = mail_results([_mailing(step) for step in mailed])
    mail = [MailedStep(step, results[_mailing(step)]) for step in mailed]
    kinds, weeks = _downloads(report, today)
    citations = list(report.citations.all())
    return Reach(
        report=report,
        day=today,
        channels=_channels(steps, {one.step.pk: one.result for one in mail}, today),
        mail=mail,
        mail_total=reduce(add, (one.result for one in mail), MailResult()),
        weeks=weeks,
        downloads=sum(number for _kind, number in kinds),
        download_kinds=kinds,
        opportunities=list(report.opportunities.all()),
        citations=_citations(citations),
        verified=[one for one in citations if one.state == Citation.State.VERIFIED],
        press=list(report.press_mentions.all()),
        steps=steps,
        credits=credits_of([step.source_code for step in steps if step.source_code]),
        credit_kinds=credit_kinds(),
    )


def _mailing(step: DistributionStep) -> int:
    """The number of the mailing that sent its announcement, or 0."""
    announcement = getattr(step, "announcement", None)
    return (announcement.mailing_id or 0) if announcement else 0


def _channels(
    steps: Sequence[DistributionStep], mailed: dict[int, MailResult], today: date
) -> list[ChannelReach]:
    """A line for each channel of the plan, in the order of the choices."""
    groups: defaultdict[str, list[DistributionStep]] = defaultdict(list)
    for step in steps:
        groups[step.channel].append(step)
    state = DistributionStep.State

    def line(label: str, own: Sequence[DistributionStep]) -> ChannelReach:
        done = [step for step in own if step.state == state.DONE]
        sent = [mailed[step.pk].accepted if step.pk in mailed else step.sent_count for step in done]
        return ChannelReach(
            label=label,
            planned=sum(step.state == state.PLANNED for step in own),
            overdue=sum(step.state == state.PLANNED and step.planned_on < today for step in own),
            done=len(done),
            dropped=sum(step.state == state.DROPPED for step in own),
            sent=sum(number or 0 for number in sent),
            uncounted=sum(number is None for number in sent),
        )

    return [
        line(str(label), groups[value])
        for value, label in DistributionStep.Channel.choices
        if value in groups
    ]


def _downloads(report: Report, today: date) -> tuple[list[tuple[str, int]], list[Week]]:
    """Downloads by kind since the beginning, and by week and kind of the last half year."""
    kinds = ReportDownload.Kind.choices
    totals: dict[str, int] = dict.fromkeys((value for value, _label in kinds), 0)
    weeks: dict[date, dict[str, int]] = {}
    since = _monday(today) - timedelta(weeks=WEEKS - 1)
    for day, kind, number in report.downloads.order_by("day").values_list("day", "kind", "count"):
        totals[kind] = totals.get(kind, 0) + number
        if day >= since:
            week = weeks.setdefault(_monday(day), {})
            week[kind] = week.get(kind, 0) + number
    return [(str(label), totals.get(value, 0)) for value, label in kinds], _weeks(weeks, today)


def _weeks(found: dict[date, dict[str, int]], today: date) -> list[Week]:
    """Every week from the first one with a download to this one, those without any too."""
    if not found:
        return []
    first, busiest = min(found), max(sum(week.values()) for week in found.values())
    mondays = [first + timedelta(weeks=place) for place in range((_monday(today) - first).days // 7 + 1)]
    weeks = []
    for monday in mondays:
        own = found.get(monday, {})
        total = sum(own.values())
        numbers = [own.get(value, 0) for value in ReportDownload.Kind.values]
        weeks.append(Week(monday, total, numbers, round(100 * total / (busiest or 1), 1)))
    return weeks


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _citations(rows: Sequence[Citation]) -> list[Counted]:
    state = Citation.State
    return [
        Counted(
            str(label),
            sum(row.kind == value and row.state == state.VERIFIED for row in rows),
            sum(row.kind == value and row.state == state.SUGGESTED for row in rows),
        )
        for value, label in Citation.Kind.choices
    ]


# --- As a table -------------------------------------------------------------------------------------------------


def reach_rows(found: Reach) -> Iterator[Row]:
    """A line for each number: of what, of which group."""
    yield [_("part"), _("group"), _("what"), _("number")]
    for channel in found.channels:
        numbers = [
            (_("steps planned"), channel.planned),
            (_("of these overdue"), channel.overdue),
            (_("steps done"), channel.done),
            (_("steps dropped"), channel.dropped),
            (_("sent or handed out"), channel.sent),
            (_("steps done without a count"), channel.uncounted),
        ]
        yield from ([_("distribution"), channel.label, what, number] for what, number in numbers)
    for mailed in found.mail:
        yield from ([_("mail"), str(mailed.step), *line] for line in _mail_lines(mailed.result))
    for credit in found.credits:
        for what, number in zip(found.credit_kinds, credit.numbers, strict=True):
            yield [_("links with a source code"), credit.code, what, number]
    for kind, number in found.download_kinds:
        yield [_("downloads"), kind, _("since the release"), number]
    for week in found.weeks:
        yield [_("downloads"), week.first, _("week from that Monday"), week.total]
    yield from _uptake_rows(found)
    yield [_("as of"), found.day, "", ""]


def _mail_lines(result: MailResult) -> list[tuple[str, object]]:
    return [
        (_("readers"), result.readers),
        (_("accepted by the mail server"), result.accepted),
        (_("delivered, as far as reported"), result.delivered),
        (_("came back"), result.bounced),
        (_("readers who opened a link"), result.clicked),
        (_("coverage: end of the message known, %"), _cell(result.coverage_percent)),
    ]


def _uptake_rows(found: Reach) -> Iterator[Row]:
    for state, label in Opportunity.State.choices:
        number = sum(one.state == state for one in found.external)
        yield [_("opportunities to present"), _("hosted by others"), str(label), number]
    yield [_("presentations"), _("all hosts"), _("presentations"), len(found.presented)]
    yield [_("presentations"), _("all hosts"), _("people in counted audiences"), found.audience]
    yield [_("presentations"), _("all hosts"), _("audiences counted"), found.audiences_counted]
    for line in found.citations:
        yield [_("citations"), line.label, _("verified"), line.verified]
        yield [_("citations"), line.label, _("to be verified"), line.waiting]
    yield [_("press"), "", _("mentions"), len(found.press)]


def _cell(number: float | None) -> object:
    return "" if number is None else number

"""Indicators T1 and T2, who takes part in trainings and which are held: one definition each, in code and in words."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.fiscal_year import Period
from trainings.breakdowns import Group, LeaderIdentity, Way, leader_identities, ways
from trainings.models import Enrollment, Session
from trainings.querysets import EnrollmentQuerySet
from trainings.services.completion import minutes_of

PARTICIPANTS_DEFINITION = gettext_lazy(
    "People who attended at least one session that started in the period. People and organizations are counted once "
    "on each line, so lines do not add up to their total; every time somebody attended a session is an attendance. "
    "Completion: completions ÷ places of those who are or were registered, whether they came, stayed away or were "
    "excused; people on the waiting list, with an offered seat or who cancelled are not enrolled. A person's "
    "organization is the one at the time of registering; its council, county, sub-sectors and budget are those of "
    "today, and its districts are estimated from its ZIP code. An organization of two sub-sectors counts in both. "
    "Coverage: people whose organization is known ÷ all."
)
LEADERS_DEFINITION = gettext_lazy(
    "Leader identity: what leaders of organizations that took part told about themselves within 12 months before the "
    "end of the period, or before today while it runs. A leader may belong to several groups. “Prefer not to say” "
    "counts as answered and stands in no group. Groups of fewer than ten people or organizations are withheld here "
    "too, with as many others as it takes that none can be worked out. Coverage: organizations that answered ÷ all "
    "that took part."
)
SESSIONS_DEFINITION = gettext_lazy(
    "Sessions that started in the period and whose attendance is closed, with the hours of all their days. A session "
    "of a course with two topics counts in both. The region is the Local Area Council in which a session took place, "
    "or “online”."
)
_Status = Enrollment.Status
# A place in a session, whatever came of it. Who waits, was offered a seat or cancelled has none.
ENROLLED = (_Status.REGISTERED, _Status.ATTENDED, _Status.ABSENT, _Status.EXCUSED)


def share(part: int, whole: int) -> float | None:
    """In percent; None of nothing."""
    return round(100 * part / whole, 1) if whole else None


def begun(parts: Sequence[Period], now: datetime) -> list[Period]:
    """Without the parts that are still to come."""
    return [part for part in parts if part.start <= now]


def enrolled_between(start: datetime, end: datetime, now: datetime) -> EnrollmentQuerySet:
    """Places in sessions that started from `start` up to `end`, and by now; one that is called off has none."""
    return Enrollment.objects.filter(
        session__starts_at__gte=start,
        session__starts_at__lt=end,
        session__starts_at__lte=now,
        session__state__in=[Session.State.PUBLISHED, Session.State.HELD],
        status__in=ENROLLED,
    )


# --- T1 ---------------------------------------------------------------------------------------------------------


class Place(NamedTuple):
    """One person's place in a session, as far as T1 looks at it."""

    person: int
    organization: int | None
    starts_at: datetime
    attended: bool
    completed: bool


@dataclass(frozen=True)
class Participants:
    """T1 under one heading. `placed` are the people whose organization is known."""

    label: str | Promise
    people: int = 0
    organizations: int = 0
    attendances: int = 0
    enrolled: int = 0
    completions: int = 0
    placed: int = 0
    # For publication: nothing of the line is told, or not how much is known of it.
    is_withheld: bool = False
    has_coverage: bool = True

    @property
    def completion_percent(self) -> float | None:
        """Completions ÷ enrolled."""
        return share(self.completions, self.enrolled)

    @property
    def coverage_percent(self) -> float | None:
        """People whose organization is known ÷ all."""
        return None if not self.has_coverage else share(self.placed, self.people)


@dataclass(frozen=True)
class TrainingParticipants:
    """Indicator T1 of a period, its parts, and the breakdowns of the whole."""

    period: Period
    total: Participants
    parts: list[Participants]
    breakdowns: list[tuple[str | Promise, list[Participants]]]
    leaders: list[LeaderIdentity]
    definition: str | Promise = PARTICIPANTS_DEFINITION
    leaders_definition: str | Promise = LEADERS_DEFINITION


def training_participants(
    period: Period, now: datetime, *, parts: Sequence[Period] = ()
) -> TrainingParticipants:
    """T1 of a period as of `now`, and of its parts, such as the quarters; parts to come are left out.

    Four queries and those that ZIP codes take, however many places.
    """
    rows = _places(period, now)
    organizations = {row.organization for row in rows if row.organization is not None}
    visits = {(row.person, row.organization) for row in rows if row.attended and row.organization is not None}
    return TrainingParticipants(
        period=period,
        total=_participants(period.label, rows),
        parts=[
            _participants(part.label, [row for row in rows if part.start <= row.starts_at < part.end])
            for part in begun(parts, now)
        ],
        breakdowns=[(way.label, _broken_down(rows, way)) for way in ways(organizations)],
        leaders=leader_identities(visits, min(period.end, now)),
    )


def _places(period: Period, now: datetime) -> list[Place]:
    found = enrolled_between(period.start, period.end, now).order_by()
    rows = found.values_list("person", "organization", "session__starts_at", "status", "completed_at")
    return [
        Place(
            person,
            organization,
            starts_at,
            status == _Status.ATTENDED,
            completed_at is not None and completed_at <= now,
        )
        for person, organization, starts_at, status, completed_at in rows
    ]


def _participants(label: str | Promise, rows: Collection[Place]) -> Participants:
    there = [row for row in rows if row.attended]
    return Participants(
        label=label,
        people=len({row.person for row in there}),
        organizations=len({row.organization for row in there} - {None}),
        attendances=len(there),
        enrolled=len(rows),
        completions=sum(row.completed for row in rows),
        placed=len({row.person for row in there if row.organization is not None}),
    )


def _broken_down(rows: Iterable[Place], way: Way) -> list[Participants]:
    groups: dict[Group, list[Place]] = defaultdict(list)
    for row in rows:
        for group in way.of(row.organization):
            groups[group].append(row)
    return [_participants(group.label, groups[group]) for group in sorted(groups)]


# --- T2 ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Held:
    """T2 under one heading."""

    label: str | Promise
    sessions: int = 0
    minutes: int = 0

    @property
    def hours(self) -> float:
        return round(self.minutes / 60, 1)


@dataclass(frozen=True)
class TrainingSessions:
    """Indicator T2 of a period. `unclosed` sessions are over and count once their attendance is closed."""

    period: Period
    total: Held
    parts: list[Held]
    breakdowns: list[tuple[str | Promise, list[Held]]]
    unclosed: int = 0
    definition: str | Promise = SESSIONS_DEFINITION


def training_sessions(period: Period, now: datetime, *, parts: Sequence[Period] = ()) -> TrainingSessions:
    """T2 of a period as of `now`, and of its parts; parts to come are left out. Three queries."""
    over = (
        Session.objects.past(now)
        .filter(starts_at__gte=period.start, starts_at__lt=period.end, starts_at__lte=now)
        .select_related("course", "area")
        .prefetch_related("parts", "course__topics")
    )
    rows = list(over)
    held = [row for row in rows if row.state == Session.State.HELD]
    return TrainingSessions(
        period=period,
        total=_held(period.label, held),
        parts=[
            _held(part.label, [row for row in held if part.start <= row.starts_at < part.end])
            for part in begun(parts, now)
        ],
        breakdowns=[(label, _held_by(held, groups)) for label, groups in _SESSION_WAYS],
        unclosed=len(rows) - len(held),
    )


def _held(label: str | Promise, rows: Collection[Session]) -> Held:
    return Held(label, len(rows), sum(minutes_of(row) for row in rows))


def _held_by(rows: Iterable[Session], of: Callable[[Session], list[Group]]) -> list[Held]:
    groups: dict[Group, list[Session]] = defaultdict(list)
    for row in rows:
        for group in of(row):
            groups[group].append(row)
    return [_held(group.label, groups[group]) for group in sorted(groups)]


def _region(session: Session) -> list[Group]:
    if session.area is not None:
        return [Group(session.area.order, session.area.name)]
    return [Group.last(_("no region noted") if session.is_in_person else _("online"))]


_SESSION_WAYS: list[tuple[Promise, Callable[[Session], list[Group]]]] = [
    (
        gettext_lazy("Topic"),
        lambda session: (
            [Group(topic.order, topic.name) for topic in session.course.topics.all()]
            or [Group.last(_("no topic"))]
        ),
    ),
    (gettext_lazy("How people take part"), lambda session: [Group(0, str(session.get_mode_display()))]),
    (gettext_lazy("Region"), _region),
]

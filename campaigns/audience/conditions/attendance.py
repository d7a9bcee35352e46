"""Conditions about events and trainings: who registered, and who was there."""

from datetime import datetime, time
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from campaigns.audience.fields import Condition, register
from campaigns.audience.options import FixedOptions, ModelOptions
from campaigns.audience.rules import Leaf
from campaigns.audience.sql import PersonIn, Test
from meetings.models import Attendance, Event
from partners.fiscal_year import CHICAGO
from trainings.models import Course, Enrollment

GROUP = _("Events and trainings")

# Who has a seat, waits for one, or was offered one.
_COMING = ("registered", "waitlisted", "offered")


def _there(rows: QuerySet[Any], gathering: str, leaf: Leaf) -> QuerySet[Any]:
    """Those who were there, at gatherings that began between the leaf's days, by Chicago's calendar."""
    rows = rows.filter(status="attended")
    if leaf.since:
        rows = rows.filter(
            **{f"{gathering}__starts_at__gte": datetime.combine(leaf.since, time.min, CHICAGO)}
        )
    if leaf.before:
        rows = rows.filter(
            **{f"{gathering}__starts_at__lt": datetime.combine(leaf.before, time.min, CHICAGO)}
        )
    return rows


def _at_events(leaf: Leaf) -> QuerySet[Attendance]:
    return _there(Attendance.objects.all(), "event", leaf)


def _at_trainings(leaf: Leaf) -> QuerySet[Enrollment]:
    return _there(Enrollment.objects.all(), "session", leaf)


def _registered(leaf: Leaf) -> Test:
    return PersonIn(Attendance.objects.filter(status__in=_COMING, event__in=leaf.numbers).values("person"))


def _attended(leaf: Leaf) -> Test:
    return PersonIn(_at_events(leaf).filter(event__in=leaf.numbers).values("person"))


def _attended_kind(leaf: Leaf) -> Test:
    return PersonIn(_at_events(leaf).filter(event__kind__in=leaf.values).values("person"))


def _attended_any(leaf: Leaf) -> Test:
    return PersonIn(_at_events(leaf).values("person"))


def _trained(leaf: Leaf) -> Test:
    return PersonIn(_at_trainings(leaf).filter(session__course__in=leaf.numbers).values("person"))


def _trained_any(leaf: Leaf) -> Test:
    return PersonIn(_at_trainings(leaf).values("person"))


def _dated(event: Model) -> str:
    assert isinstance(event, Event)
    return f"{event} ({date_format(localtime(event.starts_at), 'M j, Y')})"


_EVENTS = ModelOptions(
    Event,
    search=("title",),
    label=_dated,
    rows=lambda rows: rows.exclude(state="draft").order_by("-starts_at", "pk"),
)

register(
    Condition("registered_event", _("Registered for the event"), GROUP, _registered, _EVENTS),
    Condition("attended_event", _("Attended the event"), GROUP, _attended, _EVENTS),
    Condition(
        "attended_kind",
        _("Attended an event of the kind"),
        GROUP,
        _attended_kind,
        FixedOptions(lambda: Event.Kind.choices),
        dated=True,
    ),
    Condition("attended_any", _("Attended any event"), GROUP, _attended_any, dated=True, needs_value=False),
    Condition(
        "trained",
        _("Attended the training"),
        GROUP,
        _trained,
        ModelOptions(Course, search=("title",)),
        dated=True,
    ),
    Condition("trained_any", _("Attended any training"), GROUP, _trained_any, dated=True, needs_value=False),
)

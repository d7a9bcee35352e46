"""Conditions about what people did, and what they were asked and did not do."""

from datetime import datetime, time, timedelta

from django.db.models import Count, F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.audience.fields import Condition, register
from campaigns.audience.options import FixedOptions, ModelOptions
from campaigns.audience.rules import Leaf
from campaigns.audience.sql import PersonIn, Test, either
from campaigns.models import ActionAlert, ActionTaken, CallToAction, Campaign
from campaigns.querysets import ActionTakenQuerySet
from mailing.models import Click, Delivery
from mailing.querysets import CLICK_COUNTS_AFTER
from partners.fiscal_year import CHICAGO

GROUP = _("Actions and alerts")

# Engagement, the one definition: completed calls to action of the last 12 months.
ENGAGEMENT_PERIOD = timedelta(days=365)
ACTIVE_FROM = 3
ENGAGEMENT_HINT = _(
    "Completed calls to action in the last 12 months: none; some (one or two); active (three or more)."
)
# States of a message that reached the person's mail server, as far as anybody knows.
_REACHED = ("accepted", "delivered", "complained")


def _within(leaf: Leaf) -> ActionTakenQuerySet:
    """Actions between the leaf's days, by Chicago's calendar."""
    actions = ActionTaken.objects.all()
    if leaf.since:
        actions = actions.filter(acted_at__gte=datetime.combine(leaf.since, time.min, CHICAGO))
    if leaf.before:
        actions = actions.filter(acted_at__lt=datetime.combine(leaf.before, time.min, CHICAGO))
    return actions


def _acted(leaf: Leaf) -> Test:
    return PersonIn(_within(leaf).filter(call_to_action__in=leaf.numbers).values("person"))


def _acted_in(leaf: Leaf) -> Test:
    return PersonIn(_within(leaf).filter(call_to_action__campaign__in=leaf.numbers).values("person"))


def _acted_any(leaf: Leaf) -> Test:
    return PersonIn(_within(leaf).values("person"))


def _asked_for(call: int) -> "QuerySet[Delivery]":
    """Messages about a call that reached a person we know."""
    return Delivery.objects.filter(
        mailing__alert__call_to_action=call, recipient__isnull=False, state__in=_REACHED
    )


def _asked(leaf: Leaf) -> Test:
    return either(PersonIn(_asked_for(call).values("recipient")) for call in leaf.numbers)


def _asked_in_vain(leaf: Leaf) -> Test:
    return either(
        PersonIn(_asked_for(call).values("recipient"))
        & ~PersonIn(ActionTaken.objects.filter(call_to_action=call).values("person"))
        for call in leaf.numbers
    )


def _clicked(leaf: Leaf) -> Test:
    """As the alert's result counts it: a visit three minutes after arrival or later, or an action over the alert."""
    of_alerts = {"delivery__mailing__alert__in": leaf.numbers, "delivery__recipient__isnull": False}
    visits = Click.objects.filter(
        clicked_at__gte=F("delivery__accepted_at") + CLICK_COUNTS_AFTER, **of_alerts
    )
    acted = Delivery.objects.filter(
        pk__in=ActionTaken.objects.filter(via__mailing__alert__in=leaf.numbers).values("via"),
        recipient__isnull=False,
    )
    return PersonIn(visits.values("delivery__recipient")) | PersonIn(acted.values("recipient"))


def _engagement(leaf: Leaf) -> Test:
    recent = ActionTaken.objects.filter(acted_at__gte=timezone.now() - ENGAGEMENT_PERIOD)
    some = PersonIn(recent.values("person"))
    many = PersonIn(
        recent.order_by().values("person").annotate(n=Count("pk")).filter(n__gte=ACTIVE_FROM).values("person")
    )
    levels: dict[str, Test] = {"none": ~some, "some": some & ~many, "active": many}
    return either(levels[one] for one in leaf.values)


_CALLS = ModelOptions(CallToAction, search=("title",), rows=lambda rows: rows.order_by("-closes_at", "pk"))

register(
    Condition("acted", _("Completed the call to action"), GROUP, _acted, _CALLS, dated=True),
    Condition(
        "acted_in",
        _("Completed a call to action of the campaign"),
        GROUP,
        _acted_in,
        ModelOptions(Campaign, search=("title",)),
        dated=True,
    ),
    Condition(
        "acted_any", _("Completed any call to action"), GROUP, _acted_any, dated=True, needs_value=False
    ),
    Condition("asked", _("Got an alert about the call to action"), GROUP, _asked, _CALLS),
    Condition("asked_not_acted", _("Got an alert about it and has not acted"), GROUP, _asked_in_vain, _CALLS),
    Condition(
        "clicked",
        _("Clicked in the alert"),
        GROUP,
        _clicked,
        ModelOptions(
            ActionAlert,
            search=("subject",),
            rows=lambda rows: rows.filter(mailing__isnull=False).order_by("-send_at", "-pk"),
        ),
    ),
    Condition(
        "engagement",
        _("Engagement"),
        GROUP,
        _engagement,
        FixedOptions(lambda: [("none", _("none")), ("some", _("some")), ("active", _("active"))]),
        hint=ENGAGEMENT_HINT,
    ),
)

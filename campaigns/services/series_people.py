"""Who has come to a step of a series: some days after they joined, or confirmed a subscription."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone, translation

from campaigns.messages.series import why_words
from campaigns.models import Series, SeriesStep
from mailing.models import Delivery, Preference, Subscription
from mailing.services import Recipient
from partners.models import Membership, Person

# Somebody whose day passed longer ago, because the series stood still, is not written to any more.
LATE = timedelta(days=7)
# A day, less what the clockwork may be off: nobody gets two messages of a series in it.
ONE_DAY = timedelta(hours=20)
# We know the day somebody joined, not the hour; what comes days later comes in the morning.
MORNING = time(9)
AT_ONCE = 2000


def people_due(
    series: Series, step: SeriesStep, *, got: Sequence[int], series_mailings: Sequence[int], now: datetime
) -> list[Recipient]:
    """People for whom the step is due now, at most `AT_ONCE`: the next run takes the others.

    Left out is who got a message of the mailings `got` (this step and those after it), and who got any message of
    the series within a day.
    """
    joined = series.trigger == Series.Trigger.JOINED
    if joined:
        found, same = _joined(series, step, now), {"recipient": OuterRef("person")}
    else:
        found, same = _subscribed(series, step, now), {"address_hash": OuterRef("address_hash")}
    rows = Delivery.objects.filter(**same)
    had = rows.filter(mailing__in=got).exclude(state=Delivery.State.CANCELLED)
    just_now = rows.filter(mailing__in=series_mailings).filter(
        Q(state__in=[Delivery.State.PENDING, Delivery.State.DEFERRED])
        | Q(accepted_at__gt=now - ONE_DAY)
        # It may have come; when that was, the worker's lease tells.
        | Q(state=Delivery.State.UNKNOWN, batch__lease_until__gt=now - ONE_DAY)
    )
    due = found.filter(~Exists(had), ~Exists(just_now)).order_by("pk")[:AT_ONCE]
    return [_member(series, row) if joined else _subscriber(series, row) for row in due]


def _joined(series: Series, step: SeriesStep, now: datetime) -> QuerySet[Any]:
    """First memberships ever of their people, begun `step.days` ago, after the series was started."""
    last = _last_day(now) if step.days else timezone.localdate(now)
    last -= timedelta(days=step.days)
    earlier = Membership.objects.filter(person=OuterRef("person")).filter(
        Q(started_on__lt=OuterRef("started_on")) | Q(started_on=OuterRef("started_on"), pk__lt=OuterRef("pk"))
    )
    # On the day of the start itself, the history tells who was there before.
    known_before = Membership.history.filter(
        id=OuterRef("pk"), history_type="+", history_date__lt=series.started_at
    )
    return (
        Membership.objects.current()
        .filter(
            organization__status="active",
            started_on__gte=max(_day(series.started_at), last - LATE),
            started_on__lte=last,
        )
        .filter(~Exists(earlier), ~Exists(known_before))
        .select_related("person", "organization")
        .annotate(mail_language=_language("person__email"))
    )


def _subscribed(series: Series, step: SeriesStep, now: datetime) -> QuerySet[Any]:
    """Subscriptions to the topic confirmed `step.days` ago, after the series was started."""
    until = now - timedelta(days=step.days)
    person = Person.objects.filter(email=OuterRef("email"))
    return (
        Subscription.objects.active()
        .filter(
            topic=series.topic_id,
            confirmed_at__gte=max(series.started_at or now, until - LATE),
            confirmed_at__lte=until,
        )
        .annotate(
            person_id=Subquery(person.values("pk")[:1]),
            first_name=Coalesce(Subquery(person.values("first_name")[:1]), Value("")),
            last_name=Coalesce(Subquery(person.values("last_name")[:1]), Value("")),
            mail_language=_language("email"),
        )
    )


def _last_day(now: datetime) -> date:
    """The latest day whose morning has come."""
    here = timezone.localtime(now)
    return here.date() if here.time() >= MORNING else here.date() - timedelta(days=1)


def _day(moment: datetime | None) -> date:
    return timezone.localdate(moment)


def _language(email: str) -> Coalesce:
    chosen = Preference.objects.filter(email=OuterRef(email)).values("language")[:1]
    return Coalesce(Subquery(chosen), Value(""))


def _member(series: Series, membership: Any) -> Recipient:
    person, organization = membership.person, membership.organization
    slots = {
        "first_name": person.first_name,
        "last_name": person.last_name,
        "organization": organization.name,
        "_why": _why(series, membership.mail_language, organization.name),
    }
    return Recipient(
        email=person.email,
        recipient=person.pk,
        party=organization.pk,
        language=membership.mail_language,
        slots=slots,
    )


def _subscriber(series: Series, subscription: Any) -> Recipient:
    slots = {
        "first_name": subscription.first_name,
        "last_name": subscription.last_name,
        "_why": _why(series, subscription.mail_language),
    }
    return Recipient(
        email=subscription.email,
        recipient=subscription.person_id,
        language=subscription.mail_language,
        slots=slots,
    )


def _why(series: Series, language: str, organization: str = "") -> str:
    with translation.override(language or "en"):
        return why_words(series, organization)

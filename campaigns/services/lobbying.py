"""What alerts cost and how the tax law sees them: the record staff keep, and the accountant's report by fiscal year."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.core.cache import cache
from django.db import connection, transaction
from django.utils.translation import gettext as _

from campaigns.models import ActionAlert
from campaigns.services.sending import AlertRefused, locked_alert
from partners.fiscal_year import FiscalYear
from partners.history import changed_by
from partners.models import User
from partners.services.identity import get_coalition

CENT = Decimal("0.01")
# Who got a mailing changes only while it is filled.
KEPT_SECONDS = 3600
_ADDRESSEES = """
SELECT count(*) FILTER (WHERE party IS NOT NULL), count(*) FILTER (WHERE party IS NULL)
FROM mailing_delivery
WHERE mailing_id = %s AND state IN ('accepted', 'delivered', 'bounced', 'complained', 'unknown')
"""


@dataclass(frozen=True)
class AlertCost:
    """One alert with its reminders: messages by who got them, and what it cost in dollars."""

    alert: ActionAlert
    to_members: int
    to_public: int
    staff_minutes: int
    staff_cost: Decimal
    other_cost: Decimal

    @property
    def messages(self) -> int:
        return self.to_members + self.to_public

    def per_action(self, actions: int) -> Decimal | None:
        """Dollars for each of so many completed actions; None without any cost or action."""
        return (self.cost / actions).quantize(CENT, ROUND_HALF_UP) if actions and self.cost else None

    @property
    def cost(self) -> Decimal:
        return self.staff_cost + self.other_cost

    @property
    def public_cost(self) -> Decimal:
        """The part of the cost that goes with the messages to people outside of partner organizations."""
        return _share(self.cost, self.to_public, self.messages)


@dataclass(frozen=True)
class ClassCost:
    """All alerts of one lobbying class in a year."""

    lobbying: ActionAlert.Lobbying
    alerts: int = 0
    to_members: int = 0
    to_public: int = 0
    staff_minutes: int = 0
    staff_cost: Decimal = Decimal(0)
    other_cost: Decimal = Decimal(0)
    public_cost: Decimal = Decimal(0)

    @property
    def cost(self) -> Decimal:
        return self.staff_cost + self.other_cost

    @property
    def member_cost(self) -> Decimal:
        return self.cost - self.public_cost


@dataclass(frozen=True)
class LobbyingReport:
    """A fiscal year's alerts for the accountant. `hour_cost` is what an hour of staff time was counted with."""

    year: FiscalYear
    hour_cost: Decimal
    classes: list[ClassCost]
    alerts: list[AlertCost]


def lobbying_report(year: FiscalYear) -> LobbyingReport:
    """Every alert that began to go out in the year, by class; reminders belong to their alert."""
    hour_cost = get_coalition().staff_hour_cost
    began = ActionAlert.objects.filter(
        mailing__started_at__gte=year.start, mailing__started_at__lt=year.end
    ).written()
    alerts = began.select_related("call_to_action", "mailing").prefetch_related("reminders")
    rows = [cost_of(alert, hour_cost) for alert in alerts.order_by("mailing__started_at")]
    return LobbyingReport(
        year=year,
        hour_cost=hour_cost,
        classes=[
            _added(lobbying, [row for row in rows if row.alert.lobbying == lobbying])
            for lobbying in ActionAlert.Lobbying
        ],
        alerts=rows,
    )


def cost_of(alert: ActionAlert, hour_cost: Decimal) -> AlertCost:
    """One alert's messages and cost, those of its reminders included."""
    family = [alert, *alert.reminders.all()]
    addressees = [_addressees(each.mailing_id) for each in family]
    minutes = sum(each.staff_minutes for each in family)
    return AlertCost(
        alert=alert,
        to_members=sum(members for members, _others in addressees),
        to_public=sum(public for _partners, public in addressees),
        staff_minutes=minutes,
        staff_cost=(hour_cost * minutes / 60).quantize(CENT, ROUND_HALF_UP),
        other_cost=sum((each.other_cost for each in family), Decimal(0)),
    )


def years_with_alerts() -> list[FiscalYear]:
    """The fiscal years in which alerts went out, and this one; the latest first."""
    moments = ActionAlert.objects.filter(mailing__started_at__isnull=False).values_list(
        "mailing__started_at", flat=True
    )
    return sorted({FiscalYear.current(), *(FiscalYear.of(at) for at in moments if at)}, reverse=True)


@transaction.atomic
def record_cost(
    *, alert: ActionAlert, by: User, lobbying: str, staff_minutes: int, other_cost: Decimal
) -> ActionAlert:
    """Notes what an alert cost and its class, also after it was sent."""
    locked = locked_alert(alert)
    if locked.reminder_of_id:
        raise AlertRefused([_("A reminder's cost belongs to its alert.")])
    locked.lobbying, locked.staff_minutes, locked.other_cost = lobbying, staff_minutes, other_cost
    changed_by(locked, by)
    locked.save(update_fields=["lobbying", "staff_minutes", "other_cost"])
    return locked


def _addressees(mailing_id: int | None) -> tuple[int, int]:
    """Messages handed over to people of partner organizations, and to others. Counted once an hour."""
    if mailing_id is None:
        return 0, 0

    kept = f"alert-addressees:{mailing_id}"
    found: tuple[int, int] | None = cache.get(kept)
    if found is None:
        with connection.cursor() as cursor:
            cursor.execute(_ADDRESSEES, [mailing_id])
            found = tuple(cursor.fetchone())
        cache.set(kept, found, KEPT_SECONDS)
    return found


def _added(lobbying: ActionAlert.Lobbying, rows: Iterable[AlertCost]) -> ClassCost:
    kept = list(rows)
    return ClassCost(
        lobbying=lobbying,
        alerts=len(kept),
        to_members=sum(row.to_members for row in kept),
        to_public=sum(row.to_public for row in kept),
        staff_minutes=sum(row.staff_minutes for row in kept),
        staff_cost=sum((row.staff_cost for row in kept), Decimal(0)),
        other_cost=sum((row.other_cost for row in kept), Decimal(0)),
        public_cost=sum((row.public_cost for row in kept), Decimal(0)),
    )


def _share(whole: Decimal, part: int, of: int) -> Decimal:
    return (whole * part / of).quantize(CENT, ROUND_HALF_UP) if of else Decimal(0)

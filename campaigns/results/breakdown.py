"""An alert's numbers by organization, district, domain, variant or language. Counted at most once a minute."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.models import ActionAlert
from mailing.models import Mailing, MailingContent
from mailing.querysets import CLICK_COUNTS_AFTER
from partners.models import Organization

KEPT_SECONDS = 60
ROWS = 20

# Each way to break the numbers down: its name, and the column of `delivery` or `batch` it groups by.
_COLUMNS = {
    "organization": "delivery.party::text",
    "house": "nullif(delivery.slots->>'house_district', '')",
    "senate": "nullif(delivery.slots->>'senate_district', '')",
    "domain": "split_part(delivery.email, '@', 2)",
    "variant": "batch.variant",
    "language": "delivery.language",
}
# Clicks and actions are few: they are reduced to their deliveries first, then joined.
_SQL = """
WITH acted AS MATERIALIZED (
    SELECT DISTINCT action.via_id AS id FROM campaigns_actiontaken AS action
    JOIN mailing_delivery AS delivery ON delivery.id = action.via_id WHERE delivery.mailing_id = %(mailing)s
), clicked AS MATERIALIZED (
    SELECT DISTINCT click.delivery_id AS id FROM mailing_click AS click
    JOIN mailing_trackedlink AS link ON link.id = click.link_id
    JOIN mailing_delivery AS delivery ON delivery.id = click.delivery_id
    WHERE link.mailing_id = %(mailing)s AND click.clicked_at >= delivery.accepted_at + make_interval(secs => %(after)s)
    UNION SELECT id FROM acted
)
SELECT {column} AS part, count(*) AS audience,
    count(*) FILTER (WHERE delivery.state IN ('accepted', 'delivered', 'bounced', 'complained')) AS accepted,
    count(*) FILTER (WHERE delivery.state IN ('delivered', 'complained')) AS delivered,
    count(*) FILTER (WHERE delivery.state IN ('failed', 'bounced')) AS failed,
    count(clicked.id) AS clicked, count(acted.id) AS acted
FROM mailing_delivery AS delivery
JOIN mailing_batch AS batch ON batch.id = delivery.batch_id
LEFT JOIN clicked ON clicked.id = delivery.id
LEFT JOIN acted ON acted.id = delivery.id
WHERE delivery.mailing_id = %(mailing)s
GROUP BY part ORDER BY acted DESC, clicked DESC, audience DESC, part
"""


@dataclass(frozen=True)
class Part:
    """One organization, district, domain, variant or language, in messages."""

    label: str
    audience: int
    accepted: int
    delivered: int
    failed: int
    clicked: int
    acted: int


@dataclass(frozen=True)
class Way:
    """A way to break an alert's numbers down."""

    key: str
    label: str | Promise
    name: Callable[[list[str]], dict[str, str]]


def parts_of(alert: ActionAlert, key: str) -> list[Part]:
    """The alert's numbers by one of `WAYS`, whoever acted most first. A minute old at most."""
    if alert.mailing is None:
        return []
    kept = f"alert-parts:{alert.mailing.pk}:{key}"
    found: list[Part] | None = cache.get(kept)
    if found is None:
        found = _counted(alert.mailing, key)
        cache.set(kept, found, KEPT_SECONDS)
    return found


def _counted(mailing: Mailing, key: str) -> list[Part]:
    sql = _SQL.replace("{column}", _COLUMNS[key])
    with connection.cursor() as cursor:
        cursor.execute(sql, {"mailing": mailing.pk, "after": CLICK_COUNTS_AFTER.total_seconds()})
        rows = cursor.fetchall()
    names = WAYS[key].name([part for part, *_numbers in rows if part])
    none = _NOBODY.get(key, gettext_lazy("unknown"))
    return [Part(names.get(part, part) if part else str(none), *numbers) for part, *numbers in rows]


_NOBODY: dict[str, Any] = {
    "organization": gettext_lazy("no organization"),
    "house": gettext_lazy("no district known"),
    "senate": gettext_lazy("no district known"),
    "variant": gettext_lazy("not decided yet"),
}


def _organizations(parts: list[str]) -> dict[str, str]:
    found = Organization.objects.filter(pk__in=[int(part) for part in parts]).values_list("pk", "name")
    return {str(pk): name for pk, name in found}


def _house(parts: list[str]) -> dict[str, str]:
    return {part: _("House %(district)s") % {"district": part} for part in parts}


def _senate(parts: list[str]) -> dict[str, str]:
    return {part: _("Senate %(district)s") % {"district": part} for part in parts}


def _variants(parts: list[str]) -> dict[str, str]:
    return {part: str(MailingContent.Variant(part).label).capitalize() for part in parts}


def _languages(parts: list[str]) -> dict[str, str]:
    known = dict(MailingContent.Language.choices)
    return {part: str(known.get(part, part)) for part in parts}


WAYS = {
    way.key: way
    for way in (
        Way("organization", gettext_lazy("organization"), _organizations),
        Way("house", gettext_lazy("House district"), _house),
        Way("senate", gettext_lazy("Senate district"), _senate),
        Way("domain", gettext_lazy("recipient's mail domain"), lambda parts: {part: part for part in parts}),
        Way("variant", gettext_lazy("variant"), _variants),
        Way("language", gettext_lazy("language"), _languages),
    )
}

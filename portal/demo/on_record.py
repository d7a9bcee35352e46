"""Words of partners on record, requests for positions, and talks with legislators, around a day."""

from datetime import datetime, timedelta
from random import Random

from django.conf import settings
from django.utils import timezone

from legislation.models import (
    BillTracking,
    Legislator,
    LegislatorAsk,
    OrganizationPosition,
    PositionRequest,
    Sponsorship,
)
from legislation.pages.cosponsor_targets import helpful_chamber
from partners.models import Organization, User
from portal.demo.featured import FEATURED
from portal.demo.legislature import real
from portal.demo.zip_points import write_zip_points

# Of a hundred partners without a position, so many were asked for one.
SHARE_ASKED = 12
TALKS = 34
STATEMENTS = (
    "Our counselors stay when they can pay their rent. This bill is how they stay.",
    "We turned away nine families last winter because nobody was there to open the door.",
    "It costs us more to train a new worker than to pay the one we have.",
    "Half of our team works a second job. The people we serve notice.",
    "A fair contract means that we plan for a year and not for a month.",
    "Our board voted for it without a single no.",
)
NOTES = (
    "Talked at the district office. Wants numbers from home before the next hearing.",
    "The aide took our fact sheet and asked for two client stories.",
    "Worried about the cost in the second year; send the budget page.",
    "Very friendly. Will look at the list of sponsors this week.",
    "Met at the forum in the library. Knows our program well.",
    "",
)
# Of real people nothing is invented but that they were asked.
NOTHING_SAID = "Sample entry of this demonstration: nobody was asked."
_Stance = LegislatorAsk.Stance
STANCES = {
    _Stance.SUPPORTS: 24,
    _Stance.LEANS_FOR: 24,
    _Stance.UNDECIDED: 24,
    _Stance.UNKNOWN: 14,
    _Stance.LEANS_AGAINST: 9,
    _Stance.OPPOSES: 5,
}


def write_on_record(*, now: datetime, seed: int, staff: User) -> None:
    """Fills the two bills that matter most. The same seed and day give the same rows."""
    write_zip_points()
    rng = Random(f"{seed}:on record")
    trackings = BillTracking.objects.filter(is_public=True, position="support").select_related("bill")
    chosen = list(trackings.by_priority()[:2])
    for tracking in chosen:
        _speak(tracking, rng)
        _talk(tracking, rng, now, staff)
    if chosen:
        _ask(chosen[0], rng, now, staff)


def _speak(tracking: BillTracking, rng: Random) -> None:
    """Every third partner on record says why."""
    rows = list(OrganizationPosition.objects.filter(bill=tracking.bill, position="support").order_by("pk"))
    speaking = rng.sample(rows, len(rows) // 3)
    for row in speaking:
        row.statement = rng.choice(STATEMENTS)
    OrganizationPosition.objects.bulk_update(speaking, ["statement"])


def _talk(tracking: BillTracking, rng: Random, now: datetime, staff: User) -> None:
    partners = list(Organization.objects.active().order_by("pk")[:60])
    on_it = Sponsorship.objects.active().filter(bill=tracking.bill, legislator__isnull=False)
    members = list(
        Legislator.objects.current()
        .filter(chamber=helpful_chamber(tracking.bill))
        .exclude(pk__in=on_it.values("legislator"))
        .order_by("pk")
    )
    today = timezone.localdate(now)
    is_real = real.is_present(settings.LEGISLATURE_DATA)
    asks = []
    for number, member in enumerate(rng.sample(members, min(TALKS, len(members)))):
        stance = _Stance.UNKNOWN if is_real else rng.choices(list(STANCES), list(STANCES.values()))[0]
        asks.append(
            LegislatorAsk(
                bill=tracking.bill,
                legislator=member,
                # The first partner is the one that the demonstration's logins belong to.
                organization=partners[0] if number < 3 else rng.choice([None, *partners]),
                asked_on=today - timedelta(days=rng.randint(1, 45)),
                stance=stance,
                will_sponsor=stance == _Stance.SUPPORTS and rng.random() < 0.5,
                note=NOTHING_SAID if is_real else rng.choice(NOTES),
                entered_by=staff,
            )
        )
    LegislatorAsk.objects.bulk_create(asks)


def _ask(tracking: BillTracking, rng: Random, now: datetime, staff: User) -> None:
    """Some partners were asked three weeks or some days ago; a few of them have answered since."""
    bill = tracking.bill
    first = Organization.objects.filter(web_domain=FEATURED[0].domain).first()
    holding = OrganizationPosition.objects.filter(bill=bill).values("organization")
    silent = list(Organization.objects.active().exclude(pk__in=holding).order_by("pk"))
    asked = rng.sample(silent, len(silent) * SHARE_ASKED // 100)
    if first in silent and first not in asked:
        asked.insert(0, first)
    answered = list(OrganizationPosition.objects.filter(bill=bill).order_by("pk")[: len(asked) // 3])
    PositionRequest.objects.bulk_create(
        PositionRequest(
            bill=bill,
            organization=organization,
            reason="All partners were asked.",
            asked_at=now - timedelta(days=rng.choice([6, 8, 21])),
            asked_by=staff,
        )
        for organization in [*asked, *(row.organization for row in answered)]
    )

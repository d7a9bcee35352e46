"""A call that was archived because another one goes on with it, a goal in organizations, and answers over a partner's site."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from random import Random

from campaigns.models import ActionTaken, CallToAction
from campaigns.services.actions import partner_source
from partners.models import Organization, Person
from portal.demo.call_texts import CONSENT
from portal.demo.calls import at

GOES_ON = "fund-1000-repayments"
COUNTS_ORGANIZATIONS = "sign-on-fair-contracting"
EARLIER_ACTIONS = 14
CREDITED_ACTIONS = 6


def write_continued_calls(*, calls: Mapping[str, CallToAction], seed: int, now: datetime) -> None:
    """Adds to calls that stand already, and to what people answered to them."""
    chance = Random(f"continued {seed}")
    _write_predecessor(calls[GOES_ON], chance, now)
    _credit_a_partner(calls[GOES_ON], chance)
    counted = calls[COUNTS_ORGANIZATIONS]
    organizations = counted.actions.totals()["organizations"]
    counted.goal, counted.goal_unit = (organizations // 10 + 2) * 10, CallToAction.Unit.ORGANIZATIONS
    counted.save()


def _write_predecessor(call: CallToAction, chance: Random, now: datetime) -> None:
    """Last year's petition for the same program."""
    members = list(Person.objects.filter(memberships__isnull=False).distinct().order_by("pk")[:200])
    people = chance.sample(members, min(EARLIER_ACTIONS, len(members)))
    earlier = CallToAction.objects.create(
        slug="first-500-repayments",
        title="Fund the first 500 loan repayments",
        kind=CallToAction.Kind.PETITION,
        campaign=call.campaign,
        ask="Add your name: ask the General Assembly to fund 500 loan repayments.",
        why="<p>The program is law. What it lacks is money for the first people who applied.</p>",
        statement="We ask the Illinois General Assembly to fund 500 loan repayments.",
        status=CallToAction.Status.ARCHIVED,
        opens_at=at(now, 8, days=-430),
        closes_at=at(now, 17, days=-370),
        goal=10,
        consent_text=CONSENT,
        successor=call,
    )
    for person in people:
        membership = person.memberships.order_by("started_on").first()
        ActionTaken.objects.create(
            reference="A-" + "".join(chance.choices("23456789ABCDEFGHJKLMNPQRSTUVWXYZ", k=8)),
            call_to_action=earlier,
            person=person,
            organization=membership.organization if membership else None,
            consent_text=CONSENT,
            verified=ActionTaken.Verified.MAILBOX,
            acted_at=earlier.opens_at + timedelta(hours=chance.randint(1, 1400)),
        )
    totals = earlier.actions.totals()
    earlier.outcome = (
        f"{totals['people']:,} people added their names, among them people of {totals['organizations']:,} partner "
        "organizations. The petition goes on with a larger goal."
    )
    earlier.save()


def _credit_a_partner(call: CallToAction, chance: Random) -> None:
    """Some of the public answered in the frame on a partner's site."""
    partner = (
        Organization.objects.active().filter(memberships__person__user__isnull=False).order_by("pk").first()
    )
    strangers = list(call.actions.filter(organization__isnull=True, via__isnull=True).order_by("pk"))
    if partner is None:
        return
    for action in chance.sample(strangers, min(CREDITED_ACTIONS, len(strangers))):
        action.credited, action.source_code = partner, partner_source(partner)
        action.save()

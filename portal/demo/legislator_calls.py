"""Two calls that reach legislators, about bills the coalition follows, with some people who wrote and called."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from campaigns.models import (
    ActionTaken,
    CallToAction,
    Campaign,
    LegislatorContact,
    LegislatorTargets,
    MessageVariant,
)
from campaigns.services.legislator_contacts import note_replies, record_calls, record_messages
from legislation.models import Bill, BillTracking, Legislator
from partners.models import Membership, Organization
from partners.references import random_code
from portal.demo.calls import at
from portal.embedded.demo_logins import DEMO_LOGINS

WRITERS, CALLERS = 70, 45
CONSENT = (
    "Illinois Partners keeps your name, your ZIP code and whom you wrote to or called, to show decision makers how "
    "many people stand behind this. Your address is not kept. Your e-mail address goes only to the legislators you "
    "write to."
)
WORDINGS = (
    (
        "Please support {bill}",
        "I live in your district, and I ask you to support {bill}, {title}.\n\nHuman services are skilled work. People "
        "who do it well leave when they cannot live on it, and then families wait for help that exists on paper only."
        "\n\nPlease put your name on {bill} and ask for a vote.",
    ),
    (
        "{bill} matters to your constituents",
        "As your constituent I ask for your vote for {bill}, {title}.\n\nOur community relies on organizations that "
        "help people stay healthy, housed and at work. They can plan only when the state does its part.\n\nMay I count "
        "on you to support {bill}?",
    ),
)
SCRIPT = (
    "Hello, my name is [your name], and I call from [your town].\n\nI ask the {office} to support {bill}, {title}. "
    "Organizations in our district need it to keep skilled people.\n\nDoes the office have a position on {bill}? "
    "Thank you for writing down that I called."
)
POINTS = (
    "<ul><li>Name the bill: {bill}.</li><li>Say where you live: offices count their own constituents.</li><li>One "
    "example from your own life or work says more than a number.</li></ul>"
)
NOTES = ("Friendly, wrote it down", "Asked for the bill number", "Will read it this week", "", "", "")


def write_legislator_calls(*, campaigns: dict[str, Campaign], seed: int, now: datetime, scale: float) -> None:
    """An e-mail call and a telephone call, both open. Wants the legislature and the coalition's positions."""
    bills = _bills()
    if not bills:
        return
    rng = Random(f"{seed}:legislators")
    members = list(
        Membership.objects.current()
        .filter(organization__status=Organization.Status.ACTIVE)
        .exclude(person__email__in=[login.email for login in DEMO_LOGINS])
        .select_related("person")
        .order_by("pk")
    )
    written = _call(CallToAction.Kind.EMAIL, bills[0], campaigns, now)
    called = _call(CallToAction.Kind.PHONE, bills[-1], campaigns, now)
    _write(rng, written, _some(rng, members, WRITERS * scale), now)
    _telephone(rng, called, _some(rng, members, CALLERS * scale), now)


def _bills() -> list[Bill]:
    """Two bills that matter most to the coalition."""
    leading = BillTracking.objects.filter(is_public=True, position="support", priority="lead")
    return [row.bill for row in leading.select_related("bill__tracking").order_by("pk")[:2]]


def _call(kind: str, bill: Bill, campaigns: dict[str, Campaign], now: datetime) -> CallToAction:
    by_phone = kind == CallToAction.Kind.PHONE
    words = {
        "bill": bill.label,
        "title": bill.shown_title[0].lower() + bill.shown_title[1:],
        "office": "legislator",
    }
    title = "Call for {bill}: {title}" if by_phone else "Write for {bill}: {title}"
    ask = (
        "Call legislators who are not on {bill} yet."
        if by_phone
        else "Ask your two legislators to support {bill}."
    )
    call = CallToAction.objects.create(
        slug="call-your-legislators" if by_phone else "write-to-your-legislators",
        title=title.format(**words)[:160],
        kind=kind,
        campaign=campaigns["fair-pay"],
        ask=ask.format(**words),
        why=f"<p>{bill.tracking.summary or bill.shown_title}</p>",
        bill=bill,
        status=CallToAction.Status.PUBLISHED,
        opens_at=at(now, 8, days=-30),
        closes_at=at(now, 17, days=16 if by_phone else 24),
        consent_text=CONSENT,
    )
    _target(call, words)
    return call


def _target(call: CallToAction, words: dict[str, str]) -> None:
    """Whom the call asks, and the words."""
    by_phone = call.kind == CallToAction.Kind.PHONE
    LegislatorTargets.objects.create(
        call_to_action=call,
        rule=LegislatorTargets.Rule.NOT_SPONSORS if by_phone else LegislatorTargets.Rule.MINE,
        most=3,
        through_us=not by_phone and _is_invented(),
        hourly_cap=20,
        talking_points=POINTS.format(**words),
        script=SCRIPT.format(**words) if by_phone else "",
    )
    for order, (subject, text) in enumerate(() if by_phone else WORDINGS):
        MessageVariant.objects.create(
            call_to_action=call, order=order, subject=subject.format(**words), text=text.format(**words)
        )


def _is_invented() -> bool:
    """Whether all addresses are reserved ones: no real office ever gets mail from a demonstration."""
    known = Legislator.objects.current().exclude(email="")
    return not known.exclude(email__endswith=".example").exists()


def _some(rng: Random, members: Sequence[Membership], number: float) -> list[Membership]:
    found: dict[int, Membership] = {row.person_id: row for row in members}
    return rng.sample(list(found.values()), k=min(max(4, round(number)), len(found)))


def _action(rng: Random, call: CallToAction, member: Membership, moment: datetime) -> ActionTaken:
    return ActionTaken.objects.create(
        reference="A-" + random_code(8, rng),
        call_to_action=call,
        person=member.person,
        organization_id=member.organization_id,
        consent_text=call.consent_text,
        verified=ActionTaken.Verified.LOGIN,
        acted_at=moment,
    )


def _moment(rng: Random, call: CallToAction, now: datetime) -> datetime:
    last = now - timedelta(hours=2)
    return call.opens_at + (last - call.opens_at) * rng.random()


def _pair(rng: Random) -> list[int]:
    """The two legislators of some district."""
    house = rng.randint(1, 118)
    sitting = Legislator.objects.current()
    pair = [("lower", house), ("upper", (house + 1) // 2)]
    found = [
        sitting.filter(chamber=chamber, district=number).values_list("pk", flat=True).first()
        for chamber, number in pair
    ]
    return [pk for pk in found if pk is not None]


def _write(rng: Random, call: CallToAction, people: list[Membership], now: datetime) -> None:
    wordings = list(call.message_variants.all())
    for member in people:
        moment, wording, pair = _moment(rng, call, now), rng.choice(wordings), _pair(rng)
        if not pair:
            continue
        action = _action(rng, call, member, moment)
        ways = dict.fromkeys(pair, LegislatorContact.Way.OWN_MAIL.value)
        rows = record_messages(
            action=action, subject=wording.subject, text=wording.text, story="", ways=ways, now=moment
        )
        if moment < now - timedelta(days=14):
            # They were asked when the time had come.
            LegislatorContact.objects.filter(action=action).update(reply_asked_at=moment + timedelta(days=14))
            said = {
                row.pk: (rng.choice(LegislatorContact.Reply.values), "") for row in rows if rng.random() < 0.7
            }
            note_replies(action=action, replies=said, now=min(now, moment + timedelta(days=15)))


def _telephone(rng: Random, call: CallToAction, people: list[Membership], now: datetime) -> None:
    sponsors = call.bill.sponsorships.filter(legislator__isnull=False) if call.bill else []
    chamber = call.bill.current_chamber if call.bill else ""
    targets = Legislator.objects.current().exclude(pk__in=[row.legislator_id for row in sponsors])
    numbers = list((targets.filter(chamber=chamber) if chamber else targets).values_list("pk", flat=True))
    for member in people if numbers else []:
        moment = _moment(rng, call, now)
        asked = rng.sample(numbers, k=min(rng.randint(1, 3), len(numbers)))
        calls = {pk: _went(rng) for pk in asked}
        record_calls(action=_action(rng, call, member, moment), calls=calls, now=moment)


def _went(rng: Random) -> tuple[str, str]:
    outcome = rng.choice(LegislatorContact.Outcome.values)
    return outcome, rng.choice(NOTES) if outcome == LegislatorContact.Outcome.SPOKE else ""

"""A call that is over: people wrote to their legislators, some had replies, and those who acted were told what came of it."""

from datetime import datetime, timedelta
from random import Random

from campaigns.models import (
    ActionTaken,
    CallToAction,
    Campaign,
    LegislatorContact,
    LegislatorTargets,
    ResultReport,
)
from campaigns.services.legislator_contacts import note_replies, record_messages
from campaigns.services.reporting import first_words, people_to_tell
from legislation.models import Legislator
from partners.models import Membership, Organization, User
from partners.references import random_code
from portal.demo.calls import at
from portal.demo.legislator_calls import CONSENT
from portal.embedded.demo_logins import DEMO_LOGINS

OTHERS = 14
SUBJECT = "Please pay providers within 30 days"
TEXT = (
    "I live in your district and work for an organization that the state pays for its services.\n\nWhen payments come "
    "months late, we borrow money to pay our staff. Please ask for payment within 30 days."
)
REPLIES = (
    (LegislatorContact.Reply.PERSONAL.value, "She asked how long we wait now."),
    (LegislatorContact.Reply.AUTOMATIC.value, ""),
)


def write_told_results(*, campaigns: dict[str, Campaign], staff: User, seed: int, now: datetime) -> None:
    """The call, its answers, its outcome and the report. Wants the legislature; nothing without one."""
    rng = Random(f"{seed}:told")
    legislators = list(Legislator.objects.current().order_by("pk"))
    if not legislators:
        return
    call = _call(campaigns, now)
    for number, member in enumerate(_people(rng)):
        _write(rng, call, member, number, legislators)
    acted = call.actions.totals()
    call.outcome = (
        f"{acted['people']:,} people of {acted['organizations']:,} partner organizations wrote to their legislators. "
        "The Senate's appropriations committee asked the comptroller how long every program waits."
    )
    call.status = CallToAction.Status.CLOSED
    call.save()
    people = people_to_tell(call)
    ResultReport.objects.create(
        call_to_action=call,
        asked_at=at(now, 10, days=-18),
        asked_by=staff,
        people=people.count(),
        looked_at=people.count(),
        written=people.count(),
        last_person=people.values_list("pk", flat=True).last() or 0,
        finished_at=at(now, 10, days=-18) + timedelta(seconds=20),
        **first_words(call),
    )


def _call(campaigns: dict[str, Campaign], now: datetime) -> CallToAction:
    call = CallToAction.objects.create(
        slug="write-for-payment-on-time",
        title="Write for payment within 30 days",
        kind=CallToAction.Kind.EMAIL,
        campaign=campaigns["fair-pay"],
        ask="Ask your two legislators for payment within 30 days.",
        why="<p>Organizations that wait for months pay interest instead of staff.</p>",
        status=CallToAction.Status.PUBLISHED,
        opens_at=at(now, 8, days=-60),
        closes_at=at(now, 17, days=-21),
        consent_text=CONSENT,
    )
    LegislatorTargets.objects.create(call_to_action=call)
    call.message_variants.create(subject=SUBJECT, text=TEXT)
    return call


def _people(rng: Random) -> list[Membership]:
    """Those who can sign in, so that they find their own contacts, and some others."""
    members = Membership.objects.current().filter(organization__status=Organization.Status.ACTIVE)
    emails = [login.email for login in DEMO_LOGINS]
    own = list(members.filter(person__email__in=emails).select_related("person").order_by("pk"))
    others = {
        row.person_id: row for row in members.exclude(person__email__in=emails).select_related("person")
    }
    return own + rng.sample([others[pk] for pk in sorted(others)], k=min(OTHERS, len(others)))


def _write(
    rng: Random, call: CallToAction, member: Membership, number: int, legislators: list[Legislator]
) -> None:
    """One person's messages to two legislators; every other person told us what came back."""
    moment = call.opens_at + timedelta(hours=rng.randint(24, 600))
    action = ActionTaken.objects.create(
        reference="A-" + random_code(8, rng),
        call_to_action=call,
        person=member.person,
        organization_id=member.organization_id,
        consent_text=call.consent_text,
        verified=ActionTaken.Verified.LOGIN,
        acted_at=moment,
    )
    ways = {one.pk: LegislatorContact.Way.OWN_MAIL.value for one in rng.sample(legislators, k=2)}
    rows = record_messages(action=action, subject=SUBJECT, text=TEXT, story="", ways=ways, now=moment)
    LegislatorContact.objects.filter(action=action).update(reply_asked_at=moment + timedelta(days=14))
    if number % 2 == 0:
        replies = {row.pk: reply for row, reply in zip(rows, REPLIES, strict=False)}
        note_replies(action=action, replies=replies, now=moment + timedelta(days=15))

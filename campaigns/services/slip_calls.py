"""Calls to action that ask for witness slips, drafted from a hearing's notice and our position."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator, slugify
from django.utils.translation import gettext as _

from campaigns.models import CallToAction, FollowedHearing, LegislatorTargets, SlipAsk
from campaigns.open_windows import calls_about, standing_documents
from campaigns.services.errors import StateError
from legislation.models import Bill, BillTracking, Follow, Hearing, OrganizationPosition, RecordedSlip
from legislation.slip_windows import slip_window
from partners.history import changed_by
from partners.models import User

_Filed = RecordedSlip.Position
# What somebody files who shares our position.
FILED_AS = {"support": _Filed.PROPONENT, "oppose": _Filed.OPPONENT, "neutral": _Filed.NO_POSITION}
# Below that a goal is no goal; and people read round numbers.
SMALLEST_GOAL, ROUND = 10, 5


@transaction.atomic
def draft_slip_call(*, hearing: Hearing, bill: Bill, by: User, now: datetime) -> tuple[CallToAction, bool]:
    """A draft that asks for slips on what the notice says about a bill; with the one that is there already, False.

    Raises `StateError` where slips cannot be filed, or where we do not track the bill.
    """
    # Two clicks, or two people, make one draft.
    held = Hearing.objects.select_for_update(of=("self",), no_key=True).get(pk=hearing.pk)
    if existing := calls_about(held.pk, bill.pk).order_by("pk").first():
        return existing, False
    tracking = BillTracking.objects.filter(bill=bill).first()
    documents = list(standing_documents(held, bill))
    window = slip_window(held, now)
    if tracking is None or not documents:
        raise StateError(_("This bill is not on the notice, or we do not follow it any more."))
    if not window.is_open or window.sure_until <= now:
        raise StateError(_("Slips for this hearing cannot be filed now."))
    call = CallToAction(**_words(held, bill, tracking), hearing=held, bill=bill, kind=CallToAction.Kind.SLIP)
    call.slug = free_slug(f"slip-{bill.identifier}-{held.starts_at:%Y-%m-%d}")
    call.opens_at, call.closes_at = now, window.sure_until
    call.goal, call.goal_unit = _goal(tracking), CallToAction.Unit.ORGANIZATIONS
    changed_by(call, by)
    call.save()
    FollowedHearing.objects.create(call_to_action=call, hearing=held, starts_at=held.starts_at)
    position = FILED_AS[tracking.position]
    SlipAsk.objects.bulk_create(
        SlipAsk(call_to_action=call, document=document, position=position) for document in documents
    )
    return call, True


def _words(hearing: Hearing, bill: Bill, tracking: BillTracking) -> dict[str, Any]:
    facts = {
        "bill": bill.label,
        "title": tracking.plain_title or bill.shown_title,
        "committee": hearing.committee_title,
    }
    title, ask = {
        "support": (
            _("File a slip for %(bill)s: %(title)s"),
            _("File a witness slip as a proponent of %(bill)s before %(committee)s meets."),
        ),
        "oppose": (
            _("File a slip against %(bill)s: %(title)s"),
            _("File a witness slip as an opponent of %(bill)s before %(committee)s meets."),
        ),
        "neutral": (
            _("File a slip on %(bill)s: %(title)s"),
            _("File a witness slip on %(bill)s before %(committee)s meets."),
        ),
    }[tracking.position]
    return {
        "title": Truncator(title % facts).chars(160),
        "ask": Truncator(ask % facts).chars(300),
        "why": _why(tracking, facts["title"]),
        "consent_text": _(
            "We keep what you tell us about your slip, to count it and to remind you. We never file for you."
        ),
        "next_step": Truncator(_("Read what %(bill)s does") % facts).chars(200),
        "next_step_url": settings.SITE_URL + bill.get_absolute_url(),
    }


def _why(tracking: BillTracking, title: str) -> SafeString:
    """Our sentence and the talking points, or the bare title where staff wrote neither. Sanitised when it is saved."""
    sentence = format_html("<p>{}</p>", tracking.summary or title)
    if tracking.summary and escape(tracking.summary) in tracking.talking_points:
        sentence = SafeString("")  # They say it themselves.
    return format_html("{}{}", sentence, SafeString(tracking.talking_points))


def _goal(tracking: BillTracking) -> int:
    """As many partners as are on record with our position, rounded up."""
    agreeing = OrganizationPosition.objects.on_record().filter(
        bill=tracking.bill_id, position=tracking.position
    )
    return max(SMALLEST_GOAL, -(-agreeing.count() // ROUND) * ROUND)


def free_slug(words: str) -> str:
    """A short name that no call has: with a number behind it where the plain one is taken."""
    base = slugify(words)[:110]
    taken = set(CallToAction.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    number = 1
    while (slug := base if number == 1 else f"{base}-{number}") in taken:
        number += 1
    return slug


# What a draft for a new posting takes over from the call before it.
_KEPT = (
    "title",
    "kind",
    "campaign",
    "ask",
    "why",
    "statement",
    "bill",
    "ends_with_stage",
    "audience",
    "goal",
    "goal_unit",
    "consent_text",
    "next_step",
    "next_step_url",
)


def draft_for_posting(*, call: CallToAction, hearing: Hearing, now: datetime) -> CallToAction:
    """The same call once more, as a draft, for the posting that took the place of its hearing.

    Asks for the documents that stand on the new notice, or to reach the same legislators with the same words.
    The caller holds the old call's row.
    """
    is_for_slips = call.kind == CallToAction.Kind.SLIP
    deadline = slip_window(hearing, now).sure_until if is_for_slips else hearing.starts_at
    draft = CallToAction(**{name: getattr(call, name) for name in _KEPT}, hearing=hearing)
    draft.slug = free_slug(f"{call.slug[:100]}-again")
    draft.opens_at, draft.closes_at = now, deadline
    draft.save()
    _copy_targets(call, draft)
    FollowedHearing.objects.create(call_to_action=draft, hearing=hearing, starts_at=hearing.starts_at)
    asked = {ask.document.bill_id: ask.position for ask in call.slip_asks.select_related("document")}
    documents = hearing.documents.filter(removed_at=None, bill__in=[bill for bill in asked if bill])
    SlipAsk.objects.bulk_create(
        SlipAsk(call_to_action=draft, document=document, position=asked[document.bill_id])
        for document in documents.order_by("amendment")
    )
    return draft


def _copy_targets(call: CallToAction, draft: CallToAction) -> None:
    """Whom a call asks to reach, and the wordings of the message; nothing of a call for slips."""
    targets = LegislatorTargets.objects.filter(call_to_action=call).first()
    if targets is not None:
        chosen = list(targets.legislators.all())
        targets.pk, targets.call_to_action = None, draft
        targets._state.adding = True
        targets.save()
        targets.legislators.set(chosen)
    for wording in call.message_variants.all():
        wording.pk, wording.call_to_action = None, draft
        wording._state.adding = True
        wording.save()


def alert_start(call: CallToAction) -> dict[str, Any]:
    """What an alert about a call for slips begins with: its subject, and who is nearest to its bills.

    That is who follows a bill, and the people of partners whose position agrees with what the call asks for.
    """
    if call.kind != CallToAction.Kind.SLIP:
        return {}
    asks = list(call.slip_asks.select_related("document__bill").defer("document__bill__search"))
    bills = {ask.document.bill_id: ask.position for ask in asks if ask.document.bill_id}
    if not bills:
        return {}
    conditions = [
        {"field": name, "is": sorted(values, key=int)}
        for name, values in (
            ("follows", _followed(bills)),
            ("supports", _held(bills, "support")),
            ("opposes", _held(bills, "oppose")),
        )
        if values
    ]
    labels = ", ".join(dict.fromkeys(ask.document.label.partition(",")[0] for ask in asks))
    words = _("{{ first_name|Friend }}, file a witness slip: %(bills)s") % {"bills": labels}
    start: dict[str, Any] = {"subject": words[:150]}
    return start | ({"rules": {"any": conditions}} if conditions else {})


def _followed(bills: dict[int, str]) -> list[str]:
    found = Follow.objects.filter(bill__in=bills).values_list("bill", flat=True).distinct()
    return [str(bill) for bill in found]


def _held(bills: dict[int, str], position: str) -> list[str]:
    """The bills on which we ask for this position and partners hold it on record."""
    ours = [bill for bill, filed in bills.items() if filed == FILED_AS[position]]
    found = OrganizationPosition.objects.on_record().filter(bill__in=ours, position=position)
    return [str(bill) for bill in found.values_list("bill", flat=True).distinct()]

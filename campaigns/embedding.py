"""Frames: a call to action on a partner's own site, without scripts, with the credit going to the partner."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Count
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from campaigns import kinds
from campaigns.models import ActionTaken, CallToAction
from campaigns.models.targets import REACHING
from campaigns.services.actions import credited_partner, partner_source
from legislation.models import ReportedSlip
from partners.models import Organization

# High enough for the form of a petition, and for the question where one lives; a frame cannot grow without a script,
# but it scrolls.
FORM_HEIGHT, HOME_HEIGHT, ASK_HEIGHT = 860, 660, 420
# What a kind shows over its form: the hearing of a slip.
FACTS_HEIGHT = 640


@dataclass(frozen=True)
class Frame:
    """A call's frame for one partner's site: its address, the code to copy, how many answered over it so far, how many pledged."""

    call: CallToAction
    address: str
    code: str
    brought: int
    pledged: int = 0


def holds_form(call: CallToAction) -> bool:
    """Whether people can answer inside the frame, or go on to the call's page."""
    return kinds.of(call).frame_form is not None and kinds.of(call).open_to_strangers


def asks_home(call: CallToAction) -> bool:
    """Whether the frame asks where somebody lives, so that the call's page opens with their own legislators."""
    return call.kind in REACHING


def frame_address(call: CallToAction, organization: Organization) -> str:
    """Where a partner's frame of a call is."""
    query = urlencode({"partner": organization.slug})
    return f"{settings.SITE_URL}{reverse('campaigns:embed', args=[call.slug])}?{query}"


def frame_code(call: CallToAction, organization: Organization) -> str:
    """What a partner pastes into its site."""
    return format_html(
        '<iframe src="{}" title="{}" width="100%" height="{}" style="border:0" loading="lazy"></iframe>',
        frame_address(call, organization),
        _("Take action: %(title)s") % {"title": call.title},
        _height(call),
    )


def _height(call: CallToAction) -> int:
    if holds_form(call):
        return FORM_HEIGHT + (FACTS_HEIGHT if kinds.of(call).frame_template else 0)
    return HOME_HEIGHT if asks_home(call) else ASK_HEIGHT


def frames_for(organization: Organization, *, now: datetime) -> list[Frame]:
    """Every open call that everybody may answer, the most urgent first."""
    calls = list(CallToAction.objects.open(now).filter(audience=CallToAction.Audience.EVERYONE))
    credited = ActionTaken.objects.filter(credited=organization, call_to_action__in=calls).order_by()
    brought = dict(credited.values_list("call_to_action").annotate(Count("id")))
    pledged = _pledged(organization, [call for call in calls if call.kind == CallToAction.Kind.SLIP])
    return [
        Frame(
            call=call,
            address=frame_address(call, organization),
            code=frame_code(call, organization),
            brought=brought.get(call.pk, 0),
            pledged=pledged.get(call.pk, 0),
        )
        for call in calls
    ]


def _pledged(organization: Organization, calls: list[CallToAction]) -> dict[int, int]:
    """How many people pledged a slip over the partner's frame of each of these calls. No query without calls."""
    code = partner_source(organization)
    if not calls or credited_partner(code) != organization:
        return {}
    slips = ReportedSlip.objects.filter(
        source_code=code, pledged_at__isnull=False, document__asks__call_to_action__in=calls
    ).order_by()
    by_call = slips.values_list("document__asks__call_to_action")
    return dict(by_call.annotate(number=Count("person", distinct=True)))


def partner_of_frame(slug: str) -> Organization | None:
    """The partner that a frame's address names; one we do not know, or no longer have, is no harm."""
    found = Organization.objects.active().filter(slug=slug[:120].replace("\x00", ""))
    return found.first() if slug else None

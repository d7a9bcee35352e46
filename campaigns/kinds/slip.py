"""Witness slips: a guide to filing them, and what people say that they filed."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaigns.kinds import slip_frame
from campaigns.kinds.base import CallKind, Details, DetailsForm
from campaigns.kinds.slip_forms import SELF, PledgeForm, SlipForm
from campaigns.models import ActionTaken, CallToAction
from campaigns.new_postings import slips_for_an_old_posting
from campaigns.services.errors import AnswerRefused
from campaigns.slip_asks import asks_of, outdated_asks
from campaigns.visitors import Visitor
from legislation.models import HearingDocument, RecordedSlip, ReportedSlip
from legislation.pages.slip_guide import OwnSlips, copy_fields, own_slips, who_may_name
from legislation.permissions import organizations_spoken_for
from legislation.services.slips import must_be_reportable, report_slips
from legislation.slip_windows import is_gone, slip_window
from partners.errors import NotAllowed
from partners.models import Organization, Person


class WitnessSlip(CallKind):
    kind = CallToAction.Kind.SLIP
    form_title = _("Tell us that you filed it")
    submit_label = _("I filed it")
    update_label = _("Update what I filed")
    thanks = _("Thank you. We noted what you filed.")
    body_template = "campaigns/kinds/slip.html"
    fields_template = "campaigns/kinds/slip_fields.html"
    thanks_template = "campaigns/kinds/slip_thanks.html"
    details_form: type[DetailsForm] = SlipForm
    asks_comment = False
    asks_to_show_name = False
    frame_form: type[DetailsForm] | None = slip_frame.FramePledgeForm
    frame_template = "campaigns/kinds/slip_frame.html"
    frame_label = _("I will file it")
    frame_sent_template = "campaigns/kinds/slip_frame_sent.html"

    def problems(self, call: CallToAction) -> list[str]:
        hearing = call.hearing
        if hearing is None:
            return [gettext("Choose the hearing that the slips are for.")]
        found = []
        window = slip_window(hearing, timezone.now())
        if window.state == "cancelled":
            found.append(gettext("The hearing is cancelled. Choose another one."))
        elif is_gone(hearing):
            found.append(gettext("The hearing moved to another posting. Choose that one."))
        elif window.state == "closed":
            found.append(gettext("The hearing is over: nobody can file a slip for it any more."))
        if not call.slip_asks.exists():
            found.append(gettext("Say on which document you ask for which position."))
        for ask in outdated_asks(call):
            found.append(
                gettext("%(document)s does not stand on the hearing's notice.")
                % {"document": ask.document.label}
            )
        return found

    def context(self, request: HttpRequest, call: CallToAction, visitor: Visitor) -> dict[str, Any]:
        if call.hearing is None:
            return {}
        now = timezone.now()
        window = slip_window(call.hearing, now)
        own = own_slips(visitor.person, call.hearing, now)
        speaks_for = organizations_spoken_for(visitor.person) if visitor.person else []
        as_whom = _as_whom(request, own, speaks_for, visitor)
        asks = asks_of(call)
        may_pledge = (
            visitor.person and call.is_open(now) and asks and window.state in slip_frame.PLEDGED_WHILE
        )
        knows_visitor = visitor.verified == ActionTaken.Verified.LOGIN
        return {
            "hearing": call.hearing,
            "window": window,
            "now": now,
            "asks": asks,
            "own_slips": own,
            "filed_for_old_posting": bool(slips_for_an_old_posting(visitor.person, call.hearing, now)),
            "as_whom": as_whom,
            "choices": _choices(visitor, speaks_for, as_whom),
            "copy_fields": copy_fields(visitor.person, as_whom, with_contact=knows_visitor),
            "is_sparing": bool(visitor.person) and not knows_visitor,
            "who_may_name": "" if speaks_for else who_may_name(visitor.organization),
            "pledge": PledgeForm(speaks_for=speaks_for, as_whom=as_whom)
            if may_pledge and not own.filed and not own.pledged
            else None,
        }

    def takes_answers_in_a_frame(self, call: CallToAction) -> bool:
        return slip_frame.can_be_pledged(call)

    def frame_context(self, call: CallToAction) -> dict[str, Any]:
        return slip_frame.frame_context(call)

    def is_first_step(self, details: Details) -> bool:
        return slip_frame.is_pledge(details)

    def source_of_first_step(self, call: CallToAction, person: Person) -> str:
        pledged = ReportedSlip.objects.filter(person=person, document__asks__call_to_action=call)
        codes = pledged.exclude(source_code="").order_by("-pledged_at").values_list("source_code", flat=True)
        return codes.first() or ""

    def button_to_confirm(self, call: CallToAction, details: Details) -> str:
        return (
            str(self.frame_label) if self.is_first_step(details) else super().button_to_confirm(call, details)
        )

    def thanks_context(self, taken: ActionTaken) -> dict[str, Any]:
        hearing = taken.call_to_action.hearing
        if hearing is None:
            return {}
        now = timezone.now()
        return {
            "hearing": hearing,
            "window": slip_window(hearing, now),
            "filed": own_slips(taken.person, hearing, now).filed,
        }

    def check(self, call: CallToAction, details: Details, visitor: Visitor) -> None:
        if self.is_first_step(details):
            if not slip_frame.can_be_pledged(call):
                raise AnswerRefused(slip_frame.why_not(call))
            return
        answer = SlipAnswer(call, details)
        try:
            must_be_reportable(
                person=visitor.person,
                organization=answer.organization,
                hearing=answer.hearing(),
                posting_on=answer.posting_on,
                now=timezone.now(),
            )
        except NotAllowed as refusal:
            raise AnswerRefused(str(refusal)) from refusal

    def record(self, action: ActionTaken, details: Details, *, created: bool) -> None:
        answer = SlipAnswer(action.call_to_action, details)
        try:
            report_slips(
                person=action.person,
                organization=answer.organization,
                positions=answer.positions,
                testimony=answer.testimony,
                posting_on=answer.posting_on,
                consent_text=action.call_to_action.consent_text,
                source_code=action.source_code,
                now=action.acted_at if created else None,
            )
        except NotAllowed as refusal:
            raise AnswerRefused(str(refusal)) from refusal

    def summary(self, call: CallToAction, details: Details) -> list[tuple[str, str]]:
        if self.is_first_step(details):
            return slip_frame.summary(call)
        answer = SlipAnswer(call, details)
        positions = [
            (document.label, str(capfirst(RecordedSlip.Position(position).label)))
            for document, position in answer.positions.items()
            if position
        ]
        testimony = str(ReportedSlip.Testimony(answer.testimony).label)
        return [
            *positions,
            (gettext("Testimony"), testimony),
            (gettext("On whose behalf"), gettext("Myself")),
        ]


class SlipAnswer:
    """What `SlipForm.details` gave, read again: it may have waited for a week, and documents may be gone since."""

    def __init__(self, call: CallToAction, details: Details) -> None:
        self.call = call
        self._details = details

    def hearing(self) -> Any:
        """The hearing of the call. Raises `AnswerRefused` where there is none any more."""
        if self.call.hearing is None:
            raise AnswerRefused(gettext("The hearing of this call is not known any more. Staff are on it."))
        return self.call.hearing

    @cached_property
    def organization(self) -> Organization | None:
        number = self._details.get("organization")
        return Organization.objects.filter(pk=number).first() if number else None

    @cached_property
    def positions(self) -> dict[HearingDocument, str]:
        said = self._details.get("positions", {})
        asked = {str(ask.document_id): ask.document for ask in asks_of(self.call)}
        return {
            asked[number]: position
            for number, position in said.items()
            if number in asked and (not position or position in RecordedSlip.Position.values)
        }

    @property
    def testimony(self) -> str:
        said = self._details.get("testimony", "")
        return said if said in ReportedSlip.Testimony.values else ReportedSlip.Testimony.RECORD

    @property
    def posting_on(self) -> date | None:
        said = self._details.get("posting_on")
        return date.fromisoformat(said) if said else None


def _as_whom(
    request: HttpRequest, own: OwnSlips, speaks_for: list[Organization], visitor: Visitor
) -> Organization | None:
    """For whom the guide is filled: as asked, else as pledged or filed, else for the visitor's own organization."""
    partners = {organization.slug: organization for organization in speaks_for}
    asked = request.GET.get("as", "")
    if asked == SELF or asked in partners:
        return partners.get(asked)
    for standing in [*own.pledged, *own.filed]:
        return standing.slip.organization
    if visitor.organization and visitor.organization.slug in partners:
        return visitor.organization
    return speaks_for[0] if speaks_for else None


def _choices(
    visitor: Visitor, speaks_for: list[Organization], as_whom: Organization | None
) -> list[tuple[str, str, bool]]:
    """The links that fill the guide for somebody else: words, query, and whether it is filled so. None without a choice."""
    if not speaks_for:
        return []
    carried = {"r": visitor.token} if visitor.token else {}
    partners = [(found.name, found.slug, found == as_whom) for found in speaks_for]
    return [
        (name, f"?{urlencode({'as': value} | carried)}#guide", is_current)
        for name, value, is_current in [*partners, (gettext("Myself"), SELF, as_whom is None)]
    ]

"""Writing to legislators and calling them, found by the visitor's address or profile."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaigns.kinds.base import CallKind, Details
from campaigns.kinds.legislator_forms import MessageForm
from campaigns.kinds.phone_form import PhoneForm
from campaigns.legislator_targets import Rule, candidates, needs_bill, targets_of
from campaigns.models import ActionTaken, CallToAction, LegislatorContact
from campaigns.services.legislator_contacts import contacts_of, record_calls, record_messages
from campaigns.visitors import Visitor
from legislation.models import Legislator


class ReachLegislators(CallKind):
    """What both kinds share: whom they reach, and what they keep of it."""

    form_template = "campaigns/kinds/legislators_form.html"
    body_template = "campaigns/kinds/legislators_points.html"
    thanks_template = "campaigns/kinds/legislators_thanks.html"
    asks_comment = False
    asks_to_show_name = False

    def problems(self, call: CallToAction) -> list[str]:
        targets = targets_of(call)
        if targets.pk is None:
            return [gettext("Say which legislators people are to reach.")]
        found = []
        if needs_bill(targets) and call.bill is None:
            found.append(gettext("Choose the bill: who is asked depends on it."))
        if targets.rule == Rule.LEADERSHIP and not candidates(call, targets).exists():
            found.append(
                gettext(
                    "No leader of this chamber is on the list today. Staff keep it under “Chamber leaders”, beside "
                    "the legislators."
                )
            )
        if targets.rule == Rule.CHOSEN and not targets.legislators.exists():
            found.append(gettext("Choose the legislators whom people are to reach."))
        return found

    def context(self, request: HttpRequest, call: CallToAction, visitor: Visitor) -> dict[str, Any]:
        over = call.is_over()
        return {
            "targets": targets_of(call),
            "contacted": LegislatorContact.objects.filter(action__call_to_action=call).count() if over else 0,
        }

    def thanks_context(self, taken: ActionTaken) -> dict[str, Any]:
        return {"contacts": contacts_of(taken)}


class EmailLegislators(ReachLegislators):
    kind = CallToAction.Kind.EMAIL
    update_label = _("Go on to sending")
    thanks = _("Thank you. Your legislators hear from you.")
    details_form = MessageForm
    fields_template = "campaigns/kinds/legislators_message.html"

    def problems(self, call: CallToAction) -> list[str]:
        missing = not call.message_variants.exists()
        words = [gettext("Write at least one wording of the message.")] if missing else []
        return [*super().problems(call), *words]

    def record(self, action: ActionTaken, details: Details, *, created: bool) -> None:
        ways = {int(number): way for number, way in details.get("ways", {}).items()}
        if ways:
            words = {name: details.get(name, "") for name in MessageForm.written}
            record_messages(action=action, ways=ways, **words)

    def summary(self, call: CallToAction, details: Details) -> list[tuple[str, str]]:
        ways = details.get("ways", {})
        labels = LegislatorContact.Way
        lines = [f"{who.title} {who.name}: {labels(ways[str(who.pk)]).label}" for who in _named(ways)]
        parts = [details.get("text", ""), details.get("story", "")]
        return [
            (gettext("To"), "\n".join(lines)),
            (gettext("Subject"), details.get("subject", "")),
            (gettext("Your message"), "\n\n".join(part for part in parts if part)),
        ]


class PhoneLegislators(ReachLegislators):
    kind = CallToAction.Kind.PHONE
    submit_label = _("Record my calls")
    update_label = _("Update my calls")
    thanks = _("Thank you. Your calls are on record.")
    details_form = PhoneForm
    fields_template = "campaigns/kinds/legislators_phone.html"

    def problems(self, call: CallToAction) -> list[str]:
        targets = targets_of(call)
        missing = targets.pk is not None and not targets.script.strip()
        words = [gettext("Write the script: what people say on the telephone.")] if missing else []
        return [*super().problems(call), *words]

    def record(self, action: ActionTaken, details: Details, *, created: bool) -> None:
        calls = {int(number): (said[0], said[1]) for number, said in details.get("calls", {}).items()}
        if calls:
            record_calls(action=action, calls=calls)

    def summary(self, call: CallToAction, details: Details) -> list[tuple[str, str]]:
        calls = details.get("calls", {})
        rows = []
        for who in _named(calls):
            outcome, note = calls[str(who.pk)]
            label = str(LegislatorContact.Outcome(outcome).label)
            rows.append((f"{who.title} {who.name}", f"{label}\n{note}".strip()))
        return rows


def _named(numbers: Details) -> list[Legislator]:
    """The legislators behind the numbers of an answer, in its order."""
    found = Legislator.objects.in_bulk([int(number) for number in numbers])
    return [found[int(number)] for number in numbers if int(number) in found]

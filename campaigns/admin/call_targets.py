"""The parts of a call that reaches legislators: who is asked, the words, and where the results are."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import StackedInline
from unfold.decorators import display

from campaigns.models import CallToAction, LegislatorTargets, MessageVariant
from campaigns.results.contacts import total_of
from partners.admin.editing import FIELDS, RoomySentencesMixin, once

_WHOM = ["rule", "committee", "chamber", "legislators", "only_own", "most"]


class TargetsInline(RoomySentencesMixin, StackedInline):
    """Who is asked: one rule for each call."""

    model = LegislatorTargets
    formfield_overrides = FIELDS
    autocomplete_fields = ["committee", "legislators"]
    readonly_fields = ["results"]
    min_num = max_num = 1
    extra = 0
    can_delete = False
    verbose_name_plural = gettext_lazy("who is asked")

    @display(description=gettext_lazy("results"))
    @once
    def results(self, targets: LegislatorTargets) -> SafeString | str:
        """How many messages and calls there are, with the way to the whole picture."""
        if targets.pk is None:
            return _("They stand here once people have acted.")
        total = total_of(targets.call_to_action)
        words = _("%(messages)d messages, %(waiting)d waiting, %(calls)d telephone calls")
        url = reverse("admin:campaigns_legislatorcontact_results", args=[targets.call_to_action_id])
        return format_html(
            '{} · <a class="desk-link" href="{}">{}</a>',
            words % {"messages": total.messages, "waiting": total.waiting, "calls": total.calls},
            url,
            _("Results by legislator and district"),
        )


class EmailTargetsInline(TargetsInline):
    """For messages: whether we may send them, and how many in an hour."""

    fields = [*_WHOM, "through_us", "hourly_cap", "talking_points", "results"]


class PhoneTargetsInline(TargetsInline):
    """For telephone calls: the script."""

    fields = [*_WHOM, "script", "talking_points", "results"]


class MessageVariantInline(RoomySentencesMixin, StackedInline):
    """The wordings that people get by turns."""

    model = MessageVariant
    formfield_overrides = FIELDS
    fields = ["order", "subject", "text"]
    extra = 0

    def get_min_num(self, request: HttpRequest, obj: CallToAction | None = None, **kwargs: object) -> int:
        # A call without a wording cannot be published: its form shows the first one at once.
        return 1

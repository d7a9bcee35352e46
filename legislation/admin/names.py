"""The review list of printed names: who is meant by "Davis" in a roll call, where the spelling does not tell."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminSelectWidget

from legislation.models import Legislator, NameMatch, Sponsorship, Vote
from legislation.services.names import decide_name, undo_decision
from partners.admin.base import PartnersAdmin, Question, ReadOnlyMixin
from partners.posted import posted

_State = NameMatch.State
COLORS = {"ambiguous": "warning", "unknown": "danger", "matched": "info", "decided": "success"}
EXAMPLES = 5


class ReviewFilter(admin.SimpleListFilter):
    """Shows what staff must look at, unless they ask for more."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, Any]]:
        return [("review", gettext_lazy("to review")), *_State.choices, ("all", gettext_lazy("all"))]

    def value(self) -> str:
        return super().value() or "review"

    def choices(self, changelist: Any) -> Iterator[Any]:
        return islice(super().choices(changelist), 1, None)

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() == "review":
            return queryset.for_review()
        return queryset if self.value() == "all" else queryset.filter(state=self.value())


class DecisionForm(forms.Form):
    """Whom the name means: the likely ones first, then everybody who sat in that chamber."""

    legislator = forms.ModelChoiceField(
        label=gettext_lazy("Legislator"),
        queryset=Legislator.objects.none(),
        widget=UnfoldAdminSelectWidget,
        error_messages={"required": gettext_lazy("Choose who is meant.")},
    )

    def __init__(self, *args: Any, match: NameMatch, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["legislator"]
        people = Legislator.objects.order_by("family_name", "given_name")
        if match.chamber:
            people = people.filter(terms__chamber=match.chamber) | people.filter(chamber=match.chamber)
        field.queryset = people = people.distinct()
        likely = list(match.candidates.order_by("family_name", "given_name"))
        if likely:
            field.choices = [
                ("", _("Choose")),
                (_("Fits the spelling"), [(person.pk, _described(person)) for person in likely]),
                (_("Everybody else"), [(p.pk, _described(p)) for p in people if p not in likely]),
            ]
        else:
            field.label_from_instance = _described


def _described(person: Legislator) -> str:
    """Such as `Pat Sample (D, House 12)`."""
    return f"{person.name} ({person.party_letter}, {person.get_chamber_display()} {person.district or '–'})"


@admin.register(NameMatch)
class NameMatchAdmin(ReadOnlyMixin, PartnersAdmin):
    list_display = ["name", "shown_chamber", "session", "shown_state", "legislator", "decided_by"]
    list_filter = [ReviewFilter, "chamber", "session"]
    list_select_related = ["legislator", "decided_by"]
    search_fields = ["name", "legislator__name"]
    actions_detail = ["decide", "nobody", "undo"]
    fields = [
        "name",
        "shown_chamber",
        "session",
        "state",
        "legislator",
        "likely",
        "where",
        "decided_at",
        "decided_by",
    ]
    readonly_fields = ["shown_chamber", "state", "likely", "where"]

    def get_actions_detail(self, request: HttpRequest, object_id: str) -> list:
        match = self.existing(request, object_id)
        if match is None:
            return []
        decided = match.state in {_State.DECIDED, _State.NOBODY}
        return self.buttons(request, object_id, {"undo"} if decided else {"decide", "nobody"})

    @display(description=gettext_lazy("chamber"), ordering="chamber")
    def shown_chamber(self, match: NameMatch) -> str:
        return match.get_chamber_display() or _("not said")

    @display(description=gettext_lazy("state"), label=COLORS, ordering="state")
    def shown_state(self, match: NameMatch) -> tuple[str, str]:
        return match.state, str(match.get_state_display())

    @display(description=gettext_lazy("fits the spelling"))
    def likely(self, match: NameMatch) -> SafeString | str:
        people = list(match.candidates.all())
        return format_html_join("; ", "{}", ((_described(person),) for person in people)) or _("nobody")

    @display(description=gettext_lazy("where it stands"))
    def where(self, match: NameMatch) -> str:
        """How often the name is used and a few places, so that staff can look it up."""
        votes = Vote.objects.filter(
            name=match.name, roll_call__bill__session=match.session, roll_call__chamber=match.chamber
        )
        sponsored = Sponsorship.objects.filter(
            name=match.name, bill__session=match.session, chamber=match.chamber
        )
        examples = [
            f"{vote.roll_call.bill}, {vote.roll_call.motion}"
            for vote in votes.select_related("roll_call__bill").order_by("-roll_call__date")[:EXAMPLES]
        ] + [str(row.bill) for row in sponsored.select_related("bill")[:EXAMPLES]]
        counted = _("%(votes)s votes, %(bills)s bills sponsored.") % {
            "votes": f"{votes.count():,}",
            "bills": f"{sponsored.count():,}",
        }
        return " ".join([counted, "; ".join(examples)])

    # --- Buttons -------------------------------------------------------------------------------------------------

    @action(description=gettext_lazy("Say who it is"), url_path="decide", permissions=["work"])
    def decide(self, request: HttpRequest, object_id: str) -> HttpResponse:
        match = self.record(request, object_id)
        return self.ask(
            request,
            match,
            Question(
                title=_("Who is “%(name)s”?") % {"name": match.name},
                explanation=_(
                    "Every vote, sponsorship and committee seat of this General Assembly and chamber that bears "
                    "the name is linked, now and in later imports."
                ),
                button=_("This is who it is"),
                done=_("The name is linked."),
                form=DecisionForm(posted(request), match=match),
                step=lambda values: decide_name(
                    match=match,
                    legislator=values["legislator"],
                    by=request.user,
                ),
                facts=[(_("Fits the spelling"), self.likely(match)), (_("Stands in"), self.where(match))],
            ),
        )

    @action(description=gettext_lazy("No member's name"), url_path="nobody", permissions=["work"])
    def nobody(self, request: HttpRequest, object_id: str) -> HttpResponse:
        match = self.record(request, object_id)
        return self.ask(
            request,
            match,
            Question(
                title=_("“%(name)s” is no member") % {"name": match.name},
                explanation=_("The name stays as text and is not asked about again."),
                button=_("It is no member's name"),
                done=_("Noted."),
                step=lambda _values: decide_name(match=match, legislator=None, by=request.user),
            ),
        )

    @action(description=gettext_lazy("Take the decision back"), url_path="undo", permissions=["work"])
    def undo(self, request: HttpRequest, object_id: str) -> HttpResponse:
        match = self.record(request, object_id)
        return self.ask(
            request,
            match,
            Question(
                title=_("Read “%(name)s” by its spelling again") % {"name": match.name},
                explanation=_(
                    "What was linked by the decision is unlinked, unless the spelling alone tells who it is."
                ),
                button=_("Take it back"),
                done=_("The decision is gone."),
                step=lambda _values: undo_decision(match=match),
            ),
        )

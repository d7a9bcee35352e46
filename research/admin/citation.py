"""Citations at the staff desk: entered, suggested by press mentions, verified by somebody who looked."""

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.decorators import action, display

from partners.admin.base import PublicPageMixin, Question
from partners.admin.editing import FIELDS, RoomySentencesMixin
from partners.admin.history import HistoryAdmin
from partners.posted import posted
from research.admin.uptake import UptakeNumbers
from research.forms.citation import CitationForm, RejectForm, VerifyForm
from research.models import Citation, PressMention
from research.services import citation as services

_State = Citation.State
BUTTONS = {
    _State.SUGGESTED: {"verify", "reject"},
    _State.VERIFIED: {"reject"},
    _State.REJECTED: {"verify"},
}


@admin.register(Citation)
class CitationAdmin(PublicPageMixin, RoomySentencesMixin, HistoryAdmin, UptakeNumbers):
    form = CitationForm
    formfield_overrides = FIELDS
    list_display = ["title", "outlet", "kind", "cited_on", "shown_state", "page"]
    list_filter = ["state", "kind", ("report", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["report"]
    search_fields = ["title", "outlet", "url", "report__title"]
    date_hierarchy = "cited_on"
    ordering = ["-cited_on", "-pk"]
    fieldsets = [
        (None, {"fields": ["report", "kind", "title", "outlet", "url", "cited_on"]}),
        (
            gettext_lazy("Verified"),
            {
                "fields": [
                    "state",
                    "page",
                    "verified_at",
                    "verified_by",
                    "rejected_because",
                    "source_mention",
                ]
            },
        ),
    ]
    readonly_fields = [
        "state",
        "page",
        "verified_at",
        "verified_by",
        "rejected_because",
        "source_mention",
    ]
    actions_list = [*UptakeNumbers.actions_list, "suggest"]
    actions_detail = ["verify", "reject"]

    def get_actions_detail(self, request: HttpRequest, object_id: str) -> list:
        return self.buttons(request, object_id, BUTTONS[_State(self.record(request, object_id).state)])

    def get_readonly_fields(self, request: HttpRequest, obj: Citation | None = None) -> list[str]:
        # What somebody verified was this page, of this day: other facts are another citation.
        verified = obj is not None and obj.state == _State.VERIFIED
        return [*self.readonly_fields, "report", "url", "kind"] if verified else self.readonly_fields

    @display(
        description=gettext_lazy("state"),
        ordering="state",
        label={"suggested": "warning", "verified": "success", "rejected": "info"},
    )
    def shown_state(self, citation: Citation) -> tuple[str, str]:
        return citation.state, citation.get_state_display()

    @display(description=gettext_lazy("page"))
    def page(self, citation: Citation) -> SafeString | str:
        if not citation.url:
            return "–"
        return format_html(
            '<a class="desk-link" href="{}" rel="noopener noreferrer" target="_blank">{}</a>',
            citation.url,
            _("Open in a new tab"),
        )

    @action(description=gettext_lazy("Verify"), icon="verified", permissions=["work"], url_path="verify")
    def verify(self, request: HttpRequest, object_id: str) -> HttpResponse:
        citation = self.record(request, object_id)
        question = Question(
            title=_("Does this page cite the report?"),
            explanation=_("Open it and look. A verified citation is counted and shown on the report's page."),
            facts=self._facts(citation),
            button=_("Yes, it cites the report"),
            done=_("The citation is verified."),
            form=VerifyForm(posted(request), initial={"kind": citation.kind}),
            step=lambda said: services.verify(citation=citation, by=request.user, **said),
        )
        return self.ask(request, citation, question)

    @action(description=gettext_lazy("No citation"), icon="block", permissions=["work"], url_path="reject")
    def reject(self, request: HttpRequest, object_id: str) -> HttpResponse:
        citation = self.record(request, object_id)
        question = Question(
            title=_("Is this no citation?"),
            explanation=_("It leaves the report's page and all counts, and is not suggested again."),
            facts=self._facts(citation),
            button=_("It is no citation"),
            done=_("Noted that it is no citation."),
            form=RejectForm(posted(request)),
            step=lambda said: services.reject(citation=citation, by=request.user, **said),
            danger=True,
        )
        return self.ask(request, citation, question)

    def _facts(self, citation: Citation) -> list[tuple[str, object]]:
        return [
            (_("Page"), self.page(citation)),
            (_("Title"), citation.title),
            (_("Outlet or name"), citation.outlet),
            (_("Report"), citation.report),
        ]

    @action(
        description=gettext_lazy("Look through the press"),
        icon="newspaper",
        permissions=["suggest"],
        url_path="suggest",
    )
    def suggest(self, request: HttpRequest) -> HttpResponse:
        """Asks, then suggests a citation for each press mention that is about a report or names its title.

        Many records are meant and none in particular, and only then is it known how many are new.
        """
        back = reverse("admin:research_citation_changelist")
        if request.method == "POST":
            number = services.suggest_citations()
            words = ngettext("%(n)d new suggestion.", "%(n)d new suggestions.", number) % {"n": number}
            messages.success(request, words)
            return HttpResponseRedirect(f"{back}?state__exact={_State.SUGGESTED}")
        title = _("Look through the press?")
        explanation = _(
            "Each press mention that is about a report or names its title is suggested as a citation. What you "
            "verified or rejected before stays as it is."
        )
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": title,
            "desk_title": title,
            "back_url": back,
            "question": {"explanation": explanation, "button": _("Look through the press")},
        }
        return TemplateResponse(request, "admin/desk/question.html", context)

    def has_suggest_permission(self, request: HttpRequest) -> bool:
        return self.has_work_permission(request) and request.user.has_perm(
            f"research.view_{PressMention._meta.model_name}"
        )

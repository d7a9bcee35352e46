"""The review of recorded slips: whom do the words mean? One answer for all slips with the same words."""

from collections.abc import Callable
from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.widgets import UnfoldAdminSelect2Widget

from legislation.models import SlipMatch
from legislation.services import slip_decisions
from legislation.slip_matches import waiting_words
from legislation.slip_review import REASONS, TABS, with_partners, words_of
from partners.admin.base import PartnersAdmin, Question, ReadOnlyMixin
from partners.errors import NotAllowed
from partners.models import Organization
from partners.posted import posted

AT_ONCE = 20
LIST = "admin:legislation_slipmatch_changelist"


class OtherPartnerForm(forms.Form):
    """Which partner the words mean, where it is not among the likely ones."""

    organization = forms.ModelChoiceField(
        label=gettext_lazy("Partner"),
        empty_label=gettext_lazy("Choose a partner"),
        queryset=Organization.objects.exclude(status=Organization.Status.LEFT).order_by("name"),
        widget=UnfoldAdminSelect2Widget,
        error_messages={"required": gettext_lazy("Choose the partner.")},
    )


@admin.register(SlipMatch)
class SlipMatchAdmin(ReadOnlyMixin, PartnersAdmin):
    """Slips with the same words stand together; nothing here is typed, only decided."""

    fields = [
        "text",
        "organization",
        "score",
        "found_by",
        "state",
        "slip",
        "decided_at",
        "decided_by",
    ]
    readonly_fields = ["found_by", "state"]
    search_fields = ["text", "organization__name"]

    def get_urls(self) -> list[URLPattern]:
        def own(way: str, view: Callable[..., HttpResponse]) -> URLPattern:
            name = f"legislation_slipmatch_{way}"
            return path(f"<path:object_id>/{way}/", self.admin_site.admin_view(view), name=name)

        return [own("decide", self.decide), own("other", self.other), *super().get_urls()]

    @admin.display(description=gettext_lazy("found by"))
    def found_by(self, match: SlipMatch) -> str:
        return str(REASONS.get(match.reason, "–"))

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """The words that wait, or those that are decided or certain."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        tab = request.GET.get("tab", "review")
        tab = tab if tab in TABS else "review"
        search = request.GET.get("q", "").replace("\0", "").strip()[:100]
        page = Paginator(words_of(tab, search), AT_ONCE).get_page(request.GET.get("p"))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Partners on recorded slips"),
            "page": page,
            "words": with_partners(tab, list(page)),
            "tab": tab,
            "tabs": [(name, label) for name, (label, _states) in TABS.items()],
            "search": search,
            "query": urlencode({"tab": tab, "q": search}),
            "may_decide": self.has_work_permission(request),
            "waiting": page.paginator.count if tab == "review" and not search else waiting_words(),
        }
        return TemplateResponse(request, "admin/desk/slip_review.html", context | (extra_context or {}))

    def decide(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Takes one of the answers; anything but a POST leads back to the list."""
        back = _back(request)
        if request.method != "POST" or not self.has_work_permission(request):
            return HttpResponseRedirect(back)
        match = self.record(request, object_id)
        try:
            said = self._take(request, match, request.POST.get("answer", ""))
        except NotAllowed as refusal:
            messages.error(request, str(refusal))
        else:
            if said:
                messages.success(request, said)
        return HttpResponseRedirect(back)

    def _take(self, request: HttpRequest, match: SlipMatch, answer: str) -> str:
        """Takes an answer; what to say to it, "" for one that nobody offers."""
        if answer == "confirm":
            learned = slip_decisions.confirm_match(match=match, by=request.user)
            return _confirmed(match.organization, learned)
        if answer == "reject":
            slip_decisions.reject_match(match=match, by=request.user)
            return _("Noted: “%(words)s” is not %(partner)s.") % {
                "words": match.text,
                "partner": match.organization,
            }
        if answer == "nobody":
            slip_decisions.reject_all(match=match, by=request.user)
            return _("Noted: “%(words)s” is no partner of ours.") % {"words": match.text}
        if answer == "undo":
            number = slip_decisions.undo_decision(match=match)
            return ngettext(
                "The decision is taken back on %(n)s row.",
                "The decision is taken back on %(n)s rows.",
                number,
            ) % {"n": number}
        return ""

    def other(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Asks which partner the words mean."""
        if not self.has_work_permission(request):
            return HttpResponseRedirect(_back(request))
        match = self.record(request, object_id)
        form = OtherPartnerForm(posted(request))
        if request.method == "POST" and form.is_valid():
            organization = form.cleaned_data["organization"]
            try:
                learned = slip_decisions.name_partner(match=match, organization=organization, by=request.user)
            except NotAllowed as refusal:
                messages.error(request, str(refusal))
            else:
                messages.success(request, _confirmed(organization, learned))
            return HttpResponseRedirect(_back(request))
        question = Question(
            title=_("Which partner is “%(words)s”?") % {"words": match.text},
            explanation=_("The answer holds for every slip with these words, now and in later imports."),
            button=_("It is this partner"),
            done="",
            step=lambda answers: None,
            form=form,
            facts=_facts(match),
        )
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": question.title,
            "desk_title": question.title,
            "back_url": _back(request),
            "question": question,
            "form": form,
            "media": self.media + form.media,
        }
        return TemplateResponse(request, "admin/desk/question.html", context)


def _facts(match: SlipMatch) -> list[tuple[str, object]]:
    slip = match.slip
    return [
        (_("Name"), slip.name),
        (_("Firm, business or agency"), slip.firm or "–"),
        (_("Representation"), slip.representation or "–"),
        (_("Found so far"), match.organization),
    ]


def _confirmed(organization: Organization, learned: str) -> str:
    said = _("The slips count for %(partner)s.") % {"partner": organization}
    if learned:
        said += " " + _("“%(words)s” is remembered as another name of it.") % {"words": learned}
    return said


def _back(request: HttpRequest) -> str:
    """The list where one came from: the same tab, search and page."""
    query = {name: request.GET[name] for name in ("tab", "q", "p") if request.GET.get(name)}
    return reverse(LIST) + (f"?{urlencode(query)}" if query else "")

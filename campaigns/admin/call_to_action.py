"""Calls to action, with who has answered them so far."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, ForeignKey, Q, QuerySet
from django.forms import ModelChoiceField
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.decorators import display

from campaigns.admin.call_buttons import CallButtons
from campaigns.admin.call_kinds import CHOICES, CallForm, fieldsets_of, is_kind
from campaigns.admin.call_parts import parts_of
from campaigns.models import CallToAction
from campaigns.results.reports import progress_words, report_of
from campaigns.staff_views import closing_words
from legislation.models import Hearing
from partners.admin.editing import EditorAdmin, once
from partners.admin.history import HistoryAdmin
from partners.models import Organization

CREDITED_SHOWN = 10


@admin.register(CallToAction)
class CallToActionAdmin(CallButtons, HistoryAdmin, EditorAdmin):
    form = CallForm
    list_display = [
        "title",
        "kind",
        "shown_status",
        "audience",
        "closes",
        "people",
        "organizations",
        "shown_goal",
    ]
    ordering = ["-closes_at"]
    list_filter = ["status", "kind", "audience", "campaign"]
    search_fields = ["title", "ask"]
    prepopulated_fields = {"slug": ["title"]}
    autocomplete_fields = ["campaign", "bill"]
    readonly_fields = [
        "shown_kind",
        "status",
        "outcome",
        "answered",
        "credited_partners",
        "successor",
        "told",
    ]

    def get_fieldsets(self, request: HttpRequest, obj: CallToAction | None = None) -> list:
        return fieldsets_of(self._kind(request, obj), is_new=obj is None)

    def get_inlines(self, request: HttpRequest, obj: CallToAction | None = None) -> list:
        return parts_of(self._kind(request, obj))

    def get_form(self, request: HttpRequest, obj: CallToAction | None = None, **kwargs: Any) -> type:
        form = super().get_form(request, obj, **kwargs)
        return type(form.__name__, (form,), {"kind": self._kind(request, obj)})

    def _kind(self, request: HttpRequest, obj: CallToAction | None) -> str:
        """The call's kind; a new one's stands in the address, where the choice page put it."""
        if obj is not None:
            return obj.kind
        asked = request.GET.get("kind")
        return asked if asked and is_kind(asked) else CallToAction.Kind.PETITION

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        """First asks for the kind, then for what this kind needs."""
        if is_kind(request.GET.get("kind")) or not self.has_add_permission(request):
            return super().add_view(request, form_url, extra_context)
        kept = {name: value for name, value in request.GET.items() if name != "kind"}
        return TemplateResponse(
            request,
            "admin/desk/call_kinds.html",
            {
                **self.admin_site.each_context(request),
                "opts": self.opts,
                "title": _("A new call to action"),
                "desk_title": _("A new call to action"),
                "back_url": reverse("admin:campaigns_calltoaction_changelist"),
                "choices": [
                    {
                        "kind": choice.kind,
                        "sentence": choice.sentence,
                        "url": f"?{urlencode(kept | {'kind': choice.kind.value})}",
                    }
                    for choice in CHOICES
                ],
            },
        )

    def get_queryset(self, request: HttpRequest) -> QuerySet[CallToAction]:
        return super().get_queryset(request).with_counts()

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        found, may_have_duplicates = super().get_search_results(request, queryset, search_term)
        if request.path == reverse("admin:autocomplete") and request.GET.get("model_name") == "actionalert":
            # An alert leads to a page where people can act.
            found = found.filter(status=CallToAction.Status.PUBLISHED, closes_at__gt=timezone.now())
        return found, may_have_duplicates

    def formfield_for_foreignkey(
        self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField | None:
        if db_field.name == "hearing":
            # Hearings still to come, and whichever this call has: its day may have passed.
            chosen = Hearing.objects.filter(calls_to_action=self._edited(request))
            coming = Hearing.objects.upcoming(timezone.now())
            kwargs["queryset"] = Hearing.objects.filter(Q(pk__in=coming) | Q(pk__in=chosen)).order_by(
                "starts_at"
            )
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def _edited(self, request: HttpRequest) -> int:
        """The number of the call whose form this is; 0 for a new one."""
        number = request.resolver_match.kwargs.get("object_id", "") if request.resolver_match else ""
        return int(number) if number.isdecimal() and len(number) < 18 else 0

    def has_delete_permission(self, request: HttpRequest, obj: CallToAction | None = None) -> bool:
        draft = obj is None or obj.status == CallToAction.Status.DRAFT
        return draft and super().has_delete_permission(request, obj)

    @display(
        description=gettext_lazy("status"),
        ordering="status",
        label={"open": "success", "draft": "warning", "waiting": "info", "over": "danger"},
    )
    def shown_status(self, call: CallToAction) -> tuple[str, str]:
        """The status as it matters to people: a published call may not be open yet, or be over."""
        if call.is_open():
            return "open", _("open")
        if call.status == CallToAction.Status.PUBLISHED:
            return ("over", _("time is over")) if call.is_over() else ("waiting", _("opens later"))
        return call.status, call.get_status_display()

    @display(description=gettext_lazy("kind"))
    def shown_kind(self, call: CallToAction) -> str:
        return capfirst(call.get_kind_display())

    @display(description=gettext_lazy("closes"), ordering="closes_at")
    def closes(self, call: CallToAction) -> str:
        return closing_words(call)

    @display(description=gettext_lazy("people"), ordering="people")
    def people(self, call: CallToAction) -> int:
        return call.people

    @display(description=gettext_lazy("organizations"), ordering="organizations")
    def organizations(self, call: CallToAction) -> int:
        return call.organizations

    @display(description=gettext_lazy("goal"), ordering="goal")
    def shown_goal(self, call: CallToAction) -> str:
        return f"{call.goal:,} {call.get_goal_unit_display()}" if call.goal else ""

    @display(description=gettext_lazy("answered by"))
    def answered(self, call: CallToAction) -> SafeString | str:
        people = ngettext("%(n)d person", "%(n)d people", call.people) % {"n": call.people}
        organizations = ngettext("%(n)d organization", "%(n)d organizations", call.organizations) % {
            "n": call.organizations
        }
        url = f"{reverse('admin:campaigns_actiontaken_changelist')}?call_to_action__id__exact={call.pk}"
        return format_html(
            '{}, {} · <a class="desk-link" href="{}">{}</a>',
            people,
            organizations,
            url,
            _("List of actions taken"),
        )

    @display(description=gettext_lazy("result written to those who acted"))
    def told(self, call: CallToAction) -> str:
        report = report_of(call)
        return progress_words(report) if report else _("Not yet")

    @display(description=gettext_lazy("came over partners' sites"))
    @once
    def credited_partners(self, call: CallToAction) -> SafeString | str:
        """Who brought how many people by the frame on their own site, those with most first."""
        found = Organization.objects.filter(credited_actions__call_to_action=call)
        partners = list(found.annotate(brought=Count("credited_actions")).order_by("-brought", "name"))
        if not partners:
            return _("Nobody yet. Partners find the frame for their site on their own pages.")
        rows = ((partner.name, partner.brought) for partner in partners[:CREDITED_SHOWN])
        shown = format_html_join("", "<div>{}: {}</div>", rows)
        rest = len(partners) - CREDITED_SHOWN
        if rest <= 0:
            return shown
        more = ngettext("and %(n)d more partner", "and %(n)d more partners", rest) % {"n": rest}
        return format_html("{}<div>{}</div>", shown, more)

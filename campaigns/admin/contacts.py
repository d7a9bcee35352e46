"""Messages and telephone calls to legislators, and the results of the calls to action they belong to."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import display

from campaigns.models import CallToAction, LegislatorContact
from campaigns.models.targets import REACHING
from campaigns.results.contacts import FILES, by_district, by_legislator, total_of
from campaigns.services.legislator_contacts import take_back_waiting
from campaigns.staff_views import Question, ask, desk_context
from partners.admin.base import PartnersAdmin, ReadOnlyMixin
from partners.admin.history import HistoryAdmin
from partners.spreadsheets import csv_download


@admin.register(LegislatorContact)
class LegislatorContactAdmin(ReadOnlyMixin, HistoryAdmin, PartnersAdmin):
    list_display = ["legislator", "person", "call_to_action", "way", "what_became", "reply", "contacted_at"]
    list_filter = ["way", "state", "outcome", "reply", "action__call_to_action"]
    list_select_related = ["legislator", "action__person", "action__call_to_action", "message"]
    search_fields = ["legislator__name", "action__person__last_name", "action__person__email"]
    date_hierarchy = "contacted_at"
    fields = [
        "legislator",
        "person",
        "call_to_action",
        "way",
        "what_became",
        "subject",
        "text",
        "note",
        "contacted_at",
        "handed_over_at",
        "reply_asked_at",
        "reply",
        "reply_noted_at",
    ]
    readonly_fields = ["person", "call_to_action", "what_became"]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).defer("message__message")

    @display(description=gettext_lazy("person"), ordering="action__person__last_name")
    def person(self, contact: LegislatorContact) -> str:
        return contact.action.person.name

    @display(description=gettext_lazy("call to action"), ordering="action__call_to_action__title")
    def call_to_action(self, contact: LegislatorContact) -> str:
        return contact.action.call_to_action.title

    @display(description=gettext_lazy("what became of it"))
    def what_became(self, contact: LegislatorContact) -> str:
        return contact.shown_state

    # --- Results of a call to action ------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        def view(step: Any) -> Any:
            return self.admin_site.admin_view(step)

        own = [
            path("results/<int:call>/", view(self.results), name="campaigns_legislatorcontact_results"),
            path(
                "results/<int:call>/<slug:what>.csv", view(self.file), name="campaigns_legislatorcontact_file"
            ),
            path("results/<int:call>/stop/", view(self.stop), name="campaigns_legislatorcontact_stop"),
        ]
        return own + super().get_urls()

    def _call(self, request: HttpRequest, number: int) -> CallToAction:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return get_object_or_404(CallToAction, pk=number, kind__in=REACHING)

    def _may_stop(self, request: HttpRequest) -> bool:
        return request.user.has_perm("campaigns.change_calltoaction")

    def results(self, request: HttpRequest, call: int) -> HttpResponse:
        """By legislator and by district, with the files and the button that stops what still waits."""
        record = self._call(request, call)
        districts, unplaced = by_district(record)
        total = total_of(record)
        context = desk_context(self, request, record, _("Results of “%(call)s”") % {"call": record.title})
        context |= {
            "call": record,
            "total": total,
            "lines": by_legislator(record),
            "districts": districts,
            "unplaced": unplaced,
            "may_stop": bool(total.waiting) and self._may_stop(request),
        }
        return TemplateResponse(request, "admin/legislators/results.html", context)

    def file(self, request: HttpRequest, call: int, what: str) -> HttpResponseBase:
        """One of the results' tables as a spreadsheet."""
        record = self._call(request, call)
        if what not in FILES:
            raise Http404
        return csv_download(f"{record.slug}-{what}.csv", FILES[what](record))

    def stop(self, request: HttpRequest, call: int) -> HttpResponse:
        """Asks, then takes back the messages that still wait."""
        record = self._call(request, call)
        if not self._may_stop(request):
            raise PermissionDenied

        def take_back(_answers: dict[str, Any]) -> None:
            take_back_waiting(call_to_action=record, by=request.user)

        question = Question(
            title=_("Take back the messages that still wait?"),
            explanation=_(
                "They are not sent, now or later. People see it on their confirmation page. "
                "What is in the outbox already goes out."
            ),
            facts=[(_("Messages that wait"), total_of(record).waiting)],
            button=_("Take them back"),
            done=_("The messages that waited were taken back."),
            step=take_back,
            next_url=reverse("admin:campaigns_legislatorcontact_results", args=[record.pk]),
            danger=True,
        )
        return ask(self, request, record, question)

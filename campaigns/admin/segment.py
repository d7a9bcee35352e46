"""Saved segments with what uses them, and contact lists that came as a file."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import display

from campaigns.audience import Audience, BadRules
from campaigns.audience.saved import alerts_using, check_no_circle, segments_using, uses_of_list
from campaigns.desk import audience as builder
from campaigns.desk import contact_lists as steps
from campaigns.desk.audience_field import AudienceField
from campaigns.models import ActionAlert, ContactList, Segment
from partners.admin.base import PartnersAdmin
from partners.admin.history import HistoryAdmin

ALERTS_SHOWN = 50


class SegmentForm(forms.ModelForm):
    """A segment's name and its conditions."""

    rules = AudienceField(label=gettext_lazy("Audience"))

    class Meta:
        model = Segment
        fields = ["name", "description", "rules"]

    def clean_rules(self) -> dict[str, Any]:
        rules = self.cleaned_data["rules"]
        try:
            check_no_circle(self.instance, rules)
        except BadRules as reason:
            raise forms.ValidationError(str(reason)) from None
        return rules


@admin.register(Segment)
class SegmentAdmin(HistoryAdmin, PartnersAdmin):
    form = SegmentForm
    list_display = ["name", "description", "in_words", "created_by"]
    list_select_related = ["created_by"]
    search_fields = ["name", "description"]
    fields = ["name", "description", "rules", "used_in"]
    readonly_fields = ["used_in", "in_words"]
    warn_unsaved_form = True

    def get_urls(self) -> list[URLPattern]:
        own = [
            path("build/", self.admin_site.admin_view(builder.build), name="campaigns_segment_build"),
            path("count/", self.admin_site.admin_view(builder.count), name="campaigns_segment_count"),
            path("save/", self.admin_site.admin_view(builder.save), name="campaigns_segment_save"),
        ]
        return own + super().get_urls()

    def get_fields(self, request: HttpRequest, obj: Segment | None = None) -> list[str]:
        locked = obj is not None and not self.has_change_permission(request, obj)
        fields = ["name", "description", "in_words" if locked else "rules"]
        return [*fields, "used_in"] if obj else fields

    def save_model(self, request: HttpRequest, obj: Segment, form: forms.ModelForm, change: bool) -> None:
        if not change:
            obj.created_by = request.user
        super().save_model(request, obj, form, change)

    def has_delete_permission(self, request: HttpRequest, obj: Segment | None = None) -> bool:
        # Whoever counts on it would have no audience any more.
        if obj is not None and (segments_using(obj) or alerts_using(obj)):
            return False
        return super().has_delete_permission(request, obj)

    def get_actions(self, request: HttpRequest) -> dict:
        # Deleting many at once would not ask each segment whether it is used.
        return {}

    @display(description=gettext_lazy("conditions"))
    def in_words(self, segment: Segment) -> str:
        return Audience(segment.rules).describe()

    @display(description=gettext_lazy("used in"))
    def used_in(self, segment: Segment) -> SafeString | str:
        """Alerts and segments that name it, each as a link."""
        return _links(alerts_using(segment), segments_using(segment)) or _("No alert and no other segment.")


@admin.register(ContactList)
class ContactListAdmin(PartnersAdmin):
    list_display = ["name", "basis", "people_count", "created_at", "created_by"]
    list_select_related = ["created_by"]
    search_fields = ["name", "basis"]
    fields = [
        "name",
        "basis",
        "file_name",
        "people_count",
        "download_link",
        "used_in",
        "created_at",
        "created_by",
    ]
    readonly_fields = ["file_name", "people_count", "download_link", "used_in", "created_at", "created_by"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ContactList]:
        return super().get_queryset(request).annotate(people_number=Count("entries"))

    def get_urls(self) -> list[URLPattern]:
        def view(step: Any) -> Any:
            return self.admin_site.admin_view(lambda request, **kwargs: step(self, request, **kwargs))

        own = [
            path("import/", view(steps.upload), name="campaigns_contactlist_upload"),
            path("import/<uuid:key>/columns/", view(steps.columns), name="campaigns_contactlist_columns"),
            path("import/<uuid:key>/check/", view(steps.check), name="campaigns_contactlist_check"),
            path("import/<uuid:key>/report.csv", view(steps.report), name="campaigns_contactlist_report"),
            path("import/<uuid:key>/discard/", view(steps.discard), name="campaigns_contactlist_discard"),
            path(
                "<int:pk>/people.csv",
                self.admin_site.admin_view(self.download),
                name="campaigns_contactlist_people",
            ),
        ]
        return own + super().get_urls()

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        # A list is made of a file.
        return HttpResponseRedirect(reverse("admin:campaigns_contactlist_upload"))

    def download(self, request: HttpRequest, pk: int) -> StreamingHttpResponse:
        return steps.download(self, request, self.record(request, str(pk)))

    def has_delete_permission(self, request: HttpRequest, obj: ContactList | None = None) -> bool:
        if obj is not None and any(uses_of_list(obj)):
            return False
        return super().has_delete_permission(request, obj)

    def get_actions(self, request: HttpRequest) -> dict:
        # Deleting many at once would not ask each list whether it is used.
        return {}

    @display(description=gettext_lazy("people"), ordering="people_number")
    def people_count(self, row: ContactList) -> int:
        return row.people_number

    @display(description=gettext_lazy("who they are"))
    def download_link(self, row: ContactList) -> SafeString:
        url = reverse("admin:campaigns_contactlist_people", args=[row.pk])
        return format_html('<a class="desk-link" href="{}">{}</a>', url, _("Download the people (CSV)"))

    @display(description=gettext_lazy("used in"))
    def used_in(self, row: ContactList) -> SafeString | str:
        return _links(*uses_of_list(row)) or _("No alert and no segment.")


def _links(alerts: list[ActionAlert], segments: list[Segment]) -> SafeString | str:
    """Alerts and segments, each as a link; empty where there are none."""
    rows = [
        (reverse("admin:campaigns_actionalert_change", args=[one.pk]), one.subject, one.get_state_display())
        for one in alerts[:ALERTS_SHOWN]
    ]
    rows += [
        (reverse("admin:campaigns_segment_change", args=[one.pk]), one.name, _("segment")) for one in segments
    ]
    if not rows:
        return ""
    links = format_html_join("", '<li><a class="desk-link" href="{}">{}</a> ({})</li>', rows)
    more = _("and %(n)s more") % {"n": len(alerts) - ALERTS_SHOWN} if len(alerts) > ALERTS_SHOWN else ""
    return format_html("<ul>{}</ul>{}", links, more)

"""Desk pages that draw on several rooms."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from unfold.widgets import UnfoldAdminRadioSelectWidget, UnfoldAdminTextareaWidget

from partners.admin.base import PartnersAdmin, ReadOnlyMixin, desk_page
from partners.models import Organization
from partners.posted import posted
from portal.outreach import REST, outreach_list
from surveys.models import OutreachTouch
from surveys.services.outreach import record_touch


class TouchForm(forms.ModelForm):
    """What came of getting in touch."""

    class Meta:
        model = OutreachTouch
        fields = ["outcome", "note"]
        widgets = {"outcome": UnfoldAdminRadioSelectWidget, "note": UnfoldAdminTextareaWidget}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        outcome = self.fields["outcome"]
        assert isinstance(outcome, forms.ChoiceField)
        outcome.choices = OutreachTouch.Outcome.choices


@admin.register(OutreachTouch)
class OutreachAdmin(ReadOnlyMixin, PartnersAdmin):
    """Who was in touch with which partner; beside it, the list of those who should be next."""

    list_display = ["organization", "outcome", "touched_at", "touched_by"]
    list_filter = ["outcome"]
    list_select_related = ["organization", "touched_by__person"]
    search_fields = ["organization__name", "note"]
    actions_list: list[str] = []

    def get_urls(self) -> list[URLPattern]:
        return [
            desk_page(self, "priority/", priority, "priority"),
            desk_page(self, "priority/<int:pk>/", touch, "touch"),
            *super().get_urls(),
        ]


def priority(admin: OutreachAdmin, request: HttpRequest) -> HttpResponse:
    """Which partners should hear from us first, with the reasons."""
    # The reasons tell what people answered.
    if not (admin.has_view_permission(request) and request.user.has_perm("surveys.view_response")):
        raise PermissionDenied
    candidates = Paginator(outreach_list(timezone.now()), 50).get_page(request.GET.get("page"))
    may_touch = admin.has_work_permission(request)
    return _page(
        admin,
        request,
        "priority",
        _("Outreach priority"),
        candidates=candidates,
        may_touch=may_touch,
        days=REST.days,
    )


def touch(admin: OutreachAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """Notes what came of getting in touch with a partner."""
    if not admin.has_work_permission(request):
        raise PermissionDenied
    organization = get_object_or_404(Organization, pk=pk)
    form = TouchForm(posted(request))
    if request.method == "POST" and form.is_valid():
        record_touch(organization=organization, by=request.user, now=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Noted: %s goes down the list.") % organization)
        return redirect("admin:surveys_outreachtouch_priority")
    touches = organization.outreach_touches.select_related("touched_by__person")[:20]
    title = _("In touch with %s") % organization
    return _page(admin, request, "touch", title, form=form, organization=organization, touches=touches)


def _page(admin: OutreachAdmin, request: HttpRequest, name: str, title: str, **more: Any) -> HttpResponse:
    back = "admin:index" if name == "priority" else "admin:surveys_outreachtouch_priority"
    context = {
        **admin.admin_site.each_context(request),
        "opts": admin.opts,
        "title": title,
        "desk_title": title,
        "back_url": reverse(back),
    }
    return TemplateResponse(request, f"admin/outreach/{name}.html", context | more)

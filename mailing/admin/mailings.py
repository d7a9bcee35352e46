"""Mailings: what they say, how far they are, how their batches stand."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db import connection, models
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import display

from mailing import services
from mailing.admin.parts import ReadOnlyMixin, StateMixin, short_label
from mailing.models import Batch, Delivery, Mailing, MailingContent, TrackedLink
from mailing.watching import progress_of

# Thousands of batches become one line for each kind of them.
_BATCHES = """
SELECT state, variant, domain, count(*), min(not_before), max(not_before), sum(rows.number)::bigint
FROM mailing_batch AS batch, LATERAL (
  SELECT coalesce(sum(value::bigint), 0) AS number FROM jsonb_each_text(batch.tally)
) AS rows
WHERE mailing_id = %s GROUP BY state, variant, domain ORDER BY state DESC, variant, domain LIMIT 100
"""
SAMPLE_SLOTS = {"first_name": "Ada", "last_name": "Sample", "organization": "Sample Organization"}


class LinkInline(ReadOnlyMixin, TabularInline):
    model = TrackedLink
    fields = ["url", "identifies_recipient", "visits"]
    readonly_fields = fields
    extra = 0

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[TrackedLink]:
        return super().get_queryset(request).annotate(visit_count=models.Count("clicks"))

    @display(description=gettext_lazy("visits, scanners included"))
    def visits(self, obj: TrackedLink) -> int:
        return obj.visit_count


@admin.register(Mailing)
class MailingAdmin(StateMixin, ReadOnlyMixin, ModelAdmin):
    list_display = ["name", "topic", "shown_state", "progress", "send_at", "finished_at"]
    list_filter = ["state", "topic"]
    list_select_related = ["topic"]
    search_fields = ["name", "contents__subject"]
    list_per_page = 50
    change_form_before_template = "mailing/admin/mailing.html"
    inlines = [LinkInline]
    fields = [
        *("name", "topic", "state", "pause_reason", "send_at", "expires_at", "started_at", "finished_at"),
        *("rate_per_minute", "in_recipients_window", "standing", "from_header", "reply_to"),
    ]

    @display(description=gettext_lazy("handled"))
    def progress(self, obj: Any) -> str:
        if obj.going is None:
            return _("no recipients yet")
        shown = {
            "done": number_format(obj.going.handled, force_grouping=True),
            "all": number_format(obj.going.total, force_grouping=True),
        }
        return _("%(done)s of %(all)s") % shown

    def get_urls(self) -> list[URLPattern]:
        content = path(
            "<int:number>/content/<int:content>/",
            self.admin_site.admin_view(self.content),
            name="mailing_mailing_content",
        )
        return [content, *super().get_urls()]

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        """The list with the progress of all that it shows, counted at once."""
        found = super().get_changelist_instance(request)
        rows: list[Any] = list(found.result_list)
        progress = progress_of([mailing.pk for mailing in rows], timezone.now())
        for mailing in rows:
            mailing.going = progress.get(mailing.pk)
        found.result_list = rows
        return found

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        mailing = self.get_object(request, object_id)
        if mailing is None:
            return super().change_view(request, object_id, form_url, extra_context)
        now = timezone.now()
        progress = services.mailing_progress(mailing, now)
        context = {
            "progress": progress,
            "percent": 100 * progress.handled // progress.total if progress.total else 0,
            "states": _states(mailing, progress.tally),
            "contents": list(mailing.contents.all()),
            "batches": _batches(mailing),
            "in_flight": list(mailing.batches.filter(state=Batch.State.SENDING).order_by("pk")[:20]),
            "deliveries_url": f"{reverse('admin:mailing_delivery_changelist')}?mailing={mailing.pk}",
        }
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))

    def content(self, request: HttpRequest, number: int, content: int) -> HttpResponse:
        """One version of what a mailing says, with a made-up person's name in it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        mailing = Mailing.objects.filter(pk=number).first()
        found = MailingContent.objects.filter(pk=content, mailing=number).first()
        if mailing is None or found is None:
            raise Http404
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("What it says"),
            "desk_title": f"{found.get_variant_display()}, {found.get_language_display()}",
            "original": mailing,
            "back_url": reverse("admin:mailing_mailing_change", args=[mailing.pk]),
            "message": services.render_sent_preview(
                mailing=mailing, slots=SAMPLE_SLOTS, variant=found.variant, language=found.language
            ),
        }
        return TemplateResponse(request, "mailing/admin/content.html", context)


def _states(mailing: Mailing, tally: dict[str, int]) -> list[tuple[str, int, str]]:
    """The states that occur: in words, how many, and the list of those deliveries."""
    labels = dict(Delivery.State.choices)
    base = f"{reverse('admin:mailing_delivery_changelist')}?mailing={mailing.pk}&state="
    return [(short_label(labels[state]), number, base + state) for state, number in tally.items() if number]


def _batches(mailing: Mailing) -> list[dict[str, Any]]:
    """Batches by state, variant and domain: how many, for how many people, and when."""
    labels, variants = dict(Batch.State.choices), dict(MailingContent.Variant.choices)
    with connection.cursor() as cursor:
        cursor.execute(_BATCHES, [mailing.pk])
        return [
            {
                "state": labels[state],
                "variant": variants.get(variant, _("not decided yet")),
                "domain": domain,
                "batches": batches,
                "first": first,
                "last": last,
                "people": people,
                "waits": state == Batch.State.WAITING,
            }
            for state, variant, domain, batches, first, last, people in cursor.fetchall()
        ]

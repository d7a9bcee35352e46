"""Pages behind the list of findings: sources to mend, and a table read back before it is imported."""

from typing import Any

from django.contrib import messages
from django.contrib.admin.options import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.db.models import Max, Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mailing.queueing import queue
from partners.errors import NotAllowed
from partners.posted import posted
from research.finding_import import COLUMNS, NEEDED, read_findings
from research.forms.finding import TableForm
from research.models import Finding, SourceCheck
from research.querysets.finding import DAYS_UNTIL_DEAD
from research.services.finding import import_findings
from research.tasks import check_sources

NAME = "research_finding"


def _page(desk: ModelAdmin, request: HttpRequest, template: str, title: str, **more: Any) -> HttpResponse:
    context = {
        **desk.admin_site.each_context(request),
        "opts": desk.opts,
        "title": title,
        "desk_title": title,
        "back_url": reverse(f"admin:{NAME}_changelist"),
        **more,
    }
    return TemplateResponse(request, f"research/admin/{template}.html", context)


def current_check(finding: Finding) -> SourceCheck | None:
    """The newest look at the address that the finding names now."""
    check = getattr(finding, "source_check", None)
    return check if check is not None and check.url == finding.source_url else None


def sources(desk: ModelAdmin, request: HttpRequest) -> HttpResponse:
    """Published findings whose source is gone, fails since lately, or moved; and when all were looked at."""
    checks = SourceCheck.objects.current().filter(finding__state="published").select_related("finding")
    failing = checks.filter(failed_days__range=(1, DAYS_UNTIL_DEAD - 1))
    named = Finding.objects.published().exclude(source_url="")
    return _page(
        desk,
        request,
        "finding_sources",
        _("Sources to mend"),
        gone=list(SourceCheck.objects.dead().select_related("finding")),
        failing=list(failing),
        moved=list(checks.filter(~Q(moved_to=""), failed_days=0)),
        named=named.count(),
        looked_at=checks.count(),
        latest=checks.aggregate(latest=Max("checked_at"))["latest"],
        may_check=desk.has_change_permission(request),
    )


def check_all(desk: ModelAdmin, request: HttpRequest) -> HttpResponse:
    """Asks the worker for a round over all sources. POST only."""
    if not desk.has_change_permission(request):
        raise PermissionDenied
    if request.method == "POST":
        if queue(check_sources):
            messages.success(
                request,
                _("The portal looks at what it did not look at today; results appear here one by one."),
            )
        else:
            messages.error(request, _("The worker cannot be reached. Please try again in a minute."))
    return HttpResponseRedirect(reverse(f"admin:{NAME}_sources"))


def import_table(desk: ModelAdmin, request: HttpRequest) -> HttpResponse:
    """A file is uploaded; the answer says what each line would become; a second press writes drafts."""
    if not desk.has_add_permission(request):
        raise PermissionDenied
    form = TableForm(posted(request), request.FILES or None)
    reading = None
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"]
        reading = read_findings(text)
        if "write" in request.POST and reading.can_be_imported:
            try:
                written = len(import_findings(reading=reading, by=request.user))
            except NotAllowed as refusal:
                messages.error(request, str(refusal))
            else:
                words = ngettext("%(n)d draft is written.", "%(n)d drafts are written.", written)
                messages.success(request, words % {"n": written})
                return HttpResponseRedirect(f"{reverse(f'admin:{NAME}_changelist')}?state__exact=draft")
        form = TableForm(initial={"text": text})
    optional = [name for name in COLUMNS if name not in NEEDED]
    return _page(
        desk,
        request,
        "finding_import",
        _("Import findings from a table"),
        form=form,
        reading=reading,
        needed=NEEDED,
        optional=optional,
    )

"""How mail is doing: one page for a glance, and the pages on which staff decide what only a person may."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from unfold.admin import ModelAdmin

from mailing import figures
from mailing.admin.parts import ReadOnlyMixin
from mailing.errors import StateError
from mailing.models import Installation, Mailing, OutboxMessage
from mailing.services.installation import accept_restore
from mailing.timeline import timeline_of
from mailing.watching import look, progress_of, troubles

MAILINGS_SHOWN = 20
_GO_ON, _CANCEL = "go_on", "cancel"


@admin.register(Installation)
class InstallationAdmin(ReadOnlyMixin, ModelAdmin):
    """The mail engine as a whole. Its list is the overview; there is one row and nothing to type."""

    def get_urls(self) -> list[URLPattern]:
        def page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
            return self.admin_site.admin_view(view)

        return [
            path("", page(self.changelist_view), name="mailing_installation_changelist"),
            path("restored/", page(self.restored), name="mailing_installation_restored"),
            path("unknowns/", page(self.unknowns), name="mailing_installation_unknowns"),
            path("address/", page(self.address), name="mailing_installation_address"),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """What goes out, the mail servers, what waits and what needs a person."""
        self._must(request, "mailing.view_installation")
        now = timezone.now()
        seen = look(now)
        return self._page(
            request,
            "overview",
            _("Mail"),
            seen=seen,
            troubles=troubles(seen),
            relays=figures.relay_rows(),
            provider=settings.MAILING_PROVIDER,
            lanes=figures.outbox_lanes(seen),
            reports=figures.reports(now),
            **_mailings(now),
        )

    def restored(self, request: HttpRequest) -> HttpResponse:
        """What a restored backup holds back, and the decision about each mailing."""
        self._must(request, "mailing.view_installation")
        if request.method == "POST":
            return self._decide_restored(request)
        held = list(Mailing.objects.filter(pause_reason=Mailing.PauseReason.RESTORED).select_related("topic"))
        progress = progress_of([mailing.pk for mailing in held], timezone.now())
        return self._page(
            request,
            "restored",
            _("The database was restored"),
            row=Installation.objects.first(),
            held=[(mailing, progress.get(mailing.pk)) for mailing in held],
            messages_unknown=OutboxMessage.objects.filter(state=OutboxMessage.State.UNKNOWN).count(),
            may_decide=request.user.has_perm("mailing.change_installation"),
        )

    def unknowns(self, request: HttpRequest) -> HttpResponse:
        """Messages whose outcome nobody knows, by mailing."""
        self._must(request, "mailing.view_installation")
        single = OutboxMessage.objects.filter(state=OutboxMessage.State.UNKNOWN).count()
        rows = figures.unknown_by_mailing()
        return self._page(request, "unknowns", _("Unknown messages"), rows=rows, single=single)

    def address(self, request: HttpRequest) -> HttpResponse:
        """Why did she not get it? Everything about one address."""
        self._must(request, "mailing.view_delivery")
        words = request.GET.get("q", "").strip()[:320]
        is_whole = "@" in words.strip("@")
        timeline = timeline_of(words, timezone.now()) if is_whole else None
        return self._page(
            request, "address", _("Mail to one address"), words=words, is_whole=is_whole, timeline=timeline
        )

    def _decide_restored(self, request: HttpRequest) -> HttpResponse:
        self._must(request, "mailing.change_installation")
        chosen: dict[str, set[int]] = {_GO_ON: set(), _CANCEL: set()}
        for name, choice in request.POST.items():
            number = name.removeprefix("mailing-")
            if number.isdecimal() and len(number) < 18 and choice in chosen:
                chosen[choice].add(int(number))
        try:
            accept_restore(by=str(request.user), go_on=chosen[_GO_ON], cancel=chosen[_CANCEL])
        except StateError as refusal:
            messages.error(request, str(refusal))
        else:
            self._note(request, _("Accepted the restored database: mail flows again."))
            messages.success(request, _("Mail flows again. What you left undecided stays paused."))
        return HttpResponseRedirect(reverse("admin:mailing_installation_changelist"))

    def _note(self, request: HttpRequest, words: str) -> None:
        row = Installation.objects.first()
        if row is not None and request.user.pk is not None:
            LogEntry.objects.log_actions(
                user_id=request.user.pk,
                queryset=[row],
                action_flag=CHANGE,
                change_message=words,
                single_object=True,
            )

    def _must(self, request: HttpRequest, right: str) -> None:
        if not request.user.has_perm(right):
            raise PermissionDenied

    def _page(self, request: HttpRequest, template: str, title: str, **context: Any) -> HttpResponse:
        frame = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": title,
            "overview_url": reverse("admin:mailing_installation_changelist"),
        }
        return TemplateResponse(request, f"mailing/admin/{template}.html", frame | context)


def _mailings(now: datetime) -> dict[str, Any]:
    """What is under way and what comes next, with how far each is. Two queries."""
    unfinished = Mailing.objects.exclude(state__in=["done", "cancelled", "expired"]).select_related("topic")
    rows: list[Any] = list(unfinished.order_by("send_at")[: MAILINGS_SHOWN + 1])
    progress = progress_of([mailing.pk for mailing in rows], now)
    for mailing in rows:
        mailing.going = progress.get(mailing.pk)
    return {"mailings": rows[:MAILINGS_SHOWN], "more_mailings": len(rows) > MAILINGS_SHOWN}

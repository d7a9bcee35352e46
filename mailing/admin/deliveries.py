"""Single recipients of mailings: what became of their message, and deciding about the unknown ones."""

from collections.abc import Sequence

from django.contrib import admin, messages
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.admin import ModelAdmin, TabularInline

from mailing import services
from mailing.addresses import hash_address
from mailing.admin.paging import BoundedPaginator, MailingFilter, StateFilter
from mailing.admin.parts import ReadOnlyMixin, StateMixin, ask
from mailing.errors import StateError
from mailing.models import Click, Delivery
from mailing.services.unknown import COUNTED, RESEND
from mailing.timeline import Entry, delivery_words, of_event

# Decided at once at most; more are decided in several goes.
DECIDED_AT_ONCE = 5000


class ClickInline(ReadOnlyMixin, TabularInline):
    model = Click
    fields = ["link", "clicked_at"]
    readonly_fields = fields
    extra = 0


@admin.register(Delivery)
class DeliveryAdmin(StateMixin, ReadOnlyMixin, ModelAdmin):
    list_display = ["email", "mailing", "shown_state", "accepted_at", "attempts", "response"]
    list_filter = [MailingFilter, StateFilter]
    list_select_related = ["mailing"]
    search_fields = ["email"]
    search_help_text = gettext_lazy("A whole e-mail address, such as ada@example.org")
    sortable_by: Sequence[str] = ()
    show_full_result_count = False
    paginator = BoundedPaginator
    list_per_page = 50
    actions = ["count_as_sent", "send_again"]
    inlines = [ClickInline]
    change_form_before_template = "mailing/admin/delivery.html"
    fields = [
        *("email", "mailing", "state", "accepted_at", "attempts", "next_attempt_at", "response"),
        *("language", "recipient", "party", "slots"),
    ]

    def get_ordering(self, request: HttpRequest) -> list[str]:
        """As the indexes stand: the newest first, or a mailing's in the order in which they go out."""
        narrowed = request.GET.get("mailing") or request.GET.get("state")
        return ["batch_id", "id"] if narrowed and not request.GET.get("q") else ["-id"]

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet, search_term: str
    ) -> tuple[models.QuerySet, bool]:
        """Whole addresses only, by their hash: parts of them would mean reading millions of rows."""
        term = search_term.strip()
        if not term:
            return queryset, False
        if "@" not in term.strip("@"):
            return queryset.none(), False
        return queryset.filter(address_hash=hash_address(term)), False

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        found = Delivery.objects.select_related("mailing", "batch").filter(pk=_number(object_id)).first()
        context = (
            {"entries": _entries(found), "words": delivery_words(found, timezone.now())} if found else {}
        )
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))

    # --- Unknown messages ----------------------------------------------------------------------------------------

    def has_decide_permission(self, request: HttpRequest) -> bool:
        """Who may decide what becomes of unknown messages."""
        return request.user.has_perm("mailing.change_delivery")

    @admin.action(description=gettext_lazy("Unknown messages: count as sent"), permissions=["decide"])
    def count_as_sent(self, request: HttpRequest, queryset: models.QuerySet) -> HttpResponse | None:
        if "confirmed" not in request.POST:
            return self._ask(
                request,
                queryset,
                title=_("Count these messages as sent?"),
                warning=_("Nothing is sent. Who did not get the message will not get it."),
                button=_("Count as sent"),
            )
        self._decide(request, queryset, COUNTED)
        return None

    @admin.action(description=gettext_lazy("Unknown messages: send again"), permissions=["decide"])
    def send_again(self, request: HttpRequest, queryset: models.QuerySet) -> HttpResponse | None:
        if "confirmed" not in request.POST:
            return self._ask(
                request,
                queryset,
                title=_("Send these messages again?"),
                warning=_(
                    "Some of them may have arrived: these people get the message twice. "
                    "Nobody who has unsubscribed meanwhile gets it."
                ),
                button=_("Send again"),
            )
        self._decide(request, queryset, RESEND)
        return None

    def _ask(
        self, request: HttpRequest, queryset: models.QuerySet, *, title: str, warning: str, button: str
    ) -> HttpResponse | None:
        unknown = queryset.filter(state=Delivery.State.UNKNOWN)
        if not unknown.exists():
            self.message_user(request, _("None of these messages is unknown."), messages.WARNING)
            return None
        return ask(self, request, unknown, title=title, warning=warning, button=button)

    def _decide(self, request: HttpRequest, queryset: models.QuerySet, decision: str) -> None:
        unknown = queryset.filter(state=Delivery.State.UNKNOWN)[:DECIDED_AT_ONCE]
        try:
            done = services.resolve_unknown(deliveries=unknown, decision=decision, by=str(request.user))
        except StateError as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return
        words = (
            ngettext("%d message counts as sent.", "%d messages count as sent.", done.done)
            if decision == COUNTED
            else ngettext("%d message is on its way again.", "%d messages are on their way again.", done.done)
        )
        self.message_user(request, words % done.done, messages.SUCCESS if done.done else messages.WARNING)
        if done.refused:
            words = ngettext("%d message was left alone.", "%d messages were left alone.", done.refused)
            self.message_user(request, " ".join([words % done.refused, *done.reasons]), messages.WARNING)


def _number(object_id: str) -> int:
    return int(object_id) if object_id.isdecimal() and len(object_id) < 19 else 0


def _entries(row: Delivery) -> list[Entry]:
    """What was reported and decided about one delivery, the newest first."""
    return [of_event(event) for event in row.events.select_related("delivery__mailing")[:100]]

"""Single messages: what waits, what was refused, and what a person decides about the unknown ones."""

from collections.abc import Callable

from django.contrib import admin, messages
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.admin import ModelAdmin
from unfold.decorators import display

from mailing import services
from mailing.addresses import normalize_address
from mailing.admin.paging import BoundedPaginator
from mailing.admin.parts import ReadOnlyMixin, StateMixin, ask, each, preformatted
from mailing.composing.message import read_text
from mailing.models import OutboxMessage


@admin.register(OutboxMessage)
class OutboxMessageAdmin(StateMixin, ReadOnlyMixin, ModelAdmin):
    list_display = ["to", "subject", "shown_state", "precedence", "created_at", "sent_at", "response"]
    list_filter = ["state", "precedence"]
    search_fields = ["to"]
    search_help_text = gettext_lazy("A whole e-mail address, such as ada@example.org")
    show_full_result_count = False
    paginator = BoundedPaginator
    ordering = ["-id"]
    actions = ["send_again", "count_as_sent"]
    list_per_page = 50
    fields = [
        *("to", "subject", "precedence", "state", "created_at", "sent_at", "attempts"),
        *("next_attempt_at", "expires_at", "response", "message_id", "shown_message"),
    ]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[OutboxMessage]:
        return super().get_queryset(request).defer("message")

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet, search_term: str
    ) -> tuple[models.QuerySet, bool]:
        """Whole addresses only: parts of them would mean reading every message ever sent."""
        term = search_term.strip()
        return (queryset.filter(to=normalize_address(term)) if term else queryset), False

    def has_send_permission(self, request: HttpRequest) -> bool:
        """Who may decide to send a message once more."""
        return request.user.has_perm("mailing.change_outboxmessage")

    @display(description=gettext_lazy("message"))
    def shown_message(self, obj: OutboxMessage) -> SafeString:
        return preformatted(read_text(bytes(obj.message)))

    @admin.action(description=gettext_lazy("Send again: failed or unknown messages"), permissions=["send"])
    def send_again(
        self, request: HttpRequest, queryset: models.QuerySet[OutboxMessage]
    ) -> HttpResponse | None:
        if "confirmed" not in request.POST:
            return ask(
                self,
                request,
                queryset,
                title=_("Send these messages again?"),
                warning=_(
                    "A message whose outcome is unknown may have arrived: the person may then get it twice. "
                    "A refused message will be refused again unless its cause is gone."
                ),
                button=_("Send again"),
            )
        done = self._decide(request, queryset, lambda row: services.send_again(message=row))
        words = ngettext("%d message is on its way again.", "%d messages are on their way again.", done)
        self.message_user(request, words % done, messages.SUCCESS if done else messages.WARNING)
        return None

    @admin.action(description=gettext_lazy("Unknown messages: count as sent"), permissions=["send"])
    def count_as_sent(
        self, request: HttpRequest, queryset: models.QuerySet[OutboxMessage]
    ) -> HttpResponse | None:
        if "confirmed" not in request.POST:
            return ask(
                self,
                request,
                queryset,
                title=_("Count these messages as sent?"),
                warning=_("Nothing is sent. Who did not get the message will not get it."),
                button=_("Count as sent"),
            )
        by = str(request.user)
        done = self._decide(request, queryset, lambda row: services.count_as_sent(message=row, by=by))
        words = ngettext("%d message counts as sent.", "%d messages count as sent.", done)
        self.message_user(request, words % done, messages.SUCCESS if done else messages.WARNING)
        return None

    def _decide(
        self,
        request: HttpRequest,
        queryset: models.QuerySet[OutboxMessage],
        step: Callable[[OutboxMessage], object],
    ) -> int:
        done, refused = each(queryset, step)
        for reason in refused[:10]:
            self.message_user(request, reason, messages.WARNING)
        return done

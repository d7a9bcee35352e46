"""The mail engine for staff: mostly to read, with the few decisions that are a person's to take."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import display
from unfold.widgets import UnfoldAdminEmailInputWidget

from mailing import services
from mailing.addresses import hash_address
from mailing.errors import StateError
from mailing.message import read_text
from mailing.models import (
    Click,
    Delivery,
    Mailing,
    OutboxMessage,
    Subscription,
    Suppression,
    Topic,
    TrackedLink,
)
from mailing.web.forms import AddressField

STATE_COLORS = {
    "pending": "info",
    "claimed": "info",
    "sending": "info",
    "ready": "info",
    "deferred": "warning",
    "paused": "warning",
    "unknown": "warning",
    "failed": "danger",
    "bounced": "danger",
    "complained": "danger",
    "accepted": "success",
    "delivered": "success",
    "sent": "success",
    "done": "success",
    "subscribed": "success",
}


class ReadOnlyMixin:
    """Rows that the engine writes; staff read them."""

    def has_add_permission(self, request: HttpRequest, *args: object) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


class AddressSearchMixin:
    """Finds a whole address by its hash, which is indexed and works where only the hash is kept."""

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet, search_term: str
    ) -> tuple[models.QuerySet, bool]:
        term = search_term.strip()
        if "@" in term.strip("@"):
            return queryset.filter(address_hash=hash_address(term)), False
        return super().get_search_results(request, queryset, search_term)


class StateMixin:
    """Shows the state as a colored label."""

    @display(description=gettext_lazy("state"), ordering="state", label=STATE_COLORS)
    def shown_state(self, obj: Any) -> tuple[str, str]:
        return obj.state, obj.get_state_display()


def _ask(
    model_admin: ModelAdmin,
    request: HttpRequest,
    queryset: models.QuerySet,
    *,
    title: str,
    warning: str,
    button: str,
) -> HttpResponse:
    """A page that says what is about to happen and asks for it once more."""
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": title,
        "warning": warning,
        "button": button,
        "records": queryset[:100],
        "number": queryset.count(),
        "action": request.POST["action"],
        "ids": request.POST.getlist("_selected_action"),
    }
    return TemplateResponse(request, "mailing/admin/question.html", context)


def _each(queryset: models.QuerySet, step: Callable[[Any], object]) -> tuple[int, list[str]]:
    """Takes a step with each record; how many went well, and the reasons of the others."""
    done, refused = 0, []
    for record in queryset:
        try:
            step(record)
            done += 1
        except StateError as error:
            refused.append(f"{record}: {error}")
    return done, refused


@admin.register(Topic)
class TopicAdmin(ModelAdmin):
    list_display = ["name", "slug", "is_public", "order"]
    prepopulated_fields = {"slug": ["name"]}
    search_fields = ["name"]

    def get_readonly_fields(self, request: HttpRequest, obj: Topic | None = None) -> list[str]:
        # Code and sent mail know a topic by its short name.
        return ["slug"] if obj else []

    def get_prepopulated_fields(self, request: HttpRequest, obj: Topic | None = None) -> dict:
        return {} if obj else self.prepopulated_fields

    def has_delete_permission(self, request: HttpRequest, obj: Topic | None = None) -> bool:
        # People's yes and no hang on it.
        return False


@admin.register(Subscription)
class SubscriptionAdmin(AddressSearchMixin, StateMixin, ReadOnlyMixin, ModelAdmin):
    list_display = ["email", "topic", "shown_state", "source", "confirmed_at", "unsubscribed_at"]
    list_filter = ["state", "topic"]
    list_select_related = ["topic"]
    search_fields = ["email"]
    ordering = ["-created_at"]
    list_per_page = 50


class SuppressionForm(forms.ModelForm):
    """An address that staff stop."""

    email = AddressField(label=gettext_lazy("E-mail address"), widget=UnfoldAdminEmailInputWidget)

    class Meta:
        model = Suppression
        fields = ["note"]


@admin.register(Suppression)
class SuppressionAdmin(AddressSearchMixin, ModelAdmin):
    list_display = ["__str__", "reason", "note", "created_at"]
    list_filter = ["reason"]
    search_fields = ["hint"]
    actions = ["lift"]
    list_per_page = 50
    readonly_fields = ["hint", "reason", "created_at"]

    def get_form(
        self, request: HttpRequest, obj: Suppression | None = None, **kwargs: Any
    ) -> type[forms.ModelForm]:
        return super().get_form(request, obj, **(kwargs if obj else kwargs | {"form": SuppressionForm}))

    def get_fields(self, request: HttpRequest, obj: Suppression | None = None) -> list[str]:
        return ["hint", "reason", "note", "created_at"] if obj else ["email", "note"]

    def save_model(self, request: HttpRequest, obj: Suppression, form: forms.ModelForm, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
            return
        saved = services.suppress(
            email=form.cleaned_data["email"], reason=Suppression.Reason.STAFF, note=obj.note
        )
        obj.__dict__.update(saved.__dict__)

    def has_delete_permission(self, request: HttpRequest, obj: Suppression | None = None) -> bool:
        # Lifting says what it means; deleting would not.
        return False

    @admin.action(description=gettext_lazy("Lift: let them get mail again"), permissions=["change"])
    def lift(self, request: HttpRequest, queryset: models.QuerySet[Suppression]) -> HttpResponse | None:
        if "confirmed" not in request.POST:
            return _ask(
                self,
                request,
                queryset,
                title=_("Let these addresses get mail again?"),
                warning=_(
                    "Do this only when the person asked for it, or when a wrong entry is put right. "
                    "Mail to people who refused it breaks the law and the promise we made them."
                ),
                button=_("Lift"),
            )
        done, _refused = _each(queryset, lambda row: services.lift_suppression(suppression=row))
        words = ngettext("%d address gets mail again.", "%d addresses get mail again.", done) % done
        self.message_user(request, words, messages.SUCCESS)
        return None


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
    list_display = ["name", "topic", "shown_state", "send_at", "started_at", "finished_at"]
    list_filter = ["state", "topic"]
    list_select_related = ["topic"]
    search_fields = ["name", "subject"]
    list_per_page = 50
    fields = [
        *("name", "topic", "state", "send_at", "expires_at", "started_at", "finished_at", "tally"),
        *("subject", "from_header", "reply_to", "shown_text"),
    ]
    inlines = [LinkInline]

    @display(description=gettext_lazy("recipients"))
    def tally(self, obj: Mailing) -> str:
        labels = dict(Delivery.State.choices)
        counts = obj.deliveries.tally()
        return "; ".join(f"{labels[state]}: {rows}" for state, rows in counts.items() if rows) or _(
            "none yet"
        )

    @display(description=gettext_lazy("text part"))
    def shown_text(self, obj: Mailing) -> SafeString:
        return _preformatted(obj.text)


class ClickInline(ReadOnlyMixin, TabularInline):
    model = Click
    fields = ["link", "clicked_at"]
    readonly_fields = fields
    extra = 0


@admin.register(Delivery)
class DeliveryAdmin(AddressSearchMixin, StateMixin, ReadOnlyMixin, ModelAdmin):
    list_display = ["email", "mailing", "shown_state", "accepted_at", "attempts", "response"]
    list_filter = ["state", "mailing"]
    list_select_related = ["mailing"]
    search_fields = ["email"]
    show_full_result_count = False
    list_per_page = 50
    inlines = [ClickInline]
    fields = [
        *("email", "recipient", "mailing", "state", "accepted_at", "attempts"),
        *("next_attempt_at", "response", "slots"),
    ]


@admin.register(OutboxMessage)
class OutboxMessageAdmin(StateMixin, ReadOnlyMixin, ModelAdmin):
    list_display = ["to", "subject", "shown_state", "created_at", "sent_at", "response"]
    list_filter = ["state"]
    search_fields = ["to", "subject"]
    actions = ["send_again"]
    list_per_page = 50
    fields = [
        *("to", "subject", "state", "created_at", "sent_at", "attempts"),
        *("next_attempt_at", "response", "message_id", "shown_message"),
    ]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[OutboxMessage]:
        return super().get_queryset(request).defer("message")

    def has_send_permission(self, request: HttpRequest) -> bool:
        """Who may decide to send a message once more."""
        return request.user.has_perm("mailing.change_outboxmessage")

    @display(description=gettext_lazy("message"))
    def shown_message(self, obj: OutboxMessage) -> SafeString:
        return _preformatted(read_text(bytes(obj.message)))

    @admin.action(description=gettext_lazy("Send again: failed or unknown messages"), permissions=["send"])
    def send_again(
        self, request: HttpRequest, queryset: models.QuerySet[OutboxMessage]
    ) -> HttpResponse | None:
        if "confirmed" not in request.POST:
            return _ask(
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
        done, refused = _each(queryset, lambda row: services.send_again(message=row))
        words = (
            ngettext("%d message is on its way again.", "%d messages are on their way again.", done) % done
        )
        self.message_user(request, words, messages.SUCCESS if done else messages.WARNING)
        for reason in refused[:10]:
            self.message_user(request, reason, messages.WARNING)
        return None


def _preformatted(text: str) -> SafeString:
    return format_html('<pre class="whitespace-pre-wrap">{}</pre>', text)

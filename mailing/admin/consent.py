"""What addresses want: topics, subscriptions, preferences, and what came back from receivers."""

from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from mailing.admin.parts import AddressSearchMixin, ReadOnlyMixin, StateMixin
from mailing.models import DeliveryEvent, Preference, Subscription, Topic


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
    list_display = ["email", "topic", "shown_state", "frequency", "source", "confirmed_at", "unsubscribed_at"]
    list_filter = ["state", "topic", "frequency"]
    list_select_related = ["topic"]
    search_fields = ["email"]
    ordering = ["-created_at"]
    list_per_page = 50


@admin.register(Preference)
class PreferenceAdmin(AddressSearchMixin, ReadOnlyMixin, ModelAdmin):
    list_display = ["email", "language", "hours", "paused_until", "changed_at"]
    list_filter = ["language", "hours"]
    search_fields = ["email"]
    ordering = ["-changed_at"]
    list_per_page = 50


@admin.register(DeliveryEvent)
class DeliveryEventAdmin(AddressSearchMixin, ReadOnlyMixin, ModelAdmin):
    list_display = ["kind", "delivery", "provider", "reason", "happened_at", "by"]
    list_filter = ["kind", "provider"]
    list_select_related = ["delivery"]
    search_fields = ["message_id"]
    show_full_result_count = False
    list_per_page = 50

"""What the desk's mail pages share: reading only, finding an address, asking before something happens."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin
from unfold.decorators import display

from mailing.addresses import hash_address
from mailing.errors import StateError

STATE_COLORS = {
    "pending": "info",
    "waiting": "info",
    "sending": "info",
    "ready": "info",
    "deferred": "warning",
    "paused": "warning",
    "unknown": "warning",
    "expired": "warning",
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


def short_label(label: object) -> str:
    """A state in a word or two: what follows the colon explains it where there is room."""
    return str(label).partition(":")[0]


class StateMixin:
    """Shows the state as a colored label."""

    @display(description=gettext_lazy("state"), ordering="state", label=STATE_COLORS)
    def shown_state(self, obj: Any) -> tuple[str, str]:
        return obj.state, short_label(obj.get_state_display())


def ask(
    model_admin: ModelAdmin,
    request: HttpRequest,
    queryset: models.QuerySet,
    *,
    title: str,
    warning: str,
    button: str,
) -> HttpResponse:
    """A page that says what is about to happen and asks for it once more; the answer posts `confirmed`."""
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


def each(records: Iterable[Any], step: Callable[[Any], object]) -> tuple[int, list[str]]:
    """Takes a step with each record; how many went well, and the reasons of the others."""
    done, refused = 0, []
    for record in records:
        try:
            step(record)
            done += 1
        except StateError as error:
            refused.append(f"{record}: {error}")
    return done, refused


def preformatted(text: str) -> SafeString:
    """A text with its lines as they are."""
    return format_html('<pre class="desk-text">{}</pre>', text)

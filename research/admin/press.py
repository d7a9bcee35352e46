"""Press mentions at the staff desk."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils.translation import ngettext

from partners.admin.base import PartnersAdmin, PublicPageMixin
from partners.admin.editing import FIELDS, RoomySentencesMixin
from partners.admin.history import HistoryAdmin
from research.forms.citation import PressMentionForm
from research.models import PressMention
from research.services.citation import suggest_citations


@admin.register(PressMention)
class PressMentionAdmin(PublicPageMixin, RoomySentencesMixin, HistoryAdmin, PartnersAdmin):
    form = PressMentionForm
    formfield_overrides = FIELDS
    list_display = ["headline", "outlet", "published_on", "is_public"]
    list_filter = ["is_public", ("report", admin.RelatedOnlyFieldListFilter), "published_on"]
    list_select_related = ["report"]
    search_fields = ["headline", "outlet", "summary", "url"]
    date_hierarchy = "published_on"
    ordering = ["-published_on", "-pk"]
    fields = ["outlet", "headline", "url", "published_on", "summary", "report", "is_public"]

    def save_related(self, request: HttpRequest, form: forms.Form, formsets: list[Any], change: bool) -> None:
        super().save_related(request, form, formsets, change)
        model_form: Any = form
        number = suggest_citations(mentions=[model_form.instance])
        if number:
            words = ngettext(
                "%(n)d citation is suggested for review.", "%(n)d citations are suggested for review.", number
            )
            messages.info(request, words % {"n": number})

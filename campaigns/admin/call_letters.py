"""Sign-on letters as part of their call, and the signatures under them: to read, to mend, to enter from paper."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import ForeignKey, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from import_export import fields, resources
from import_export.admin import ExportMixin
from import_export.formats.base_formats import CSV, XLSX
from unfold.admin import StackedInline
from unfold.contrib.import_export.forms import ExportForm
from unfold.decorators import display

from campaigns.models import CallToAction, Signature, SignOnLetter
from campaigns.services import signatures as services
from campaigns.staff_views import Question, asking
from partners.admin.editing import FIELDS, EditorAdmin, RoomySentencesMixin, once
from partners.admin.history import HistoryAdmin
from partners.spreadsheets import NeutralCellsMixin


class SignOnLetterInline(RoomySentencesMixin, StackedInline):
    """What a letter has beside its text, and how it stands. One handed over says so on its page."""

    model = SignOnLetter
    formfield_overrides = FIELDS
    fields = ["addressed_to", "subject", "show_logos", "signed", "delivered_on", "delivered_note"]
    readonly_fields = ["signed"]
    extra = 1
    min_num = 1
    max_num = 1
    can_delete = False
    verbose_name_plural = gettext_lazy("the letter")

    @display(description=gettext_lazy("signed by"))
    @once
    def signed(self, letter: SignOnLetter) -> SafeString | str:
        if letter.pk is None:
            return _("Nobody yet: the letter is new.")
        call = letter.call_to_action
        count = Signature.objects.standing().filter(call_to_action=call).count()
        return format_html(
            '{} · <a class="desk-link" href="{}?call_to_action__id__exact={}">{}</a> · '
            '<a class="desk-link" href="{}?call_to_action={}">{}</a> · <a class="desk-link" href="{}?preview=1">{}</a>',
            ngettext("%(n)d organization", "%(n)d organizations", count) % {"n": count},
            reverse("admin:campaigns_signature_changelist"),
            call.pk,
            _("List of signatures"),
            reverse("admin:campaigns_signature_add"),
            call.pk,
            _("Enter one that came on paper"),
            reverse("campaigns:letter_file", args=[call.slug]),
            _("The letter as PDF"),
        )


class SignatureResource(NeutralCellsMixin, resources.ModelResource):
    """One line per signature, also those that were taken back."""

    call_to_action = fields.Field(attribute="call_to_action__title", column_name="call to action")
    organization_name = fields.Field(attribute="organization_name", column_name="organization")
    city = fields.Field(attribute="organization__city", column_name="city")
    county = fields.Field(attribute="organization__county__name", column_name="county")
    area = fields.Field(attribute="organization__area__name", column_name="Local Area Council")
    signed = fields.Field(column_name="signed (Chicago time)")
    taken_back = fields.Field(column_name="taken back (Chicago time)")
    logo = fields.Field(column_name="logo may be printed")
    email = fields.Field(attribute="action__person__email", column_name="e-mail address")

    class Meta:
        model = Signature
        fields = export_order = [
            "call_to_action",
            "organization_name",
            "city",
            "county",
            "area",
            "signer_name",
            "signer_title",
            "email",
            "signed",
            "taken_back",
            "logo",
            "note",
        ]

    def dehydrate_signed(self, signature: Signature) -> str:
        return f"{timezone.localtime(signature.signed_at):%Y-%m-%d %H:%M}"

    def dehydrate_taken_back(self, signature: Signature) -> str:
        moment = signature.withdrawn_at
        return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}" if moment else ""

    def dehydrate_logo(self, signature: Signature) -> str:
        return _("yes") if signature.logo_allowed else _("no")


class SignatureForm(forms.ModelForm):
    """A signature that came on paper, or one whose spelling is mended."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.instance.action_id is None and not cleaned.get("note", "").strip():
            self.add_error("note", _("Say how the signature came, and where it is kept."))
        call, organization = cleaned.get("call_to_action"), cleaned.get("organization")
        if call and organization:
            earlier = (
                Signature.objects.standing().filter(call_to_action=call, organization=organization).first()
            )
            if earlier:
                self.add_error("organization", services.already_signed(earlier))
        return cleaned


class StandsFilter(admin.SimpleListFilter):
    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, Any]]:
        return [("standing", gettext_lazy("stands")), ("taken_back", gettext_lazy("taken back"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() is None:
            return queryset
        return queryset.filter(withdrawn_at__isnull=self.value() == "standing")


@admin.register(Signature)
class SignatureAdmin(ExportMixin, HistoryAdmin, EditorAdmin):
    form = SignatureForm
    list_display = ["organization_name", "shown_state", "signer_name", "call_to_action", "signed_at", "way"]
    list_filter = [StandsFilter, "call_to_action", "logo_allowed"]
    list_select_related = ["call_to_action"]
    ordering = ["organization_name"]
    search_fields = ["organization_name", "organization__name", "signer_name"]
    autocomplete_fields = ["organization"]
    actions_detail = ["strike"]
    resource_classes = [SignatureResource]
    export_form_class = ExportForm
    formats = [CSV, XLSX]
    printed = ["organization_name", "signer_name", "signer_title", "logo_allowed", "note"]
    facts = ["call_to_action", "organization", "action", "signed_at", "withdrawn_at"]

    def get_fields(self, request: HttpRequest, obj: Signature | None = None) -> list[str]:
        entered = ["call_to_action", "organization", "signer_name", "signer_title", "logo_allowed", "note"]
        return entered if obj is None else [*self.facts, *self.printed]

    def get_readonly_fields(self, request: HttpRequest, obj: Signature | None = None) -> list[str]:
        return [] if obj is None else self.facts

    def formfield_for_foreignkey(
        self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> forms.ModelChoiceField | None:
        if db_field.name == "call_to_action":
            kwargs["queryset"] = CallToAction.objects.filter(
                kind=CallToAction.Kind.SIGN_ON, status__in=services.OPEN_TO_STAFF, letter__isnull=False
            )
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Signature, form: forms.ModelForm, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
            return
        names = ("organization", "signer_name", "signer_title", "logo_allowed", "note")
        added = services.add_paper_signature(
            letter=form.cleaned_data["call_to_action"].letter,
            by=request.user,
            **{name: form.cleaned_data[name] for name in names},
        )
        obj.pk, obj.organization_name = added.pk, added.organization_name

    def has_delete_permission(self, request: HttpRequest, obj: Signature | None = None) -> bool:
        return False  # One that was taken back stays, and says so.

    def get_export_queryset(self, request: HttpRequest) -> QuerySet[Signature]:
        related = ("call_to_action", "organization__county", "organization__area", "action__person")
        return super().get_export_queryset(request).select_related(*related)

    def has_export_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def get_actions_detail(self, request: HttpRequest, object_id: str) -> list:
        signature = self.record(request, object_id)
        return self.buttons(request, object_id, set() if signature.withdrawn_at else {"strike"})

    @display(
        description=gettext_lazy("state"),
        ordering="withdrawn_at",
        label={"stands": "success", "taken_back": "danger"},
    )
    def shown_state(self, signature: Signature) -> tuple[str, str]:
        return ("taken_back", _("taken back")) if signature.withdrawn_at else ("stands", _("stands"))

    @display(description=gettext_lazy("came"))
    def way(self, signature: Signature) -> str:
        return _("on paper or by mail") if signature.action_id is None else _("signed here")

    @asking(gettext_lazy("Take the signature back"), icon="ink_eraser", url_path="strike")
    def strike(self, request: HttpRequest, signature: Signature) -> Question:
        return Question(
            title=_("Take the signature of %(name)s back?") % {"name": signature.organization_name},
            explanation=_(
                "It leaves the letter and the list at once. The organization can sign again while it is open."
            ),
            button=_("Take the signature back"),
            done=_("The signature is taken back."),
            danger=True,
            step=lambda answers: services.strike_signature(signature=signature, by=request.user),
        )

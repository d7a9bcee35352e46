"""Organizations in the staff desk, with their export."""

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.forms import BaseFormSet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from import_export import fields, resources
from import_export.admin import ExportMixin
from import_export.formats.base_formats import CSV, XLSX
from unfold.admin import TabularInline
from unfold.contrib.import_export.forms import ExportForm
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminEmailInputWidget, UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from mailing.web.forms import AddressField
from partners.admin.aliases import AliasInline
from partners.admin.base import PartnersAdmin, PublicPageMixin, Question, ReadOnlyMixin
from partners.admin.history import HistoryAdmin
from partners.models import Membership, Organization, OrganizationAlias, ProfileAnswer
from partners.posted import posted
from partners.services import change_status, invite
from partners.spreadsheets import NeutralCellsMixin

_Status = Organization.Status


class OrganizationResource(NeutralCellsMixin, resources.ModelResource):
    """One line per organization, with the words staff know the things by."""

    county = fields.Field(attribute="county__name", column_name="county")
    area = fields.Field(attribute="area__name", column_name="area")
    fields_of_work = fields.Field(column_name="sub-sectors")
    budget = fields.Field(attribute="get_budget_band_display", column_name="annual budget")

    class Meta:
        model = Organization
        fields = (
            "id",
            "name",
            "ein",
            "status",
            "joined_on",
            "website",
            "phone",
            "street",
            "city",
            "zip_code",
            "county",
            "area",
            "fields_of_work",
            "budget",
            "summary",
            "is_listed",
        )
        export_order = fields

    def dehydrate_fields_of_work(self, organization: Organization) -> str:
        return ", ".join(sub_sector.name for sub_sector in organization.sub_sectors.all())


class MembershipInline(ReadOnlyMixin, TabularInline):
    """Who belongs here. Roles change on the membership's own page."""

    model = Membership
    extra = 0
    fields = ["person", "role", "started_on", "ended_on"]
    readonly_fields = fields
    show_change_link = True

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("person", "organization")


class InviteStaffForm(forms.Form):
    email = AddressField(label=gettext_lazy("E-mail address"), widget=UnfoldAdminEmailInputWidget)
    first_name = forms.CharField(
        label=gettext_lazy("First name"), max_length=80, required=False, widget=UnfoldAdminTextInputWidget
    )
    last_name = forms.CharField(
        label=gettext_lazy("Last name"), max_length=80, required=False, widget=UnfoldAdminTextInputWidget
    )
    role = forms.ChoiceField(
        label=gettext_lazy("Role"), choices=Membership.Role.choices, widget=UnfoldAdminSelectWidget
    )


@admin.register(Organization)
class OrganizationAdmin(PublicPageMixin, ExportMixin, HistoryAdmin, PartnersAdmin):
    list_display = ["name", "city", "area", "status", "is_listed", "joined_on"]
    list_filter = ["status", "is_listed", "area", "sub_sectors", "budget_band"]
    list_select_related = ["area"]
    search_fields = ["name", "city", "ein", "web_domain", "aliases__name"]
    autocomplete_fields = ["county", "area", "sub_sectors"]
    prepopulated_fields = {"slug": ["name"]}
    inlines = [AliasInline, MembershipInline]
    actions_detail = ["invite_person", "lapse", "leave", "reinstate"]
    resource_classes = [OrganizationResource]
    export_form_class = ExportForm
    formats = [CSV, XLSX]
    fieldsets = [
        (None, {"fields": ["name", "slug", "ein", "status", "joined_on", "is_listed"]}),
        (gettext_lazy("What it does"), {"fields": ["summary", "sub_sectors", "budget_band", "logo_shown"]}),
        (
            gettext_lazy("Where it is"),
            {"fields": ["website", "phone", "street", "city", "zip_code", "county", "area"]},
        ),
    ]

    def get_readonly_fields(self, request: HttpRequest, obj: Organization | None = None) -> list[str]:
        return ["status", "logo_shown"]

    def save_formset(
        self, request: HttpRequest, form: forms.Form, formset: BaseFormSet, change: bool
    ) -> None:
        """Notes who added another name."""
        for row in formset.forms:
            if isinstance(row.instance, OrganizationAlias) and row.instance.pk is None:
                row.instance.added_by = request.user
        super().save_formset(request, form, formset, change)

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """An organization that goes keeps its history: mark it as left."""
        return False

    def has_export_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def get_export_queryset(self, request: HttpRequest) -> QuerySet:
        return (
            super()
            .get_export_queryset(request)
            .select_related("county", "area")
            .prefetch_related("sub_sectors")
        )

    @display(description=gettext_lazy("logo"))
    def logo_shown(self, organization: Organization) -> SafeString | str:
        if not organization.pk:
            return _("Save first.")
        edit = reverse("my:organization_edit", args=[organization.slug])
        words = _("Change it in the partner's own form")
        if not organization.logo:
            return format_html('<a href="{}#id_logo">{}</a>', edit, words)
        return format_html(
            '<img src="{}" alt="" height="60"><br><a href="{}#id_logo">{}</a>',
            organization.logo.url,
            edit,
            words,
        )

    def get_actions_detail(self, request: HttpRequest, object_id: str) -> list:
        organization = self.existing(request, object_id)
        status = organization.status if organization else None
        names: dict[str, set[str]] = {
            _Status.ACTIVE: {"invite_person", "lapse", "leave"},
            _Status.LAPSED: {"invite_person", "leave", "reinstate"},
            _Status.LEFT: {"reinstate"},
        }
        return self.buttons(request, object_id, names.get(status or "", set()))

    @action(
        description=gettext_lazy("Invite a person"),
        url_path="invite",
        permissions=["work"],
        icon="person_add",
    )
    def invite_person(self, request: HttpRequest, object_id: str) -> HttpResponse:
        organization = self.record(request, object_id)
        question = Question(
            title=_("Invite a person to %s") % organization,
            explanation=_("They get an e-mail with a link to set up their login."),
            button=_("Send the invitation"),
            done=_("The invitation is on its way."),
            step=lambda answers: invite(organization=organization, by=request.user, **answers),
            form=InviteStaffForm(posted(request)),
        )
        return self.ask(request, organization, question)

    @action(
        description=gettext_lazy("Mark as lapsed"),
        url_path="lapse",
        permissions=["work"],
        icon="hourglass_empty",
    )
    def lapse(self, request: HttpRequest, object_id: str) -> HttpResponse:
        words = _("It leaves the directory and counts no longer as active. Its people keep their logins.")
        return self._change(request, object_id, _Status.LAPSED, _("Mark %s as lapsed?"), words)

    @action(description=gettext_lazy("Mark as left"), url_path="leave", permissions=["work"], icon="logout")
    def leave(self, request: HttpRequest, object_id: str) -> HttpResponse:
        words = _("It leaves the directory, and its people act no longer for it. Its history stays.")
        return self._change(request, object_id, _Status.LEFT, _("Mark %s as left?"), words)

    @action(description=gettext_lazy("Make active"), url_path="reinstate", permissions=["work"], icon="undo")
    def reinstate(self, request: HttpRequest, object_id: str) -> HttpResponse:
        words = _("It is a partner again and returns to the directory.")
        return self._change(request, object_id, _Status.ACTIVE, _("Make %s active again?"), words)

    def _change(
        self, request: HttpRequest, object_id: str, status: str, title: str, words: str
    ) -> HttpResponse:
        organization = self.record(request, object_id)
        question = Question(
            title=title % organization,
            explanation=words,
            button=_("Change the status"),
            done=_("The status is changed."),
            step=lambda answers: change_status(organization=organization, status=status, by=request.user),
            danger=status != _Status.ACTIVE,
        )
        return self.ask(request, organization, question)


@admin.register(ProfileAnswer)
class ProfileAnswerAdmin(ReadOnlyMixin, PartnersAdmin):
    """What organizations answered. Only they answer."""

    list_display = ["organization", "marker", "declined", "answered_at"]
    list_filter = ["marker", "declined"]
    list_select_related = ["organization"]
    search_fields = ["organization__name"]

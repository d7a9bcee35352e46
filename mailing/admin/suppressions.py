"""Stopped addresses: why, what led to it, and what staff decide about them."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.admin import ModelAdmin
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminEmailInputWidget

from mailing import services
from mailing.admin.parts import AddressSearchMixin, ask, each
from mailing.admin.questions import Question, decide
from mailing.health import complaint_rates
from mailing.models import DeliveryEvent, Suppression
from mailing.services.erasure import erase_address
from mailing.web.forms import AddressField

EVENTS_SHOWN = 50
_LIFT_WARNING = gettext_lazy(
    "Do this only when the person asked for it, or when a wrong entry is put right. "
    "Mail to people who refused it breaks the law and the promise we made them."
)


class SuppressionForm(forms.ModelForm):
    """An address that staff stop."""

    email = AddressField(label=gettext_lazy("E-mail address"), widget=UnfoldAdminEmailInputWidget)

    class Meta:
        model = Suppression
        fields = ["note"]


class ForgetForm(forms.Form):
    """An address that is to be forgotten."""

    email = AddressField(
        label=gettext_lazy("E-mail address"),
        widget=UnfoldAdminEmailInputWidget,
        error_messages={"required": gettext_lazy("Enter the address to forget.")},
    )


class ReviewedFilter(admin.SimpleListFilter):
    """Bounces and complaints that a person has looked at, or that still wait for one."""

    title = gettext_lazy("review")
    parameter_name = "reviewed"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("no", gettext_lazy("to be reviewed")), ("yes", gettext_lazy("reviewed and kept"))]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet) -> models.QuerySet:
        if self.value() == "no":
            return queryset.filter(reviewed_at__isnull=True, reason__in=["bounced", "complained"])
        return queryset.filter(reviewed_at__isnull=False) if self.value() == "yes" else queryset


@admin.register(Suppression)
class SuppressionAdmin(AddressSearchMixin, ModelAdmin):
    list_display = ["__str__", "reason", "note", "created_at", "review"]
    list_filter = ["reason", ReviewedFilter]
    list_before_template = "mailing/admin/complaint_rates.html"
    change_form_before_template = "mailing/admin/suppression.html"
    search_fields = ["hint"]
    actions = ["keep", "lift"]
    actions_list = ["forget"]
    actions_detail = ["keep_this", "lift_this"]
    list_per_page = 50
    readonly_fields = ["hint", "reason", "created_at", "reviewed_at", "reviewed_by"]

    def get_form(
        self, request: HttpRequest, obj: Suppression | None = None, **kwargs: Any
    ) -> type[forms.ModelForm]:
        return super().get_form(request, obj, **(kwargs if obj else kwargs | {"form": SuppressionForm}))

    def get_fields(self, request: HttpRequest, obj: Suppression | None = None) -> list[str]:
        return (
            ["hint", "reason", "note", "created_at", "reviewed_at", "reviewed_by"]
            if obj
            else ["email", "note"]
        )

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

    @display(description=gettext_lazy("review"))
    def review(self, row: Suppression) -> str:
        if row.reviewed_at:
            return _("kept by %(who)s") % {"who": row.reviewed_by}
        is_waiting = row.reason in {Suppression.Reason.BOUNCED, Suppression.Reason.COMPLAINED}
        return _("to be reviewed") if is_waiting else "–"

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        rates = complaint_rates(timezone.now()) if request.method == "GET" else []
        return super().changelist_view(request, {**(extra_context or {}), "rates": rates})

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        """The record with the reports that led to it."""
        row = self.get_object(request, object_id)
        found = DeliveryEvent.objects.none()
        if row is not None:
            found = DeliveryEvent.objects.filter(address_hash=row.address_hash)
        events = found.select_related("delivery__mailing")[: EVENTS_SHOWN + 1]
        context = {"events": events[:EVENTS_SHOWN], "more_events": len(events) > EVENTS_SHOWN}
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **context})

    # --- Several at once ------------------------------------------------------------------------------------------

    @admin.action(description=gettext_lazy("Keep stopped: I have looked at it"), permissions=["change"])
    def keep(self, request: HttpRequest, queryset: models.QuerySet[Suppression]) -> None:
        done, _refused = each(
            queryset, lambda row: services.keep_suppression(suppression=row, by=_who(request))
        )
        words = ngettext("%d address is reviewed.", "%d addresses are reviewed.", done) % done
        self.message_user(request, words, messages.SUCCESS)

    @admin.action(description=gettext_lazy("Lift: let them get mail again"), permissions=["change"])
    def lift(self, request: HttpRequest, queryset: models.QuerySet[Suppression]) -> HttpResponse | None:
        if "confirmed" not in request.POST:
            return ask(
                self,
                request,
                queryset,
                title=_("Let these addresses get mail again?"),
                warning=_LIFT_WARNING,
                button=_("Lift"),
            )
        done, _refused = each(
            queryset, lambda row: services.lift_suppression(suppression=row, by=_who(request))
        )
        words = ngettext("%d address gets mail again.", "%d addresses get mail again.", done) % done
        self.message_user(request, words, messages.SUCCESS)
        return None

    # --- One ------------------------------------------------------------------------------------------------------

    @action(description=gettext_lazy("Keep stopped"), url_path="keep", permissions=["change"], icon="done")
    def keep_this(self, request: HttpRequest, object_id: str) -> HttpResponse:
        row = self._row(request, object_id)

        def step(answers: dict[str, object]) -> str:
            services.keep_suppression(suppression=row, by=_who(request))
            return _("The address stays stopped, and your name stands beside it.")

        question = Question(
            title=_("Keep %s stopped?") % row,
            explanation=_("It leaves the list of what is to be reviewed. Nothing else changes."),
            button=_("Keep it stopped"),
            step=step,
        )
        back = reverse("admin:mailing_suppression_change", args=[row.pk])
        return decide(self, request, question, back_url=back, record=row)

    @action(description=gettext_lazy("Lift"), url_path="lift", permissions=["change"], icon="lock_open")
    def lift_this(self, request: HttpRequest, object_id: str) -> HttpResponse:
        row = self._row(request, object_id)

        def step(answers: dict[str, object]) -> str:
            services.lift_suppression(suppression=row, by=_who(request))
            return _("The address gets mail again.")

        question = Question(
            title=_("Let %s get mail again?") % row,
            explanation=str(_LIFT_WARNING),
            button=_("Lift"),
            step=step,
            danger=True,
            facts=[(_("Why it is stopped"), row.get_reason_display()), (_("Since"), row.created_at)],
        )
        back = reverse("admin:mailing_suppression_change", args=[row.pk])
        done = reverse("admin:mailing_suppression_changelist")
        return decide(self, request, question, back_url=back, record=row, done_url=done)

    @action(
        description=gettext_lazy("Forget an address"),
        url_path="forget",
        permissions=["change"],
        icon="delete",
    )
    def forget(self, request: HttpRequest) -> HttpResponse:
        """Erasure, for people who ask staff for it."""
        form = ForgetForm(request.POST if request.method == "POST" else None)

        def step(answers: dict[str, object]) -> str:
            erased = erase_address(email=str(answers["email"]), by=_who(request))
            return ngettext(
                "Forgotten, in %d delivery and everywhere else in our mail.",
                "Forgotten, in %d deliveries and everywhere else in our mail.",
                erased.deliveries,
            ) % (erased.deliveries)

        question = Question(
            title=_("Forget an address"),
            explanation=_(
                "Deletes the address, the name in every message to it, its choices and what waits to be sent. Kept: "
                "a scrambled code, so that nobody mails it again after an import, and bare numbers. A person's "
                "record, login, membership and actions are not touched: delete those under People and Logins. "
                "This cannot be undone."
            ),
            button=_("Forget this address"),
            step=step,
            form=form,
            danger=True,
        )
        return decide(self, request, question, back_url=reverse("admin:mailing_suppression_changelist"))

    def _row(self, request: HttpRequest, object_id: str) -> Suppression:
        row = self.get_object(request, object_id)
        if row is None:
            raise Http404(_("This record does not exist any more."))
        return row


def _who(request: HttpRequest) -> str:
    """Under which name a decision is kept."""
    return str(request.user.get_username())

"""CE approvals in a course's form, and the certificates that were issued."""

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import StackedInline
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminTextInputWidget

from partners.admin.base import PartnersAdmin, Question, ReadOnlyMixin
from partners.admin.history import HistoryAdmin
from partners.posted import posted
from trainings.models import Certificate, CreditApproval
from trainings.services import certificates as services


class CreditApprovalInline(StackedInline):
    """What bodies credit. A certificate keeps what was approved on its day."""

    model = CreditApproval
    fields = ["authority", "profession", ("hours", "number"), ("valid_from", "valid_until")]
    extra = 0


class ReasonForm(forms.Form):
    """Why a certificate no longer holds: anybody with its code reads it."""

    reason = forms.CharField(
        label=gettext_lazy("Why, as anybody with its code reads it"),
        max_length=300,
        widget=UnfoldAdminTextInputWidget,
        error_messages={"required": gettext_lazy("Say why.")},
    )


@admin.register(Certificate)
class CertificateAdmin(ReadOnlyMixin, HistoryAdmin, PartnersAdmin):
    list_display = ["printed_code", "name", "course_title", "held_on", "hours", "shown_state"]
    list_filter = [("revoked_at", admin.EmptyFieldListFilter), "held_on"]
    search_fields = ["name", "code", "course_title", "enrollment__person__email"]
    ordering = ["-issued_at"]
    fields = ["page", "name", "course_title", "held_on", "hours", "credit_words", "issued_at", "issued_by"]
    fields += ["shown_state", "revoked_at", "revoked_by", "revoked_reason"]
    readonly_fields = fields
    actions_detail = ["revoke", "reissue"]

    def get_actions_detail(self, request: HttpRequest, object_id: str) -> list:
        certificate = self.existing(request, object_id)
        holds = certificate is not None and certificate.holds
        return self.buttons(request, object_id, {"revoke", "reissue"} if holds else set())

    @display(description=gettext_lazy("code"), ordering="code")
    def printed_code(self, certificate: Certificate) -> str:
        return certificate.printed_code

    @display(description=gettext_lazy("public page"))
    def page(self, certificate: Certificate) -> str:
        return format_html('<a href="{}">{}</a>', certificate.get_absolute_url(), certificate.printed_code)

    @display(description=gettext_lazy("CE credits"))
    def credit_words(self, certificate: Certificate) -> str:
        return "; ".join(
            f"{line['body']}: {line['hours']} ({line['number']})" for line in certificate.credit_lines
        )

    @display(description=gettext_lazy("state"), label={"valid": "success", "revoked": "danger"})
    def shown_state(self, certificate: Certificate) -> tuple[str, str]:
        return ("valid", _("valid")) if certificate.holds else ("revoked", _("revoked"))

    @action(description=gettext_lazy("Revoke"), permissions=["work"], url_path="revoke")
    def revoke(self, request: HttpRequest, object_id: str) -> HttpResponse:
        certificate = self.record(request, object_id)
        question = Question(
            title=_("Revoke this certificate?"),
            explanation=_("Its page says from now on that it no longer holds, and your reason."),
            button=_("Revoke the certificate"),
            done=_("The certificate is revoked."),
            danger=True,
            form=ReasonForm(posted(request)),
            step=lambda said: services.revoke_certificate(
                enrollment=certificate.enrollment, reason=said["reason"], by=request.user, now=timezone.now()
            ),
        )
        return self.ask(request, certificate, question)

    @action(description=gettext_lazy("Issue it anew"), permissions=["work"], url_path="reissue")
    def reissue(self, request: HttpRequest, object_id: str) -> HttpResponse:
        certificate = self.record(request, object_id)
        question = Question(
            title=_("Issue this certificate anew?"),
            explanation=_(
                "With the person's present name and the approvals of its day, under a new code. This one no longer "
                "holds. The new one is mailed."
            ),
            facts=[
                (_("Name on it"), certificate.name),
                (_("Name now"), certificate.enrollment.person.name),
            ],
            button=_("Issue a new one"),
            done=_("The new certificate is issued and mailed."),
            form=ReasonForm(posted(request), initial={"reason": _("It was corrected and issued anew.")}),
            step=lambda said: services.reissue_certificate(
                certificate=certificate, reason=said["reason"], by=request.user, now=timezone.now()
            ),
        )
        return self.ask(request, certificate, question)

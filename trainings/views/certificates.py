"""Certificates that anybody can check by their code, and everybody's own."""

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from django_ratelimit import ALL

from mailing.web.forms import PortalFormMixin
from mailing.web.limits import limited
from partners.posted import posted
from trainings.certificate_files import certificate_pdf, file_name
from trainings.models import Certificate
from trainings.services.certificates import CODE_LENGTH, read_code

# Nobody checks more certificates in an hour by hand; a program that guesses is stopped.
_AS_OFTEN = "60/h"


class CodeForm(PortalFormMixin, forms.Form):
    code = forms.CharField(
        label=_("Code of the certificate"),
        max_length=40,
        help_text=_("It has twelve letters and digits, such as K7QM-2XHB-9RTD."),
        error_messages={"required": _("Enter the code that stands on the certificate.")},
    )

    def clean_code(self) -> str:
        code = read_code(self.cleaned_data["code"])
        if len(code) != CODE_LENGTH or not Certificate.objects.filter(code=code).exists():
            raise forms.ValidationError(_("There is no certificate with this code. Read it again."))
        return code


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited("certificate", _AS_OFTEN)
def check(request: HttpRequest) -> HttpResponse:
    """Asks for a code and leads to its certificate."""
    form = CodeForm(posted(request))
    if form.is_bound and form.is_valid():
        return redirect(Certificate.objects.get(code=form.cleaned_data["code"]))
    return render(request, "trainings/certificates/check.html", {"form": form})


@login_not_required
@never_cache
@require_safe
@limited("certificate-page", _AS_OFTEN, method=ALL)
def certificate(request: HttpRequest, code: str) -> HttpResponse:
    """Whether it holds, and what it says; nothing else about its holder."""
    found = get_object_or_404(Certificate, code=read_code(code))
    return render(request, "trainings/certificates/certificate.html", {"certificate": found})


@login_not_required
@never_cache
@require_safe
@limited("certificate-page", _AS_OFTEN, method=ALL)
def certificate_file(request: HttpRequest, code: str) -> HttpResponse:
    """The certificate as PDF; of a revoked one there is none."""
    found = get_object_or_404(Certificate, code=read_code(code))
    if not found.holds:
        return redirect(found)
    return HttpResponse(
        certificate_pdf(found),
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{file_name(found)}"'},
    )


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """The signed-in person's own certificates, the newest first."""
    own = Certificate.objects.filter(enrollment__person__user=request.user).order_by("-held_on", "-pk")
    page = Paginator(own, 25).get_page(request.GET.get("page"))
    return render(request, "trainings/certificates/mine.html", {"page_obj": page})

"""All certificates of a session in one file, at the staff desk: asked for, watched, taken along."""

from django.contrib import messages
from django.contrib.admin.options import ModelAdmin
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from partners.admin.base import desk_page
from partners.errors import NotAllowed
from trainings.admin.attendance_days import attendance_address, session_of
from trainings.models import CertificatePackage, Session
from trainings.services.certificate_packages import is_current, request_package, valid_certificates


def package_pages(admin: ModelAdmin) -> list[URLPattern]:
    """The pages, for the session's `get_urls`."""
    return [
        desk_page(admin, "<int:pk>/certificates/", _package, "certificates"),
        desk_page(admin, "<int:pk>/certificates.zip", _file, "certificates_file"),
    ]


def _address(session: Session) -> str:
    return reverse("admin:trainings_session_certificates", args=[session.pk])


def _newest(session: Session) -> CertificatePackage | None:
    return session.certificate_packages.select_related("asked_by__person").first()


def _package(admin: ModelAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """How far the packing is, and the file when it is done; POST asks for it."""
    session = session_of(request, pk)
    if request.method == "POST":
        try:
            request_package(session=session, by=request.user, now=timezone.now())
        except NotAllowed as refusal:
            messages.error(request, str(refusal))
        return HttpResponseRedirect(_address(session))
    package = _newest(session)
    context = {
        **admin.admin_site.each_context(request),
        "opts": admin.opts,
        "title": _("Certificates: %(session)s") % {"session": session},
        "session": session,
        "package": package,
        "is_current": package is not None and is_current(package),
        "certificates": valid_certificates(session).count(),
        "back_url": attendance_address(session),
    }
    response = TemplateResponse(request, "trainings/admin/certificates.html", context)
    if package is not None and package.is_under_way:
        response["Refresh"] = "2"  # The page shows progress without a script.
    return response


def _file(admin: ModelAdmin, request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file. One that names a certificate which was revoked meanwhile is not handed out."""
    session = session_of(request, pk)
    package = _newest(session)
    if package is None or package.state != CertificatePackage.State.DONE or not is_current(package):
        return HttpResponseRedirect(_address(session))
    try:
        return FileResponse(
            package.file.open("rb"), as_attachment=True, filename=f"certificates-{session.slug}.zip"
        )
    except FileNotFoundError:
        messages.error(request, _("The file is not here any more. Pack the certificates once more."))
        return HttpResponseRedirect(_address(session))

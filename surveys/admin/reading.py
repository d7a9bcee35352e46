"""What staff read of a survey: results, words, organizations, quotes, and the files to take along."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from partners.errors import NotAllowed
from partners.spreadsheets import csv_download, xlsx_download
from surveys.exports import quote_rows, response_rows
from surveys.models import Answer, Survey
from surveys.results import SMALLEST, coverage
from surveys.services.publishing import choose_quote
from surveys.shown_results import occasions_to_show, staff_results
from surveys.texts import active_organizations, answering_organizations, may_be_read, quotable, text_answers

PER_PAGE = 50


def results(admin: Any, request: HttpRequest, survey: Survey) -> HttpResponse:
    """What came of a survey, as a whole or on one occasion."""
    occasions = occasions_to_show(survey)
    wanted = request.GET.get("occasion")
    occasion = wanted if wanted in dict(occasions) else None
    organizations = answering_organizations(survey)
    return _page(
        admin,
        request,
        survey,
        "results",
        _("Results: %s") % survey,
        results=staff_results(survey, occasion),
        responses=survey.responses.on(occasion).count(),
        coverage=coverage(survey, occasion),
        occasions=occasions,
        occasion=occasion,
        organization_count=len(organizations),
        active_count=active_organizations(),
        smallest=SMALLEST,
        may_be_read=may_be_read(survey),
        published=survey.publications.filter(withdrawn_at=None).first(),
    )


def texts(admin: Any, request: HttpRequest, pk: int, question: int) -> HttpResponse:
    """What people wrote to one question, page by page."""
    survey = _readable(admin, request, pk)
    asked = get_object_or_404(survey.questions, pk=question)
    answers = Paginator(text_answers(asked), PER_PAGE).get_page(request.GET.get("page"))
    return _page(admin, request, survey, "texts", asked.text, answers=answers)


def organizations(admin: Any, request: HttpRequest, pk: int) -> HttpResponse:
    """Which partners' people answered."""
    survey = _readable(admin, request, pk)
    return _page(
        admin,
        request,
        survey,
        "organizations",
        _("Organizations that answered"),
        organizations=answering_organizations(survey),
        active_count=active_organizations(),
    )


def quotes(admin: Any, request: HttpRequest, pk: int) -> HttpResponse:
    """What may be quoted; a POST chooses one for the public page, or takes it away."""
    survey = _readable(admin, request, pk)
    if request.method == "POST":
        if not admin.has_publish_permission(request):
            raise PermissionDenied
        try:
            answer = get_object_or_404(quotable(survey), pk=UUID(request.POST.get("answer", "")))
            choose_quote(answer=answer, is_quoted=request.POST.get("quoted") == "1")
        except ValueError as refusal:
            if not isinstance(refusal, NotAllowed):
                raise Http404 from refusal
            messages.error(request, str(refusal))
        return redirect(request.path)
    answers = Paginator(quotable(survey), PER_PAGE).get_page(request.GET.get("page"))
    may_choose = admin.has_publish_permission(request)
    return _page(admin, request, survey, "quotes", _("Quotes"), answers=answers, may_choose=may_choose)


def quotes_file(admin: Any, request: HttpRequest, pk: int) -> HttpResponseBase:
    """The quotes as a spreadsheet, with names only where somebody allowed it."""
    survey = _readable(admin, request, pk)
    return csv_download(f"quotes-{survey.pk}.csv", quote_rows(survey))


def file(admin: Any, request: HttpRequest, pk: int, kind: str) -> HttpResponseBase:
    """Everybody's answers as a spreadsheet: `kind` is csv or xlsx."""
    survey = _readable(admin, request, pk)
    if kind not in {"csv", "xlsx"} or not may_be_read(survey):
        raise Http404
    name, rows = f"survey-{survey.pk}.{kind}", response_rows(survey)
    return csv_download(name, rows) if kind == "csv" else xlsx_download(name, rows, title=survey.title)


def handed_in(admin: Any, request: HttpRequest, pk: int, answer: UUID) -> FileResponse:
    """A file that somebody handed in, as a download that no browser opens by itself."""
    survey = _readable(admin, request, pk)
    found = get_object_or_404(Answer.objects.exclude(file=""), pk=answer, question__survey=survey)
    response = FileResponse(
        found.file.open(),
        as_attachment=True,
        filename=str(found.value),
        content_type="application/octet-stream",
    )
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _readable(admin: Any, request: HttpRequest, pk: int) -> Survey:
    if not admin.has_read_permission(request):
        raise PermissionDenied
    return admin.record(request, str(pk))


def _page(
    admin: Any, request: HttpRequest, survey: Survey, template: str, title: str, **more: Any
) -> HttpResponse:
    back = "change" if template == "results" else "results"
    context = {
        **admin.admin_site.each_context(request),
        "opts": admin.opts,
        "original": survey,
        "survey": survey,
        "title": title,
        "desk_title": title,
        "back_url": reverse(f"admin:surveys_survey_{back}", args=[survey.pk]),
    }
    return TemplateResponse(request, f"admin/surveys/{template}.html", context | more)

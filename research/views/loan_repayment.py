"""The loan repayment program: what it paid out, who may get in, what employers do."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from partners.caching import cached_page
from partners.spreadsheets import csv_download
from research.eligibility import Check, Step, check_of
from research.forms.loan_repayment import QuestionForm
from research.indicators.loan_repayment import DEFINITION, WITHHELD, loan_years
from research.loan_repayment_pages import current_program, loan_rows, money_chart
from research.models import EligibilityCriterion, Toolkit
from research.toolkit_filling import FilledItem, fill_toolkit
from research.toolkit_readers import Reader


@login_not_required
@require_safe
@cached_page
def loan_repayment(request: HttpRequest) -> HttpResponse:
    """The tracker: dollars beside the appropriation, awards, the average, every report with its source."""
    program = current_program()
    years = loan_years(program, timezone.localdate(), published=True)
    reported = [found for found in years if found.total.report]
    context = {
        "program": program,
        "years": years,
        "latest": reported[0] if reported else None,
        "chart": money_chart(years),
        "definition": DEFINITION,
        "withheld": WITHHELD if any(found.withheld for found in years) else "",
        "has_check": EligibilityCriterion.objects.asked().exists(),
    }
    return render(request, "research/loan_repayment.html", context)


@login_not_required
@require_safe
def loan_repayment_csv(request: HttpRequest) -> HttpResponseBase:
    """What the page shows, for a spreadsheet."""
    years = loan_years(current_program(), timezone.localdate(), published=True)
    return csv_download("loan-repayment.csv", loan_rows(years))


@login_not_required
@require_safe
@cached_page
def loan_repayment_employers(request: HttpRequest) -> HttpResponse:
    """How an employer certifies a worker's employment: the steps, a checklist to print, letters to fill in."""
    program = current_program()
    context = {
        "program": program,
        "letters": _letters(program.open_toolkit),
        "toolkit": program.open_toolkit,
        "has_check": EligibilityCriterion.objects.asked().exists(),
    }
    return render(request, "research/loan_repayment_employers.html", context)


def _letters(toolkit: Toolkit | None) -> list[FilledItem]:
    """What the employers' toolkit offers as files."""
    return [filled for filled in fill_toolkit(toolkit, Reader()) if filled.formats] if toolkit else []


# Nothing is changed by these POSTs, so there is nothing to forge; a token would need a cookie.
@csrf_exempt
@login_not_required
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables()
def loan_repayment_check(request: HttpRequest) -> HttpResponse:
    """One question a page, then what the answers come to. Nothing is kept; the answers travel in the form."""
    posted = request.POST if request.method == "POST" else QueryDict()
    check = check_of(list(EligibilityCriterion.objects.asked()), posted)
    step, form = _question(check, posted)
    context = {"program": current_program(), "check": check, "step": step, "form": form}
    name = "question" if step else "result"
    return render(request, f"research/loan_repayment_{name}.html", context)


@sensitive_variables()
def _question(check: Check, posted: QueryDict) -> tuple[Step | None, QuestionForm | None]:
    """The question to show, if one is left: one that somebody went back to, or sent without an answer, or the next."""
    back = check.step(_number(posted.get("go", "")))
    if back:
        return back, QuestionForm(back)
    sent = check.step(_number(posted.get("at", "")))
    if sent and sent.given is None:
        return sent, QuestionForm(sent, posted)
    step = check.open_step
    return step, QuestionForm(step) if step else None


def _number(words: str) -> int:
    return int(words) if words.isascii() and words.isdigit() and len(words) < 4 else 0

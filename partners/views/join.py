"""Joining, page by page. The answers are in a `JoinApplication`; the visitor's session holds its number."""

from collections.abc import Callable

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from mailing.web.limits import limited
from partners.errors import NotAllowed
from partners.forms import (
    DemographicsForm,
    OrganizationStepForm,
    PeopleStepForm,
    ServicesStepForm,
    SimilarForm,
)
from partners.models import County, JoinApplication
from partners.posted import posted
from partners.services import find_duplicates, save_answers, start_application, submit_application
from partners.services.join import ANSWER_FIELDS, first_unfinished_step
from partners.summary import summary_sections

SESSION_KEY = "join_application"
FORMS = {"organization": OrganizationStepForm, "people": PeopleStepForm, "services": ServicesStepForm}
NEXT = {"organization": "people", "people": "services", "services": "check"}
BACK = {"people": "organization", "services": "people", "check": "services", "similar": "organization"}
_State = JoinApplication.State


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join_start(request: HttpRequest) -> HttpResponse:
    """What joining means and what to have at hand. POST begins anew after a request was sent."""
    if request.method == "POST":
        request.session.pop(SESSION_KEY, None)
        return _to("organization")
    application = _application(request)
    context = {
        "application": application,
        "is_sent": application is not None and application.state != _State.DRAFT,
        "is_lost": "lost" in request.GET and application is None,
        "step": first_unfinished_step(application) if application else "organization",
    }
    return render(request, "partners/join/start.html", context)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited("join")
def join_step(request: HttpRequest, step: str) -> HttpResponse:
    """One page of the request. Whoever comes too early is led to the first page that is not done."""
    if step not in PAGES:
        raise Http404
    application = _application(request)
    if application is None and step != "organization":
        return redirect(f"{reverse('partners:join_start')}?lost=1")
    if application is not None:
        place = _right_place(application, step)
        if place != step:
            return _to(place)
    try:
        return PAGES[step](request, application, step)
    except NotAllowed:  # Another tab sent the request, or staff decided on it, while this page was open.
        return _to("done")


def _application(request: HttpRequest) -> JoinApplication | None:
    """This visitor's request, if their session still knows one."""
    number = request.session.get(SESSION_KEY)
    return JoinApplication.objects.filter(pk=number).first() if number else None


def _right_place(application: JoinApplication, step: str) -> str:
    """The page to show instead of `step`, or `step`."""
    if application.state != _State.DRAFT:
        optional = step == "demographics" and application.state == _State.SUBMITTED
        return step if optional else "done"
    unfinished = first_unfinished_step(application)
    order = ["organization", "people", "services", "check", "demographics", "done"]
    if step == "similar":
        return "similar" if application.organization_answers else "organization"
    return unfinished if order.index(step) > order.index(unfinished) else step


def _to(step: str) -> HttpResponseRedirect:
    return redirect("partners:join_step", step=step)


def _next(request: HttpRequest, application: JoinApplication, step: str) -> HttpResponseRedirect:
    """On to the next page, or back to the check page for whoever came from there."""
    del request
    return _to("check" if first_unfinished_step(application) == "check" else NEXT[step])


def _questions(request: HttpRequest, application: JoinApplication | None, step: str) -> HttpResponse:
    """The pages with questions."""
    earlier = getattr(application, ANSWER_FIELDS[step]) if application else {}
    form = FORMS[step](posted(request), initial=earlier or _suggestions(application, step))
    if request.method == "POST" and form.is_trap:
        return _to(NEXT[step])
    if request.method == "POST" and form.is_valid():
        application = application or start_application()
        request.session[SESSION_KEY] = application.pk
        application = save_answers(application=application, step=step, answers=form.answers)
        if step == "organization" and _similar(application):
            return _to("similar")
        return _next(request, application, step)
    context = {"form": form, "step": step, "back": _back_url(application, step)}
    return render(request, f"partners/join/{step}.html", context)


def _suggestions(application: JoinApplication | None, step: str) -> dict[str, object]:
    """The Local Area Council of the county they named."""
    if step != "services" or application is None:
        return {}
    county = County.objects.filter(pk=application.organization_answers.get("county")).first()
    return {"area": county.area_id} if county else {}


def _back_url(application: JoinApplication | None, step: str) -> str:
    if application and step in NEXT and first_unfinished_step(application) == "check":
        return reverse("partners:join_step", args=["check"])
    if step in BACK:
        return reverse("partners:join_step", args=[BACK[step]])
    return reverse("partners:join_start")


def _similar(application: JoinApplication) -> list:
    """Partners that look like the applicant's organization and that they have not said are somebody else."""
    answers = application.organization_answers
    matches = find_duplicates(
        name=answers["name"],
        ein=answers.get("ein", ""),
        website=answers.get("website", ""),
        exclude=application,
    )
    denied = set(application.different_from.values_list("pk", flat=True))
    return [
        match.organization for match in matches if match.organization and match.organization.pk not in denied
    ][:5]


def _similar_page(request: HttpRequest, application: JoinApplication, step: str) -> HttpResponse:
    """Is this your organization? Shows what the directory shows: name and city."""
    similar = _similar(application)
    if not similar:
        return _next(request, application, "organization")
    form = SimilarForm(posted(request))
    if request.method == "POST" and form.is_valid():
        denied = set(form.cleaned_data["different"])
        application.different_from.add(*(partner for partner in similar if partner in denied))
        return _next(request, application, "organization")
    context = {"form": form, "similar": similar, "step": step, "back": _back_url(application, step)}
    return render(request, "partners/join/similar.html", context)


def _check_page(request: HttpRequest, application: JoinApplication, step: str) -> HttpResponse:
    """Every answer once more, and the button that sends them."""
    consent = consent_text(application)
    if request.method == "POST":
        submit_application(application=application, consent_text=consent)
        return _to("demographics")
    context = {
        "sections": summary_sections(application),
        "consent": consent,
        "step": step,
        "back": _back_url(application, step),
    }
    return render(request, "partners/join/check.html", context)


def consent_text(application: JoinApplication) -> str:
    """What the applicant agrees to with the button; kept with the request."""
    return _(
        "By sending this request for %(organization)s you confirm that you may speak for it, and you agree that "
        "we keep these answers to decide on the request and, once you are a partner, for your profile. Your name "
        "and e-mail address stay with our staff and with the people of your organization."
    ) % {"organization": application.organization_answers["name"]}


def _demographics_page(request: HttpRequest, application: JoinApplication, step: str) -> HttpResponse:
    """The optional questions, after the request was sent."""
    if request.method == "POST" and "skip" in request.POST:
        return _to("done")
    form = DemographicsForm(
        posted(request), initial=DemographicsForm.initial_from(application.demographic_answers)
    )
    if request.method == "POST" and form.is_valid():
        save_answers(application=application, step="demographics", answers=form.answers)
        return _to("done")
    return render(request, "partners/join/demographics.html", {"form": form, "step": step})


def _done_page(request: HttpRequest, application: JoinApplication, step: str) -> HttpResponse:
    """It is sent: the reference and what happens next. Safe to reload and to keep as a bookmark."""
    return render(request, "partners/join/done.html", {"application": application, "step": step})


PAGES: dict[str, Callable[..., HttpResponse]] = {
    "organization": _questions,
    "similar": _similar_page,
    "people": _questions,
    "services": _questions,
    "check": _check_page,
    "demographics": _demographics_page,
    "done": _done_page,
}

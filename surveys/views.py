"""The pages on which people answer a survey, and read what came of it."""

from collections.abc import Callable

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from mailing.models import Preference
from mailing.web.limits import limited
from partners.caching import cached_page
from partners.errors import NotAllowed
from partners.models import Membership, Person
from surveys.languages import ENGLISH, SPANISH
from surveys.models import PublishedResults, Survey, SurveyInvitation
from surveys.publishing import read_back
from surveys.services.answers import AlreadyAnswered, answer_invitation, answer_openly, refuse_late
from surveys.texts import published_quotes
from surveys.tokens import invitation_url, read_invitation
from surveys.walking import SurveyWalk

Take = Callable[[SurveyWalk], None]
PER_PAGE = 25


@login_not_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
# A whole class may answer over one connection, in several pages each.
@limited("survey", "1200/h")
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """The survey behind an invitation's link, answered once without signing in; a GET changes nothing."""
    invitation = read_invitation(token)
    if invitation is None:
        return render(request, "surveys/no_invitation.html", status=404)
    now = timezone.now()

    def take(walk: SurveyWalk) -> None:
        answer_invitation(invitation=invitation, answers=walk.answers, quoting=walk.quoting, now=now)

    with translation.override(_language(request, invitation.person)):
        try:
            refuse_late(invitation, now)
        except NotAllowed as refusal:
            return _over(request, invitation.survey, refusal)
        return _ask(request, invitation.survey, take, invitation)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def open_survey(request: HttpRequest, slug: str) -> HttpResponse:
    """A survey that is open to everybody who signs in for a partner."""
    survey = get_object_or_404(Survey.objects.visible_to(request.user), slug=slug)
    person = request.user.person
    membership = Membership.objects.of(request.user).ranked().select_related("organization").first()
    now = timezone.now()

    def take(walk: SurveyWalk) -> None:
        answer_openly(
            survey=survey,
            person=person,
            organization=membership.organization if membership else None,
            answers=walk.answers,
            quoting=walk.quoting,
            now=now,
        )

    known = SurveyInvitation.objects.filter(survey=survey, person=person, occasion="").first()
    asked = known or SurveyInvitation(survey=survey, person=person, is_anonymous=survey.is_anonymous)
    with translation.override(_language(request, person)):
        try:
            refuse_late(asked, now)
        except NotAllowed as refusal:
            return _over(request, survey, refusal)
        return _ask(request, survey, take, None)


@require_safe
def my_surveys(request: HttpRequest) -> HttpResponse:
    """The surveys that wait for whoever is signed in."""
    now, person = timezone.now(), getattr(request.user, "person", None)
    invitations = SurveyInvitation.objects.unanswered(now).filter(person=person).select_related("survey")
    known = SurveyInvitation.objects.filter(person=person, occasion="")
    surveys = Survey.objects.visible_to(request.user).exclude(pk__in=known.values("survey"))
    if person is not None:
        surveys = surveys.exclude(responses__person=person)
    rows = [(invitation, invitation_url(invitation)) for invitation in invitations.order_by("due_on")]
    context = {"invitations": rows, "surveys": surveys}
    return render(request, "surveys/my_surveys.html", context)


@login_not_required
@require_safe
@cached_page
def results(request: HttpRequest, slug: str) -> HttpResponse:
    """What people answered, as it was published."""
    published = get_object_or_404(PublishedResults.objects.public(), survey__slug=slug)
    with translation.override(_language(request, None)):
        context = {
            "survey": published.survey,
            "published": published,
            "results": read_back(published),
            "quotes": published_quotes(published.survey),
        }
        return render(request, "surveys/results.html", context)


@login_not_required
@require_safe
@cached_page
def results_list(request: HttpRequest) -> HttpResponse:
    """Every survey whose results are public, the newest first."""
    page = Paginator(PublishedResults.objects.public(), PER_PAGE).get_page(request.GET.get("page"))
    with translation.override(_language(request, None)):
        return render(request, "surveys/results_list.html", {"page_obj": page})


def _ask(
    request: HttpRequest, survey: Survey, take: Take, invitation: SurveyInvitation | None
) -> HttpResponse:
    if not survey.questions.exists():
        raise Http404
    walk = SurveyWalk(survey, request)
    if walk.is_done:
        try:
            take(walk)
        except NotAllowed as refusal:
            return _over(request, survey, refusal)
        return redirect(f"{request.path}?done=1&lang={translation.get_language()}")
    context = {
        "survey": survey,
        "walk": walk,
        "form": walk.form,
        "invitation": invitation,
        "language": translation.get_language(),
    }
    return render(request, "surveys/answer.html", context)


def _over(request: HttpRequest, survey: Survey, refusal: NotAllowed) -> HttpResponse:
    """Answered before, too late, or the questions have changed meanwhile."""
    is_answered = isinstance(refusal, AlreadyAnswered)
    context = {
        "survey": survey,
        "reason": str(refusal),
        "is_answered": is_answered,
        "is_new": is_answered and "done" in request.GET,
    }
    return render(request, "surveys/answered.html", context, status=200 if is_answered else 409)


def _language(request: HttpRequest, person: Person | None) -> str:
    """The language asked for, else the one somebody chose for their mail, else English."""
    wanted = request.POST.get("lang") or request.GET.get("lang")
    if not wanted and person is not None:
        chosen = Preference.objects.filter(email=person.email).values_list("language", flat=True)
        wanted = chosen.first()
    return SPANISH if wanted == SPANISH else ENGLISH

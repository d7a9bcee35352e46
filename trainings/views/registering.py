"""Registering for a session, page by page. The answers wait in the visitor's session (`trainings.draft`)."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.forms import BaseForm, BaseFormSet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from mailing.web.limits import limited
from partners.errors import NotAllowed
from partners.gatherings.seats import needs_seat
from partners.gatherings.sources import source_in
from partners.gatherings.tokens import place_token
from partners.models import Person, User
from partners.permissions import acting_organization
from partners.posted import posted
from partners.services.people import person_of
from trainings.draft import CHECK, FEE, HELP, NAMES, WHO, WISHES, Draft
from trainings.forms import FIRST_ROWS, ColleagueSet, FeeForm, VisitorForm, WhoForm, WishesForm
from trainings.models import Session
from trainings.permissions import can_register
from trainings.scholarship_forms import HelpForm
from trainings.services.registering import (
    MOST_PEOPLE,
    AlreadyRegistered,
    proposed_tier,
    register,
    send_places_again,
)
from trainings.services.waiting import seats_for_newcomers
from trainings.summary import summary_rows
from trainings.tokens import ROOM, SENT, registration_address


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def register_page(request: HttpRequest, slug: str, step: str = WHO) -> HttpResponseBase:
    """One page of a registration. Whoever comes too early is led to the first page that is not answered."""
    sessions = Session.objects.visible_to(request.user).exclude(state=Session.State.DRAFT)
    session = get_object_or_404(sessions.select_related("course"), slug=slug)
    if not can_register(request.user, session.course) and not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    if not can_register(request.user, session.course) or not session.takes_registrations(timezone.now()):
        return render(request, "trainings/register/closed.html", {"session": session}, status=403)
    draft = Draft.of(request, session, _person(request))
    draft.source = source_in(request) or draft.source
    if step not in PAGES:
        raise Http404
    if step not in draft.steps or draft.steps.index(step) > draft.steps.index(draft.first_open):
        return _to(draft, draft.first_open)
    return PAGES[step](request, draft)


def _person(request: HttpRequest) -> Person | None:
    return Person.objects.filter(user=request.user).first() if request.user.is_authenticated else None


def _to(draft: Draft, step: str) -> HttpResponseRedirect:
    if step == WHO:
        return redirect("trainings:register", draft.session.slug)
    return redirect("trainings:register_step", draft.session.slug, step)


def _keep(request: HttpRequest, draft: Draft, step: str, answers: Any) -> HttpResponseRedirect:
    """Keeps a page's answers and goes on: to the next page that is open, or back to the check page."""
    draft.answers[step] = answers
    draft.keep(request)
    return _to(draft, draft.first_open)


def _show(
    request: HttpRequest, draft: Draft, step: str, form: BaseForm | BaseFormSet | None, **more: object
) -> HttpResponse:
    place = draft.steps.index(step)
    address = reverse("trainings:register", args=[draft.session.slug])
    before = draft.steps[place - 1] if place else ""
    back = (
        draft.session.get_absolute_url() if not place else address if before == WHO else f"{address}{before}/"
    )
    context = {
        "session": draft.session,
        "course": draft.session.course,
        "form": form,
        "step": step,
        "back": back,
        "number": place + 1,
        "total": len(draft.steps),
    }
    return render(request, f"trainings/register/{step}.html", context | more)


# --- The pages --------------------------------------------------------------------------------------------------


def _who(request: HttpRequest, draft: Draft) -> HttpResponse:
    """For whom somebody registers, and who they are."""
    named = draft.person is not None and bool(draft.person.name)
    form = (WhoForm if named else VisitorForm)(posted(request), initial=draft.answers.get(WHO))
    if not named and request.user.is_authenticated:
        form.fields.pop("email")  # It is the login's.
    if form.is_bound and form.is_valid():
        if isinstance(form, VisitorForm) and form.is_trap:
            return redirect(draft.session.get_absolute_url())
        answers = {name: value for name, value in form.cleaned_data.items() if name != "website_url2"}
        if not named and request.user.is_authenticated:
            answers["email"] = request.user.email
        return _keep(request, draft, WHO, answers)
    return _show(request, draft, WHO, form, person=draft.person if named else None)


def _names(request: HttpRequest, draft: Draft) -> HttpResponse:
    """The colleagues who take part."""
    own = draft.own_address if draft.takes_part else ""
    if request.method == "POST" and "more" in request.POST:
        data = request.POST.copy()
        rows = int(data.get("form-TOTAL_FORMS") or 0) if data.get("form-TOTAL_FORMS", "").isdigit() else 0
        data["form-TOTAL_FORMS"] = str(min(rows + FIRST_ROWS, MOST_PEOPLE))
        rows_so_far = [
            {name: data.get(f"form-{row}-{name}", "")[:254] for name in ("first_name", "last_name", "email")}
            for row in range(min(rows, MOST_PEOPLE))
        ]
        formset = ColleagueSet(initial=rows_so_far, own_address=own)
    else:
        formset = ColleagueSet(posted(request), initial=draft.answers.get(NAMES), own_address=own)
    if formset.is_bound and formset.is_valid():
        return _keep(request, draft, NAMES, formset.people())
    return _show(request, draft, NAMES, None, formset=formset, most=MOST_PEOPLE)


def _wishes(request: HttpRequest, draft: Draft) -> HttpResponse:
    """How they take part, and what the one who registers needs."""
    form = WishesForm(
        posted(request),
        initial=draft.answers.get(WISHES),
        session=draft.session,
        takes_part=draft.takes_part,
    )
    if form.is_bound and form.is_valid():
        return _keep(request, draft, WISHES, form.cleaned_data)
    return _show(request, draft, WISHES, form, has_colleagues=NAMES in draft.steps)


def _fee(request: HttpRequest, draft: Draft) -> HttpResponse:
    """The step of the sliding scale that fits; proposed by the budget we know, and free to change."""
    organization = acting_organization(draft.person) if draft.person else None
    proposed = proposed_tier(draft.session.course, organization)
    initial = draft.answers.get(FEE) or ({"tier": proposed.pk} if proposed else {})
    form = FeeForm(posted(request), initial=initial, session=draft.session)
    if form.is_bound and form.is_valid():
        return _keep(request, draft, FEE, {"tier": form.cleaned_data["tier"].pk})
    return _show(request, draft, FEE, form, proposed=proposed, organization=organization)


def _help(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Whether the fee is a burden: asked in private, with no as good an answer as yes."""
    form = HelpForm(posted(request), initial=draft.answers.get(HELP))
    if form.is_bound and form.is_valid():
        return _keep(request, draft, HELP, form.answers)
    return _show(request, draft, HELP, form, tier=draft.tier)


@limited("training")
def _check(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Every answer once more, who will have a seat, and the button that registers."""
    refusal = ""
    if request.method == "POST":
        try:
            return _register(request, draft)
        except AlreadyRegistered as known:
            return _already(request, draft, known)
        except NotAllowed as reason:
            refusal = str(reason)
    session, people = draft.session, draft.people
    free = seats_for_newcomers(session, timezone.now())
    in_room = [one for one in people if needs_seat(session, is_online=one.is_online)]
    waiting = in_room[free:] if free is not None else []
    tier = draft.tier
    more = {
        "rows": summary_rows(draft),
        "refusal": refusal,
        "seated": [one for one in people if one not in waiting],
        "waiting": waiting,
        "free": free,
        "tier": tier,
        "sum": tier.amount * len(people) if tier else 0,
        "help": draft.help_wanted,
    }
    response = _show(request, draft, CHECK, None, **more)
    response.status_code = 409 if refusal else 200
    return response


PAGES: dict[str, Callable[[HttpRequest, Draft], HttpResponse]] = {
    WHO: _who,
    NAMES: _names,
    WISHES: _wishes,
    FEE: _fee,
    HELP: _help,
    CHECK: _check,
}


# --- Registering ------------------------------------------------------------------------------------------------


def _register(request: HttpRequest, draft: Draft) -> HttpResponse:
    user = request.user if request.user.is_authenticated else None
    registration = register(
        session=draft.session,
        contact=_contact(user, draft) if user is not None else draft.contact,
        people=draft.people,
        tier=draft.tier,
        source=draft.source,
        by=user,
        now=timezone.now(),
        reference=draft.reference,
        help_wanted=draft.help_wanted,
    )
    draft.forget(request)
    if user is not None:
        return redirect(registration_address(registration))
    return redirect("trainings:registration_sent", place_token(ROOM, SENT, registration.pk))


def _contact(user: User, draft: Draft) -> Person:
    """Whoever is signed in; for the first time they may have no name yet."""
    person = person_of(user=user)
    if not person.name:
        person.first_name, person.last_name = draft.contact.first_name, draft.contact.last_name
        person.save(update_fields=["first_name", "last_name"])
    return person


def _already(request: HttpRequest, draft: Draft, known: AlreadyRegistered) -> HttpResponse:
    """Nothing changed; each gets the link to their place once more."""
    send_places_again(session=draft.session, addresses=[one.email for one in draft.people])
    draft.forget(request)
    context = {"session": draft.session, "course": draft.session.course, "words": str(known)}
    return render(request, "trainings/register/already.html", context)

"""Calls to action: the list, the page with its form, confirming by mail, and the thanks."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from campaigns import kinds
from campaigns.counting import counter
from campaigns.forms import AnswerForm, MemberAnswerForm, VisitorAnswerForm, source_code
from campaigns.kinds import DetailsForm
from campaigns.models import ActionTaken, CallToAction, UnconfirmedAction
from campaigns.permissions import can_answer, can_preview
from campaigns.services.actions import answer_behind, confirm_action, request_confirmation, take_action
from campaigns.services.errors import AnswerRefused, CallClosed, LinkUsed, PartnersOnly
from campaigns.sharing import share_links
from campaigns.tokens import LinkExpired, LinkForged
from campaigns.views.preview import get_public_or_preview
from campaigns.visitors import Visitor, recognize
from mailing.web.limits import limited
from partners.caching import cached_page
from partners.models import Person

CLOSED_SHOWN = 12


@login_not_required
@cached_page
def action_list(request: HttpRequest) -> HttpResponse:
    """Open calls by deadline, those that open soon, and the last ones that are over with their outcomes."""
    now = timezone.now()
    calls = CallToAction.objects.public().exclude(status=CallToAction.Status.ARCHIVED)
    listed = calls.with_counts().select_related("campaign")
    coming = listed.filter(status=CallToAction.Status.PUBLISHED, opens_at__gt=now)
    return render(
        request,
        "campaigns/call_list.html",
        {
            "open_calls": CallToAction.objects.open(now).with_counts().select_related("campaign"),
            "coming_calls": coming.order_by("opens_at"),
            "past_calls": listed.over(now).order_by("-closes_at")[:CLOSED_SHOWN],
        },
    )


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def action(request: HttpRequest, slug: str) -> HttpResponse:
    """A call to action. GET shows it with its form; POST answers it."""
    calls = CallToAction.objects.select_related("campaign")
    call, is_preview = get_public_or_preview(request, public=calls.public(), everything=calls, slug=slug)
    visitor = recognize(request, call)
    if not can_answer(call, visitor.organization) and not can_preview(request.user):
        return _partners_only(request, call)
    if request.method == "POST":
        return _answer(request, call, visitor)
    return _call_page(request, call, visitor, is_preview=is_preview)


def _call_page(
    request: HttpRequest,
    call: CallToAction,
    visitor: Visitor,
    *,
    forms: "AnswerForms | None" = None,
    is_preview: bool = False,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    """The call's page in the state it is in; the form only where the visitor can act."""
    now = timezone.now()
    kind = kinds.of(call)
    totals = call.actions.totals()
    own = call.actions.filter(person=visitor.person).first() if visitor.person else None
    may_act = call.is_open(now) and can_answer(call, visitor.organization)
    needs_login = may_act and not visitor.person and not kind.open_to_strangers
    forms = (forms or _empty_forms(request, call, visitor, own)) if may_act and not needs_login else None
    return render(
        request,
        "campaigns/call_detail.html",
        {
            "call": call,
            "kind": kind,
            "visitor": visitor,
            "own": own,
            "form": forms.answer if forms else None,
            "details": forms.details if forms else None,
            "needs_login": needs_login,
            "refusal": refusal,
            "is_open": call.is_open(now),
            "is_over": call.is_over(now),
            "counter": counter(
                people=totals["people"], organizations=totals["organizations"], final_goal=call.goal
            ),
            "share": share_links(call.title, f"{settings.SITE_URL}{call.get_absolute_url()}"),
            "is_preview": is_preview,
            **kind.context(request, call, visitor),
        },
        status=status,
    )


@dataclass(frozen=True)
class AnswerForms:
    """The two forms of a call's page, shown as one: who somebody is, and what the kind of call asks."""

    answer: AnswerForm
    details: DetailsForm

    def are_valid(self) -> bool:
        """Checks both, so that all errors show at once."""
        return all([self.answer.is_valid(), self.details.is_valid()])

    def values(self) -> dict[str, Any]:
        """The answer as the services take it."""
        return self.answer.answer() | {"details": self.details.details()}


def _empty_forms(
    request: HttpRequest, call: CallToAction, visitor: Visitor, own: ActionTaken | None
) -> AnswerForms:
    kind = kinds.of(call)
    details = kind.details_form(call=call, visitor=visitor, initial=kind.initial(own, visitor))
    return AnswerForms(_empty_form(request, visitor, own), details)


def _posted_forms(request: HttpRequest, call: CallToAction, visitor: Visitor) -> AnswerForms:
    answer = MemberAnswerForm if visitor.person else VisitorAnswerForm
    details = kinds.of(call).details_form(request.POST, request.FILES, call=call, visitor=visitor)
    return AnswerForms(answer(request.POST), details)


def _empty_form(request: HttpRequest, visitor: Visitor, own: ActionTaken | None) -> AnswerForm:
    carried = {"source": source_code(request.GET.get("source") or request.POST.get("source"))}
    if visitor.person is None:
        typed = {"comment": request.POST.get("comment", "")[:1000], "email": visitor.email}
        return VisitorAnswerForm(initial=carried | typed)
    earlier = {"comment": own.comment, "show_name": own.show_name} if own else {}
    return MemberAnswerForm(initial=carried | earlier | {"r": visitor.token})


def _partners_only(request: HttpRequest, call: CallToAction) -> HttpResponse:
    """The page for those a call is not meant for: it says whom it is for, and how to sign in or join."""
    status = 403 if request.method == "POST" else 200
    return render(
        request, "campaigns/call_partners_only.html", {"call": call, "is_over": call.is_over()}, status=status
    )


def _closed(request: HttpRequest, call: CallToAction, visitor: Visitor) -> HttpResponse:
    """An answer that came too late (410) or too early (409): the call's page, which says so."""
    call.refresh_from_db()
    return _call_page(request, call, visitor, status=410 if call.is_over() else 409)


def _answer(request: HttpRequest, call: CallToAction, visitor: Visitor) -> HttpResponse:
    if not call.is_open():
        return _closed(request, call, visitor)
    try:
        if visitor.person:
            return _answer_known(request, call, visitor, visitor.person)
        if visitor.token_failed and "email" not in request.POST:
            # Their link ran out while they wrote: the stranger's form, with what they wrote.
            return _call_page(request, call, visitor)
        return _answer_stranger(request, call, visitor)
    except CallClosed:
        return _closed(request, call, visitor)
    except PartnersOnly:
        return _partners_only(request, call)
    except AnswerRefused as refusal:
        forms = _posted_forms(request, call, visitor)
        forms.are_valid()
        return _call_page(request, call, visitor, forms=forms, refusal=str(refusal), status=409)


def _answer_known(request: HttpRequest, call: CallToAction, visitor: Visitor, person: Person) -> HttpResponse:
    forms = _posted_forms(request, call, visitor)
    if not forms.are_valid():
        return _call_page(request, call, visitor, forms=forms)
    kinds.of(call).check(call, forms.details.details(), visitor)
    taken, created = take_action(
        call_to_action=call,
        person=person,
        verified=visitor.verified,
        via=visitor.via,
        **forms.values(),
    )
    return _to_thanks(taken, changed=not created)


@limited("action")
def _answer_stranger(request: HttpRequest, call: CallToAction, visitor: Visitor) -> HttpResponse:
    if not kinds.of(call).open_to_strangers:
        return _call_page(request, call, visitor, status=403)
    forms = _posted_forms(request, call, visitor)
    if isinstance(forms.answer, VisitorAnswerForm) and forms.answer.is_trap:
        return redirect("campaigns:action_check_mail", slug=call.slug)
    if not forms.are_valid():
        return _call_page(request, call, visitor, forms=forms)
    kinds.of(call).check(call, forms.details.details(), visitor)
    request_confirmation(call_to_action=call, **forms.values())
    return redirect("campaigns:action_check_mail", slug=call.slug)


def _to_thanks(taken: ActionTaken, *, changed: bool = False) -> HttpResponseRedirect:
    response = redirect("campaigns:action_thanks", slug=taken.call_to_action.slug, reference=taken.reference)
    if changed:
        response["Location"] += "?changed=1"
    return response


@login_not_required
@cached_page
def action_check_mail(request: HttpRequest, slug: str) -> HttpResponse:
    """The same words for everybody who sent the form, whoever they are."""
    call = get_object_or_404(CallToAction.objects.public(), slug=slug)
    return render(request, "campaigns/call_check_mail.html", {"call": call})


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def action_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The mailed link. GET shows what will be recorded (mail scanners follow links); POST records it."""
    try:
        if request.method == "POST":
            return _to_thanks(confirm_action(token=token))
        waiting = answer_behind(token=token)
    except LinkForged:
        return _link_trouble(request, "forged", status=404)
    except LinkExpired:
        return _link_trouble(request, "expired", status=410)
    except LinkUsed:
        return _link_trouble(request, "used", status=410)
    except (CallClosed, PartnersOnly):
        return _not_recorded(request, token)
    except AnswerRefused as refusal:
        return _not_recorded(request, token, refusal=str(refusal))
    if isinstance(waiting, ActionTaken):
        return _to_thanks(waiting)
    call = waiting.call_to_action
    if not (call.is_open() and can_answer(call, None)):
        return _not_recorded(request, token)
    return render(
        request,
        "campaigns/call_confirm.html",
        {"waiting": waiting, "call": call, "kind": kinds.of(call), "summary": _summary(waiting)},
    )


def _summary(waiting: UnconfirmedAction) -> list[tuple[str, str]]:
    return kinds.of(waiting.call_to_action).summary(waiting.call_to_action, waiting.details)


def _link_trouble(request: HttpRequest, trouble: str, *, status: int) -> HttpResponse:
    return render(request, "campaigns/link_trouble.html", {"trouble": trouble}, status=status)


def _not_recorded(request: HttpRequest, token: str, *, refusal: str = "") -> HttpResponse:
    """A confirmation that came too late or cannot be taken: the call's page, which says why."""
    call = answer_behind(token=token).call_to_action
    if not can_answer(call, None):
        return _partners_only(request, call)
    return _call_page(request, call, Visitor(), refusal=refusal, status=409 if refusal else 410)


@login_not_required
@never_cache
def action_thanks(request: HttpRequest, slug: str, reference: str) -> HttpResponse:
    """What happened, the reference, what happens next. Safe to reload; names nobody."""
    taken = get_object_or_404(
        ActionTaken.objects.select_related("call_to_action__campaign"),
        reference=reference,
        call_to_action__slug=slug,
    )
    call = taken.call_to_action
    now = timezone.now()
    others = CallToAction.objects.open(now).filter(audience=CallToAction.Audience.EVERYONE)
    totals = call.actions.totals()
    return render(
        request,
        "campaigns/call_thanks.html",
        {
            "call": call,
            "taken": taken,
            "kind": kinds.of(call),
            **kinds.of(call).thanks_context(taken),
            "is_over": call.is_over(now),
            "is_changed": request.GET.get("changed") == "1",
            "counter": counter(
                people=totals["people"], organizations=totals["organizations"], final_goal=call.goal
            ),
            "share": share_links(call.title, f"{settings.SITE_URL}{call.get_absolute_url()}?source=share"),
            "other": others.exclude(pk=call.pk).first(),
        },
    )

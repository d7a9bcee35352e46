"""Calls to action: the list, the page with its form, confirming by mail, and the thanks."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from campaigns import kinds
from campaigns.counting import counter_of
from campaigns.models import ActionTaken, CallToAction, Campaign, UnconfirmedAction
from campaigns.permissions import can_answer, can_preview
from campaigns.services.actions import (
    answer_behind,
    confirm_action,
    pledged_by,
    request_confirmation,
    take_action,
)
from campaigns.services.errors import AnswerRefused, CallClosed, IsFirstStep, LinkUsed, PartnersOnly
from campaigns.services.slip_pledges import confirm_pledge
from campaigns.slip_tokens import filing_token
from campaigns.tokens import LinkExpired, LinkForged
from campaigns.views.answering import forms_for_a_stranger_again, sent_forms
from campaigns.views.call_pages import call_page, closed, partners_only
from campaigns.views.preview import get_public_or_preview
from campaigns.visitors import Visitor, recognize
from legislation.models import Hearing
from mailing.plans import columns, fetch, made_of
from mailing.web.limits import limited
from partners.caching import cached_page
from partners.models import Person
from partners.sharing import share_links

CLOSED_SHOWN = 12
_PUBLIC_CALL = f"""
SELECT {columns(CallToAction)} FROM campaigns_calltoaction WHERE slug = %s AND status <> 'draft'
"""  # noqa: S608 - nothing in it comes from outside


@login_not_required
@cached_page
def action_list(request: HttpRequest) -> HttpResponse:
    """Open calls by deadline, those that open soon, and the last ones that are over with their outcomes."""
    now = timezone.now()
    calls = CallToAction.objects.public().exclude(status=CallToAction.Status.ARCHIVED)
    # The call that takes stories all year has a page of its own.
    listed = calls.filter(is_standing=False).with_counts().select_related("campaign")
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
    if request.method == "POST" and not _looks_as_staff(request):
        return _answer(request, _public_call(slug))
    calls = CallToAction.objects.select_related("campaign", "successor")
    call, is_preview = get_public_or_preview(request, public=calls.public(), everything=calls, slug=slug)
    if request.method == "POST":
        return _answer(request, call)
    goes_on = None if _looks_as_staff(request) else _where_it_goes_on(call)
    if goes_on is not None:
        return redirect(goes_on)
    visitor = recognize(request, call)
    if not _may_come_in(request, call, visitor):
        return partners_only(request, call)
    return call_page(request, call, visitor, is_preview=is_preview)


def _looks_as_staff(request: HttpRequest) -> bool:
    return request.GET.get("preview") == "1" and can_preview(request.user, CallToAction)


def _may_come_in(request: HttpRequest, call: CallToAction, visitor: Visitor) -> bool:
    return visitor.may_answer(call) or can_preview(request.user, CallToAction)


def _public_call(slug: str) -> CallToAction:
    """The call that an answer is for, without what only its page shows: hundreds may answer in a second."""
    rows = fetch(_PUBLIC_CALL, [slug])
    if not rows:
        raise Http404
    return made_of(CallToAction, rows[0])


def _where_it_goes_on(call: CallToAction) -> CallToAction | Campaign | None:
    """Where visitors of an archived call are led: to what continues it, or else to its campaign."""
    if call.status != CallToAction.Status.ARCHIVED:
        return None
    if call.successor and call.successor.status != CallToAction.Status.DRAFT:
        return call.successor
    return call.campaign if call.campaign and call.campaign.status != Campaign.Status.DRAFT else None


def _answer(request: HttpRequest, call: CallToAction) -> HttpResponse:
    visitor = recognize(request, call)
    if not _may_come_in(request, call, visitor):
        return partners_only(request, call)
    if not call.is_open():
        return closed(request, call, visitor)
    try:
        if visitor.person:
            return _answer_known(request, call, visitor, visitor.person)
        if "email" not in request.POST:
            # Their login ended, or their link ran out, while they wrote: the stranger's form, with what they wrote.
            forms = forms_for_a_stranger_again(request, call, visitor)
            return call_page(request, call, visitor, forms=forms, is_signed_out=not visitor.token_failed)
        return _answer_stranger(request, call, visitor)
    except CallClosed:
        return closed(request, call, visitor)
    except PartnersOnly:
        return partners_only(request, call)
    except AnswerRefused as refusal:
        forms = sent_forms(request, call, visitor)
        forms.are_valid()
        return call_page(request, call, visitor, forms=forms, refusal=str(refusal), status=409)


def _answer_known(request: HttpRequest, call: CallToAction, visitor: Visitor, person: Person) -> HttpResponse:
    forms = sent_forms(request, call, visitor)
    if not forms.are_valid():
        return call_page(request, call, visitor, forms=forms)
    kinds.of(call).check(call, forms.details.details(), visitor)
    taken, created = take_action(
        call_to_action=call,
        person=person,
        verified=visitor.verified,
        via_id=visitor.via_id,
        **forms.values(),
    )
    return _to_thanks(taken, changed=not created)


@limited("action")
def _answer_stranger(request: HttpRequest, call: CallToAction, visitor: Visitor) -> HttpResponse:
    if not kinds.of(call).open_to_strangers:
        return call_page(request, call, visitor, status=403)
    forms = sent_forms(request, call, visitor)
    if forms.is_trap:
        return redirect("campaigns:action_check_mail", slug=call.slug)
    if not forms.are_valid():
        return call_page(request, call, visitor, forms=forms)
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
    except IsFirstStep:
        return _pledged(request, token)
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
    if (number := pledged_by(waiting)) and call.hearing:
        return _to_own_slips(get_object_or_404(Person, pk=number), call.hearing)
    if not (call.is_open() and can_answer(call, None)):
        return _not_recorded(request, token)
    return render(
        request,
        "campaigns/call_confirm.html",
        {
            "waiting": waiting,
            "call": call,
            "kind": kinds.of(call),
            "summary": _summary(waiting),
            "button": kinds.of(call).button_to_confirm(call, waiting.details),
        },
    )


def _pledged(request: HttpRequest, token: str) -> HttpResponse:
    """A pledge to file a slip is recorded, now or before: what the person does next."""
    try:
        person, hearing = confirm_pledge(token=token)
    except LinkUsed:
        return _link_trouble(request, "used", status=410)
    except (CallClosed, PartnersOnly):
        return _not_recorded(request, token)
    except AnswerRefused as refusal:
        return _not_recorded(request, token, refusal=str(refusal))
    return _to_own_slips(person, hearing)


def _to_own_slips(person: Person, hearing: Hearing) -> HttpResponseRedirect:
    """The page where somebody finds the guide, and says that they filed: safe to reload and to keep."""
    return redirect("campaigns:did_you_file", token=filing_token(person, hearing))


def _summary(waiting: UnconfirmedAction) -> list[tuple[str, str]]:
    return kinds.of(waiting.call_to_action).summary(waiting.call_to_action, waiting.details)


def _link_trouble(request: HttpRequest, trouble: str, *, status: int) -> HttpResponse:
    return render(request, "campaigns/link_trouble.html", {"trouble": trouble}, status=status)


def _not_recorded(request: HttpRequest, token: str, *, refusal: str = "") -> HttpResponse:
    """A confirmation that came too late or cannot be taken: the call's page, which says why."""
    call = answer_behind(token=token).call_to_action
    if not can_answer(call, None):
        return partners_only(request, call)
    return call_page(request, call, Visitor(), refusal=refusal, status=409 if refusal else 410)


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
            # They find themselves in the numbers.
            "counter": counter_of(call, exact=True),
            "share": share_links(call.title, f"{settings.SITE_URL}{call.get_absolute_url()}?source=share"),
            "other": others.exclude(pk=call.pk).first(),
        },
    )

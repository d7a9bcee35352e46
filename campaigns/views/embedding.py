"""Calls to action in frames on partners' sites, and the page where partners find the code for them."""

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from campaigns import kinds
from campaigns.counting import counter_of
from campaigns.embedding import asks_home, frames_for, holds_form, partner_of_frame
from campaigns.home_form import HomeForm
from campaigns.models import CallToAction
from campaigns.services.actions import partner_source, request_confirmation
from campaigns.services.errors import AnswerRefused, CallClosed, PartnersOnly
from campaigns.views.answering import AnswerForms, opened_in_frame, sent_in_frame
from campaigns.visitors import Visitor
from legislation.places.geography import current_atlas
from mailing.web.limits import limited
from partners.framing import framed
from partners.models import Organization


# Without the token against forged forms, which needs a cookie that browsers keep from frames: nothing counts here
# until it is confirmed from the mailbox, and no login is ever looked at.
@csrf_exempt
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@framed
def embed(request: HttpRequest, slug: str) -> HttpResponse:
    """A call in a frame: its ask, its counter, and the form or a link to its page."""
    call = get_object_or_404(CallToAction.objects.public(), slug=slug)
    partner = partner_of_frame(request.GET.get("partner", ""))
    if request.method != "POST":
        return _frame(request, call, partner)
    if not (holds_form(call) and call.audience == CallToAction.Audience.EVERYONE):
        return _frame(request, call, partner, status=403)
    if not call.is_open():
        return _frame(request, call, partner, is_refused=True, status=410 if call.is_over() else 409)
    response = _answer(request, call, partner)
    return response if response.status_code != 429 else _too_many(request, call, partner)


@login_not_required
@never_cache
@require_safe
@framed
def embed_check_mail(request: HttpRequest, slug: str) -> HttpResponse:
    """The same words for everybody who sent the form in a frame."""
    call = get_object_or_404(CallToAction.objects.public(), slug=slug)
    partner = partner_of_frame(request.GET.get("partner", ""))
    context = {"call": call, "kind": kinds.of(call), "partner": partner, "page_url": _page_url(call, partner)}
    return render(request, "campaigns/embed/check_mail.html", context)


def _takes_answers(call: CallToAction) -> bool:
    is_for_all = call.audience == CallToAction.Audience.EVERYONE
    return (
        holds_form(call) and is_for_all and call.is_open() and kinds.of(call).takes_answers_in_a_frame(call)
    )


def _page_url(call: CallToAction, partner: Organization | None) -> str:
    """The call's own page, which credits the partner too."""
    source = f"?{urlencode({'source': partner_source(partner)})}" if partner else ""
    return f"{call.get_absolute_url()}{source}"


def _asks_home(call: CallToAction) -> bool:
    is_for_all = call.audience == CallToAction.Audience.EVERYONE
    return asks_home(call) and is_for_all and call.is_open() and current_atlas() is not None


def _frame(
    request: HttpRequest,
    call: CallToAction,
    partner: Organization | None,
    *,
    forms: AnswerForms | None = None,
    refusal: str = "",
    is_refused: bool = False,
    status: int = 200,
) -> HttpResponse:
    shown = forms
    if shown is None and _takes_answers(call):
        shown = opened_in_frame(request, call)
    kind = kinds.of(call)
    is_for_all = call.audience == CallToAction.Audience.EVERYONE
    # What a call asks of partners only stands on its page, for them.
    details = kind.frame_template if is_for_all else ""
    context = {
        "call": call,
        "kind": kind,
        "details_template": details,
        **(kind.frame_context(call) if details else {}),
        "partner": partner,
        "form": shown.answer if shown else None,
        "home_form": HomeForm() if _asks_home(call) else None,
        "source": partner_source(partner) if partner else "",
        "refusal": refusal,
        "is_refused": is_refused,
        "is_open": call.is_open(),
        "is_over": call.is_over(),
        "is_for_all": is_for_all,
        "counter": counter_of(call),
        "page_url": _page_url(call, partner),
    }
    return render(request, "campaigns/embed/call.html", context, status=status)


def _too_many(request: HttpRequest, call: CallToAction, partner: Organization | None) -> HttpResponse:
    return render(request, "campaigns/embed/too_many.html", {"call": call, "partner": partner}, status=429)


@limited("action")
def _answer(request: HttpRequest, call: CallToAction, partner: Organization | None) -> HttpResponse:
    forms = sent_in_frame(request, call)
    done = redirect("campaigns:embed_check_mail", slug=call.slug)
    if partner:
        done["Location"] += f"?{urlencode({'partner': partner.slug})}"
    if forms.is_trap:
        return done
    if not forms.are_valid():
        return _frame(request, call, partner, forms=forms)
    values = forms.values() | {"source_code": partner_source(partner) if partner else ""}
    try:
        kinds.of(call).check(call, values["details"], Visitor())
        request_confirmation(call_to_action=call, **values)
    except (CallClosed, PartnersOnly):
        call.refresh_from_db()
        return _frame(request, call, partner, is_refused=True, status=410)
    except AnswerRefused as refusal:
        return _frame(request, call, partner, forms=forms, refusal=str(refusal), status=409)
    return done


@require_safe
def frames(request: HttpRequest, slug: str) -> HttpResponse:
    """For a partner's people: the code of every open call for their own site, and what it brought."""
    organization = get_object_or_404(Organization.objects.visible_to(request.user), slug=slug)
    return render(
        request,
        "campaigns/my_frames.html",
        {"organization": organization, "frames": frames_for(organization, now=timezone.now())},
    )

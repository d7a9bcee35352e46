"""A call's page in the state it is in, for whoever looks at it."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from campaigns import kinds
from campaigns.counting import counter_of
from campaigns.models import CallToAction
from campaigns.sharing import share_image_url
from campaigns.views.answering import AnswerForms, opened_forms
from campaigns.visitors import Visitor
from campaigns.who_may_act import audience_sentence, who_may_act
from partners.sharing import share_links


def call_page(
    request: HttpRequest,
    call: CallToAction,
    visitor: Visitor,
    *,
    forms: AnswerForms | None = None,
    is_preview: bool = False,
    refusal: str = "",
    is_signed_out: bool = False,
    status: int = 200,
) -> HttpResponse:
    """The call's page; with a form only where the visitor can act. `is_signed_out`: a login ended while they wrote."""
    now = timezone.now()
    kind = kinds.of(call)
    own = call.actions.filter(person=visitor.person).first() if visitor.person else None
    may_act = call.is_open(now) and visitor.may_answer(call)
    needs_login = may_act and not visitor.person and not kind.open_to_strangers
    shown = (forms or opened_forms(request, call, visitor, own)) if may_act and not needs_login else None
    context = {
        **_about(call, now),
        "visitor": visitor,
        "own": own,
        "form": shown.answer if shown else None,
        "details": shown.details if shown else None,
        "needs_login": needs_login,
        "refusal": refusal,
        "is_signed_out": is_signed_out,
        "is_preview": is_preview,
        **kind.context(request, call, visitor),
    }
    return render(request, "campaigns/call_detail.html", context, status=status)


def _about(call: CallToAction, now: datetime) -> dict[str, Any]:
    """What the page says to everybody."""
    return {
        "call": call,
        "kind": kinds.of(call),
        "is_open": call.is_open(now),
        "is_over": call.is_over(now),
        "counter": counter_of(call),
        "audience_sentence": audience_sentence(call),
        "share": share_links(call.title, f"{settings.SITE_URL}{call.get_absolute_url()}"),
        "share_image": f"{settings.SITE_URL}{share_image_url(call)}",
    }


def partners_only(request: HttpRequest, call: CallToAction) -> HttpResponse:
    """The page for those a call is not meant for: whom it is for, who of theirs that is, how to sign in or join."""
    return render(
        request,
        "campaigns/call_partners_only.html",
        {
            "call": call,
            "is_over": call.is_over(),
            "who": who_may_act(call, request.user),
            # Somebody whose login ended while they wrote keeps their words.
            "written": request.POST.get("comment", "")[:10_000],
        },
        status=403 if request.method == "POST" else 200,
    )


def closed(request: HttpRequest, call: CallToAction, visitor: Visitor) -> HttpResponse:
    """An answer that came too late (410) or too early (409): the call's page, which says so."""
    call.refresh_from_db()
    return call_page(request, call, visitor, status=410 if call.is_over() else 409)

"""Two pages around calls that reach legislators: finding one's own, and telling what came back.

Where somebody lives comes in the body of a POST and goes into no address, log, session or row; what is carried on is
the number of a House district.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import structlog
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from campaigns.forms import source_code
from campaigns.home_form import HomeForm
from campaigns.models import ActionTaken, CallToAction
from campaigns.models.targets import REACHING
from campaigns.reply_form import RepliesForm
from campaigns.reply_links import read_reply_token
from campaigns.services.legislator_contacts import note_replies
from campaigns.tokens import LinkExpired, LinkForged
from legislation.pages.representation import pairs_of_houses
from legislation.places.geocoding import GeocoderUnavailable
from legislation.places.geography import current_atlas, zip_candidates
from legislation.places.residence import homes_at
from mailing.web.limits import limited

# Questions that cost us nothing; those to the geocoder count as on the page "Who represents me".
RATE = "240/h"

logger = structlog.get_logger(__name__)


# Without the token against forged forms: frames on partners' sites ask this too, and it writes nothing.
@csrf_exempt
@login_not_required
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def find_home(request: HttpRequest, slug: str) -> HttpResponse:
    """GET asks where one lives; POST leads back to the call with the House district, or shows several to choose from."""
    call = get_object_or_404(CallToAction.objects.public(), slug=slug, kind__in=REACHING)
    if request.method != "POST" or current_atlas() is None:
        return _ask(request, call, HomeForm())
    form = HomeForm(request.POST)
    if not form.is_valid():
        return _ask(request, call, form)
    return _by_zip_code(request, call, form) if form.is_zip_code else _by_address(request, call, form)


@limited("represents_me_place", RATE)
@sensitive_variables()
def _by_zip_code(request: HttpRequest, call: CallToAction, form: HomeForm) -> HttpResponse:
    found = zip_candidates(form.cleaned_data["where"])
    if found is None or not found.candidates:
        form.add_error(
            "where", _("We cannot place this ZIP code in Illinois. Check it, or enter your address.")
        )
        return _ask(request, call, form)
    houses = [one.house for one in found.candidates]
    if len(houses) == 1:
        return _to_call(request, call, houses[0])
    return _choice(request, call, houses, basis="zip", place=found.name)


@limited("represents_me")
@sensitive_variables()
def _by_address(request: HttpRequest, call: CallToAction, form: HomeForm) -> HttpResponse:
    try:
        homes = homes_at(form.cleaned_data["where"])
    except GeocoderUnavailable as error:
        logger.warning("geocoder unavailable", reason=str(error))
        return _ask(request, call, form, is_down=True)
    if not homes:
        words = _(
            "The Census Bureau knows no such address in Illinois. Check the number, the street and the city."
        )
        form.add_error("where", words)
        return _ask(request, call, form)
    if len({home.houses[0] for home in homes}) > 1:
        notes = {home.houses[0]: home.address for home in homes}
        return _choice(request, call, list(notes), basis="addresses", notes=notes)
    houses = homes[0].houses
    return (
        _to_call(request, call, houses[0])
        if len(houses) == 1
        else _choice(request, call, houses, basis="border")
    )


def _carried(request: HttpRequest) -> dict[str, str]:
    """How somebody came to the call: the source's code and the token of their mail."""
    asked = request.POST if request.method == "POST" else request.GET
    found = {"source": source_code(asked.get("source")), "r": asked.get("r", "")[:500]}
    return {name: value for name, value in found.items() if value}


def _address(request: HttpRequest, call: CallToAction, house: int) -> str:
    return f"{call.get_absolute_url()}?{urlencode({'house': house} | _carried(request))}#act"


def _to_call(request: HttpRequest, call: CallToAction, house: int) -> HttpResponseRedirect:
    return HttpResponseRedirect(_address(request, call, house))


def _ask(request: HttpRequest, call: CallToAction, form: HomeForm, *, is_down: bool = False) -> HttpResponse:
    context = {
        "call": call,
        "form": form,
        "carried": _carried(request),
        "is_down": is_down,
        "has_districts": current_atlas() is not None,
    }
    return render(request, "campaigns/kinds/legislators_home.html", context)


def _choice(
    request: HttpRequest,
    call: CallToAction,
    houses: list[int],
    *,
    basis: str,
    place: str = "",
    notes: Mapping[int, str] | None = None,
) -> HttpResponse:
    """Several districts come into question: each with its members, to choose from, and the address to be sure."""
    rows = [
        {
            "house": house,
            "senate": senate,
            "note": (notes or {}).get(house.number, ""),
            "url": _address(request, call, house.number),
        }
        for house, senate in pairs_of_houses(houses)
    ]
    context: dict[str, Any] = {
        "call": call,
        "form": HomeForm(),
        "carried": _carried(request),
        "rows": rows,
        "basis": basis,
        "place": place,
        "has_districts": True,
    }
    return render(request, "campaigns/kinds/legislators_home.html", context)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def replies(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """The link of the mail that asks for replies. GET shows the question (scanners follow links); POST notes them."""
    try:
        number = read_reply_token(token)
    except LinkForged:
        return render(request, "campaigns/link_trouble.html", {"trouble": "forged"}, status=404)
    except LinkExpired:
        return render(request, "campaigns/link_trouble.html", {"trouble": "expired"}, status=410)
    actions = ActionTaken.objects.select_related("call_to_action")
    action = get_object_or_404(actions, pk=number, call_to_action__slug=slug)
    form = RepliesForm(request.POST if request.method == "POST" else None, action=action)
    if request.method == "POST" and form.is_valid():
        note_replies(action=action, replies=form.replies())
        address = redirect("campaigns:action_replies", slug=slug, token=token)
        address["Location"] += "?noted=1"
        return address
    context = {"call": action.call_to_action, "form": form, "is_noted": request.GET.get("noted") == "1"}
    return render(request, "campaigns/kinds/legislators_replies.html", context)

"""Who represents me: by address, ZIP code or city, coordinates, or a click on the map; and the page of a district.

Where somebody lives is answered and forgotten: it comes in the body of a POST and goes into no address, log, session
or row. An answer is either a redirect to the page of a district or a page that nobody keeps.
"""

from typing import Any

import structlog
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from legislation.chambers import SEATS, Chamber
from legislation.forms.representation import AddressForm, ClickForm, PlaceForm, PointForm
from legislation.models import District
from legislation.pages.representation import (
    CHAMBERS,
    district_url,
    pairs_of_houses,
    seats_of_district,
    standings,
)
from legislation.places.district_plans import district_name
from legislation.places.geocoding import GeocoderUnavailable, is_set_up
from legislation.places.geography import city_candidates, current_atlas, zip_areas, zip_candidates
from legislation.places.maps import district_map
from legislation.places.pointing import SIZES, Step, draw_picture
from legislation.places.residence import homes_at, houses_at
from mailing.web.limits import limited
from partners.caching import cached_page
from partners.related import groups_beside

# Questions that cost us nothing; a click on the map takes three of them.
RATE = "240/h"

logger = structlog.get_logger(__name__)


@login_not_required
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def represents_me(request: HttpRequest) -> HttpResponse:
    """GET asks where one lives; POST answers."""
    if request.method != "POST" or current_atlas() is None:
        return _ask(request)
    ways = {"address": _by_address, "place": _by_place, "point": _by_point, "map": _by_click}
    return ways.get(request.POST.get("how", ""), _ask)(request)


def _ask(request: HttpRequest, *, step: Step | None = None, **forms: Any) -> HttpResponse:
    """The page with every way to say it; `form` is the one that has something to mend."""
    atlas = current_atlas()
    step = step or Step()
    context = {
        "address_form": AddressForm() if is_set_up() else None,
        "place_form": PlaceForm(),
        "point_form": PointForm(),
        "has_districts": atlas is not None,
        "step": step,
        "pictures": step.pictures(atlas, zip_areas(atlas)) if atlas else [],
        **forms,
    }
    return render(request, "legislation/represents_me.html", context)


@limited("represents_me")
@sensitive_variables()
def _by_address(request: HttpRequest) -> HttpResponse:
    form = AddressForm(request.POST)
    if not form.is_valid():
        return _ask(request, form=form, address_form=form)
    try:
        homes = homes_at(form.cleaned_data["address"])
    except GeocoderUnavailable as error:
        logger.warning("geocoder unavailable", reason=str(error))
        return _ask(request, address_form=form, is_down=True)
    if not homes:
        words = _(
            "The Census Bureau knows no such address in Illinois. Check the number, the street and the city, or use "
            "your ZIP code or the map."
        )
        form.add_error("address", words)
        return _ask(request, form=form, address_form=form)
    if len({home.houses[0] for home in homes}) == 1:
        return _answer(request, homes[0].houses)
    choices = {home.houses[0]: home.address for home in homes}
    return _candidates(request, list(choices), basis="addresses", notes=choices)


@limited("represents_me_place", RATE)
@sensitive_variables()
def _by_place(request: HttpRequest) -> HttpResponse:
    form = PlaceForm(request.POST)
    if not form.is_valid():
        return _ask(request, form=form, place_form=form)
    place = form.cleaned_data["place"]
    found = zip_candidates(place) if place.isdigit() else city_candidates(place)
    if found is None or not found.candidates:
        form.add_error("place", _place_unknown(found is not None))
        return _ask(request, form=form, place_form=form)
    shares = {one.house: one.share for one in found.candidates}
    return _candidates(request, list(shares), basis=found.basis, place=found, shares=shares)


def _place_unknown(is_named: bool) -> str:
    if is_named:
        return _(
            "This ZIP code belongs to PO boxes or one large receiver, and we do not know where it lies. Enter the "
            "ZIP code of your street, or your address."
        )
    return _("We know no such ZIP code or city in Illinois. Check the spelling, or use the map.")


@limited("represents_me_place", RATE)
@sensitive_variables()
def _by_point(request: HttpRequest) -> HttpResponse:
    form = PointForm(request.POST)
    if not form.is_valid():
        return _ask(request, form=form, point_form=form)
    houses = houses_at(*form.cleaned_data["point"])
    if not houses:
        form.add_error("point", _("This point lies outside Illinois. Check both numbers."))
        return _ask(request, form=form, point_form=form)
    return _answer(request, houses)


@limited("represents_me_place", RATE)
@sensitive_variables()
def _by_click(request: HttpRequest) -> HttpResponse:
    atlas = current_atlas()
    form = ClickForm(request.POST)
    if atlas is None or not form.is_valid():
        return _ask(request, form=form)
    click = form.click
    houses = click.houses(atlas)
    if not houses:
        form.add_error(None, _("This place lies outside Illinois. Click inside the state."))
        return _ask(request, form=form, step=click.step)
    if click.is_sure and len(houses) == 1:
        return redirect(district_url(Chamber.LOWER, houses[0]))
    closer = click.closer()
    if closer.number == click.step.number:
        return _candidates(request, houses, basis="border")
    return _ask(request, step=closer)


def _answer(request: HttpRequest, houses: list[int]) -> HttpResponse:
    """The page of the district; where a border is so near that the point may be wrong, a choice."""
    if len(houses) == 1:
        return redirect(district_url(Chamber.LOWER, houses[0]))
    return _candidates(request, houses, basis="border")


def _candidates(
    request: HttpRequest,
    houses: list[int],
    *,
    basis: str,
    place: object = None,
    shares: dict[int, float] | None = None,
    notes: dict[int, str] | None = None,
) -> HttpResponse:
    """Several districts come into question: both seats of each, the likeliest first. Never an answer."""
    rows = [
        {
            "house": house,
            "senate": senate,
            "percent": max(1, round(100 * shares[house.number])) if shares else None,
            "note": (notes or {}).get(house.number, ""),
        }
        for house, senate in pairs_of_houses(houses)
    ]
    return render(
        request,
        "legislation/represents_me_candidates.html",
        {
            "rows": rows,
            "basis": basis,
            "place": place,
            "address_form": AddressForm() if is_set_up() else None,
        },
    )


@login_not_required
@require_safe
@cached_page
def represents_map(request: HttpRequest, size: str) -> HttpResponse:
    """The picture of the whole state that one clicks on."""
    atlas = current_atlas()
    if atlas is None or size not in SIZES:
        raise Http404
    return HttpResponse(
        draw_picture(atlas, Step().window(size), zip_areas(atlas)), content_type="image/svg+xml"
    )


@login_not_required
@require_safe
@cached_page
def district(request: HttpRequest, chamber: str, number: int) -> HttpResponse:
    """A district: its map, who sits for it, how they stand on our priorities, and what to do next."""
    if chamber not in CHAMBERS or not 1 <= number <= SEATS[CHAMBERS[chamber]]:
        raise Http404
    side = CHAMBERS[chamber]
    row = District.objects.current().filter(chamber=side, number=number).select_related("plan").first()
    seats = seats_of_district(side, number, with_offices=True)
    atlas = current_atlas()
    return render(
        request,
        "legislation/district_detail.html",
        {
            "seat": seats[0],
            "seats": seats,
            "is_house": side == Chamber.LOWER,
            "name": district_name(side, number),
            "district": row,
            "map": district_map(atlas, side, number, zip_areas(atlas)) if atlas and row else None,
            "standings": standings(seats),
            "related": groups_beside(row, timezone.now()) if row else [],
        },
    )

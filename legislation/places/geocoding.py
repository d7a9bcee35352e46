"""From an address to a point, over the Census Bureau's geocoder.

The address is sent there and nowhere else. It is never stored and never logged: the client that carries it writes no
log of its own, and no error of ours repeats it.
"""

import math
from dataclasses import dataclass
from typing import Any

import httpx
from django.conf import settings
from django.views.decorators.debug import sensitive_variables

from legislation.places.projection import is_around_illinois

# Illinois' neighbors share street names with it; more matches than this help nobody.
MOST_MATCHES = 10
ATTEMPTS = 2
USER_AGENT = "who-represents-me"


class GeocoderUnavailable(Exception):
    """The geocoder is not set up, does not answer in time, or answers nonsense. Holds no word of the address."""


@dataclass(frozen=True)
class Match:
    """A place that fits the address: as the Census Bureau writes it, in degrees."""

    address: str
    lat: float
    lng: float


def is_set_up() -> bool:
    """Whether addresses can be asked for at all."""
    return bool(settings.CENSUS_GEOCODER_URL)


@sensitive_variables()
def find_address(address: str) -> list[Match]:
    """Places in and around Illinois that fit a one-line address, the best first; none where nothing fits.

    Waits `settings.CENSUS_GEOCODER_SECONDS` for an answer and asks a second time before giving up.
    Raises `GeocoderUnavailable`.
    """
    if not is_set_up():
        raise GeocoderUnavailable("no geocoder is set up")
    return _matches(_ask(address))


@sensitive_variables()
def _ask(address: str) -> Any:
    asked = {"address": address, "benchmark": settings.CENSUS_GEOCODER_BENCHMARK, "format": "json"}
    trouble = "no answer"
    with httpx.Client(
        timeout=settings.CENSUS_GEOCODER_SECONDS,
        follow_redirects=False,
        headers={"User-Agent": USER_AGENT, "Accept": "application/json"},
    ) as client:
        for _attempt in range(ATTEMPTS):
            try:
                answer = client.get(settings.CENSUS_GEOCODER_URL, params=asked)
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                # Its words and its request hold the address.
                trouble = type(error).__name__
                continue
            if answer.status_code == httpx.codes.OK:
                return _content(answer)
            trouble = f"status {answer.status_code}"
            if answer.status_code < 500 and answer.status_code != httpx.codes.TOO_MANY_REQUESTS:
                break
    raise GeocoderUnavailable(trouble)


@sensitive_variables()
def _content(answer: httpx.Response) -> Any:
    try:
        return answer.json()
    except ValueError:
        pass
    raise GeocoderUnavailable("not JSON")


@sensitive_variables()
def _matches(content: Any) -> list[Match]:
    result = content.get("result") if isinstance(content, dict) else None
    found = result.get("addressMatches") if isinstance(result, dict) else None
    if not isinstance(found, list):
        raise GeocoderUnavailable("an answer of an unknown form")
    matches = []
    for entry in found[:MOST_MATCHES]:
        match = _match(entry)
        if match is not None and is_around_illinois(match.lat, match.lng):
            matches.append(match)
    return matches


@sensitive_variables()
def _match(entry: Any) -> Match | None:
    try:
        point = entry["coordinates"]
        lat, lng = float(point["y"]), float(point["x"])
        address = str(entry["matchedAddress"])[:200]
    except (KeyError, TypeError, ValueError):
        return None
    return Match(address, lat, lng) if math.isfinite(lat) and math.isfinite(lng) else None

"""From an address or a point to the House districts where somebody may live; nothing of it is kept."""

from dataclasses import dataclass

from django.views.decorators.debug import sensitive_variables

from legislation.places.geocoding import find_address
from legislation.places.geography import houses_near, seats_at

# A point so many miles from a border may lie on the other side: geocoders guess along a street.
DOUBTFUL_MILES = 0.01


@dataclass(frozen=True)
class Home:
    """A place in Illinois that fits an address, as the Census Bureau writes it, with its House districts.

    The likeliest stands first; others follow where a border is so near that the point may be wrong.
    """

    address: str
    houses: list[int]


def houses_at(lat: float, lng: float) -> list[int]:
    """The House district of a point in degrees, then those it may lie in as well; none outside Illinois."""
    house = seats_at(lat, lng).house
    if not house:
        return []
    return [house, *(near for near in houses_near(lat, lng, DOUBTFUL_MILES) if near != house)]


@sensitive_variables()
def homes_at(address: str) -> list[Home]:
    """The places in Illinois that fit an address, the best first. Raises `GeocoderUnavailable`."""
    homes = [Home(match.address, houses_at(match.lat, match.lng)) for match in find_address(address)]
    return [home for home in homes if home.houses]

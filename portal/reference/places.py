"""The 102 counties of Illinois with their FIPS codes, and the areas of our Local Area Councils."""

from dataclasses import dataclass

# The federal code of a county is the state's 17 and an odd number, in the order of the names. It sorts
# "Mc" as "Mac" and "St." as "Saint", so these names must not be re-sorted.
_NAMES_IN_FIPS_ORDER = (
    "Adams, Alexander, Bond, Boone, Brown, Bureau, Calhoun, Carroll, Cass, Champaign, Christian, Clark, "
    "Clay, Clinton, Coles, Cook, Crawford, Cumberland, DeKalb, De Witt, Douglas, DuPage, Edgar, Edwards, "
    "Effingham, Fayette, Ford, Franklin, Fulton, Gallatin, Greene, Grundy, Hamilton, Hancock, Hardin, "
    "Henderson, Henry, Iroquois, Jackson, Jasper, Jefferson, Jersey, Jo Daviess, Johnson, Kane, Kankakee, "
    "Kendall, Knox, Lake, LaSalle, Lawrence, Lee, Livingston, Logan, McDonough, McHenry, McLean, Macon, "
    "Macoupin, Madison, Marion, Marshall, Mason, Massac, Menard, Mercer, Monroe, Montgomery, Morgan, "
    "Moultrie, Ogle, Peoria, Perry, Piatt, Pike, Pope, Pulaski, Putnam, Randolph, Richland, Rock Island, "
    "St. Clair, Saline, Sangamon, Schuyler, Scott, Shelby, Stark, Stephenson, Tazewell, Union, Vermilion, "
    "Wabash, Warren, Washington, Wayne, White, Whiteside, Will, Williamson, Winnebago, Woodford"
).split(", ")

COUNTIES: dict[str, str] = {name: f"17{2 * place + 1:03d}" for place, name in enumerate(_NAMES_IN_FIPS_ORDER)}
"""FIPS code of each county, by its name."""


@dataclass(frozen=True)
class AreaFacts:
    """One Local Area Council's area. Each county lies in exactly one."""

    slug: str
    name: str
    description: str
    counties: tuple[str, ...]


def _area(slug: str, name: str, description: str, counties: str) -> AreaFacts:
    return AreaFacts(slug, name, description, tuple(counties.split(", ")))


AREAS: tuple[AreaFacts, ...] = (
    _area("cook", "Cook County", "Chicago and the suburbs of Cook County.", "Cook"),
    _area(
        "lake-mchenry",
        "Lake and McHenry",
        "The counties between Cook County and Wisconsin.",
        "Lake, McHenry",
    ),
    _area("dupage", "DuPage", "The county west of Cook County.", "DuPage"),
    _area(
        "fox-valley",
        "Fox Valley",
        "Aurora, Elgin, DeKalb and the towns along the Fox River.",
        "Kane, Kendall, DeKalb",
    ),
    _area(
        "will-kankakee",
        "Will, Grundy and Kankakee",
        "Joliet, Morris, Kankakee and the country south of Chicago.",
        "Will, Grundy, Kankakee",
    ),
    _area(
        "northwest",
        "Northwest Illinois",
        "Rockford and the Rock River valley, west to Galena.",
        "Winnebago, Boone, Stephenson, Jo Daviess, Carroll, Ogle, Lee",
    ),
    _area(
        "quad-cities",
        "Quad Cities and Illinois Valley",
        "Rock Island and Moline, east to Ottawa and Streator.",
        "Rock Island, Henry, Mercer, Whiteside, Bureau, LaSalle, Putnam",
    ),
    _area(
        "peoria-western",
        "Peoria and Western Illinois",
        "Peoria and Pekin, west to Galesburg, Macomb and the Mississippi.",
        (
            "Peoria, Tazewell, Woodford, Marshall, Stark, Knox, Warren, Henderson, Fulton, Mason, "
            "McDonough, Hancock"
        ),
    ),
    _area(
        "east-central",
        "East Central Illinois",
        "Bloomington-Normal, Champaign-Urbana, Danville and Charleston.",
        "McLean, Livingston, Ford, Iroquois, Champaign, Vermilion, Piatt, De Witt, Douglas, Edgar, Coles, "
        "Clark, Cumberland",
    ),
    _area(
        "central",
        "Central Illinois",
        "Springfield and Decatur, west to Jacksonville and Quincy.",
        "Sangamon, Menard, Logan, Macon, Christian, Montgomery, Moultrie, Shelby, Morgan, Scott, Cass, "
        "Schuyler, Brown, Adams, Pike",
    ),
    _area(
        "metro-east",
        "Metro East",
        "Belleville, East St. Louis, Alton and the Illinois side of St. Louis.",
        "Madison, St. Clair, Monroe, Clinton, Bond, Jersey, Calhoun, Greene, Macoupin, Randolph, Washington",
    ),
    _area(
        "southern",
        "Southern Illinois",
        "Carbondale, Mount Vernon and Effingham, south to Cairo.",
        "Alexander, Clay, Crawford, Edwards, Effingham, Fayette, Franklin, Gallatin, Hamilton, Hardin, "
        "Jackson, Jasper, Jefferson, Johnson, Lawrence, Marion, Massac, Perry, Pope, Pulaski, Richland, "
        "Saline, Union, Wabash, Wayne, White, Williamson",
    ),
)

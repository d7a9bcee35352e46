"""Cities of Illinois with county, ZIP code and weight, and how many partners each area has."""

from dataclasses import dataclass
from functools import cache

from portal.reference.places import AREAS


@dataclass(frozen=True)
class City:
    """A place where sample organizations sit. `weight` is its share among the cities of its area."""

    name: str
    county: str
    zip_code: str
    area_code: str
    weight: int


# Shares of the state's residents, in tenths of a percent and rounded by hand; they only steer the sample.
AREA_WEIGHTS: dict[str, int] = {
    "cook": 412,
    "lake-mchenry": 80,
    "dupage": 73,
    "fox-valley": 58,
    "will-kankakee": 67,
    "northwest": 39,
    "quad-cities": 32,
    "peoria-western": 41,
    "east-central": 52,
    "central": 45,
    "metro-east": 57,
    "southern": 44,
}

# One line per county: area code, county, then city, ZIP code and weight.
_TABLE = """
312 Cook: Chicago 60601 60, Chicago 60605 40, Chicago 60607 50
773 Cook: Chicago 60608 90, Chicago 60609 60, Chicago 60617 60, Chicago 60619 60, Chicago 60620 60
773 Cook: Chicago 60621 60, Chicago 60622 60, Chicago 60623 80, Chicago 60624 70, Chicago 60625 60
773 Cook: Chicago 60628 60, Chicago 60629 70, Chicago 60636 60, Chicago 60637 60, Chicago 60639 60
773 Cook: Chicago 60640 80, Chicago 60644 60, Chicago 60647 60, Chicago 60649 60, Chicago 60651 60
708 Cook: Cicero 60804 60, Berwyn 60402 40, Oak Park 60302 50, Maywood 60153 30, Harvey 60426 30
708 Cook: Chicago Heights 60411 40, Oak Lawn 60453 35, Tinley Park 60477 20, Blue Island 60406 20
708 Cook: Calumet City 60409 20, Melrose Park 60160 20
847 Cook: Evanston 60201 50, Skokie 60076 40, Des Plaines 60016 40, Palatine 60067 30
847 Cook: Arlington Heights 60004 30, Schaumburg 60193 30, Mount Prospect 60056 20, Wheeling 60090 20
847 Cook: Elk Grove Village 60007 10
847 Lake: Waukegan 60085 90, North Chicago 60064 30, Zion 60099 25, Round Lake Beach 60073 25
847 Lake: Gurnee 60031 25, Mundelein 60060 20, Highland Park 60035 20, Libertyville 60048 20
847 Lake: Antioch 60002 8
815 McHenry: Crystal Lake 60014 40, Woodstock 60098 30, McHenry 60050 25, Harvard 60033 10
630 DuPage: Naperville 60540 60, Wheaton 60187 50, Downers Grove 60515 40, Elmhurst 60126 35
630 DuPage: Lombard 60148 35, Glen Ellyn 60137 30, Addison 60101 30, Carol Stream 60188 25
630 DuPage: West Chicago 60185 25, Villa Park 60181 15
630 Kane: Aurora 60505 90, Batavia 60510 15, Geneva 60134 15, St. Charles 60174 20
847 Kane: Elgin 60123 60, Carpentersville 60110 15
630 Kendall: Yorkville 60560 12, Oswego 60543 15
815 DeKalb: DeKalb 60115 30, Sycamore 60178 15, Sandwich 60548 5
815 Will: Joliet 60435 80, Bolingbrook 60440 20, Romeoville 60446 20, Plainfield 60544 20, Lockport 60441 15
815 Will: Wilmington 60481 5
708 Will: University Park 60484 8, Crete 60417 5
815 Grundy: Morris 60450 15, Coal City 60416 4
815 Kankakee: Kankakee 60901 35, Bourbonnais 60914 12, Bradley 60915 8
815 Winnebago: Rockford 61101 60, Rockford 61104 50, Loves Park 61111 12, Machesney Park 61115 8
815 Boone: Belvidere 61008 14
815 Stephenson: Freeport 61032 20
815 Jo Daviess: Galena 61036 8
815 Carroll: Mount Carroll 61053 4, Savanna 61074 4
815 Ogle: Rochelle 61068 8, Oregon 61061 5
815 Lee: Dixon 61021 14
309 Rock Island: Rock Island 61201 45, Moline 61265 45, East Moline 61244 20
309 Henry: Kewanee 61443 12, Geneseo 61254 6
309 Mercer: Aledo 61231 5
815 Whiteside: Sterling 61081 15, Morrison 61270 5
815 Bureau: Princeton 61356 9
815 LaSalle: Ottawa 61350 20, Peru 61354 10, Streator 61364 12, LaSalle 61301 8
815 Putnam: Granville 61326 2
309 Peoria: Peoria 61602 50, Peoria 61605 45, Chillicothe 61523 5
309 Tazewell: Pekin 61554 20, East Peoria 61611 15, Morton 61550 8
309 Woodford: Eureka 61530 6
309 Marshall: Henry 61537 3
309 Stark: Toulon 61483 2
309 Knox: Galesburg 61401 25
309 Warren: Monmouth 61462 9
309 Henderson: Oquawka 61469 2
309 Fulton: Canton 61520 12, Lewistown 61542 3
309 Mason: Havana 62644 5
309 McDonough: Macomb 61455 14
217 Hancock: Carthage 62321 6
309 McLean: Bloomington 61701 45, Normal 61761 30
815 Livingston: Pontiac 61764 10
217 Ford: Paxton 60957 4
815 Iroquois: Watseka 60970 6
217 Champaign: Champaign 61820 45, Urbana 61801 35, Rantoul 61866 10
217 Vermilion: Danville 61832 25
217 Piatt: Monticello 61856 4
217 De Witt: Clinton 61727 4
217 Douglas: Tuscola 61953 4
217 Edgar: Paris 61944 6
217 Coles: Charleston 61920 12, Mattoon 61938 12
217 Clark: Marshall 62441 4
217 Cumberland: Toledo 62468 2
217 Sangamon: Springfield 62701 45, Springfield 62703 40
217 Menard: Petersburg 62675 3
217 Logan: Lincoln 62656 10
217 Macon: Decatur 62521 45
217 Christian: Taylorville 62568 10
217 Montgomery: Hillsboro 62049 6, Litchfield 62056 5
217 Moultrie: Sullivan 61951 4
217 Shelby: Shelbyville 62565 5
217 Morgan: Jacksonville 62650 12
217 Scott: Winchester 62694 2
217 Cass: Beardstown 62618 5
217 Schuyler: Rushville 62681 3
217 Brown: Mount Sterling 62353 2
217 Adams: Quincy 62301 25
217 Pike: Pittsfield 62363 4
618 Madison: Alton 62002 25, Edwardsville 62025 25, Granite City 62040 22, Collinsville 62234 12
618 Madison: Wood River 62095 6
618 St. Clair: Belleville 62220 35, East St. Louis 62201 35, O'Fallon 62269 12, Cahokia Heights 62206 8
618 Monroe: Waterloo 62298 7
618 Clinton: Breese 62230 4, Carlyle 62231 4
618 Bond: Greenville 62246 5
618 Jersey: Jerseyville 62052 6
618 Calhoun: Hardin 62047 2
217 Greene: Carrollton 62016 4
217 Macoupin: Carlinville 62626 8
618 Randolph: Chester 62233 5, Sparta 62286 4
618 Washington: Nashville 62263 4
618 Jackson: Carbondale 62901 30, Murphysboro 62966 10
618 Williamson: Marion 62959 20, Herrin 62948 10
618 Jefferson: Mount Vernon 62864 18
618 Marion: Centralia 62801 12, Salem 62881 6
217 Effingham: Effingham 62401 14
618 Franklin: West Frankfort 62896 8, Benton 62812 6
618 Saline: Harrisburg 62946 9
618 Perry: Du Quoin 62832 6, Pinckneyville 62274 3
618 Union: Anna 62906 6
618 Massac: Metropolis 62960 6
618 Alexander: Cairo 62914 5
618 Pulaski: Mounds 62964 3
618 Johnson: Vienna 62995 3
618 Pope: Golconda 62938 2
618 Hardin: Elizabethtown 62931 2
618 Gallatin: Shawneetown 62984 2
618 White: Carmi 62821 4
618 Hamilton: McLeansboro 62859 3
618 Wayne: Fairfield 62837 5
618 Edwards: Albion 62806 2
618 Wabash: Mount Carmel 62863 4
618 Lawrence: Lawrenceville 62439 4
618 Crawford: Robinson 62454 5
618 Richland: Olney 62450 6
618 Clay: Flora 62839 4
618 Jasper: Newton 62448 3
618 Fayette: Vandalia 62471 6
"""


@cache
def cities_by_area() -> dict[str, tuple[City, ...]]:
    """The cities of each area, by the area's short name."""
    area_of = {county: area.slug for area in AREAS for county in area.counties}
    found: dict[str, list[City]] = {area.slug: [] for area in AREAS}
    for line in _TABLE.strip().splitlines():
        place, cities = line.split(": ")
        area_code, county = place.split(" ", 1)
        for entry in cities.split(", "):
            name, zip_code, weight = entry.rsplit(" ", 2)
            found[area_of[county]].append(City(name, county, zip_code, area_code, int(weight)))
    return {slug: tuple(cities) for slug, cities in found.items()}


@cache
def city_named(name: str) -> City:
    """A city by its name; the first entry where it has several ZIP codes."""
    return next(city for cities in cities_by_area().values() for city in cities if city.name == name)

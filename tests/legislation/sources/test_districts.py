"""District boundaries from shapefiles and GeoJSON."""

import io
import json
from datetime import date

import pytest
import shapefile
import shapely

from legislation.records import DistrictRecord, Rejected
from legislation.sources import SOURCES, SourceBroken
from tests.legislation.sources.samples import put, read, refusals, zipped

SOURCE = SOURCES["districts"]


def square(west: float, south: float = 40.0, size: float = 0.1) -> list[list[float]]:
    """A square's corners, in degrees."""
    east, north = west + size, south + size
    return [[west, south], [west, north], [east, north], [east, south], [west, south]]


def feature(name: object, *rings, kind: str = "Polygon", **properties) -> dict:
    return {
        "type": "Feature",
        "properties": {"Name": name, "description": None, **properties},
        "geometry": {"type": kind, "coordinates": list(rings)},
    }


def collection(*features, **more) -> str:
    return json.dumps({"type": "FeatureCollection", "features": list(features), **more})


def tiger(
    column: str = "SLDLST", projection: str = 'GEOGCS["GCS_North_American_1983"]', **rows
) -> dict[str, bytes]:
    """The files of a TIGER/Line shapefile with these districts: number → west edge."""
    shp, shx, dbf = io.BytesIO(), io.BytesIO(), io.BytesIO()
    with shapefile.Writer(shp=shp, shx=shx, dbf=dbf, shapeType=shapefile.POLYGON) as writer:
        for name in ("STATEFP", column, "NAMELSAD"):
            writer.field(name, "C", size=60)
        for number, west in rows.items():
            writer.poly([square(west)])
            writer.record("17", number.lstrip("d"), f"State House District {number}")
        writer.poly([square(-88.0)])
        writer.record("17", "ZZZ", "State House Districts not defined")
        writer.poly([square(-88.0)])
        writer.record("18", "001", "State House District 1")
    return {
        ".shp": shp.getvalue(),
        ".shx": shx.getvalue(),
        ".dbf": dbf.getvalue(),
        ".prj": projection.encode(),
    }


def tiger_zip(path, stem="tl_2024_17_sldl", **options):
    return zipped(path, {stem + suffix: content for suffix, content in tiger(**options).items()})


def numbers(records) -> list[tuple[str, int]]:
    return [(record.chamber, record.number) for record in records if isinstance(record, DistrictRecord)]


def test_a_shapefile_of_the_census(tmp_path):
    records = read(SOURCE, tiger_zip(tmp_path / "tl_2024_17_sldl.zip", d001=-89.0, d118=-89.5))
    assert numbers(records) == [("lower", 1), ("lower", 118)]
    assert {(record.plan, record.effective_on) for record in records} == {("Census TIGER/Line 2024", None)}
    area = shapely.from_wkb(records[0].geometry)
    assert area.equals(shapely.Polygon(square(-89.0)))


def test_both_chambers_in_a_folder_come_under_one_plan(tmp_path):
    for column, stem in (("SLDLST", "tl_2024_17_sldl"), ("SLDUST", "tl_2024_17_sldu")):
        for suffix, content in tiger(column=column, d001=-89.0).items():
            put(tmp_path / stem / (stem + suffix), content)
    records = read(SOURCE, tmp_path)
    assert numbers(records) == [("lower", 1), ("upper", 1)]
    assert {record.plan for record in records} == {"Census TIGER/Line 2024"}


def test_geojson_whose_districts_come_in_pieces(tmp_path):
    text = collection(
        feature("52", square(-89.0)),
        feature("52", square(-89.5)),
        feature("52", square(-89.45)),
        feature("7", square(-88.5), square(-88.46, 40.04, 0.02)),
        name="SB927 House",
    )
    records = read(SOURCE, put(tmp_path / "il_2020_state_lower_2021-09-24.json", text))
    assert numbers(records) == [("lower", 7), ("lower", 52)]
    assert {(record.plan, record.effective_on) for record in records} == {
        ("Districts of 2021-09-24", date(2021, 9, 24))
    }
    hole, pieces = (shapely.from_wkb(record.geometry) for record in records)
    assert pieces.area == pytest.approx(0.01 + 0.015)
    assert hole.area == pytest.approx(0.01 - 0.0004)
    assert not hole.contains(shapely.Point(-88.45, 40.05))


@pytest.mark.parametrize(
    ("name", "words", "properties", "title", "chamber"),
    [
        ("x.json", "#chamber=senate", {}, "", "upper"),
        ("state_upper.json", "", {}, "", "upper"),
        ("x.json", "", {"SLDUST": "001"}, "", "upper"),
        ("x.json", "", {}, "SB927 House", "lower"),
    ],
)
def test_which_chamber(tmp_path, name, words, properties, title, chamber):
    path = put(tmp_path / name, collection(feature("1", square(-89.0), **properties), name=title))
    assert numbers(read(SOURCE, f"{path}{words}")) == [(chamber, 1)]


def test_the_number_of_districts_tells_the_chamber_too(tmp_path):
    features = [
        feature(f"District {number}", square(-90 + number / 100, size=0.01)) for number in range(1, 60)
    ]
    records = read(SOURCE, put(tmp_path / "x.json", collection(*features)))
    assert numbers(records) == [("upper", number) for number in range(1, 60)]
    with pytest.raises(SourceBroken, match="House or Senate"):
        read(SOURCE, put(tmp_path / "y.json", collection(*features[:50])))


@pytest.mark.parametrize(
    ("words", "plan", "effective_on"),
    [
        (
            "#plan=Public Act 102-0663 (2021-09-24)&chamber=lower",
            "Public Act 102-0663 (2021-09-24)",
            date(2021, 9, 24),
        ),
        (
            "#plan=Public Act 102-0663&effective=2023-01-11&chamber=lower",
            "Public Act 102-0663",
            date(2023, 1, 11),
        ),
        ("#chamber=lower", "SB927", None),
    ],
)
def test_the_plan_can_be_said(tmp_path, words, plan, effective_on):
    path = put(tmp_path / "x.json", collection(feature("1", square(-89.0)), name="SB927 House"))
    (record,) = read(SOURCE, f"{path}{words}")
    assert (record.plan, record.effective_on) == (plan, effective_on)


def test_a_plan_since_an_impossible_day_is_refused(tmp_path):
    path = put(tmp_path / "house.json", collection(feature("1", square(-89.0))))
    with pytest.raises(SourceBroken, match="cannot be a date"):
        read(SOURCE, f"{path}#plan=x&effective=2021-13-01")


def test_what_cannot_be_a_district_is_named_and_the_others_come(tmp_path):
    text = collection(
        feature("1", square(-89.0)),
        feature("119", square(-89.0)),
        feature("Cook", square(-89.0)),
        feature("4", square(-75.0)),
        feature("5", [350000.0, 4600000.0], kind="Point"),
        feature("6", [square(-89.0)], [square(-89.3)], kind="MultiPolygon"),
    )
    records = read(SOURCE, put(tmp_path / "house.json", text))
    assert numbers(records) == [("lower", 1), ("lower", 6)]
    found = refusals(records)
    assert "not a district of its chamber" in found["lower 119 (house.json)"]
    assert "not a district of its chamber" in found["lower Cook (house.json)"]
    assert "does not lie in Illinois" in found["lower 4 (house.json)"]
    assert "not an area" in found["lower 5 (house.json)"]


def test_lines_that_cross_are_mended(tmp_path):
    bow = [[-89.0, 40.0], [-88.9, 40.1], [-88.9, 40.0], [-89.0, 40.1], [-89.0, 40.0]]
    (record,) = read(SOURCE, put(tmp_path / "house.json", collection(feature("1", bow))))
    assert shapely.from_wkb(record.geometry).is_valid


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (
            collection(
                feature("1", square(-89.0)), crs={"type": "name", "properties": {"name": "EPSG:3435"}}
            ),
            "not in degrees",
        ),
        ('{"type": "FeatureCollection"}', "not GeoJSON of districts"),
        (collection({"type": "Feature"}), "not GeoJSON of districts"),
        ('{"type": "Feature', "not GeoJSON of districts"),
        ("hello", "neither GeoJSON nor a shapefile"),
    ],
)
def test_something_else_is_said(tmp_path, content, words):
    with pytest.raises(SourceBroken, match=words):
        read(SOURCE, put(tmp_path / "house.json", content))


@pytest.mark.filterwarnings("ignore::shapefile.PossiblyCorruptFileHeader")
def test_half_a_shapefile_and_a_projected_one_are_said(tmp_path):
    files = tiger(d001=-89.0)
    with pytest.raises(SourceBroken, match="not a whole shapefile"):
        read(SOURCE, zipped(tmp_path / "a.zip", {"sldl.shp": files[".shp"][:150], "sldl.dbf": files[".dbf"]}))
    with pytest.raises(SourceBroken, match="projected"):
        read(SOURCE, tiger_zip(tmp_path / "b.zip", projection='PROJCS["Illinois East"]', d001=-89.0))
    assert not any(
        isinstance(record, Rejected) for record in read(SOURCE, tiger_zip(tmp_path / "c.zip", d001=-89.0))
    )


def test_an_address_gives_the_plan_by_its_name(stand_in, clock, tmp_path):
    url = stand_in.serve(
        "/geo/tiger/tl_2024_17_sldl.zip", tiger_zip(tmp_path / "x.zip", d001=-89.0).read_bytes()
    )
    (record,) = read(type(SOURCE)(clock.client), url)
    assert record.plan == "Census TIGER/Line 2024"

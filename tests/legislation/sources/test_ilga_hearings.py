"""The hearing schedule and the pages of hearings."""

import json
from datetime import UTC, datetime

import pytest

from legislation.records import HearingDocumentRecord, HearingRecord, Rejected
from legislation.sources import SOURCES, SourceBroken, SourceUnavailable
from legislation.sources.ilga_hearings import Hearings
from tests.legislation.sources.samples import hearing_page, notice, put, read, read_until_it_breaks, refusals
from tests.legislation.sources.stand_in import FAILURE, MAINTENANCE, Answer, Request

SOURCE = SOURCES["ilga-hearings"]


def schedule(*rows, total=None) -> dict:
    return {"data": list(rows), "total": len(rows) if total is None else total}


def one(tmp_path, row, name="house.json", **options):
    (record,) = read(SOURCE, put(tmp_path / name, json.dumps(schedule(row))), **options)
    return record


def test_a_hearing(tmp_path, settings):
    settings.ILGA_HEARING_URL = "https://ilga.example/Hearing/{hearing}"
    assert one(tmp_path, notice()) == HearingRecord(
        key="17001",
        chamber="lower",
        committee="Sample Committee",
        starts_at=datetime(2025, 3, 5, 15, tzinfo=UTC),
        session=104,
        posted_at=datetime(2025, 2, 26, 20, tzinfo=UTC),
        location="Capitol Building - Room 114 - Springfield, IL",
        subject="Sample matters.",
        committee_key="3105",
        # The schedule does not say what is taken up.
        documents=None,
        source_url="https://ilga.example/Hearing/17001",
    )


@pytest.mark.parametrize(
    ("printed", "cancelled"), [(0, False), (-1, True), (1, True), (True, True), (False, False), (None, False)]
)
def test_cancelled_and_changed_in_any_spelling(tmp_path, printed, cancelled):
    record = one(tmp_path, notice(IsCancelled=printed, IsChanged=printed))
    assert (record.cancelled, record.changed) == (cancelled, cancelled)


@pytest.mark.parametrize(
    ("name", "words", "chamber"),
    [
        ("GetPostedHearings_house_2018.json", "", "lower"),
        ("senate.json", "", "upper"),
        ("x_chamber_S_committeeid_0.json", "", "upper"),
        ("x.json", "#chamber=senate", "upper"),
        ("house.json", "#chamber=senate", "upper"),
    ],
)
def test_which_chamber(tmp_path, name, words, chamber):
    path = put(tmp_path / name, json.dumps(schedule(notice())))
    (record,) = read(SOURCE, f"{path}{words}")
    assert record.chamber == chamber


def test_a_schedule_of_no_known_chamber_is_refused(tmp_path):
    record = one(tmp_path, notice(), "hearings.json")
    assert record == Rejected(
        "hearing",
        "17001 (hearings.json, entry 1)",
        "Nothing says which chamber it is of. Put “house” or “senate” into the file's name.",
    )


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"ScheduledDateTime": "/Date(99999999999999)/"}, "cannot be a date and time"),
        ({"ScheduledDateTime": "3/5/2025"}, "“3/5/2025” cannot be a date and time"),
        ({"ScheduledDateTime": "/Date(-62135596800000)/"}, "cannot be a date and time"),
        ({"LongDescription": ""}, "names no committee"),
        ({"HearingId": "seventeen"}, "cannot be read"),
        ({"SubjectMatter": "a\x00b"}, "cannot be stored"),
        ({"ScheduledDateTime": "/Date(1520262000000)/"}, "100th General Assembly"),
    ],
)
def test_one_bad_row_is_named_and_the_rest_comes(tmp_path, changes, words):
    path = put(tmp_path / "house.json", json.dumps(schedule(notice(1, **changes), notice(2))))
    records = read(SOURCE, path, session=104)
    (reason,) = refusals(records).values()
    assert words in reason
    assert records[1].key == "2"


def test_something_else_is_said(tmp_path):
    with pytest.raises(SourceBroken, match="not a hearing schedule"):
        read(SOURCE, put(tmp_path / "house.json", '{"data": [{"CommitteeHear'))
    (record,) = read(SOURCE, put(tmp_path / "house.html", "<html>Welcome</html>"))
    assert "not the page of a hearing" in record.reason


def test_the_page_of_a_hearing(tmp_path, settings):
    settings.ILGA_HEARING_URL = "https://ilga.example/Hearing/{hearing}"
    page = hearing_page(17001, "HB0001", "HB 2 - House Amendment 001", "HR5", "HR5")
    (record,) = read(SOURCE, put(tmp_path / "x.html", page))
    assert record == HearingRecord(
        key="17001",
        chamber="lower",
        committee="Sample & Trial Committee",
        starts_at=datetime(2025, 3, 5, 15, tzinfo=UTC),
        session=104,
        posted_at=datetime(2025, 2, 26, 20, tzinfo=UTC),
        location="Capitol Building - Room 114 - Springfield, IL",
        subject="Sample's matters.",
        documents=(
            HearingDocumentRecord("HB1"),
            HearingDocumentRecord("HB2", "House Amendment 1"),
            HearingDocumentRecord("HR5"),
        ),
        source_url="https://ilga.example/Hearing/17001",
    )


def test_a_page_that_holds_part_of_a_list_says_nothing_of_it(tmp_path):
    (record,) = read(SOURCE, put(tmp_path / "x.html", hearing_page(1, "HB1", total=30)))
    assert record.documents is None


# --- Fetching --------------------------------------------------------------------------------------------------------


@pytest.fixture
def source(stand_in, clock, settings):
    """The adapter, pointed to a stand-in with 60 House hearings and one in the Senate."""
    settings.ILGA_HEARINGS_URL = (
        stand_in.address + "/Hearing/_Range?chamber={chamber}&committeeid=0&begindate={begin}&enddate={end}"
    )
    settings.ILGA_HEARING_URL = stand_in.address + "/Hearing/HearingDetail/{hearing}"
    house = [notice(number) for number in range(1, 61)]

    def hearings(request: Request) -> Answer:
        rows = house if request.query["chamber"] == ["H"] else [notice(99)]
        page, size = int(request.form["page"][0]), int(request.form["size"][0])
        return Answer(schedule(*rows[(page - 1) * size : page * size], total=len(rows)))

    stand_in.serve("/Hearing/_Range", hearings)
    for number in [*range(1, 61), 99]:
        stand_in.serve(f"/Hearing/HearingDetail/{number}", hearing_page(number, f"HB{number}"))
    return Hearings(clock.client)


def test_both_chambers_page_by_page_with_what_is_taken_up(source, stand_in):
    records = read(source)
    assert [record.key for record in records] == [str(number) for number in [*range(1, 61), 99]]
    assert records[0].chamber == "lower"
    assert records[-1].chamber == "upper"
    assert records[-1].documents == (HearingDocumentRecord("HB99"),)
    asked = [request for request in stand_in.requests if request.path == "/Hearing/_Range"]
    assert [(request.method, request.form["page"]) for request in asked] == [
        ("POST", ["1"]),
        ("POST", ["2"]),
        ("POST", ["1"]),
    ]
    assert asked[0].query["begindate"][0].endswith(" 00:00:00")
    assert asked[0].headers["x-requested-with"] == "XMLHttpRequest"


def test_one_chamber(source):
    assert [record.key for record in read(source, "senate")] == ["99"]


def test_a_long_list_is_read_over_its_pages(source, stand_in):
    def page(request: Request) -> Answer:
        shown = request.query.get("GridCurrentCommittees-page", ["1"])[0]
        return Answer(hearing_page(99, f"HB{shown}", total=40))

    stand_in.serve("/Hearing/HearingDetail/99", page)
    (record,) = read(source, "senate")
    assert record.documents == (HearingDocumentRecord("HB1"), HearingDocumentRecord("HB2"))


def test_a_hearing_whose_page_fails_goes_in_without_and_that_is_said(source, stand_in):
    stand_in.serve("/Hearing/HearingDetail/3", MAINTENANCE)
    found, error = read_until_it_breaks(source)
    hearings = [record for record in found if isinstance(record, HearingRecord)]
    assert len(hearings) == 61
    assert [record.key for record in hearings if record.documents is None] == ["3"]
    assert "The measures of 1 hearings could not be read (It is not the page of a hearing.)" in str(error)
    assert isinstance(error, SourceBroken)


def test_pages_that_all_fail_are_not_asked_for_one_by_one(source, stand_in):
    for number in [*range(1, 61), 99]:
        del stand_in.routes[f"/Hearing/HearingDetail/{number}"]
    found, error = read_until_it_breaks(source)
    assert sum(isinstance(record, HearingRecord) for record in found) == 61
    assert "The measures of 61 hearings" in str(error)
    assert isinstance(error, SourceUnavailable)  # They may answer later: the run is tried again.
    assert len(stand_in.requests) == 3 + 3


def test_a_schedule_that_does_not_answer(source, stand_in):
    stand_in.misbehave(*[FAILURE] * 5)
    with pytest.raises(SourceUnavailable):
        read(source)


def test_an_address_of_a_page(source, stand_in):
    (record,) = read(source, f"{stand_in.address}/Hearing/HearingDetail/7")
    assert record.documents == (HearingDocumentRecord("HB7"),)

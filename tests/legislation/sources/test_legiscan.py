"""LegiScan: its API with hashes of what changed, its files and datasets."""

import json
from datetime import UTC, date, datetime

import pytest
from django.core.cache import cache

from legislation.records import (
    ActionRecord,
    DocumentRecord,
    MeasureRecord,
    RollCallRecord,
    SponsorshipRecord,
    VoteRecord,
)
from legislation.sources import SOURCES, Progress, ReadOptions, SourceBroken, SourceUnavailable
from legislation.sources.legiscan import LegiScan
from tests.legislation.sources.samples import (
    legiscan_bill,
    legiscan_roll_call,
    put,
    read,
    read_until_it_breaks,
    refusals,
    zipped,
)
from tests.legislation.sources.stand_in import FAILURE, Answer, Request

SOURCE = SOURCES["legiscan"]
DATASET = {
    "IL/2025-2026_104th/bill/HB1.json": json.dumps({"bill": legiscan_bill()}),
    "IL/2025-2026_104th/people/13.json": json.dumps({"person": {"people_id": 13, "name": "Cy Trial"}}),
    "IL/2025-2026_104th/vote/900001.json": json.dumps({"roll_call": legiscan_roll_call()}),
    "IL/2025-2026_104th/README.md": "LegiScan",
    "IL/2025-2026_104th/hash.md5": "0" * 32,
}
MEASURE = MeasureRecord(
    session=104,
    identifier="HB1",
    title="SAMPLE-TECH",
    synopsis="Amends the Sample Act.",
    sponsorships=(
        SponsorshipRecord("Ana Sample", "chief", "lower"),
        SponsorshipRecord("Bo Example", "cosponsor", "upper"),
    ),
    actions=(ActionRecord("lower", date(2025, 1, 9), "Filed"),),
    documents=(
        DocumentRecord("Introduced", "https://ilga.example/1", "text/html"),
        DocumentRecord("House Amendment 001", "https://legiscan.example/2", "text/html", date(2025, 3, 20)),
    ),
    source_url="https://ilga.example/HB1",
)
ROLL_CALL = RollCallRecord(
    key="legiscan:900001",
    session=104,
    identifier="HB1",
    chamber="lower",
    date=date(2025, 4, 9),
    motion="Third Reading",
    passed=True,
    counts={"yes": 1, "no": 1, "not voting": 1, "absent": 0},
    # People go by their names; one that LegiScan did not name stays recognizable.
    votes=(
        VoteRecord("Ana Sample", "yes"),
        VoteRecord("Cy Trial", "no"),
        VoteRecord("LegiScan 99", "not voting"),
    ),
)


def one(tmp_path, bill, **options):
    (record,) = read(SOURCE, put(tmp_path / "x.json", json.dumps({"status": "OK", "bill": bill})), **options)
    return record


def test_a_dataset_zip_and_the_same_unpacked(tmp_path):
    assert read(SOURCE, zipped(tmp_path / "x.zip", DATASET), session=104) == [MEASURE, ROLL_CALL]
    for name, content in DATASET.items():
        put(tmp_path / "d" / name, content)
    assert read(SOURCE, tmp_path / "d") == [MEASURE, ROLL_CALL]


def test_joint_resolutions_and_amendments_to_the_constitution(tmp_path):
    assert one(tmp_path, legiscan_bill(bill_number="HJR0003")).identifier == "HJR3"
    assert one(tmp_path, legiscan_bill(bill_number="HJRCA0001")).identifier == "HJRCA1"
    assert one(tmp_path, legiscan_bill(bill_number="SC0002")).identifier == "SJRCA2"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"state": "AK"}, "It belongs to AK"),
        ({"bill_number": "LB1"}, "“LB” is not a kind"),
        ({"session": {"year_start": 2023, "year_end": 2024}}, "103rd"),
        ({"session": {"year_start": 2025, "year_end": 2026, "special": 1}}, "special session"),
        ({"history": [{"date": "2025-13-01", "action": "x"}]}, "“2025-13-01” cannot be a date"),
        ({"title": "a\x00b"}, "cannot be stored"),
        ({"history": "none"}, "It cannot be read"),
    ],
)
def test_what_cannot_go_in_is_named(tmp_path, changes, words):
    (reason,) = refusals([one(tmp_path, legiscan_bill(**changes), session=104)]).values()
    assert words in reason


def test_another_state_can_be_asked_for_in_a_test(tmp_path):
    path = put(tmp_path / "x.json", json.dumps({"bill": legiscan_bill(state="AK")}))
    (record,) = read(LegiScan(state="AK"), path)
    assert record.identifier == "HB1"


def test_where_kinds_of_sponsors_are_not_told_apart_the_first_is_the_chief(tmp_path):
    bill = legiscan_bill()
    for sponsor in bill["sponsors"]:
        sponsor |= {"sponsor_type_id": 0, "sponsor_order": 0}
    assert [one.role for one in one(tmp_path, bill).sponsorships] == ["chief", "cosponsor"]


def test_a_roll_call_needs_its_measure(tmp_path):
    path = put(tmp_path / "x.json", json.dumps({"roll_call": legiscan_roll_call()}))
    assert refusals(read(SOURCE, path)) == {"LegiScan 900001": "Its measure was not read with it."}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"votes": [{"people_id": 11, "vote_id": 9, "vote_text": "Maybe"}]}, "“Maybe” is not a vote"),
        ({"yea": -1}, "below zero"),
        ({"chamber": ""}, "in which chamber"),
        ({"date": ""}, "cannot be a date"),
    ],
)
def test_a_bad_roll_call_is_named(tmp_path, changes, words):
    path = zipped(
        tmp_path / "x.zip",
        {
            "bill/HB1.json": json.dumps({"bill": legiscan_bill()}),
            "vote/1.json": json.dumps({"roll_call": legiscan_roll_call(**changes)}),
        },
    )
    assert words in refusals(read(SOURCE, path))["HB1, LegiScan 900001"]


def test_broken_files_are_named_and_the_others_come(tmp_path):
    path = zipped(
        tmp_path / "x.zip",
        {"bill/HB1.json": DATASET["IL/2025-2026_104th/bill/HB1.json"], "bill/HB2.json": '{"bill": {'},
    )
    records = read(SOURCE, path)
    assert records[0] == MEASURE
    assert "It cannot be read" in refusals(records)["bill/HB2.json"]
    put(tmp_path / "d" / "HB1.json", DATASET["IL/2025-2026_104th/bill/HB1.json"])
    put(tmp_path / "d" / "HB2.json", b"\x1f\x8b\x08broken")
    found, error = read_until_it_breaks(SOURCE, tmp_path / "d")
    assert found == [MEASURE]
    assert isinstance(error, SourceBroken)


# --- The API ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def bills():
    return {number: legiscan_bill(number, bill_number=f"HB{number}", votes=[]) for number in range(1, 46)}


@pytest.fixture
def api(stand_in, clock, settings, bills):
    """The adapter, pointed to a stand-in with 45 measures, the first of which has a roll call."""
    settings.LEGISCAN_API_KEY = "the-key"
    bills[1]["votes"] = [{"roll_call_id": 900001}]

    def answer(request: Request) -> Answer:
        op, number = request.query["op"][0], int(request.query.get("id", ["0"])[0])
        answers = {
            "getSessionList": lambda: {
                "sessions": [
                    {"session_id": 9, "year_start": 2025, "year_end": 2025, "special": 1},
                    {"session_id": 2176, "year_start": 2025, "year_end": 2026, "special": 0},
                    {"session_id": 2000, "year_start": 2023, "year_end": 2024, "special": 0},
                ]
            },
            "getMasterListRaw": lambda: {
                "masterlist": {
                    "session": {"session_id": 2176},
                    **{
                        str(place): {
                            "bill_id": bill["bill_id"],
                            "number": bill["bill_number"],
                            "change_hash": bill["change_hash"],
                        }
                        for place, bill in enumerate(bills.values())
                    },
                }
            },
            "getSessionPeople": lambda: {
                "sessionpeople": {
                    "session": {},
                    "people": [{"people_id": 13, "name": "Cy Trial", "role": "Rep"}],
                }
            },
            "getBill": lambda: {"bill": bills[number]},
            "getRollCall": lambda: {"roll_call": legiscan_roll_call(roll_call_id=number, bill_id=1)},
        }
        return Answer({"status": "OK", **answers[op]()})

    settings.LEGISCAN_API_URL = stand_in.serve("/", answer)
    return LegiScan(clock.client)


def asked(stand_in, op: str) -> list[str]:
    return [request.query["id"][0] for request in stand_in.requests if request.query["op"] == [op]]


def test_everything_of_a_general_assembly(api, stand_in):
    records = read(api, session=104)
    assert [record.identifier for record in records if isinstance(record, MeasureRecord)] == [
        f"HB{number}" for number in range(1, 46)
    ]
    assert [vote.name for vote in records[1].votes] == ["Ana Sample", "Cy Trial", "LegiScan 99"]
    assert asked(stand_in, "getMasterListRaw") == ["2176"]
    assert stand_in.requests[0].query["state"] == ["IL"]


def test_only_what_changed_is_fetched_when_asked_for_changes(api, stand_in, bills):
    read(api, session=104)
    stand_in.requests.clear()
    yesterday = datetime(2025, 4, 1, tzinfo=UTC)
    assert read(api, session=104, since=yesterday) == []
    assert asked(stand_in, "getBill") == []
    bills[7]["change_hash"] = "another"
    assert [record.identifier for record in read(api, session=104, since=yesterday)] == ["HB7"]
    # Without a day everything is fetched, also when the cache was emptied.
    assert len(read(api, session=104)) == 46
    cache.clear()
    assert len(read(api, session=104, since=yesterday)) == 46


def test_what_was_not_stored_counts_as_not_seen(api, stand_in):
    records = api.read(ReadOptions(session=104))
    for _count in range(30):
        next(records)
    records.close()  # killed before the second Progress
    again = read(api, session=104, since=datetime(2025, 4, 1, tzinfo=UTC))
    assert [record.identifier for record in again] == [f"HB{number}" for number in range(21, 46)]


def test_a_run_goes_on_where_it_stopped(api, stand_in):
    records = api.read(ReadOptions(session=104))
    found = [next(records) for _count in range(30)]
    stand_in.misbehave(*[FAILURE] * 5)
    with pytest.raises(SourceUnavailable, match="did not answer") as raised:
        next(records)
    assert "the-key" not in str(raised.value)
    (progress,) = [record for record in found if isinstance(record, Progress)]
    rest = read(api, session=104, cursor=progress.cursor)
    assert [record.identifier for record in rest] == [f"HB{number}" for number in range(21, 46)]


def test_refusals_are_said_in_its_words(api, stand_in, settings):
    stand_in.misbehave(Answer({"status": "ERROR", "alert": {"message": "Invalid API key"}}))
    with pytest.raises(SourceUnavailable, match="LegiScan refuses: Invalid API key"):
        read(api, session=104)
    with pytest.raises(SourceUnavailable, match="does not have the 99th"):
        read(api, session=99)
    settings.LEGISCAN_API_KEY = ""
    with pytest.raises(SourceUnavailable, match="LEGISCAN_API_KEY is not set"):
        read(api, session=104)

"""The Open States API: pages, limits, resuming, and roll calls, hearings and people in its shapes."""

from datetime import UTC, date, datetime

import pytest

from legislation.records import (
    HearingDocumentRecord,
    HearingRecord,
    LegislatorRecord,
    MeasureRecord,
    OfficeRecord,
    Rejected,
    RollCallRecord,
    TermRecord,
)
from legislation.sources import Progress, ReadOptions, SourceUnavailable
from legislation.sources.openstates_api import OpenStatesApi
from tests.legislation.sources.samples import ILLINOIS, read, read_until_it_breaks, refusals
from tests.legislation.sources.stand_in import DAY_IS_OVER, FAILURE, MAINTENANCE, TOO_MANY, Answer, Request

HOUSE = {"id": "ocd-organization/house", "name": "House", "classification": "lower"}
SENATE = {"id": "ocd-organization/senate", "name": "Senate", "classification": "upper"}
ANA = {
    "id": "ocd-person/00000000-0000-0000-0000-000000000001",
    "name": "Ana Sample",
    "party": "Democratic",
    "current_role": {
        "title": "Representative",
        "org_classification": "lower",
        "district": "25",
        "division_id": "ocd-division/country:us/state:il/sldl:25",
    },
}


def bill(number: int, **changes) -> dict:
    """A bill as the API answers it."""
    return {
        "id": f"ocd-bill/00000000-0000-0000-0000-{number:012d}",
        "session": "104th",
        "jurisdiction": ILLINOIS,
        "from_organization": HOUSE,
        "identifier": f"HB {number}",
        "title": "SAMPLE-TECH",
        "classification": ["bill"],
        "subject": [],
        "extras": {},
        "created_at": "2025-01-09T08:00:00.123456+00:00",
        "updated_at": "2025-04-11T08:00:00.123456+00:00",
        "openstates_url": f"https://openstates.example/il/bills/104th/HB{number}/",
        "first_action_date": "2025-01-09",
        "latest_action_date": "2025-04-10",
        "latest_action_description": "Arrive in Senate",
        "latest_passage_date": "2025-04-09",
        "related_bills": [],
        "abstracts": [{"abstract": "Amends the Sample Act.", "note": ""}],
        "other_titles": [],
        "sponsorships": [
            {
                "id": "1",
                "name": "Ana Sample",
                "entity_type": "person",
                "person": ANA,
                "primary": True,
                "classification": "primary",
            },
            {
                "id": "2",
                "name": "Bo Example",
                "entity_type": "person",
                "primary": False,
                "classification": "cosponsor",
            },
        ],
        "actions": [
            {
                "id": "1",
                "organization": HOUSE,
                "description": "Filed",
                "date": "2025-01-09",
                "classification": ["filing"],
                "order": 0,
                "related_entities": [],
            },
            {
                "id": "2",
                "organization": SENATE,
                "description": "Arrive in Senate",
                "date": "2025-04-10",
                "classification": [],
                "order": 1,
            },
        ],
        "sources": [{"url": f"https://example.org/HB{number}", "note": ""}],
        "versions": [
            {
                "id": "1",
                "note": "Introduced",
                "date": "",
                "classification": "",
                "links": [{"url": "https://example.org/1", "media_type": "text/html"}],
            }
        ],
        "documents": [],
        "votes": [
            {
                "id": f"ocd-vote/{number}",
                "motion_text": "Third Reading",
                "motion_classification": ["passage"],
                "start_date": "2025-04-09",
                "result": "pass",
                "identifier": "",
                "extras": {},
                "organization": HOUSE,
                "votes": [
                    {"id": "1", "option": "yes", "voter_name": "Sample", "voter": ANA},
                    {"id": "2", "option": "absent", "voter_name": "Example"},
                ],
                "counts": [{"option": "yes", "value": 60}, {"option": "absent", "value": 1}],
                "sources": [{"url": f"https://example.org/votes/{number}.pdf", "note": ""}],
            }
        ],
        **changes,
    }


def event(number: int, **changes) -> dict:
    """An event as the API answers it."""
    return {
        "id": f"ocd-event/00000000-0000-0000-0000-{number:012d}",
        "name": "House Sample Committee",
        "jurisdiction": {key: ILLINOIS[key] for key in ("id", "name", "classification")},
        "description": "Sample matters",
        "classification": "committee-meeting",
        "start_date": "2025-03-05T15:00:00+00:00",
        "end_date": "",
        "all_day": False,
        "status": "confirmed",
        "upstream_id": "",
        "deleted": False,
        "location": {"name": "Capitol Building, Room 114", "url": ""},
        "sources": [{"note": "", "url": "https://ilga.example/house/schedules/hearing.asp?hearingid=17001"}],
        "participants": [
            {"note": "", "name": "Hearing Notice For House Sample", "entity_type": "organization"}
        ],
        "agenda": [
            {
                "description": "HB 1",
                "order": 0,
                "subjects": [],
                "notes": [],
                "related_entities": [{"note": "", "name": "HB 1", "entity_type": "bill"}],
                "media": [],
                "extras": {},
            }
        ],
        **changes,
    }


def paged(entries: list[dict]):
    """The API's list of these entries."""

    def route(request: Request) -> Answer:
        page, size = int(request.query["page"][0]), int(request.query["per_page"][0])
        pages = max(1, -(-len(entries) // size))
        if page > pages:
            return Answer({"detail": f"invalid page, must be in [1, {pages}]"}, 404)
        return Answer(
            {
                "results": entries[(page - 1) * size : page * size],
                "pagination": {
                    "per_page": size,
                    "page": page,
                    "max_page": pages,
                    "total_items": len(entries),
                },
            }
        )

    return route


@pytest.fixture
def api(stand_in, clock, settings):
    """The adapter, pointed to a stand-in that holds 45 bills and 2 hearings."""
    settings.OPENSTATES_API_KEY = "the-key"
    settings.OPENSTATES_API_URL = stand_in.address
    stand_in.serve("/bills", paged([bill(number) for number in range(1, 46)]))
    stand_in.serve("/events", paged([event(1), event(2, sources=[{"url": "https://ilga.example/senate/x"}])]))
    return OpenStatesApi(clock.client)


def test_a_bill_with_its_roll_call(api):
    measure, roll_call = read(api, session=104)[:2]
    assert isinstance(measure, MeasureRecord)
    assert measure.identifier == "HB1"
    assert measure.ocd_id == "ocd-bill/00000000-0000-0000-0000-000000000001"
    assert [(one.name, one.role, one.chamber, one.person_id) for one in measure.sponsorships] == [
        ("Ana Sample", "chief", "lower", ANA["id"]),
        ("Bo Example", "cosponsor", "", ""),
    ]
    assert [(line.chamber, line.date, line.description) for line in measure.actions] == [
        ("lower", date(2025, 1, 9), "Filed"),
        ("upper", date(2025, 4, 10), "Arrive in Senate"),
    ]
    assert measure.as_of == datetime(2025, 4, 11, 8, 0, 0, 123456, tzinfo=UTC)
    assert isinstance(roll_call, RollCallRecord)
    assert roll_call.key == "https://example.org/votes/1.pdf"
    assert [(vote.name, vote.option, vote.person_id) for vote in roll_call.votes] == [
        ("Sample", "yes", ANA["id"]),
        ("Example", "absent", ""),
    ]


def test_all_pages_of_bills_then_hearings(api, stand_in, clock, settings):
    records = read(api, session=104, since=datetime(2025, 4, 1, 12, tzinfo=UTC))
    assert sum(isinstance(record, MeasureRecord) for record in records) == 45
    assert sum(isinstance(record, RollCallRecord) for record in records) == 45
    assert sum(isinstance(record, HearingRecord) for record in records) == 2
    first = stand_in.requests[0]
    assert first.headers["x-api-key"] == "the-key"
    assert first.query["jurisdiction"] == ["il"]
    assert first.query["session"] == ["104th"]
    assert first.query["updated_since"] == ["2025-04-01"]
    assert set(first.query["include"]) >= {
        "sponsorships",
        "abstracts",
        "actions",
        "votes",
        "versions",
        "sources",
    }
    assert [request.path for request in stand_in.requests] == ["/bills"] * 3 + ["/events"]
    # Ten a minute.
    assert clock.slept == [6.0, 6.0, 6.0]


def test_a_run_goes_on_where_it_stopped(api, stand_in):
    stand_in.trouble.clear()
    whole = read(api, session=104)
    half, cursor = [], ""
    for record in api.read(ReadOptions(session=104)):
        if isinstance(record, Progress):
            cursor = record.cursor
            if cursor.startswith("bills:3"):
                break
        else:
            half.append(record)
    rest = read(api, session=104, cursor=cursor)
    assert half + rest == whole
    assert read(api, session=104, cursor="nonsense") == whole


def test_progress_says_how_much_is_expected(api):
    progress = [record for record in api.read(ReadOptions(session=104)) if isinstance(record, Progress)]
    assert [(one.cursor, one.total) for one in progress] == [
        ("bills:2:40", 90),
        ("bills:3:80", 90),
        ("events:1:0", 90),
        ("events:2:2", 2),
    ]


def test_a_list_that_became_shorter_ends(api):
    assert len(read(api, session=104, cursor="bills:9:300")) == 2


def test_trouble_that_passes_loses_nothing(api, stand_in, clock):
    stand_in.misbehave(TOO_MANY, FAILURE, Answer({"results": [], "more": "x" * 99}, half=True))
    assert sum(isinstance(record, MeasureRecord) for record in read(api, session=104)) == 45
    assert 3.0 in clock.slept


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        ([DAY_IS_OVER], "today's quota is used up"),
        ([FAILURE] * 5, "did not answer after 5 attempts"),
        ([MAINTENANCE], "something other than data"),
        ([Answer({"detail": "Invalid API Key."}, 401)], "check the key"),
        ([Answer({"results": 5})], "in a form that is not known"),
    ],
)
def test_trouble_that_stays_keeps_what_came(api, stand_in, trouble, words):
    records = api.read(ReadOptions(session=104))
    found = [next(records) for _count in range(41)]
    stand_in.misbehave(*trouble)
    with pytest.raises(SourceUnavailable, match=words) as error:
        next(records)
    assert found[-1] == Progress("bills:2:40", 90)
    assert "the-key" not in str(error.value)


def test_the_days_requests_are_counted(api, stand_in, settings):
    settings.OPENSTATES_REQUESTS_PER_DAY = 2
    found, error = read_until_it_breaks(api, session=104)
    assert "2 requests" in str(error)
    assert found[-1].cursor == "bills:3:80"
    assert len(stand_in.requests) == 2


def test_one_odd_entry_is_named_and_the_page_comes(api, stand_in):
    entries = [bill(1), bill(2, title=None, actions="none"), bill(3, identifier="LB 3"), bill(4)]
    stand_in.serve("/bills", paged(entries))
    records = read(api, "bills", session=104)
    assert [record.identifier for record in records if isinstance(record, MeasureRecord)] == ["HB1", "HB4"]
    assert set(refusals(records)) == {"HB 2 (bills, page 1, entry 2)", "LB 3 (bills, page 1, entry 3)"}


def test_hearings(api):
    first, second = read(api, "events", session=104)
    assert first == HearingRecord(
        # The General Assembly's own number: the same hearing as in its schedule.
        key="17001",
        chamber="lower",
        committee="House Sample",
        starts_at=datetime(2025, 3, 5, 15, tzinfo=UTC),
        session=104,
        location="Capitol Building, Room 114",
        subject="Sample matters",
        documents=(HearingDocumentRecord("HB1"),),
        source_url="https://ilga.example/house/schedules/hearing.asp?hearingid=17001",
    )
    assert second.key == "ocd-event/00000000-0000-0000-0000-000000000002"


def test_hearings_that_cannot_be_placed_are_named(api, stand_in):
    entries = [
        event(1, start_date="2025-03-05"),
        event(2, participants=[], name="Sample", sources=[]),
        event(3, participants=[], name=""),
        event(4, agenda=[{"related_entities": [{"name": "Resolution", "entity_type": "bill"}]}]),
        event(5, status="cancelled"),
    ]
    stand_in.serve("/events", paged(entries))
    records = read(api, "events", session=104)
    reasons = [record.reason for record in records if isinstance(record, Rejected)]
    assert "no time of day" in reasons[0]
    assert "which chamber" in reasons[1]
    assert "no committee" in reasons[2]
    assert "not the number of a measure" in reasons[3]
    assert records[-1].cancelled


def test_people(api, stand_in):
    person = {
        **ANA,
        "jurisdiction": ILLINOIS,
        "given_name": "Ana",
        "family_name": "Sample",
        "image": "https://example.org/a.jpg",
        "email": "ana@example.org",
        "gender": "female",
        "birth_date": "1960-05-04",
        "updated_at": "2025-04-11T08:00:00+00:00",
        "other_names": [{"name": "A. Sample", "note": ""}],
        "links": [
            {"url": "https://ilga.gov/house/Rep.asp?GA=103&MemberID=9", "note": ""},
            {"url": "https://ana.example", "note": ""},
            {"url": "https://www.ilga.gov/House/Members/Details/33", "note": ""},
        ],
        "sources": [],
        "offices": [
            {
                "name": "Capitol Office",
                "voice": "217-555-0101",
                "address": "Room 1; Springfield",
                "fax": None,
            },
            {"name": "District Office", "classification": "district", "address": "5 Elm St"},
        ],
    }
    governor = {
        **person,
        "id": "ocd-person/g",
        "current_role": {"title": "Governor", "org_classification": "executive"},
    }
    stand_in.serve(
        "/people",
        paged(
            [person, governor, {**person, "current_role": {"org_classification": "lower", "district": "119"}}]
        ),
    )
    record, rejected = read(api, "people", session=104)
    assert record == LegislatorRecord(
        key=ANA["id"],
        name="Ana Sample",
        given_name="Ana",
        family_name="Sample",
        party="Democratic",
        email="ana@example.org",
        image_url="https://example.org/a.jpg",
        website="https://ana.example",
        ilga_url="https://www.ilga.gov/House/Members/Details/33",
        other_names=("A. Sample",),
        terms=(TermRecord("lower", 25),),
        offices=(
            OfficeRecord("capitol", "Room 1, Springfield", "217-555-0101"),
            OfficeRecord("district", "5 Elm St"),
        ),
        as_of=datetime(2025, 4, 11, 8, tzinfo=UTC),
    )
    assert "“119” is not a district" in rejected.reason


def test_without_a_key_or_with_other_words_it_says_so(api, settings):
    with pytest.raises(SourceUnavailable, match="none of bills, events and people"):
        read(api, "laws")
    settings.OPENSTATES_API_KEY = ""
    with pytest.raises(SourceUnavailable, match="OPENSTATES_API_KEY is not set"):
        read(api)

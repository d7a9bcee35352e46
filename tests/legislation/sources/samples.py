"""Invented measures, roll calls and hearings in the formats that the sources really use."""

import gzip
import io
import json
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from legislation.records import Rejected
from legislation.sources import Progress, ReadOptions, Source, SourceBroken, SourceUnavailable

ILLINOIS = {
    "id": "ocd-jurisdiction/country:us/state:il/government",
    "name": "Illinois",
    "classification": "state",
}
HOUSE, SENATE = '~{"classification": "lower"}', '~{"classification": "upper"}'


def read(source: Source, location: object = "", **options: Any) -> list:
    """Everything a source yields but progress."""
    records = source.read(ReadOptions(location=str(location), **options))
    return [record for record in records if not isinstance(record, Progress)]


def read_until_it_breaks(
    source: Source, location: object = "", **options: Any
) -> tuple[list, Exception | None]:
    """What a source yields before it gives up, and with which words; None when it did not."""
    return drain(source.read(ReadOptions(location=str(location), **options)))


def drain(entries: Iterable) -> tuple[list, Exception | None]:
    """Everything up to the end or to where it gives up, and with which words."""
    found = []
    try:
        for entry in entries:
            found.append(entry)
    except (SourceBroken, SourceUnavailable) as error:
        return found, error
    return found, None


def refusals(records: list) -> dict[str, str]:
    """Identifier and reason of each refused record."""
    return {record.identifier: record.reason for record in records if isinstance(record, Rejected)}


def measure(identifier: str = "HB1", **changes: Any) -> dict[str, Any]:
    """A measure as the scrapers write it."""
    return {
        "legislative_session": "104th",
        "identifier": identifier,
        "title": "SAMPLE-TECH",
        "from_organization": HOUSE,
        "classification": ["bill"],
        "subject": [],
        "abstracts": [{"note": "", "abstract": "Amends the Sample Act."}],
        "actions": [
            {
                "description": "Filed with the Clerk by Rep. Ana Sample",
                "date": "2025-01-09",
                "organization_id": HOUSE,
                "classification": ["filing"],
                "related_entities": [],
            },
            {
                "description": "Arrive in Senate",
                "date": "2025-04-10",
                "organization_id": SENATE,
                "classification": ["introduction"],
                "related_entities": [],
            },
        ],
        "sponsorships": [
            {
                "name": "Ana Sample",
                "classification": "primary",
                "entity_type": "person",
                "primary": True,
                "person_id": '~{"chamber": "lower", "name": "Ana Sample"}',
                "organization_id": None,
            },
            {
                "name": "Bo Example, Jr.",
                "classification": "cosponsor",
                "entity_type": "person",
                "primary": False,
                "person_id": '~{"chamber": "upper", "name": "Bo Example, Jr."}',
                "organization_id": None,
            },
        ],
        "versions": [
            {
                "note": "Introduced",
                "links": [
                    {"url": "https://example.org/HB1.pdf", "media_type": "application/pdf"},
                    {"url": "https://example.org/HB1.html", "media_type": "text/html"},
                ],
                "date": "",
                "classification": "",
            }
        ],
        "documents": [
            {
                "note": "Public Act",
                "links": [{"url": "https://example.org/act", "media_type": ""}],
                "date": "2025-08-15",
            }
        ],
        "sources": [{"url": f"https://example.org/{identifier}", "note": ""}],
        "extras": {},
        "jurisdiction": ILLINOIS,
        "scraped_at": "2026-01-03T08:29:36+00:00",
        "_id": "56a77452-0000-0000-0000-000000000000",
        **changes,
    }


def roll_call(identifier: str = "HB1", **changes: Any) -> dict[str, Any]:
    """A vote event as the scrapers write it."""
    return {
        "identifier": "",
        "motion_text": "Third Reading",
        "motion_classification": [],
        "start_date": "2025-04-09",
        "result": "pass",
        "organization": HOUSE,
        "legislative_session": "104th",
        "bill": "56a77452-0000-0000-0000-000000000000",
        "bill_action": None,
        "bill_identifier": identifier,
        "votes": [
            {
                "option": "yes",
                "voter_name": "Sample, Ana",
                "voter_id": '~{"name": "Sample, Ana"}',
                "note": "",
            },
            {"option": "other", "voter_name": "Example", "voter_id": '~{"name": "Example"}', "note": ""},
        ],
        "counts": [{"option": "yes", "value": 60}, {"option": "other", "value": 1}],
        "sources": [{"url": f"https://example.org/votes/{identifier}.pdf", "note": ""}],
        "dedupe_key": f"https://example.org/votes/{identifier}.pdf",
        "_id": "66a77452-0000-0000-0000-000000000000",
        **changes,
    }


def lines(*entries: object) -> bytes:
    """One JSON entry a line; bytes go in as they are."""
    return b"".join(
        (entry if isinstance(entry, bytes) else json.dumps(entry).encode()) + b"\n" for entry in entries
    )


def put(path: Path, content: bytes | str) -> Path:
    """A file with this content."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def zipped(path: Path, files: dict[str, bytes | str]) -> Path:
    """A zip archive with these files."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def gzipped(content: bytes) -> bytes:
    return gzip.compress(content, mtime=0)


def csv_text(*rows: str) -> str:
    return io.StringIO("\n".join(rows) + "\n").getvalue()


def bill_status(
    *,
    title: str = "HB 7",
    sponsors: str = "<sponsorhead1>House Sponsors</sponsorhead1><sponsors>Rep. Ana Sample</sponsors>",
    synopsis: str = "<synopsistitle></synopsistitle><SynopsisText>     Amends the Sample Act.</SynopsisText>",
    actions: str = "<statusdate>1/9/2025</statusdate><chamber>House</chamber>"
    "<action>Filed with the Clerk by Rep. Ana Sample</action>",
    encoding: str = "UTF-8",
) -> str:
    """A status file of the General Assembly."""
    return (
        f"<?xml version='1.0' encoding='{encoding}'?>\r\n<xml>\r\n"
        f"<title>Illinois General Assembly - Bill Status for {title}           </title>\r\n"
        "<shortdesc>SAMPLE-TECH</shortdesc>\r\n"
        f"<sponsor>\r\n{sponsors}\r\n</sponsor>\r\n"
        "<lastaction>\r\n<statusdate>1/9/2025</statusdate><chamber>House</chamber><action>Filed</action>\r\n"
        "</lastaction>\r\n"
        f"<synopsis>\r\n{synopsis}</synopsis>\r\n<actions>\r\n{actions}\r\n</actions>\r\n</xml>\r\n"
    )


def notice(number: int = 17001, **changes: Any) -> dict[str, Any]:
    """A row of the hearing schedule."""
    hearing = {
        "HearingId": number,
        "CommitteeId": 3105,
        "HearingLocationId": 141,
        # March 5, 2025, 9:00 in Springfield.
        "ScheduledDateTime": "/Date(1741186800000)/",
        "PostingDateTime": "/Date(1740600000000)/",
        "PrintDateTime": "/Date(1740600000000)/",
        "SubjectMatter": "SUBJECT MATTER:  Sample matters.",
        "TextLine": "",
        "IsBold": 0,
        "IsPublic": -1,
        "IsPublicToCalendar": -1,
        "IsCancelled": 0,
        "IsChanged": False,
        "vchrLastUpdtBy": None,
        "AllowSlips": False,
        "LongDescription": "Sample Committee",
        "Address": "",
        "City": "Springfield, IL",
        "Building": "Capitol Building",
        "Room": "Room 114",
        **changes,
    }
    return {
        "CommitteeDescription": hearing["LongDescription"],
        "CommitteeHearing": hearing,
        "CommitteeId": hearing["CommitteeId"],
        "CommitteeHearingId": hearing["HearingId"],
        "HearingTime": "3/05/2025 - 9:00 AM",
        "Location": "Capitol Building - Room 114 - Springfield, IL",
        "IsInCurrentWeek": False,
    }


def hearing_page(number: int, *documents: str, total: int | None = None) -> str:
    """The page of one hearing."""
    rows = "".join(
        f"<tr><td style='display:none;'>1</td><td style='display:none;'>2</td><td>{document}</td>"
        "<td>Ana Sample</td><td>SAMPLE-TECH</td><td><a href='#'>Slips</a></td></tr>"
        for document in documents
    )
    return (
        "<!DOCTYPE html><html><body><h1>House Sample &amp; Trial Committee Hearing Details</h1>"
        "<table id='profile-table'><tr><th> Scheduled Date </th><td> 3/05/2025 - 9:00 AM </td></tr>"
        "<tr><th>Location</th><td>Room 114 - Capitol Building -  - Springfield, IL</td></tr>"
        "<tr><th>Posting Date</th><td>2/26/2025 - 2:00 PM</td></tr>"
        "<tr><th>Subject Matter</th><td><strong>  Sample&#39;s matters.</strong></td></tr></table>"
        f"<a href='/WitnessSlip/Create?committeeHearingId={number}'>Create</a>"
        "<table><thead><tr><th>Legislation Id</th><th>Document Id</th><th>Bill #</th><th>Sponsor Name</th>"
        f"<th>ABR</th><th>Witness Slips</th></tr></thead><tbody>{rows}</tbody></table>"
        f"<script>x({{pageSize:25, total:{len(documents) if total is None else total}, currentPage:1}})</script>"
        "</body></html>"
    )


def legiscan_bill(number: int = 1800001, **changes: Any) -> dict[str, Any]:
    """A measure as LegiScan's getBill answers."""
    return {
        "bill_id": number,
        "change_hash": f"hash-{number}",
        "session_id": 2176,
        "session": {
            "session_id": 2176,
            "session_name": "104th General Assembly",
            "session_title": "104th General Assembly",
            "year_start": 2025,
            "year_end": 2026,
            "special": 0,
        },
        "url": "https://legiscan.example/IL/bill/HB1/2025",
        "state_link": "https://ilga.example/HB1",
        "state": "IL",
        "state_id": 13,
        "bill_number": "HB0001",
        "bill_type": "B",
        "body": "H",
        "title": "SAMPLE-TECH",
        "description": "Amends the Sample Act.",
        "history": [
            {"date": "2025-01-09", "action": "Filed", "chamber": "H", "chamber_id": 42, "importance": 0}
        ],
        "sponsors": [
            {
                "people_id": 11,
                "party": "D",
                "role": "Rep",
                "name": "Ana Sample",
                "district": "HD-001",
                "sponsor_type_id": 1,
                "sponsor_order": 1,
                "committee_sponsor": 0,
                "committee_id": "0",
            },
            {
                "people_id": 12,
                "party": "R",
                "role": "Sen",
                "name": "Bo Example",
                "district": "SD-002",
                "sponsor_type_id": 2,
                "sponsor_order": 2,
                "committee_sponsor": 0,
                "committee_id": "0",
            },
        ],
        "texts": [
            {
                "doc_id": 1,
                "date": "0000-00-00",
                "type": "Introduced",
                "mime": "text/html",
                "url": "https://legiscan.example/1",
                "state_link": "https://ilga.example/1",
            }
        ],
        "votes": [
            {"roll_call_id": 900001, "date": "2025-04-09", "desc": "Third Reading", "yea": 1, "nay": 0}
        ],
        "amendments": [
            {
                "amendment_id": 5,
                "adopted": 1,
                "chamber": "H",
                "date": "2025-03-20",
                "title": "House Amendment 001",
                "mime": "text/html",
                "url": "https://legiscan.example/2",
                "state_link": "",
            }
        ],
        **changes,
    }


def legiscan_roll_call(**changes: Any) -> dict[str, Any]:
    """A roll call as LegiScan's getRollCall answers."""
    return {
        "roll_call_id": 900001,
        "bill_id": 1800001,
        "date": "2025-04-09",
        "desc": "Third Reading",
        "yea": 1,
        "nay": 1,
        "nv": 1,
        "absent": 0,
        "total": 3,
        "passed": 1,
        "chamber": "H",
        "chamber_id": 42,
        "votes": [
            {"people_id": 11, "vote_id": 1, "vote_text": "Yea"},
            {"people_id": 13, "vote_id": 2, "vote_text": "Nay"},
            {"people_id": 99, "vote_id": 3, "vote_text": "NV"},
        ],
        **changes,
    }

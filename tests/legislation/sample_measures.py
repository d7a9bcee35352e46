"""A small General Assembly of invented measures, of every kind and at every pass."""

from datetime import UTC, date, datetime

from legislation.records import ActionRecord, DocumentRecord, MeasureRecord, SponsorshipRecord

OBSERVED = datetime(2025, 6, 2, 18, tzinfo=UTC)


def _lines(*lines: str) -> tuple[ActionRecord, ...]:
    """`H 2025-01-09 First Reading`: chamber, day and words."""
    chambers = {"H": "lower", "S": "upper"}
    return tuple(ActionRecord(chambers[line[0]], date.fromisoformat(line[2:12]), line[13:]) for line in lines)


def _names(chamber: str, *names: str, chief: int = 1) -> tuple[SponsorshipRecord, ...]:
    return tuple(
        SponsorshipRecord(name, "chief" if place < chief else "cosponsor", chamber)
        for place, name in enumerate(names)
    )


def _texts(identifier: str, *notes: str) -> tuple[DocumentRecord, ...]:
    return tuple(
        DocumentRecord(note, f"https://legislature.example/{identifier}/{place}.{ending}", f"text/{ending}")
        for place, note in enumerate(notes)
        for ending in ("html", "pdf")
    )


SAMPLE = (
    MeasureRecord(
        104,
        "HB1",
        "PORCH-REPAIR",
        "Creates the Porch Repair Act.\n\nHouse Committee Amendment No. 1\n"
        "Replaces everything after the enacting clause.",
        _names("lower", "Ann Sample", "Ben Porch", "Cleo Stair"),
        _lines(
            "H 2025-01-09 Filed with the Clerk by Rep. Ann Sample",
            "H 2025-01-09 First Reading",
            "H 2025-01-09 Referred to Rules Committee",
            "H 2025-02-04 Assigned to Housing",
            "H 2025-02-11 Added Co-Sponsor Rep. Ben Porch",
            "H 2025-02-11 Added Chief Co-Sponsor Rep. Cleo Stair",
            "H 2025-02-12 Added Co-Sponsor Rep. Dan Window",
            "H 2025-03-04 House Committee Amendment No. 1 Adopted in Housing; by Voice Vote",
            "H 2025-03-04 Do Pass as Amended / Short Debate Housing;  012-000-000",
            "H 2025-03-05 Removed Co-Sponsor Rep. Dan Window",
            "H 2025-04-09 Third Reading - Short Debate - Passed 075-036-000",
            "S 2025-04-10 Arrive in Senate",
        ),
        _texts("HB1", "Introduced", "House Amendment 001", "Engrossed"),
        "https://legislature.example/HB1",
        None,
        datetime(2025, 6, 1, tzinfo=UTC),
    ),
    MeasureRecord(
        104,
        "SB2",
        "STAIRS",
        "Makes stairs safer.",
        _names("upper", "Eve Cellar"),
        _lines(
            "S 2025-01-10 Filed with Secretary by Sen. Eve Cellar",
            "S 2025-01-10 First Reading",
            "S 2025-01-10 Referred to Assignments",
            "S 2025-03-21 Rule 3-9(a) / Re-referred to Assignments",
        ),
        _texts("SB2", "Introduced"),
    ),
    MeasureRecord(
        104,
        "HR3",
        "CONGRATULATE-PORCH CLUB",
        None,
        _names("lower", "Ann Sample"),
        _lines("H 2025-05-01 Filed with the Clerk by Rep. Ann Sample", "H 2025-05-02 Resolution Adopted"),
        (),
    ),
    MeasureRecord(104, "AM1030004", "APPOINT-FAY CARPENTER", "Nominates Fay Carpenter.", (), None, None),
    MeasureRecord(
        103,
        "HB1",
        "OLD PORCHES",
        "Old.",
        _names("lower", "Gus Beam"),
        _lines("H 2023-01-12 Filed with the Clerk by Rep. Gus Beam", "H 2023-02-01 Assigned to Housing"),
        None,
    ),
    MeasureRecord(104, "HJR4", None, None, None, _lines("H 2025-05-01 Resolution Adopted"), None),
)

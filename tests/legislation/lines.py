"""Histories of measures for tests, written the way people read them."""

from datetime import date, timedelta

from legislation.records import ActionRecord

CHAMBERS = {"H": "lower", "S": "upper", "G": "executive", "?": ""}
FIRST_DAY = date(2025, 2, 3)


def actions(*lines: str) -> list[ActionRecord]:
    """One record per line such as `H First Reading`, each a day after the one before. `?`: no chamber is given."""
    return [
        ActionRecord(CHAMBERS[line[0]], FIRST_DAY + timedelta(days=number), line[2:])
        for number, line in enumerate(lines)
    ]

"""Days that the General Assembly writes into the lines of a measure's history."""

import re
from datetime import date
from functools import lru_cache

_NAMED_DAYS = re.compile(r"\bon (\d{1,2})/(\d{1,2})/(\d{4})")
_EFFECTIVE = re.compile(r"Effective Date:? (\w+) (\d{1,2}), (\d{4})", re.IGNORECASE)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def named_day(description: str) -> date | None:
    """The day a line itself names (`;  on 08/16/2023`), the last of several; None where it names none or no real one."""
    return _last_named_day(description) if "/" in description else None


@lru_cache(maxsize=4096)
def _last_named_day(description: str) -> date | None:
    days = _NAMED_DAYS.findall(description)
    if not days:
        return None
    month, day, year = map(int, days[-1])
    return _day(year, month, day)


@lru_cache(maxsize=1024)
def effective_day(description: str) -> date | None:
    """The day in `Effective Date January 1, 2026;  some provisions`, or None."""
    match = _EFFECTIVE.match(description)
    if match is None or match[1][:3].lower() not in _MONTHS:
        return None
    return _day(int(match[3]), _MONTHS.index(match[1][:3].lower()) + 1, int(match[2]))


def _day(year: int, month: int, day: int) -> date | None:
    """None where the calendar has no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None

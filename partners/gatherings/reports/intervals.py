"""Stretches of time that overlap, counted once."""

from collections.abc import Iterable
from datetime import datetime

Interval = tuple[datetime, datetime]


def union(intervals: Iterable[Interval]) -> list[Interval]:
    """The same time without overlaps, in order: on two devices at once one is there once."""
    merged: list[Interval] = []
    for start, end in sorted(intervals):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def minutes_of(intervals: Iterable[Interval]) -> int:
    """Whole minutes over all of them; a moment counts as a minute."""
    seconds = sum((end - start).total_seconds() for start, end in intervals)
    return max(1, round(seconds / 60))

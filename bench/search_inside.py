"""The measurement of the search itself, run with the settings of a database of its own (see `bench.search`)."""

import json
import statistics
import sys
from collections.abc import Callable
from time import perf_counter
from typing import Any

import django

SEARCHES: dict[str, dict[str, Any]] = {
    "all bills": {},
    "a number": {"q": "hb 1075"},
    "bare digits": {"q": "1075"},
    "number and words": {"q": "SB 40 wages"},
    "word of most bills": {"q": "state"},
    "frequent word": {"q": "health"},
    "two frequent words": {"q": "child welfare"},
    "phrase": {"q": '"foster care"'},
    "beginning of a word": {"q": "educatio"},
    "rare word": {"q": "appropriation license"},
    "nothing found": {"q": "zzyzx"},
    "chamber": {"chamber": "upper"},
    "kind": {"kind": "resolution"},
    "stages": {"stage": ["in_committee", "passed_committee"]},
    "subject": {"subject": "child-welfare"},
    "our position": {"position": "support"},
    "priority": {"priority": "lead"},
    "committee": {"committee": "house-panel-7"},
    "sponsor": {"sponsor": "pat-sample-12"},
    "hearing soon": {"hearing": "1"},
    "changed in a week": {"changed": "7"},
    "changed in a year": {"changed": "365"},
    "partners on record": {"partners": "1"},
    "by number": {"sort": "number"},
    "words, chamber and stage": {"q": "health care", "chamber": "lower", "stage": ["in_committee"]},
    "subject, sponsor and changed": {
        "subject": "child-welfare",
        "sponsor": "pat-sample-12",
        "changed": "365",
    },
    "words, newest first": {"q": "tax", "sort": "recent"},
    "everything at once": {
        "q": "state",
        "session": "104",
        "chamber": "lower",
        "stage": ["re_referred", "in_committee"],
        "subject": "child-welfare",
        "changed": "365",
        "sponsor": "pat-sample-12",
    },
}


def _median_ms(work: Callable[[], object], rounds: int) -> float:
    work()
    taken = []
    for _ in range(max(rounds, 3) * 3):
        start = perf_counter()
        work()
        taken.append((perf_counter() - start) * 1000)
    return statistics.median(taken)


def main(measures: int, rounds: int) -> list[tuple[str, float]]:
    """Names and medians."""
    django.setup()
    from django.db import connection
    from django.test import Client
    from django.urls import reverse

    from bench.generated_bills import generate
    from bench.report import say
    from legislation.search.bills import BillSearch
    from legislation.search.page import bill_page

    say(f"  {measures} measures ...")
    generate(measures)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    figures = []
    client = Client()
    address = reverse("legislation:bill_list")
    for name, params in SEARCHES.items():
        search = BillSearch.parse(params)
        page = bill_page(search)
        figures.append((name, _median_ms(lambda search=search: bill_page(search), rounds)))
        url = f"{address}?{search.canonical_query()}"
        figures.append((f"page of {name}", _median_ms(lambda url=url: client.get(url), rounds)))
        say(f"  {name}: {page.found} found, {figures[-2][1]:.1f} ms, page {figures[-1][1]:.1f} ms")
    return figures


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]), int(sys.argv[2]))))

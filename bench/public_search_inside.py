"""The measurement itself, run with the settings of a database of its own (see `bench.public_search`)."""

import json
import statistics
import sys
from time import perf_counter
from typing import Any

import django

SEARCHES: dict[str, dict[str, str]] = {
    "word of most things": {"q": "state"},
    "common word": {"q": "health"},
    "two common words": {"q": "child welfare"},
    "three words": {"q": "state health care"},
    "phrase": {"q": '"foster care"'},
    "beginning of a word": {"q": "educatio"},
    "short beginning": {"q": "sta"},
    "rare words": {"q": "appropriation license police"},
    "nothing found": {"q": "zzyzx"},
    "a bill's number": {"q": "hb 1075"},
    "without a word": {"q": "health -care"},
    "one of two": {"q": "wages or housing"},
    "one kind": {"q": "state", "kind": "stories"},
    "the last page": {"q": "state", "page": "20"},
}


def main(rounds: int) -> list[tuple[str, float, float]]:
    """Names, medians at the database, medians of the whole page."""
    django.setup()
    from django.db import connection
    from django.test import Client
    from django.urls import reverse
    from django.utils import timezone

    from bench.generated_library import fill
    from bench.report import say
    from portal.search.asked import Asked
    from portal.search.found import find
    from portal.search.kinds import BY_NAME, KINDS

    say(f"  {fill()} things ...")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    spent: list[float] = []

    def timed(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        start = perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            spent.append((perf_counter() - start) * 1000)

    figures = []
    client, address, now = Client(), reverse("search"), timezone.now()
    for name, params in SEARCHES.items():
        asked = Asked.read(params, BY_NAME)
        found = find(asked, KINDS, now)
        client.get(address, params)
        at_database, whole = [], []
        for _round in range(max(rounds, 3) * 3):
            with connection.execute_wrapper(timed):
                find(asked, KINDS, now)
            at_database.append(sum(spent))
            spent.clear()
            start = perf_counter()
            client.get(address, params)
            whole.append((perf_counter() - start) * 1000)
        figures.append((name, statistics.median(at_database), statistics.median(whole)))
        say(f"  {name}: {found.total} found, {figures[-1][1]:.1f} ms, page {figures[-1][2]:.1f} ms")
    return figures


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]))))

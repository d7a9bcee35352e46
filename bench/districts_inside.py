"""The measurement of the lookup itself, run with the settings of a database of its own (see `bench.districts`)."""

import json
import random
import statistics
import sys
from collections.abc import Callable
from time import perf_counter

import django


def _seconds(work: Callable[[], object]) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start


def main(folder: str, number: int, rounds: int) -> dict[str, float]:
    """Medians: points/s at once, lookups/s one by one, milliseconds to load, percent of points inside."""
    django.setup()
    from django.db.models import Max, Min

    from legislation.models import District
    from legislation.places.geography import seats_at, seats_at_many
    from legislation.services.imports import import_records
    from legislation.sources import SOURCES, ReadOptions

    import_records(SOURCES["districts"].read(ReadOptions(location=folder)), source="districts")
    current = District.objects.current()
    if current.count() != 118 + 59:
        raise SystemExit("The real districts did not come in whole.")
    edges = current.aggregate(w=Min("west"), s=Min("south"), e=Max("east"), n=Max("north"))
    chance = random.Random(7)
    points = [
        (chance.uniform(edges["s"], edges["n"]), chance.uniform(edges["w"], edges["e"]))
        for _ in range(number)
    ]
    load = _seconds(lambda: seats_at(*points[0]))
    seats_at_many(points)
    many = [number / _seconds(lambda: seats_at_many(points)) for _ in range(max(rounds, 5))]
    some = points[:2000]
    single = [
        len(some) / _seconds(lambda: [seats_at(*point) for point in some]) for _ in range(max(rounds, 5))
    ]
    inside = sum(seats.house is not None for seats in seats_at_many(points))
    return {
        "many": statistics.median(many),
        "single": statistics.median(single),
        "load": load * 1000,
        "inside": 100 * inside / number,
    }


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))))

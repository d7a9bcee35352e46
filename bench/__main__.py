"""`python -m bench [--only NAME] [--rounds N]`."""

import argparse
import importlib

from bench.report import say, write

# Name of the part → what it measures. Each is a module with `measure(rounds) -> list[Figure]`.
PARTS = {
    "pages": "public pages per second, cached and not, beside bare Django views on the same server",
    "districts": "points that find their House and Senate district per second, over the real plan",
    "legislature_import": "seconds for the real measures and roll calls, new and unchanged, and for a bare COPY of them",
    "search": "milliseconds of a search over 20,000 generated bills, each filter and combinations, alone and as a page",
    "public_search": "milliseconds of a search over 20,000 public things of ten kinds, at the database and as a page",
    "delivery": "an alert per second: ours through Celery beside the wire's limits and other senders, in the same run",
    "audience": "seconds from an alert's rules to a million rows, and of the live count",
    "transactional": "seconds until a password reset is out while an alert of 100,000 is sent",
    "spam": "SpamAssassin's score of the demonstration's alerts",
    "actions": "actions per second: 200 people at once on one call to action, beside a bare form",
    "equity": "milliseconds of the equity panel: 800 organizations, five years, councils by quarter",
    "fact_sheets": "seconds for the fact sheets of all 177 districts, and what a PDF reader finds in them",
    "registrations": "registrations a minute for one popular session: seats, waiting list, errors",
    "weight": "bytes, requests and queries of each public page",
}
# Only when asked for by name: it takes minutes.
LONG_PARTS = {"memory": "memory of a worker from ten thousand recipients to a million"}


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--only", choices=sorted(PARTS | LONG_PARTS), help="one part instead of all")
    parser.add_argument("--rounds", type=int, default=5, help="interleaved rounds whose medians count")
    options = parser.parse_args()
    for part in [options.only] if options.only else PARTS:
        say(f"{part}: {(PARTS | LONG_PARTS)[part]}")
        write(importlib.import_module(f"bench.{part}").measure(options.rounds), "bench.json")


if __name__ == "__main__":
    main()

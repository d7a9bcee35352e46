"""`python -m bench [--only NAME] [--rounds N]`."""

import argparse
import importlib

from bench.report import say, write

# Name of the part → what it measures. Each is a module with `measure(rounds) -> list[Figure]`.
PARTS = {
    "pages": "public pages per second, cached and not, beside bare Django views on the same server",
    "weight": "bytes, requests and queries of each public page",
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--only", choices=sorted(PARTS), help="one part instead of all")
    parser.add_argument("--rounds", type=int, default=5, help="interleaved rounds whose medians count")
    options = parser.parse_args()
    for part in [options.only] if options.only else PARTS:
        say(f"{part}: {PARTS[part]}")
        write(importlib.import_module(f"bench.{part}").measure(options.rounds), "bench.json")


if __name__ == "__main__":
    main()

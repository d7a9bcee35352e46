"""The measurement of the fact sheets itself, run with the settings of a database of its own (see `bench.fact_sheets`)."""

import json
import resource
import statistics
import sys
from time import perf_counter
from typing import Any

import django


def _run(*, make_all: bool) -> float:
    """Seconds of one run, which must make or look at all of them."""
    from django.utils import timezone

    from research.services.fact_sheet_runs import request_run, work

    run = request_run(ask="", make_all=make_all, by=None, now=timezone.now())
    start = perf_counter()
    done = work(run_id=run.pk)
    seconds = perf_counter() - start
    if done is None or (done.state, done.done, done.made) != ("done", 177, 177 if make_all else 0):
        raise SystemExit(f"The run did not make all sheets: {done and (done.state, done.made, done.error)}")
    return seconds


def _look() -> dict[str, Any]:
    """Pages, fonts and bytes of the newest sheets, as a PDF reader finds them."""
    from pypdf import PdfReader

    from research.models import FactSheetVersion

    pages, foreign, sizes = 0, 0, []
    for version in FactSheetVersion.objects.newest().filter(sheet__kind="district"):
        sizes.append(version.pdf.size)
        reader = PdfReader(version.pdf.open("rb"))
        pages = max(pages, len(reader.pages))
        for font in reader.pages[0]["/Resources"]["/Font"].values():
            inner = font.get_object()
            for one in inner.get("/DescendantFonts", [inner]):
                files = [key for key in one.get_object()["/FontDescriptor"] if key.startswith("/FontFile")]
                foreign += not files
    return {"pages": pages, "foreign_fonts": foreign, "bytes": statistics.median(sizes)}


def main(rounds: int) -> dict[str, Any]:
    """The first making for itself, with the fonts; of what comes again, medians of the rounds."""
    django.setup()
    from django.utils import timezone

    from research.services.fact_sheet_stale import mark_stale

    found = {"first": _run(make_all=True)}
    anew, nothing, stale = [], [], []
    for _round in range(rounds):
        anew.append(_run(make_all=True))
        nothing.append(_run(make_all=False))
        start = perf_counter()
        mark_stale(now=timezone.now())
        stale.append(perf_counter() - start)
    found |= {
        name: statistics.median(one) for name, one in (("anew", anew), ("nothing", nothing), ("stale", stale))
    }
    found["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return found | _look()


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]))))

"""A process that imports and stops in the middle of a transaction, waiting to be killed. Started by `test_sync_law`.

Arguments: which write of rows it stops at, and the file to read ("" for the small sample). Prints a line when there.
"""

import os
import sys

import django


def main(stop_at: int, location: str) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings"
    django.setup()
    from legislation.services.imports import import_records, measure_storage
    from legislation.services.imports.measures import MeasureImporter
    from legislation.sources.base import ReadOptions
    from legislation.sources.openstates_files import OpenStatesFiles
    from tests.legislation.sample_measures import OBSERVED, SAMPLE

    copy_rows = measure_storage.copy_rows
    calls = 0

    def stopping(*arguments: object) -> None:
        nonlocal calls
        copy_rows(*arguments)
        calls += 1
        if calls == stop_at:
            print("in the middle", flush=True)
            sys.stdin.read()

    measure_storage.copy_rows = stopping
    if not location:
        MeasureImporter.batch_size = 2
    records = OpenStatesFiles().read(ReadOptions(location=location, session=104)) if location else SAMPLE
    import_records(records, source="openstates-files", observed_at=OBSERVED)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])

"""Real legislative files, read in place: tests and measurements that need them skip, saying so, where they are absent.

`LEGISLATURE_DATA` names the folder; by default it is looked for beside the checkout.
"""

import os
from pathlib import Path

import pytest

FOLDER = Path(os.environ.get("LEGISLATURE_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))
MEASURES = FOLDER / "il-104th-house-measures.ndjson.gz"
ROLL_CALLS = FOLDER / "il-104th-house-roll-calls.ndjson.gz"
LEGISLATORS = FOLDER / "legislators"
COMMITTEES = FOLDER / "committees"
DISTRICTS = FOLDER / "districts"
BILL_STATUS = FOLDER / "billstatus-xml"
HEARINGS = FOLDER / "hearings"
LEGISCAN = FOLDER / "legiscan-sample"
ZIP_CODES = FOLDER / "zips" / "il_zips.json"

present = MEASURES.is_file()


def realdata(test):
    """Marks a test (or a class) that reads the real files."""
    absent = pytest.mark.skipif(not present, reason=f"no real legislative data in {FOLDER}")
    return pytest.mark.realdata(absent(test))

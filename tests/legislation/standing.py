"""What the legislature's tables hold, told by names instead of keys, so that two ways to the same state can be compared."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from legislation.models import Bill, BillAction, BillDocument, BillEvent, NameMatch, SourceRecord, Sponsorship

BILL = ("bill__session", "bill__identifier")
_OF_A_BILL = {"id", "bill_id"}
# When we looked is no part of what is so.
_TIMES = {"first_seen_at", "changed_at", "observed_at", "given_out_at"}


def _columns(model, *left_out: str) -> list[str]:
    return [
        field.attname
        for field in model._meta.concrete_fields
        if field.attname not in _OF_A_BILL | _TIMES | set(left_out)
    ]


def final_rows(*, source_records: bool = True) -> dict[str, list]:
    """All rows that imports of measures write, in an order of their own."""
    rows = {
        "bills": Bill.objects.values_list(*_columns(Bill)),
        "lines": BillAction.objects.values_list(*BILL, *_columns(BillAction)),
        "sponsors": Sponsorship.objects.values_list(*BILL, *_columns(Sponsorship)),
        "documents": BillDocument.objects.values_list(*BILL, *_columns(BillDocument)),
        "events": BillEvent.objects.values_list(*BILL, *_columns(BillEvent)),
        "names": NameMatch.objects.values_list("session", "chamber", "name", "state", "legislator_id"),
    }
    if source_records:
        columns = ("source", "kind", "key", "digest", "parts", "as_of")
        rows["words"] = (
            (*row[:3], bytes(row[3]), bytes(row[4]), row[5])
            for row in SourceRecord.objects.values_list(*columns)
        )
    return {name: sorted(map(tuple, found), key=repr) for name, found in rows.items()}


def row_versions() -> dict[str, list]:
    """Place and writing transaction of each row of each table: equal when nothing at all was written."""
    tables = [name for name in connection.introspection.table_names() if name.startswith("legislation_")]
    versions = {}
    with connection.cursor() as cursor:
        for table in sorted(tables):
            cursor.execute(f'SELECT ctid::text, xmin::text, xmax::text FROM "{table}" ORDER BY ctid')
            versions[table] = cursor.fetchall()
    return versions


@contextmanager
def nothing_written() -> Iterator[None]:
    """Whatever happens inside changes no row of the legislature and adds none."""
    before = row_versions()
    yield
    assert row_versions() == before

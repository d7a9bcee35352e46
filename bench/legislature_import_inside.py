"""One step of the measurement of imports, run with the settings of a database of its own (see `legislature_import`)."""

import json
import resource
import sys
from time import perf_counter, process_time

import django

MEASURE_TABLES = ("bill", "billaction", "sponsorship", "billdocument")
ROLL_CALL_TABLES = ("rollcall", "vote")


def _bring(source: str, location: str) -> dict[str, float]:
    """Imports a file as a run of the sync does."""
    from legislation.services.imports import import_records
    from legislation.sources import SOURCES, ReadOptions

    start, processor = perf_counter(), process_time()
    summary = import_records(SOURCES[source].read(ReadOptions(location=location)), source=source)
    return {
        "seconds": perf_counter() - start,
        "processor": process_time() - processor,
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        **{what: summary.total(what) for what in ("added", "changed", "unchanged")},
        "rejected": len(summary.rejected),
    }


def _empty() -> dict[str, float]:
    """No measures and roll calls; legislators and committees stay."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE legislation_bill, legislation_namematch CASCADE")
        cursor.execute("DELETE FROM legislation_sourcerecord WHERE kind IN ('measure', 'roll call')")
        cursor.execute("VACUUM ANALYZE")
    return {}


def _floor(kind: str) -> dict[str, float]:
    """Copies what the import of this kind wrote into empty tables."""
    from django.db import connection

    measures = kind == "measures"
    whole = (*MEASURE_TABLES, "namematch") if measures else ROLL_CALL_TABLES
    is_vote = "kind LIKE 'roll_call%%'"
    queries = {f"legislation_{table}": "true" for table in whole} | {
        "legislation_billevent": f"NOT {is_vote}" if measures else is_vote,
        "legislation_sourcerecord": f"kind = '{'measure' if measures else 'roll call'}'",
    }
    connection.ensure_connection()
    database = connection.connection
    written: dict[str, list[bytes]] = {}
    rows = 0
    with database.cursor() as cursor:
        cursor.execute("CREATE SCHEMA bare")
        for table, condition in queries.items():
            cursor.execute(f"CREATE TABLE bare.{table} (LIKE public.{table} INCLUDING ALL)")
            columns = _stored_columns(cursor, table)
            wanted = f"SELECT {columns} FROM public.{table} WHERE {condition.replace('%%', '%')}"
            with cursor.copy(f"COPY ({wanted}) TO STDOUT (FORMAT BINARY)") as copy:
                written[f"bare.{table} ({columns})"] = [bytes(part) for part in copy]
            cursor.execute(f"SELECT count(*) FROM ({wanted}) AS found")
            rows += cursor.fetchone()[0]
        start = perf_counter()
        cursor.execute("BEGIN")
        for target, parts in written.items():
            with cursor.copy(f"COPY {target} FROM STDIN (FORMAT BINARY)") as copy:
                for part in parts:
                    copy.write(part)
        cursor.execute("COMMIT")
        seconds = perf_counter() - start
        cursor.execute("DROP SCHEMA bare CASCADE")
    return {"seconds": seconds, "rows": rows}


def _stored_columns(cursor, table: str) -> str:
    """All columns that are not worked out by the database itself."""
    cursor.execute(
        "SELECT string_agg(quote_ident(column_name), ', ' ORDER BY ordinal_position) "
        "FROM information_schema.columns "
        "WHERE table_schema = 'public' AND table_name = %s AND is_generated = 'NEVER'",
        [table],
    )
    return cursor.fetchone()[0]


def main(step: str, *words: str) -> dict[str, float]:
    django.setup()
    if step == "empty":
        return _empty()
    if step == "floor":
        return _floor(*words)
    return _bring("openstates-people" if step == "people" else "openstates-files", *words)


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:])))

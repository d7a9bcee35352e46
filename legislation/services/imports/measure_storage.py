"""Reads what is stored of measures, and writes a batch's changes, all tables by COPY."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Model
from psycopg import sql

from legislation.models import Bill, BillAction, BillDocument, BillEvent, Sponsorship
from legislation.services.imports.measure_case import (
    BILL_COLUMNS,
    DOCUMENT_COLUMNS,
    EVENT_COLUMNS,
    LINE_COLUMNS,
    SPONSOR_COLUMNS,
    Document,
    Line,
    Sponsor,
    Stored,
    Writes,
)
from legislation.services.imports.writing import (
    add_missing,
    copy_rows,
    execute,
    temporary_rows,
    update_rows,
    with_defaults,
)
from legislation.services.search_index import fill_search, plain_letters, vector

NEW_BILL_COLUMNS = (
    "id",
    "session",
    "identifier",
    "prefix",
    "number",
    "kind",
    "chamber",
    *BILL_COLUMNS,
    "first_seen_at",
    "changed_at",
)
CHANGED_BILL_COLUMNS = ("id", *BILL_COLUMNS, "changed_at")
_CHILDREN: dict[type[Model], tuple[str, ...]] = {
    BillAction: LINE_COLUMNS,
    Sponsorship: SPONSOR_COLUMNS,
    BillDocument: DOCUMENT_COLUMNS,
}


def load(keys: Iterable[tuple[int, str]]) -> dict[tuple[int, str], Stored]:
    """What is stored of these measures, by General Assembly and number; those not there are left out."""
    wanted: dict[int, list[str]] = defaultdict(list)
    for session, identifier in keys:
        wanted[session].append(identifier)
    found: dict[tuple[int, str], Stored] = {}
    by_id: dict[int, Stored] = {}
    for session, identifiers in wanted.items():
        rows = Bill.objects.filter(session=session, identifier__in=identifiers).values_list(
            "id", "identifier", "first_seen_at", *BILL_COLUMNS
        )
        for pk, identifier, seen, *values in rows:
            stored = Stored(pk, seen, dict(zip(BILL_COLUMNS, values, strict=True)))
            found[session, identifier] = by_id[pk] = stored
    if by_id:
        _load_children(by_id)
    return found


def _load_children(bills: dict[int, Stored]) -> None:
    ids = list(bills)
    for line in BillAction.objects.filter(bill__in=ids).order_by("position", "id").values_list(*LINE_COLUMNS):
        bills[line[1]].lines.append(Line(*line))
    for sponsor in (
        Sponsorship.objects.filter(bill__in=ids).order_by("position", "id").values_list(*SPONSOR_COLUMNS)
    ):
        bills[sponsor[1]].sponsors.append(Sponsor(*sponsor))
    for document in (
        BillDocument.objects.filter(bill__in=ids).order_by("position", "id").values_list(*DOCUMENT_COLUMNS)
    ):
        bills[document[1]].documents.append(Document(*document))
    for bill, kind, key in BillEvent.objects.filter(bill__in=ids).values_list("bill_id", "kind", "key"):
        bills[bill].event_keys.add((kind, key))


def clear(bills: Sequence[int], observed_at: Any) -> None:
    """Takes back what this run stored of measures it brought itself, because a better record of them came."""
    for table in _CHILDREN:
        table._default_manager.filter(bill__in=bills).delete()
    BillEvent.objects.filter(bill__in=bills, observed_at=observed_at).exclude(
        kind__startswith="roll_call"
    ).exclude(kind__startswith="hearing").delete()


def save(writes: Writes, legislators: dict[int, str]) -> None:
    """Writes a batch. `legislators`: their names by id, for the search."""
    if writes.new_bills:
        _insert_bills(writes, legislators)
    update_rows(Bill, CHANGED_BILL_COLUMNS, writes.changed_bills)
    for table, columns in _CHILDREN.items():
        update_rows(table, columns, writes.changed[table])
        copy_rows(table, columns[1:], writes.new[table])
    copy_rows(BillEvent, EVENT_COLUMNS, writes.first_events)
    add_missing(BillEvent, EVENT_COLUMNS, writes.events, unique=("bill_id", "kind", "key"))
    if writes.changed_bills:
        fill_search(row[0] for row in writes.changed_bills)


def _insert_bills(writes: Writes, legislators: dict[int, str]) -> None:
    """New measures, each with its search column made on the way in: a second write would cost as much again."""
    names: dict[int, list[str]] = defaultdict(list)
    for bill, legislator, name, *_rest, removed_on in writes.new[Sponsorship]:
        if removed_on is None:
            both = f"{name} {legislators.get(legislator, '')}"
            names[bill] += [both, plain_letters(both)]
    columns, rows = with_defaults(Bill, NEW_BILL_COLUMNS, writes.new_bills)
    rows = [(*row, " ".join(names[row[0]])) for row in rows]
    written = sql.SQL(", ").join(map(sql.Identifier, columns))
    with temporary_rows(Bill, columns, rows, more=["names"]) as source:
        execute(
            sql.SQL("INSERT INTO {} ({}, search) SELECT {}, {} FROM {}").format(
                sql.Identifier(Bill._meta.db_table), written, written, sql.SQL(vector()), source
            )
        )

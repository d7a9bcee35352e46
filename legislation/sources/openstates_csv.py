"""The bulk CSV download of Open States: a zip of tables per session (`il/104th/IL_104th_bills.csv` and its like).

Known tables and columns (CSV format 2.1): bills, bill_abstracts, bill_actions, bill_sources, bill_sponsorships,
bill_versions, bill_version_links, bill_documents, bill_document_links, votes, vote_people, vote_counts, vote_sources,
organizations. A table without rows is left out of the zip. Titles, identifiers and related bills are not used.

The tables hang together by id and come in no order, so they are held in memory; a session has some 100 MB of them.
"""

import ast
import csv
import io
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from django.utils.translation import gettext as _

from legislation.records import AnyRecord, Rejected
from legislation.sources.base import Progress, SourceBroken
from legislation.sources.files import Part, open_parts, read_text
from legislation.sources.openstates_records import measure_record, roll_call_record
from legislation.sources.openstates_shapes import (
    Abstract,
    Action,
    Count,
    Document,
    Link,
    Measure,
    PersonVote,
    Source,
    Sponsorship,
    Vote,
)
from legislation.sources.reading import Refused, check_text

Row = dict[str, str]
Rows = dict[str, list[Row]]


class Table(NamedTuple):
    """The column that says what a row belongs to, those that must be there, and those that are used if they are."""

    key: str
    needed: tuple[str, ...]
    used: tuple[str, ...] = ()


TABLES = {
    "bills": Table("id", ("id", "identifier", "title", "session_identifier"), ("jurisdiction", "updated_at")),
    "bill_abstracts": Table("bill_id", ("abstract",), ("note",)),
    "bill_actions": Table("bill_id", ("description", "date", "order"), ("organization_id",)),
    "bill_sources": Table("bill_id", ("url",)),
    "bill_sponsorships": Table("bill_id", ("name", "classification"), ("primary", "person_id")),
    "bill_versions": Table("bill_id", ("id", "note"), ("date", "links")),
    "bill_version_links": Table("version_id", ("url",), ("media_type",)),
    "bill_documents": Table("bill_id", ("id", "note"), ("date", "links")),
    "bill_document_links": Table("document_id", ("url",), ("media_type",)),
    "votes": Table(
        "id", ("id", "bill_id", "motion_text", "start_date", "result"), ("organization_id", "jurisdiction")
    ),
    "vote_people": Table("vote_event_id", ("option", "voter_name"), ("voter_id",)),
    "vote_counts": Table("vote_event_id", ("option", "value")),
    "vote_sources": Table("vote_event_id", ("url",)),
    "organizations": Table("id", ("classification",), ("name",)),
}


def table_of(name: str) -> str:
    """Which table a file holds by its name, such as `bill_actions`; "" for any other file."""
    stem = PurePosixPath(name).stem.lower()
    if PurePosixPath(name).suffix.lower() != ".csv":
        return ""
    return max(
        (table for table in TABLES if stem == table or stem.endswith("_" + table)), key=len, default=""
    )


def is_table(path: Path) -> bool:
    """Whether a file, an archive or a folder holds the table of measures."""
    if path.is_dir():
        return any(table_of(file.name) == "bills" for file in path.rglob("*.csv"))
    if not path.is_file() or not path.stat().st_size:
        return False
    try:
        return any(isinstance(part, Part) and table_of(part.name) == "bills" for part in open_parts(path))
    except SourceBroken:
        return False


def read_tables(path: Path, wanted: int) -> Iterator[AnyRecord | Progress]:
    """The measures and roll calls that the tables hold together."""
    tables: dict[str, Rows] = {table: {} for table in TABLES}
    for part in open_parts(path):
        if isinstance(part, Rejected):
            yield part
        elif table := table_of(part.name):
            _read_table(part, TABLES[table], tables[table])
    votes = defaultdict(list)
    for rows in tables["votes"].values():
        votes[rows[0]["bill_id"]].append(rows[0])
    yield Progress(total=len(tables["bills"]) + len(tables["votes"]))
    for rows in tables["bills"].values():
        yield from _measure(rows[0], tables, wanted)
        for vote in votes.pop(rows[0]["id"], []):
            yield from _roll_call(vote, rows[0], tables, wanted)
    for orphans in votes.values():
        for vote in orphans:
            yield Rejected("roll call", vote["id"], _("Its measure is not in the file."))


def _read_table(part: Part, table: Table, rows: Rows) -> None:
    """Adds the rows of a file under the id of what they belong to, in their order. Equal words are held once."""
    reader = csv.DictReader(io.StringIO(read_text(part.content(), part.name), newline=""))
    missing = {table.key, *table.needed} - set(reader.fieldnames or [])
    if missing:
        raise SourceBroken(
            _("%(name)s lacks the columns %(columns)s.")
            % {"name": part.name, "columns": ", ".join(sorted(missing))}
        )
    columns = [column for column in (*table.needed, *table.used) if column in (reader.fieldnames or [])]
    pool: dict[str, str] = {}
    try:
        for row in reader:
            if None in row or None in row.values():
                raise csv.Error(_("the columns do not fit the heading"))
            kept = {column: pool.setdefault(row[column], row[column]) for column in columns}
            rows.setdefault(row[table.key], []).append(kept)
    except csv.Error as error:
        raise SourceBroken(
            _("%(name)s, line %(line)s: %(error)s")
            % {"name": part.name, "line": reader.line_num, "error": error}
        ) from None


def _number(text: str) -> int:
    try:
        return int(text or 0)
    except ValueError:
        raise Refused(_("“%(value)s” is not a number.") % {"value": text[:60]}) from None


def _links(text: str) -> list[Link]:
    """Links that an export has put into the row itself, as Python or JSON prints a list of dicts."""
    try:
        found = ast.literal_eval(text) if text.startswith("[") else []
        return [Link(str(link["url"]), str(link.get("media_type") or "")) for link in found]
    except (ValueError, SyntaxError, KeyError, TypeError, AttributeError):
        return []


def _documents(rows: list[Row], links: Rows) -> list[Document]:
    return [
        Document(
            row.get("note", ""),
            row.get("date", ""),
            [Link(link["url"], link.get("media_type", "")) for link in links.get(row.get("id", ""), [])]
            or _links(row.get("links", "")),
        )
        for row in rows
    ]


def _body(row: Row, organizations: Rows) -> str:
    """The chamber of the row's organization, which the table of organizations names."""
    found = organizations.get(row.get("organization_id", ""))
    return (found[0].get("classification", "") or found[0].get("name", "")) if found else ""


def _measure(row: Row, tables: dict[str, Rows], wanted: int) -> Iterator[AnyRecord]:
    key, organizations = row["id"], tables["organizations"]

    def of(table: str) -> list[Row]:
        return tables[table].get(key, [])

    try:
        record = measure_record(
            Measure(
                identifier=row["identifier"],
                title=row["title"],
                legislative_session=row["session_identifier"],
                jurisdiction=row.get("jurisdiction", ""),
                id=key,
                abstracts=[Abstract(r["abstract"], r.get("note", "")) for r in of("bill_abstracts")],
                # An export without a table says nothing of what it would hold.
                actions=[
                    Action(
                        r["description"],
                        r["date"],
                        organization__name=_body(r, organizations),
                        order=_number(r["order"]),
                    )
                    for r in of("bill_actions")
                ]
                if tables["bill_actions"]
                else None,
                sponsorships=[
                    Sponsorship(
                        r["name"],
                        r["classification"],
                        r.get("primary", "").lower() in {"true", "t", "1"},
                        r.get("person_id", ""),
                    )
                    for r in of("bill_sponsorships")
                ]
                if tables["bill_sponsorships"]
                else None,
                versions=_documents(of("bill_versions"), tables["bill_version_links"]),
                documents=_documents(of("bill_documents"), tables["bill_document_links"]),
                sources=[Source(r["url"]) for r in of("bill_sources")],
                updated_at=row.get("updated_at"),
            ),
            wanted,
        )
        check_text(record)
        yield record
    except Refused as refused:
        yield Rejected("measure", row["identifier"] or key, str(refused))


def _roll_call(vote: Row, bill: Row, tables: dict[str, Rows], wanted: int) -> Iterator[AnyRecord]:
    key = vote["id"]
    try:
        record = roll_call_record(
            Vote(
                start_date=vote["start_date"],
                motion_text=vote["motion_text"],
                result=vote["result"],
                organization=_body(vote, tables["organizations"]),
                legislative_session=bill["session_identifier"],
                bill_identifier=bill["identifier"],
                jurisdiction=vote.get("jurisdiction", ""),
                votes=[
                    PersonVote(r["option"], r["voter_name"], r.get("voter_id", ""))
                    for r in tables["vote_people"].get(key, [])
                ],
                counts=[Count(r["option"], _number(r["value"])) for r in tables["vote_counts"].get(key, [])],
                sources=[Source(r["url"]) for r in tables["vote_sources"].get(key, [])],
                id=key,
            ),
            wanted,
        )
        check_text(record)
        yield record
    except Refused as refused:
        yield Rejected("roll call", f"{bill['identifier']} {key}", str(refused))

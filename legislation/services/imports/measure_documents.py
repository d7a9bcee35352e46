"""The texts of a measure and the amendments to it, and which of them replaces everything."""

from legislation.models import BillDocument
from legislation.reading.amendments import DocumentReading, read_documents, synopsis_replaces_everything
from legislation.records import DocumentRecord
from legislation.services.imports.addresses import web_address
from legislation.services.imports.measure_case import Case, Document, Kind, Part

HTML, PDF = "text/html", "application/pdf"
Fate = BillDocument.Fate


def take_documents(case: Case) -> None:
    """Brings the stored documents to what the record lists; one that is no longer listed stays."""
    record, stored = case.record, case.stored.documents
    if record.documents is None and record.actions is None and record.synopsis is None:
        return
    if record.documents is not None:
        listed = list(record.documents)
        quiet = case.is_first_of(Part.DOCUMENTS)
    else:
        listed = _records_of(stored)
        quiet = case.is_first_of(Part.ACTIONS) and not case.stored.lines
    by_note = {document.note: document for document in stored}
    readings = {
        reading.note: reading
        for reading in read_documents(listed, case.actions, case.fields.get("synopsis") or "")
    }
    for reading in readings.values():
        _write(case, reading, by_note.get(reading.note), quiet)
    standing = [(reading.replaces_everything, reading.fate) for reading in readings.values()]
    standing += [
        (document.replaces_everything, document.fate) for document in stored if document.note not in readings
    ]
    case.fields["replaces_everything"] = synopsis_replaces_everything(
        case.fields.get("synopsis") or ""
    ) or any(replaces and fate not in (Fate.TABLED, Fate.LOST, Fate.WITHDRAWN) for replaces, fate in standing)


def _records_of(stored: list[Document]) -> list[DocumentRecord]:
    """The stored documents as a source would list them."""
    return [
        DocumentRecord(document.note, url, media_type, document.date)
        for document in stored
        for url, media_type in ((document.html_url, HTML), (document.pdf_url, PDF))
        if url
    ]


def _write(case: Case, reading: DocumentReading, old: Document | None, quiet: bool) -> None:
    values = (
        case.bill_id,
        reading.kind,
        reading.note,
        reading.date or (old.date if old else None),
        reading.chamber,
        reading.amendment_number,
        reading.fate,
        reading.replaces_everything,
        web_address(reading.html_url) or (old.html_url if old else ""),
        web_address(reading.pdf_url) or (old.pdf_url if old else ""),
        reading.position,
    )
    if old is None:
        case.add(BillDocument, values)
    elif tuple(old[1:]) != values:
        case.change(BillDocument, (old.id, *values))
    if quiet:
        return
    on = reading.date or case.today
    if old is None:
        case.note(Kind.DOCUMENT, reading.note, after=reading.note, on=on)
    if reading.replaces_everything and not (old and old.replaces_everything):
        case.note(Kind.REPLACED, reading.note, after=reading.note, on=on)

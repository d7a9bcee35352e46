"""From a file to a contact list: read it, say which column holds what, look at what would happen, confirm.

A person who is known is linked, and nothing about them is changed. Nobody who said no to our mail is asked again:
suppressed addresses stay suppressed.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import chain, islice
from typing import IO

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.contact_files import (
    FIELDS,
    MAX_BYTES,
    MAX_LINES,
    Line,
    UnreadableFile,
    guess_mapping,
    has_titles,
    read_lines,
)
from campaigns.models import ContactImport, ContactList, ContactRow
from campaigns.services.errors import StateError
from mailing.addresses import hash_address, is_address, normalize_address
from partners.models import User

# A file that nobody finished is erased after a day, the lines behind a finished list after a week.
PENDING_FOR = timedelta(days=1)
REPORT_FOR = timedelta(days=7)
CHUNK = 2000
LOOKED_AT = 50
_WIDTHS = {"first_name": 80, "last_name": 80, "title": 120, "phone": 30, "zip_code": 10}
_READ = ("email", "address_hash", *_WIDTHS, "state", "problem")

_KEEP = "COPY campaigns_contactrow (contact_import_id, line, cells) FROM STDIN"
_WRITE_READ = """
UPDATE campaigns_contactrow AS line
SET email = said.email, address_hash = said.hash, first_name = said.first_name, last_name = said.last_name,
    title = said.title, phone = said.phone, zip_code = said.zip_code, state = said.state, problem = said.problem,
    is_suppressed = FALSE
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[],
            %s::text[], %s::text[])
     AS said(id, email, hash, first_name, last_name, title, phone, zip_code, state, problem)
WHERE line.id = said.id
"""
# Of several lines with one address the first counts.
_MARK_DOUBLES = """
UPDATE campaigns_contactrow AS line SET state = 'double', problem = replace(%s, '{line}', first.line::text)
FROM (
    SELECT id, first_value(line) OVER same AS line, row_number() OVER same AS place
    FROM campaigns_contactrow WHERE contact_import_id = %s AND state = 'new'
    WINDOW same AS (PARTITION BY email ORDER BY line)
) AS first
WHERE line.id = first.id AND first.place > 1
"""
_MARK_KNOWN = """
UPDATE campaigns_contactrow AS line SET state = 'known'
FROM partners_person AS person
WHERE line.contact_import_id = %s AND line.state = 'new' AND lower(person.email) = line.email
"""
_MARK_SUPPRESSED = """
UPDATE campaigns_contactrow AS line SET is_suppressed = TRUE
WHERE line.contact_import_id = %s AND line.state IN ('new', 'known') AND (
    EXISTS (SELECT FROM mailing_suppression AS stop WHERE stop.address_hash = line.address_hash)
    OR EXISTS (
        SELECT FROM mailing_subscription AS word JOIN mailing_topic AS topic ON topic.id = word.topic_id
        WHERE word.address_hash = line.address_hash AND word.state = 'unsubscribed' AND topic.slug = 'action-alerts'
    )
)
"""
_TALLY = """
SELECT state, count(*) FROM campaigns_contactrow WHERE contact_import_id = %s GROUP BY state
UNION ALL
SELECT 'suppressed', count(*) FROM campaigns_contactrow WHERE contact_import_id = %s AND is_suppressed
"""
# Somebody else may have made the person a moment ago: then they are known.
_ADD_PEOPLE = """
INSERT INTO partners_person (email, first_name, last_name, title, phone, zip_code, created_at)
SELECT email, first_name, last_name, title, phone, zip_code, %s
FROM campaigns_contactrow WHERE contact_import_id = %s AND state IN ('new', 'known')
ON CONFLICT DO NOTHING
"""
_ADD_ENTRIES = """
INSERT INTO campaigns_contactlistentry (contact_list_id, person_id, line)
SELECT %s, person.id, line.line
FROM campaigns_contactrow AS line JOIN partners_person AS person ON lower(person.email) = line.email
WHERE line.contact_import_id = %s AND line.state IN ('new', 'known')
ON CONFLICT DO NOTHING
"""


@transaction.atomic
def upload_contacts(*, file: IO[bytes], file_name: str, name: str, basis: str, by: User) -> ContactImport:
    """Keeps a file's lines for the next steps. The same file sent twice is one upload. Raises `UnreadableFile`."""
    name = " ".join(name.split())[:120]
    check_name_is_free(name)
    digest = _digest(file)
    pending = ContactImport.objects.filter(created_by=by, digest=digest, name=name, contact_list=None)
    if existing := pending.first():
        return existing
    lines = read_lines(file)
    start = list(islice(lines, LOOKED_AT))
    if not start:
        raise UnreadableFile(_("The file is empty."))
    titled = has_titles(start[0][1])
    titles = _titles(start, titled)
    people = start[1:] if titled else start
    try:
        with transaction.atomic():
            upload = ContactImport.objects.create(
                name=name,
                basis=basis.strip()[:300],
                file_name=file_name[-200:],
                digest=digest,
                columns=titles,
                mapping=guess_mapping(titles, [cells for _number, cells in people]),
                created_by=by,
                expires_at=timezone.now() + PENDING_FOR,
            )
    except IntegrityError:  # The button was pressed twice, and the first of both requests was faster.
        return pending.get()
    upload.lines = _keep_lines(upload, chain(people, lines))
    if not upload.lines:
        raise UnreadableFile(_("The file has titles and no people."))
    upload.save(update_fields=["lines"])
    return upload


def check_name_is_free(name: str) -> None:
    """Raises `StateError` when there is a list of that name."""
    if ContactList.objects.filter(name__iexact=" ".join(name.split())).exists():
        raise StateError(_("There is a list “%(name)s” already. Choose another name.") % {"name": name})


@transaction.atomic
def check_contacts(*, upload: ContactImport, mapping: Mapping[str, int]) -> ContactImport:
    """Reads every line by the mapping and notes what would become of it. Changes no person."""
    locked = ContactImport.objects.select_for_update().get(pk=upload.pk)
    if locked.contact_list_id:
        raise StateError(_("This file has become a list already."))
    if "email" not in mapping:
        raise StateError(_("Say which column holds the e-mail address."))
    if not set(mapping) <= set(FIELDS) or any(not 0 <= n < len(locked.columns) for n in mapping.values()):
        raise StateError(_("The file has no such column."))
    last = 0
    while rows := list(locked.rows.filter(pk__gt=last).order_by("pk").values_list("pk", "cells")[:CHUNK]):
        last = rows[-1][0]
        said = [(pk, *_read(cells, mapping)) for pk, cells in rows]
        with connection.cursor() as cursor:
            cursor.execute(_WRITE_READ, [list(column) for column in zip(*said, strict=True)])
    with connection.cursor() as cursor:
        cursor.execute(_MARK_DOUBLES, [_("The same address stands in line {line}."), locked.pk])
        cursor.execute(_MARK_KNOWN, [locked.pk])
        cursor.execute(_MARK_SUPPRESSED, [locked.pk])
        cursor.execute(_TALLY, [locked.pk, locked.pk])
        locked.tally = dict(cursor.fetchall())
    locked.mapping = dict(mapping)
    locked.save(update_fields=["tally", "mapping"])
    return locked


@transaction.atomic
def confirm_contacts(*, upload: ContactImport, by: User) -> ContactList:
    """Makes the list: new people are added, known ones linked. Confirmed twice, it is the same list."""
    locked = ContactImport.objects.select_for_update().get(pk=upload.pk)
    if locked.contact_list is not None:
        return locked.contact_list
    if not locked.tally.get("new", 0) + locked.tally.get("known", 0):
        raise StateError(_("No line of this file can be used."))
    check_name_is_free(locked.name)
    try:
        with transaction.atomic():
            made = ContactList.objects.create(
                name=locked.name, basis=locked.basis, file_name=locked.file_name, created_by=by
            )
    except IntegrityError:
        raise StateError(
            _("There is a list “%(name)s” already. Choose another name.") % {"name": locked.name}
        ) from None
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(_ADD_PEOPLE, [now, locked.pk])
        cursor.execute(_ADD_ENTRIES, [made.pk, locked.pk])
    locked.contact_list, locked.expires_at = made, now + REPORT_FOR
    locked.save(update_fields=["contact_list", "expires_at"])
    return made


@transaction.atomic
def discard_contacts(*, upload: ContactImport) -> None:
    """Forgets an upload that became no list, at once."""
    ContactImport.objects.filter(pk=upload.pk, contact_list=None).delete()


@transaction.atomic
def purge_contact_imports(*, now: datetime) -> int:
    """Erases uploads whose time is over, with their lines; lists stay. Returns how many went."""
    expired = ContactImport.objects.expired(now)
    number = expired.count()
    ContactRow.objects.filter(contact_import__in=expired).delete()
    expired.delete()
    return number


# --- Lines -------------------------------------------------------------------------------------------------------


def _digest(file: IO[bytes]) -> str:
    """The file's fingerprint. Raises `UnreadableFile` for one that is too large."""
    digest, size = hashlib.sha256(), 0
    file.seek(0)
    while portion := file.read(64 * 1024):
        size += len(portion)
        if size > MAX_BYTES:
            raise UnreadableFile(
                _("The file is larger than %(n)s MB. Part it.") % {"n": MAX_BYTES // 1024 // 1024}
            )
        digest.update(portion)
    return digest.hexdigest()


def _titles(start: Sequence[Line], titled: bool) -> list[str]:
    width = max(len(cells) for _number, cells in start)
    names = list(start[0][1]) if titled else []
    names += [""] * (width - len(names))
    return [name[:200] or _("Column %(n)s") % {"n": place} for place, name in enumerate(names, start=1)]


def _keep_lines(upload: ContactImport, lines: Iterable[Line]) -> int:
    """Writes the lines as they are, in bounded memory; returns how many."""
    kept = 0
    with connection.cursor() as cursor, cursor.copy(_KEEP) as copy:
        for number, cells in lines:
            kept += 1
            if kept > MAX_LINES:
                raise UnreadableFile(
                    _("The file has more than %(n)s lines. Part it.") % {"n": f"{MAX_LINES:,}"}
                )
            copy.write_row((upload.pk, number, cells))
    return kept


def _read(cells: Sequence[str], mapping: Mapping[str, int]) -> tuple[str, ...]:
    """A line's facts in the order of `_READ`."""
    facts = {field: cells[place] if place < len(cells) else "" for field, place in mapping.items()}
    email = normalize_address(facts["email"])
    if whole := facts.pop("name", ""):
        first, _blank, last = whole.rpartition(" ") if "," not in whole else _turned(whole)
        facts["first_name"] = facts.get("first_name") or first or last
        facts["last_name"] = facts.get("last_name") or (last if first else "")
    said = {name: facts.get(name, "")[:width] for name, width in _WIDTHS.items()}
    problem = _problem(email)
    return (
        "" if problem else email,
        "" if problem else hash_address(email),
        *said.values(),
        ContactRow.State.FAULTY if problem else ContactRow.State.NEW,
        problem,
    )


def _turned(whole: str) -> tuple[str, str, str]:
    """ "Gomez, Maria" as first and last name."""
    last, _comma, first = whole.partition(",")
    return first.strip(), "", last.strip()


def _problem(email: str) -> str:
    if not email:
        return _("There is no e-mail address.")
    if not is_address(email):
        return _("“%(email)s” is no e-mail address.") % {"email": email[:120]}
    return ""

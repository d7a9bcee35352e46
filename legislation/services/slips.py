"""Writes what people say about their witness slips: that they will file one, that they filed it, that they did not.

We never file a slip for anybody. What stands here is a person's word; what the General Assembly lists stands in
`RecordedSlip`, and the two are never added.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from legislation.models import Hearing, HearingDocument, ReportedSlip
from legislation.permissions import may_name
from legislation.reported_slips import posting_day, posting_days
from legislation.slip_windows import is_gone, slip_window
from partners.errors import NotAllowed
from partners.models import Organization, Person
from partners.permissions import acting_organization


@transaction.atomic
def pledge_slips(
    *,
    person: Person,
    organization: Organization | None,
    positions: Mapping[HearingDocument, str],
    consent_text: str,
    source_code: str = "",
    now: datetime | None = None,
) -> list[ReportedSlip]:
    """“I will file it”: a slip on each of these documents of one hearing. Said twice, it stands once.

    Raises `NotAllowed`, also where slips can't be filed any more or the person may not name the organization.
    """
    now = now or timezone.now()
    hearing = _hearing_of(positions)
    _must_be_named_by(person, organization)
    window = slip_window(hearing, now)
    if window.state not in {"not_posted", "open", "closing"}:
        raise NotAllowed(window.rule)
    rows = _own_rows(person, hearing, posting_day(hearing))
    pledged = []
    for document, position in positions.items():
        row = _row_of(rows, document, organization)
        if row is None:
            row = _new(person, organization, document, posting_day(hearing))
            _save(row, position=position, pledged_at=now, consent_text=consent_text, source_code=source_code)
        elif row.pledged_at is None:
            _save(row, pledged_at=now)
        pledged.append(row)
    return pledged


@transaction.atomic
def report_slips(
    *,
    person: Person,
    organization: Organization | None,
    positions: Mapping[HearingDocument, str],
    testimony: str = ReportedSlip.Testimony.RECORD,
    posting_on: date | None = None,
    consent_text: str,
    source_code: str = "",
    now: datetime | None = None,
) -> list[ReportedSlip]:
    """“I filed it”: the position on each document of one hearing; an empty one says that no slip was filed on it.

    A second answer for the same organization (or for oneself) takes the place of the first; one for another
    organization stands beside it. `posting_on` is the day the hearing was set for when the person filed, by default
    the one it is set for now. Raises `NotAllowed` in words that a page can show.
    """
    now = now or timezone.now()
    hearing = _hearing_of(positions)
    must_be_reportable(
        person=person, organization=organization, hearing=hearing, posting_on=posting_on, now=now
    )
    day = posting_on or posting_day(hearing)
    if not any(positions.values()):
        raise NotAllowed(_("Say on which document you filed a slip."))
    rows = _own_rows(person, hearing, day)
    reported = []
    for document, position in positions.items():
        row = _row_of(rows, document, organization)
        if not position:
            if row is not None and row.filed_at:
                _unfile(row)
            continue
        row = row or _lone_pledge(rows, document) or _new(person, organization, document, day)
        facts: dict[str, Any] = {"organization": organization, "position": position, "testimony": testimony}
        if row.filed_at is None:
            facts |= {"filed_at": now, "consent_text": consent_text, "source_code": source_code}
        _save(row, **facts)
        reported.append(row)
    return reported


@transaction.atomic
def take_back(*, slip: ReportedSlip, person: Person) -> None:
    """“I did not file it”, or “I will not”: what was said first falls, the pledge last. History keeps both."""
    row = ReportedSlip.objects.select_for_update().filter(pk=slip.pk, person=person).first()
    if row is None:
        raise NotAllowed(_("You took this back before."))
    if row.filed_at:
        _unfile(row)
    else:
        row.delete()


def must_be_reportable(
    *,
    person: Person | None,
    organization: Organization | None,
    hearing: Hearing,
    posting_on: date | None,
    now: datetime,
) -> None:
    """Raises `NotAllowed` where nobody can have filed for this posting, or not this person for this organization."""
    _must_be_named_by(person, organization)
    window = slip_window(hearing, now)
    if window.state in {"cancelled", "not_posted"} or is_gone(hearing):
        raise NotAllowed(window.rule)
    if posting_on is not None and posting_on not in posting_days(hearing):
        raise NotAllowed(_("The hearing changed in the meantime. Look at the day above, then answer again."))


def _hearing_of(positions: Mapping[HearingDocument, str]) -> Hearing:
    """The one hearing that all these documents are before."""
    hearings = {document.hearing_id: document.hearing for document in positions}
    if len(hearings) != 1:
        raise NotAllowed(_("A witness slip belongs to one document before one hearing."))
    return next(iter(hearings.values()))


def _must_be_named_by(person: Person | None, organization: Organization | None) -> None:
    if organization is not None and (person is None or not may_name(person, organization)):
        raise NotAllowed(
            _(
                "To name an organization, a slip needs its permission: only its primary contacts can say here that "
                "they filed for it."
            )
        )


def _own_rows(person: Person, hearing: Hearing, day: date) -> list[ReportedSlip]:
    """What the person said of this posting so far; nobody else writes it until we are done."""
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    rows = ReportedSlip.objects.filter(person=person, document__hearing=hearing, posting_on=day)
    return list(rows.select_for_update(of=("self",)).order_by("pk"))


def _row_of(
    rows: list[ReportedSlip], document: HearingDocument, organization: Organization | None
) -> ReportedSlip | None:
    wanted = organization.pk if organization else None
    found = (row for row in rows if row.document_id == document.pk and row.organization_id == wanted)
    return next(found, None)


def _lone_pledge(rows: list[ReportedSlip], document: HearingDocument) -> ReportedSlip | None:
    """The pledge that a report keeps though it names somebody else: the only thing said about the document."""
    said = [row for row in rows if row.document_id == document.pk]
    return said[0] if len(said) == 1 and said[0].filed_at is None else None


def _new(
    person: Person, organization: Organization | None, document: HearingDocument, day: date
) -> ReportedSlip:
    return ReportedSlip(
        person=person,
        organization=organization,
        member_of=organization or acting_organization(person),
        document=document,
        posting_on=day,
    )


def _save(row: ReportedSlip, **facts: Any) -> None:
    """Nothing is written, in the history neither, where nothing changes."""
    if row.pk and all(getattr(row, name) == value for name, value in facts.items()):
        return
    for name, value in facts.items():
        setattr(row, name, value)
    row.save()


def _unfile(row: ReportedSlip) -> None:
    if row.pledged_at is None:
        row.delete()
    else:
        _save(row, filed_at=None)

"""The board of one hearing: which partners pledged a witness slip, say they filed it, and stand on the official list.

What people tell us and what the General Assembly lists are two things. They stand side by side here and are compared
partner by partner; they are never added. A fixed number of queries, however many slips there are.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, datetime

from django.db.models import Count, Max
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.audience.places import represented
from campaigns.models import SlipAsk
from campaigns.slip_standing import Board, DocumentBoard, Line, Standing
from legislation.models import Hearing, RecordedSlip, ReportedSlip, SlipMatch
from legislation.slip_matches import recorded_partners
from legislation.slip_windows import slip_window
from partners.models import Organization

Recorded = dict[int, set[tuple[int, str]]]


def board_of(hearing: Hearing, now: datetime) -> Board:
    """The board of a hearing as it stands now, for the day it is set for."""
    board = Board(hearing, slip_window(hearing, now))
    slips = list(_slips(hearing))
    day = timezone.localdate(hearing.starts_at)
    current = [slip for slip in slips if slip.posting_on == day]
    recorded = recorded_partners(hearing=hearing)
    partners = {slip.organization_id: slip.organization for slip in current if slip.organization}
    partners |= Organization.objects.select_related("area").in_bulk(recorded.keys() - partners.keys())
    board.documents = _documents(hearing, current, recorded, partners)
    listed = RecordedSlip.objects.filter(hearing=hearing)
    board.listed_at = listed.aggregate(last=Max("imported_at"))["last"]
    board.file_again = _only_earlier(slips, day)
    rows = [row for document in board.documents for row in document.rows]
    board.areas = _lines(rows, lambda row: row.organization.area.name)
    if any(row.house for row in rows):
        board.districts = _lines(rows, lambda row: _district(row.house))
    waiting = SlipMatch.objects.filter(slip__hearing=hearing, state=SlipMatch.State.DOUBTFUL)
    board.doubtful = waiting.values("slip").distinct().count()
    return board


def _only_earlier(slips: Iterable[ReportedSlip], day: date) -> int:
    """Partners with a slip for another day and none on the same document for this one."""
    current: set[tuple[int | None, int]] = set()
    earlier: set[tuple[int | None, int]] = set()
    for slip in slips:
        (current if slip.posting_on == day else earlier).add((slip.organization_id, slip.document_id))
    return len({organization for organization, _document in earlier - current if organization})


def _slips(hearing: Hearing) -> Iterable[ReportedSlip]:
    rows = ReportedSlip.objects.filter(document__hearing=hearing)
    return rows.select_related("organization__area", "document").order_by("pk")


class _Rows:
    """The documents' boards while they are filled: one row for each document and partner."""

    def __init__(self, boards: dict[int, DocumentBoard], partners: dict[int | None, Organization]) -> None:
        self._boards, self._partners = boards, partners
        self._houses = {one.zip_code: one.house for one in represented()}
        self._rows: dict[tuple[int, int], Standing] = {}

    def add_told(self, slip: ReportedSlip) -> None:
        """What somebody told us, for a partner or for themself."""
        board = self._boards[slip.document_id]
        if slip.organization_id is None:
            board.own_pledged += slip.pledged_at is not None
            board.own_reported += slip.filed_at is not None
            return
        row = self._row(slip.document_id, slip.organization_id)
        row.pledged |= slip.pledged_at is not None
        row.reported |= slip.filed_at is not None
        row.position = slip.position if slip.filed_at or not row.position else row.position

    def add_recorded(self, document: int, organization: int, position: str) -> None:
        """What the official list says of a partner."""
        self._row(document, organization).recorded.add(position)

    def _row(self, document: int, organization: int) -> Standing:
        key = (document, organization)
        if key not in self._rows:
            partner = self._partners[organization]
            self._rows[key] = Standing(partner, self._houses.get(partner.zip_code[:5]))
            self._boards[document].rows.append(self._rows[key])
        return self._rows[key]


def _documents(
    hearing: Hearing,
    slips: Iterable[ReportedSlip],
    recorded: Recorded,
    partners: dict[int | None, Organization],
) -> list[DocumentBoard]:
    """The documents on the notice, and those that went off it while somebody had filed."""
    asks = SlipAsk.objects.filter(document__hearing=hearing).order_by("pk")
    asked = {ask.document_id: ask.get_position_display() for ask in asks}
    documents = hearing.documents.select_related("bill").defer("bill__search", "bill__synopsis")
    boards = {document.pk: DocumentBoard(document, asked.get(document.pk, "")) for document in documents}
    rows = _Rows(boards, partners)
    for slip in slips:
        rows.add_told(slip)
    for organization, filed in recorded.items():
        for document, position in filed:
            rows.add_recorded(document, organization, position)
    _count_listed(hearing, boards.values())
    for board in boards.values():
        board.rows.sort(key=lambda standing: standing.organization.name.lower())
    return [board for board in boards.values() if board.document.removed_at is None or board.rows]


def _count_listed(hearing: Hearing, boards: Iterable[DocumentBoard]) -> None:
    """The official list's slips for this posting, by document and position."""
    by_document = {(board.document.bill_id, board.document.amendment): board for board in boards}
    slips = RecordedSlip.objects.filter(hearing=hearing).order_by()
    for bill, amendment, position, at, number in slips.values_list(
        "bill", "amendment", "position", "scheduled_at"
    ).annotate(number=Count("pk")):
        board = by_document.get((bill, amendment))
        if board is not None and timezone.localdate(at) == timezone.localdate(hearing.starts_at):
            board.listed[position] = board.listed.get(position, 0) + number


def _district(house: int | None) -> str:
    return _("House %(n)d") % {"n": house} if house else _("several, or not known")


def _lines(rows: list[Standing], label: Callable[[Standing], str]) -> list[Line]:
    """The partners by what `label` says of them, each counted once in every column."""
    seen: dict[str, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for row in rows:
        columns = {
            "pledged": row.pledged,
            "reported": row.reported,
            "on_record": row.on_record,
            "missing": row.missing,
        }
        for column, holds in columns.items():
            if holds:
                seen[label(row)][column].add(row.organization.pk)
    return [
        Line(name, **{column: len(found) for column, found in columns.items()})
        for name, columns in sorted(seen.items(), key=lambda one: _order(one[0]))
    ]


def _order(label: str) -> tuple[str, int]:
    """Names by the alphabet, districts by their number."""
    words, _blank, number = label.rpartition(" ")
    return (words, int(number)) if number.isdigit() else (label, 0)

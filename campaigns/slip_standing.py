"""What the board of a hearing shows: one partner and one document, one document, the whole hearing."""

from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from legislation.models import Hearing, HearingDocument, RecordedSlip
from legislation.slip_windows import SlipWindow
from partners.models import Organization

_Position = RecordedSlip.Position


@dataclass
class Standing:
    """One partner and one document: what its people told us, and what the official list says."""

    organization: Organization
    house: int | None = None
    position: str = ""  # as pledged or reported
    pledged: bool = False
    reported: bool = False
    recorded: set[str] = field(default_factory=set)

    @property
    def expected(self) -> bool:
        """Whether its people said anything about a slip."""
        return self.pledged or self.reported

    @property
    def on_record(self) -> bool:
        return bool(self.recorded)

    @property
    def missing(self) -> bool:
        """Pledged or reported, and not on the list with whatever position."""
        return self.expected and not self.recorded

    @property
    def otherwise(self) -> bool:
        """On the list with another position than the one its people told us."""
        return self.expected and self.on_record and self.position not in self.recorded

    @property
    def said(self) -> str:
        """What its people told us, in words."""
        if self.reported:
            return _("says it filed")
        return _("pledged") if self.pledged else _("said nothing")

    @property
    def position_words(self) -> str:
        """The position its people told us."""
        return str(_Position(self.position).label) if self.position else ""

    @property
    def recorded_words(self) -> str:
        """The position on the official list."""
        return ", ".join(str(_Position(one).label) for one in sorted(self.recorded))


@dataclass
class Line:
    """Partners of one council's area or one House district, over all documents; each counted once."""

    label: str
    pledged: int = 0
    reported: int = 0
    on_record: int = 0
    missing: int = 0


@dataclass
class DocumentBoard:
    """One document before the hearing."""

    document: HearingDocument
    asked: str = ""  # the position that our call asks for, as printed
    rows: list[Standing] = field(default_factory=list)
    # The official list: slips by position, of whomever.
    listed: dict[str, int] = field(default_factory=dict)
    # People who spoke for themselves: no list can tell them from others of that name.
    own_pledged: int = 0
    own_reported: int = 0

    @property
    def pledged(self) -> list[Standing]:
        return [row for row in self.rows if row.pledged]

    @property
    def reported(self) -> list[Standing]:
        return [row for row in self.rows if row.reported]

    @property
    def expected(self) -> list[Standing]:
        return [row for row in self.rows if row.expected]

    @property
    def on_record(self) -> list[Standing]:
        return [row for row in self.rows if row.on_record]

    @property
    def kept(self) -> list[Standing]:
        """Said so, and on the list."""
        return [row for row in self.rows if row.expected and row.on_record]

    @property
    def missing(self) -> list[Standing]:
        return [row for row in self.rows if row.missing]

    @property
    def otherwise(self) -> list[Standing]:
        return [row for row in self.rows if row.otherwise]

    @property
    def unannounced(self) -> list[Standing]:
        """On the list without having told us."""
        return [row for row in self.rows if row.on_record and not row.expected]

    @property
    def opponents(self) -> list[Standing]:
        return [row for row in self.rows if _Position.OPPONENT in row.recorded]

    @property
    def no_position(self) -> list[Standing]:
        return [row for row in self.rows if _Position.NO_POSITION in row.recorded]

    @property
    def has_list(self) -> bool:
        """Whether the official list of this document is in."""
        return bool(self.listed)

    @property
    def listed_lines(self) -> list[tuple[str, int]]:
        """The official list's slips by position."""
        return [(str(one.label), self.listed.get(one, 0)) for one in _Position]

    @property
    def sentence(self) -> str:
        """Where it stands: “47 of 60 partners that pledged or reported are on record, these 13 are not.”"""
        expected, kept, missing = len(self.expected), len(self.kept), len(self.missing)
        if not expected:
            return _("No partner has pledged or reported a slip on this document.")
        if not self.has_list:
            return ngettext(
                "%(n)d partner pledged or reported a slip. The official list is not in yet.",
                "%(n)d partners pledged or reported a slip. The official list is not in yet.",
                expected,
            ) % {"n": expected}
        facts = {"kept": kept, "all": expected, "missing": missing}
        if not missing:
            return _("All %(all)d partners that pledged or reported are on record.") % facts
        return (
            ngettext(
                "%(kept)d of %(all)d that pledged or reported are on record, this %(missing)d is not.",
                "%(kept)d of %(all)d that pledged or reported are on record, these %(missing)d are not.",
                missing,
            )
            % facts
        )


@dataclass
class Board:
    """The whole hearing."""

    hearing: Hearing
    window: SlipWindow
    documents: list[DocumentBoard] = field(default_factory=list)
    areas: list[Line] = field(default_factory=list)
    districts: list[Line] = field(default_factory=list)
    # Partners whose only slips are for a day on which the hearing was set before.
    file_again: int = 0
    listed_at: datetime | None = None
    # Slips whose words may mean a partner, and wait for staff: whoever seems missing may be among them.
    doubtful: int = 0

    @property
    def missing(self) -> list[Organization]:
        """Partners that are missing on any document, each once."""
        found = {row.organization.pk: row.organization for board in self.documents for row in board.missing}
        return sorted(found.values(), key=lambda organization: organization.name.lower())

"""The General Assembly's own status of each measure: XML of its FTP area, which needs no key.

A file's name says which General Assembly and measure it is, `10400HB0001.xml`; joint resolutions are coded HJ and SJ,
constitutional amendments HC and SC. The files say of themselves that they are UTF-8 or ISO-8859-1 and are not always
right; the bytes decide.
"""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, ParseError

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from legislation.chambers import GeneralAssembly
from legislation.records import ActionRecord, AnyRecord, MeasureRecord, Rejected, SponsorshipRecord
from legislation.sources.base import Progress, ReadOptions, SourceBroken
from legislation.sources.files import Part, read_each, read_text
from legislation.sources.http import Fetching, NotThere, is_address, located
from legislation.sources.ilga_sponsors import names_in, sponsors_of
from legislation.sources.reading import (
    CODES,
    Refused,
    chamber_of,
    check_session,
    check_text,
    read_coded_identifier,
    read_day,
    read_identifier,
    read_session,
)

_FILE = re.compile(r"(\d{3})(\d{2})([A-Z]{2,5})(\d{3,9})")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_TITLE = re.compile(r"Bill Status (?:for|of)\s+([A-Z]+)\s*(\d+)", re.IGNORECASE)
_RANGE = re.compile(r"([A-Z]{2,5})\s*(\d{1,5})(?:\s*[-–]\s*(?:\1)?\s*(\d{1,5}))?", re.IGNORECASE)
_MOST = 20_000
_CODE_OF = {kind: code for code, kind in CODES.items()}
EVERY = 20


class BillStatus(Fetching):
    """Title, synopsis, sponsors and actions of measures, one file each."""

    name = "ilga-billstatus"
    label = gettext_lazy("General Assembly bill status")
    needs_key = ""

    def read(self, options: ReadOptions) -> Iterator[AnyRecord | Progress]:
        """`location`: a file, a folder, an archive or an address; or numbers to fetch, such as `HB1-HB50, SB7`."""
        if (measures := measures_named(options.location)) is not None:
            yield from self._fetch(measures, options)
            return
        name = PurePosixPath(urlsplit(options.location).path).name if is_address(options.location) else ""
        with located(options.location, self.client) as path:
            yield from read_each(path, lambda part: iter((read_part(part, options.session, name),)))

    def _fetch(self, measures: list[tuple[str, int]], options: ReadOptions) -> Iterator[AnyRecord | Progress]:
        """One request a measure; a number that the General Assembly has no file for is named and passed over."""
        session = options.session or GeneralAssembly.current().number
        done = int(options.cursor) if options.cursor.isdecimal() else 0
        with self.client() as client:
            for number, (kind, count) in enumerate(measures[done:], done + 1):
                code = _CODE_OF.get(kind, kind)
                url = settings.ILGA_BILLSTATUS_URL.format(ga=session, type=code, number=count)
                try:
                    yield read_status(client.text(url), f"{session:03d}00{code}{count:04d}.xml", session)
                except NotThere:
                    words = _("The General Assembly has no status of it at %(url)s.") % {"url": url}
                    yield Rejected("measure", f"{kind}{count}", words)
                if number % EVERY == 0 or number == len(measures):
                    yield Progress(cursor=str(number), total=len(measures))


def measures_named(location: str) -> list[tuple[str, int]] | None:
    """Kind and number of each measure in words such as `HB1-HB50, SB7`; None when the words are something else."""
    named: list[tuple[str, int]] = []
    for part in re.split(r"[,;]\s*|\s+(?=[A-Za-z])", location.strip()):
        match = _RANGE.fullmatch(part.strip())
        if match is None:
            return None
        kind, first, last = match[1].upper(), int(match[2]), int(match[3] or match[2])
        try:
            read_identifier(f"{kind}{first}")
        except Refused:
            return None
        named += [(kind, number) for number in range(first, min(last, first + _MOST) + 1)]
    return named[:_MOST] or None


def read_part(part: Part, wanted: int, name: str = "") -> AnyRecord:
    """The measure of one file. `name` is the file's own where the part goes under another."""
    try:
        return read_status(part.content(), name or part.name, wanted)
    except SourceBroken as broken:
        return Rejected("measure", part.name, str(broken))


def read_status(content: bytes, name: str, wanted: int) -> AnyRecord:
    """The measure that a status file tells of, or the refusal of the whole file by its name."""
    try:
        text = _DECLARATION.sub("", read_text(content, name))
        # Nobody declares entities or a document type in these files.
        root = ElementTree.fromstring(text, forbid_dtd=True)
        record = _measure(root, name, wanted)
        check_text(record)
        return record
    except (ParseError, DefusedXmlException, ValueError) as error:
        if isinstance(error, Refused):
            return Rejected("measure", name, str(error))
        return Rejected("measure", name, _("It is not whole XML: %(error)s") % {"error": error})
    except SourceBroken as broken:
        return Rejected("measure", name, str(broken))


def _measure(root: Element, name: str, wanted: int) -> MeasureRecord:
    session, identifier = _which(root, name, wanted)
    actions = _actions(root.find("actions"))
    return MeasureRecord(
        session=session,
        identifier=identifier,
        title=_text(root.find("shortdesc")) or None,
        synopsis=_synopsis(root),
        sponsorships=_sponsors(root.find("sponsor"), names_in(action.description for action in actions)),
        actions=actions,
    )


def _which(root: Element, name: str, wanted: int) -> tuple[int, str]:
    """General Assembly and measure, from the file's name and its title, which must not contradict each other."""
    file, title = _FILE.search(PurePosixPath(name).name.upper()), _TITLE.search(_text(root.find("title")))
    if file is None and title is None:
        raise Refused(_("Neither its name nor its title says which measure it is."))
    if file is not None and file[2] != "00":
        raise Refused(_("It belongs to a special session, which is not followed here."))
    if file is None and not wanted:
        raise Refused(_("Its name does not say which General Assembly it belongs to."))
    printed = read_coded_identifier(title[1] + title[2]) if title else ""
    coded = read_coded_identifier(file[3] + file[4]) if file else ""
    if printed and coded and printed != coded:
        raise Refused(
            _("Its name says %(coded)s, its title %(printed)s.") % {"coded": coded, "printed": printed}
        )
    return check_session(read_session(file[1]) if file else wanted, wanted), printed or coded


def _text(element: Element | None) -> str:
    """All text inside. Spaces within stay as printed: other sources print the same lines with the same spaces."""
    return "".join(element.itertext()).strip() if element is not None else ""


def _actions(element: Element | None) -> tuple[ActionRecord, ...]:
    """The flat triples of day, chamber and words that follow each other without brackets of their own."""
    if element is None:
        raise Refused(_("It holds no actions."))
    tags = [child.tag for child in element]
    if len(tags) % 3 or tags != ["statusdate", "chamber", "action"] * (len(tags) // 3):
        raise Refused(_("Its actions are not whole: day, chamber and words do not follow each other."))
    words = [_text(child) for child in element]
    return tuple(
        ActionRecord(chamber_of(chamber), read_day(day), action)
        for day, chamber, action in zip(words[::3], words[1::3], words[2::3], strict=True)
    )


def _sponsors(element: Element | None, known: frozenset[str]) -> tuple[SponsorshipRecord, ...] | None:
    """Under each heading ("House Sponsors", "Senate Sponsors") a line of names."""
    if element is None:
        return None
    found: list[SponsorshipRecord] = []
    chamber = ""
    for child in element:
        words = _text(child)
        if child.tag.lower().startswith("sponsorhead"):
            chamber = chamber_of(words.split(" ")[0])
        elif child.tag.lower().startswith("sponsors"):
            found += sponsors_of(words, chamber, known)
    return tuple(found)


def _synopsis(root: Element) -> str | None:
    """The synopsis as introduced, then those of amendments, each under its title."""
    blocks: list[str] = []
    title = ""
    for element in (child for synopsis in root.iter("synopsis") for child in synopsis):
        tag, words = element.tag.lower(), _text(element)
        if tag == "synopsistitle":
            title = words
        elif tag == "synopsistext" and words:
            blocks.append(f"{title}\n{words}" if title else words)
            title = ""
    return "\n\n".join(blocks) or None

"""Legislators and committees from the openstates/people repository: its YAML, or its CSV of sitting members."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import yaml
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from legislation.records import (
    AnyRecord,
    CommitteeMemberRecord,
    CommitteeRecord,
    LegislatorRecord,
    OfficeRecord,
    Rejected,
    TermRecord,
)
from legislation.sources.base import Progress, ReadOptions, SourceBroken
from legislation.sources.files import Part, is_archive, read_each, read_text
from legislation.sources.http import Fetching, located
from legislation.sources.openstates_persons import office_kind, read_row, seat, split_links, tidy_address
from legislation.sources.reading import JURISDICTION, Refused, check_illinois, check_text, read_day

# The C loader is ten times as fast; both build nothing but plain values.
Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_MAX_DOCUMENT = 1 << 20
_ELSEWHERE = re.compile(r"(?:^|/)data/(?!il/)[a-z]{2}/|(?:^|/)(?:executive|municipalities)/")
_PLACES = "ocd-jurisdiction/country:us/state:il/"  # the state and every town in it
_COMMITTEE_CHAMBERS = {"lower": "lower", "upper": "upper", "legislature": "joint", "joint": "joint"}


class OpenStatesPeople(Fetching):
    """Who sits in the General Assembly, where they are reached, and the committees."""

    name = "openstates-people"
    label = gettext_lazy("Open States people")
    needs_key = ""

    def read(self, options: ReadOptions) -> Iterator[AnyRecord | Progress]:
        """`location`: a YAML or CSV file, a folder or archive of them, or an address; empty for the one in the
        settings."""
        with located(options.location or settings.OPENSTATES_PEOPLE_URL, self.client) as path:
            several = path.is_dir() or (path.is_file() and is_archive(path))
            yield from read_each(path, lambda part: read_part(part, several))


def read_part(part: Part, several: bool = False) -> Iterator[AnyRecord]:
    """The records of one file. Of `several`, as in a copy of the whole repository, those of other states, of towns and
    of the executive are passed over, and whatever is neither YAML nor CSV."""
    if several and (
        _ELSEWHERE.search(part.name) or not part.name.lower().endswith((".yml", ".yaml", ".csv"))
    ):
        return
    head = part.head()
    if not head.strip():
        return
    if b"current_chamber" in head.split(b"\n", 1)[0]:
        yield from _read_csv(part)
    elif b"ocd-" in head or part.name.endswith((".yml", ".yaml")):
        yield _read_yaml(part)
    else:
        raise SourceBroken(_("%(name)s is neither a person nor a committee.") % {"name": part.name})


def _read_csv(part: Part) -> Iterator[AnyRecord]:
    reader = csv.DictReader(io.StringIO(read_text(part.content(), part.name), newline=""))
    try:
        for row in reader:
            where = _("%(name)s, line %(line)s") % {"name": part.name, "line": reader.line_num}
            if None in row or None in row.values():
                yield Rejected("legislator", where, _("Its columns do not fit the heading."))
            else:
                yield read_row(row, where)
    except csv.Error as error:
        raise SourceBroken(
            _("%(name)s is not CSV: %(error)s") % {"name": part.name, "error": error}
        ) from None


def _read_yaml(part: Part) -> AnyRecord:
    kind = "legislator"
    try:
        content = part.content()
        if len(content) > _MAX_DOCUMENT:
            raise Refused(_("It is too large for one person or committee."))
        document = yaml.load(read_text(content, part.name), Loader)  # noqa: S506 (a safe loader)
        if not isinstance(document, dict):
            raise Refused(_("It is neither a person nor a committee."))
        record: AnyRecord
        if str(document.get("id", "")).startswith("ocd-organization/"):
            kind = "committee"
            record = _committee(document)
        else:
            record = _legislator(document)
        check_text(record)
        return record
    except yaml.YAMLError as error:
        words = " ".join(str(error).split())
        return Rejected(kind, part.name, _("It is not YAML: %(error)s") % {"error": words})
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        return Rejected(kind, part.name, _("It lacks %(what)s.") % {"what": error})
    except Refused as refused:
        return Rejected(kind, part.name, str(refused))


def _day(value: object) -> date | None:
    """A date of YAML, which is one already or still text."""
    if not value:
        return None
    return value if type(value) is date else read_day(str(value))


def _text(value: object) -> str:
    return "" if value is None else str(value).strip()


def _terms(roles: list[dict[str, Any]]) -> tuple[TermRecord, ...]:
    """The seats held; other offices, such as a mayor's, are not kept."""
    return tuple(
        TermRecord(
            *seat(role["type"], role.get("district")),
            _day(role.get("start_date")),
            _day(role.get("end_date")),
        )
        for role in roles
        if role.get("type") in {"lower", "upper"} and role.get("jurisdiction", JURISDICTION) == JURISDICTION
    )


def _party(parties: object) -> str:
    """Today's party: the last one that has not ended, else the last."""
    if not isinstance(parties, list):
        return _text(parties)
    open_ended = [party for party in parties if not party.get("end_date")]
    return _text((open_ended or parties or [{}])[-1].get("name"))


def _offices(document: dict[str, Any]) -> tuple[OfficeRecord, ...]:
    """From `offices`, or from `contact_details` as files of before 2023 have it."""
    return tuple(
        OfficeRecord(
            office_kind(_text(office.get("classification") or office.get("note") or office.get("name"))),
            tidy_address(_text(office.get("address"))),
            _text(office.get("voice")),
            _text(office.get("fax")),
        )
        for office in document.get("offices") or document.get("contact_details") or []
        if office.get("address") or office.get("voice") or office.get("fax")
    )


def _email(document: dict[str, Any]) -> str:
    details = [document, *(document.get("contact_details") or [])]
    return next((_text(detail["email"]) for detail in details if detail.get("email")), "")


def _legislator(document: dict[str, Any]) -> LegislatorRecord:
    key = _text(document["id"])
    if not key.startswith("ocd-person/"):
        raise Refused(_("“%(value)s” is not the id of a person.") % {"value": key[:80]})
    terms = _terms(document.get("roles") or [])
    if not terms:
        for role in document.get("roles") or []:
            if not _text(role.get("jurisdiction")).startswith(_PLACES):
                check_illinois(_text(role.get("jurisdiction")))
        raise Refused(_("No seat in the General Assembly is named."))
    ilga_url, website = split_links(_text(link["url"]) for link in document.get("links") or [])
    return LegislatorRecord(
        key=key,
        name=_text(document["name"]),
        given_name=_text(document.get("given_name")),
        family_name=_text(document.get("family_name")),
        party=_party(document.get("party")),
        email=_email(document),
        image_url=_text(document.get("image")),
        website=website,
        ilga_url=ilga_url,
        other_names=tuple(_text(other["name"]) for other in document.get("other_names") or []),
        terms=terms,
        offices=_offices(document),
    )


def _committee(document: dict[str, Any]) -> CommitteeRecord:
    check_illinois(_text(document.get("jurisdiction")))
    chamber = _COMMITTEE_CHAMBERS.get(_text(document.get("chamber")))
    if chamber is None:
        raise Refused(_("“%(value)s” is not a chamber.") % {"value": _text(document.get("chamber"))[:60]})
    urls = [_text(link["url"]) for link in [*(document.get("links") or []), *(document.get("sources") or [])]]
    return CommitteeRecord(
        key=_text(document["id"]),
        chamber=chamber,
        name=_text(document["name"]),
        other_names=tuple(_text(other["name"]) for other in document.get("other_names") or []),
        parent=_text(document.get("parent")),
        members=tuple(
            CommitteeMemberRecord(
                _text(member["name"]), _text(member.get("role")) or "member", _text(member.get("person_id"))
            )
            for member in document.get("members") or []
        ),
        source_url=_newest(urls),
    )


def _newest(urls: list[str]) -> str:
    """Of several addresses the one of the newest General Assembly: the last that names the members."""
    named = [url for url in urls if "/Committees/Members/" in url]
    return (named or urls or [""])[-1 if named else 0]

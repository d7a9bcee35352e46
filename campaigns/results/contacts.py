"""What came of a call that reaches legislators: by legislator, by the districts of those who acted, and row by row."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Left
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.audience.places import represented
from campaigns.models import ActionTaken, CallToAction, LegislatorContact
from legislation.models import Legislator

Way, State = LegislatorContact.Way, LegislatorContact.State
Outcome, Reply = LegislatorContact.Outcome, LegislatorContact.Reply

_WRITTEN = Q(way__in=[Way.OWN_MAIL, Way.THROUGH_US]) & Q(state__in=[State.DONE, State.HANDED_OVER])
_COUNTS = {
    "messages": Count("pk", filter=_WRITTEN),
    "waiting": Count("pk", filter=Q(state=State.WAITING)),
    "unsent": Count("pk", filter=Q(state__in=[State.FAILED, State.CANCELLED])),
    "calls": Count("pk", filter=Q(way=Way.PHONE)),
    "spoke": Count("pk", filter=Q(outcome=Outcome.SPOKE)),
    "voicemail": Count("pk", filter=Q(outcome=Outcome.VOICEMAIL)),
    "personal": Count("pk", filter=Q(reply=Reply.PERSONAL)),
    "automatic": Count("pk", filter=Q(reply=Reply.AUTOMATIC)),
    "silent": Count("pk", filter=Q(reply=Reply.NONE)),
}


@dataclass(frozen=True)
class Line:
    """One legislator, or all of them together: how many messages, calls and replies."""

    legislator: Legislator | None
    messages: int
    waiting: int
    unsent: int
    calls: int
    spoke: int
    voicemail: int
    personal: int
    automatic: int
    silent: int


@dataclass(frozen=True)
class DistrictLine:
    """A House district and how many people who acted live there, as far as their ZIP codes leave no doubt."""

    house: int
    representative: str
    people: int


def contacts_of_call(call: CallToAction) -> QuerySet[LegislatorContact]:
    """Every message and telephone call of a call to action."""
    return LegislatorContact.objects.filter(action__call_to_action=call)


def total_of(call: CallToAction) -> Line:
    """All legislators together."""
    return Line(None, **contacts_of_call(call).aggregate(**_COUNTS))


def by_legislator(call: CallToAction) -> list[Line]:
    """A line for each legislator, whoever was reached most first."""
    counted = contacts_of_call(call).order_by().values("legislator").annotate(**_COUNTS)
    rows: list[dict[str, Any]] = [dict(row) for row in counted]
    people = Legislator.objects.in_bulk([row["legislator"] for row in rows])
    lines = [
        Line(people[row["legislator"]], **{name: row[name] for name in _COUNTS})
        for row in rows
        if row["legislator"] in people
    ]
    return sorted(lines, key=lambda line: (-line.messages - line.calls - line.waiting, str(line.legislator)))


def by_district(call: CallToAction) -> tuple[list[DistrictLine], int]:
    """A line for each House district, the most people first; and how many people no ZIP code places for certain."""
    sure = {place.zip_code: place for place in represented()}
    actions = ActionTaken.objects.filter(call_to_action=call).order_by()
    counted = actions.values(zip_code=Left("person__zip_code", 5)).annotate(
        people=Count("person", distinct=True)
    )
    found: dict[int, DistrictLine] = {}
    unplaced = 0
    for zip_code, people in counted.values_list("zip_code", "people"):
        place = sure.get(zip_code)
        if place is None or place.house is None:
            unplaced += people
            continue
        earlier = found[place.house].people if place.house in found else 0
        found[place.house] = DistrictLine(place.house, place.representative or "", earlier + people)
    return sorted(found.values(), key=lambda line: (-line.people, line.house)), unplaced


def legislator_rows(call: CallToAction) -> Iterator[list[object]]:
    """The heads, then a line for each legislator."""
    yield [
        _("legislator"),
        _("chamber"),
        _("district"),
        _("party"),
        _("messages"),
        _("messages that wait"),
        _("messages not sent"),
        _("telephone calls"),
        _("spoke with somebody"),
        _("left a message"),
        _("personal replies"),
        _("automatic replies"),
        _("no reply"),
    ]
    for line in by_legislator(call):
        who = line.legislator
        if who is not None:
            yield [
                who.name,
                str(who.get_chamber_display()),
                who.district,
                who.party,
                *(getattr(line, name) for name in _COUNTS),
            ]


def district_rows(call: CallToAction) -> Iterator[list[object]]:
    """The heads, then a line for each House district, and one for people whom no ZIP code places for certain."""
    yield [_("House district"), _("representative"), _("people who acted")]
    lines, unplaced = by_district(call)
    for line in lines:
        yield [line.house, line.representative, line.people]
    yield [_("not certain from the ZIP code"), "", unplaced]


def contact_rows(call: CallToAction) -> Iterator[list[object]]:
    """The heads, then every message and telephone call, in bounded memory."""
    yield [
        _("date (Chicago time)"),
        _("person"),
        _("e-mail address"),
        _("organization at that time"),
        _("legislator"),
        _("way"),
        _("state"),
        _("note"),
        _("reply"),
    ]
    rows = contacts_of_call(call).select_related(
        "action__person", "action__organization", "legislator", "message"
    )
    for row in rows.defer("message__message", "text").order_by("contacted_at", "pk").iterator(1000):
        organization = row.action.organization
        yield [
            timezone.localtime(row.contacted_at).strftime("%Y-%m-%d %H:%M"),
            row.action.person.name,
            row.action.person.email,
            organization.name if organization else "",
            row.legislator.name,
            str(row.get_way_display()),
            row.shown_state,
            row.note,
            str(row.get_reply_display()) if row.reply else "",
        ]


FILES = {"legislators": legislator_rows, "districts": district_rows, "contacts": contact_rows}

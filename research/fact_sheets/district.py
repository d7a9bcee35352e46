"""What the fact sheet of a legislative district says. Withheld numbers never get here (see `figures`)."""

from collections import Counter
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from legislation.chambers import Chamber, house_districts, senate_district
from legislation.pages.representation import Seat
from legislation.places.district_plans import district_name
from mailing.composing.compile import clean
from partners.fiscal_year import FiscalYear
from research.fact_sheets.content import Content, ask_of, bare_content
from research.fact_sheets.figures import STATE, Place
from research.fact_sheets.gathering import MOST_CITIES, Gathered, findings_for
from research.models import FactSheet

MOST_FIELDS = 6
MOST_POPULATIONS = 5
# Names are printed up to so many letters, as far as a page has room.
ROOM_FOR_NAMES = 760


def district_content(sheet: FactSheet, gathered: Gathered) -> Content:
    """The content of a district's sheet from what was gathered for all. No query."""
    place = (sheet.chamber, sheet.district or 0)
    name = district_name(*place)
    content = bare_content(sheet, gathered.coalition, gathered.day)
    staff, note = _staff(gathered, place)
    content |= {
        "kicker": _("Human services in your district"),
        "title": name,
        "place": _place_words(gathered, place),
        "summary": _summary(gathered, place, name),
        "figures": [*_counts(gathered, place), *staff],
        "map": _map(gathered, place, name),
        "fields": _fields(gathered, place),
        "served": _served(gathered, place),
        "partners": _partners(gathered, place),
        "legislators": _legislators(gathered, place),
        "findings": _findings(gathered, place),
        "ask": ask_of(sheet.ask or gathered.ask),
        "notes": _notes(gathered, note),
    }
    return content


def _place_words(gathered: Gathered, place: Place) -> str:
    """Such as `Berwyn, Cicero and 3 other places · Cook County`."""
    around = gathered.surroundings.get(place)
    if around is None:
        return ""
    names, more = around.cities[:MOST_CITIES], len(around.cities) - MOST_CITIES
    cities = ", ".join(clean(name) for name in names)
    if more > 0:
        cities = ngettext(
            "%(cities)s and %(more)s more place", "%(cities)s and %(more)s more places", more
        ) % {
            "cities": cities,
            "more": more,
        }
    counties = around.counties[:3]
    if len(around.counties) > len(counties):
        return f"{cities} · " + _("%(number)s counties") % {"number": len(around.counties)}
    if not counties:
        return cities
    words = ngettext("%(names)s County", "%(names)s Counties", len(counties)) % {"names": ", ".join(counties)}
    return f"{cities} · {words}"


def _summary(gathered: Gathered, place: Place, name: str) -> str:
    number = len(gathered.partners.get(place, ()))
    coalition = gathered.coalition.name
    if number:
        words = ngettext(
            "%(number)s partner of %(coalition)s works from %(district)s for the well-being of its residents.",
            "%(number)s partners of %(coalition)s work from %(district)s for the well-being of its residents.",
            number,
        )
        return words % {"number": number, "coalition": coalition, "district": name}
    words = _("No partner of %(coalition)s has its office in %(district)s yet.") % {
        "coalition": coalition,
        "district": name,
    }
    larger = _larger(place)
    beside = len(gathered.partners.get(larger, ())) if larger != STATE else 0
    if beside:
        words += " " + ngettext(
            "%(number)s partner works from elsewhere in %(district)s.",
            "%(number)s partners work from elsewhere in %(district)s.",
            beside,
        ) % {"number": beside, "district": district_name(*larger)}
    return words


def _larger(place: Place) -> Place:
    """The next larger place: of a House district its Senate district, of a Senate district the state."""
    if place[0] == Chamber.LOWER:
        return Chamber.UPPER.value, senate_district(place[1])
    return STATE


def _counts(gathered: Gathered, place: Place) -> list[dict[str, str]]:
    """Partners in the district, or else in its Senate district, and the fields of work of those in the district.

    Not the state's number: it would make every empty district's sheet out of date whenever somebody joins.
    """
    where = place if gathered.partners.get(place) else _larger(place)
    number = len(gathered.partners.get(where, ()))
    if where == STATE or not number:
        return []
    label = ngettext("partner has its office here", "partners have their office here", number)
    if where != place:
        label = ngettext(
            "partner has its office in %(district)s", "partners have their office in %(district)s", number
        ) % {"district": district_name(*where)}
    figures = [{"value": f"{number:,}", "label": label, "note": ""}]
    partners = gathered.partners.get(place, ())
    fields = {field for partner in partners for field in gathered.fields.get(partner.pk, ())}
    if fields:
        label = ngettext("field of human services", "fields of human services", len(fields))
        figures.append({"value": str(len(fields)), "label": label, "note": ""})
    return figures


def _staff(gathered: Gathered, place: Place) -> tuple[list[dict[str, str]], str]:
    """People employed, of the smallest place around whose number may be shown; and why it is not the district's own."""
    year = gathered.figures.year
    if year is None:
        return [], ""
    where = place
    while (shown := gathered.figures.employed(where)) is None:
        if where == STATE:
            return [], _("How many people partners employ is not shown: too few of them reported it.")
        where = _larger(where)
    if where == place:
        label = _("people employed by partners here")
    elif where == STATE:
        label = _("people employed by partners across Illinois")
    else:
        label = _("people employed by partners in %(district)s") % {"district": district_name(*where)}
    note = _("Reported by %(reported)s of %(partners)s partners for %(year)s") % {
        "reported": f"{shown.reported:,}",
        "partners": f"{shown.partners:,}",
        "year": year.label,
    }
    figure = {"value": f"{shown.amount:,}", "label": label, "note": note}
    if where == place:
        return [figure], ""
    return [figure], _(
        "For this district alone the number of people employed is not shown: too few partners here reported it, or "
        "it would give away what few partners reported elsewhere."
    )


def _map(gathered: Gathered, place: Place, name: str) -> dict[str, Any] | None:
    outline = gathered.outlines.get(place)
    if not outline:
        return None
    alt = _("Outline of %(district)s") % {"district": name}
    return {"path": outline.path, "width": outline.width, "height": outline.height, "alt": alt}


def _fields(gathered: Gathered, place: Place) -> dict[str, Any] | None:
    """The fields of work in which most partners of the directory work, as bars with their numbers."""
    partners = gathered.partners.get(place, ())
    counts = Counter(field for partner in partners for field in gathered.fields.get(partner.pk, ()))
    if not counts:
        return None
    ordered = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    rows = [{"label": clean(name), "number": number} for name, number in ordered[:MOST_FIELDS]]
    more = len(ordered) - len(rows)
    words = ngettext("and %(more)s more field", "and %(more)s more fields", more) % {"more": more}
    return {"title": _("What partners here do"), "rows": rows, "more": words if more else ""}


def _served(gathered: Gathered, place: Place) -> dict[str, Any] | None:
    """Populations that ten partners or more say they serve, of the smallest place where there are any."""
    where = place
    while not (found := gathered.figures.populations(where)):
        if where == STATE:
            return None
        where = _larger(where)
    if where == place:
        title = _("Whom they serve")
    elif where == STATE:
        title = _("Whom partners across Illinois serve")
    else:
        title = _("Whom partners in %(district)s serve") % {"district": district_name(*where)}
    return {"title": title, "names": [name for name, _number in found[:MOST_POPULATIONS]]}


def _partners(gathered: Gathered, place: Place) -> dict[str, Any] | None:
    """The names of partners in the directory, as many as the page has room for, and how many more there are."""
    partners = gathered.partners.get(place, ())
    if not partners:
        return None
    names: list[str] = []
    room = ROOM_FOR_NAMES
    for name in (clean(partner.name) for partner in partners if partner.pk in gathered.listed):
        room -= len(name) + 3
        if room < 0:
            break
        names.append(name)
    more = len(partners) - len(names)
    words = ngettext("%(more)s partner more", "%(more)s partners more", more) % {"more": more}
    return {"title": _("Partners here"), "names": names, "more": words if more else ""}


def _legislators(gathered: Gathered, place: Place) -> dict[str, Any]:
    """Who sits for the district: a House district's two, a Senate district's three, with their phones."""
    chamber, number = place
    if chamber == Chamber.LOWER:
        wanted = [place, (Chamber.UPPER.value, senate_district(number))]
    else:
        wanted = [place, *((Chamber.LOWER.value, house) for house in house_districts(number))]
    return {
        "title": _("Who speaks for this district"),
        "people": [_person(gathered.seats[seat]) for seat in wanted if seat in gathered.seats],
    }


def _person(seat: Seat) -> dict[str, Any]:
    member = seat.legislator
    if member is None:
        return {"role": seat.role, "name": _("Vacant seat"), "seat": seat.name, "party": "", "phones": []}
    phones: dict[str, str] = {}
    for office in member.offices.all():
        if office.phone:
            phones.setdefault(clean(office.phone), str(office.get_kind_display()))
    return {
        "role": seat.role,
        "name": clean(member.name),
        "seat": seat.name,
        "party": clean(member.party),
        "phones": [[_capital(label), phone] for phone, label in list(phones.items())[:2]],
    }


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _findings(gathered: Gathered, place: Place) -> dict[str, Any] | None:
    found = findings_for(gathered, place)
    if not found:
        return None
    rows = [
        {
            "value": clean(finding.value),
            "claim": clean(finding.claim),
            "source": f"{finding.place_words}, {finding.year}. {clean(finding.source)}",
        }
        for finding in found
    ]
    return {"title": _("What research says"), "rows": rows}


def _notes(gathered: Gathered, note: str) -> list[str]:
    """How the numbers came about."""
    notes = [
        _(
            "A partner counts in the district in which its ZIP code most likely lies. A Senate district is its two "
            "House districts together."
        )
    ]
    if gathered.figures.year is not None:
        notes.append(_reported(gathered.figures.year))
    return [*notes, note] if note else notes


def _reported(year: FiscalYear) -> str:
    return _(
        "What partners reported was counted once, at the end of %(year)s. Numbers that rest on fewer than ten partners "
        "are not shown."
    ) % {"year": year.label}

"""A search over bills in words, and as chips that take one part of it off."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Model
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from legislation.chambers import Chamber, GeneralAssembly
from legislation.models import Bill, BillTracking, Committee, Legislator, Subject
from legislation.models.tracking import Position
from legislation.search.bills import ANY, HEARING_DAYS, BillSearch

# What is chosen by its short name, and what its name is called.
_NAMED: dict[str, type[Model]] = {"subject": Subject, "committee": Committee, "sponsor": Legislator}
Names = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Chip:
    """One part of a search in words, and the query of the search without it."""

    label: str
    query: str


def chips(search: BillSearch, names: Names | None = None) -> list[Chip]:
    """Every part that is set, in the order of the form. `names` saves reading those that are known."""
    return [
        Chip(_label(name, value, names or {}), search.without(name, value).canonical_query())
        for name, value in search.pairs()
        if name != "sort"
    ]


def describe(search: BillSearch) -> str:
    """The search as a name for it: `“wages”, House, In committee`. One read for each thing it names."""
    labels = [_label(name, value, {}) for name, value in search.pairs() if name != "sort"]
    return ", ".join(labels) if labels else _("All bills")


def _label(name: str, value: str, names: Names) -> str:
    if name in _NAMED:
        return _named_label(name, value, names)
    if name in {"position", "priority"}:
        return _tracking_label(name, value)
    if name == "changed":
        days = int(value)
        return ngettext("Changed in the last day", "Changed in the last %(days)d days", days) % {"days": days}
    if name in {"kind", "stage"}:
        return capfirst(str((Bill.Kind if name == "kind" else Bill.Stage)(value).label))
    if name == "chamber":
        return str(Chamber(value).label)
    if name == "session":
        return _("%(number)s General Assembly") % {"number": GeneralAssembly(int(value)).ordinal}
    return {
        "q": _("“%(words)s”") % {"words": value},
        "hearing": _("Hearing in the next %(days)d days") % {"days": HEARING_DAYS},
        "partners": _("Partners on record"),
    }[name]


def _tracking_label(name: str, value: str) -> str:
    if value == ANY:
        return _("Any position of ours") if name == "position" else _("Any priority of ours")
    if name == "priority":
        return _("Our priority: %(priority)s") % {"priority": BillTracking.Priority(value).label}
    words = {
        Position.SUPPORT: _("We support"),
        Position.OPPOSE: _("We oppose"),
        Position.NEUTRAL: _("We are neutral"),
    }
    return words[Position(value)]


def _named_label(name: str, slug: str, names: Names) -> str:
    """A thing by its own name; one that is no longer there by its short name."""
    known = names.get(name, {}).get(slug)
    label = known or str(_NAMED[name]._default_manager.filter(slug=slug).first() or slug)
    words = {
        "subject": _("Subject: %(name)s"),
        "committee": _("In committee: %(name)s"),
        "sponsor": _("Sponsor: %(name)s"),
    }
    return words[name] % {"name": label}

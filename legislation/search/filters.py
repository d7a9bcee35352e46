"""The search form over bills: what each filter offers, in few reads, because everybody opens this page."""

from collections.abc import Iterable
from html import escape
from typing import NamedTuple

from django.db.models import CharField, Max, Min, Value
from django.db.models.functions import Cast, Concat
from django.utils.functional import cached_property
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from legislation.chambers import Chamber, GeneralAssembly
from legislation.models import Bill, BillTracking, Committee, Legislator, Subject
from legislation.models.tracking import Position
from legislation.search.bills import ANY, BillSearch
from legislation.search.words import Chip, chips

DAYS = (1, 7, 14, 30, 90, 365)
_TEXT = CharField()


class Choice(NamedTuple):
    """One value of a filter: `value` in the address, `label` on the page."""

    value: str
    label: str


def _named_things() -> dict[str, list[Choice]]:
    """Subjects, committees of today and members of today by name, in one read."""
    subjects = Subject.objects.order_by().values_list(
        Value("subject"), Cast("order", _TEXT), "slug", Cast("name", _TEXT)
    )
    committees = (
        Committee.objects.current().order_by().values_list(Value("committee"), "chamber", "slug", "name")
    )
    names = Concat("family_name", Value(", "), "given_name", output_field=_TEXT)
    members = Legislator.objects.current().order_by().values_list(Value("sponsor"), Value(""), "slug", names)
    found: dict[str, list[Choice]] = {"subject": [], "committee": [], "sponsor": []}
    rows = subjects.union(committees, members, all=True)
    places = {"lower": _("House"), "upper": _("Senate"), "joint": _("Joint")}
    for kind, group, slug, name in sorted(rows, key=_place):
        found[kind].append(Choice(slug, f"{places[group]}: {name}" if kind == "committee" else name))
    return found


def _place(row: tuple[str, str, str, str]) -> tuple[str, int, str, str]:
    kind, group, _slug, name = row
    return kind, int(group) if kind == "subject" else 0, group, name.lower()


class SearchForm:
    """The filters of one search, with what is chosen. Two reads."""

    def __init__(self, search: BillSearch) -> None:
        self.search = search
        self.things = _named_things()

    @cached_property
    def chips(self) -> list[Chip]:
        """What is set, each with the search that leaves it out."""
        names = {kind: dict(choices) for kind, choices in self.things.items()}
        return chips(self.search, names)

    @cached_property
    def sessions(self) -> SafeString:
        """General Assemblies from the first to the last in our records; nothing to choose where there is one."""
        ends = Bill.objects.aggregate(first=Min("session"), last=Max("session"))
        if not ends["last"] or ends["first"] == ends["last"]:
            return mark_safe("")
        numbers = range(ends["last"], ends["first"] - 1, -1)
        return self._options(
            "session",
            (
                Choice(str(number), _("%(number)s (%(year)d to %(end)d)") % _years(number))
                for number in numbers
            ),
        )

    @property
    def chambers(self) -> SafeString:
        return self._options("chamber", Chamber.choices)

    @property
    def kinds(self) -> SafeString:
        return self._options("kind", ((value, capfirst(label)) for value, label in Bill.Kind.choices))

    @property
    def subjects(self) -> SafeString:
        return self._options("subject", self.things["subject"])

    @property
    def committees(self) -> SafeString:
        return self._options("committee", self.things["committee"])

    @property
    def sponsors(self) -> SafeString:
        return self._options("sponsor", self.things["sponsor"])

    @property
    def positions(self) -> SafeString:
        words = {
            Position.SUPPORT: _("We support"),
            Position.OPPOSE: _("We oppose"),
            Position.NEUTRAL: _("We are neutral"),
        }
        return self._options("position", [(ANY, _("Any position of ours")), *words.items()])

    @property
    def priorities(self) -> SafeString:
        choices = ((value, capfirst(label)) for value, label in BillTracking.Priority.choices)
        return self._options("priority", choices)

    @property
    def changes(self) -> SafeString:
        days = sorted({*DAYS, *([self.search.changed] if self.search.changed else [])})
        return self._options(
            "changed",
            (
                (str(day), ngettext("In the last day", "In the last %(days)d days", day) % {"days": day})
                for day in days
            ),
        )

    @property
    def sorts(self) -> SafeString:
        choices = [("recent", _("Last action first")), ("number", _("Number"))]
        if self.search.q:
            choices.insert(0, ("relevance", _("Best match first")))
        return self._options("sort", choices, self.search.order)

    @property
    def stages(self) -> list[tuple[str, str, bool]]:
        """Value, label and whether it is chosen, for the checkboxes."""
        return [
            (value, capfirst(str(label)), value in self.search.stage) for value, label in Bill.Stage.choices
        ]

    @property
    def shows_more(self) -> bool:
        """Whether a filter of the folded part is set."""
        asked = self.search
        return bool(
            asked.session
            or asked.chamber
            or asked.kind
            or asked.stage
            or asked.priority
            or asked.committee
            or asked.sponsor
            or asked.changed
            or asked.partners
        )

    def _options(
        self, name: str, choices: Iterable[tuple[str, object]], chosen: str | None = None
    ) -> SafeString:
        """The `<option>`s of one filter. Escaped here: a template loop takes much longer."""
        marked = str(getattr(self.search, name) or "") if chosen is None else chosen
        return mark_safe(  # noqa: S308 - escaped right here
            "".join(
                f'<option value="{escape(value)}"{" selected" if value == marked else ""}>{escape(str(label))}</option>'
                for value, label in choices
            )
        )


def _years(number: int) -> dict[str, object]:
    assembly = GeneralAssembly(number)
    return {"number": assembly.ordinal, "year": assembly.year, "end": assembly.year + 1}

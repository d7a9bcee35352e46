"""What facilitators are paid for an hour, by who they are: for staff with the right to see what facilitators told us.

Groups with fewer than ten facilitators are withheld, and with them what it takes that they cannot be worked out.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from partners.models import ProfileAnswer
from surveys.results import SMALLEST
from surveys.suppression import withheld, withheld_of_several
from trainings.models import Facilitation

DEFINITION = _(
    "Agreed fees ÷ hours of preparing and teaching, of sessions that took place in the 12 months before today. "
    "Facilitators tell about themselves by choice; who belongs to two groups counts in both. Coverage: facilitators "
    "who answered ÷ all who taught; “prefers not to say” counts as answered and stands in no group. Groups of fewer "
    "than ten facilitators are withheld, with as many others as it takes that nobody can be worked out."
)
YEAR = timedelta(days=365)
_CENT = Decimal("0.01")


@dataclass(frozen=True)
class Pay:
    """Fees and hours of some facilitators. Withheld where they are so few that one could be told apart."""

    label: str | Promise
    people: int = 0
    hours: Decimal = Decimal(0)
    fees: Decimal = Decimal(0)
    is_withheld: bool = False

    @property
    def per_hour(self) -> Decimal | None:
        """Dollars for an hour; None where nobody noted hours."""
        return (self.fees / self.hours).quantize(_CENT, ROUND_HALF_UP) if self.hours else None


@dataclass(frozen=True)
class PayEquity:
    """The report: everybody, and by race or ethnicity and ability status, with how many answered."""

    total: Pay
    races: list[Pay]
    abilities: list[Pay]
    answered_races: int
    answered_abilities: int
    definition: str | Promise = DEFINITION

    @property
    def has_withheld(self) -> bool:
        return any(pay.is_withheld for pay in [*self.races, *self.abilities])


def pay_equity(now: datetime) -> PayEquity:
    """The report over the 12 months before `now`. One query."""
    rows = list(_taught(now))
    told = {row.facilitator_id: getattr(row.facilitator, "demographics", None) for row in rows}
    races = {pk: set(said.races) for pk, said in told.items() if said and (said.races or said.declined)}
    described = {pk for pk, said in told.items() if said and said.self_description}
    abilities = {pk: {said.ability} for pk, said in told.items() if said and (said.ability or said.declined)}
    return PayEquity(
        total=_pay(_("all facilitators"), rows),
        races=_groups(rows, ProfileAnswer.Race.choices, races),
        abilities=_groups(rows, ProfileAnswer.Ability.choices, abilities),
        answered_races=len(races.keys() | described),
        answered_abilities=len(abilities),
    )


def pay_shown_to_all(now: datetime) -> Pay:
    """The one number for the public: all facilitators together, withheld where fewer than ten taught."""
    total = _pay(_("all facilitators"), list(_taught(now)))
    return _hidden(total) if total.people < SMALLEST else total


def _taught(now: datetime) -> Iterable[Facilitation]:
    held = Facilitation.objects.held(now).filter(
        session__starts_at__gte=now - YEAR, session__starts_at__lt=now
    )
    return held.select_related("facilitator__demographics")


def _groups(
    rows: Collection[Facilitation], choices: Iterable[tuple[str, str | Promise]], answers: dict[int, set[str]]
) -> list[Pay]:
    found = [
        _pay(label, [row for row in rows if value in answers.get(row.facilitator_id, ())])
        for value, label in choices
    ]
    counts = [pay.people for pay in found]
    everybody = len({row.facilitator_id for row in rows})
    # What is left over when the groups are taken from the total is a group too.
    rest = everybody - len({pk for pk, said in answers.items() if said - {""}})
    hidden = withheld([*counts, rest]) | withheld_of_several(counts, everybody)
    return [_hidden(pay) if place in hidden else pay for place, pay in enumerate(found)]


def _pay(label: str | Promise, rows: Collection[Facilitation]) -> Pay:
    return Pay(
        label=label,
        people=len({row.facilitator_id for row in rows}),
        hours=sum((row.hours for row in rows), Decimal(0)),
        fees=sum((row.fee for row in rows), Decimal(0)),
    )


def _hidden(pay: Pay) -> Pay:
    return Pay(label=pay.label, is_withheld=True)

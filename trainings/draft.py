"""A registration that is being written: which pages it has, and the answers so far.

The answers wait in the visitor's session, as those of joining do. What is sent in the end is a `Registration`.
"""

from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.http import HttpRequest

from partners.gatherings.models import Mode
from partners.models import Person
from trainings.forms import BOTH, COLLEAGUES, MYSELF, ONLINE, needs_in_words
from trainings.models import FeeTier, Session
from trainings.scholarship_forms import A_PART, NO_HELP
from trainings.services.registering import Participant, new_reference
from trainings.services.scholarships import HelpWanted

WHO, NAMES, WISHES, FEE, HELP, CHECK = "who", "colleagues", "wishes", "fee", "help", "check"


@dataclass
class Draft:
    """The answers of one visitor for one session. `reference` is given out once, so that sending twice counts once."""

    session: Session
    person: Person | None
    reference: str
    source: str = ""
    answers: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, request: HttpRequest, session: Session, person: Person | None) -> "Draft":
        """What this visitor wrote so far. Answers given under another login are not taken up."""
        kept = request.session.get(_key(session)) or {}
        if kept.get("person") != (person.pk if person else None):
            kept = {}
        return cls(
            session=session,
            person=person,
            reference=kept.get("reference") or new_reference(),
            source=kept.get("source", ""),
            answers=kept.get("answers", {}),
        )

    def keep(self, request: HttpRequest) -> None:
        request.session[_key(self.session)] = {
            "person": self.person.pk if self.person else None,
            "reference": self.reference,
            "source": self.source,
            "answers": self.answers,
        }

    def forget(self, request: HttpRequest) -> None:
        request.session.pop(_key(self.session), None)

    # --- Pages ----------------------------------------------------------------------------------------------

    @property
    def takes_part(self) -> bool:
        return self._who != COLLEAGUES

    @property
    def _who(self) -> str:
        return str(self.answers.get(WHO, {}).get("who", MYSELF))

    @property
    def steps(self) -> list[str]:
        """The pages of this registration in their order."""
        steps = [WHO]
        if self._who in {BOTH, COLLEAGUES}:
            steps.append(NAMES)
        if self.takes_part or self.session.mode == Mode.HYBRID:
            steps.append(WISHES)
        if self.offered:
            steps.append(FEE)
        if self.tier and self.tier.amount:
            steps.append(HELP)
        return [*steps, CHECK]

    @property
    def first_open(self) -> str:
        """The first page that is not answered yet."""
        return next(step for step in self.steps if step == CHECK or step not in self.answers)

    # --- What is registered ---------------------------------------------------------------------------------

    @property
    def own_address(self) -> str:
        return self.person.email if self.person else str(self.answers[WHO].get("email", ""))

    @property
    def contact(self) -> Participant:
        """Whoever registers."""
        answers = self.answers[WHO]
        wishes = self.answers.get(WISHES, {})
        known = {name: getattr(self.person, name) for name in _NAMES} if self.person else {}
        return Participant(
            **{name: known.get(name) or answers.get(name, "") for name in _NAMES},
            is_online=self._is_online,
            needs=needs_in_words(wishes),
            language=wishes.get("language", ""),
        )

    @property
    def people(self) -> list[Participant]:
        """Whoever takes part, in the order in which seats are given."""
        own = [self.contact] if self.takes_part else []
        named = self.answers.get(NAMES, []) if NAMES in self.steps else []
        return own + [Participant(**one, is_online=self._is_online) for one in named]

    @property
    def _is_online(self) -> bool:
        if self.session.mode == Mode.HYBRID:
            return bool(self.answers.get(WISHES, {}).get("how") == ONLINE)
        return self.session.mode == Mode.ONLINE

    @cached_property
    def offered(self) -> dict[int, FeeTier]:
        """The fees that can be chosen, by number."""
        return {tier.pk: tier for tier in self.session.course.tiers.filter(is_offered=True)}

    @property
    def tier(self) -> FeeTier | None:
        return self.offered.get(self.answers.get(FEE, {}).get("tier"))

    @property
    def help_wanted(self) -> HelpWanted | None:
        """What a scholarship is asked for; None where nobody asks, or there is no fee."""
        answers = self.answers.get(HELP, {})
        if HELP not in self.steps or answers.get("how_much", NO_HELP) == NO_HELP:
            return None
        amount = Decimal(answers["amount"]) if answers["how_much"] == A_PART else None
        return HelpWanted(amount=amount, why=answers.get("why", ""))


_NAMES = ("email", "first_name", "last_name")


def _key(session: Session) -> str:
    return f"training_registration_{session.pk}"

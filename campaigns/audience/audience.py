"""An audience: rules over people and organizations, and what can be asked of it."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import TextField
from django.db.models.expressions import RawSQL

from campaigns.audience import size as counting
from campaigns.audience.query import rows
from campaigns.audience.rules import BadRules, Node, describe, parse, to_tree
from campaigns.audience.saved import expand
from campaigns.audience.selecting import Chosen, people_select, subscribers_select
from campaigns.audience.size import AudienceSize, Member
from campaigns.audience.sql import Sql
from campaigns.merge_fields import MERGE_FIELDS
from campaigns.models import ActionAlert
from mailing.services.filling import RecipientSelect
from partners.models import Person
from partners.querysets import PersonQuerySet

WHY = "_why"
ALL_SLOTS = (*MERGE_FIELDS, WHY)


@dataclass(frozen=True)
class Audience:
    """Who an alert is for. `rules` is the tree as it is stored (see `campaigns.audience.rules`).

    Whatever is asked raises `BadRules` where the tree is none, or names what is gone.
    """

    rules: dict[str, Any] = field(default_factory=dict)
    include_subscribers: bool = False

    @classmethod
    def of(cls, alert: ActionAlert) -> "Audience":
        """The audience an alert carries."""
        return cls(alert.rules or {}, alert.include_subscribers)

    @cached_property
    def written(self) -> Node:
        """The rules as staff wrote them."""
        return parse(self.rules)

    @cached_property
    def node(self) -> Node:
        """The rules with the saved segments put in."""
        return expand(self.written)

    def describe(self) -> str:
        """The rules in words, also where they name what is gone by now."""
        try:
            return describe(parse(self.rules, strict=False))
        except BadRules as reason:
            return str(reason)

    def problem(self) -> str:
        """Why nobody can be chosen by these rules, in words; empty where they are good."""
        try:
            _checked = self.node
        except BadRules as reason:
            return str(reason)
        return ""

    def size(self) -> AudienceSize:
        """How many people, organizations and subscribers, and who of them will be skipped."""
        return counting.audience_size(self.node, with_subscribers=self.include_subscribers)

    def sample(self, number: int = 10, words: str = "") -> list[Member]:
        """Some people of the audience by name; with words, those in whom all of them are found."""
        return counting.sample(self.node, number, words)

    def reasons(self, people: Sequence[int]) -> dict[int, list[str]]:
        """Why some people are in the audience: by their number, the conditions that hold for them."""
        return counting.reasons(self.node, people)

    def people(self) -> PersonQuerySet:
        """Matching people, each once, with `organization_name`: of the organization they stand for."""
        chosen = Chosen(self.node).sql()
        name = Sql.fill(
            "SELECT organization.name FROM ({chosen}) AS chosen "
            "JOIN partners_organization AS organization ON organization.id = chosen.organization_id "
            "WHERE chosen.person_id = partners_person.id",
            chosen=chosen,
        )
        return self._among(rows(self.node).people()).annotate(
            organization_name=RawSQL(name.text, name.params, TextField())  # noqa: S611 - made of our own pieces
        )

    def lacking(self, name: str) -> PersonQuerySet:
        """People of the audience for whom the merge field `name` is not known. Subscribers are not among them."""
        return self._among(counting.lacking(self.node, name))

    def slots(self, person: Person | None, names: Collection[str] = ALL_SLOTS) -> dict[str, str]:
        """What fills the merge fields for one person, whether or not they are in the audience; only what is known."""
        if person is None:
            return {}
        asked = list(names)
        found = counting.slots_of(self.node, person.pk, asked)
        return found or counting.slots_of(
            parse({"field": "person", "is": [str(person.pk)]}), person.pk, asked
        )

    def select(self, slots: Collection[str] = ALL_SLOTS) -> RecipientSelect:
        """Everybody once, as `mailing` takes them. `slots` names the merge fields that the message uses."""
        names = [name for name in ALL_SLOTS if name in slots]
        people = people_select(self.node, names)
        if not self.include_subscribers:
            return RecipientSelect(people.text, people.params)
        both = Sql.joined([people, subscribers_select(self.node, names)], " UNION ALL ")
        return RecipientSelect(both.text, both.params)

    def rows_to_read(self, slots: Collection[str] = ALL_SLOTS) -> list[tuple[Any, ...]]:
        """The rows of `select`, for tests and for small audiences."""
        select = self.select(slots)
        return [
            (*row[:4], json.loads(row[4])) for row in counting.fetch(Sql(select.sql, tuple(select.params)))
        ]

    @staticmethod
    def _among(numbers: Sql) -> PersonQuerySet:
        return Person.objects.filter(pk__in=RawSQL(numbers.text, numbers.params))  # noqa: S611


def fixed_rules(alert: ActionAlert) -> dict[str, Any]:
    """The alert's rules with the saved segments put in as they are now, to tell later whether anything changed."""
    return to_tree(Audience.of(alert).node)

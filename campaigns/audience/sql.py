"""Pieces of SQL with their values, and what a condition may be: a set of people, of organizations, or a test of a row.

An audience is one SELECT over people and their memberships, put together from such pieces, so that a million people
are found by a few hash joins and not one by one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from string import Formatter
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet


@dataclass(frozen=True)
class Sql:
    """SQL text and the values for its `%s`, in their order."""

    text: str
    params: tuple[Any, ...] = ()

    @classmethod
    def fill(cls, template: str, **parts: "Sql | None") -> "Sql":
        """Puts pieces in the places `{name}` of a template; their values go along in the right order."""
        text = ""
        params: tuple[Any, ...] = ()
        for literal, name, _spec, _conversion in Formatter().parse(template):
            text += literal
            part = parts[name] if name is not None else None
            if part is not None:
                text += part.text
                params += part.params
        return cls(text, params)

    @classmethod
    def joined(cls, parts: Iterable["Sql"], by: str) -> "Sql":
        """Pieces one after the other, with `by` between."""
        found = list(parts)
        return cls(
            by.join(part.text for part in found), tuple(value for part in found for value in part.params)
        )


TRUE, FALSE, NOTHING = Sql("TRUE"), Sql("FALSE"), Sql("")


def value(one: object) -> Sql:
    """A single value."""
    return Sql("%s", (one,))


def query_sql(query: "QuerySet[Any, Any] | Sql") -> Sql:
    """A queryset's SELECT. What Django knows to be empty becomes a SELECT without rows."""
    if isinstance(query, Sql):
        return query
    try:
        text, params = query.order_by().query.sql_with_params()
    except EmptyResultSet:
        return Sql("SELECT NULL::bigint WHERE FALSE")
    return Sql(text, tuple(params))


# --- What a condition may be -------------------------------------------------------------------------------------


class Test:
    """True or false of a row: a person together with one of their memberships, or with none."""

    def __invert__(self) -> "Test":
        return Inverse(self)

    def __and__(self, other: "Test") -> "Test":
        return Combined("AND", (self, other))

    def __or__(self, other: "Test") -> "Test":
        return Combined("OR", (self, other))

    @property
    def is_personal(self) -> bool:
        """Whether it is the same for all rows of a person."""
        return False


@dataclass(frozen=True)
class PersonIn(Test):
    """The person is one of those that a query names; its one column holds people's numbers."""

    query: "QuerySet[Any, Any] | Sql"

    @property
    def is_personal(self) -> bool:
        return True


@dataclass(frozen=True)
class OrganizationIn(Test):
    """The membership's organization is one of those that a query names; its one column holds their numbers."""

    query: "QuerySet[Any, Any]"


@dataclass(frozen=True)
class RowIs(Test):
    """SQL over `membership`, `organization` and, where `needs_person` says so, `person`."""

    sql: Sql
    needs_person: bool = False


@dataclass(frozen=True)
class Inverse(Test):
    """True where the other is not."""

    test: Test

    @property
    def is_personal(self) -> bool:
        return self.test.is_personal


@dataclass(frozen=True)
class Combined(Test):
    """All (`AND`) or at least one (`OR`) of several."""

    by: str
    tests: tuple[Test, ...]

    @property
    def is_personal(self) -> bool:
        return all(test.is_personal for test in self.tests)


def either(tests: Iterable[Test]) -> Test:
    """At least one of several tests; with a single one, that one."""
    found = tuple(tests)
    return found[0] if len(found) == 1 else Combined("OR", found)

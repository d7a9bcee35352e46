"""From rules to SQL: one SELECT of rows, a row being a person with one of their memberships.

Whom an audience is made of: people with a current membership in an active organization. A condition on the
membership's status lifts "current", one on the organization's status lifts "active", and a contact list, a topic, a
person named directly and "belongs to no partner" lift both, each for the conditions that must hold beside it (in the
same "all" group and the groups inside). Conditions about an organization look at current memberships in active
organizations also then, unless a status condition stands beside them.

Conditions that must hold together hold for one and the same membership: an advocate in Cook who is a viewer in Lake is
no advocate in Lake. "Not" leaves out every person who matches, with whatever membership.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from campaigns.audience.fields import Frees, condition
from campaigns.audience.rules import Group, Leaf, Node, Not, leaves
from campaigns.audience.sql import (
    NOTHING,
    TRUE,
    Combined,
    Inverse,
    OrganizationIn,
    PersonIn,
    RowIs,
    Sql,
    Test,
    query_sql,
)

_CURRENT = "membership.ended_on IS NULL"
_ACTIVE = "organization.status = 'active'"
_BY_MEMBERSHIP = Sql(
    "partners_membership AS membership "
    "JOIN partners_organization AS organization ON organization.id = membership.organization_id"
)


@dataclass(frozen=True)
class Rows:
    """A SELECT over people and memberships, in parts. `person_id` is the column that names the person."""

    tables: Sql
    where: Sql
    person_id: str

    def select(self, columns: str | Sql) -> Sql:
        """The rows with these columns."""
        return Sql.fill(
            "SELECT {columns} FROM {tables} WHERE {where}",
            columns=Sql(columns) if isinstance(columns, str) else columns,
            tables=self.tables,
            where=self.where,
        )

    def narrowed(self, test: Sql) -> "Rows":
        """Those of the rows for which one more test holds."""
        return replace(self, where=_and(test, self.where))

    def people(self) -> Sql:
        """The people's numbers, as often as they match."""
        return self.select(self.person_id)


def rows(node: Node, only: Sequence[int] | None = None, *, with_person: bool = False) -> Rows:
    """The rows that match rules without saved segments in them; of some people only, where `only` names them.

    `with_person` makes sure that `person` is among the tables.
    """
    return _rows(node, Frees.NOTHING, only, with_person)


def truths(tests: Sequence[Leaf], only: Sequence[int]) -> Sql:
    """For some people, which conditions hold for them in any of their memberships: their number, then a boolean each."""
    everybody = Group("all", ())
    builder = _Builder("person.id", only)
    columns = [
        Sql.fill("coalesce(bool_or({test}), FALSE)", test=builder.test(leaf, Frees.NOTHING, scoped=True))
        for leaf in tests
    ]
    found = _with_tables(
        builder, everybody, Frees.ANYBODY | Frees.ENDED | Frees.STATUS, _among("person.id", only)
    )
    return Sql.fill(
        "{select} GROUP BY person.id", select=found.select(Sql.joined([Sql("person.id"), *columns], ", "))
    )


def frees(node: Node) -> Frees:
    """What the rules ask for themselves, for everything that must hold beside them."""
    if isinstance(node, Leaf):
        return condition(node.field).frees
    if isinstance(node, Not) or not node.nodes:
        return Frees.NOTHING
    found = [frees(one) for one in node.nodes]
    result = found[0]
    for one in found[1:]:
        result = result | one if node.kind == "all" else result & one
    return result


def _rows(node: Node, freed: Frees, only: Sequence[int] | None, with_person: bool = False) -> Rows:
    builder = _Builder("person.id" if _is_for_anybody(node, freed) else "membership.person_id", only)
    builder.needs_person = with_person
    where = builder.test(node, freed)
    if only is not None:
        where = _and(_among(builder.person_id, only), where)
    return _with_tables(builder, node, freed, where)


def _with_tables(builder: "_Builder", node: Node, freed: Frees, where: Sql) -> Rows:
    person = "partners_person AS person"
    if builder.person_id == "person.id":
        # Without a condition on status nobody asks for other memberships than those of partners' people.
        only = TRUE if _names_status(node, freed) else Sql(f"{_CURRENT} AND {_ACTIVE}")
        tables = Sql.fill(
            person + " LEFT JOIN ({rows}) ON membership.person_id = person.id AND {only}",
            rows=_BY_MEMBERSHIP,
            only=only,
        )
    else:
        more = f" JOIN {person} ON person.id = membership.person_id" if builder.needs_person else ""
        tables = Sql.fill("{rows}{more}", rows=_BY_MEMBERSHIP, more=Sql(more))
    return Rows(Sql.joined([tables, *builder.joins], " "), where, builder.person_id)


def _is_for_anybody(node: Node, freed: Frees) -> bool:
    """Whether a row may match without a membership."""
    return bool((freed | asked_for(node)) & Frees.ANYBODY)


def _names_status(node: Node, freed: Frees) -> bool:
    return bool((freed | asked_for(node)) & (Frees.ENDED | Frees.STATUS))


def asked_for(node: Node) -> Frees:
    """What any part of the rules asks for itself. What "not" leaves out asks for nobody."""
    if isinstance(node, Leaf):
        return condition(node.field).frees
    found = Frees.NOTHING
    if isinstance(node, Group):
        for one in node.nodes:
            found |= asked_for(one)
    return found


class _Builder:
    """Turns rules into one WHERE, and notes the joins that it needs."""

    def __init__(self, person_id: str, only: Sequence[int] | None) -> None:
        self.person_id = person_id
        self.only = only
        self.joins: list[Sql] = []
        self.needs_person = False
        self._known: dict[str, str] = {}

    def test(self, node: Node, freed: Frees, *, scoped: bool = False) -> Sql:
        """The SQL for a node. `freed`: what the conditions beside it ask for; `scoped`: the default is asked above."""
        if isinstance(node, Leaf):
            return self._leaf(node, freed, scoped)
        if isinstance(node, Not):
            inside = self._not(node.node, freed)
            return inside if scoped else _and(_default(freed, personal=True), inside)
        if node.kind == "all":
            freed |= frees(node)
        if not scoped and not freed and not asked_for(node):
            # Asked once for the whole group.
            return _and(_default(freed, personal=True), self.test(node, freed, scoped=True))
        parts = [self.test(one, freed, scoped=scoped) for one in node.nodes]
        if not parts:
            return TRUE if scoped else _default(freed, personal=True)
        return _in_brackets(parts, " AND " if node.kind == "all" else " OR ")

    def _leaf(self, leaf: Leaf, freed: Frees, scoped: bool) -> Sql:
        found = condition(leaf.field)
        test = self._test(found.find(leaf))
        if scoped:
            return test
        return _and(_default(freed | found.frees, personal=not found.is_about_membership), test)

    def _not(self, node: Node, freed: Frees) -> Sql:
        if _is_personal(node):
            # Already the same for all rows of a person, members or not.
            return Sql.fill("NOT {inside}", inside=self.test(node, freed | Frees.ANYBODY, scoped=True))
        matching = _rows(node, freed | Frees.ANYBODY if _is_free(node) else freed, self.only)
        return self._test(Inverse(PersonIn(matching.people())))

    def _test(self, test: Test) -> Sql:
        match test:
            case PersonIn():
                return Sql(f"{self._joined(query_sql(test.query))}.person_id IS NOT NULL")
            case OrganizationIn():
                return Sql.fill("organization.id IN ({query})", query=query_sql(test.query))
            case RowIs():
                self.needs_person |= test.needs_person
                return test.sql
            case Inverse():
                return Sql.fill("NOT {inside}", inside=self._test(test.test))
            case Combined():
                return _in_brackets([self._test(one) for one in test.tests], f" {test.by} ")
        raise TypeError(f"{test!r} is no test.")

    def _joined(self, query: Sql) -> str:
        """The name of the joined table that holds the people of a query, each once."""
        if (name := self._known.get(repr(query))) is None:
            name = self._known[repr(query)] = f"people_{len(self.joins) + 1}"
            self.joins.append(
                Sql.fill(
                    "LEFT JOIN (SELECT DISTINCT found.person_id FROM ({query}) AS found(person_id) WHERE {only}) "
                    "AS {name} ON {name}.person_id = {person}",
                    query=query,
                    only=TRUE if self.only is None else _among("found.person_id", self.only),
                    name=Sql(name),
                    person=Sql(self.person_id),
                )
            )
        return name


def _default(freed: Frees, *, personal: bool) -> Sql:
    """What is asked of the membership unless the rules ask themselves."""
    if personal and freed & Frees.ANYBODY:
        return NOTHING
    parts = [] if freed & Frees.ENDED else [Sql(_CURRENT)]
    parts += [] if freed & Frees.STATUS else [Sql(_ACTIVE)]
    if parts:
        return Sql.joined(parts, " AND ")
    # Any membership will do, but there must be one.
    return Sql("membership.id IS NOT NULL")


def _is_personal(node: Node) -> bool:
    """Whether the rules are the same for all memberships of a person."""
    for leaf in leaves(node):
        found = condition(leaf.field)
        if found.is_about_membership or not found.find(leaf).is_personal:
            return False
    return True


def _is_free(node: Node) -> bool:
    """Whether none of the conditions is about a membership."""
    return not any(condition(leaf.field).is_about_membership for leaf in leaves(node))


def _among(column: str, people: Sequence[int]) -> Sql:
    return Sql(f"{column} = ANY(%s)", (list(people),))


def _and(one: Sql, other: Sql) -> Sql:
    if one in (NOTHING, TRUE):
        return other
    return _in_brackets([one, other], " AND ")


def _in_brackets(parts: list[Sql], by: str) -> Sql:
    return Sql.fill("({inside})", inside=Sql.joined(parts, by)) if len(parts) > 1 else parts[0]

"""The rules of an audience: a tree of conditions, as it is stored, checked and said in words.

Stored as JSON: `{"all": [node, …]}`, `{"any": [node, …]}`, `{"not": node}` and the leaf
`{"field": "area", "is": ["lake", "mchenry"]}`, which holds when one of its values does; conditions with dates take
`"since"` and `"before"` ("2026-01-31"). `{}` has no condition.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from campaigns.services.errors import StateError

# What staff can still read, and a query can still be planned for.
MAX_DEPTH = 9
MAX_CONDITIONS = 60
MAX_VALUES = 1000

Tree = dict[str, Any]


class BadRules(StateError):
    """A tree that is no audience. The message says why, in words for staff."""


@dataclass(frozen=True)
class Leaf:
    """One condition: `field` names it in the registry; one of `values` must hold, within the dates."""

    field: str
    values: tuple[str, ...] = ()
    since: date | None = None
    before: date | None = None

    @property
    def numbers(self) -> list[int]:
        """The values of a condition whose values are numbers of rows."""
        return [int(one) for one in self.values]


@dataclass(frozen=True)
class Group:
    """All (`all`) or at least one (`any`) of its nodes."""

    kind: str
    nodes: tuple["Node", ...]


@dataclass(frozen=True)
class Not:
    """Leaves out every person who matches the node."""

    node: "Node"


Node = Leaf | Group | Not


def parse(tree: object, *, strict: bool = True) -> Group:
    """The tree as nodes, under one group. Raises `BadRules`; where not `strict`, values that are gone do no harm."""
    if tree in ({}, None):
        return Group("all", ())
    node = _node(tree, 1, _Reading(strict))
    return node if isinstance(node, Group) else Group("all", (node,))


@dataclass
class _Reading:
    """How a tree is read, and how many conditions were read so far."""

    strict: bool
    conditions: int = 0


def _node(tree: object, depth: int, reading: _Reading) -> Node:
    if not isinstance(tree, dict):
        raise BadRules(_("A part of the audience is no condition and no group."))
    if depth > MAX_DEPTH:
        raise BadRules(_("Groups lie too deep in each other."))
    if "field" in tree:
        reading.conditions += 1
        if reading.conditions > MAX_CONDITIONS:
            raise BadRules(_("An audience takes at most %(n)s conditions.") % {"n": MAX_CONDITIONS})
        return _leaf(tree, reading.strict)
    if len(tree) != 1:
        raise BadRules(_("A group of conditions must be “all”, “any” or “not”."))
    [(kind, inside)] = tree.items()
    if kind == "not":
        return Not(_node(inside, depth + 1, reading))
    if kind not in {"all", "any"} or not isinstance(inside, list):
        raise BadRules(_("A group of conditions must be “all”, “any” or “not”."))
    if not inside and (kind == "any" or depth > 1):
        raise BadRules(_("A group has no conditions."))
    return Group(kind, tuple(_node(one, depth + 1, reading) for one in inside))


def _leaf(tree: Tree, strict: bool) -> Leaf:
    from campaigns.audience.fields import condition

    found = condition(tree["field"])
    if unknown := set(tree) - {"field", "is", "since", "before"}:
        raise BadRules(
            _("“%(field)s” does not take “%(key)s”.") % {"field": found.label, "key": min(unknown)}
        )
    values = tree.get("is", [])
    if not isinstance(values, list) or not all(isinstance(one, str) for one in values):
        raise BadRules(_("The values of “%(field)s” must be a list of words.") % {"field": found.label})
    if len(values) > MAX_VALUES:
        raise BadRules(_("“%(field)s” takes at most %(n)s values.") % {"field": found.label, "n": MAX_VALUES})
    leaf = Leaf(found.key, tuple(dict.fromkeys(values)), _day(tree, "since"), _day(tree, "before"))
    if strict:
        found.check(leaf)
    return leaf


def _day(tree: Tree, name: str) -> date | None:
    text = tree.get(name)
    if text in (None, ""):
        return None
    try:
        day = date.fromisoformat(text)
    except (TypeError, ValueError):
        raise BadRules(_("“%(text)s” is no day.") % {"text": str(text)[:40]}) from None
    if not 1900 <= day.year <= 2200:
        raise BadRules(_("“%(text)s” is no day.") % {"text": str(text)[:40]})
    return day


def to_tree(node: Node) -> Tree:
    """The JSON of a node."""
    if isinstance(node, Group):
        return {node.kind: [to_tree(one) for one in node.nodes]} if node.nodes else {}
    if isinstance(node, Not):
        return {"not": to_tree(node.node)}
    tree: Tree = {"field": node.field}
    if node.values:
        tree["is"] = list(node.values)
    if node.since:
        tree["since"] = node.since.isoformat()
    if node.before:
        tree["before"] = node.before.isoformat()
    return tree


def leaves(node: Node) -> list[Leaf]:
    """All conditions of a tree, from top to bottom."""
    if isinstance(node, Leaf):
        return [node]
    if isinstance(node, Not):
        return leaves(node.node)
    return [leaf for one in node.nodes for leaf in leaves(one)]


# --- In words ----------------------------------------------------------------------------------------------------


def describe(node: Node) -> str:
    """The rules as a sentence, such as "Area: Lake or McHenry; and not (Role: viewer)"."""
    if isinstance(node, Leaf):
        return describe_leaf(node)
    if isinstance(node, Not):
        return _("not (%(rule)s)") % {"rule": describe(node.node)}
    if not node.nodes:
        return _("everybody with a current membership in an active organization")
    parts = [
        f"({describe(one)})" if isinstance(one, Group) and len(one.nodes) > 1 else describe(one)
        for one in node.nodes
    ]
    return (_("; and ") if node.kind == "all" else _("; or ")).join(parts)


def describe_leaf(leaf: Leaf) -> str:
    """One condition in words, such as "Completed the call to action: Fund 1,000 repayments, since May 1, 2026"."""
    from campaigns.audience.fields import condition

    found = condition(leaf.field)
    labels = found.options.labels(leaf.values) if found.options and leaf.values else {}
    named = [labels.get(one) or _("(gone)") for one in leaf.values]
    parts = [_(" or ").join(named)] if named else []
    if leaf.since:
        parts.append(_("since %(day)s") % {"day": date_format(leaf.since, "F j, Y")})
    if leaf.before:
        parts.append(_("before %(day)s") % {"day": date_format(leaf.before, "F j, Y")})
    return f"{found.label}: {', '.join(parts)}" if parts else str(found.label)

"""An audience while staff put it together: rules that may be unfinished, as a form sends them and shows them again.

Every node has a number that says where it stands: `0` is the outermost group, `0.2` its third part. Its facts are form
fields such as `rules-0.2-field`; a pressed button is `rules-do`, such as `add:0` or `remove:0.2`.
"""

import dataclasses
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from django.http import QueryDict
from django.utils.translation import gettext as _

from campaigns.audience.fields import Condition, condition
from campaigns.audience.rules import BadRules, Leaf, Tree

MODES = ("all", "any", "none")
# How deep groups may be put into each other on screen.
GROUPS_DEEP = 3
MAX_NODES = 150
_NUMBER = re.compile(r"0(\.[0-9]{1,3}){0,8}")


@dataclass
class DraftLeaf:
    """One condition. `find` are the words somebody searches its values with."""

    field: str = ""
    negative: bool = False
    values: list[str] = dataclasses.field(default_factory=list)
    since: str = ""
    before: str = ""
    find: str = ""
    error: str = ""
    is_new: bool = False
    number: str = ""

    @property
    def condition(self) -> Condition | None:
        """What it is about; nothing while that is not chosen."""
        try:
            return condition(self.field)
        except BadRules:
            return None

    def tree(self) -> Tree | None:
        """Its rules; nothing while it is unfinished."""
        if self.problem():
            return None
        leaf: Tree = {"field": self.field}
        leaf |= {"is": self.values} if self.values else {}
        leaf |= {"since": self.since} if self.since else {}
        leaf |= {"before": self.before} if self.before else {}
        return {"not": leaf} if self.negative else leaf

    def problem(self) -> str:
        """What is missing or wrong, in words."""
        found = self.condition
        if found is None:
            return _("Choose what this condition is about, or remove it.")
        try:
            found.check(Leaf(self.field, tuple(self.values), _day(self.since), _day(self.before)))
        except BadRules as reason:
            return str(reason)
        return ""


@dataclass
class DraftGroup:
    """Conditions that hold all, at least one, or none of them."""

    mode: str = "all"
    nodes: list["DraftLeaf | DraftGroup"] = dataclasses.field(default_factory=list)
    number: str = "0"

    @property
    def depth(self) -> int:
        return self.number.count(".") + 1

    @property
    def takes_groups(self) -> bool:
        return self.depth < GROUPS_DEEP

    def tree(self) -> Tree | None:
        """Its rules without what is unfinished; nothing where nothing is left."""
        parts = [part for part in (node.tree() for node in self.nodes) if part]
        if not parts:
            return None
        if self.mode == "none":
            return {"not": parts[0] if len(parts) == 1 else {"any": parts}}
        return {self.mode: parts}

    def leaves(self) -> Iterator[DraftLeaf]:
        """All its conditions, those of its groups too."""
        for node in self.nodes:
            if isinstance(node, DraftLeaf):
                yield node
            else:
                yield from node.leaves()

    def numbered(self, number: str = "0") -> Self:
        """Numbers everything by where it stands now."""
        self.number = number
        for place, node in enumerate(self.nodes):
            if isinstance(node, DraftLeaf):
                node.number = f"{number}.{place}"
            else:
                node.numbered(f"{number}.{place}")
        return self


@dataclass
class Draft:
    """A whole audience in the making. `pressed` is the button that sent it; empty when the record is to be saved."""

    root: DraftGroup
    pressed: str = ""
    was_sent: bool = False
    with_subscribers: bool = False

    @classmethod
    def of(cls, tree: object) -> "Draft":
        """Stored rules, ready to be changed."""
        return cls(_group(tree).numbered())

    @classmethod
    def sent(cls, data: QueryDict | dict[str, Any], name: str) -> "Draft":
        """What a form sent, with what its button did already done."""
        draft = cls(_read(data, name), str(data.get(f"{name}-do", "")), was_sent=True)
        draft.with_subscribers = bool(data.get("include_subscribers"))
        if draft.pressed:
            _press(draft.root, draft.pressed, str(data.get(f"{name}-segment", "")))
        draft.root.numbered()
        return draft

    def tree(self) -> Tree:
        """The rules so far, without what is unfinished."""
        return self.root.tree() or {}

    def problems(self) -> list[str]:
        """What is missing or wrong in any condition; notes it there as well."""
        for leaf in self.root.leaves():
            leaf.error = leaf.problem()
        return list(dict.fromkeys(leaf.error for leaf in self.root.leaves() if leaf.error))


# --- From rules --------------------------------------------------------------------------------------------------


def _group(tree: object) -> DraftGroup:
    node = _node(tree) if isinstance(tree, dict) and tree else DraftGroup()
    return node if isinstance(node, DraftGroup) else DraftGroup(nodes=[node])


def _node(tree: Tree) -> DraftLeaf | DraftGroup:
    if "field" in tree:
        return DraftLeaf(
            field=str(tree["field"]),
            values=[str(one) for one in tree.get("is") or []],
            since=str(tree.get("since") or ""),
            before=str(tree.get("before") or ""),
        )
    if "not" in tree:
        inside = _node(tree["not"])
        if isinstance(inside, DraftLeaf) and not inside.negative:
            inside.negative = True
            return inside
        if isinstance(inside, DraftGroup) and inside.mode == "any":
            inside.mode = "none"
            return inside
        return DraftGroup("none", [inside])
    mode = "any" if "any" in tree else "all"
    return DraftGroup(mode, [_node(one) for one in tree.get(mode) or [] if isinstance(one, dict)])


# --- From a form -------------------------------------------------------------------------------------------------


def _read(data: QueryDict | dict[str, Any], name: str) -> DraftGroup:
    def several(key: str) -> list[str]:
        return data.getlist(key) if isinstance(data, QueryDict) else list(data.get(key, []))

    numbers = [one for one in several(f"{name}-node")[:MAX_NODES] if _NUMBER.fullmatch(one)]
    nodes: dict[str, DraftLeaf | DraftGroup] = {}
    for number in sorted(set(numbers), key=lambda one: [int(part) for part in one.split(".")]):

        def fact(key: str, at: str = number) -> str:
            return str(data.get(f"{name}-{at}-{key}", "")).replace("\x00", "").strip()[:200]

        node: DraftLeaf | DraftGroup
        if fact("mode") in MODES or number == "0":
            node = DraftGroup(fact("mode") if fact("mode") in MODES else "all", number=number)
        else:
            shown = fact("for") == fact("field")
            node = DraftLeaf(
                field=fact("field"),
                negative=fact("op") == "not",
                values=list(dict.fromkeys(several(f"{name}-{number}-is"))) if shown else [],
                since=fact("since") if shown else "",
                before=fact("before") if shown else "",
                find=fact("find") if shown else "",
                number=number,
            )
        above = nodes.get(number.rpartition(".")[0])
        if isinstance(above, DraftGroup):
            above.nodes.append(node)
        if number == "0" or isinstance(above, DraftGroup):
            nodes[number] = node
    root = nodes.get("0")
    return root if isinstance(root, DraftGroup) else DraftGroup()


def _press(root: DraftGroup, pressed: str, segment: str) -> None:
    """Does what a button says. One that makes no sense any more does nothing."""
    verb, _colon, number = pressed.partition(":")
    for group in [root, *_groups(root)]:
        if verb == "remove":
            group.nodes = [node for node in group.nodes if node.number != number]
        elif verb == "add" and group.number == number:
            group.nodes.append(DraftLeaf(is_new=True))
        elif verb == "group" and group.number == number and group.takes_groups:
            group.nodes.append(DraftGroup("any", [DraftLeaf(is_new=True)]))
    if verb == "use" and segment.isdecimal():
        root.nodes.append(DraftLeaf("segment", values=[segment]))
    elif verb == "copy" and segment.isdecimal():
        _copy(root, int(segment[:18]))


def _copy(root: DraftGroup, segment: int) -> None:
    from campaigns.models import Segment

    found = Segment.objects.filter(pk=segment).first()
    if found is None:
        return
    copied = _group(found.rules)
    if not root.nodes:
        root.mode, root.nodes = copied.mode, copied.nodes
    elif copied.nodes:
        root.nodes.append(copied)


def _groups(group: DraftGroup) -> Iterator[DraftGroup]:
    for node in group.nodes:
        if isinstance(node, DraftGroup):
            yield node
            yield from _groups(node)


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadRules(_("“%(text)s” is no day.") % {"text": text[:40]}) from None

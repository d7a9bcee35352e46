"""Saved segments inside of rules: what they stand for, and which segments and alerts use one."""

from dataclasses import replace

from django.utils.translation import gettext as _

from campaigns.audience.rules import BadRules, Group, Node, Not, leaves, parse
from campaigns.models import ActionAlert, ContactList, Segment

FIELD = "segment"


def expand(node: Node) -> Node:
    """The rules with every saved segment replaced by its own rules. Raises `BadRules` where they go in a circle."""
    return _expand(node, ()) if uses(node) else node


def uses(node: Node) -> set[str]:
    """The numbers of the segments that the rules name themselves."""
    return {value for leaf in leaves(node) if leaf.field == FIELD for value in leaf.values}


def _expand(node: Node, inside: tuple[str, ...]) -> Node:
    if isinstance(node, Group):
        return replace(node, nodes=tuple(_expand(one, inside) for one in node.nodes))
    if isinstance(node, Not):
        return Not(_expand(node.node, inside))
    if node.field != FIELD:
        return node
    if circle := set(node.values) & set(inside):
        name = Segment.objects.get(pk=circle.pop()).name
        raise BadRules(_("The segment “%(name)s” would contain itself.") % {"name": name})
    rows = Segment.objects.in_bulk([int(value) for value in node.values])
    parts = []
    for value in node.values:
        if int(value) not in rows:
            raise BadRules(_("A saved segment that these rules use is gone."))
        parts.append(_expand(parse(rows[int(value)].rules), (*inside, value)))
    return parts[0] if len(parts) == 1 else Group("any", tuple(parts))


def check_no_circle(segment: Segment, tree: object) -> None:
    """Raises `BadRules` when a segment with these rules would contain itself, be it through others."""
    node = parse(tree)
    if segment.pk is not None:
        _expand(node, (str(segment.pk),))


def alerts_using(segment: Segment) -> list[ActionAlert]:
    """Alerts whose rules name the segment, or one that is built on it, the newest first."""
    return _alerts_naming(FIELD, {str(segment.pk)} | {str(one.pk) for one in segments_using(segment)})


def segments_using(segment: Segment) -> list[Segment]:
    """Segments that are built on this one, directly or through others."""
    return _segments_naming(FIELD, {str(segment.pk)}, apart_from=segment)


def uses_of_list(contact_list: ContactList) -> tuple[list[ActionAlert], list[Segment]]:
    """Alerts and segments whose rules name the contact list, also by way of a segment."""
    segments = _segments_naming("contact_list", {str(contact_list.pk)})
    alerts = _alerts_naming("contact_list", {str(contact_list.pk)})
    known = {alert.pk for alert in alerts}
    by_segment = _alerts_naming(FIELD, {str(one.pk) for one in segments})
    return [*alerts, *(alert for alert in by_segment if alert.pk not in known)], segments


def _alerts_naming(field: str, values: set[str]) -> list[ActionAlert]:
    rows = ActionAlert.objects.exclude(rules={}).order_by("-created_at")
    return [
        alert
        for alert in rows.only("subject", "state", "rules").iterator()
        if _named(alert.rules, field) & values
    ]


def _segments_naming(field: str, values: set[str], apart_from: Segment | None = None) -> list[Segment]:
    """Segments that name one of the values, and those that are built on these."""
    others = [one for one in Segment.objects.order_by("name") if one != apart_from]
    found = {one.pk: one for one in others if _named(one.rules, field) & values}
    numbers = {str(pk) for pk in found}
    while more := [one for one in others if one.pk not in found and _named(one.rules, FIELD) & numbers]:
        found |= {one.pk: one for one in more}
        numbers |= {str(one.pk) for one in more}
    return list(found.values())


def _named(tree: object, field: str) -> set[str]:
    """Values that stored rules name for a field, also where the rules make no sense any more."""
    if isinstance(tree, dict):
        own = set(tree.get("is") or []) if tree.get("field") == field else set()
        return own.union(*(_named(one, field) for one in tree.values()))
    if isinstance(tree, list):
        return set().union(*(_named(one, field) for one in tree))
    return set()

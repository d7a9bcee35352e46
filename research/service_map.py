"""The service map: fields of human services on a circle, with an arrow wherever one leads to another.

Drawn on the server in plain SVG geometry. Numbers stand in the circles and in the list beside the drawing, so that the
names can be left out where there is no room for them.
"""

import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from partners.models import SubSector
from research.models import Finding, ServiceConnection

WIDTH, HEIGHT = 900, 660
CENTER = (WIDTH / 2, HEIGHT / 2)
RADIUS = 220.0
NODE = 27.0
# How far names stand from the middle of their circle, how many letters a line of them holds, and a line's height.
NAME_AT, NAME_LETTERS, LINE = 42.0, 18, 22.0
# How far a line bends toward the middle, and how much room its arrow has before the circle.
BEND, TIP = 0.45, 8.0


@dataclass(frozen=True)
class Node:
    """One service: its number, its place, and where each line of its name stands."""

    service: SubSector
    number: int
    x: float
    y: float
    anchor: str
    lines: list[tuple[float, float, str]]
    is_chosen: bool
    is_near: bool


@dataclass(frozen=True)
class Edge:
    """One connection as a bent arrow. `is_chosen`: it begins or ends at the chosen service."""

    connection: ServiceConnection
    path: str
    is_chosen: bool


@dataclass(frozen=True)
class ServiceMap:
    """The drawing, and the same in words: every service with what it leads to."""

    nodes: list[Node]
    edges: list[Edge]
    chosen: Node | None
    leads_to: list[ServiceConnection]
    rests_on: list[ServiceConnection]
    groups: list[tuple[Node, list[ServiceConnection]]]


def service_map(slug: str = "") -> ServiceMap:
    """All connections, with those of the service called `slug` marked. One query."""
    connections = list(ServiceConnection.objects.select_related("source", "target", "finding"))
    for one in connections:
        # A finding that was taken back shows nothing any more.
        if one.finding and one.finding.state != Finding.State.PUBLISHED:
            one.finding = None
    services = {one.pk: one for pair in connections for one in (pair.source, pair.target)}
    ordered = sorted(services.values(), key=lambda service: (service.order, service.name))
    chosen = next((service for service in ordered if service.slug == slug), None)
    leads_to = [one for one in connections if one.source == chosen]
    rests_on = [one for one in connections if one.target == chosen]
    near = {one.target_id for one in leads_to} | {one.source_id for one in rests_on}
    nodes = [_node(service, place, len(ordered), chosen, near) for place, service in enumerate(ordered)]
    by_service = {node.service.pk: node for node in nodes}
    return ServiceMap(
        nodes=nodes,
        edges=_edges(connections, by_service, chosen),
        chosen=by_service[chosen.pk] if chosen else None,
        leads_to=leads_to,
        rests_on=rests_on,
        groups=[
            (node, begun)
            for node in nodes
            if (begun := [one for one in connections if one.source_id == node.service.pk])
        ],
    )


def _node(service: SubSector, place: int, count: int, chosen: SubSector | None, near: set[int]) -> Node:
    turn = 2 * math.pi * place / count - math.pi / 2
    side, height = math.cos(turn), math.sin(turn)
    x, y = CENTER[0] + RADIUS * side, CENTER[1] + RADIUS * height
    words = textwrap.wrap(service.name, NAME_LETTERS)
    anchor = "middle" if abs(side) < 0.15 else "start" if side > 0 else "end"
    name_x = x + (0 if anchor == "middle" else math.copysign(NAME_AT, side))
    # The block of lines is centered on the circle; above and below it stands clear of it.
    first = y + LINE / 3 - LINE * (len(words) - 1) / 2
    if anchor == "middle":
        first = y - NAME_AT - LINE * (len(words) - 1) if height < 0 else y + NAME_AT + LINE * 0.7
    lines = [(_part(name_x), _part(first + LINE * at), line) for at, line in enumerate(words)]
    return Node(service, place + 1, _part(x), _part(y), anchor, lines, service == chosen, service.pk in near)


def _edges(
    connections: Sequence[ServiceConnection], nodes: dict[int, Node], chosen: SubSector | None
) -> list[Edge]:
    """Arrows, those of the chosen service last, so that they lie over the others."""
    edges = [
        Edge(
            connection=one,
            path=_arc(nodes[one.source_id], nodes[one.target_id]),
            is_chosen=chosen is not None and chosen.pk in (one.source_id, one.target_id),
        )
        for one in connections
    ]
    return sorted(edges, key=lambda edge: edge.is_chosen)


def _arc(start: Node, end: Node) -> str:
    """A line from circle to circle that bends toward the middle, the less the nearer they are; there and back bend apart."""
    bent = BEND * min(1.0, math.dist((start.x, start.y), (end.x, end.y)) / (1.5 * RADIUS))
    middle = ((start.x + end.x) / 2, (start.y + end.y) / 2)
    across = (end.y - start.y, start.x - end.x)
    bend = (
        middle[0] + bent * (CENTER[0] - middle[0]) + 0.06 * across[0],
        middle[1] + bent * (CENTER[1] - middle[1]) + 0.06 * across[1],
    )
    begin = _toward((start.x, start.y), bend, NODE)
    finish = _toward((end.x, end.y), bend, NODE + TIP)
    return (
        f"M{_part(begin[0])} {_part(begin[1])}Q{_part(bend[0])} {_part(bend[1])} "
        f"{_part(finish[0])} {_part(finish[1])}"
    )


def _toward(point: tuple[float, float], goal: tuple[float, float], far: float) -> tuple[float, float]:
    length = math.dist(point, goal) or 1.0
    return (
        point[0] + (goal[0] - point[0]) * far / length,
        point[1] + (goal[1] - point[1]) * far / length,
    )


def _part(number: float) -> float:
    return round(number, 1)

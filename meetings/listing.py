"""The list of events: what a visitor asked for."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict

from meetings.models import Event
from meetings.querysets import EventQuerySet
from partners.gatherings.models import Mode
from partners.models import Area, User


@dataclass(frozen=True)
class EventFilter:
    """Kind, council and mode, and whether past events are asked for. A value that no list knows is left out."""

    kind: str = ""
    area: str = ""
    mode: str = ""
    past: bool = False

    @classmethod
    def parse(cls, query: QueryDict, areas: list[Area]) -> "EventFilter":
        def known(name: str, values: list[str]) -> str:
            value = query.get(name, "")
            return value if value in values else ""

        return cls(
            kind=known("kind", Event.Kind.values),
            area=known("area", [area.slug for area in areas]),
            mode=known("mode", Mode.values),
            past=query.get("when") == "past",
        )

    @property
    def is_active(self) -> bool:
        """Whether fewer than all events are asked for."""
        return bool(self.kind or self.area or self.mode)

    @property
    def query(self) -> str:
        """The same as part of an address."""
        asked = {"kind": self.kind, "area": self.area, "mode": self.mode, "when": "past" if self.past else ""}
        return urlencode({name: value for name, value in asked.items() if value})

    def queryset(self, user: User | AnonymousUser, now: datetime) -> EventQuerySet:
        """The events, with their areas. Somebody who looks for online events finds hybrid ones too."""
        events: EventQuerySet = Event.objects.visible_to(user).select_related("area")
        events = events.past(now) if self.past else events.coming(now)
        if self.kind:
            events = events.filter(kind=self.kind)
        if self.area:
            events = events.filter(area__slug=self.area)
        if self.mode:
            events = events.filter(mode__in={self.mode, Mode.HYBRID})
        return events


def kinds_for(user: User | AnonymousUser) -> list[tuple[str, str]]:
    """The kinds that somebody may choose from: internal events are staff's."""
    is_staff = user.is_authenticated and user.is_staff
    return [
        (value, str(label)) for value, label in Event.Kind.choices if is_staff or value != Event.Kind.INTERNAL
    ]

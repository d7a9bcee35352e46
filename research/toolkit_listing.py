"""The library of toolkits as a visitor asked for it: by topic and by the kind of thing in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef
from django.utils.http import urlencode

from partners.models import User
from research.models import ResearchTopic, Toolkit, ToolkitItem
from research.querysets.toolkit import ToolkitQuerySet


@dataclass(frozen=True)
class ToolkitFilter:
    """What was asked for; unknown words ask for nothing."""

    topic: str = ""
    kind: str = ""

    @classmethod
    def parse(cls, asked: Mapping[str, str], topics: Sequence[ResearchTopic]) -> "ToolkitFilter":
        topic, kind = asked.get("topic", ""), asked.get("kind", "")
        known = topic in {one.slug for one in topics}
        return cls(topic if known else "", kind if kind in ToolkitItem.Kind.values else "")

    @property
    def is_active(self) -> bool:
        return bool(self.topic or self.kind)

    @property
    def query(self) -> str:
        """The same in an address."""
        return urlencode({name: value for name, value in vars(self).items() if value})

    def toolkits(self, user: User | AnonymousUser) -> ToolkitQuerySet:
        """The published toolkits this user may read, with their items and topics."""
        found = Toolkit.objects.visible_to(user).filter(status=Toolkit.Status.PUBLISHED)
        if self.topic:
            found = found.filter(topics__slug=self.topic)
        if self.kind:
            items = ToolkitItem.objects.filter(toolkit=OuterRef("pk"), kind=self.kind)
            found = found.filter(Exists(items))
        return found.prefetch_related("items", "topics")

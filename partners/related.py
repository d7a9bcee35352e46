"""What stands beside a record on its page although a higher floor owns it.

A report's page shows stories about it, but `research` knows no stories. So `campaigns` says what it has, once, in a
module that its `AppConfig.ready` imports:

    @beside(Report)
    def stories(report: Report, now: datetime) -> Group:
        return Group(gettext("Stories"), [Link(story.headline, story.get_absolute_url()) for story in …])

and the page asks for the groups without knowing who answers: `{% include "components/related.html" %}` with
`related=groups_beside(report, now)`. Only what everybody may see belongs here: pages are cached.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Model


@dataclass(frozen=True)
class Link:
    """One thing beside a record; `detail` is a few words such as a date."""

    title: str
    url: str
    detail: str = ""


@dataclass(frozen=True)
class Group:
    """Links of one kind under a heading."""

    title: str
    links: Sequence[Link]


Answer = TypeVar("Answer", bound=Callable[..., Group])
_answers: dict[type[Model], list[Callable[[Any, datetime], Group]]] = defaultdict(list)


def beside(model: type[Model]) -> Callable[[Answer], Answer]:
    """Marks a function that knows what belongs beside a record of this kind. It asks the database once or twice."""

    def mark(answer: Answer) -> Answer:
        if answer not in _answers[model]:
            _answers[model].append(answer)
        return answer

    return mark


def groups_beside(record: Model, now: datetime) -> list[Group]:
    """What all floors have beside a record, without groups that are empty."""
    groups = [answer(record, now) for answer in _answers[type(record)]]
    return [group for group in groups if group.links]

"""The registry of conditions: what an audience can be chosen by.

A room on a lower floor adds its condition in a module of `campaigns/audience/conditions/`, such as

    register(
        Condition(
            key="attended_event",
            label=_("Attended the event"),
            group=_("Events and trainings"),
            find=lambda leaf: PersonIn(
                Attendance.objects.filter(event__in=leaf.numbers).values("person")
            ),
            options=ModelOptions(Event, search=("title",)),
        )
    )

Support status is not here because the portal does not keep it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Flag, auto
from importlib import import_module

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from campaigns.audience.options import Options, is_number
from campaigns.audience.rules import BadRules, Leaf
from campaigns.audience.sql import Test

Words = str | Promise
_MODULES = ("organization", "membership", "person", "actions", "attendance", "mail", "legislature", "saved")


class Frees(Flag):
    """What a condition asks for itself, so that the audience's default about it no longer holds beside it.

    By default an audience is made of people with a *current* membership in an *active* organization.
    """

    NOTHING = 0
    ENDED = auto()  # It says itself whether the membership is current.
    STATUS = auto()  # It says itself what status the organization has.
    ANYBODY = auto()  # It brings people who need not belong to any organization.


@dataclass(frozen=True)
class Condition:
    """One thing an audience can be chosen by.

    `find` turns a leaf into a test. `is_about_membership`: it looks at the membership or its organization, and then
    only at current ones in active organizations, unless a condition beside it asks for others.
    """

    key: str
    label: Words
    group: Words
    find: Callable[[Leaf], Test]
    options: Options | None = None
    is_about_membership: bool = False
    frees: Frees = Frees.NOTHING
    hint: Words = ""
    dated: bool = False  # Takes "since" and "before".
    needs_value: bool = True
    may_vanish: bool = False  # A value that was erased since matches nobody and stops nothing.

    def check(self, leaf: Leaf) -> None:
        """Raises `BadRules` where the leaf's values make no sense for this condition."""
        if (leaf.since or leaf.before) and not self.dated:
            raise BadRules(_("“%(field)s” takes no dates.") % {"field": self.label})
        if leaf.since and leaf.before and leaf.since >= leaf.before:
            raise BadRules(
                _("“%(field)s”: the first day must come before the second.") % {"field": self.label}
            )
        if self.options is None:
            if leaf.values:
                raise BadRules(_("“%(field)s” takes no values.") % {"field": self.label})
            if not (leaf.since or leaf.before) and self.needs_value:
                raise BadRules(_("“%(field)s”: name a day.") % {"field": self.label})
            return
        if not leaf.values and self.needs_value:
            raise BadRules(_("“%(field)s”: choose at least one.") % {"field": self.label})
        known = self.options.labels(leaf.values)
        for one in leaf.values:
            if one not in known and not (self.may_vanish and is_number(one)):
                raise BadRules(
                    _("“%(field)s” has no “%(value)s”.") % {"field": self.label, "value": one[:60]}
                )


_registry: dict[str, Condition] = {}


def register(*conditions: Condition) -> None:
    """Adds conditions to the registry. Each key stands once."""
    for one in conditions:
        if one.key in _registry:
            raise ValueError(f"There is a condition {one.key} already.")
        _registry[one.key] = one


def conditions() -> dict[str, Condition]:
    """All conditions by their key, in the order in which staff read them."""
    if not _registry:
        for name in _MODULES:
            import_module(f"campaigns.audience.conditions.{name}")
    return _registry


def condition(key: object) -> Condition:
    """The condition of that name. Raises `BadRules` where there is none."""
    found = conditions().get(key) if isinstance(key, str) else None
    if found is None:
        raise BadRules(_("There is no condition “%(key)s”.") % {"key": str(key)[:40]})
    return found


def grouped() -> Iterable[tuple[Words, list[Condition]]]:
    """The conditions by group, for a list to choose from."""
    groups: dict[str, tuple[Words, list[Condition]]] = {}
    for one in conditions().values():
        groups.setdefault(str(one.group), (one.group, []))[1].append(one)
    return groups.values()

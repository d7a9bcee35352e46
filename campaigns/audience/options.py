"""What a condition's values can be, with their names."""

from collections.abc import Callable, Collection, Iterable
from typing import Any, Protocol

from django.db.models import Model, Q, QuerySet

# More choices than this are searched by name, not shown all at once.
SHOWN = 130
FOUND = 12

Choice = tuple[str, str]


def is_number(value: str) -> bool:
    """Whether a value can be a row's number; one that is too long for the column cannot."""
    return value.isascii() and value.isdecimal() and len(value) < 19


class Options(Protocol):
    """The values of a condition. `all` is None where there are too many to show."""

    def labels(self, values: Collection[str]) -> dict[str, str]:
        """The names of those values that exist."""

    def all(self) -> list[Choice] | None:
        """Every value with its name, where they are few."""

    def found(self, words: str) -> list[Choice]:
        """The first values whose name holds all the words."""


class FixedOptions:
    """Values the program knows."""

    def __init__(self, choices: Callable[[], Iterable[tuple[str, Any]]]) -> None:
        self._choices = choices

    def all(self) -> list[Choice]:
        return [(str(value), str(label)) for value, label in self._choices()]

    def labels(self, values: Collection[str]) -> dict[str, str]:
        return {value: label for value, label in self.all() if value in values}

    def found(self, words: str) -> list[Choice]:
        return [one for one in self.all() if words.lower() in one[1].lower()][:FOUND]


class ModelOptions:
    """Rows of a table: `value` is the column that the rules hold, `search` what a name is looked for in."""

    def __init__(
        self,
        model: type[Model],
        *,
        value: str = "pk",
        search: tuple[str, ...] = ("name",),
        label: Callable[[Any], str] = str,
        rows: Callable[["QuerySet[Any]"], "QuerySet[Any]"] = lambda rows: rows,
        many: bool = False,
    ) -> None:
        self._model, self._value, self._search = model, value, search
        self._label, self._select, self._many = label, rows, many

    def _rows(self) -> "QuerySet[Any]":
        return self._select(self._model._default_manager.all())

    def _choices(self, rows: Iterable[Any]) -> list[Choice]:
        return [(str(getattr(row, self._value)), self._label(row)) for row in rows]

    def all(self) -> list[Choice] | None:
        if self._many:
            return None
        rows = list(self._rows()[: SHOWN + 1])
        return None if len(rows) > SHOWN else self._choices(rows)

    def labels(self, values: Collection[str]) -> dict[str, str]:
        wanted = [one for one in values if self._value != "pk" or is_number(one)]
        return dict(self._choices(self._rows().filter(**{f"{self._value}__in": wanted}))) if wanted else {}

    def found(self, words: str) -> list[Choice]:
        rows = self._rows()
        for word in words.split()[:6]:
            rows = rows.filter(
                Q.create([(f"{column}__icontains", word) for column in self._search], connector=Q.OR)
            )
        return self._choices(rows[:FOUND])

"""Statements whose plan PostgreSQL keeps: for the few that hundreds of requests send in a second.

To plan them anew each time costs as much as to run them, and Django plans each time. The values go to PostgreSQL apart
from the statement, so a statement must leave no doubt about their types.
"""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Model
from psycopg import Cursor

Row = TypeVar("Row", bound=Model)
Values = Mapping[str, Any] | Sequence[Any]


class _KeepingCursor(Cursor[tuple[Any, ...]]):
    """Binds on the server, and has the plan kept from the first time on."""

    def execute(self, query: Any, params: Values | None = None, **options: Any) -> "_KeepingCursor":
        return super().execute(query, params, prepare=True, **options)

    def _convert_query(self, query: Any, params: Any = None) -> Any:
        # Where Django looks for what it shows of a statement.
        self._query = super()._convert_query(query, params)
        return self._query


def fetch(statement: str, values: Values) -> list[tuple[Any, ...]]:
    """The rows that a statement brings."""
    with connection.cursor() as cursor:
        # Inside Django's own, which counts, logs and names errors as for any other statement.
        cursor.cursor = _KeepingCursor(cursor.connection)
        cursor.execute(statement, values)
        return cursor.fetchall()


def columns(model: type[Model], table: str = "") -> str:
    """A model's columns for `SELECT` or `RETURNING`, in the order that `made_of` takes.

    Each by its name: a plan with "*" would fail once a migration adds a column.
    """
    prefix = f"{table or model._meta.db_table}."
    return ", ".join(f"{prefix}{field.column}" for field in model._meta.concrete_fields)


def made_of(model: type[Row], values: Sequence[Any]) -> Row:
    """The object of a row with all its columns."""
    names = [field.attname for field in model._meta.concrete_fields]
    return model.from_db(DEFAULT_DB_ALIAS, names, values)

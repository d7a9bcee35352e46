"""Many rows at once, past the ORM: COPY in PostgreSQL's binary form, straight into a table or by way of a temporary one.

Columns are named as in the model (`bill_id`, `date`); rows are tuples in that order. Call inside a transaction.
Errors come as Django's (`DataError` for a value that the table cannot hold), whoever raised them.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any

from django.db import connection, models
from django.db.models import Model
from psycopg import sql
from psycopg.types.json import Jsonb

Row = Sequence[Any]

# Binary COPY converts nothing: each column is sent as exactly the type it has in the table.
_TYPES: dict[type["models.Field[Any, Any]"], str] = {
    models.BigIntegerField: "int8",
    models.PositiveIntegerField: "int4",
    models.PositiveSmallIntegerField: "int2",
    models.SmallIntegerField: "int2",
    models.IntegerField: "int4",
    models.FloatField: "float8",
    models.BooleanField: "bool",
    models.DateTimeField: "timestamptz",
    models.DateField: "date",
    models.BinaryField: "bytea",
    models.JSONField: "jsonb",
    models.CharField: "text",
    models.TextField: "text",
}
_TEMPORARY = sql.Identifier("portal_import_rows")


@cache
def _types(model: type[Model], columns: tuple[str, ...]) -> list[str]:
    return [_type(model._meta.get_field(name)) for name in columns]


def _type(field: Any) -> str:
    if isinstance(field, models.ForeignKey):
        return _type(field.target_field)
    if isinstance(field, models.AutoField | models.BigAutoField):
        return "int8" if isinstance(field, models.BigAutoField) else "int4"
    return next(name for kind, name in _TYPES.items() if isinstance(field, kind))


def _names(columns: Iterable[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, columns))


def _table(model: type[Model]) -> sql.Identifier:
    return sql.Identifier(model._meta.db_table)


def execute(statement: sql.Composable, parameters: Sequence[Any] = ()) -> int:
    """Runs one statement; the number of rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.rowcount


def _copy(target: sql.Identifier, columns: Sequence[str], types: list[str], rows: Iterable[Row]) -> None:
    statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT BINARY)").format(target, _names(columns))
    with (
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        cursor.copy(statement) as copy,
    ):
        copy.set_types(types)
        write = copy.write_row
        for row in rows:
            write(row)


@cache
def _defaults(model: type[Model], columns: tuple[str, ...]) -> dict[str, Any]:
    """Values of the columns that are not named, may not be empty, and have a default."""
    return {
        field.attname: Jsonb(field.get_default())
        if isinstance(field, models.JSONField)
        else field.get_default()
        for field in model._meta.concrete_fields
        if field.attname not in columns and not field.primary_key and not field.null and field.has_default()
    }


def with_defaults(
    model: type[Model], columns: Sequence[str], rows: Sequence[Row]
) -> tuple[tuple[str, ...], Sequence[Row]]:
    """Columns and rows, with the defaults of fields that the caller does not know of."""
    more = _defaults(model, tuple(columns))
    if not more:
        return tuple(columns), rows
    values = tuple(more.values())
    return (*columns, *more), [(*row, *values) for row in rows]


def copy_rows(model: type[Model], columns: Sequence[str], rows: Sequence[Row]) -> None:
    """Adds rows that are known to be new."""
    if rows:
        columns, rows = with_defaults(model, columns, rows)
        _copy(_table(model), columns, _types(model, tuple(columns)), rows)


@contextmanager
def temporary_rows(
    model: type[Model], columns: Sequence[str], rows: Sequence[Row], more: Sequence[str] = ()
) -> Iterator[sql.Identifier]:
    """The rows in a temporary table of the model's types, for as long as the block lasts.

    `more` names text columns that the model does not have; their values stand at the end of each row.
    """
    extra = [sql.SQL(", ''::text AS {}").format(sql.Identifier(name)) for name in more]
    execute(
        sql.SQL("CREATE TEMPORARY TABLE {} AS SELECT {}{} FROM {} WITH NO DATA").format(
            _TEMPORARY, _names(columns), sql.Composed(extra), _table(model)
        )
    )
    types = _types(model, tuple(columns)) + ["text"] * len(more)
    _copy(_TEMPORARY, [*columns, *more], types, rows)
    yield _TEMPORARY
    # After an error the transaction takes the table with it.
    execute(sql.SQL("DROP TABLE {}").format(_TEMPORARY))


def add_missing(
    model: type[Model], columns: Sequence[str], rows: Sequence[Row], *, unique: Sequence[str]
) -> int:
    """Adds the rows whose `unique` columns are not there yet; how many those were."""
    if not rows:
        return 0
    columns, rows = with_defaults(model, columns, rows)
    with temporary_rows(model, columns, rows) as source:
        return execute(
            sql.SQL("INSERT INTO {} ({}) SELECT {} FROM {} ON CONFLICT ({}) DO NOTHING").format(
                _table(model), _names(columns), _names(columns), source, _names(unique)
            )
        )


def upsert_rows(
    model: type[Model], columns: Sequence[str], rows: Sequence[Row], *, unique: Sequence[str]
) -> None:
    """Adds rows, or gives those with the same `unique` columns the new values of the others."""
    if not rows:
        return
    changed = [name for name in columns if name not in unique]
    columns, rows = with_defaults(model, columns, rows)
    with temporary_rows(model, columns, rows) as source:
        execute(
            sql.SQL("INSERT INTO {} ({}) SELECT {} FROM {} ON CONFLICT ({}) DO UPDATE SET {}").format(
                _table(model),
                _names(columns),
                _names(columns),
                source,
                _names(unique),
                _assignments(changed, sql.Identifier("excluded")),
            )
        )


def update_rows(model: type[Model], columns: Sequence[str], rows: Sequence[Row]) -> None:
    """Gives rows new values; the first column is the primary key."""
    if not rows:
        return
    with temporary_rows(model, columns, rows) as source:
        execute(
            sql.SQL("UPDATE {} SET {} FROM {} WHERE {}.{} = {}.{}").format(
                _table(model),
                _assignments(columns[1:], source),
                source,
                _table(model),
                sql.Identifier(columns[0]),
                source,
                sql.Identifier(columns[0]),
            )
        )


def _assignments(columns: Iterable[str], source: sql.Composable) -> sql.Composed:
    return sql.SQL(", ").join(
        sql.SQL("{} = {}.{}").format(sql.Identifier(name), source, sql.Identifier(name)) for name in columns
    )


def reserve_ids(model: type[Model], number: int) -> list[int]:
    """Primary keys for rows that are about to be copied in."""
    if not number:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')::regclass) FROM generate_series(1, %s)",
            [model._meta.db_table, number],
        )
        return [row[0] for row in cursor.fetchall()]


def lock_imports(kind: str) -> None:
    """One import of a kind at a time writes; the lock goes with the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('legislature'), hashtext(%s))", [kind])

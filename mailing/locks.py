"""Work that one process of all machines does at a time."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def the_only_one(key: int) -> Iterator[bool]:
    """Whether nobody else holds the advisory lock of this key: it is ours then, until the block ends.

    PostgreSQL drops it by itself when this process or its connection dies. `key` is any number that nobody else uses.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [key])
        alone = bool(cursor.fetchone()[0])
    try:
        yield alone
    finally:
        if alone and connection.connection is not None and not connection.connection.closed:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [key])

"""Writing down what went out while the database may be away for a moment."""

from collections.abc import Callable
from time import sleep

from django.db import InterfaceError, InternalError, OperationalError, connection

# Seconds between the attempts.
WAITS = (0.5, 1, 2, 4, 8, 15)


def patiently(write: Callable[[], None]) -> None:
    """Calls `write`, and again for half a minute where the database does not take it: what we know is worth it.

    Raises what the last attempt raised. `write` is a transaction of its own that may be repeated.
    """
    for wait in (*WAITS, None):
        try:
            write()
            return
        except (OperationalError, InterfaceError, InternalError):
            connection.close()
            if wait is None:
                raise
            sleep(wait)

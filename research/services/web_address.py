"""Who enters an address holds it until the transaction ends: two people cannot enter the same page at once."""

from django.db import connection

_SEED = 7_250_505


def hold_address(kind: str, normalized: str) -> None:
    """Waits until nobody else enters this address as the same kind of record. Call it inside of a transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, %s))", [f"{kind} {normalized}", _SEED]
        )

"""Fills the search column of bills: number and titles weigh most, then sponsors, then the synopsis."""

import unicodedata
from collections.abc import Iterable
from string import ascii_letters

from django.db import connection

# Letters with marks that names are printed with, and those that people type instead.
_MARKED = "".join(
    letter
    for letter in map(chr, range(0xC0, 0x250))
    if letter.isalpha() and unicodedata.normalize("NFD", letter)[0] in ascii_letters
)
_PLAIN = "".join(unicodedata.normalize("NFD", letter)[0] for letter in _MARKED)
_TO_PLAIN = str.maketrans(_MARKED, _PLAIN)
# PostgreSQL refuses a search column above a megabyte; nobody searches for what stands behind this.
_LONGEST = 150_000


def plain_letters(text: str) -> str:
    """`Hernández` as people type it: `Hernandez`."""
    return text.translate(_TO_PLAIN)


def vector(*, bill: str = "", names: str = "names", plain_title: str = "''") -> str:
    """The SQL of the search column. `bill` is the table's name with a period, the others are SQL expressions."""
    # The number in three spellings, so that "HB1075", "HB 1075" and "1075" are words of it.
    number = f"{bill}identifier, {bill}prefix, {bill}number::text"
    return (
        f"setweight(to_tsvector('english', concat_ws(' ', {number}, left({bill}title, {_LONGEST}), {plain_title})), 'A')"
        f" || setweight(to_tsvector('english', left(coalesce({names}, ''), {_LONGEST})), 'B')"
        f" || setweight(to_tsvector('english', left({bill}synopsis, {_LONGEST})), 'C')"
    )


_NAMES = "concat_ws(' ', sponsorship.name, person.name)"
_FILL = f"""
UPDATE legislation_bill AS bill SET search =
    {vector(bill="bill.", names="names.names", plain_title="tracking.plain_title")}
FROM legislation_bill AS same
LEFT JOIN legislation_billtracking AS tracking ON tracking.bill_id = same.id AND tracking.is_public
LEFT JOIN LATERAL (
    SELECT string_agg({_NAMES} || ' ' || translate({_NAMES}, '{_MARKED}', '{_PLAIN}'), ' '
        ORDER BY sponsorship.position, sponsorship.name) AS names
    FROM legislation_sponsorship AS sponsorship
    LEFT JOIN legislation_legislator AS person ON person.id = sponsorship.legislator_id
    WHERE sponsorship.bill_id = same.id AND sponsorship.removed_on IS NULL
) AS names ON true
WHERE same.id = bill.id AND (%(all)s OR bill.id = ANY(%(ids)s))
"""  # noqa: S608 - nothing in it comes from outside


def fill_search(bills: Iterable[int] | None = None) -> int:
    """Writes the search column anew, of all bills or of these; says of how many."""
    with connection.cursor() as cursor:
        cursor.execute(_FILL, {"all": bills is None, "ids": list(bills or [])})
        return cursor.rowcount

"""Arrays written out by hand arrive in PostgreSQL as they are, whatever a mail server said."""

from datetime import UTC, datetime

import pytest
from django.db import connection

from mailing.services.recording import array_text

ANSWERS = [
    "250 ok",
    "",
    'quo"te',
    "back\\slash",
    "{a,b}",
    "NULL",
    "null",
    " blank ",
    "comma, ß — 😀",
    "it's",
    "%s",
]


def _back(values, kind):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT unnest(%s::{kind}[])", [array_text(values)])
        return [value for (value,) in cursor.fetchall()]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([*ANSWERS, *ANSWERS], "text"),
        ([1, 2**40, 1], "bigint"),
        ([datetime(2026, 3, 5, 14, 30, 0, 123456, tzinfo=UTC), None], "timestamptz"),
        ([], "text"),
    ],
)
def test_what_goes_in_comes_out(values, kind):
    assert _back(values, kind) == values

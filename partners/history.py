"""Who is behind a change, for the history that can be read later."""

from typing import Any

from django.db.models import Model

from partners.models.person import User


def changed_by(row: Model, by: User | None) -> None:
    """Names the person whose change the next save of `row` is.

    With None, django-simple-history names whoever is signed in to the request, and nobody outside of one.
    """
    if by is not None:
        recorded: Any = row  # The attribute is the library's agreement with its users; no model declares it.
        recorded._history_user = by

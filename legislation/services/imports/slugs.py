"""Short names for addresses, given once and kept."""

from django.db.models import Model
from django.utils.text import slugify


def free_slug(model: type[Model], name: str, *more: str) -> str:
    """The name as part of an address; where it is taken, with `more` ("house 12"), and at last with a number."""
    most = getattr(model._meta.get_field("slug"), "max_length", None) or 50
    base = slugify(name)[: most - 20].strip("-") or model._meta.model_name or "entry"
    wishes = [base]
    for word in more:
        if word:
            wishes.append(f"{wishes[-1]}-{slugify(word)}"[: most - 4])
    taken = set(model._default_manager.filter(slug__startswith=base).values_list("slug", flat=True))
    for wish in wishes:
        if wish not in taken:
            return wish
    number = 2
    while f"{wishes[-1]}-{number}" in taken:
        number += 1
    return f"{wishes[-1]}-{number}"

"""Surveys in two languages: English, which is always there, and Spanish, field by field."""

from typing import Any

from django.utils.translation import get_language

ENGLISH, SPANISH = "en", "es"


def is_spanish() -> bool:
    """Whether the page is in Spanish."""
    return (get_language() or ENGLISH).startswith(SPANISH)


def in_language(record: Any, name: str) -> str:
    """What a field says in the page's language; English where nobody has translated it."""
    spanish = getattr(record, f"{name}_es") if is_spanish() else ""
    return spanish if spanish.strip() else getattr(record, name)


def is_translated(record: Any, *names: str) -> bool:
    """Whether everything these fields say in English is there in Spanish too."""
    return all(getattr(record, f"{name}_es").strip() for name in names if getattr(record, name).strip())


def listed(text: str) -> list[str]:
    """The lines of a list, each once, without empty ones."""
    return list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))


def paired(english: str, spanish: str) -> list[tuple[str, str]]:
    """Each line of an English list, with what the page shows for it. Where the lists do not match, the English."""
    lines = listed(english)
    shown = listed(spanish) if is_spanish() else lines
    return list(zip(lines, shown if len(shown) == len(lines) else lines, strict=True))

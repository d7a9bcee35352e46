"""Reads settings from the environment and says plainly what is missing."""

import os

from django.core.exceptions import ImproperlyConfigured


def text(name: str, default: str | None = None, *, hint: str = "") -> str:
    """The variable's value; without it the default, and without that an error that names the way out."""
    value = os.environ.get(name, "")
    if value:
        return value
    if default is not None:
        return default
    raise ImproperlyConfigured(f"{name} is not set. {hint or 'See .env.example.'}")


def flag(name: str, default: bool = False) -> bool:
    """True for 1, true, yes or on."""
    value = os.environ.get(name, "").lower()
    return value in {"1", "true", "yes", "on"} if value else default


def number(name: str, default: int) -> int:
    """A whole number; anything else stops the start with the variable's name."""
    value = os.environ.get(name, "")
    try:
        return int(value) if value else default
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.") from None


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated list without empty entries."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def prefixed(prefix: str) -> dict[str, str]:
    """All variables that begin so, by the rest of their names, for a library with settings of its own."""
    return {name.removeprefix(prefix): value for name, value in os.environ.items() if name.startswith(prefix)}

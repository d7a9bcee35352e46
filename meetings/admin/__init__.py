"""Councils, events and attendance at the staff desk. Modules register their pages when imported."""

from meetings.admin import attendance, council, equity, event, tables

__all__ = ["attendance", "council", "equity", "event", "tables"]

"""Takes records from any source into the database: idempotent, incremental, each change an event, once."""

from legislation.services.imports.base import Importer, Summary

__all__ = ["Importer", "Summary"]

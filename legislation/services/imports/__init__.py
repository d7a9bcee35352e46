"""Takes records from any source into the database: idempotent, incremental, each change an event, once."""

from legislation.services.imports.base import Importer, Summary
from legislation.services.imports.run import import_records

__all__ = ["Importer", "Summary", "import_records"]

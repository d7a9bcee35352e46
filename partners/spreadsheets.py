"""Cells that a spreadsheet shows and never runs.

A name such as `=HYPERLINK(…)` comes from a stranger's form and would run on the machine of the staff member
who opens the export. Source: OWASP, "CSV Injection".
"""

from typing import Any

from mailing.compile import clean_body

# Signs with which spreadsheet programs begin a formula, or that they skip before one.
_FORMULA_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")


def neutral_cell(value: Any) -> Any:
    """The value as a cell that is only text when it could be read as a formula; numbers and dates stay.

    Control characters go: one of them in one comment would make the whole XLSX file impossible to write.
    """
    if not isinstance(value, str):
        return value
    text = clean_body(value)
    return f"'{text}" if text.lstrip(" \u00a0").startswith(_FORMULA_STARTS) else text


class NeutralCellsMixin:
    """Mixin for a django-import-export resource: every exported cell is neutral."""

    def export_resource(self, *args: Any, **kwargs: Any) -> list[Any]:
        return [neutral_cell(cell) for cell in super().export_resource(*args, **kwargs)]  # type: ignore[misc]

"""Counts what partners reported in a fiscal year, once, when it is over."""

from datetime import datetime

from django.db import transaction

from legislation.places.geography import current_atlas
from legislation.places.of_partners import placed_partners
from partners.fiscal_year import FiscalYear
from research.fact_sheets.figures import count_year, rows_of
from research.models import DistrictFigure


@transaction.atomic
def count_finished_year(*, now: datetime) -> int:
    """Writes the figures of the last finished year unless they are there. Returns how many rows it wrote.

    Without districts nothing is counted: it would stand for the whole year.
    """
    year = FiscalYear.of(now).previous()
    if DistrictFigure.objects.filter(fiscal_year=year.year).exists() or current_atlas() is None:
        return 0
    rows = rows_of(year, count_year(year, placed_partners()), now)
    return len(DistrictFigure.objects.bulk_create(rows, ignore_conflicts=True))

"""Reads of the loan repayment program that are used twice."""

from datetime import date
from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from research.models import EligibilityCriterion, ProgramReport


class ProgramReportQuerySet(models.QuerySet["ProgramReport"]):
    def by(self, day: date) -> "ProgramReportQuerySet":
        """Reports that tell how things stood on a day or before, the earliest first."""
        return self.filter(as_of__lte=day).order_by("year", "as_of")


class EligibilityCriterionQuerySet(models.QuerySet["EligibilityCriterion"]):
    def asked(self) -> "EligibilityCriterionQuerySet":
        """The checker's questions in order, with their answers."""
        return (
            self.filter(is_asked=True, answers__isnull=False)
            .distinct()
            .prefetch_related("answers")
            .order_by("order", "pk")
        )

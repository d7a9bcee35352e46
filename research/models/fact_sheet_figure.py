"""What partners reported, counted by legislative district once a year."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from legislation.chambers import Chamber
from partners.fiscal_year import FiscalYear


class DistrictFigure(models.Model):
    """One number of one fiscal year: how many partners of a district gave an answer, and what it adds up to.

    It is counted when the year is over and never again. Were it counted anew with each answer, two versions of a
    fact sheet side by side would give the newest answer away. Chamber "" and district 0 are the whole state.
    """

    # Measures are `employed`, or a population of `ProfileAnswer.Population`.
    EMPLOYED = "employed"

    fiscal_year = models.PositiveSmallIntegerField(_("fiscal year"))
    measure = models.CharField(_("measure"), max_length=16)
    chamber = models.CharField(_("chamber"), max_length=5, choices=Chamber.choices, blank=True)
    district = models.PositiveSmallIntegerField(_("district"))
    partners = models.PositiveIntegerField(_("partners there"))
    reported = models.PositiveIntegerField(_("of them with this answer"))
    amount = models.PositiveIntegerField(_("sum of the numbers they gave"), default=0)
    # Small itself, or needed so that a small one cannot be worked out.
    is_withheld = models.BooleanField(_("withheld"))
    counted_at = models.DateTimeField(_("counted"))

    class Meta:
        verbose_name = _("figure of a district")
        verbose_name_plural = _("figures of districts")
        ordering = ["-fiscal_year", "measure", "chamber", "district"]
        constraints = [
            models.UniqueConstraint(
                fields=["fiscal_year", "measure", "chamber", "district"], name="districtfigure_once"
            ),
            models.CheckConstraint(
                condition=models.Q(reported=0) | models.Q(reported__gte=10) | models.Q(is_withheld=True),
                name="districtfigure_small_is_withheld",
            ),
            models.CheckConstraint(
                condition=models.Q(chamber="", district=0)
                | (~models.Q(chamber="") & models.Q(district__gte=1)),
                name="districtfigure_has_place",
            ),
        ]

    def __str__(self) -> str:
        return f"{FiscalYear(self.fiscal_year)}, {self.measure}, {self.chamber or 'state'} {self.district}"

"""Which sub-sectors count as underrepresented, by fiscal year: a list that staff decide on."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from partners.fiscal_year import FiscalYear
from partners.models.place import SubSector


class UnderrepresentedSubSector(models.Model):
    """A sub-sector on the list of one fiscal year. Partners that work in it count as underrepresented in that year."""

    fiscal_year = models.PositiveSmallIntegerField(
        _("fiscal year"),
        validators=[MinValueValidator(2000), MaxValueValidator(2100)],
        help_text=_("The calendar year in which it ends: 2027 is FY27."),
    )
    sub_sector = models.ForeignKey(
        SubSector, models.PROTECT, related_name="underrepresented_in", verbose_name=_("sub-sector")
    )
    note = models.CharField(_("why it is on the list"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("underrepresented sub-sector")
        verbose_name_plural = _("underrepresented sub-sectors")
        ordering = ["-fiscal_year", "sub_sector__order", "sub_sector__name"]
        constraints = [
            models.UniqueConstraint(
                fields=["fiscal_year", "sub_sector"], name="underrepresented_once_per_year"
            ),
            models.CheckConstraint(
                condition=models.Q(fiscal_year__gte=2000, fiscal_year__lte=2100),
                name="underrepresented_year_in_bounds",
            ),
        ]

    def __str__(self) -> str:
        return f"{FiscalYear(self.fiscal_year)}: {self.sub_sector}"

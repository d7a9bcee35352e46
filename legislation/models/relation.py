"""Which measures belong together: over the years, and between the chambers."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from legislation.chambers import GeneralAssembly
from legislation.models.bill import Bill, spaced


class BillRelation(models.Model):
    """Lineage: the same idea in an earlier General Assembly, or its companion in the other chamber."""

    class Kind(models.TextChoices):
        REINTRODUCES = "reintroduces", _("brings back")
        COMPANION = "companion", _("companion in the other chamber")

    bill = models.ForeignKey(Bill, models.CASCADE, related_name="relations", verbose_name=_("bill"))
    kind = models.CharField(_("relation"), max_length=12, choices=Kind.choices, default=Kind.REINTRODUCES)
    # The other measure by name: an earlier one may never have been in our records.
    session = models.PositiveSmallIntegerField(_("its General Assembly"))
    identifier = models.CharField(_("its number"), max_length=20)
    title = models.CharField(_("its title"), max_length=300, blank=True)
    outcome = models.CharField(_("what became of it"), max_length=300, blank=True)
    url = models.URLField(_("address"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("related bill")
        verbose_name_plural = _("related bills")
        ordering = ["-session", "identifier"]
        constraints = [
            models.UniqueConstraint(fields=["bill", "session", "identifier"], name="billrelation_once"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def assembly(self) -> GeneralAssembly:
        return GeneralAssembly(self.session)

    @property
    def label(self) -> str:
        """The other measure as people write it: `SB 3925 (102nd)`."""
        return f"{spaced(self.identifier)} ({self.assembly})"

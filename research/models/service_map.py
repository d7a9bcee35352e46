"""How one human service leads to another."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from partners.models import SubSector
from research.models.finding import Finding


class ServiceConnection(models.Model):
    """One field of human services makes another possible, in a sentence, with a finding that shows it if there is one."""

    source = models.ForeignKey(
        SubSector, models.CASCADE, related_name="leads_to", verbose_name=_("from sub-sector")
    )
    target = models.ForeignKey(
        SubSector, models.CASCADE, related_name="rests_on", verbose_name=_("to sub-sector")
    )
    how = models.CharField(
        _("how one leads to the other"), max_length=300, help_text=_("One plain sentence.")
    )
    finding = models.ForeignKey(
        Finding,
        models.SET_NULL,
        related_name="connections",
        null=True,
        blank=True,
        verbose_name=_("finding that shows it"),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("connection of services")
        verbose_name_plural = _("connections of services")
        ordering = ["order", "source__order", "target__order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["source", "target"], name="serviceconnection_once"),
            models.CheckConstraint(
                condition=~models.Q(source=models.F("target")), name="serviceconnection_two_services"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} → {self.target}"

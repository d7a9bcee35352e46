"""Who leads a chamber: no source says it in a form that can be read, so staff keep it."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from legislation.chambers import Chamber
from legislation.models.people import Legislator
from legislation.querysets import ChamberLeaderQuerySet


class ChamberLeader(models.Model):
    """One office of leadership, such as Speaker of the House, and who holds it from when until when.

    It counts while its dates say so and the legislator sits in that chamber. A change of leader ends one row and adds
    another.
    """

    legislator = models.ForeignKey(
        Legislator, models.CASCADE, related_name="leaderships", verbose_name=_("legislator")
    )
    chamber = models.CharField(_("chamber"), max_length=5, choices=Chamber.choices)
    title = models.CharField(
        _("title"), max_length=80, help_text=_("As the chamber says it, such as “Speaker of the House”.")
    )
    since = models.DateField(_("from"), help_text=_("The first day in this office."))
    until = models.DateField(
        _("until"),
        null=True,
        blank=True,
        help_text=_("The last day in this office. Leave it empty while nobody knows one."),
    )
    source_url = models.URLField(_("source"), max_length=500, blank=True, help_text=_("A page that says so."))

    history = HistoricalRecords()
    objects = ChamberLeaderQuerySet.as_manager()

    class Meta:
        verbose_name = _("chamber leader")
        verbose_name_plural = _("chamber leaders")
        ordering = ["chamber", "-since", "title"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until__isnull=True) | models.Q(until__gte=models.F("since")),
                name="chamberleader_ends_after_start",
                violation_error_message=_("The last day comes before the first."),
            ),
            models.UniqueConstraint(
                fields=["legislator", "chamber", "title", "since"],
                name="chamberleader_once",
                violation_error_message=_("This office from this day on is on the list already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}: {self.legislator}"

    def clean(self) -> None:
        """Whoever holds an office today sits in its chamber; past ones may have left."""
        legislator = Legislator.objects.filter(pk=self.legislator_id).first()
        if legislator is None or self.until is not None:
            return
        if not legislator.is_current:
            words = _("%(name)s does not sit any more. Enter the last day in this office.")
            raise ValidationError({"until": words % {"name": legislator.name}})
        if self.chamber and legislator.chamber != self.chamber:
            words = _("%(name)s sits in the other chamber.")
            raise ValidationError({"chamber": words % {"name": legislator.name}})

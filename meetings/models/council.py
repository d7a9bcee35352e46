"""Local Area Councils: who leads them, and which collaboratives of their area they know."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from partners.html import RichTextField
from partners.models import Area, Person


class Council(models.Model):
    """The Local Area Council (LAC) of an area, with what its page says."""

    area = models.OneToOneField(Area, models.PROTECT, related_name="council", verbose_name=_("area"))
    chair = models.ForeignKey(
        Person,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="chaired_councils",
        verbose_name=_("chair"),
    )
    chair_since = models.DateField(_("chair since"), null=True, blank=True)
    body = RichTextField(_("about this council"), blank=True)
    email = models.EmailField(_("e-mail address of the council"), blank=True)
    rhythm = models.CharField(
        _("when it meets"),
        max_length=120,
        blank=True,
        help_text=_("In words, such as: the second Tuesday of a quarter, 10 a.m."),
    )
    counts_excused = models.BooleanField(
        _("counts excused absences"),
        default=False,
        help_text=_("Whoever is registered for a meeting can then say beforehand that they cannot come."),
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("Local Area Council")
        verbose_name_plural = _("Local Area Councils")
        ordering = ["area__order", "area__name"]

    def __str__(self) -> str:
        return str(self.area)

    def get_absolute_url(self) -> str:
        return reverse("meetings:council", args=[self.area.slug])


class Collaborative(models.Model):
    """A group that works in an area already, with which its council keeps in touch."""

    name = models.CharField(_("name"), max_length=160, unique=True)
    areas = models.ManyToManyField(Area, related_name="collaboratives", verbose_name=_("areas"))
    summary = models.CharField(_("what it does"), max_length=300, blank=True)
    website = models.URLField(_("website"), blank=True)
    connected_on = models.DateField(_("in touch since"), null=True, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("collaborative")
        verbose_name_plural = _("collaboratives")
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name

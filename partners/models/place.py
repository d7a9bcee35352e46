"""Where partners work and what they do."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Area(models.Model):
    """The area of one Local Area Council (LAC): a group of counties or a part of Cook County."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    slug = models.SlugField(_("short name"), unique=True)
    description = models.CharField(_("description"), max_length=300, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("area")
        verbose_name_plural = _("areas")
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name


class County(models.Model):
    """One of the 102 counties of Illinois, with the area it lies in."""

    name = models.CharField(_("name"), max_length=40, unique=True)
    fips = models.CharField(_("FIPS code"), max_length=5, unique=True)
    area = models.ForeignKey(Area, models.PROTECT, related_name="counties", verbose_name=_("area"))

    class Meta:
        verbose_name = _("county")
        verbose_name_plural = _("counties")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class SubSector(models.Model):
    """A field of human services, such as child welfare or behavioral health."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    slug = models.SlugField(_("short name"), unique=True)
    description = models.CharField(_("description"), max_length=300, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("sub-sector")
        verbose_name_plural = _("sub-sectors")
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name

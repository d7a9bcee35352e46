"""Where districts lie, by plan, and where ZIP codes are."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from legislation.chambers import Chamber
from legislation.querysets import DistrictQuerySet


class DistrictPlan(models.Model):
    """One drawing of the districts; it holds from the election after it became law to the next drawing."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    effective_on = models.DateField(_("in force since"), null=True, blank=True)
    is_current = models.BooleanField(_("in force"), default=False)
    source = models.CharField(_("source"), max_length=300, blank=True)
    loaded_at = models.DateTimeField(_("loaded"))

    class Meta:
        verbose_name = _("district plan")
        verbose_name_plural = _("district plans")
        ordering = ["-effective_on", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_current"], condition=models.Q(is_current=True), name="districtplan_one_current"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class District(models.Model):
    """One House or Senate district of a plan. `geometry` is WKB in WGS 84; `outline` its simplified drawing."""

    plan = models.ForeignKey(DistrictPlan, models.CASCADE, related_name="districts", verbose_name=_("plan"))
    chamber = models.CharField(_("chamber"), max_length=5, choices=Chamber.choices)
    number = models.PositiveSmallIntegerField(_("number"))
    geometry = models.BinaryField()
    # An SVG path in the units of `legislation.places.projection` (100 meters), small enough for a page.
    outline = models.TextField(blank=True)
    west = models.FloatField()
    south = models.FloatField()
    east = models.FloatField()
    north = models.FloatField()
    square_miles = models.FloatField(_("area in square miles"))

    objects = DistrictQuerySet.as_manager()

    class Meta:
        verbose_name = _("district")
        verbose_name_plural = _("districts")
        ordering = ["chamber", "number"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "chamber", "number"], name="district_once_per_plan"),
        ]

    def __str__(self) -> str:
        return f"{self.get_chamber_display()} {self.number}"

    @property
    def ocd_id(self) -> str:
        """The Open Civic Data division, such as `ocd-division/country:us/state:il/sldl:25`."""
        return division_id(self.chamber, self.number)


def division_id(chamber: str, number: int) -> str:
    """The Open Civic Data id of a district."""
    return f"ocd-division/country:us/state:il/{'sldl' if chamber == 'lower' else 'sldu'}:{number}"


class ZipCode(models.Model):
    """A ZIP code. It is not a district: it only names candidates."""

    zip_code = models.CharField(_("ZIP code"), max_length=5, primary_key=True)
    city = models.CharField(_("city"), max_length=80)
    county = models.CharField(_("county"), max_length=60, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)

    class Meta:
        verbose_name = _("ZIP code")
        verbose_name_plural = _("ZIP codes")
        ordering = ["zip_code"]

    def __str__(self) -> str:
        return self.zip_code

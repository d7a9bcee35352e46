"""Findings: single sourced facts that stories, reports and fact sheets quote by reference."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from legislation.chambers import SEATS, Chamber
from partners.models import County, SubSector
from partners.searching import search_words
from research.querysets.finding import FindingQuerySet

# Addresses below `findings/` that are not a finding's.
not_reserved = RegexValidator(
    r"^(compare|csv|json)$",
    _("This short name is an address of the portal itself. Choose another."),
    code="reserved",
    inverse_match=True,
)


class Finding(models.Model):
    """One claim with its value, year, place, method and source.

    `value` is what people read ("$400,000", "1 in 4"); `number` and `unit` are the same for sorting and charts.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        PUBLISHED = "published", _("published")
        RETRACTED = "retracted", _("retracted")

    class Kind(models.TextChoices):
        MONEY = "money", _("Money")
        COUNT = "count", _("Count")
        SHARE = "share", _("Share or percentage")
        RATE = "rate", _("Rate or ratio")
        TIME = "time", _("Time")
        OTHER = "other", _("Other")

    class Place(models.TextChoices):
        STATE = "state", _("Illinois")
        COUNTY = "county", _("a county")
        DISTRICT = "district", _("a legislative district")
        NATION = "nation", _("United States")

    slug = models.SlugField(_("short name"), max_length=120, unique=True, validators=[not_reserved])
    claim = models.CharField(
        _("claim"), max_length=300, help_text=_("One sentence that can stand without the value beside it.")
    )
    value = models.CharField(_("value as shown"), max_length=60, help_text=_("Such as 1,500 or $400,000"))
    number = models.DecimalField(
        _("value as a number"), max_digits=20, decimal_places=4, null=True, blank=True
    )
    kind = models.CharField(_("kind of value"), max_length=5, choices=Kind.choices)
    unit = models.CharField(_("unit"), max_length=60, blank=True, help_text=_("Such as dollars or clients"))
    year = models.PositiveSmallIntegerField(
        _("year"), validators=[MinValueValidator(1900), MaxValueValidator(2100)]
    )
    place = models.CharField(_("place"), max_length=8, choices=Place.choices, default=Place.STATE)
    county = models.ForeignKey(
        County, models.PROTECT, related_name="findings", null=True, blank=True, verbose_name=_("county")
    )
    chamber = models.CharField(_("chamber"), max_length=5, choices=Chamber.choices, blank=True)
    district = models.PositiveSmallIntegerField(_("district"), null=True, blank=True)
    place_note = models.CharField(
        _("place in words"), max_length=80, blank=True, help_text=_("Such as a city within the county.")
    )
    sub_sector = models.ForeignKey(
        SubSector,
        models.PROTECT,
        related_name="findings",
        null=True,
        blank=True,
        verbose_name=_("sub-sector"),
    )
    topics = models.ManyToManyField(
        "research.ResearchTopic", blank=True, related_name="findings", verbose_name=_("topics")
    )
    method = models.TextField(_("method"), max_length=1500, help_text=_("How the value came about."))
    source = models.CharField(_("source"), max_length=200)
    source_url = models.URLField(_("address of the source"), max_length=500, blank=True)
    caveat = models.TextField(_("caveat"), max_length=800, blank=True, help_text=_("What it does not say."))
    report = models.ForeignKey(
        "research.Report",
        models.SET_NULL,
        related_name="findings",
        null=True,
        blank=True,
        verbose_name=_("report"),
    )
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.DRAFT)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    retracted_at = models.DateTimeField(_("retracted"), null=True, blank=True)
    retraction = models.CharField(_("why it was retracted"), max_length=500, blank=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)
    # When the portal last set out to look at the source, whether or not it came back.
    source_tried_at = models.DateTimeField(_("source tried"), null=True, blank=True, editable=False)

    search = search_words(a="claim", b=("value", "unit", "place_note"), c=("source",), d=("method", "caveat"))

    history = HistoricalRecords(m2m_fields=[topics], excluded_fields=["search", "source_tried_at"])
    objects = FindingQuerySet.as_manager()

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        ordering = ["-year", "claim"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(place="county") | models.Q(county__isnull=True),
                name="finding_county_of_place",
            ),
            models.CheckConstraint(
                condition=~models.Q(place="county") | models.Q(county__isnull=False),
                name="finding_place_has_county",
            ),
            models.CheckConstraint(
                condition=(
                    models.Q(place="district", district__isnull=False) & ~models.Q(chamber="")
                    | ~models.Q(place="district") & models.Q(district__isnull=True, chamber="")
                ),
                name="finding_place_has_district",
            ),
            models.CheckConstraint(
                condition=~models.Q(chamber="lower") | models.Q(district__range=(1, SEATS[Chamber.LOWER])),
                name="finding_house_district_exists",
            ),
            models.CheckConstraint(
                condition=~models.Q(chamber="upper") | models.Q(district__range=(1, SEATS[Chamber.UPPER])),
                name="finding_senate_district_exists",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="published") | models.Q(published_at__isnull=False),
                name="finding_public_has_time",
            ),
            models.CheckConstraint(
                condition=(
                    models.Q(state="retracted", retracted_at__isnull=False) & ~models.Q(retraction="")
                    | ~models.Q(state="retracted") & models.Q(retracted_at__isnull=True, retraction="")
                ),
                name="finding_retraction_has_reason",
            ),
        ]
        indexes = [
            GinIndex(fields=["search"], name="finding_search"),
            models.Index(fields=["state", "-year"], name="finding_by_year"),
        ]

    def __str__(self) -> str:
        return f"{self.value}: {self.claim}"

    def get_absolute_url(self) -> str:
        return reverse("research:finding", args=[self.slug])

    @property
    def is_retracted(self) -> bool:
        return self.state == self.State.RETRACTED

    @property
    def place_words(self) -> str:
        """Where it holds: "Illinois", "Waukegan, Lake County", "House district 25"."""
        words = str(self.get_place_display())
        if self.county_id and self.county:
            words = str(_("%(name)s County") % {"name": self.county.name})
        elif self.place == self.Place.DISTRICT:
            words = str(
                _("%(chamber)s district %(number)s")
                % {"chamber": self.get_chamber_display(), "number": self.district}
            )
        return f"{self.place_note}, {words}" if self.place_note else words

    @property
    def place_code(self) -> str:
        """The place as the library's address names it."""
        fips = self.county.fips if self.county else None
        return place_code(self.place, fips, self.chamber, self.district)

    @property
    def claim_words(self) -> str:
        """The claim without its full stop, to stand within a sentence."""
        return self.claim.rstrip(". ")

    @property
    def mark(self) -> str:
        """What staff write in a text where this finding shall stand."""
        return f"[finding:{self.slug}]"


def field_name(name: str) -> str:
    """A field of a finding as people call it."""
    field = Finding._meta.get_field(name)
    return str(field.verbose_name) if isinstance(field, models.Field) else name


def place_code(place: str, fips: str | None, chamber: str, district: int | None) -> str:
    """A place in addresses: `state`, `nation`, `county-17097`, `house-25`, `senate-13`."""
    if place == Finding.Place.COUNTY:
        return f"county-{fips}"
    if place == Finding.Place.DISTRICT:
        return f"{'house' if chamber == Chamber.LOWER else 'senate'}-{district}"
    return place


class FindingCorrection(models.Model):
    """A finding said something else before: what, what it says now, why and when. Readers see it too."""

    finding = models.ForeignKey(
        Finding, models.CASCADE, related_name="corrections", verbose_name=_("finding")
    )
    # Of every field that changed what was said before and after, as people read it: {"value": ["1,400", "1,500"]}.
    changes = models.JSONField(_("changes"))
    reason = models.CharField(_("why"), max_length=500)
    corrected_at = models.DateTimeField(_("corrected"))
    corrected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("corrected by"),
    )

    class Meta:
        verbose_name = _("correction of a finding")
        verbose_name_plural = _("corrections of findings")
        ordering = ["-corrected_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(changes={}), name="findingcorrection_changes"),
            models.CheckConstraint(condition=~models.Q(reason=""), name="findingcorrection_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.corrected_at:%Y-%m-%d}: {self.reason}"

    @property
    def lines(self) -> list[dict[str, str]]:
        """What changed, field by field, with the field's name."""
        return [
            {"label": field_name(name), "before": before, "after": after}
            for name, (before, after) in self.changes.items()
        ]

"""A member organization of the coalition."""

import re
from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from partners.models.place import Area, County, SubSector
from partners.querysets import OrganizationQuerySet
from partners.searching import search_words

ein_validator = RegexValidator(r"^\d{2}-\d{7}$", _("An EIN has nine digits, such as 36-1234567."), code="ein")


class Organization(models.Model):
    """A partner. `web_domain` is derived from the website, to notice the same organization twice."""

    class Status(models.TextChoices):
        ACTIVE = "active", _("active")
        LAPSED = "lapsed", _("lapsed")
        LEFT = "left", _("left")

    class BudgetBand(models.TextChoices):
        UNDER_500K = "under_500k", _("Under $500,000")
        UNDER_1M = "500k_1m", _("$500,000 to $1 million")
        UNDER_5M = "1m_5m", _("$1 million to $5 million")
        UNDER_20M = "5m_20m", _("$5 million to $20 million")
        OVER_20M = "over_20m", _("$20 million or more")

    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(_("short name"), max_length=120, unique=True)
    ein = models.CharField(_("EIN"), max_length=10, blank=True, validators=[ein_validator])
    website = models.URLField(_("website"), max_length=300, blank=True)
    web_domain = models.CharField(max_length=253, blank=True, editable=False)
    summary = models.TextField(_("what the organization does"), max_length=600, blank=True)
    street = models.CharField(_("street address"), max_length=200, blank=True)
    city = models.CharField(_("city"), max_length=80)
    zip_code = models.CharField(_("ZIP code"), max_length=10, blank=True)
    county = models.ForeignKey(County, models.PROTECT, related_name="organizations", verbose_name=_("county"))
    area = models.ForeignKey(
        Area, models.PROTECT, related_name="organizations", verbose_name=_("Local Area Council")
    )
    sub_sectors = models.ManyToManyField(
        SubSector, related_name="organizations", verbose_name=_("sub-sectors")
    )
    budget_band = models.CharField(_("annual budget"), max_length=12, choices=BudgetBand.choices, blank=True)
    phone = models.CharField(_("public phone"), max_length=30, blank=True)
    logo = models.ImageField(_("logo"), upload_to="logos/", blank=True)
    status = models.CharField(_("status"), max_length=8, choices=Status.choices, default=Status.ACTIVE)
    is_listed = models.BooleanField(_("shown in the public directory"), default=True)
    joined_on = models.DateField(_("joined"))
    search = search_words(a="name", b=("city",), c=("summary",))

    history = HistoricalRecords(m2m_fields=[sub_sectors])
    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organization")
        verbose_name_plural = _("organizations")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["ein"], condition=~models.Q(ein=""), name="organization_ein_once"
            ),
        ]
        indexes = [
            models.Index(Lower("name"), name="organization_name_lower"),
            models.Index(fields=["status", "is_listed", "name"], name="organization_listed"),
            models.Index(
                fields=["web_domain"], condition=~models.Q(web_domain=""), name="organization_domain"
            ),
            GinIndex(fields=["search"], name="organization_search"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        from partners.matching import web_domain

        self.web_domain = web_domain(self.website)
        fields = kwargs.get("update_fields")
        if fields is not None and "website" in fields:
            kwargs["update_fields"] = {*fields, "web_domain"}
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("partners:organization", args=[self.slug])

    @property
    def phone_link(self) -> str:
        """The phone number as a `tel:` address takes it, without its extension."""
        return re.sub(r"[^\d+]", "", self.phone.partition("ext")[0])

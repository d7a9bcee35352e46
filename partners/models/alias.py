"""Other names by which a partner is known."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from partners.models.organization import Organization


class OrganizationAlias(models.Model):
    """A trade name, an abbreviation, a former name, or a spelling that staff once recognized.

    `key` is the name's telling words (`partners.matching.normalize_name`): one key means one partner.
    """

    organization = models.ForeignKey(
        Organization, models.CASCADE, related_name="aliases", verbose_name=_("organization")
    )
    name = models.CharField(_("name"), max_length=300)
    key = models.CharField(max_length=300, unique=True, editable=False)
    source = models.CharField(_("where it was seen"), max_length=120, blank=True)
    added_at = models.DateTimeField(_("added"), auto_now_add=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("added by"),
    )

    class Meta:
        verbose_name = _("other name")
        verbose_name_plural = _("other names")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

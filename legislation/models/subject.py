"""Fields of policy by which bills are found."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from legislation.querysets import SubjectQuerySet


class Subject(models.Model):
    """A field of policy that bills are found by. Which bills belong to it is a search, kept by staff."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    slug = models.SlugField(_("short name"), unique=True)
    words = models.CharField(
        _("words that mark it"),
        max_length=1000,
        help_text=_(
            "As in a web search: “foster care” or DCFS or “child welfare”. A bill belongs to the subject "
            "when its title or synopsis matches."
        ),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = SubjectQuerySet.as_manager()

    class Meta:
        verbose_name = _("subject of bills")
        verbose_name_plural = _("subjects of bills")
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name

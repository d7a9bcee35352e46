"""How the mail servers are, and whether this database is still the one that sends."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Relay(models.Model):
    """One mail server of `settings.EMAIL_RELAYS`, as the workers found it last. They share what they know."""

    name = models.CharField(_("name"), max_length=200, unique=True)
    down_since = models.DateTimeField(_("no answer since"), null=True, blank=True)
    failures = models.PositiveIntegerField(_("failures in a row"), default=0)
    try_again_at = models.DateTimeField(_("asked again"), null=True, blank=True)
    last_answer = models.CharField(_("last words"), max_length=500, blank=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)
    told_staff_at = models.DateTimeField(_("staff told"), null=True, blank=True)

    class Meta:
        verbose_name = _("mail server")
        verbose_name_plural = _("mail servers")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Installation(models.Model):
    """The one row that says in which PostgreSQL these rows were written.

    A restored backup carries the old fingerprint into a new place: then what was in flight may have gone out
    already, and everything waits for a person.
    """

    fingerprint = models.CharField(_("fingerprint"), max_length=120)
    noted_at = models.DateTimeField(_("noted"))
    restored_at = models.DateTimeField(
        _("restore noticed"), null=True, blank=True, help_text=_("Empty again once staff have looked.")
    )
    data_from = models.DateTimeField(
        _("backup made"),
        null=True,
        blank=True,
        help_text=_(
            "The last sign of life in the restored data. What was sent after it, this database does not know."
        ),
    )
    pumped_at = models.DateTimeField(
        _("last look at what is due"), null=True, blank=True, help_text=_("By the clock and a worker.")
    )
    swept_at = models.DateTimeField(_("last look for workers that are gone"), null=True, blank=True)
    unknowns_told_at = models.DateTimeField(_("staff told of unknown messages"), null=True, blank=True)

    class Meta:
        verbose_name = _("installation")
        verbose_name_plural = _("installation")
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="installation_one_row")]

    def __str__(self) -> str:
        return self.fingerprint

"""All certificates of a session in one file, packed by a worker."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from partners.models import User
from surveys.files import private_files
from trainings.models.session import Session
from trainings.querysets import CertificatePackageQuerySet


class CertificatePackage(models.Model):
    """One job that packs a session's certificates, and the file that came of it. One of a session at a time."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    session = models.ForeignKey(
        Session, models.CASCADE, related_name="certificate_packages", verbose_name=_("session")
    )
    state = models.CharField(_("state"), max_length=7, choices=State.choices, default=State.WAITING)
    total = models.PositiveIntegerField(_("certificates"), default=0)
    done = models.PositiveIntegerField(_("packed"), default=0)
    file = models.FileField(
        _("file"), upload_to="certificates/", storage=private_files, max_length=200, blank=True
    )
    error = models.CharField(_("what went wrong"), max_length=300, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    asked_at = models.DateTimeField(_("asked for"))
    asked_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("asked for by")
    )
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    # A worker says so often that it is alive; a job that went silent is taken up again.
    seen_at = models.DateTimeField(_("last sign of life"), null=True, blank=True)

    objects = CertificatePackageQuerySet.as_manager()

    class Meta:
        verbose_name = _("package of certificates")
        verbose_name_plural = _("packages of certificates")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["session"],
                condition=models.Q(state__in=["waiting", "running"]),
                name="certificate_package_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="done") | ~models.Q(file=""),
                name="certificate_package_done_has_file",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session}, {self.get_state_display()}"

    @property
    def is_under_way(self) -> bool:
        """Whether a worker is at it, or will be."""
        return self.state in {self.State.WAITING, self.State.RUNNING}

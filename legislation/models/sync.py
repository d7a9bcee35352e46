"""What came in from which source, when, and what was refused."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from legislation.querysets import SyncRunQuerySet


class SyncRun(models.Model):
    """One run over one source, started by the clock, by staff or on the command line."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        PARTIAL = "partial", _("done in part")
        FAILED = "failed", _("failed")

    source = models.CharField(_("source"), max_length=40)
    location = models.CharField(_("file or address"), max_length=500, blank=True)
    upload = models.FileField(_("uploaded file"), upload_to="legislature/", blank=True)
    session = models.PositiveSmallIntegerField(_("General Assembly"))
    since = models.DateTimeField(_("changes since"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=7, choices=State.choices, default=State.WAITING)
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    # A worker says every few seconds that it is alive; a run that went silent is taken up again.
    seen_at = models.DateTimeField(_("last sign of life"), null=True, blank=True)
    done = models.PositiveIntegerField(_("records read"), default=0)
    total = models.PositiveIntegerField(_("records expected"), null=True, blank=True)
    added = models.PositiveIntegerField(_("added"), default=0)
    changed = models.PositiveIntegerField(_("changed"), default=0)
    unchanged = models.PositiveIntegerField(_("unchanged"), default=0)
    rejected = models.PositiveIntegerField(_("rejected"), default=0)
    # Outcomes per kind of record: {"measure": {"added": 12, "unchanged": 5341}}.
    counts = models.JSONField(default=dict)
    # Where to go on after an interruption: the source's own words, such as a page number.
    cursor = models.CharField(max_length=300, blank=True)
    message = models.TextField(_("what went wrong"), blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    retry_at = models.DateTimeField(_("tried again"), null=True, blank=True)
    requested_at = models.DateTimeField(_("asked for"), auto_now_add=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("asked for by"),
    )

    objects = SyncRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-requested_at"]
        indexes = [models.Index(fields=["source", "-requested_at"], name="syncrun_by_source")]

    def __str__(self) -> str:
        return f"{self.source}, {self.get_state_display()}"


class Rejection(models.Model):
    """One record that a run could not take, with its identifier and the reason in words."""

    run = models.ForeignKey(SyncRun, models.CASCADE, related_name="rejections")
    kind = models.CharField(_("kind"), max_length=30)
    identifier = models.CharField(_("which"), max_length=300)
    reason = models.CharField(_("why"), max_length=500)

    class Meta:
        verbose_name = _("rejected record")
        verbose_name_plural = _("rejected records")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.identifier}: {self.reason}"


class SourceRecord(models.Model):
    """A source's last word on one record, as a digest: saying the same again costs a comparison and changes no row."""

    source = models.CharField(max_length=40)
    kind = models.CharField(max_length=12)
    key = models.CharField(max_length=300)
    digest = models.BinaryField(max_length=16)
    # Digests of the record's parts, for kinds in which a part that a source merely repeats says nothing new.
    parts = models.BinaryField(max_length=64, default=b"")
    as_of = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("source record")
        verbose_name_plural = _("source records")
        constraints = [
            # In this order, because the other sources' words on a record are asked for, too.
            models.UniqueConstraint(fields=["kind", "key", "source"], name="sourcerecord_once"),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.key}"

"""Attendance reports that staff uploaded, and whom each of their people was taken for."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from meetings.models.attendance import Attendance
from meetings.models.event import Event
from meetings.querysets import ImportedPersonQuerySet
from partners.models import Organization, Person, User


class AttendanceImport(models.Model):
    """One report of one event, known by its content: the same file again is the same import."""

    class Kind(models.TextChoices):
        ZOOM_MEETING = "zoom_meeting", _("Zoom meeting")
        ZOOM_WEBINAR = "zoom_webinar", _("Zoom webinar")
        TEAMS = "teams", _("Teams attendance report")
        TEAMS_LIST = "teams_list", _("Teams list of joining and leaving")

    event = models.ForeignKey(
        Event, models.CASCADE, related_name="attendance_imports", verbose_name=_("event")
    )
    kind = models.CharField(_("report"), max_length=12, choices=Kind.choices)
    file_name = models.CharField(_("file"), max_length=200)
    digest = models.CharField(_("digest of the file"), max_length=64, editable=False)
    problems = models.JSONField(_("lines left out"), default=list, blank=True)
    uploaded_at = models.DateTimeField(_("uploaded"))
    uploaded_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("uploaded by")
    )
    applied_at = models.DateTimeField(_("applied"), null=True, blank=True)
    applied_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("applied by")
    )
    # The lines of the file hold personal data; a year later they go, and what was decided stays.
    emptied_at = models.DateTimeField(_("lines removed"), null=True, blank=True)

    class Meta:
        verbose_name = _("attendance import")
        verbose_name_plural = _("attendance imports")
        ordering = ["-uploaded_at"]
        constraints = [
            models.UniqueConstraint(fields=["event", "digest"], name="attendance_import_once_per_file"),
        ]

    def __str__(self) -> str:
        return f"{self.file_name}: {self.event}"


class ImportedPerson(models.Model):
    """Somebody in a report: what they were called there, how long they stayed, and whom we take them for."""

    class State(models.TextChoices):
        SURE = "sure", _("certain")
        DOUBTFUL = "doubtful", _("to review")
        UNKNOWN = "unknown", _("unknown")
        CONFIRMED = "confirmed", _("confirmed")
        IGNORED = "ignored", _("left out")

    # Who counts as having been there.
    FOUND = (State.SURE, State.CONFIRMED)
    WAITING = (State.DOUBTFUL, State.UNKNOWN)

    report = models.ForeignKey(
        AttendanceImport, models.CASCADE, related_name="people", verbose_name=_("report")
    )
    name = models.CharField(_("name"), max_length=200)
    shown = models.JSONField(_("as shown"), default=list, blank=True)
    email = models.CharField(_("e-mail address"), max_length=254, blank=True)
    # Pairs of moments (ISO 8601) without overlaps.
    intervals = models.JSONField(_("when they were there"), default=list, blank=True)
    minutes = models.PositiveSmallIntegerField(_("minutes"), null=True, blank=True)
    rows = models.JSONField(_("lines of the file"), default=list, blank=True)
    state = models.CharField(_("state"), max_length=9, choices=State.choices)
    person = models.ForeignKey(
        Person,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="imported_attendance",
        verbose_name=_("person"),
    )
    organization = models.ForeignKey(
        Organization,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("organization"),
    )
    reason = models.CharField(_("found by"), max_length=16, blank=True)
    score = models.PositiveSmallIntegerField(_("likeness"), default=0)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    # Set when it was applied.
    attendance = models.ForeignKey(
        Attendance,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="imported",
        verbose_name=_("attendance"),
    )

    objects = ImportedPersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("person in a report")
        verbose_name_plural = _("people in reports")
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state__in=["sure", "doubtful", "confirmed"])
                | models.Q(person__isnull=False),
                name="imported_person_found_is_somebody",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["confirmed", "ignored"]) | models.Q(decided_at__isnull=False),
                name="imported_person_decided_has_time",
            ),
        ]

    def __str__(self) -> str:
        return self.name

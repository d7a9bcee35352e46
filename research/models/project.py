"""A research project: what it asks, the phases it goes through, and the days by which things must be there."""

from datetime import date

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from partners.html import RichTextField
from partners.models import User
from partners.searching import search_words
from research.querysets.project import PhaseQuerySet, ProjectQuerySet


class ResearchProject(models.Model):
    """One question the coalition studies, from the first design to the released report."""

    class Status(models.TextChoices):
        PLANNED = "planned", _("planned")
        RUNNING = "running", _("running")
        RELEASED = "released", _("released")
        STOPPED = "stopped", _("stopped")

    title = models.CharField(_("title"), max_length=160)
    slug = models.SlugField(_("short name"), max_length=120, unique=True)
    question = models.CharField(
        _("question"), max_length=300, help_text=_("What we want to know, in one sentence.")
    )
    summary = models.TextField(_("why it matters"), max_length=800, blank=True)
    body = RichTextField(_("how it is studied"), blank=True)
    taking_part = models.TextField(
        _("how to take part"),
        max_length=800,
        blank=True,
        help_text=_("Who is asked, how long it takes, and whom to write to."),
    )
    topics = models.ManyToManyField(
        "research.ResearchTopic", blank=True, related_name="projects", verbose_name=_("topics")
    )
    lead = models.ForeignKey(
        User,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        limit_choices_to={"is_staff": True},
        verbose_name=_("lead"),
    )
    is_public = models.BooleanField(
        _("shown to the public"),
        default=False,
        help_text=_("Partners who are signed in see every project that runs."),
    )
    session_day = models.CharField(
        _("name of the legislative day"),
        max_length=80,
        blank=True,
        help_text=_("Such as: the first day of the spring session."),
    )
    session_date = models.DateField(
        _("legislative day it must precede"),
        null=True,
        blank=True,
        help_text=_("As the General Assembly's calendar prints it."),
    )
    status = models.CharField(
        _("status"), max_length=8, choices=Status.choices, default=Status.PLANNED, editable=False
    )
    status_note = models.CharField(_("why it stopped"), max_length=300, blank=True, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    search = search_words(a="title", b=("question",), c=("summary", "body"))

    history = HistoricalRecords(excluded_fields=["search"])
    objects = ProjectQuerySet.as_manager()

    class Meta:
        verbose_name = _("research project")
        verbose_name_plural = _("research projects")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="stopped") | ~Q(status_note=""), name="project_stopped_says_why"
            ),
            models.CheckConstraint(
                condition=Q(session_date__isnull=True) | ~Q(session_day=""),
                name="project_session_date_has_name",
                violation_error_message=_("Say which legislative day it is."),
            ),
        ]
        indexes = [GinIndex(fields=["search"], name="researchproject_search")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("research:project", args=[self.slug])

    @property
    def takes_participants(self) -> bool:
        """Whether people can still be entered."""
        return self.status == self.Status.RUNNING

    def days_to_session(self, today: date) -> int | None:
        """Days that are left before the legislative day; below zero when it is over."""
        return (self.session_date - today).days if self.session_date else None


class Phase(models.Model):
    """One step of a project. It closes when every underrepresented group was heard in it, or staff said why not."""

    class Kind(models.TextChoices):
        DESIGN = "design", _("Design")
        RECRUITMENT = "recruitment", _("Recruitment")
        COLLECTION = "collection", _("Data collection")
        ANALYSIS = "analysis", _("Analysis")
        REVIEW = "review", _("Review")
        RELEASE = "release", _("Release")

    class State(models.TextChoices):
        AHEAD = "ahead", _("ahead")
        OPEN = "open", _("open")
        CLOSED = "closed", _("closed")

    project = models.ForeignKey(
        ResearchProject, models.CASCADE, related_name="phases", verbose_name=_("project")
    )
    kind = models.CharField(_("phase"), max_length=11, choices=Kind.choices)
    order = models.PositiveSmallIntegerField(_("order"))
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("until"), null=True, blank=True)
    what = models.CharField(_("what happens in it"), max_length=300, blank=True)
    feedback_question = models.CharField(
        _("what we ask partners"),
        max_length=300,
        blank=True,
        help_text=_("Empty: partners are asked for feedback in general."),
    )
    state = models.CharField(
        _("state"), max_length=6, choices=State.choices, default=State.AHEAD, editable=False
    )
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True, editable=False)
    closed_by = models.ForeignKey(
        User,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("closed by"),
    )

    history = HistoricalRecords()
    objects = PhaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("phase")
        verbose_name_plural = _("phases")
        ordering = ["project", "order"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "kind"],
                name="phase_once_per_project",
                violation_error_message=_("This project has this phase already."),
            ),
            models.UniqueConstraint(
                fields=["project", "order"],
                name="phase_order_once",
                deferrable=models.Deferrable.DEFERRED,
                violation_error_message=_("Another phase of this project has this place."),
            ),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True)
                | Q(ends_on__isnull=True)
                | Q(ends_on__gte=F("starts_on")),
                name="phase_ends_after_start",
                violation_error_message=_("A phase ends after it starts."),
            ),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False)
                | (~Q(state="closed") & Q(closed_at__isnull=True)),
                name="phase_closed_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.project}"

    @property
    def name(self) -> str:
        """What the phase is called beside the project's name."""
        return str(self.get_kind_display())


class Milestone(models.Model):
    """Something that must be there on a day, such as the draft that partners read."""

    project = models.ForeignKey(
        ResearchProject, models.CASCADE, related_name="milestones", verbose_name=_("project")
    )
    name = models.CharField(_("what"), max_length=160)
    due_on = models.DateField(_("due"))
    done_on = models.DateField(_("done"), null=True, blank=True)

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        ordering = ["due_on", "pk"]

    def __str__(self) -> str:
        return self.name

    def is_late(self, today: date) -> bool:
        """Whether its day is over and it is not done."""
        return self.done_on is None and self.due_on < today

    def days_left(self, today: date) -> int:
        """Days until it is due; below zero when it is late."""
        return (self.due_on - today).days

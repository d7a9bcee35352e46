"""What is taught: topics, courses, and what they cost."""

from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from partners.html import RichTextField
from partners.models import Organization, User
from partners.searching import search_words
from surveys.models import Survey
from trainings.querysets import CourseQuerySet


class CourseTopic(models.Model):
    """What a course is about, such as reframing or racial equity."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    slug = models.SlugField(_("short name"), unique=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("topic of trainings")
        verbose_name_plural = _("topics of trainings")
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name


class Course(models.Model):
    """A training as it is designed; when it is given, its sessions say.

    Equity is at the core of each: without objectives for it none is published.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        PUBLISHED = "published", _("published")
        ARCHIVED = "archived", _("archived")

    class Audience(models.TextChoices):
        EVERYONE = "everyone", _("everyone")
        PARTNERS = "partners", _("people of partner organizations")

    title = models.CharField(_("title"), max_length=160)
    slug = models.SlugField(_("short name"), max_length=120, unique=True)
    topics = models.ManyToManyField(CourseTopic, related_name="courses", verbose_name=_("topics"))
    summary = models.CharField(_("summary, in one sentence"), max_length=300)
    body = RichTextField(_("about it"), blank=True)
    for_whom = models.CharField(_("for whom it is"), max_length=200, blank=True)
    equity_objectives = models.TextField(
        _("equity objectives"),
        blank=True,
        help_text=_("What people will be able to do for equity afterwards, one objective a line."),
    )
    equity_reviewed_on = models.DateField(_("equity objectives reviewed"), null=True, blank=True)
    review_due_on = models.DateField(_("next review due"), null=True, blank=True)
    audience = models.CharField(
        _("who may register"), max_length=8, choices=Audience.choices, default=Audience.EVERYONE
    )
    state = models.CharField(
        _("state"), max_length=9, choices=State.choices, default=State.DRAFT, editable=False
    )
    published_at = models.DateTimeField(_("published"), null=True, blank=True, editable=False)
    published_by = models.ForeignKey(
        User,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("published by"),
    )
    completion_percent = models.PositiveSmallIntegerField(
        _("share of the time that completes it, in percent"),
        default=80,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )
    end_survey = models.ForeignKey(
        Survey,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="courses_at_end",
        verbose_name=_("survey at the end"),
    )
    end_survey_required = models.BooleanField(_("the survey must be answered to complete it"), default=False)
    later_survey = models.ForeignKey(
        Survey,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="courses_after_90_days",
        verbose_name=_("survey after 90 days"),
    )
    # Until so many days before the start a seat is given back in full, and in that part afterwards.
    full_refund_days = models.PositiveSmallIntegerField(_("full refund until, days before"), default=7)
    late_refund_percent = models.PositiveSmallIntegerField(
        _("refund after that, in percent"), default=0, validators=[MaxValueValidator(100)]
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    search = search_words(a="title", b=("summary", "for_whom"), c=("body", "equity_objectives"))

    history = HistoricalRecords()
    objects = CourseQuerySet.as_manager()

    class Meta:
        verbose_name = _("course")
        verbose_name_plural = _("courses")
        ordering = ["title"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state="published") | ~models.Q(equity_objectives=""),
                name="course_published_has_equity",
            ),
            models.CheckConstraint(
                condition=models.Q(completion_percent__gte=1, completion_percent__lte=100),
                name="course_completion_is_a_share",
            ),
            models.CheckConstraint(
                condition=models.Q(late_refund_percent__lte=100), name="course_refund_is_a_share"
            ),
        ]
        indexes = [GinIndex(fields=["search"], name="course_search")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("trainings:course", args=[self.slug])

    @property
    def objectives(self) -> list[str]:
        """The equity objectives, each once."""
        lines = (line.strip() for line in self.equity_objectives.splitlines())
        return list(dict.fromkeys(line for line in lines if line))


class FeeTier(models.Model):
    """One step of a course's sliding scale. People choose theirs; nobody asks for proof.

    `budget_band` says for whom it is meant, and is empty where it is for anybody. A course without tiers is free.
    """

    course = models.ForeignKey(Course, models.CASCADE, related_name="tiers", verbose_name=_("course"))
    name = models.CharField(_("name"), max_length=80)
    hint = models.CharField(_("hint"), max_length=200, blank=True)
    budget_band = models.CharField(
        _("meant for organizations with a budget of"),
        max_length=12,
        choices=Organization.BudgetBand.choices,
        blank=True,
    )
    amount = models.DecimalField(
        _("fee for one person, in dollars"), max_digits=8, decimal_places=2, validators=[MinValueValidator(0)]
    )
    is_offered = models.BooleanField(_("can be chosen"), default=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("fee")
        verbose_name_plural = _("fees")
        ordering = ["order", "amount"]
        constraints = [
            models.UniqueConstraint(fields=["course", "name"], name="fee_tier_name_once"),
            models.CheckConstraint(condition=models.Q(amount__gte=0), name="fee_tier_is_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.name}: ${self.amount:,.2f}"

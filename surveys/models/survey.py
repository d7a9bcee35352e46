"""A survey, and what of its results was published."""

from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from surveys.languages import in_language, is_translated
from surveys.querysets import PublishedResultsQuerySet, SurveyQuerySet


class Survey(models.Model):
    """A list of questions, with the promise under which they are answered.

    `is_anonymous` is that promise. The database holds it: rows of invitations and answers point at the survey
    together with its promise, so that it cannot be changed once there is one (ADR 9).
    """

    class Purpose(models.TextChoices):
        GENERAL = "general", _("a survey like any other")
        TRAINING = "training", _("what people say about a training")
        PARTNERS = "partners", _("the yearly survey of all partners")

    title = models.CharField(_("title"), max_length=160)
    title_es = models.CharField(_("title in Spanish"), max_length=160, blank=True)
    slug = models.SlugField(_("short name"), max_length=80, unique=True, blank=True)
    introduction = models.TextField(_("introduction"), max_length=1000, blank=True)
    introduction_es = models.TextField(_("introduction in Spanish"), max_length=1000, blank=True)
    purpose = models.CharField(_("purpose"), max_length=8, choices=Purpose.choices, default=Purpose.GENERAL)
    is_anonymous = models.BooleanField(
        _("anonymous"),
        default=False,
        help_text=_(
            "Nothing is kept that says who gave an answer. This cannot be changed once somebody was invited or has answered."
        ),
    )
    is_open = models.BooleanField(
        _("open to partners"),
        default=False,
        help_text=_("Everybody who signs in for a partner finds it and may answer once."),
    )
    asks_to_quote = models.BooleanField(
        _("asks whether we may quote"),
        default=False,
        help_text=_("The last question: “You may quote me”."),
    )
    most_reminders = models.PositiveSmallIntegerField(
        _("reminders at most"),
        default=2,
        help_text=_("To those who were invited and have not answered, five days apart."),
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    history = HistoricalRecords()
    objects = SurveyQuerySet.as_manager()

    class Meta:
        verbose_name = _("survey")
        verbose_name_plural = _("surveys")
        ordering = ["-created_at"]
        constraints = [
            # What answers and invitations point at: the survey together with its promise.
            models.UniqueConstraint(fields=["id", "is_anonymous"], name="survey_promise"),
            models.CheckConstraint(
                condition=models.Q(most_reminders__lte=5), name="survey_at_most_five_reminders"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self.slug:
            self.slug = self._free_slug()
        super().save(*args, **kwargs)

    def _free_slug(self) -> str:
        """The title as a part of an address, with a number where another survey has it."""
        stem = slugify(self.title)[:70] or "survey"
        taken = set(Survey.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
        numbered = (f"{stem}-{number}" for number in range(2, len(taken) + 3))
        return next(slug for slug in (stem, *numbered) if slug not in taken)

    @property
    def shown_title(self) -> str:
        """The title in the page's language."""
        return in_language(self, "title")

    @property
    def shown_introduction(self) -> str:
        """The introduction in the page's language."""
        return in_language(self, "introduction")

    @property
    def own_words_translated(self) -> bool:
        """Whether title and introduction are there in Spanish."""
        return is_translated(self, "title", "introduction")

    @property
    def open_url(self) -> str:
        """Where partners who sign in answer it."""
        return settings.SITE_URL + reverse("my_surveys:survey", args=[self.slug])

    @property
    def results_url(self) -> str:
        """Where its published results stand."""
        return reverse("surveys:results", args=[self.slug])


class PublishedResults(models.Model):
    """The results of a survey as they were published.

    A copy, not a window: numbers that move with every answer could be compared from day to day, and would say what
    the newest answer was. `results` is written and read by `surveys.publishing`.
    """

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="publications", verbose_name=_("survey"))
    responses = models.PositiveIntegerField(_("responses"))
    results = models.JSONField(_("results"))
    published_at = models.DateTimeField(_("published"))
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("published by")
    )
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("withdrawn by"),
    )

    objects = PublishedResultsQuerySet.as_manager()

    class Meta:
        verbose_name = _("published results")
        verbose_name_plural = _("published results")
        ordering = ["-published_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["survey"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="results_published_once",
            ),
            models.CheckConstraint(condition=models.Q(responses__gte=10), name="results_of_ten_or_more"),
        ]

    def __str__(self) -> str:
        return str(self.survey)

    def get_absolute_url(self) -> str:
        return self.survey.results_url

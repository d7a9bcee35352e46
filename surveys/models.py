"""Surveys: questions in their order, and what people answered."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from partners.models import Organization, Person


class Survey(models.Model):
    """A list of questions. What invites to it and who may answer is said elsewhere."""

    title = models.CharField(_("title"), max_length=160)
    introduction = models.TextField(_("introduction"), max_length=1000, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("survey")
        verbose_name_plural = _("surveys")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.title


class Question(models.Model):
    """One question. `choices` holds the answers to choose from, a line each; a scale runs from 1 to 5."""

    class Kind(models.TextChoices):
        SHORT = "short", _("a line of text")
        LONG = "long", _("several lines of text")
        CHOICE = "choice", _("one of several")
        SEVERAL = "several", _("any of several")
        SCALE = "scale", _("a scale from 1 to 5")
        NUMBER = "number", _("a number")

    WITH_CHOICES = (Kind.CHOICE, Kind.SEVERAL)

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="questions", verbose_name=_("survey"))
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    text = models.CharField(_("question"), max_length=300)
    hint = models.CharField(_("hint"), max_length=300, blank=True)
    kind = models.CharField(_("kind"), max_length=7, choices=Kind.choices, default=Kind.SHORT)
    choices = models.TextField(_("answers to choose from"), blank=True, help_text=_("One a line."))
    is_required = models.BooleanField(_("must be answered"), default=False)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.text

    @property
    def options(self) -> list[str]:
        """The answers to choose from, each once."""
        return list(dict.fromkeys(line.strip() for line in self.choices.splitlines() if line.strip()))

    def clean(self) -> None:
        if self.kind in self.WITH_CHOICES and len(self.options) < 2:
            raise ValidationError({"choices": _("Write at least two answers to choose from, one a line.")})


class Response(models.Model):
    """Somebody's answers to a survey, once each."""

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="responses", verbose_name=_("survey"))
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="survey_responses", verbose_name=_("person")
    )
    organization = models.ForeignKey(
        Organization,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="survey_responses",
        verbose_name=_("organization at that time"),
    )
    responded_at = models.DateTimeField(_("answered"))

    class Meta:
        verbose_name = _("response")
        verbose_name_plural = _("responses")
        ordering = ["-responded_at"]
        constraints = [models.UniqueConstraint(fields=["survey", "person"], name="response_once_per_person")]

    def __str__(self) -> str:
        return f"{self.person}: {self.survey}"


class Answer(models.Model):
    """What somebody answered to one question: text, a number as text, or a list of chosen answers."""

    response = models.ForeignKey(Response, models.CASCADE, related_name="answers", verbose_name=_("response"))
    question = models.ForeignKey(Question, models.PROTECT, related_name="answers", verbose_name=_("question"))
    value = models.JSONField(_("answer"))

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering = ["question"]
        constraints = [models.UniqueConstraint(fields=["response", "question"], name="answer_once")]

    def __str__(self) -> str:
        return str(self.value)

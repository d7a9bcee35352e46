"""What people answered."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from partners.models import Organization, Person
from surveys.files import kept_name, private_files
from surveys.models.question import Question
from surveys.models.survey import Survey
from surveys.querysets import ResponseQuerySet


class Response(models.Model):
    """Somebody's answers to a survey, once for each occasion.

    Of an anonymous survey it holds no person, no organization and no time, and its key says nothing of when it
    came (ADR 9). `occasion` is what the survey was about, such as `training:12:end`.
    """

    class Quoting(models.TextChoices):
        NOT_ASKED = "", _("not asked")
        NAMED = "named", _("with my name")
        NAMELESS = "nameless", _("without my name")
        NO = "no", _("no")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    survey = models.ForeignKey(Survey, models.PROTECT, related_name="responses", verbose_name=_("survey"))
    is_anonymous = models.BooleanField(_("anonymous"), default=False)
    occasion = models.CharField(_("occasion"), max_length=80, blank=True)
    person = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="survey_responses",
        verbose_name=_("person"),
    )
    organization = models.ForeignKey(
        Organization,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="survey_responses",
        verbose_name=_("organization at that time"),
    )
    responded_at = models.DateTimeField(_("answered"), null=True, blank=True)
    quoting = models.CharField(
        _("may be quoted"), max_length=8, choices=Quoting.choices, default=Quoting.NOT_ASKED, blank=True
    )

    objects = ResponseQuerySet.as_manager()

    class Meta:
        verbose_name = _("response")
        verbose_name_plural = _("responses")
        ordering = ["-responded_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["survey", "person", "occasion"], name="response_once_per_person_and_occasion"
            ),
            models.CheckConstraint(
                condition=models.Q(is_anonymous=False)
                | (
                    models.Q(person__isnull=True, organization__isnull=True, responded_at__isnull=True)
                    & ~models.Q(quoting="named")
                ),
                name="response_anonymous_names_nobody",
            ),
            models.CheckConstraint(
                condition=models.Q(is_anonymous=True)
                | models.Q(person__isnull=False, responded_at__isnull=False),
                name="response_named_says_who_and_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person or _('anonymous')}: {self.survey}"


class Answer(models.Model):
    """What somebody answered to one question.

    `value` is text, a number or a date as text, a step of a scale, a list of chosen answers, for a table the chosen
    answer by line, or for a file its name.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    response = models.ForeignKey(Response, models.CASCADE, related_name="answers", verbose_name=_("response"))
    question = models.ForeignKey(Question, models.PROTECT, related_name="answers", verbose_name=_("question"))
    value = models.JSONField(_("answer"))
    file = models.FileField(_("file"), storage=private_files, upload_to=kept_name, blank=True)
    is_quoted = models.BooleanField(_("published as a quote"), default=False)

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering = ["question"]
        constraints = [models.UniqueConstraint(fields=["response", "question"], name="answer_once")]

    def __str__(self) -> str:
        return str(self.value)

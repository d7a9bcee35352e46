"""A question of a survey."""

import re

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from surveys.languages import in_language, is_translated, listed, paired
from surveys.models.survey import Survey


class Question(models.Model):
    """One question. `choices` holds the answers to choose from, a line each; a scale runs from 1 to 5.

    `shown_if` is an earlier question: this one is asked only of people who gave it one of `shown_values`.
    """

    class Kind(models.TextChoices):
        SHORT = "short", _("a line of text")
        LONG = "long", _("several lines of text")
        CHOICE = "choice", _("one of several")
        SEVERAL = "several", _("any of several")
        SCALE = "scale", _("a scale from 1 to 5")
        MATRIX = "matrix", _("a table: one answer for each line")
        NPS = "nps", _("how likely to recommend, 0 to 10")
        NUMBER = "number", _("a number")
        DATE = "date", _("a date")
        FILE = "file", _("a file")

    class Measure(models.TextChoices):
        NOTHING = "", _("nothing in particular")
        VALUE = "value", _("how valuable a training was")
        USED = "used", _("whether somebody used what they learned")
        RELATIONSHIP = "relation", _("how it goes between a partner and us")
        CONTACT = "contact", _("whether a partner asks us to get in touch")

    WITH_CHOICES = (Kind.CHOICE, Kind.SEVERAL, Kind.MATRIX)
    # What another question may depend on.
    DECISIVE = (Kind.CHOICE, Kind.SEVERAL, Kind.SCALE, Kind.NPS)
    # The answers that count where nobody has said which: see `counting`.
    USUALLY_COUNT = {
        (Measure.VALUE, Kind.SCALE): "4-5",
        (Measure.VALUE, Kind.NPS): "9-10",
        (Measure.USED, Kind.SCALE): "4-5",
        (Measure.RELATIONSHIP, Kind.SCALE): "1-2",
        (Measure.RELATIONSHIP, Kind.NPS): "0-6",
    }

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="questions", verbose_name=_("survey"))
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    text = models.CharField(_("question"), max_length=300)
    text_es = models.CharField(_("question in Spanish"), max_length=300, blank=True)
    hint = models.CharField(_("hint"), max_length=300, blank=True)
    hint_es = models.CharField(_("hint in Spanish"), max_length=300, blank=True)
    kind = models.CharField(_("kind"), max_length=7, choices=Kind.choices, default=Kind.SHORT)
    choices = models.TextField(_("answers to choose from"), blank=True, help_text=_("One a line."))
    choices_es = models.TextField(
        _("answers in Spanish"), blank=True, help_text=_("One a line, in the same order.")
    )
    lines = models.TextField(_("lines of the table"), blank=True, help_text=_("One a line."))
    lines_es = models.TextField(
        _("lines in Spanish"), blank=True, help_text=_("One a line, in the same order.")
    )
    is_required = models.BooleanField(_("must be answered"), default=False)
    shown_if = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="opens",
        verbose_name=_("asked only after"),
        help_text=_(
            "An earlier question with answers to choose from. Save the survey first to find it here."
        ),
    )
    shown_values = models.TextField(
        _("when its answer is"), blank=True, help_text=_("One a line; for numbers also a range, such as 1-3.")
    )
    measures = models.CharField(
        _("what it measures"), max_length=8, choices=Measure.choices, default=Measure.NOTHING, blank=True
    )
    counting = models.TextField(
        _("answers that count"),
        blank=True,
        help_text=_(
            "One a line: those that mean valuable, used it, something is wrong, or please get in touch. Left empty, of a scale 4 and 5 count, and 1 and 2 where something is wrong."
        ),
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["order", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(shown_if__isnull=True, shown_values="")
                | models.Q(shown_if__isnull=False) & ~models.Q(shown_values=""),
                name="question_condition_whole",
            ),
            models.CheckConstraint(
                condition=models.Q(shown_if__isnull=True) | ~models.Q(shown_if=models.F("id")),
                name="question_not_after_itself",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def options(self) -> list[str]:
        """The answers to choose from as they are kept, each once."""
        return listed(self.choices)

    @property
    def rows(self) -> list[str]:
        """The lines of a table as they are kept, each once."""
        return listed(self.lines)

    @property
    def shown_options(self) -> list[tuple[str, str]]:
        """Each answer as it is kept, and in the page's language."""
        return paired(self.choices, self.choices_es)

    @property
    def shown_rows(self) -> list[tuple[str, str]]:
        """Each line of a table as it is kept, and in the page's language."""
        return paired(self.lines, self.lines_es)

    @property
    def shown_text(self) -> str:
        """The question in the page's language."""
        return in_language(self, "text")

    @property
    def shown_hint(self) -> str:
        """The hint in the page's language."""
        return in_language(self, "hint")

    @property
    def is_translated(self) -> bool:
        """Whether all of it is there in Spanish."""
        return is_translated(self, "text", "hint", "choices", "lines")

    @property
    def condition(self) -> set[str]:
        """The answers to `shown_if` after which this question is asked."""
        return expanded(self.shown_values)

    @property
    def counted_answers(self) -> set[str]:
        """The answers that count for what the question measures."""
        usual = self.USUALLY_COUNT.get((self.Measure(self.measures), self.Kind(self.kind)), "")
        return expanded(self.counting or usual)

    def clean(self) -> None:
        faults = {}
        if self.kind in self.WITH_CHOICES and len(self.options) < 2:
            faults["choices"] = _("Write at least two answers to choose from, one a line.")
        if self.kind == self.Kind.MATRIX and not self.rows:
            faults["lines"] = _("Write at least one line for the table.")
        for name in ("choices", "lines"):
            spanish = listed(getattr(self, f"{name}_es"))
            if spanish and len(spanish) != len(listed(getattr(self, name))):
                faults[f"{name}_es"] = _("Write as many lines as in English, in the same order.")
        if self.shown_if is not None:
            faults |= self._condition_faults(self.shown_if)
        elif self.shown_values.strip():
            faults["shown_if"] = _("Choose the question whose answer decides.")
        if self.measures and not self.counted_answers:
            faults["counting"] = _("Say which answers count, one a line.")
        if faults:
            raise ValidationError(faults)
        if self.shown_if is None:
            self.shown_values = ""

    def _condition_faults(self, earlier: "Question") -> dict:
        if earlier.survey_id != self.survey_id or earlier.kind not in self.DECISIVE:
            return {"shown_if": _("Choose an earlier question of this survey with answers to choose from.")}
        known = {"scale": expanded("1-5"), "nps": expanded("0-10")}.get(earlier.kind, set(earlier.options))
        if not self.condition or not self.condition <= known:
            return {
                "shown_values": _("Write one of the answers of that question, exactly as it stands there.")
            }
        return {}


def expanded(text: str) -> set[str]:
    """The lines of a list as answers: `1-3` is 1, 2 and 3."""
    answers = set()
    for line in listed(text):
        span = re.fullmatch(r"(\d{1,2})\s*[-–]\s*(\d{1,2})", line)
        answers |= {str(n) for n in range(int(span[1]), int(span[2]) + 1)} if span else {line}
    return answers

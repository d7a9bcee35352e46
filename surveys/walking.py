"""Somebody's way through a survey, page by page."""

from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.datastructures import MultiValueDict

from surveys.branching import is_asked, pages_of
from surveys.forms import QUOTING, SurveyForm
from surveys.models import Survey
from surveys.question_fields import fields_of


class SurveyWalk:
    """What was answered on other pages travels in the form itself: unfinished answers are kept nowhere.

    After it is made, either `is_done` holds and `answers` and `quoting` say what was answered, or `form` is the
    page to show.
    """

    def __init__(self, survey: Survey, request: HttpRequest) -> None:
        self.survey = survey
        self.pages = pages_of(survey.questions.all())
        self.answers: dict[str, Any] = {}
        self.quoting = ""
        self.is_done = False
        self.number = 0
        self.data: QueryDict = request.POST
        self.files: MultiValueDict = request.FILES
        if request.method == "POST":
            self._go_on()
        else:
            self.form = self._page(0)

    @property
    def carried(self) -> list[tuple[str, str]]:
        """The fields of the other pages, as they were typed."""
        here = set(self.form.fields)
        names = {name for page in self.pages for question in page for name in fields_of(question)}
        names.add(QUOTING)
        return [(name, value) for name in sorted(names - here) for value in self.data.getlist(name)]

    @property
    def is_untranslated(self) -> bool:
        """Whether something of the survey is there in English only."""
        asked = (question for page in self.pages for question in page)
        return not self.survey.own_words_translated or any(not question.is_translated for question in asked)

    @property
    def offers_spanish(self) -> bool:
        """Whether something of the survey is there in Spanish."""
        asked = (question for page in self.pages for question in page)
        return bool(self.survey.title_es) or any(question.text_es for question in asked)

    @property
    def has_file(self) -> bool:
        """Whether the page asks for a file."""
        return self.form.is_multipart()

    @property
    def is_long(self) -> bool:
        return len(self.pages) > 1

    @property
    def is_last(self) -> bool:
        """Whether nothing comes after this page, whatever is answered on it."""
        return self.number == len(self.pages) - 1

    @property
    def before(self) -> int | None:
        """The page to go back to."""
        return next((n for n in reversed(range(self.number)) if self._is_shown(n)), None)

    @property
    def place(self) -> int:
        """The page's number, counted from one."""
        return self.number + 1

    def show_again(self) -> None:
        """Puts the last page back, as it was sent."""
        shown = (number for number in reversed(range(len(self.pages))) if self._is_shown(number))
        self.number = next(shown, 0)
        self.form = self._page(self.number)

    def _go_on(self) -> None:
        sent = self.data.get("page", "0")
        at = min(int(sent), len(self.pages) - 1) if sent.isdecimal() and len(sent) < 4 else 0
        goes_back = "back" in self.data
        for number in range(at if goes_back else at + 1):
            if self._is_shown(number):
                form = self._page(number, sent=True)
                if not form.is_valid():
                    self.form, self.number = form, number
                    return
                self.answers |= form.answers()
                self.quoting = form.cleaned_data.get(QUOTING) or self.quoting
        ways = reversed(range(at)) if goes_back else range(at + 1, len(self.pages))
        target = next((number for number in ways if self._is_shown(number)), 0 if goes_back else None)
        if target is None:
            self.is_done = True
        else:
            self.number = target
            self.form = self._page(target)

    def _is_shown(self, number: int) -> bool:
        asks = any(is_asked(question, self.answers) for question in self.pages[number])
        return asks or self._asks_to_quote(number)

    def _asks_to_quote(self, number: int) -> bool:
        return self.survey.asks_to_quote and number == len(self.pages) - 1

    def _page(self, number: int, *, sent: bool = False) -> SurveyForm:
        """A page as it was sent, or with what stood in it before."""
        shared: dict[str, Any] = {
            "survey": self.survey,
            "questions": [question for question in self.pages[number] if is_asked(question, self.answers)],
            "answers": self.answers,
            "asks_to_quote": self._asks_to_quote(number),
        }
        if sent:
            return SurveyForm(self.data, self.files, **shared)
        form = SurveyForm(**shared)
        for name, field in form.fields.items():
            if name in self.data:
                form.initial[name] = field.widget.value_from_datadict(self.data, {}, name)
        return form

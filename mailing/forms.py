"""The forms on which people say what mail they want."""

from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta
from typing import Any

from crispy_forms.bootstrap import InlineRadios
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from mailing.models import MailingContent, Preference, Subscription, Topic
from mailing.querysets import TopicQuerySet
from mailing.web.forms import AddressField, HoneypotMixin, PortalFormMixin
from mailing.wishes import NOTHING, Choices, Wishes, day_in_words

# Stored with every sign-up as the words that were agreed to.
CONSENT_TEXT = _("Send me e-mail about the topics I chose. I can stop at any time with one click.")

FREQUENCIES = [(value, capfirst(label)) for value, label in Subscription.Frequency.choices]
LONGEST_PAUSE = timedelta(days=366)
_ANY_TIME = "any"
_UNTIL = "date"
_KEEP = "keep"
# Each in its own words, so that whoever reads no English finds theirs.
LANGUAGES = [("en", "English"), ("es", "Español")]
# How a pause is called in the form, and how many days it lasts.
PAUSES = {"weeks2": 14, "month1": 30, "months3": 91}
_PAUSE_WORDS = [
    ("weeks2", _("For two weeks")),
    ("month1", _("For a month")),
    ("months3", _("For three months")),
]


def pause_end(days: int) -> datetime:
    """The first moment of the day on which mail starts again, in Chicago."""
    day = timezone.localdate() + timedelta(days=days)
    return timezone.make_aware(datetime.combine(day, time.min))


class TopicsField(forms.ModelMultipleChoiceField):
    """Topics as checkboxes, each with what one gets."""

    widget = forms.CheckboxSelectMultiple

    def offer(self, topics: TopicQuerySet) -> None:
        """Offers these topics."""
        self.queryset = topics
        self.choice_hints = {topic.pk: topic.description for topic in topics}

    def label_from_instance(self, obj: Topic) -> str:
        return obj.name


class SubscribeForm(PortalFormMixin, HoneypotMixin, forms.Form):
    """The public sign-up: which topics, how often, in which language, to which address."""

    topics = TopicsField(
        label=_("What would you like to get?"),
        help_text=_("Choose all that interest you."),
        queryset=Topic.objects.none(),
        error_messages={"required": _("Choose at least one topic.")},
    )
    frequency = forms.ChoiceField(
        label=_("How often?"),
        choices=FREQUENCIES,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how often we write.")},
    )
    language = forms.ChoiceField(
        label=_("In which language?"),
        help_text=_("Where we have no translation yet, you get the English text."),
        choices=LANGUAGES,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a language.")},
    )
    email = AddressField(
        label=_("Your e-mail address"),
        help_text=_("We send one message to check that the address is yours."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": _("Enter your e-mail address."),
        },
    )

    def __init__(self, *args: Any, initial: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        usual = {"frequency": Subscription.Frequency.EACH, "language": MailingContent.Language.ENGLISH}
        super().__init__(*args, initial={**usual, **(initial or {})}, **kwargs)
        self.fields["topics"].offer(Topic.objects.public())


class PreferencesForm(PortalFormMixin, forms.Form):
    """What one proven mailbox wants: each topic on offer, and how all of it comes."""

    language = forms.ChoiceField(
        label=_("Language"),
        help_text=_("Where we have no translation yet, you get the English text."),
        choices=LANGUAGES,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a language.")},
    )
    hours = forms.ChoiceField(
        label=_("Time of day"),
        help_text=_("For mail that can wait some hours. What is urgent comes at once."),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a time of day.")},
    )
    pause = forms.ChoiceField(
        label=_("Pause our mail"),
        help_text=_("Nothing you missed is sent later."),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose whether we pause.")},
    )
    until = forms.DateField(
        label=_("We write again on"),
        required=False,
        help_text=_("Only if you chose a date, such as 2027-01-15."),
        widget=forms.DateInput(attrs={"type": "date", "class": "input--medium"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Enter a date such as 2027-01-15.")},
    )
    stop_all = forms.BooleanField(
        label=_("Stop all of it"),
        required=False,
        help_text=_("You still get answers to what you do here, such as a new password."),
    )

    def __init__(self, *args: Any, wishes: Wishes, language: str = "", **kwargs: Any) -> None:
        """`language` is what the address gets so far, for when it never chose."""
        self.wishes = wishes
        super().__init__(*args, **kwargs)
        for topic, often in wishes.frequencies.items():
            self.fields[f"topic_{topic.pk}"] = _frequency_field(topic, often)
        self.fields["language"].initial = wishes.language or language or MailingContent.Language.ENGLISH
        self.fields["hours"].choices = [
            (value or _ANY_TIME, capfirst(label)) for value, label in Preference.Hours.choices
        ]
        self.fields["hours"].initial = wishes.hours or _ANY_TIME
        self.fields["pause"].choices = list(self._pauses())
        self.fields["pause"].initial = _KEEP if wishes.paused_until else NOTHING
        self.fields["stop_all"].initial = wishes.stopped

    @property
    def helper(self) -> FormHelper:
        """Three groups: what comes, how it comes, and not at all."""
        helper = super().helper
        topics = [
            InlineRadios(f"topic_{topic.pk}", wrapper_class="field--stacks")
            for topic in self.wishes.frequencies
        ]
        helper.layout = Layout(
            Fieldset(_("What we send you"), *topics),
            Fieldset(_("How it comes"), InlineRadios("language"), "hours"),
            Fieldset(_("Less, or nothing"), "pause", "until", "stop_all"),
        )
        return helper

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        if answers.get("pause") == _UNTIL and "until" in answers:
            today, day = timezone.localdate(), answers["until"]
            if day is None:
                self.add_error("until", ValidationError(_("Enter the day on which we write again.")))
            elif not today < day <= today + LONGEST_PAUSE:
                self.add_error("until", ValidationError(_("Enter a day after today and within a year.")))
        return answers

    def choices(self) -> Choices:
        """What was chosen, as the service takes it. Only for a valid form."""
        answers = self.cleaned_data
        often = {topic.pk: answers[f"topic_{topic.pk}"] for topic in self.wishes.frequencies}
        chose_language = self.wishes.language or "language" in self.changed_data
        return Choices(
            frequencies={pk: choice for pk, choice in often.items() if choice != NOTHING},
            language=answers["language"] if chose_language else "",
            hours="" if answers["hours"] == _ANY_TIME else answers["hours"],
            paused_until=self._paused_until(answers["pause"]),
            stop_all=answers["stop_all"],
        )

    def _pauses(self) -> Iterable[tuple[str, Any]]:
        until = self.wishes.paused_until
        if until:
            yield _KEEP, _now("As now: we write again on %(day)s") % {"day": day_in_words(until)}
        yield NOTHING, _("No pause: write to me again from now on") if until else _("No pause")
        yield from _PAUSE_WORDS
        yield _UNTIL, _("Until a day that I choose")

    def _paused_until(self, chosen: str) -> datetime | None:
        if chosen == _KEEP:
            return self.wishes.paused_until
        if chosen == _UNTIL:
            return timezone.make_aware(datetime.combine(self.cleaned_data["until"], time.min))
        return pause_end(PAUSES[chosen]) if chosen in PAUSES else None


def _frequency_field(topic: Topic, often: str) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=topic.name,
        help_text=topic.description,
        choices=[
            (Subscription.Frequency.EACH, _("Each message")),
            (Subscription.Frequency.WEEKLY, _("One summary a week")),
            (NOTHING, _("Nothing")),
        ],
        initial=often,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how often.")},
    )

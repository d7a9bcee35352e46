"""Forms of the staff desk: they check what staff enter and write nothing."""

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminSplitDateTimeWidget,
    UnfoldAdminTextareaWidget,
)

from campaigns.models import Campaign, IssueOfTheWeek, Story

WEEKS_AHEAD = 12


class MomentForm(forms.Form):
    """A moment that is still to come, in Chicago's time."""

    at = forms.SplitDateTimeField(label=_("When"), widget=UnfoldAdminSplitDateTimeWidget)

    def __init__(self, *args: Any, help_text: str = "", required: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["at"].help_text = help_text or gettext("Chicago time.")
        self.fields["at"].required = required

    def clean_at(self) -> datetime | None:
        at = self.cleaned_data["at"]
        if at and at <= timezone.now():
            raise forms.ValidationError(_("Choose a moment that is still to come."))
        return at


class OutcomeForm(forms.Form):
    """What came of a campaign or a call to action."""

    outcome = forms.CharField(
        label=_("Outcome"),
        max_length=4000,
        widget=UnfoldAdminTextareaWidget,
        help_text=_("What came of it, with numbers. The public page shows these words."),
    )


class SuccessorForm(forms.Form):
    """Which campaign goes on where this one ends."""

    successor = forms.ModelChoiceField(
        label=_("Continued by"),
        queryset=Campaign.objects.none(),
        required=False,
        empty_label=_("No campaign: the page stays and shows the outcome"),
        widget=UnfoldAdminSelectWidget,
        help_text=_("Visitors of the archived page are led to this campaign."),
    )

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["successor"].queryset = Campaign.objects.active().exclude(pk=campaign.pk)


class WeekForm(forms.Form):
    """A week that no other story leads yet."""

    week = forms.TypedChoiceField(
        label=_("Week"), coerce=date.fromisoformat, widget=UnfoldAdminSelectWidget, choices=()
    )

    def __init__(self, *args: Any, story: Story, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.calendar = week_calendar()
        free = [(monday, issue) for monday, issue in self.calendar if not issue or issue.story_id == story.pk]
        self.fields["week"].choices = [
            (monday.isoformat(), gettext("Week of %(day)s") % {"day": date_format(monday, "F j, Y")})
            for monday, _issue in free
        ]


def week_calendar(today: date | None = None) -> list[tuple[date, IssueOfTheWeek | None]]:
    """This week and those ahead, by their Mondays, each with its issue where one is chosen."""
    today = today or timezone.localdate()
    monday = today - timedelta(days=today.weekday())
    weeks = [monday + timedelta(weeks=ahead) for ahead in range(WEEKS_AHEAD)]
    issues = {
        issue.week: issue for issue in IssueOfTheWeek.objects.filter(week__in=weeks).select_related("story")
    }
    return [(week, issues.get(week)) for week in weeks]


def tone_hints(story: Story) -> list[str]:
    """Gentle words about a headline or summary that paints people as helpless. Never a reason to stop."""
    return tone_hints_in(f"{story.headline} {story.summary}")


def tone_hints_in(text: str) -> list[str]:
    """The same words about any headline."""
    return [
        gettext(
            "The headline or summary says “%(word)s”. People are more than their need: "
            "can the sentence say what they do, or what solves it?"
        )
        % {"word": word}
        for word in ("vulnerable", "neediest")
        if word in text.lower()
    ]

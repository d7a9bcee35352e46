"""What staff enter about courses and sessions. The forms check and write nothing."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminEmailInputWidget,
    UnfoldAdminExpandableTextareaWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminSplitDateTimeWidget,
    UnfoldAdminTextInputWidget,
    UnfoldAdminURLInputWidget,
)

from mailing.web.forms import AddressField
from partners.fields import NameField
from trainings.addresses import not_reserved
from trainings.models import Course, FeeTier, Session
from trainings.services.registering import Participant
from trainings.services.sessions import Day

# What of a published session changes over a button, which tells people.
MOVED = ["mode", "venue", "street", "city", "join_url", "capacity", "registration_closes_at"]
MOST_DAYS = 5


class CourseForm(forms.ModelForm):
    """A course as staff write it."""

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"]
        not_reserved(slug)
        return slug

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if (
            self.instance.state == Course.State.PUBLISHED
            and not (values.get("equity_objectives") or "").strip()
        ):
            self.add_error("equity_objectives", _("A published course keeps its equity objectives."))
        if values.get("end_survey_required") and not values.get("end_survey"):
            self.add_error("end_survey", _("Choose the survey that must be answered."))
        return values


class SessionForm(forms.ModelForm):
    """A session as staff write it; what is wrong stands at its field."""

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        starts, ends = values.get("starts_at"), values.get("ends_at")
        if starts and ends and ends <= starts:
            self.add_error("ends_at", _("A session ends after it starts."))
        return values


def _moment(label: Any, *, required: bool = True) -> forms.SplitDateTimeField:
    return forms.SplitDateTimeField(label=label, required=required, widget=UnfoldAdminSplitDateTimeWidget)


class MoveForm(forms.ModelForm):
    """On which days, where and for how many. `services.sessions.change_session` changes the row, under its lock."""

    class Meta:
        model = Session
        fields = MOVED
        widgets = {
            "mode": UnfoldAdminSelectWidget,
            "venue": UnfoldAdminTextInputWidget,
            "street": UnfoldAdminTextInputWidget,
            "city": UnfoldAdminTextInputWidget,
            "join_url": UnfoldAdminURLInputWidget,
            "capacity": UnfoldAdminIntegerFieldWidget,
        }
        field_classes = {"registration_closes_at": forms.SplitDateTimeField}

    registration_closes_at = _moment(_("Registration closes (empty: when it starts)"), required=False)

    def __init__(self, *args: Any, session: Session, **kwargs: Any) -> None:
        days = session.days
        kwargs["initial"] = {name: getattr(session, name) for name in MOVED}
        super().__init__(*args, **kwargs)
        moved = dict(self.fields)
        self.fields.clear()
        for number in range(1, min(max(len(days) + 1, 2), MOST_DAYS) + 1):
            for name, label in (("starts", _("Day %(n)d starts")), ("ends", _("Day %(n)d ends"))):
                field = _moment(label % {"n": number}, required=number == 1)
                self.fields[f"day_{number}_{name}"] = field
                if number <= len(days):
                    field.initial = getattr(days[number - 1], f"{name}_at")
        self.fields.update(moved)

    def _post_clean(self) -> None:
        """The session stays as it is: what is impossible the service says, which knows how it is by then."""

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        days: list[Day] = []
        for number in range(1, MOST_DAYS + 1):
            starts, ends = values.get(f"day_{number}_starts"), values.get(f"day_{number}_ends")
            if bool(starts) != bool(ends):
                self.add_error(f"day_{number}_ends" if starts else f"day_{number}_starts", _("Enter both."))
            elif starts and ends:
                self._add_day(number, starts, ends, days)
        return {"days": days} | {name: values[name] for name in MOVED if name in values}

    def _add_day(self, number: int, starts: datetime, ends: datetime, days: list[Day]) -> None:
        if ends <= starts:
            self.add_error(f"day_{number}_ends", _("Each day ends after it starts."))
        days.append(Day(starts, ends))


class CancelForm(forms.Form):
    """Why a session does not take place, in words for those who wanted to come."""

    reason = forms.CharField(
        label=_("Why it is cancelled"),
        max_length=300,
        widget=UnfoldAdminExpandableTextareaWidget,
        help_text=_("Stands in the mail and on the session's page."),
    )


class CopyForm(forms.Form):
    """When the same session begins once more."""

    starts_at = _moment(_("The new session starts"))


class StaffRegistrationForm(forms.Form):
    """Somebody who called or wrote: staff register them, and they get the same mail as everybody."""

    first_name = NameField(label=_("First name"), max_length=80, widget=UnfoldAdminTextInputWidget)
    last_name = NameField(label=_("Last name"), max_length=80, widget=UnfoldAdminTextInputWidget)
    email = AddressField(label=_("E-mail address"), widget=UnfoldAdminEmailInputWidget)
    is_online = forms.BooleanField(label=_("Takes part online"), required=False)
    needs = forms.CharField(
        label=_("What they need to take part"),
        required=False,
        max_length=300,
        widget=UnfoldAdminExpandableTextareaWidget,
    )
    tier = forms.ModelChoiceField(
        FeeTier.objects.none(), label=_("Fee"), empty_label=None, widget=UnfoldAdminSelectWidget
    )

    def __init__(self, *args: Any, session: Session, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tiers = session.course.tiers.filter(is_offered=True)
        self.fields["tier"].queryset = tiers
        if not tiers:
            del self.fields["tier"]
        if session.mode != "hybrid":
            del self.fields["is_online"]

    @staticmethod
    def participant(answers: dict[str, Any]) -> Participant:
        """The answers as the service takes them."""
        return Participant(
            email=answers["email"],
            first_name=answers["first_name"],
            last_name=answers["last_name"],
            is_online=answers.get("is_online", False),
            needs=" ".join(answers["needs"].split()),
        )

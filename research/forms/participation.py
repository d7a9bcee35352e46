"""Entering who took part: one person, or a file. The forms check and write nothing."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminEmailInputWidget,
    UnfoldAdminFileFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminSingleDateWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from partners.gatherings.reports.decoding import decode
from partners.models import County, Organization, ProfileAnswer, SubSector
from research.models import (
    Participant,
    ParticipantContact,
    ParticipantDemographics,
    Participation,
    Phase,
    ResearchProject,
)
from research.services.participation import Told, Who
from research.services.participation_import import MOST_BYTES

NAMES = ("name", "email", "may_contact")


def running_projects() -> Any:
    """Projects into which people can be entered."""
    return ResearchProject.objects.filter(status=ResearchProject.Status.RUNNING).defer("search")


class ParticipationForm(forms.Form):
    """One person who took part in a phase. Names only for staff with the right to them."""

    phase = forms.ModelChoiceField(
        Phase.objects.none(), label=gettext_lazy("Phase"), widget=UnfoldAdminSelectWidget
    )
    method = forms.ChoiceField(
        label=gettext_lazy("Method"), choices=Participation.Method.choices, widget=UnfoldAdminSelectWidget
    )
    on = forms.DateField(label=gettext_lazy("Day"), widget=UnfoldAdminSingleDateWidget)
    code = forms.CharField(
        label=gettext_lazy("Number"),
        max_length=20,
        required=False,
        widget=UnfoldAdminTextInputWidget,
        help_text=gettext_lazy(
            "The number of somebody who took part before. Empty: a new number is given. Never a name."
        ),
    )
    role = forms.ChoiceField(
        label=gettext_lazy("Role"), choices=Participant.Role.choices, widget=UnfoldAdminSelectWidget
    )
    county = forms.ModelChoiceField(
        County.objects.all(), label=gettext_lazy("County"), required=False, widget=UnfoldAdminSelectWidget
    )
    sub_sector = forms.ModelChoiceField(
        SubSector.objects.all(),
        label=gettext_lazy("Service area"),
        required=False,
        widget=UnfoldAdminSelectWidget,
    )
    organization = forms.ModelChoiceField(
        Organization.objects.only("name"),
        label=gettext_lazy("Organization"),
        required=False,
        widget=UnfoldAdminSelectWidget,
    )
    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=120, required=False, widget=UnfoldAdminTextInputWidget
    )
    email = forms.EmailField(
        label=gettext_lazy("E-mail address"), required=False, widget=UnfoldAdminEmailInputWidget
    )
    may_contact = forms.BooleanField(
        label=gettext_lazy("May be asked again"), required=False, widget=UnfoldBooleanSwitchWidget
    )
    races = forms.MultipleChoiceField(
        label=gettext_lazy("Race or ethnicity"),
        choices=ProfileAnswer.Race.choices,
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text=gettext_lazy("As they said it; never guessed. It is kept apart and cannot be changed."),
    )
    ability = forms.ChoiceField(
        label=gettext_lazy("Ability status"),
        choices=[("", "---------"), *ProfileAnswer.Ability.choices],
        required=False,
        widget=UnfoldAdminSelectWidget,
    )
    age = forms.ChoiceField(
        label=gettext_lazy("Age"),
        choices=[("", "---------"), *ParticipantDemographics.Age.choices],
        required=False,
        widget=UnfoldAdminSelectWidget,
    )
    declined = forms.BooleanField(
        label=gettext_lazy("Prefers not to say"), required=False, widget=UnfoldBooleanSwitchWidget
    )
    # The number of this form: a double click enters one person.
    entry = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def __init__(self, *args: Any, with_names: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        phases = Phase.objects.filter(project__in=running_projects()).exclude(state=Phase.State.AHEAD)
        self.fields["phase"].queryset = phases.select_related("project").order_by("project__title", "order")
        self.fields["on"].initial = timezone.localdate()
        if not with_names:
            for name in NAMES:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("declined") and any(values.get(name) for name in ("races", "ability", "age")):
            self.add_error("declined", _("Enter the answers or “prefers not to say”, not both."))
        return values

    @property
    def who(self) -> Who:
        """The person as the service takes them."""
        values = dict(self.cleaned_data)
        told = Told(**{name: values.pop(name) for name in ("races", "ability", "age", "declined")})
        kept = {
            name: value for name, value in values.items() if name not in {"phase", "method", "on", "entry"}
        }
        # An empty box says nothing: what was agreed to before is taken back on the contact's own page.
        kept["may_contact"] = kept.get("may_contact") or None
        return Who(told=told, **{**kept, "code": kept["code"].strip()})


class ContactForm(forms.ModelForm):
    """The name and address behind a number: one address is one participant of a project."""

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if not values.get("name") and not values.get("email") and "email" not in self.errors:
            self.add_error(
                "email", _("Enter a name or an address. To forget the person, delete the contact.")
            )
        others = ParticipantContact.objects.filter(project=self.instance.project_id).exclude(
            pk=self.instance.pk
        )
        if values.get("email") and others.filter(email__iexact=values["email"]).exists():
            self.add_error("email", _("Somebody in this project has this address."))
        return values


class ParticipationFileForm(forms.Form):
    """A project and its file of people; when it was looked through, the file's own text."""

    project = forms.ModelChoiceField(
        ResearchProject.objects.none(), label=gettext_lazy("Project"), widget=UnfoldAdminSelectWidget
    )
    file = forms.FileField(
        label=gettext_lazy("File"),
        required=False,
        widget=UnfoldAdminFileFieldWidget,
        help_text=gettext_lazy("CSV of at most 500 KB and 2,000 lines. You see first what it does."),
    )
    text = forms.CharField(required=False, widget=forms.HiddenInput, strip=False, max_length=MOST_BYTES)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["project"].queryset = running_projects()

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file and file.size > MOST_BYTES:
            raise forms.ValidationError(_("The file is larger than 500 KB."))
        return file

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("file"):
            values["text"] = decode(values["file"].read())
        elif not values.get("text") and "file" not in self.errors:
            self.add_error("file", _("Choose the file."))
        return values

"""What people fill in to register for a session, one page after the other."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext_lazy as _

from mailing.addresses import normalize_address
from mailing.web.forms import AddressField, HoneypotMixin, PortalFormMixin
from partners.fields import LineField, NameField
from partners.forms.visitor import VisitorFields
from partners.gatherings.models import Mode
from trainings.models import FeeTier, Session
from trainings.services.registering import MOST_PEOPLE

MYSELF, BOTH, COLLEAGUES = "myself", "both", "colleagues"
IN_PERSON, ONLINE = "in_person", "online"
NEEDS_LENGTH = 300
# Rows for colleagues at first; a button brings more.
FIRST_ROWS = 3


def _line(autocomplete: str = "off", **attributes: str) -> forms.TextInput:
    return forms.TextInput(attrs={"autocomplete": autocomplete, **attributes})


class WhoForm(PortalFormMixin, forms.Form):
    """For whom somebody registers who is signed in."""

    who = forms.ChoiceField(
        label=_("Who takes part?"),
        choices=[
            (MYSELF, _("I take part")),
            (BOTH, _("I take part, with colleagues")),
            (COLLEAGUES, _("Only colleagues take part")),
        ],
        initial=MYSELF,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose who takes part."),
            "invalid_choice": _("Choose who takes part."),
        },
    )


class VisitorForm(HoneypotMixin, VisitorFields, WhoForm):
    """The same for somebody who is not signed in: who they are comes first."""

    field_order = ["first_name", "last_name", "email", "who"]


class ColleagueForm(PortalFormMixin, forms.Form):
    """One colleague; a row that is left empty counts for nothing."""

    first_name = NameField(label=_("First name"), max_length=80, required=False, widget=_line())
    last_name = NameField(label=_("Last name"), max_length=80, required=False, widget=_line())
    email = AddressField(
        label=_("E-mail address"), required=False, widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        missing = {
            "first_name": _("Enter the first name of this person."),
            "last_name": _("Enter the last name of this person."),
            "email": _("Enter the e-mail address of this person."),
        }
        if any(answers.get(name) for name in missing):
            for name, words in missing.items():
                if not answers.get(name) and name not in self.errors:
                    self.add_error(name, words)
        return answers


class BaseColleagueSet(BaseFormSet):
    """Some colleagues, each with an address of their own."""

    def __init__(self, *args: Any, own_address: str = "", **kwargs: Any) -> None:
        self.own_address = normalize_address(own_address)
        super().__init__(*args, **kwargs)

    def clean(self) -> None:
        if any(self.errors):
            return
        addresses = [normalize_address(one["email"]) for one in self.people()]
        if not addresses:
            raise ValidationError(_("Name at least one colleague."), code="nobody")
        if self.own_address in addresses:
            raise ValidationError(
                _("You are registered with your own address already. Leave yourself out here.")
            )
        if len(set(addresses)) < len(addresses):
            raise ValidationError(_("Two people have the same e-mail address. Each needs their own."))

    def people(self) -> list[dict[str, str]]:
        """The rows that are filled in."""
        return [
            {name: form.cleaned_data[name] for name in ("first_name", "last_name", "email")}
            for form in self.forms
            if form.cleaned_data.get("email")
        ]


ColleagueSet: type[BaseColleagueSet] = formset_factory(
    ColleagueForm,
    formset=BaseColleagueSet,
    extra=FIRST_ROWS,
    max_num=MOST_PEOPLE,
    absolute_max=MOST_PEOPLE,
    validate_max=True,
)


class NeedsForm(PortalFormMixin, forms.Form):
    """What one person needs to take part."""

    needs = forms.CharField(
        label=_("What you need to take part"),
        required=False,
        max_length=NEEDS_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "Such as a sign language interpreter, a ramp, or food you cannot eat. Only our staff see it."
        ),
        error_messages={
            "max_length": _("Shorten what you need to 300 characters. It has %(show_value)d now.")
        },
    )
    captions = forms.BooleanField(label=_("I would like live captions"), required=False)
    language = LineField(
        label=_("Language you prefer"),
        required=False,
        max_length=40,
        widget=_line(**{"class": "input--medium"}),
        help_text=_("If it is not English. We tell you when we have an interpreter."),
        error_messages={"max_length": _("Shorten the language to 40 characters.")},
    )

    def clean_needs(self) -> str:
        return " ".join(self.cleaned_data["needs"].split())

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        if "needs" in answers and len(needs_in_words(answers)) > NEEDS_LENGTH:
            self.add_error("needs", _("Shorten what you need a little."))
        return answers


def needs_in_words(answers: dict[str, Any]) -> str:
    """What somebody needs, the wish for captions among it, as it is kept."""
    words = [str(_("Live captions")) if answers.get("captions") else "", answers.get("needs", "")]
    return ". ".join(word for word in words if word)


class WishesForm(NeedsForm):
    """How everybody of a registration takes part, and what the one who registers needs."""

    how = forms.ChoiceField(
        label=_("How will you take part?"),
        choices=[(IN_PERSON, _("In person")), (ONLINE, _("Online"))],
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose how you will take part."),
            "invalid_choice": _("Choose how you will take part."),
        },
    )
    field_order = ["how", "needs", "captions", "language"]

    def __init__(self, *args: Any, session: Session, takes_part: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if session.mode != Mode.HYBRID:
            del self.fields["how"]
        if not takes_part:
            for name in ("needs", "captions", "language"):
                del self.fields[name]


def fee_label(tier: FeeTier) -> str:
    """A step of the scale with its fee, as people choose it."""
    return f"{tier.name}: {_('Free') if not tier.amount else f'${tier.amount:,.2f}'}"


class TierField(forms.ModelChoiceField):
    """The steps of a sliding scale."""

    def label_from_instance(self, tier: FeeTier) -> str:
        return fee_label(tier)


class FeeForm(PortalFormMixin, forms.Form):
    """Which fee somebody pays. Nobody asks for proof."""

    tier = TierField(
        FeeTier.objects.none(),
        label=_("Which fee fits your organization?"),
        empty_label=None,
        widget=forms.RadioSelect,
        help_text=_("Choose what your organization can pay. We ask for no proof."),
        error_messages={"required": _("Choose a fee."), "invalid_choice": _("Choose one of these fees.")},
    )

    def __init__(self, *args: Any, session: Session, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = session.course.tiers.filter(is_offered=True)
        self.fields["tier"].queryset = offered
        self.fields["tier"].choice_hints = {str(tier.pk): tier.hint for tier in offered if tier.hint}


class WayForm(PortalFormMixin, forms.Form):
    """In person or online, chosen anew on the page of one's own place."""

    how = forms.ChoiceField(
        label=_("How will you take part?"),
        choices=[(IN_PERSON, _("In person")), (ONLINE, _("Online"))],
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose how you will take part."),
            "invalid_choice": _("Choose how you will take part."),
        },
    )

    @property
    def is_online(self) -> bool:
        return self.cleaned_data["how"] == ONLINE


class OwnNeedsForm(NeedsForm):
    """The same on the page of one's own place: the wish for captions stands among the needs already."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["captions"]

"""The form on which a partner writes down whom it asked for their name on a bill."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from legislation.chambers import Chamber
from legislation.models import Bill, BillTracking, Legislator, LegislatorAsk
from legislation.pages.partner_positions import FINISHED
from mailing.web.forms import PortalFormMixin

LONGEST_AGO = timedelta(days=730)


class AnswerForm(PortalFormMixin, forms.Form):
    """What a legislator said, and when."""

    asked_on = forms.DateField(
        label=_("When did you talk?"),
        widget=forms.DateInput(attrs={"type": "date", "class": "input--medium"}, format="%Y-%m-%d"),
        error_messages={
            "required": _("Enter the day of the talk."),
            "invalid": _("Enter a day such as 2026-03-05."),
        },
    )
    stance = forms.ChoiceField(
        label=_("Where do they stand on the bill?"),
        choices=LegislatorAsk.Stance.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose where they stand. “Has not said” is an answer too."),
            "invalid_choice": _("Choose where they stand. “Has not said” is an answer too."),
        },
    )
    will_sponsor = forms.BooleanField(label=_("They promised to put their name on it"), required=False)
    note = forms.CharField(
        label=_("What should we know?"),
        required=False,
        max_length=500,
        help_text=_(
            "Their reasons, what would help, who was there. Only your organization and the coalition's staff read it."
        ),
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Capitalised in the reader's language, so not before a page is asked for.
        self.fields["stance"].choices = [
            (choice.value, capfirst(choice.label)) for choice in LegislatorAsk.Stance
        ]
        self.fields["asked_on"].widget.attrs["max"] = timezone.localdate().isoformat()

    def clean_asked_on(self) -> date:
        day = self.cleaned_data["asked_on"]
        today = timezone.localdate()
        if day > today:
            raise forms.ValidationError(_("The day of the talk cannot lie in the future."))
        if day < today - LONGEST_AGO:
            raise forms.ValidationError(_("Enter a day of the last two years."))
        return day


class ConversationForm(AnswerForm):
    """The same with the bill and the legislator, each chosen here unless the page before said which."""

    bill = forms.ModelChoiceField(
        label=_("Which bill was it about?"),
        queryset=Bill.objects.none(),
        empty_label=_("Choose a bill"),
        error_messages={
            "required": _("Choose the bill."),
            "invalid_choice": _("Choose a bill of the list."),
        },
    )
    legislator = forms.ModelChoiceField(
        label=_("Whom did you ask?"),
        queryset=Legislator.objects.none(),
        empty_label=_("Choose a legislator"),
        error_messages={
            "required": _("Choose the legislator."),
            "invalid_choice": _("Choose a legislator of the list."),
        },
    )
    field_order = ("bill", "legislator", "asked_on", "stance", "will_sponsor", "note")

    def __init__(self, *args: Any, bill: Bill | None, legislator: Legislator | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if bill is not None:
            del self.fields["bill"]
        else:
            bills = self.fields["bill"]
            bills.queryset = bills_to_ask_about()
            bills.label_from_instance = _bill_label
        if legislator is not None:
            del self.fields["legislator"]
        else:
            members = self.fields["legislator"]
            members.queryset = Legislator.objects.current().order_by("family_name", "given_name")
            members.label_from_instance = _member_label


def bills_to_ask_about() -> Any:
    """Bills that we follow in public and on which something can still change."""
    tracked = BillTracking.objects.filter(is_public=True).values("bill")
    return Bill.objects.filter(pk__in=tracked).exclude(stage__in=FINISHED).for_rows()


def _bill_label(bill: Bill) -> str:
    return f"{bill.label}: {bill.shown_title}"


def _member_label(member: Legislator) -> str:
    chamber = Chamber(member.chamber).label if member.chamber else ""
    return f"{member.family_name}, {member.given_name} ({chamber} {member.district})"

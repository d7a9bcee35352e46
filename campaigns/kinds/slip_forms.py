"""The two forms of a slip's page: for whom somebody will file, and what they filed."""

from datetime import UTC, date, datetime
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.kinds.base import DetailsForm
from campaigns.models import CallToAction, SlipAsk
from campaigns.slip_asks import asks_of
from campaigns.visitors import Visitor
from legislation.models import RecordedSlip, ReportedSlip
from legislation.permissions import organizations_spoken_for
from legislation.reported_slips import posting_day
from mailing.web.forms import PortalFormMixin
from partners.models import Organization

SELF = "self"
# What stands for a document on which no slip was filed.
NONE = "none"


def behalf_field(organizations: list[Organization], label: str) -> forms.ChoiceField:
    """Oneself, or a partner whose name one may use."""
    choices = [(str(organization.pk), organization.name) for organization in organizations]
    return forms.ChoiceField(
        label=label,
        choices=[*choices, (SELF, _("Myself"))],
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose on whose behalf."),
            "invalid_choice": _("Choose on whose behalf: you can name only organizations you speak for."),
        },
    )


class PledgeForm(PortalFormMixin, forms.Form):
    """“I will file it”: for whom. Asks nothing of somebody who can only speak for themself."""

    def __init__(
        self, *args: Any, speaks_for: list[Organization], as_whom: Organization | None = None, **kwargs: Any
    ) -> None:
        kwargs["auto_id"] = "pledge_%s"  # The other form of the page asks on whose behalf too.
        super().__init__(*args, **kwargs)
        self._organizations = {str(organization.pk): organization for organization in speaks_for}
        if speaks_for:
            self.fields["behalf"] = behalf_field(speaks_for, _("On whose behalf will you file?"))
            self.fields["behalf"].initial = str(as_whom.pk) if as_whom else SELF

    @property
    def organization(self) -> Organization | None:
        """The partner that was chosen."""
        return self._organizations.get(self.cleaned_data.get("behalf", SELF))


def _when_said(slip: ReportedSlip) -> datetime:
    """When the person last said something of a slip; each was pledged or filed."""
    return slip.filed_at or slip.pledged_at or datetime.min.replace(tzinfo=UTC)


class SlipForm(DetailsForm):
    """“I filed it”: for whom, the position on each document, the testimony."""

    testimony = forms.ChoiceField(
        label=gettext_lazy("Testimony"),
        choices=ReportedSlip.Testimony.choices,
        initial=ReportedSlip.Testimony.RECORD,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("As you chose it on the official form."),
        error_messages={"required": gettext_lazy("Choose the kind of testimony.")},
    )
    # The day that the page showed while they filed: the hearing may move before the answer arrives.
    posting_on = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, call: CallToAction, visitor: Visitor, **kwargs: Any) -> None:
        super().__init__(*args, call=call, visitor=visitor, **kwargs)
        self.asks = asks_of(call)
        earlier = self._earlier()
        person = visitor.person
        self.speaks_for = organizations_spoken_for(person) if person else []
        if call.hearing:
            self.fields["posting_on"].initial = posting_day(call.hearing).isoformat()
        if self.speaks_for:
            self.fields["behalf"] = behalf_field(self.speaks_for, _("On whose behalf did you file?"))
            self.fields["behalf"].initial = self._usual_behalf(earlier)
        for ask in self.asks:
            self.fields[self.name_of(ask)] = self._position_field(ask, earlier)
        if said := next((row.testimony for row in earlier if row.filed_at), ""):
            self.fields["testimony"].initial = said
        self.order_fields(["posting_on", "behalf", *map(self.name_of, self.asks), "testimony"])

    @staticmethod
    def name_of(ask: SlipAsk) -> str:
        """The name of the field for one document."""
        return f"position_{ask.document_id}"

    def _earlier(self) -> list[ReportedSlip]:
        """What the person said of this posting, what they filed last first."""
        if self.visitor.person is None or self.call.hearing is None:
            return []
        said = ReportedSlip.objects.filter(
            person=self.visitor.person,
            document__hearing=self.call.hearing,
            posting_on=posting_day(self.call.hearing),
        )
        return sorted(said, key=_when_said, reverse=True)

    def _usual_behalf(self, earlier: list[ReportedSlip]) -> str:
        partners = {organization.pk for organization in self.speaks_for}
        for row in earlier:
            return str(row.organization_id) if row.organization_id in partners else SELF
        own = self.visitor.organization
        return str(own.pk) if own and own.pk in partners else SELF

    def _position_field(self, ask: SlipAsk, earlier: list[ReportedSlip]) -> forms.ChoiceField:
        """One document. What we ask for is chosen already only where there is but one, so that nobody reports by habit."""
        choices = [(value, str(capfirst(label))) for value, label in RecordedSlip.Position.choices]
        alone = len(self.asks) == 1
        if not alone:
            choices.append((NONE, _("I filed no slip on this one")))
        said = next((row for row in earlier if row.document_id == ask.document_id and row.filed_at), None)
        return forms.ChoiceField(
            label=_("Your position on %(document)s") % {"document": ask.document.label},
            choices=choices,
            widget=forms.RadioSelect,
            initial=said.position if said else ask.position if alone else None,
            help_text=_("We asked for: %(position)s.") % {"position": capfirst(ask.get_position_display())},
            error_messages={
                "required": _("Choose what you filed on %(document)s.") % {"document": ask.document.label}
            },
        )

    def clean_posting_on(self) -> str:
        """The day as it came, or nothing: a day that makes no sense is not the visitor's mistake."""
        try:
            return date.fromisoformat(self.cleaned_data["posting_on"]).isoformat()
        except ValueError:
            return ""

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        said = [answers.get(self.name_of(ask)) for ask in self.asks]
        if said and all(position == NONE for position in said):
            self.add_error(self.name_of(self.asks[0]), _("Choose your position on at least one document."))
        return answers

    def details(self) -> dict[str, Any]:
        answers = self.cleaned_data
        behalf = answers.get("behalf", SELF)
        positions = {str(ask.document_id): answers[self.name_of(ask)] for ask in self.asks}
        return {
            "organization": None if behalf == SELF else int(behalf),
            "positions": {key: "" if value == NONE else value for key, value in positions.items()},
            "testimony": answers["testimony"],
            "posting_on": answers["posting_on"],
        }

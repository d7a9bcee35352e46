"""Forms of citations and press mentions: an address that is known is refused with a link to where it stands."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from partners.errors import NotAllowed
from research.models import Citation, PressMention
from research.services.citation import known_citation
from research.services.press import known_mention


def already_entered(found: Model) -> SafeString:
    """Says that an address is known, with the way to the record."""
    address = reverse(f"admin:{found._meta.app_label}_{found._meta.model_name}_change", args=[found.pk])
    return format_html(
        '{} <a class="desk-link" href="{}">{}</a>',
        _now("This address has been entered already:"),
        address,
        found,
    )


class CitationForm(forms.ModelForm):
    """A citation with an address that this report has not got yet."""

    class Meta:
        model = Citation
        # The desk's page says which, and how they look.
        fields: tuple[str, ...] = ()

    def clean(self) -> dict[str, Any] | None:
        said = super().clean() or self.cleaned_data
        report = said.get("report") or (self.instance.report if self.instance.pk else None)
        if report and said.get("url"):
            try:
                found = known_citation(report, said["url"], but=self.instance)
            except NotAllowed as refusal:
                self.add_error("url", str(refusal))
            else:
                if found:
                    self.add_error("url", ValidationError(already_entered(found), "known"))
        return said


class PressMentionForm(forms.ModelForm):
    """A press mention with an address that is not known yet."""

    class Meta:
        model = PressMention
        fields: tuple[str, ...] = ()

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"]
        try:
            found = known_mention(url, but=self.instance)
        except NotAllowed as refusal:
            raise ValidationError(str(refusal)) from refusal
        if found:
            raise ValidationError(already_entered(found), "known")
        return url


class VerifyForm(forms.Form):
    """Who cites, as somebody found who opened the page."""

    kind = forms.ChoiceField(
        label=_("Who cites"), choices=Citation.Kind.choices, widget=UnfoldAdminSelectWidget
    )


class RejectForm(forms.Form):
    """Why a page is no citation."""

    why = forms.CharField(
        label=_("Why it is no citation"),
        max_length=300,
        widget=UnfoldAdminTextInputWidget,
        error_messages={"required": _("Say why in a few words.")},
    )

"""What staff enter about the tables we sit at. The forms check and write nothing."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from meetings.services.seats_at_tables import free_slug


class TableForm(forms.ModelForm):
    """A table; without a short name it gets one from its title."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False
            self.fields["slug"].help_text = _("Of its address. Empty: it is made from the name.")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        ally = data.get("ally")
        if "slug" in self.fields and not data.get("slug") and (ally or data.get("name")):
            data["slug"] = free_slug(ally.name if ally else data["name"])
        return data


class SeatForm(forms.ModelForm):
    """A seat in its table's form, which shows what is wrong only beside a field."""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("team_member") and data.get("person"):
            self.add_error("person", _("Choose somebody of our own or somebody of a partner, not both."))
        if data.get("alternate_member") and data.get("alternate_person"):
            self.add_error("alternate_person", _("Choose one alternate: of our own or of a partner."))
        starts, ends = data.get("starts_on"), data.get("ends_on")
        if starts and ends and ends < starts:
            self.add_error("ends_on", _("A term ends after it starts."))
        return data


class TableMemberForm(forms.ModelForm):
    """An organization at a table: a partner, or one that is named."""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if bool(data.get("organization")) == bool(data.get("name")):
            self.add_error("name", _("Choose a partner, or write the name of another organization."))
        since, until = data.get("since"), data.get("until")
        if since and until and until < since:
            self.add_error("until", _("An organization leaves after it joined."))
        return data

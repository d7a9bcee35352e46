"""What came back from each legislator whom somebody wrote to."""

from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from campaigns.models import ActionTaken, LegislatorContact
from mailing.web.forms import PortalFormMixin
from partners.fields import LineField


class RepliesForm(PortalFormMixin, forms.Form):
    """For each message of one answer: the kind of reply, and a note."""

    def __init__(self, *args: Any, action: ActionTaken, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        written = action.contacts.exclude(way=LegislatorContact.Way.PHONE).select_related("legislator")
        self.contacts = list(written.order_by("pk"))
        for contact in self.contacts:
            name = f"{contact.legislator.title} {contact.legislator.name}".strip()
            self.fields[f"reply_{contact.pk}"] = forms.ChoiceField(
                label=_("Did %(name)s reply?") % {"name": name},
                choices=LegislatorContact.Reply.choices,
                widget=forms.RadioSelect,
                required=False,
                initial=contact.reply,
            )
            self.fields[f"note_{contact.pk}"] = LineField(
                label=_("What did %(name)s say?") % {"name": name},
                required=False,
                max_length=500,
                initial=contact.note,
                error_messages={"max_length": _("Shorten your note to 500 characters.")},
            )

    @property
    def pairs(self) -> list[tuple[BoundField, BoundField]]:
        """Reply and note, for each legislator."""
        return [(self[f"reply_{contact.pk}"], self[f"note_{contact.pk}"]) for contact in self.contacts]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.contacts and not self.errors and not self.replies():
            self.add_error(f"reply_{self.contacts[0].pk}", _("Choose an answer for at least one legislator."))
        return cleaned

    def replies(self) -> dict[int, tuple[str, str]]:
        """The answers by the contact's number, as the service takes them."""
        found = {}
        for contact in self.contacts:
            reply = self.cleaned_data.get(f"reply_{contact.pk}")
            if reply:
                found[contact.pk] = (reply, self.cleaned_data.get(f"note_{contact.pk}", ""))
        return found

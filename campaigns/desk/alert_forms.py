"""Forms of an alert in the staff desk: its words, its blocks, a test, a comment. They check and write nothing."""

from typing import Any

from django import forms
from django.contrib.postgres.forms import SimpleArrayField
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldAdminURLInputWidget,
)

from campaigns.desk.audience_field import AudienceField
from campaigns.messages.blocks import WORDED, Kind
from campaigns.messages.checks import link_problems
from campaigns.messages.contents import languages, variants
from campaigns.messages.merge import merge_field_problems
from campaigns.messages.rich_text import has_words
from campaigns.models import ActionAlert, AlertBlock, CallToAction
from mailing.models import MailingContent
from partners.models import User

REMINDERS = 5
LINES = ("subject", "subject_es", "preheader", "preheader_es", "test_subject", "test_subject_es")


class AlertForm(forms.ModelForm):
    """An alert while it is a draft: words that can be mailed, whom to, and how it goes out."""

    rules = AudienceField(label=_("Audience"))
    reminder_days = SimpleArrayField(
        forms.IntegerField(min_value=1, max_value=90),
        label=_("Reminders after days"),
        required=False,
        max_length=REMINDERS,
        widget=UnfoldAdminTextInputWidget(attrs={"inputmode": "numeric"}),
        help_text=_(
            "Such as 3, 6: sent by itself to those who have not acted, while the call is open. "
            "Empty: no reminders."
        ),
    )

    class Meta:
        model = ActionAlert
        fields = [
            "call_to_action",
            "subject",
            "preheader",
            "subject_es",
            "preheader_es",
            "rules",
            "include_subscribers",
            "in_recipients_window",
            "rate_per_minute",
            "reminder_days",
            "test",
            "test_subject",
            "test_subject_es",
            "test_percent",
            "test_hours",
            "lobbying",
            "staff_minutes",
            "other_cost",
        ]

    def clean_call_to_action(self) -> CallToAction:
        call = self.cleaned_data["call_to_action"]
        if call.status != CallToAction.Status.PUBLISHED:
            raise ValidationError(_("Publish this call to action first; an alert leads people to its page."))
        return call

    def clean_reminder_days(self) -> list[int]:
        return sorted(set(self.cleaned_data["reminder_days"] or []))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for name in LINES:
            if problems := merge_field_problems(data.get(name) or ""):
                self.add_error(name, problems)
        if data.get("test") == ActionAlert.Test.SUBJECT and not (data.get("test_subject") or "").strip():
            self.add_error("test_subject", _("Write the second subject, or choose no test."))
        return data


class BlockForm(forms.ModelForm):
    """One block. Which fields it needs depends on its kind."""

    url = forms.URLField(
        label=_("Address of the picture"),
        required=False,
        max_length=500,
        assume_scheme="https",
        widget=UnfoldAdminURLInputWidget,
        help_text=_("A picture that is on the web already, beginning with https://."),
    )

    class Meta:
        model = AlertBlock
        # The admin names the fields; `url` stands above.
        fields = ["kind", "shown", "order", "text", "text_es", "label", "label_es"]

    def has_changed(self) -> bool:
        # A block that was added is meant, also when nothing in it was changed: a button needs no word of its own.
        return not self.instance.pk or super().has_changed()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        kind = data.get("kind")
        if kind in WORDED and not has_words(data.get("text") or "") and "text" not in self.errors:
            self.add_error("text", _("Write the text, or remove this block."))
        if kind == Kind.IMAGE:
            self._check_picture(data)
        for name in ("text", "text_es", "label", "label_es"):
            if problems := merge_field_problems(data.get(name) or ""):
                self.add_error(name, problems)
        for name in ("text", "text_es"):
            if problems := link_problems(data.get(name) or ""):
                self.add_error(name, problems)
        return data

    def _check_picture(self, data: dict[str, Any]) -> None:
        url = data.get("url") or ""
        if not url and "url" not in self.errors:
            self.add_error("url", _("Enter the address of the picture."))
        elif url and not url.startswith("https://"):
            self.add_error(
                "url", _("The address must begin with https://: mail programs block other pictures.")
            )
        if not (data.get("label") or "").strip():
            self.add_error("label", _("Say what the picture shows, for people who do not see it."))


class AlertTestForm(forms.Form):
    """Who gets a test, and which of the alert's messages."""

    to = forms.ModelMultipleChoiceField(
        label=_("To"),
        queryset=User.objects.none(),
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        error_messages={"required": _("Choose at least one address.")},
        help_text=_("Only staff can be chosen."),
    )
    versions = forms.MultipleChoiceField(
        label=_("Which message"),
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        error_messages={"required": _("Choose at least one message.")},
    )

    def __init__(self, *args: Any, alert: ActionAlert, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = User.objects.filter(is_staff=True, is_active=True).order_by("email")
        self.fields["to"].initial = [user.pk]
        self.fields["versions"].choices = version_choices(alert)
        self.fields["versions"].initial = [self.fields["versions"].choices[0][0]]

    def clean_versions(self) -> list[tuple[str, str]]:
        """Pairs of a variant and a language."""
        return [(one[0], one[2:]) for one in self.cleaned_data["versions"]]


def version_choices(alert: ActionAlert) -> list[tuple[str, str]]:
    """The messages an alert consists of: "A-en" and what staff call it."""
    blocks = list(alert.blocks.all())
    choices = []
    for variant in variants(alert):
        for language in languages(alert, blocks):
            label = str(MailingContent.Language(language).label)
            if alert.test:
                label = _now("Variant %(variant)s, %(language)s") % {"variant": variant, "language": label}
            choices.append((f"{variant}-{language}", label))
    return choices


class CommentForm(forms.Form):
    """What should change before an alert goes out."""

    comment = forms.CharField(
        label=_("What should change"),
        max_length=1000,
        widget=UnfoldAdminTextareaWidget,
        help_text=_("Whoever wrote and submitted the alert reads these words."),
    )

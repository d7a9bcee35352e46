"""The forms on which people say what mail they want."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from mailing.models import Topic
from mailing.querysets import TopicQuerySet
from mailing.web.forms import AddressField, HoneypotMixin, PortalFormMixin

# Stored with every sign-up as the words that were agreed to.
CONSENT_TEXT = _("Send me e-mail about the topics I chose. I can stop at any time with one click.")


class TopicsField(forms.ModelMultipleChoiceField):
    """Topics as checkboxes, each with what one gets."""

    widget = forms.CheckboxSelectMultiple

    def offer(self, topics: TopicQuerySet) -> None:
        """Offers these topics."""
        self.queryset = topics
        self.choice_hints = {topic.pk: topic.description for topic in topics}

    def label_from_instance(self, obj: Topic) -> str:
        return obj.name


class FreeTopicsField(TopicsField):
    """Topics where none at all is an answer too; so it is no question that one may skip."""

    def clean(self, value: list[str] | None) -> QuerySet[Topic]:
        return super().clean(value) if value else Topic.objects.none()


class SubscribeForm(PortalFormMixin, HoneypotMixin, forms.Form):
    """The public sign-up: which topics, to which address."""

    topics = TopicsField(
        label=_("What would you like to get?"),
        help_text=_("Choose all that interest you."),
        queryset=Topic.objects.none(),
        error_messages={"required": _("Choose at least one topic.")},
    )
    email = AddressField(
        label=_("Your e-mail address"),
        help_text=_("We send one message to check that the address is yours."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": _("Enter your e-mail address."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["topics"].offer(Topic.objects.public())


class PreferencesForm(PortalFormMixin, forms.Form):
    """What one proven mailbox wants; `topics` are those on offer to it."""

    topics = FreeTopicsField(label=_("E-mail you get"), queryset=Topic.objects.none())
    stop_all = forms.BooleanField(
        label=_("Stop all of it"),
        required=False,
        help_text=_("You still get answers to what you do here, such as a new password."),
    )

    def __init__(self, *args: Any, offered: TopicQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["topics"].offer(offered)

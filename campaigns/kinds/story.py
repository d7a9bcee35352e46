"""Stories that people share, and what they allow us to do with them."""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaigns.kinds.base import CallKind, Details, DetailsForm
from campaigns.models import ActionTaken, CallToAction, SharedStory
from campaigns.services.errors import AnswerRefused
from campaigns.services.shared_stories import keep_story
from campaigns.visitors import Visitor
from mailing.composing.compile import clean_body
from partners.fields import LineField

Scope = SharedStory.Scope
LONGEST = 6000
# The newest stories on the call's own page; the list of all has a page of its own.
SHOWN = 3
# What each choice means, in the words people read and agree to.
SCOPES = {
    Scope.PUBLIC: (
        _("You may publish it with my name"),
        _(
            "On this site, in our newsletters, and in what we give lawmakers and reporters: with my full name and place."
        ),
    ),
    Scope.FIRST_NAME: (
        _("You may publish it with my first name and place only"),
        _("In the same places, but nobody reads my last name."),
    ),
    Scope.ANONYMOUS: (
        _("You may publish it without my name"),
        _(
            "In the same places, but without my name and place. Leave out of the story what others would know you by."
        ),
    ),
    Scope.LAWMAKERS: (
        _("You may show it to lawmakers only"),
        _("With my name and place, on paper or in a meeting. It is not published anywhere."),
    ),
}


def consent_words(scope: str) -> str:
    """The whole text that somebody agrees to with their choice, as it is kept."""
    label, hint = SCOPES[Scope(scope)]
    return f"{label}. {hint} {gettext('I can withdraw my story at any time.')}"


class StoryForm(DetailsForm):
    """The story itself, and who may read it."""

    title = LineField(
        label=_("Headline for your story"),
        max_length=160,
        help_text=_("One line that says what it is about."),
        error_messages={
            "required": _("Give your story a headline."),
            "max_length": _("Shorten the headline to 160 characters. It has %(show_value)d now."),
        },
    )
    text = forms.CharField(
        label=_("Your story"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_(
            "What happened, who was there, what changed. At most 6,000 characters. "
            "Tell only what is yours to tell: no names or health facts of other people."
        ),
        error_messages={
            "required": _("Tell your story."),
            "max_length": _("Shorten your story to 6,000 characters. It has %(show_value)d now."),
        },
    )
    place = LineField(
        label=_("Your town or county"),
        required=False,
        max_length=80,
        error_messages={"max_length": _("Shorten the place to 80 characters.")},
    )
    scope = forms.ChoiceField(
        label=_("What may we do with it?"),
        choices=[(scope, label) for scope, (label, _hint) in SCOPES.items()],
        widget=forms.RadioSelect,
        help_text=_("You can withdraw your story at any time, whatever you choose."),
        error_messages={
            "required": _("Choose what we may do with your story."),
            "invalid_choice": _("Choose what we may do with your story."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        scope: Any = self.fields["scope"]  # Hints under choices are our own template's.
        scope.choice_hints = {value: hint for value, (_label, hint) in SCOPES.items()}

    def clean_text(self) -> str:
        # Browsers send two signs for each line end; the proof of a withdrawal counts on one.
        return clean_body(self.cleaned_data["text"])

    def details(self) -> dict[str, Any]:
        scope = self.cleaned_data["scope"]
        return {
            "title": self.cleaned_data["title"],
            "text": self.cleaned_data["text"],
            "place": self.cleaned_data["place"],
            "scope": scope,
            "scope_text": consent_words(scope),
        }


class ShareStory(CallKind):
    kind = CallToAction.Kind.STORY
    update_label = _("Send my changed story")
    thanks = _("Thank you for your story")
    body_template = "campaigns/kinds/story.html"
    thanks_template = "campaigns/kinds/story_thanks.html"
    details_form = StoryForm
    asks_comment = False
    asks_to_show_name = False

    def context(self, request: HttpRequest, call: CallToAction, visitor: Visitor) -> dict[str, Any]:
        listed = SharedStory.objects.listed().filter(action__call_to_action=call)
        return {
            "story_count": listed.count(),
            "shared_stories": list(listed.select_related("action__person")[:SHOWN]),
            "own_story": _own(call, visitor),
        }

    def thanks_context(self, taken: ActionTaken) -> dict[str, Any]:
        return {"shared": SharedStory.objects.filter(action=taken).first()}

    def initial(self, action: ActionTaken | None, visitor: Visitor) -> dict[str, Any]:
        # Over an alert's link the fields stay empty: mail is passed on.
        shared = _own(action.call_to_action, visitor) if action else None
        if shared is None or shared.state == SharedStory.State.WITHDRAWN:
            return {}
        return {name: getattr(shared, name) for name in ("title", "text", "place", "scope")}

    def record(self, action: ActionTaken, details: Details, *, created: bool) -> None:
        told = {
            name: str(details.get(name, "")) for name in ("title", "text", "place", "scope", "scope_text")
        }
        if not told["text"] or told["scope"] not in Scope.values:
            raise AnswerRefused(gettext("Part of your story got lost. Please send it again."))
        keep_story(action=action, **told)

    def summary(self, call: CallToAction, details: Details) -> list[tuple[str, str]]:
        rows = [
            (gettext("Headline"), str(details.get("title", ""))),
            (gettext("Your story"), str(details.get("text", ""))),
            (gettext("Place"), str(details.get("place", ""))),
            (gettext("What we may do with it"), str(details.get("scope_text", ""))),
        ]
        return [(label, value) for label, value in rows if value]


def _own(call: CallToAction, visitor: Visitor) -> SharedStory | None:
    """The story that somebody signed in told before."""
    if visitor.person is None or visitor.verified != ActionTaken.Verified.LOGIN:
        return None
    return SharedStory.objects.filter(action__call_to_action=call, action__person=visitor.person).first()

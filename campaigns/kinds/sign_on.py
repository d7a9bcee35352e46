"""Letters that organizations sign, through somebody who may speak for them."""

from typing import Any, cast

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaigns.kinds.base import CallKind, Details, DetailsForm
from campaigns.letters import letter_of, signers
from campaigns.models import ActionTaken, CallToAction, Signature
from campaigns.services.errors import AnswerRefused
from campaigns.services.signatures import sign_letter
from campaigns.visitors import Visitor
from legislation.permissions import organizations_spoken_for
from partners.fields import LineField
from partners.models import Organization

# Names of signers on the call's own page; the letter's page has all.
SHOWN = 8


class SignatureForm(DetailsForm):
    """For which of their organizations somebody signs, and how it is printed."""

    organization = forms.ChoiceField(
        label=_("Which organization do you sign for?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose the organization you sign for."),
            "invalid_choice": _("Choose one of the organizations whose primary contact you are."),
        },
    )
    signer_title = LineField(
        label=_("Your job title"),
        required=False,
        max_length=120,
        help_text=_("Printed behind your name."),
        error_messages={"max_length": _("Shorten your job title to 120 characters.")},
    )
    logo_allowed = forms.BooleanField(
        label=_("Our logo may be printed under the letter"),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        free = may_sign_for(self.call, self.visitor)
        organization = cast(forms.ChoiceField, self.fields["organization"])
        organization.choices = [(str(found.pk), found.name) for found in free]
        if len(free) == 1:
            # Nothing to choose: what is printed stands over the form.
            organization.widget = forms.HiddenInput()
            self.initial["organization"] = str(free[0].pk)
        letter = letter_of(self.call)
        if not (letter and letter.show_logos and any(found.logo for found in free)):
            del self.fields["logo_allowed"]

    def details(self) -> dict[str, Any]:
        return {
            "organization": int(self.cleaned_data["organization"]),
            "signer_title": self.cleaned_data["signer_title"],
            "logo_allowed": self.cleaned_data.get("logo_allowed", False),
        }


def may_sign_for(call: CallToAction, visitor: Visitor) -> list[Organization]:
    """The visitor's organizations that they can sign for, or whose signature they gave and can change."""
    if visitor.person is None:
        return []
    signed_by_others = {
        row.organization_id
        for row in _signatures(call, visitor)
        if row.action is None or not _is_own(row, visitor)
    }
    return [found for found in organizations_spoken_for(visitor.person) if found.pk not in signed_by_others]


def _signatures(call: CallToAction, visitor: Visitor) -> list[Signature]:
    """Those that stand for the visitor's organizations."""
    if visitor.person is None:
        return []
    return list(
        Signature.objects.standing()
        .filter(call_to_action=call, organization__in=organizations_spoken_for(visitor.person))
        .select_related("action", "organization")
        .order_by("organization_name", "pk")
    )


def _is_own(signature: Signature, visitor: Visitor) -> bool:
    return bool(signature.action and visitor.person and signature.action.person_id == visitor.person.pk)


class SignOn(CallKind):
    kind = CallToAction.Kind.SIGN_ON
    update_label = _("Save the signature")
    thanks = _("Thank you. Your organization's name is under the letter.")
    body_template = "campaigns/kinds/sign_on.html"
    form_template = "campaigns/kinds/sign_on_form.html"
    thanks_template = "campaigns/kinds/sign_on_thanks.html"
    details_form = SignatureForm
    asks_comment = False
    asks_to_show_name = False
    open_to_strangers = False

    def problems(self, call: CallToAction) -> list[str]:
        found = [] if call.statement.strip() else [gettext("Write the text of the letter.")]
        letter = letter_of(call)
        if letter is None or not letter.subject.strip():
            found.append(gettext("Give the letter a subject line."))
        if letter is None or not letter.addressed_to.strip():
            found.append(gettext("Say to whom the letter is addressed."))
        return found

    def context(self, request: HttpRequest, call: CallToAction, visitor: Visitor) -> dict[str, Any]:
        signed = signers(call)
        own = _signatures(call, visitor)
        context: dict[str, Any] = {
            "letter": letter_of(call),
            "signers": signed,
            "first_signers": signed.signatures[:SHOWN],
            "own_signatures": [(row, _is_own(row, visitor)) for row in own],
            "own_stands": any(_is_own(row, visitor) for row in own),
            "may_sign_for": may_sign_for(call, visitor),
        }
        if visitor.verified == ActionTaken.Verified.ALERT:
            # Mail is passed on, and a letter binds an organization: its signer signs in.
            context |= {"needs_login": call.is_open(), "form": None, "details": None, "own_signatures": []}
        return context

    def thanks_context(self, taken: ActionTaken) -> dict[str, Any]:
        return {"signatures": taken.signatures.standing().order_by("organization_name", "pk")}

    def initial(self, action: ActionTaken | None, visitor: Visitor) -> dict[str, Any]:
        title = visitor.person.title if visitor.person else ""
        given = action.signatures.standing().order_by("-signed_at", "-pk").first() if action else None
        if given is None:
            return {"signer_title": title}
        return {
            "organization": str(given.organization_id),
            "signer_title": given.signer_title,
            "logo_allowed": given.logo_allowed,
        }

    def check(self, call: CallToAction, details: Details, visitor: Visitor) -> None:
        if visitor.verified != ActionTaken.Verified.LOGIN:
            raise AnswerRefused(gettext("Sign in first: a letter is signed in an organization's name."))

    def record(self, action: ActionTaken, details: Details, *, created: bool) -> None:
        sign_letter(
            action=action,
            organization_id=int(details.get("organization") or 0),
            signer_title=str(details.get("signer_title", "")),
            logo_allowed=bool(details.get("logo_allowed", False)),
            is_first=created,
        )

"""What a kind of call to action may differ in. The words here fit whatever says nothing of its own."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from campaigns.models import ActionTaken, CallToAction
from campaigns.visitors import Visitor
from mailing.web.forms import PortalFormMixin
from partners.models import Person

Details = Mapping[str, Any]


class DetailsForm(PortalFormMixin, forms.Form):
    """What a kind asks beside who somebody is. One without fields asks nothing."""

    def __init__(self, *args: Any, call: CallToAction, visitor: Visitor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.call = call
        self.visitor = visitor

    def details(self) -> dict[str, Any]:
        """The answer as JSON holds it: a stranger's waits in that form until it is confirmed."""
        return dict(self.cleaned_data)


class CallKind:
    """One kind. Its templates stand in `templates/campaigns/kinds/`."""

    kind: CallToAction.Kind
    # Over the form and on its button, where the call's own words (`act_label`) do not fit.
    form_title: str | Promise = ""
    submit_label: str | Promise = ""
    # What the button says to somebody who answered before, and the headline afterwards.
    update_label: str | Promise = _("Update my answer")
    thanks: str | Promise = _("Thank you. Your answer is on record.")
    # What people read before they act, over the form: gets the page's context and `context()`.
    body_template = ""
    # The fields of `details_form`; empty renders them one after the other.
    fields_template = ""
    # The panel with the form; a kind that asks in steps has one of its own, which may hold the usual one.
    form_template = "campaigns/_call_form.html"
    # What more the thanks page and the confirmation page say; they get `taken` or `waiting`, and `call`.
    thanks_template = ""
    details_form: type[DetailsForm] = DetailsForm
    asks_comment = True
    asks_to_show_name = True
    # Strangers may answer, once they confirmed from their mailbox; else only people we know.
    open_to_strangers = True
    # What it asks in a frame on a partner's site, beside who somebody is and a comment. Without one the frame leads on
    # to the call's page, because its form is too large for a frame.
    frame_form: type[DetailsForm] | None = None
    # In the frame: what stands over the form, with `frame_context()`; the button; what stands under "check your mail".
    frame_template = ""
    frame_label: str | Promise = ""
    frame_sent_template = ""

    def problems(self, call: CallToAction) -> list[str]:
        """What is missing before the call can be published, in sentences."""
        return []

    def context(self, request: HttpRequest, call: CallToAction, visitor: Visitor) -> dict[str, Any]:
        """What `body_template` needs."""
        return {}

    def takes_answers_in_a_frame(self, call: CallToAction) -> bool:
        """Whether an open call for everybody has something to answer in its frame at this moment."""
        return True

    def frame_context(self, call: CallToAction) -> dict[str, Any]:
        """What `frame_template` needs."""
        return {}

    def is_first_step(self, details: Details) -> bool:
        """Whether an answer only announces one and is no completed action, such as the pledge to file a slip."""
        return False

    def source_of_first_step(self, call: CallToAction, person: Person) -> str:
        """The source code with which a person announced this answer before, so that who brought them is credited."""
        return ""

    def button_to_confirm(self, call: CallToAction, details: Details) -> str:
        """What the button says with which a stranger confirms this answer."""
        return str(self.submit_label or call.act_label)

    def thanks_context(self, taken: ActionTaken) -> dict[str, Any]:
        """What `thanks_template` needs."""
        return {}

    def initial(self, action: ActionTaken | None, visitor: Visitor) -> dict[str, Any]:
        """What stands in the form's fields when it is opened: the earlier answer, where there is one."""
        return {}

    def check(self, call: CallToAction, details: Details, visitor: Visitor) -> None:
        """Raises `AnswerRefused` where an answer cannot be taken, before a stranger is asked to confirm it."""

    def record(self, action: ActionTaken, details: Details, *, created: bool) -> None:
        """Writes what the kind keeps of an answer, in the transaction that writes the action.

        `created` is False where the person answered before. Raises `AnswerRefused`; then nothing is written.
        """

    def mail_until(self, call: CallToAction) -> datetime | None:
        """After that, a mail about somebody's answer would speak of what is over; None where it does not."""
        return None

    def summary(self, call: CallToAction, details: Details) -> list[tuple[str, str]]:
        """What a stranger is about to confirm, as label and value."""
        return []

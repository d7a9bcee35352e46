"""Petitions and pledges: people put their name to a text."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaigns.kinds.base import CallKind, DetailsForm
from campaigns.models import CallToAction


class Petition(CallKind):
    kind = CallToAction.Kind.PETITION
    update_label = _("Update my comment")
    thanks = _("Thank you. Your name is on record.")
    body_template = "campaigns/kinds/statement.html"
    statement_title = _("What you put your name to")
    frame_form = DetailsForm

    def problems(self, call: CallToAction) -> list[str]:
        return [] if call.statement.strip() else [gettext("Write the text that people put their name to.")]


class Pledge(Petition):
    kind = CallToAction.Kind.PLEDGE
    thanks = _("Thank you. Your pledge is on record.")
    statement_title = _("The pledge")

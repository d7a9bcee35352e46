"""Who was invited to a survey, as a list to read."""

from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import display

from partners.admin.base import PartnersAdmin, ReadOnlyMixin
from surveys.models import SurveyInvitation


@admin.register(SurveyInvitation)
class SurveyInvitationAdmin(ReadOnlyMixin, PartnersAdmin):
    """Of anonymous surveys the desk does not say who has answered: with the results at hand, that would be a hint."""

    list_display = [
        "person",
        "organization",
        "survey",
        "subject",
        "sent_at",
        "due_on",
        "reminders",
        "has_answered",
    ]
    list_filter = ["survey"]
    list_select_related = ["person", "organization", "survey"]
    search_fields = ["person__last_name", "person__email", "organization__name", "subject"]
    fields = [
        "person",
        "organization",
        "survey",
        "occasion",
        "subject",
        "sent_at",
        "due_on",
        "reminders",
        "has_answered",
    ]

    @display(description=gettext_lazy("reminders"))
    def reminders(self, invitation: SurveyInvitation) -> str:
        # They end with the answer.
        return _("not shown") if invitation.is_anonymous else str(invitation.reminders_sent)

    @display(description=gettext_lazy("answered"))
    def has_answered(self, invitation: SurveyInvitation) -> str:
        if invitation.is_anonymous:
            return _("not shown")
        return _("yes") if invitation.answered else _("no")

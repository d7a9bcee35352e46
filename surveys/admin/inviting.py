"""Inviting people to a survey from the desk: partners' contacts, or a list of addresses of people we know."""

import re
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.widgets import (
    UnfoldAdminDateWidget,
    UnfoldAdminFileFieldWidget,
    UnfoldAdminRadioSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from mailing.addresses import normalize_address
from partners.errors import NotAllowed
from partners.models import Membership, Person
from partners.posted import posted
from surveys.models import Survey
from surveys.services.invitations import Invited, invite

MOST_BYTES = 2 * 1024 * 1024
_ADDRESS = re.compile(r"[^\s,;<>\"'()]+@[^\s,;<>\"'()]+\.[^\s,;<>\"'()]+")


class InviteForm(forms.Form):
    """Whom, about what, until when."""

    CONTACTS, LISTED = "contacts", "listed"

    who = forms.ChoiceField(
        label=gettext_lazy("Whom"),
        choices=[
            (CONTACTS, gettext_lazy("The primary contacts of all active partners")),
            (LISTED, gettext_lazy("People in a list of e-mail addresses")),
        ],
        initial=CONTACTS,
        widget=UnfoldAdminRadioSelectWidget,
    )
    addresses = forms.CharField(
        label=gettext_lazy("Addresses"),
        help_text=gettext_lazy("As they come: one a line, or with commas. Only people we know are invited."),
        required=False,
        max_length=200_000,
        widget=UnfoldAdminTextareaWidget,
    )
    file = forms.FileField(
        label=gettext_lazy("Or a file with addresses (CSV or text)"),
        required=False,
        widget=UnfoldAdminFileFieldWidget,
    )
    subject = forms.CharField(
        label=gettext_lazy("What it is about"),
        help_text=gettext_lazy("Stands over the questions and in the subject of the mail. Empty: the title."),
        required=False,
        max_length=160,
        widget=UnfoldAdminTextInputWidget,
    )
    occasion = forms.SlugField(
        label=gettext_lazy("Occasion"),
        help_text=gettext_lazy(
            "A short key, such as 2026, when the same survey is asked again. Everybody is invited once for each."
        ),
        required=False,
        max_length=80,
        widget=UnfoldAdminTextInputWidget,
    )
    due_on = forms.DateField(
        label=gettext_lazy("Answers until"),
        help_text=gettext_lazy("Empty: for three weeks."),
        required=False,
        widget=UnfoldAdminDateWidget,
    )

    def clean_file(self) -> str:
        file = self.cleaned_data.get("file")
        if file is None:
            return ""
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("Choose a file of at most 2 MB."))
        return file.read().decode("utf-8-sig", errors="replace")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("who") == self.LISTED and not self.typed_addresses():
            self.add_error("addresses", _("Enter at least one e-mail address, or choose a file."))
        return cleaned

    def typed_addresses(self) -> list[str]:
        """The addresses in what was typed and uploaded, each once."""
        text = f"{self.cleaned_data.get('addresses', '')}\n{self.cleaned_data.get('file') or ''}"
        return list(dict.fromkeys(normalize_address(found.rstrip(".")) for found in _ADDRESS.findall(text)))

    def people(self) -> tuple[list[Invited], list[str]]:
        """Whom to invite, each with the organization they answer for, and the addresses nobody knows."""
        if self.cleaned_data["who"] == self.CONTACTS:
            contacts = _memberships().filter(role=Membership.Role.PRIMARY_CONTACT)
            return [(each.person, each.organization) for each in contacts.order_by("pk")], []
        addresses = self.typed_addresses()
        people = Person.objects.filter(email__in=addresses)
        places = {each.person_id: each.organization for each in _memberships().filter(person__in=people)}
        known = {person.email for person in people}
        unknown = [address for address in addresses if address not in known]
        return [(person, places.get(person.pk)) for person in people], unknown


def _memberships() -> Any:
    current = Membership.objects.current().filter(organization__status="active")
    return current.select_related("person", "organization")


def invite_people(admin: Any, request: HttpRequest, survey: Survey) -> HttpResponse:
    """Asks whom; first says how many that would be, then invites them."""
    form = InviteForm(posted(request), request.FILES or None)
    back = reverse("admin:surveys_survey_change", args=[survey.pk])
    context: dict[str, Any] = {}
    if form.is_bound and form.is_valid():
        people, unknown = form.people()
        if "confirmed" in request.POST:
            return _invite(request, survey, form, people, back)
        # What was uploaded goes along as text, so that nobody has to choose the file again.
        carried = [(name, form.data.get(name, "")) for name in ("who", "subject", "occasion", "due_on")]
        context = {
            "found": len(people),
            "unknown": unknown[:50],
            "unknown_count": len(unknown),
            "carried": [*carried, ("addresses", "\n".join(form.typed_addresses()))],
        }
    title = _("Invite people to answer")
    context |= {
        **admin.admin_site.each_context(request),
        "opts": admin.opts,
        "original": survey,
        "survey": survey,
        "title": title,
        "desk_title": title,
        "back_url": back,
        "form": form,
        "media": form.media,
    }
    return TemplateResponse(request, "admin/surveys/invite.html", context)


def _invite(
    request: HttpRequest, survey: Survey, form: InviteForm, people: list[Invited], back: str
) -> HttpResponse:
    data = form.cleaned_data
    try:
        invited = invite(
            survey=survey,
            people=people,
            occasion=data["occasion"],
            subject=data["subject"],
            due_on=data["due_on"],
            now=timezone.now(),
        )
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    else:
        said = ngettext("%(n)d person is invited.", "%(n)d people are invited.", invited) % {"n": invited}
        if invited:
            said += " " + _("This page says how many messages are written.")
        messages.success(request, said)
    return HttpResponseRedirect(back)

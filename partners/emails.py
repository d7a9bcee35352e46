"""The mails of joining and inviting. Each function returns what `mailing.services.queue_message` takes."""

import re
from typing import Any, TypedDict

from django.conf import settings
from django.template import Context, Engine
from django.template.loader import get_template
from django.urls import reverse
from django.utils.translation import gettext as _

from partners.models import Invitation, JoinApplication, Organization, Person
from partners.services.identity import get_coalition, sender_identity


class Message(TypedDict):
    to: str
    subject: str
    text: str
    html: str
    reply_to: str


def render_message(template: str, *, to: str, subject: str, reply_to: str = "", **context: object) -> Message:
    """Both parts of one mail from `<template>.html` and `<template>.txt`; only the HTML part is escaped."""
    sender = sender_identity()
    context |= {"sender": sender, "subject_line": subject}
    plain = Engine.get_default().get_template(f"{template}.txt").render(Context(context, autoescape=False))
    return Message(
        to=to,
        subject=" ".join(subject.split()),
        text=re.sub(r"\n{3,}", "\n\n", plain).strip() + "\n",
        html=get_template(f"{template}.html").render(context),
        reply_to=reply_to or sender.reply_to,
    )


def invitation(invitation: Invitation, *, token: str, welcome: bool = False) -> Message:
    """The link to a login; `welcome` is for the contact of an organization that was just approved."""
    organization = invitation.organization.name
    subject = (
        _("Welcome: %s is a partner now") % organization
        if welcome
        else _("You are invited to %s on the partner portal") % organization
    )
    by = invitation.invited_by
    return render_message(
        "partners/email/welcome" if welcome else "partners/email/invitation",
        to=invitation.email,
        subject=subject,
        invitation=invitation,
        organization=organization,
        invited_by=by.get_full_name() if by else "",
        url=settings.SITE_URL + reverse("partners:invitation", args=[token]),
    )


def application_received(application: JoinApplication) -> Message:
    """To the applicant: we have it, and what happens next."""
    return render_message(
        "partners/email/application_received",
        to=application.people_answers["email"],
        subject=_("We have your request to join (%s)") % application.reference,
        **_facts(application),
    )


def application_waiting(application: JoinApplication) -> Message | None:
    """To the coalition: a request waits. Nothing where the coalition has no address yet."""
    to = get_coalition().email
    if not to:
        return None
    return render_message(
        "partners/email/application_waiting",
        to=to,
        subject=_("Request to join: %s") % application.organization_answers["name"],
        reply_to=application.people_answers["email"],
        url=settings.SITE_URL + reverse("admin:partners_joinapplication_change", args=[application.pk]),
        **_facts(application),
    )


def application_approved(contact: Person, organization: Organization) -> Message:
    """To a primary contact who has a login already: the new partner's pages wait behind it."""
    return render_message(
        "partners/email/application_approved",
        to=contact.email,
        subject=_("Welcome: %s is a partner now") % organization.name,
        contact=contact,
        organization=organization.name,
        url=settings.SITE_URL + reverse("my:organization", args=[organization.slug]),
    )


def application_declined(application: JoinApplication) -> Message:
    """To the applicant: no, and why."""
    return render_message(
        "partners/email/application_declined",
        to=application.people_answers["email"],
        subject=_("About your request to join (%s)") % application.reference,
        **_facts(application),
    )


def _facts(application: JoinApplication) -> dict[str, Any]:
    return {
        "application": application,
        "organization": application.organization_answers["name"],
        "city": application.organization_answers["city"],
        "people": application.people_answers,
        "coalition": get_coalition(),
    }

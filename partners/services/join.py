"""A request to join: from the first answer to staff's decision."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mailing.services import queue_message
from partners import emails
from partners.caching import empty_page_cache_on_commit
from partners.errors import AlreadyDecided, NotAllowed
from partners.history import changed_by
from partners.models import Area, County, JoinApplication, Membership, Organization, Person, SubSector, User
from partners.services.invitations import invite
from partners.services.organizations import record_answers, unique_slug
from partners.services.people import remember_person, start_membership

ANSWER_FIELDS = {
    "organization": "organization_answers",
    "people": "people_answers",
    "services": "service_answers",
    "demographics": "demographic_answers",
}
_State = JoinApplication.State


def start_application() -> JoinApplication:
    """A new, empty request."""
    return JoinApplication.objects.create()


@transaction.atomic
def save_answers(*, application: JoinApplication, step: str, answers: Mapping[str, Any]) -> JoinApplication:
    """Keeps one step's answers (JSON values).

    Steps stay open until the request is sent, the optional questions until staff decide.
    """
    application = _lock(application)
    open_states = {_State.DRAFT, _State.SUBMITTED} if step == "demographics" else {_State.DRAFT}
    if application.state not in open_states:
        raise NotAllowed(_("This request was sent already and cannot be changed here."))
    name = ANSWER_FIELDS[step]
    setattr(application, name, dict(answers))
    application.save(update_fields=[name])
    return application


def first_unfinished_step(application: JoinApplication) -> str:
    """Where the applicant must go on; `check` when everything needed is there."""
    for step in ("organization", "people", "services"):
        if not getattr(application, ANSWER_FIELDS[step]):
            return step
    return "check"


@transaction.atomic
def submit_application(*, application: JoinApplication, consent_text: str = "") -> JoinApplication:
    """Sends the request, with a mail to the applicant and one to the coalition. Twice is the same as once."""
    application = _lock(application)
    if application.state != _State.DRAFT:
        return application
    if first_unfinished_step(application) != "check":
        raise NotAllowed(_("Some answers are missing."))
    application.state, application.submitted_at = _State.SUBMITTED, timezone.now()
    application.consent_text = consent_text
    application.save(update_fields=["state", "submitted_at", "consent_text"])
    queue_message(**emails.application_received(application))
    notice = emails.application_waiting(application)
    if notice:
        queue_message(**notice)
    return application


@transaction.atomic
def approve_application(*, application: JoinApplication, by: User) -> Organization:
    """Makes the organization a partner, with its primary contact, and invites them and their colleague."""
    application = _lock_waiting(application)
    organization = _create_organization(application, by)
    people = application.people_answers
    contact = _contact(people)
    start_membership(person=contact, organization=organization, role=Membership.Role.PRIMARY_CONTACT)
    record_answers(organization=organization, answers=application.demographic_answers, by=None)
    _decide(application, _State.APPROVED, by, organization=organization)
    _welcome(contact, organization)
    if people.get("second_email"):
        invite(
            organization=organization,
            email=people["second_email"],
            role=Membership.Role.ADVOCATE,
            by=None,
            first_name=people.get("second_first_name", ""),
            last_name=people.get("second_last_name", ""),
        )
    empty_page_cache_on_commit()
    return organization


@transaction.atomic
def decline_application(*, application: JoinApplication, by: User, reason: str) -> JoinApplication:
    """Ends the request; the applicant gets the reason by mail, in staff's words."""
    reason = reason.strip()
    if not reason:
        raise NotAllowed(_("Write the reason; the applicant will read it."))
    application = _lock_waiting(application)
    _decide(application, _State.DECLINED, by, decline_reason=reason)
    queue_message(**emails.application_declined(application))
    return application


@transaction.atomic
def discard_abandoned_applications() -> int:
    """Deletes drafts nobody finished, with their history: the people in them never sent us their answers."""
    abandoned = JoinApplication.objects.abandoned(timezone.now())
    ids = list(abandoned.select_for_update(skip_locked=True).values_list("id", flat=True))
    JoinApplication.objects.filter(id__in=ids).delete()
    JoinApplication.history.filter(id__in=ids).delete()
    return len(ids)


def _lock(application: JoinApplication) -> JoinApplication:
    return JoinApplication.objects.select_for_update().get(pk=application.pk)


def _lock_waiting(application: JoinApplication) -> JoinApplication:
    application = _lock(application)
    if application.state in {_State.APPROVED, _State.DECLINED}:
        raise AlreadyDecided(_("This request was decided already: %s.") % application.get_state_display())
    if application.state != _State.SUBMITTED:
        raise NotAllowed(_("This request was not sent yet."))
    return application


def _decide(application: JoinApplication, state: str, by: User, **facts: object) -> None:
    application.state, application.decided_at, application.decided_by = state, timezone.now(), by
    for name, value in facts.items():
        setattr(application, name, value)
    changed_by(application, by)
    application.save()


def _create_organization(application: JoinApplication, by: User) -> Organization:
    answers, services = application.organization_answers, application.service_answers
    organization = Organization(
        name=answers["name"],
        slug=unique_slug(answers["name"]),
        ein=answers.get("ein", ""),
        website=answers.get("website", ""),
        street=answers.get("street", ""),
        city=answers["city"],
        zip_code=answers.get("zip_code", ""),
        phone=answers.get("phone", ""),
        county=County.objects.get(pk=answers["county"]),
        area=Area.objects.get(pk=services["area"]),
        budget_band=services.get("budget_band", ""),
        summary=services.get("summary", ""),
        joined_on=timezone.localdate(),
    )
    changed_by(organization, by)
    try:
        with transaction.atomic():
            organization.save()
    except IntegrityError:
        raise NotAllowed(
            _("A partner with this EIN is here already. Compare the two before you decide.")
        ) from None
    organization.sub_sectors.set(SubSector.objects.filter(pk__in=services.get("sub_sectors", [])))
    return organization


def _welcome(contact: Person, organization: Organization) -> None:
    """Tells the primary contact: with a link to a new login, or, where they have one, to their new pages."""
    if contact.user_id:
        queue_message(**emails.application_approved(contact, organization))
        return
    invite(
        organization=organization,
        email=contact.email,
        role=Membership.Role.PRIMARY_CONTACT,
        by=None,
        first_name=contact.first_name,
        last_name=contact.last_name,
        welcome=True,
    )


def _contact(people: Mapping[str, str]) -> Person:
    """The primary contact; job title and phone are kept where we did not know them."""
    person = remember_person(
        email=people["email"], first_name=people["first_name"], last_name=people["last_name"]
    )
    person.title = person.title or people.get("title", "")
    person.phone = person.phone or people.get("phone", "")
    person.save(update_fields=["title", "phone"])
    return person

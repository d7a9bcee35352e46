"""From a finished request to a partner."""

from datetime import timedelta

import pytest
from django.utils import timezone

from mailing.models import OutboxMessage
from partners.models import Invitation, JoinApplication, Membership, Organization, Person, ProfileAnswer
from partners.services import (
    AlreadyDecided,
    NotAllowed,
    approve_application,
    decline_application,
    save_answers,
    start_application,
    submit_application,
)
from partners.tasks import purge_abandoned_applications
from tests.factories.partners import (
    ApplicationFactory,
    CoalitionFactory,
    OrganizationFactory,
    StaffFactory,
    member,
)
from tests.partners.mails import mail_to

pytestmark = pytest.mark.django_db


@pytest.fixture
def coalition():
    return CoalitionFactory()


@pytest.fixture
def staff():
    return StaffFactory()


def test_sending_a_request_tells_the_applicant_and_the_coalition_once(coalition):
    application = ApplicationFactory(state="draft", submitted_at=None)
    submit_application(application=application, consent_text="You may speak for it.")
    again = submit_application(application=application)
    assert again.state == "submitted"
    assert again.consent_text == "You may speak for it."
    to_applicant = mail_to("rosa@prairiepath.example")
    assert application.reference in to_applicant["subject"]
    assert "two working days" in to_applicant.get_body(("plain",)).get_content()
    assert "Prairie Path Services" in mail_to(coalition.email)["subject"]
    assert OutboxMessage.objects.count() == 2


def test_an_unfinished_request_cannot_be_sent():
    with pytest.raises(NotAllowed):
        submit_application(application=start_application())


def test_answers_are_closed_after_sending_but_the_optional_questions_are_not(staff):
    application = ApplicationFactory()
    with pytest.raises(NotAllowed):
        save_answers(application=application, step="people", answers={"email": "x@example.org"})
    save_answers(application=application, step="demographics", answers={"employed": {"number": 5}})
    approve_application(application=application, by=staff)
    with pytest.raises(NotAllowed):
        save_answers(application=application, step="demographics", answers={})


def test_approval_makes_the_partner_its_contact_and_two_invitations(staff):
    application = ApplicationFactory(
        demographic_answers={
            "employed": {"number": 0, "declined": False},
            "leader_race": {"values": ["black", "latino"], "self_description": "", "declined": False},
            "leader_ability": {"values": [], "declined": True},
        }
    )
    application.people_answers |= {
        "second_first_name": "Lee",
        "second_last_name": "Sample",
        "second_email": "lee@prairiepath.example",
    }
    application.save()
    organization = approve_application(application=application, by=staff)

    assert organization.slug == "prairie-path-services"
    assert organization.status == "active"
    assert organization.budget_band == "500k_1m"
    assert organization.sub_sectors.count() == 1
    assert organization.joined_on == timezone.localdate()
    membership = organization.memberships.get()
    assert (membership.role, membership.person.name) == ("primary_contact", "Rosa Sample")
    assert membership.person.title == "Director"
    assert dict(organization.invitations.values_list("email", "role")) == {
        "rosa@prairiepath.example": "primary_contact",
        "lee@prairiepath.example": "advocate",
    }
    assert organization.profile_answers.count() == 3
    assert organization.profile_answers.get(marker="employed").number == 0
    assert organization.profile_answers.get(marker="leader_ability").declined
    application.refresh_from_db()
    assert (application.state, application.decided_by) == ("approved", staff)
    assert application.organization == organization
    assert "Welcome" in mail_to("rosa@prairiepath.example")["subject"]
    assert "/invitation/" in mail_to("lee@prairiepath.example").get_body(("plain",)).get_content()


def test_a_second_decision_is_refused_and_changes_nothing(staff):
    application = ApplicationFactory()
    approve_application(application=application, by=staff)
    with pytest.raises(AlreadyDecided, match="approved"):
        approve_application(application=application, by=staff)
    with pytest.raises(AlreadyDecided):
        decline_application(application=application, by=staff, reason="No.")
    assert Organization.objects.count() == 1
    assert Invitation.objects.count() == 1


def test_a_draft_cannot_be_approved(staff):
    with pytest.raises(NotAllowed, match="not sent"):
        approve_application(application=start_application(), by=staff)


def test_an_ein_that_is_here_already_stops_the_approval_without_a_trace(staff):
    OrganizationFactory(ein="36-1234567")
    application = ApplicationFactory()
    with pytest.raises(NotAllowed, match="EIN"):
        approve_application(application=application, by=staff)
    application.refresh_from_db()
    assert application.state == "submitted"
    assert Organization.objects.count() == 1
    assert not OutboxMessage.objects.exists()


def test_a_taken_slug_gets_a_number(staff):
    OrganizationFactory(slug="prairie-path-services")
    assert approve_application(application=ApplicationFactory(), by=staff).slug == "prairie-path-services-2"


def test_a_known_person_keeps_their_name_and_login(staff):
    user = member(OrganizationFactory(), email="rosa@prairiepath.example", first_name="Rosalinda")
    organization = approve_application(application=ApplicationFactory(), by=staff)
    person = Person.objects.get(email="rosa@prairiepath.example")
    assert (person.first_name, person.user) == ("Rosalinda", user)
    assert organization.memberships.get().person == person
    assert not organization.invitations.exists()
    assert (
        "/my/organizations/prairie-path-services/" in mail_to(user.email).get_body(("plain",)).get_content()
    )


def test_declining_needs_a_reason_and_mails_it(staff):
    application = ApplicationFactory()
    with pytest.raises(NotAllowed, match="reason"):
        decline_application(application=application, by=staff, reason="  ")
    decline_application(application=application, by=staff, reason="You work outside <Illinois> & Iowa.")
    application.refresh_from_db()
    assert application.state == "declined"
    mail = mail_to("rosa@prairiepath.example")
    assert "You work outside <Illinois> & Iowa." in mail.get_body(("plain",)).get_content()
    assert "&lt;Illinois&gt; &amp; Iowa" in mail.get_body(("html",)).get_content()
    assert not Membership.objects.exists()


def test_answers_that_say_nothing_are_not_recorded(staff):
    application = ApplicationFactory(
        demographic_answers={"populations": {"values": [], "self_description": "", "declined": False}}
    )
    approve_application(application=application, by=staff)
    assert not ProfileAnswer.objects.exists()


def test_abandoned_drafts_go_with_their_history_and_sent_requests_stay():
    sent, old, young = ApplicationFactory(), start_application(), start_application()
    long_ago = timezone.now() - timedelta(days=31)
    JoinApplication.objects.filter(pk__in=[sent.pk, old.pk]).update(started_at=long_ago)
    assert purge_abandoned_applications() == 1
    assert set(JoinApplication.objects.all()) == {sent, young}
    assert not JoinApplication.history.filter(id=old.pk).exists()

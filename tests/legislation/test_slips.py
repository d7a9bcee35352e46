"""What people say of their slips: pledged, filed, taken back; for whom; for which day."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from legislation.models import ReportedSlip
from legislation.reported_slips import posting_day, standings
from legislation.services.slips import pledge_slips, report_slips, take_back
from partners.errors import NotAllowed
from tests.factories.legislation import HearingDocumentFactory, HearingFactory, chicago
from tests.factories.partners import MembershipFactory, OrganizationFactory, PersonFactory
from tests.factories.slips import ReportedSlipFactory

pytestmark = pytest.mark.django_db

CONSENT = "We keep what you tell us."


@pytest.fixture
def document():
    return HearingDocumentFactory()


@pytest.fixture
def contact():
    """A primary contact's place in a partner."""
    return MembershipFactory()


def pledge(person, document, organization=None, **more):
    return pledge_slips(
        person=person,
        organization=organization,
        positions={document: "proponent"},
        consent_text=CONSENT,
        **more,
    )


def report(person, positions, organization=None, **more):
    if not isinstance(positions, dict):
        positions = {positions: "proponent"}
    return report_slips(
        person=person, organization=organization, positions=positions, consent_text=CONSENT, **more
    )


def move(hearing, days=7, hours=0):
    """Another notice of the same hearing."""
    hearing.moved_from = hearing.starts_at
    hearing.starts_at += timedelta(days=days, hours=hours)
    hearing.state = "moved" if days else "scheduled"
    hearing.save()


# --- Pledging ---------------------------------------------------------------------------------------------------


def test_a_pledge_is_kept_with_its_consent_and_stands_once(document, contact):
    first = pledge(contact.person, document, contact.organization, source_code="alert-12")[0]
    again = pledge(contact.person, document, contact.organization)[0]
    row = ReportedSlip.objects.get()
    assert first.pk == again.pk == row.pk
    assert (row.pledged_at, row.filed_at) == (first.pledged_at, None)
    assert (row.consent_text, row.source_code) == (CONSENT, "alert-12")
    assert row.organization == row.member_of == contact.organization
    assert row.posting_on == timezone.localdate(document.hearing.starts_at)
    assert row.history.count() == 1


def test_nobody_pledges_for_a_hearing_that_is_off_or_over(document):
    person, hearing = PersonFactory(), document.hearing
    hearing.state = "cancelled"
    hearing.save()
    with pytest.raises(NotAllowed, match="cancelled"):
        pledge(person, document)
    hearing.state, hearing.starts_at = "scheduled", timezone.now() - timedelta(days=2)
    hearing.save()
    with pytest.raises(NotAllowed, match="closed"):
        pledge(person, document)
    assert not ReportedSlip.objects.exists()


def test_a_pledge_may_come_before_the_hearing_is_posted_but_a_report_not(document):
    document.hearing.posted_at = timezone.now() + timedelta(days=1)
    document.hearing.save()
    person = PersonFactory()
    pledge(person, document)
    with pytest.raises(NotAllowed, match="open on"):
        report(person, document)


# --- Filing -----------------------------------------------------------------------------------------------------


def test_a_report_completes_the_pledge(document, contact):
    pledge(contact.person, document, contact.organization)
    report(contact.person, document, contact.organization)
    row = ReportedSlip.objects.get()
    assert row.pledged_at
    assert row.filed_at


def test_a_lone_pledge_goes_with_whomever_the_slip_names(document, contact):
    pledge(contact.person, document, contact.organization)
    report(contact.person, document)
    row = ReportedSlip.objects.get()
    assert row.organization is None
    assert row.member_of == contact.organization
    assert row.pledged_at
    assert row.filed_at


def test_a_second_answer_takes_the_place_of_the_first(document, contact):
    other = HearingDocumentFactory(hearing=document.hearing)
    report(contact.person, {document: "proponent", other: "proponent"}, contact.organization)
    first = ReportedSlip.objects.get(document=document).filed_at
    report(contact.person, {document: "opponent", other: ""}, contact.organization, testimony="written")
    row = ReportedSlip.objects.get()
    assert (row.document, row.position, row.testimony) == (document, "opponent", "written")
    assert row.filed_at == first


def test_the_same_answer_twice_writes_nothing(document, contact):
    for _time in range(2):
        report(contact.person, document, contact.organization)
    assert ReportedSlip.objects.get().history.count() == 1


def test_what_was_pledged_stays_pledged_when_it_was_not_filed_after_all(document):
    person, other = PersonFactory(), HearingDocumentFactory(hearing=document.hearing)
    pledge_slips(
        person=person,
        organization=None,
        positions={document: "proponent", other: "proponent"},
        consent_text=CONSENT,
    )
    report(person, {document: "proponent", other: "proponent"})
    report(person, {document: "proponent", other: ""})
    row = ReportedSlip.objects.get(document=other)
    assert row.pledged_at
    assert not row.filed_at


def test_slips_for_oneself_and_for_each_organization_stand_side_by_side(document, contact):
    second = MembershipFactory(person=contact.person).organization
    for organization in (None, contact.organization, second, contact.organization):
        report(contact.person, document, organization)
    assert ReportedSlip.objects.filed().count() == 3


def test_a_report_says_something(document):
    with pytest.raises(NotAllowed, match="which document"):
        report(PersonFactory(), {document: ""})
    with pytest.raises(NotAllowed, match="one hearing"):
        report(PersonFactory(), {document: "proponent", HearingDocumentFactory(): "proponent"})
    with pytest.raises(NotAllowed, match="one hearing"):
        report(PersonFactory(), {})


@pytest.mark.parametrize("role", ["advocate", "viewer"])
def test_only_primary_contacts_name_their_organization(document, role):
    place = MembershipFactory(role=role)
    for say in (pledge, report):
        with pytest.raises(NotAllowed, match="primary contacts"):
            say(place.person, document, organization=place.organization)
    report(place.person, document)
    row = ReportedSlip.objects.get()
    assert (row.organization, row.member_of) == (None, place.organization)


def test_nobody_names_a_partner_they_do_not_belong_to_any_more(document, contact):
    strange = OrganizationFactory()
    with pytest.raises(NotAllowed):
        report(contact.person, document, strange)
    contact.ended_on = timezone.localdate()
    contact.save()
    with pytest.raises(NotAllowed):
        report(contact.person, document, contact.organization)
    lapsed = MembershipFactory(organization__status="lapsed")
    with pytest.raises(NotAllowed):
        report(lapsed.person, document, lapsed.organization)
    assert not ReportedSlip.objects.exists()


# --- The posting ------------------------------------------------------------------------------------------------


def test_the_posting_is_the_day_by_chicagos_calendar():
    late = HearingDocumentFactory(hearing__starts_at=chicago(2026, 3, 5, 23, 30))
    with time_machine.travel(chicago(2026, 3, 4, 9)):
        row = report(PersonFactory(), late)[0]
    assert row.posting_on.isoformat() == "2026-03-05"


def test_a_hearing_on_another_day_needs_another_slip(document):
    person = PersonFactory()
    first = report(person, document)[0]
    move(document.hearing)
    assert [found.state for found in told_by(person)] == ["again"]
    second = report(person, document)[0]
    assert first.pk != second.pk
    assert second.posting_on == posting_day(document.hearing) == first.posting_on + timedelta(days=7)
    assert {found.slip.pk: found.state for found in told_by(person)} == {
        first.pk: "earlier",
        second.pk: "filed",
    }


def test_an_hour_later_on_the_same_day_the_slip_still_counts():
    document = HearingDocumentFactory(hearing__starts_at=chicago(2026, 3, 5, 9))
    person = PersonFactory()
    with time_machine.travel(chicago(2026, 3, 4, 9)):
        report(person, document)
        move(document.hearing, days=0, hours=2)
        report(person, document)
        assert [found.state for found in told_by(person)] == ["filed"]


def test_what_was_filed_before_the_move_is_reported_for_the_earlier_day(document):
    day = posting_day(document.hearing)
    move(document.hearing)
    row = report(PersonFactory(), document, posting_on=day)[0]
    assert row.posting_on == day
    with pytest.raises(NotAllowed, match="changed"):
        report(PersonFactory(), document, posting_on=day - timedelta(days=30))


def test_a_posting_that_another_one_replaced_takes_no_reports(document):
    document.hearing.state = "moved"
    document.hearing.save()
    with pytest.raises(NotAllowed, match="another posting"):
        report(PersonFactory(), document)


def test_it_can_be_said_afterwards_but_not_of_a_cancelled_hearing(document):
    hearing, person = document.hearing, PersonFactory()
    hearing.starts_at = timezone.now() - timedelta(days=1)
    hearing.save()
    report(person, document)
    hearing.state = "cancelled"
    hearing.save()
    with pytest.raises(NotAllowed, match="cancelled"):
        report(PersonFactory(), document)
    assert [found.state for found in told_by(person)] == ["cancelled"]


def test_a_pledge_asks_for_filing_and_then_whether_it_was_filed(document):
    person = PersonFactory()
    pledge(person, document)
    assert [found.state for found in told_by(person)] == ["to_file"]
    later = document.hearing.starts_at + timedelta(days=1)
    assert [found.state for found in told_by(person, later)] == ["not_said"]


def told_by(person, now=None):
    rows = ReportedSlip.objects.filter(person=person).with_hearing().order_by("pk")
    return standings(rows, now or timezone.now())


# --- Taking back, guards ----------------------------------------------------------------------------------------


def test_taking_back_goes_one_step_and_history_keeps_it(document):
    person = PersonFactory()
    pledge(person, document)
    slip = report(person, document)[0]
    take_back(slip=slip, person=person)
    assert ReportedSlip.objects.get().filed_at is None
    take_back(slip=slip, person=person)
    assert not ReportedSlip.objects.exists()
    assert ReportedSlip.history.count() == 4
    with pytest.raises(NotAllowed):
        take_back(slip=slip, person=person)


def test_nobody_takes_back_what_another_said(document):
    slip = report(PersonFactory(), document)[0]
    with pytest.raises(NotAllowed):
        take_back(slip=slip, person=PersonFactory())
    assert ReportedSlip.objects.filed().count() == 1


def test_the_database_keeps_one_row_for_each_and_none_that_says_nothing(document):
    slip = ReportedSlipFactory(document=document)
    with pytest.raises(IntegrityError, match="reportedslip_once"), transaction.atomic():
        ReportedSlipFactory(document=document, person=slip.person)
    with pytest.raises(IntegrityError, match="reportedslip_pledged_or_filed"), transaction.atomic():
        ReportedSlipFactory(document=document, filed_at=None)


def test_a_stranger_to_the_slip_does_not_see_it(document, contact):
    from tests.factories.partners import UserFactory, member

    row = report(contact.person, document, contact.organization)[0]
    colleague = member(contact.organization, role="viewer")
    assert list(ReportedSlip.objects.visible_to(colleague)) == [row]
    assert not ReportedSlip.objects.visible_to(member(OrganizationFactory())).exists()
    assert not ReportedSlip.objects.visible_to(UserFactory(is_staff=True)).exists()
    assert ReportedSlip.objects.visible_to(UserFactory(is_staff=True, is_superuser=True)).exists()


def test_hearings_of_the_house_and_the_senate_open_at_once(document):
    upper = HearingDocumentFactory(hearing=HearingFactory(chamber="upper"))
    person = PersonFactory()
    pledge(person, document)
    pledge(person, upper)
    assert ReportedSlip.objects.count() == 2

"""For a partner's primary contact: who of the partners is on record before a hearing, as far as positions are public."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.campaigns.slip_scene import listed
from tests.factories.legislation import (
    BillFactory,
    HearingDocumentFactory,
    HearingFactory,
    OrganizationPositionFactory,
)
from tests.factories.partners import CoalitionFactory, OrganizationFactory, StaffFactory, member

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _coalition():
    CoalitionFactory()


@pytest.fixture
def document():
    """A bill on the notice of yesterday's hearing."""
    hearing = HearingFactory(starts_at=timezone.now() - DAY)
    return HearingDocumentFactory(hearing=hearing, bill=BillFactory(number=9075))


@pytest.fixture
def own(document):
    return holds(document, "Hope House").organization


@pytest.fixture
def contact(own):
    return member(own)


def holds(document, name, position="support", **organization):
    partner = OrganizationFactory(name=name, **organization)
    return OrganizationPositionFactory(bill=document.bill, organization=partner, position=position)


def address(own, hearing):
    return reverse("my_legislation:at_hearing", args=[own.slug, hearing.pk])


def open_page(client, own, document):
    response = client.get(address(own, document.hearing))
    assert response.status_code == 200
    return response


def names(partners):
    return [partner.organization.name for partner in partners]


def test_who_is_on_record_and_who_is_missing(client, own, contact, document):
    filed = holds(document, "Brightside").organization
    holds(document, "Camp Far")
    opposed = holds(document, "Dune Aid", position="oppose").organization
    listed(document, filed, name="Maria Gomez")
    listed(document, opposed, position="opponent")
    listed(document, own)
    client.force_login(contact)
    response = open_page(client, own, document)
    (bill,) = response.context["page"].bills
    assert names(bill.on_record) == ["Brightside", "Dune Aid", "Hope House"]
    assert names(bill.missing) == ["Camp Far"]
    words = response.content.decode()
    assert "HB 9075: Opponent" in words
    assert "(your organization)" in words
    # The list names people; this page does not.
    assert "Gomez" not in words
    assert "Somebody of" not in words


def test_only_what_is_public(client, own, contact, document):
    hidden = holds(document, "Not listed", is_listed=False).organization
    gone = holds(document, "Has left", status="lapsed").organization
    silent = OrganizationFactory(name="No position")
    OrganizationPositionFactory(
        bill=document.bill, organization=OrganizationFactory(name="Proposes only"), state="proposed"
    )
    for partner in (hidden, gone, silent):
        listed(document, partner)
    client.force_login(contact)
    (bill,) = open_page(client, own, document).context["page"].bills
    assert names(bill.partners) == ["Hope House"]


def test_another_bills_partners_stay_on_their_own_page(client, own, contact, document):
    other = HearingDocumentFactory(hearing=document.hearing, bill=BillFactory())
    holds(other, "Elsewhere")
    amendment = HearingDocumentFactory(
        hearing=document.hearing, bill=document.bill, amendment="House Amendment 1"
    )
    listed(amendment, own)
    client.force_login(contact)
    (bill,) = open_page(client, own, document).context["page"].bills
    assert len(bill.labels) == 2
    assert bill.on_record[0].filed == [f"{amendment.label}: Proponent"]


def test_before_the_list_nobody_is_missing(client, own, contact, document):
    holds(document, "Camp Far")
    client.force_login(contact)
    words = open_page(client, own, document).content.decode()
    assert "The official list is not in yet" in words
    assert "Not on the official list" not in words
    assert "2 partners hold a public position." in words
    # Slips for a day from which the hearing moved are no list for this one.
    listed(document, own, scheduled_at=document.hearing.starts_at - 7 * DAY)
    assert not open_page(client, own, document).context["page"].has_list


def test_who_gets_in(client, own, contact, document, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    here = address(own, document.hearing)
    assert client.get(here).status_code == 302
    other = OrganizationFactory()
    for user, code in (
        (contact, 200),
        (member(own, role="advocate"), 403),
        (member(own, role="viewer"), 403),
        (member(other), 404),
        (StaffFactory(), 403),
    ):
        client.force_login(user)
        assert client.get(here).status_code == code
    # A partner that takes no position on any of its bills has no page of this hearing.
    client.force_login(member(other))
    assert client.get(address(other, document.hearing)).status_code == 404
    client.force_login(contact)
    assert client.get(address(own, HearingFactory())).status_code == 404
    assert client.post(here).status_code == 405


def test_the_partners_positions_lead_there(client, own, contact, document):
    old = HearingFactory(starts_at=timezone.now() - 40 * DAY)
    off = HearingFactory(starts_at=timezone.now() + DAY, state="cancelled")
    for hearing in (old, off):
        HearingDocumentFactory(hearing=hearing, bill=document.bill)
    positions = reverse("my_legislation:positions", args=[own.slug])
    client.force_login(contact)
    page = client.get(positions).content.decode()
    assert address(own, document.hearing) in page
    for hearing in (old, off):
        assert address(own, hearing) not in page
    client.force_login(member(own, role="advocate"))
    assert address(own, document.hearing) not in client.get(positions).content.decode()


@pytest.mark.parametrize("number", [1, 20])
def test_reads_stay_flat(client, own, contact, document, number, django_assert_num_queries):
    for one in range(number):
        listed(document, holds(document, f"Partner {one}").organization)
    client.force_login(contact)
    open_page(client, own, document)
    with django_assert_num_queries(12):
        open_page(client, own, document)

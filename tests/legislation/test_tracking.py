"""Following bills: many at once by their numbers, set for many at once, likely relatives."""

import pytest

from legislation.lineage import suggest
from legislation.models import BillRelation, BillTracking
from legislation.search.bills import BillSearch
from legislation.services.search_index import fill_search
from legislation.services.tracking import link_bills, read_pasted, set_trackings, track_bills
from partners.errors import NotAllowed
from tests.factories.legislation import BillFactory, BillTrackingFactory
from tests.factories.partners import StaffFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff():
    return StaffFactory()


def bill(identifier, **facts):
    prefix = identifier.rstrip("0123456789")
    return BillFactory(prefix=prefix, number=int(identifier.removeprefix(prefix)), **facts)


def test_pasted_numbers_in_any_spelling():
    house, senate = bill("HB1075"), bill("SB12", chamber="upper")
    old = bill("HB4898", session=103)
    tracked = BillTrackingFactory(bill=bill("HR7")).bill
    pasted = read_pasted(
        "HB 1075\n sb-12 ; hb1075\n\nHouse Resolution 7\nHB 4898 103rd, HB 4898\nporches\n", session=104
    )
    assert pasted.new == [house, senate, old]
    assert pasted.tracked == [tracked]
    assert pasted.unknown == [
        ("HB 4898", "No such bill is in our records."),
        ("porches", "This is no bill number."),
    ]


def test_a_bare_number_that_could_be_two_is_asked_about():
    bill("HB5")
    bill("SB5", chamber="upper")
    only = bill("HB6")
    pasted = read_pasted("5, 6", session=104)
    assert pasted.new == [only]
    assert pasted.unknown == [("5", "Which one? HB 5, SB 5")]


@pytest.mark.parametrize("number", [1, 20])
def test_reading_numbers_costs_one_query(number, django_assert_num_queries):
    numbers = [BillFactory().label for _time in range(number)]
    with django_assert_num_queries(1):
        assert len(read_pasted("\n".join(numbers), session=104).new) == number


def test_tracking_many_leaves_those_that_are_tracked(staff):
    ours = BillTrackingFactory(position="oppose")
    new = BillFactory()
    begun = track_bills(bills=[ours.bill, new], by=staff, position="support", priority="lead", owner=staff)
    assert [tracking.bill for tracking in begun] == [new]
    ours.refresh_from_db()
    assert ours.position == "oppose"
    assert begun[0].history.get().history_user == staff


def test_setting_many_at_once_with_history(staff):
    one, two = BillTrackingFactory(priority="monitor"), BillTrackingFactory(priority="lead")
    untouched = BillTrackingFactory(priority="monitor")
    changed = set_trackings(
        ids=[one.pk, two.pk], by=staff, changes={"priority": "lead", "owner": staff, "is_public": False}
    )
    assert changed == 2
    one.refresh_from_db()
    assert (one.priority, one.owner, one.is_public, one.position) == ("lead", staff, False, "support")
    assert one.history.first().history_user == staff
    assert [row.priority for row in one.history.all()] == ["lead", "monitor"]
    untouched.refresh_from_db()
    assert untouched.priority == "monitor"
    assert set_trackings(ids=[one.pk], by=staff, changes={"priority": "lead"}) == 0


def test_the_plain_title_is_found_while_the_position_is_public(staff):
    tracking = BillTrackingFactory(plain_title="Keep verandas safe", is_public=False)
    found = BillSearch.parse({"q": "verandas"})
    set_trackings(ids=[tracking.pk], by=staff, changes={"is_public": True})
    assert list(found.filtered()) == [tracking.bill]
    set_trackings(ids=[tracking.pk], by=staff, changes={"is_public": False})
    assert not found.filtered().exists()


@pytest.mark.parametrize("changes", [{}, {"talking_points": "<script>"}, {"bill": 1}])
def test_nothing_else_can_be_set_for_many(staff, changes):
    with pytest.raises(NotAllowed):
        set_trackings(ids=[BillTrackingFactory().pk], by=staff, changes=changes)


def test_linking_twice_is_once():
    ours, other = BillFactory(), BillFactory(chamber="upper", title="SAME-PORCH", stage="dead")
    for _time in range(2):
        link_bills(bill=ours, other=other, kind="companion")
    relation = BillRelation.objects.get()
    assert (relation.identifier, relation.title, relation.outcome) == (other.identifier, "SAME-PORCH", "dead")
    with pytest.raises(NotAllowed):
        link_bills(bill=ours, other=ours, kind="companion")


# --- Likely relatives -------------------------------------------------------------------------------------------

PAY = (
    "Creates the Equitable Porch Pay Act. Provides that the Department of Porches shall raise the hourly wage of "
    "direct porch workers by $2 beginning July 1 and shall report on turnover each year. Effective immediately."
)
OTHER = (
    "Amends the Boat Registration Act. Provides that a boat owner shall display a decal on the hull and pay a fee "
    "of $10 to the Department of Boats. Effective January 1."
)


@pytest.fixture
def alike():
    ours = BillFactory(title="EQUITABLE PORCH PAY", synopsis=PAY)
    companion = BillFactory(
        prefix="SB", chamber="upper", title="EQUITABLE PORCH PAY", synopsis=PAY.replace("$2", "$2.50")
    )
    earlier = BillFactory(
        session=103, title="PORCH PAY-EQUITABLE", synopsis=PAY.replace("July 1", "January 1")
    )
    BillFactory(prefix="SB", chamber="upper", title="BOAT DECALS", synopsis=OTHER)
    same_chamber = BillFactory(title="EQUITABLE PORCH PAY", synopsis=PAY)
    fill_search([ours.pk, companion.pk, earlier.pk, same_chamber.pk])
    return ours, companion, earlier


def test_suggests_companion_and_predecessor_and_nothing_else(alike):
    ours, companion, earlier = alike
    found = {suggestion.bill.pk: suggestion.kind for suggestion in suggest(ours)}
    assert found == {companion.pk: "companion", earlier.pk: "reintroduces"}
    assert all(suggestion.score >= 72 for suggestion in suggest(ours))


def test_what_is_linked_is_suggested_no_more(alike):
    ours, companion, earlier = alike
    link_bills(bill=ours, other=companion, kind="companion")
    assert [suggestion.bill for suggestion in suggest(ours)] == [earlier]


def test_placeholder_bills_are_like_each_other_and_like_nothing():
    shell = "Amends the Porch Act. Makes a technical change in a Section concerning the short title."
    ours = BillFactory(title="PORCH-TECH", synopsis=shell)
    other = BillFactory(prefix="SB", chamber="upper", title="PORCH-TECH", synopsis=shell)
    fill_search([ours.pk, other.pk])
    assert suggest(ours) == []


def test_suggesting_costs_two_queries(alike, django_assert_num_queries):
    ours, _companion, _earlier = alike
    with django_assert_num_queries(2):
        suggest(ours)


def test_a_tracked_bill_is_tracked_once():
    from django.db import IntegrityError, transaction

    tracking = BillTrackingFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        BillTracking.objects.create(bill=tracking.bill)

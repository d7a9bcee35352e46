"""Bills, related measures and subjects in the staff desk."""

from datetime import date

import pytest
from django.urls import reverse

from legislation.models import BillRelation, Subject
from legislation.services.search_index import fill_search
from tests.factories.legislation import BillActionFactory, BillFactory, SponsorshipFactory, VoteFactory
from tests.factories.partners import StaffFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    client.force_login(StaffFactory(is_superuser=True))
    return client


def formset(rows: list[dict]) -> dict:
    """The posted form: the related measures, and the empty frames of the lists that are only shown."""
    data = {}
    for prefix in ("relations", "sponsorships", "roll_calls", "documents", "actions"):
        data |= {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0}
    data["relations-TOTAL_FORMS"] = len(rows)
    for place, row in enumerate(rows):
        data |= {f"relations-{place}-{name}": value for name, value in row.items()}
    return data


def change_page(bill) -> str:
    return reverse("admin:legislation_bill_change", args=[bill.pk])


def test_bills_are_found_as_on_the_website(staff):
    BillFactory(number=1075, title="RENT")
    BillFactory(number=7, title="BUSES")
    fill_search()
    page = staff.get(reverse("admin:legislation_bill_changelist"), {"q": "hb-01075"}).content.decode()
    assert "HB 1075 (104th)" in page
    assert "HB 7 (104th)" not in page


def test_the_list_starts_with_the_newest_movement(staff):
    for day, number in ((3, 31), (9, 32)):
        BillFactory(number=number, last_action_on=date(2025, 3, day), stage="in_committee")
    page = staff.get(reverse("admin:legislation_bill_changelist"))
    assert [bill.number for bill in page.context["cl"].result_list] == [32, 31]
    assert "In committee" in page.content.decode()


def test_a_bill_shows_what_sources_say_and_takes_no_other_word(staff):
    bill = BillFactory(number=1075, title="RENT")
    BillActionFactory(bill=bill, description="First Reading")
    SponsorshipFactory(bill=bill)
    VoteFactory(roll_call__bill=bill)
    page = staff.get(change_page(bill)).content.decode()
    assert "First Reading" in page
    assert 'name="title"' not in page
    staff.post(change_page(bill), formset([]) | {"title": "CHANGED", "stage": "dead"})
    bill.refresh_from_db()
    assert (bill.title, bill.stage) == ("RENT", "introduced")


def test_staff_say_which_measures_belong_together(staff):
    bill = BillFactory(number=1075)
    row = {
        "bill": bill.pk,
        "kind": "reintroduces",
        "session": 102,
        "identifier": "sb 3925",
        "title": "Old",
        "outcome": "",
        "url": "",
    }
    response = staff.post(change_page(bill), formset([row]))
    assert response.status_code == 302
    assert BillRelation.objects.get().identifier == "SB3925"


@pytest.mark.parametrize(
    ("session", "identifier", "words"),
    [
        (102, "nonsense", "Enter a number such as HB 1075."),
        (104, "HB1075", "A bill is no relation of itself."),
    ],
)
def test_a_relation_must_name_another_measure(staff, session, identifier, words):
    bill = BillFactory(number=1075)
    row = {
        "bill": bill.pk,
        "kind": "companion",
        "session": session,
        "identifier": identifier,
        "title": "",
        "outcome": "",
        "url": "",
    }
    response = staff.post(change_page(bill), formset([row]))
    assert words in response.content.decode()
    assert not BillRelation.objects.exists()


def test_a_relation_can_be_kept_by_itself(staff):
    bill = BillFactory()
    data = {
        "bill": bill.pk,
        "kind": "companion",
        "session": 104,
        "identifier": "SB 9",
        "title": "",
        "outcome": "",
        "url": "",
    }
    assert staff.post(reverse("admin:legislation_billrelation_add"), data).status_code == 302
    relation = BillRelation.objects.get()
    assert "SB 9" in staff.get(reverse("admin:legislation_billrelation_changelist")).content.decode()
    assert staff.get(reverse("admin:legislation_billrelation_change", args=[relation.pk])).status_code == 200


def test_a_subject_is_a_search_with_words_in_it(staff):
    url = reverse("admin:legislation_subject_add")
    data = {"name": "Children", "slug": "children", "order": 1}
    refused = staff.post(url, data | {"words": "& | -"})
    assert "Enter at least one word to look for." in refused.content.decode()
    assert staff.post(url, data | {"words": "“foster care” or DCFS"}).status_code == 302
    assert Subject.objects.get().words == "“foster care” or DCFS"


@pytest.mark.parametrize("rows", [1, 20])
def test_the_list_takes_the_same_reads_however_long(staff, rows, django_assert_max_num_queries):
    for _number in range(rows):
        BillFactory()
    staff.get(reverse("admin:legislation_bill_changelist"))
    with django_assert_max_num_queries(12):
        staff.get(reverse("admin:legislation_bill_changelist"))

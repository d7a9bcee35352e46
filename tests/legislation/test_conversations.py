"""Talks with legislators: who may write them down, who reads the notes, and which stance counts."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from legislation.models import LegislatorAsk
from legislation.pages.stances import MemberStance, Standing, member_stances
from legislation.services.asking import correct_ask, log_ask, remove_ask
from partners.errors import NotAllowed
from tests.factories.legislation import (
    BillFactory,
    BillTrackingFactory,
    LegislatorFactory,
    SponsorshipFactory,
)
from tests.factories.partners import OrganizationFactory, StaffFactory, UserFactory, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def organization():
    return OrganizationFactory(name="Hope House")


@pytest.fixture
def contact(organization):
    return member(organization, first_name="Rosa", last_name="Sample")


@pytest.fixture
def bill():
    return BillTrackingFactory(bill=BillFactory(number=9075)).bill


@pytest.fixture
def legislator():
    return LegislatorFactory(name="Pat Porch", given_name="Pat", family_name="Porch", district=7)


def page(name, organization, *more):
    return reverse(f"my_legislation:{name}", args=[organization.slug, *more])


def text_of(response):
    assert response.status_code == 200
    return response.content.decode()


def talk(organization, bill, legislator, by, **facts):
    facts = {"asked_on": timezone.localdate(), "stance": "undecided"} | facts
    return log_ask(organization=organization, bill=bill, legislator=legislator, by=by, **facts)


def answers(**facts):
    return {"asked_on": timezone.localdate().isoformat(), "stance": "leans_for", "note": ""} | facts


# --- Services ---------------------------------------------------------------------------------------------------


def test_the_same_told_twice_is_one_talk(organization, bill, legislator, contact):
    first = talk(organization, bill, legislator, contact, note=" Friendly. ")
    assert talk(organization, bill, legislator, contact, note="Friendly.") == first
    assert (first.note, first.entered_by) == ("Friendly.", contact)
    assert first.history.get().history_user == contact
    talk(organization, bill, legislator, contact, note="Friendly.", stance="supports")
    assert LegislatorAsk.objects.count() == 2


def test_only_those_who_act_for_the_partner(organization, bill, legislator):
    strangers = [
        member(organization, "viewer"),
        member(OrganizationFactory()),
        UserFactory(is_staff=True),
    ]
    ask = talk(organization, bill, legislator, member(organization, "advocate"))
    for stranger in strangers:
        with pytest.raises(NotAllowed):
            talk(organization, bill, legislator, stranger)
        with pytest.raises(NotAllowed):
            correct_ask(
                ask=ask, asked_on=ask.asked_on, stance="opposes", will_sponsor=False, note="", by=stranger
            )
        with pytest.raises(NotAllowed):
            remove_ask(ask=ask, by=stranger)
    organization.status = "lapsed"
    organization.save()
    with pytest.raises(NotAllowed):
        talk(organization, bill, legislator, member(organization))
    assert LegislatorAsk.objects.get().stance == "undecided"


def test_history_keeps_what_was_changed_and_removed(organization, bill, legislator, contact):
    ask = talk(organization, bill, legislator, contact, note="First words")
    correct_ask(
        ask=ask, asked_on=ask.asked_on, stance="supports", will_sponsor=True, note="Better", by=contact
    )
    remove_ask(ask=ask, by=contact)
    history = LegislatorAsk.history.filter(id=ask.pk).order_by("history_date", "history_id")
    assert [(row.note, row.history_type) for row in history] == [
        ("First words", "+"),
        ("Better", "~"),
        ("Better", "-"),
    ]


# --- Which stance counts ----------------------------------------------------------------------------------------


def test_the_newest_talk_in_which_they_said_something_counts(organization, bill, legislator, contact):
    today = timezone.localdate()
    talk(organization, bill, legislator, contact, stance="opposes", asked_on=today - timedelta(days=9))
    talk(organization, bill, legislator, contact, stance="leans_for", asked_on=today - timedelta(days=5))
    talk(organization, bill, legislator, contact, stance="unknown", asked_on=today)
    stance = member_stances(bill)[legislator.pk]
    assert stance.latest.stance == "leans_for"
    assert stance.standing == Standing.FAVORABLE
    assert len(stance.asks) == 3


def test_standings(bill, legislator, organization, contact):
    assert MemberStance().standing == Standing.NOT_ASKED
    for given, standing in (
        ("supports", Standing.FAVORABLE),
        ("undecided", Standing.UNDECIDED),
        ("unknown", Standing.UNDECIDED),
        ("leans_against", Standing.AGAINST),
    ):
        assert MemberStance(asks=[LegislatorAsk(stance=given)]).standing == standing
    promised = MemberStance(asks=[LegislatorAsk(stance="unknown", will_sponsor=True)])
    assert (promised.standing, promised.promised) == (Standing.FAVORABLE, True)
    # A name on the bill says more than any talk; one that was taken off says nothing.
    talk(organization, bill, legislator, contact, stance="opposes")
    gone = LegislatorFactory()
    SponsorshipFactory(bill=bill, legislator=legislator)
    SponsorshipFactory(bill=bill, legislator=gone, removed_on=timezone.localdate())
    found = member_stances(bill)
    assert found[legislator.pk].standing == Standing.SPONSOR
    assert gone.pk not in found


# --- Pages ------------------------------------------------------------------------------------------------------


def test_from_the_bills_page_to_a_talk_on_record(client, organization, bill, legislator, contact):
    client.force_login(contact)
    start = reverse("my_legislation:conversation_start")
    query = f"?bill={bill.pk}&legislator={legislator.pk}"
    assert f"{start}?bill={bill.pk}" in text_of(client.get(bill.get_absolute_url()))
    assert f"{start}?legislator={legislator.pk}" in text_of(client.get(legislator.get_absolute_url()))
    moved = client.get(start + query)
    assert moved["Location"] == page("conversation_new", organization) + query
    assert "Pat Porch" in text_of(client.get(moved["Location"]))
    for _time in range(2):
        said = client.post(moved["Location"], answers(will_sponsor="on", note="Wants numbers."), follow=True)
        assert "Wants numbers." in text_of(said)
    ask = LegislatorAsk.objects.get()
    assert (ask.bill, ask.legislator, ask.organization) == (bill, legislator, organization)
    assert (ask.stance, ask.will_sponsor, ask.entered_by) == ("leans_for", True, contact)


def test_bill_and_legislator_are_chosen_where_no_page_named_them(
    client, organization, bill, legislator, contact
):
    client.force_login(contact)
    address = page("conversation_new", organization)
    assert "Choose the bill." in text_of(client.post(address, answers()))
    finished = BillTrackingFactory(bill=BillFactory(stage="dead")).bill
    secret = BillTrackingFactory(is_public=False).bill
    former = LegislatorFactory(is_current=False)
    for wrong in ({"bill": finished.pk}, {"bill": secret.pk}, {"legislator": former.pk}, {"bill": "x"}):
        chosen = {"bill": bill.pk, "legislator": legislator.pk} | wrong
        assert "There is a problem" in text_of(client.post(address, answers(**chosen)))
    assert not LegislatorAsk.objects.exists()
    client.post(address, answers(bill=bill.pk, legislator=legislator.pk))
    assert LegislatorAsk.objects.get().legislator == legislator


@pytest.mark.parametrize(
    "wrong",
    [
        {"asked_on": (timezone.localdate() + timedelta(days=2)).isoformat()},
        {"asked_on": "1999-01-01"},
        {"asked_on": "soon"},
        {"stance": "loves it"},
        {"stance": ""},
        {"note": "x" * 10_000},
    ],
)
def test_bad_answers_are_told_and_kept(client, organization, bill, legislator, contact, wrong):
    client.force_login(contact)
    address = page("conversation_new", organization) + f"?bill={bill.pk}&legislator={legislator.pk}"
    words = text_of(client.post(address, answers(**({"note": "Kept words"} | wrong))))
    assert "There is a problem" in words
    assert "note" in wrong or "Kept words" in words
    assert not LegislatorAsk.objects.exists()


def test_words_are_only_words(client, organization, bill, legislator, contact):
    client.force_login(contact)
    talk(organization, bill, legislator, contact, note="<script>alert(1)</script> שלום 🏠")
    words = text_of(client.get(page("conversations", organization)))
    assert "&lt;script&gt;" in words
    assert "<script>alert(1)" not in words


def test_change_and_take_off(client, organization, bill, legislator, contact):
    ask = talk(organization, bill, legislator, contact)
    client.force_login(contact)
    client.post(page("conversation_edit", organization, ask.pk), answers(stance="opposes"))
    ask.refresh_from_db()
    assert ask.stance == "opposes"
    assert client.get(page("conversation_remove", organization, ask.pk)).status_code == 405
    client.post(page("conversation_remove", organization, ask.pk))
    assert not LegislatorAsk.objects.exists()


def test_another_organizations_ids_lead_nowhere(organization, bill, legislator, contact):
    ask = talk(organization, bill, legislator, contact, note="Secret words")
    other = OrganizationFactory()
    client = Client()
    client.force_login(member(other))
    assert client.get(page("conversations", organization)).status_code == 404
    assert client.post(page("conversation_new", organization), answers()).status_code == 404
    for owner in (organization, other):
        for name in ("conversation_edit", "conversation_remove"):
            assert client.post(page(name, owner, ask.pk), answers()).status_code == 404
    # One's own organization's name does not open another's talk.
    assert client.get(page("conversation_edit", other, ask.pk)).status_code == 404
    viewer = Client()
    viewer.force_login(member(organization, "viewer"))
    assert "Secret words" in text_of(viewer.get(page("conversations", organization)))
    for name in ("conversation_edit", "conversation_remove"):
        assert viewer.post(page(name, organization, ask.pk), answers()).status_code == 403
    ask.refresh_from_db()
    assert ask.stance == "undecided"


def test_who_reads_the_notes(organization, bill, legislator, contact):
    ask = talk(organization, bill, legislator, contact, note="Secret words")
    own = LegislatorAsk.objects.create(
        bill=bill, legislator=legislator, asked_on=ask.asked_on, stance="unknown", note="Of our staff"
    )
    for user, seen in (
        (contact, {ask}),
        (member(OrganizationFactory()), set()),
        (UserFactory(is_staff=True), set()),
        (StaffFactory(), {ask, own}),
    ):
        assert set(LegislatorAsk.objects.visible_to(user)) == seen


@pytest.mark.parametrize("number", [1, 20])
def test_the_list_takes_the_same_reads(
    client, organization, bill, contact, number, django_assert_num_queries
):
    for _time in range(number):
        talk(organization, bill, LegislatorFactory(), contact)
    client.force_login(contact)
    with django_assert_num_queries(9):
        client.get(page("conversations", organization))


# --- The desk ---------------------------------------------------------------------------------------------------


def test_staff_enter_and_read_them(client, settings, bill, legislator, organization, contact):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    staff = StaffFactory()
    client.force_login(staff)
    add = reverse("admin:legislation_legislatorask_add")
    assert client.get(add, {"bill": bill.pk, "legislator": legislator.pk}).status_code == 200
    facts = answers(bill=bill.pk, legislator=legislator.pk, organization="", note="By phone")
    assert client.post(add, facts).status_code == 302
    ask = LegislatorAsk.objects.get()
    assert (ask.organization, ask.entered_by, ask.note) == (None, staff, "By phone")
    assert ask.history.get().history_user == staff
    talk(organization, bill, legislator, contact)
    listed = text_of(client.get(reverse("admin:legislation_legislatorask_changelist")))
    assert "Hope House" in listed
    assert "our staff" in listed
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    assert "future" in text_of(client.post(add, {**facts, "asked_on": tomorrow}))

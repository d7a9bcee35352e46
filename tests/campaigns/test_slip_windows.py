"""Slip windows without a call, and the drafts that staff make of them."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from campaigns.models import CallToAction, SlipAsk
from campaigns.open_windows import left_behind, open_windows
from campaigns.services.calls import publish_call
from campaigns.services.errors import StateError
from campaigns.services.slip_calls import alert_start, draft_slip_call
from legislation.models import Follow
from legislation.slip_windows import end_of_day
from tests.factories.campaigns import CallToActionFactory
from tests.factories.legislation import (
    BillTrackingFactory,
    CommitteeFactory,
    HearingDocumentFactory,
    HearingFactory,
    OrganizationPositionFactory,
)
from tests.factories.partners import StaffFactory, UserFactory

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _password_is_enough(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def staff():
    return StaffFactory()


def posted(*, amendment="", hearing=None, **tracking):
    """A document of a tracked bill on a notice."""
    tracked = BillTrackingFactory(**tracking)
    return HearingDocumentFactory(hearing=hearing or HearingFactory(), bill=tracked.bill, amendment=amendment)


def draft(document, staff):
    return draft_slip_call(hearing=document.hearing, bill=document.bill, by=staff, now=timezone.now())[0]


def draft_address(document):
    return reverse("admin:legislation_hearing_slip_draft", args=[document.hearing_id, document.bill_id])


class TestOpenWindows:
    def test_bills_we_lead_support_or_oppose_with_their_documents(self):
        lead = posted(hearing=HearingFactory(starts_at=timezone.now() + 2 * DAY))
        HearingDocumentFactory(hearing=lead.hearing, bill=lead.bill, amendment="House Amendment 1")
        opposed = posted(position="oppose", priority="monitor")
        posted(position="support", priority="monitor")
        HearingDocumentFactory()
        found = open_windows(timezone.now())
        assert [(one.bill, one.hearing) for one in found] == [
            (lead.bill, lead.hearing),
            (opposed.bill, opposed.hearing),
        ]
        assert [document.amendment for document in found[0].documents] == ["", "House Amendment 1"]

    @pytest.mark.parametrize("state", ["draft", "published"])
    def test_not_where_a_call_asks_already(self, staff, state):
        document = posted()
        CallToAction.objects.filter(pk=draft(document, staff).pk).update(status=state)
        assert open_windows(timezone.now()) == []

    def test_a_call_on_another_bill_of_the_hearing_is_no_call_on_this_one(self, staff):
        document = posted()
        other = posted(hearing=document.hearing)
        draft(other, staff)
        assert [one.bill for one in open_windows(timezone.now())] == [document.bill]

    @pytest.mark.parametrize("what", ["cancelled", "gone", "over", "begun", "not posted", "taken off"])
    def test_not_where_nothing_can_be_filed(self, what):
        now = timezone.now()
        facts = {
            "cancelled": {"state": "cancelled"},
            "gone": {"state": "moved"},
            "over": {"starts_at": now - DAY},
            "begun": {"starts_at": now - timedelta(minutes=1)},
            "not posted": {"posted_at": now + timedelta(hours=1)},
        }.get(what, {})
        document = posted(hearing=HearingFactory(**facts))
        if what == "taken off":
            document.removed_at = now
            document.save()
        assert open_windows(now) == []

    def test_one_query_however_many(self, django_assert_num_queries):
        for _one in range(4):
            posted()
        with django_assert_num_queries(1):
            found = open_windows(timezone.now())
            assert len([(one.title, one.hearing.committee_title, one.bill.label) for one in found]) == 4


class TestDraft:
    def test_words_documents_and_deadline_come_from_what_we_know(self, staff):
        hearing = HearingFactory(committee=CommitteeFactory(name="Human Services"))
        document = posted(
            hearing=hearing,
            plain_title="Keep porches safe",
            talking_points="<p>Porches <strong>matter</strong>.</p>",
        )
        amendment = HearingDocumentFactory(hearing=hearing, bill=document.bill, amendment="House Amendment 1")
        OrganizationPositionFactory.create_batch(12, bill=document.bill)
        call = draft(document, staff)
        assert call.kind == "slip"
        assert call.status == "draft"
        assert call.hearing == hearing
        assert call.title == f"File a slip for {document.bill.label}: Keep porches safe"
        assert "as a proponent" in call.ask
        assert "Human Services" in call.ask
        assert "A safe porch is where a neighborhood meets." in call.why
        assert "<strong>matter</strong>" in call.why
        assert call.closes_at == hearing.starts_at
        assert call.goal == 15
        assert call.goal_unit == "organizations"
        asks = dict(SlipAsk.objects.values_list("document", "position"))
        assert asks == {document.pk: "proponent", amendment.pk: "proponent"}
        assert call.history.get().history_user == staff

    @pytest.mark.parametrize(
        ("position", "filed"), [("oppose", "opponent"), ("neutral", "no_position"), ("support", "proponent")]
    )
    def test_our_position_is_what_is_asked_for(self, staff, position, filed):
        call = draft(posted(position=position), staff)
        assert call.slip_asks.get().position == filed

    def test_the_senate_takes_slips_until_the_end_of_the_day(self, staff):
        hearing = HearingFactory(chamber="upper")
        assert draft(posted(hearing=hearing), staff).closes_at == end_of_day(hearing.starts_at)

    def test_it_can_be_published_as_it_is(self, staff):
        assert publish_call(call_to_action=draft(posted(), staff), by=staff).status == "published"

    def test_long_and_hostile_words_are_cut_and_escaped(self, staff):
        document = posted(plain_title="<script>x</script> " + "ש" * 140, summary="😀<img src=x onerror=1>")
        call = draft(document, staff)
        assert len(call.title) <= 160
        assert "<script" not in call.why
        assert "<img" not in call.why
        assert "😀" in call.why

    def test_refused_when_the_window_is_closed_or_the_bill_is_not_ours(self, staff):
        late = posted(hearing=HearingFactory(starts_at=timezone.now() - DAY))
        for document in (late, HearingDocumentFactory()):
            with pytest.raises(StateError):
                draft(document, staff)
        assert not CallToAction.objects.exists()

    @pytest.mark.django_db(transaction=True)
    def test_two_clicks_make_one_draft(self, staff):
        document = posted()

        def press(_number):
            try:
                return draft(document, staff).pk
            finally:
                connection.close()

        with ThreadPoolExecutor(2) as pool:
            first, second = pool.map(press, range(2))
        assert first == second
        assert CallToAction.objects.count() == 1


class TestAlert:
    def test_begins_with_followers_and_partners_who_agree(self, staff):
        document = posted()
        Follow.objects.create(user=UserFactory(), bill=document.bill)
        OrganizationPositionFactory(bill=document.bill, position="support")
        OrganizationPositionFactory(bill=document.bill, position="oppose")
        start = alert_start(draft(document, staff))
        number = [str(document.bill_id)]
        assert start["rules"] == {
            "any": [{"field": "follows", "is": number}, {"field": "supports", "is": number}]
        }
        assert document.bill.label in start["subject"]

    def test_the_form_shows_it(self, client, staff):
        document = posted()
        OrganizationPositionFactory(bill=document.bill, position="support")
        call = publish_call(call_to_action=draft(document, staff), by=staff)
        client.force_login(staff)
        page = client.get(reverse("admin:campaigns_actionalert_add"), {"call_to_action": call.pk})
        assert "Organization supports the bill" in page.content.decode()
        assert f'value="{document.bill_id}" checked' in page.content.decode()

    def test_other_calls_begin_empty(self, client, staff):
        assert alert_start(CallToActionFactory()) == {}
        client.force_login(staff)
        for number in ("", "x", "9" * 30, "12"):
            page = client.get(reverse("admin:campaigns_actionalert_add"), {"call_to_action": number})
            assert page.status_code == 200


class TestPages:
    def test_from_the_start_page_to_the_draft_in_one_press(self, client, staff):
        document = posted()
        client.force_login(staff)
        assert "Keep porches safe" in client.get(reverse("admin:index")).content.decode()
        list_address = reverse("admin:legislation_hearing_slip_windows")
        address = draft_address(document)
        assert address in client.get(list_address).content.decode()
        assert client.get(address).status_code == 302
        assert not CallToAction.objects.exists()  # A link that is only followed writes nothing.
        for _press in range(2):
            answer = client.post(address)
            call = CallToAction.objects.get()
            assert answer.url == reverse("admin:campaigns_calltoaction_change", args=[call.pk])
        assert "No window is open without a call" in client.get(list_address).content.decode()
        assert client.get(answer.url).status_code == 200

    def test_who_may_not_add_calls_drafts_none(self, client):
        document = posted()
        client.force_login(StaffFactory(is_superuser=False))
        assert client.post(draft_address(document)).status_code == 403
        assert client.get(reverse("admin:legislation_hearing_slip_windows")).status_code == 403
        assert not CallToAction.objects.exists()

    def test_a_bill_that_is_gone(self, client, staff):
        document = posted()
        client.force_login(staff)
        for hearing, bill, status in ((document.hearing_id, 999999, 302), (999999, document.bill_id, 404)):
            address = reverse("admin:legislation_hearing_slip_draft", args=[hearing, bill])
            assert client.post(address).status_code == status

    def test_calls_whose_hearing_is_off_stand_there(self, client, staff):
        off = CallToActionFactory(hearing=HearingFactory(state="cancelled"), kind="email")
        CallToActionFactory(hearing=HearingFactory(), kind="email")
        assert left_behind(timezone.now()) == [off]
        client.force_login(staff)
        for name in ("admin:index", "admin:legislation_hearing_slip_windows"):
            assert off.title in client.get(reverse(name)).content.decode()

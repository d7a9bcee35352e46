"""The staff's form of a call to action: first its kind, then what this kind needs; and the steps from draft to archive."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from campaigns.admin.call_parts import PARTS, parts_of
from campaigns.models import CallToAction, ResultReport
from campaigns.results.reports import progress_words
from campaigns.services.calls import archive_call, problems_of, publish_call
from campaigns.services.errors import StateError
from campaigns.services.reporting import report_back, write_reports
from legislation.models import Bill
from mailing.models import OutboxMessage, Suppression
from mailing.services import suppress
from tests.factories.campaigns import ActionTakenFactory, CallToActionFactory, CampaignFactory
from tests.factories.legislation import BillFactory
from tests.factories.partners import (
    CoalitionFactory,
    MembershipFactory,
    OrganizationFactory,
    StaffFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
ADD = "admin:campaigns_calltoaction_add"


@pytest.fixture(autouse=True)
def _desk(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    CoalitionFactory()


@pytest.fixture
def staff(client):
    user = StaffFactory()
    client.force_login(user)
    return user


def address(call, name):
    return reverse(f"admin:campaigns_calltoaction_{name}", args=[call.pk])


def shown_fields(response):
    return set(response.context["adminform"].form.fields)


def empty_parts(response):
    """The management forms of a page's inlines, with nothing in them."""
    data = {}
    for formset in response.context["inline_admin_formsets"]:
        prefix = formset.formset.prefix
        data |= {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0"}
    return data


def typed(**fields):
    now = timezone.localtime()
    return {
        "title": "Fund it",
        "slug": "fund-it",
        "ask": "Ask them to fund it.",
        "why": "<p>Because.</p>",
        "statement": "Fund it.",
        "audience": "everyone",
        "opens_at_0": f"{now:%Y-%m-%d}",
        "opens_at_1": "00:00:00",
        "closes_at_0": f"{now + timedelta(days=5):%Y-%m-%d}",
        "closes_at_1": "17:00:00",
        "goal_unit": "people",
        "consent_text": "We keep your name.",
    } | fields


class TestForm:
    def test_a_new_call_asks_for_its_kind_and_keeps_what_the_address_said(self, client, staff):
        page = client.get(reverse(ADD), {"campaign": "1"}).content.decode()
        for kind in CallToAction.Kind:
            assert f"?campaign=1&amp;kind={kind.value}" in page
        assert 'name="title"' not in page
        assert client.get(reverse(ADD), {"kind": "nonsense"}).status_code == 200

    @pytest.mark.parametrize("kind", CallToAction.Kind.values)
    def test_each_kind_shows_its_own_fields_and_parts(self, client, staff, kind):
        response = client.get(reverse(ADD), {"kind": kind})
        fields = shown_fields(response)
        assert ("statement" in fields) is (kind in {"petition", "pledge", "sign_on"})
        assert ("survey" in fields) is (kind == "survey")
        assert ("audience" in fields) is (kind != "sign_on")
        assert ("hearing" in fields) is (kind not in {"story", "survey", "rsvp"})
        assert {"bill", "ends_with_stage", "goal", "goal_unit"} <= fields
        assert not {"successor", "status", "outcome"} & fields
        shown = [type(formset.opts) for formset in response.context["inline_admin_formsets"]]
        assert shown == parts_of(kind)

    def test_parts_belong_to_kinds(self):
        assert set(PARTS) <= set(CallToAction.Kind.values)

    @pytest.mark.parametrize("kind", ["petition", "sign_on"])
    def test_the_kind_of_the_address_is_stored_and_letters_are_for_speakers(self, client, staff, kind):
        url = f"{reverse(ADD)}?kind={kind}"
        data = typed() | empty_parts(client.get(url))
        response = client.post(url, data | {"audience": "everyone"})
        assert response.status_code == 302, response.context["adminform"].form.errors
        call = CallToAction.objects.get()
        assert call.kind == kind
        assert call.audience == ("speakers" if kind == "sign_on" else "everyone")
        assert call.status == "draft"

    def test_ending_with_a_bill_needs_the_bill(self, client, staff):
        response = client.post(f"{reverse(ADD)}?kind=petition", typed(ends_with_stage="on"))
        assert response.status_code == 200
        assert "bill" in response.context["adminform"].form.errors

    def test_the_kind_of_a_call_stays(self, client, staff):
        call = CallToActionFactory(kind="pledge", status="draft")
        response = client.get(address(call, "change"))
        assert "kind" not in shown_fields(response)
        assert "Pledge" in response.content.decode()

    def test_partners_that_brought_people_are_named(self, client, staff):
        call, partner = CallToActionFactory(), OrganizationFactory(name="<b>Arden</b> Shore")
        ActionTakenFactory.create_batch(3, call_to_action=call, credited=partner)
        page = client.get(address(call, "change")).content.decode()
        assert "&lt;b&gt;Arden&lt;/b&gt; Shore: 3" in page


class TestPublishing:
    def test_what_is_missing_stands_in_place_of_the_button(self, client, staff):
        call = CallToActionFactory(status="draft", statement=" ")
        page = client.get(address(call, "publish")).content.decode()
        assert "Write the text that people put their name to." in page
        assert "Publish the call to action</button>" not in page
        client.post(address(call, "publish"))
        call.refresh_from_db()
        assert call.status == "draft"

    def test_all_of_it_is_said_at_once(self):
        opened = timezone.now() - timedelta(days=20)
        call = CallToActionFactory(status="draft", statement="", opens_at=opened, ends_with_stage=True)
        assert len(problems_of(call)) == 3
        with pytest.raises(StateError, match=r"Write the text.*deadline has passed.*name the bill"):
            publish_call(call_to_action=call)

    def test_the_bills_stage_is_remembered_where_the_call_ends_with_it(self):
        bill = BillFactory(stage=Bill.Stage.IN_COMMITTEE)
        ends = publish_call(
            call_to_action=CallToActionFactory(status="draft", bill=bill, ends_with_stage=True)
        )
        stays = publish_call(call_to_action=CallToActionFactory(status="draft", bill=bill))
        assert (ends.bill_stage, stays.bill_stage) == (Bill.Stage.IN_COMMITTEE, "")


class TestArchiving:
    def test_visitors_are_led_to_the_successor_or_the_campaign(self, client, staff):
        successor = CallToActionFactory(title="What continues it")
        call = CallToActionFactory(status="closed", campaign=CampaignFactory())
        page = client.get(address(call, "archive")).content.decode()
        assert "What continues it" in page
        client.post(address(call, "archive"), {"successor": successor.pk})
        call.refresh_from_db()
        assert (call.status, call.successor) == ("archived", successor)
        client.logout()
        response = client.get(call.get_absolute_url())
        assert (response.status_code, response["Location"]) == (302, successor.get_absolute_url())
        CallToAction.objects.filter(pk=call.pk).update(successor=None)
        response = client.get(call.get_absolute_url())
        assert (response.status_code, response["Location"]) == (302, call.campaign.get_absolute_url())

    def test_without_both_its_page_stays_and_so_do_pages_of_drafts(self, client):
        alone = CallToActionFactory(status="archived", outcome="60 signed.")
        draft = CallToActionFactory(
            status="archived", outcome="61 signed.", successor=CallToActionFactory(status="draft")
        )
        for call, words in ((alone, "60 signed."), (draft, "61 signed.")):
            response = client.get(call.get_absolute_url())
            assert response.status_code == 200
            assert words in response.content.decode()

    def test_staff_can_still_look_at_it(self, client, staff):
        call = CallToActionFactory(status="archived", successor=CallToActionFactory())
        assert client.get(call.get_absolute_url(), {"preview": "1"}).status_code == 200

    def test_a_late_answer_to_it_is_refused_in_words(self, client):
        call = CallToActionFactory(status="archived", successor=CallToActionFactory())
        assert client.post(call.get_absolute_url(), {"email": "a@example.org"}).status_code == 410

    def test_no_circles_and_no_drafts(self):
        first = CallToActionFactory(status="closed")
        second = CallToActionFactory(status="archived", successor=first)
        for successor in (second, first, CallToActionFactory(status="draft")):
            with pytest.raises(StateError):
                archive_call(call_to_action=first, successor=successor)
        first.refresh_from_db()
        assert first.status == "closed"


class TestReportingBack:
    @pytest.fixture
    def call(self):
        call = CallToActionFactory(title="Fund it", status="closed", outcome="They funded it.")
        for number in range(3):
            person = MembershipFactory(
                person__email=f"p{number}@example.org", person__first_name="Ana"
            ).person
            ActionTakenFactory(call_to_action=call, person=person)
        return call

    def test_everybody_who_acted_hears_of_it_once(self, client, staff, call):
        page = client.get(address(call, "report_back")).content.decode()
        assert "Send it to 3 people" in page
        assert "They funded it." in page
        assert not OutboxMessage.objects.exists()
        words = {"subject": "What came of it", "text": "Thank you.\n\nThey <b>funded</b> it."}
        client.post(address(call, "report_back"), words)
        client.post(address(call, "report_back"), words)
        assert not OutboxMessage.objects.exists()
        assert "0 of 3 people so far" in client.get(address(call, "change")).content.decode()
        for _turn in range(2):
            write_reports(now=timezone.now())
        messages = OutboxMessage.objects.all()
        assert sorted(message.to for message in messages) == [f"p{number}@example.org" for number in range(3)]
        assert {message.precedence for message in messages} == {OutboxMessage.Precedence.NOTICE}
        body = bytes(messages[0].message)
        assert b"Ana," in body
        assert b"<b>funded</b>" not in body.split(b"text/html")[1]
        report = call.result_report
        assert (report.asked_by, report.written, report.looked_at) == (staff, 3, 3)
        page = client.get(address(call, "change")).content.decode()
        assert "Messages written: 3" in page
        assert "Write the result" not in page
        assert "Stop writing" not in page

    def test_who_wants_no_mail_gets_none(self, call):
        suppress(email="p1@example.org", reason=Suppression.Reason.STAFF)
        report_back(call_to_action=call, subject="S", text="T", by=StaffFactory())
        write_reports(now=timezone.now())
        assert OutboxMessage.objects.count() == 2
        assert "People who want no mail: 1." in progress_words(call.result_report)

    def test_staff_stop_it_and_go_on(self, client, staff, call):
        client.post(address(call, "report_back"), {"subject": "S", "text": "T"})
        assert "Stop writing the result" in client.get(address(call, "change")).content.decode()
        client.post(address(call, "stop_report"))
        write_reports(now=timezone.now())
        assert not OutboxMessage.objects.exists()
        page = client.get(address(call, "change")).content.decode()
        assert "after 0 of 3 people" in page
        assert "Write the rest of the result" in page
        client.post(address(call, "go_on_with_report"))
        client.post(address(call, "go_on_with_report"))
        write_reports(now=timezone.now())
        assert OutboxMessage.objects.count() == 3
        client.post(address(call, "stop_report"))
        assert call.result_report.finished_at

    @pytest.mark.parametrize("status", ["draft", "published", "archived"])
    def test_only_a_closed_call_has_a_result(self, status):
        with pytest.raises(StateError):
            report_back(
                call_to_action=CallToActionFactory(status=status), subject="S", text="T", by=StaffFactory()
            )

    def test_a_line_break_in_the_subject_is_no_header(self, call):
        report_back(call_to_action=call, subject="S\r\nBcc: x@example.org", text="T", by=StaffFactory())
        write_reports(now=timezone.now())
        assert OutboxMessage.objects.count() == 3
        for message in OutboxMessage.objects.all():
            assert b"\nBcc:" not in bytes(message.message)

    def test_partners_get_nowhere(self, client, call):
        client.force_login(UserFactory())
        for name in ("publish", "close", "archive", "report_back", "stop_report", "go_on_with_report"):
            assert client.post(address(call, name)).status_code in {302, 403}
        call.refresh_from_db()
        assert call.status == "closed"
        assert not ResultReport.objects.exists()
        assert not OutboxMessage.objects.exists()

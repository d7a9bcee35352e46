"""An alert in the staff desk, from its form to its result."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from campaigns.models import ActionAlert
from campaigns.services.alerts import approve_alert
from mailing.models import Delivery, Mailing, OutboxMessage
from tests.factories.alerts import ActionAlertFactory, AlertTopicFactory, SubscriberFactory
from tests.factories.campaigns import CallToActionFactory
from tests.factories.partners import MembershipFactory, PersonFactory, StaffFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _password_is_enough(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def staff(client):
    user = StaffFactory()
    client.force_login(user)
    return user


def address(name: str, alert: ActionAlert) -> str:
    return reverse(f"admin:campaigns_actionalert_{name}", args=[alert.pk])


def form_data(**changes) -> dict:
    data = {
        "call_to_action": CallToActionFactory().pk,
        "subject": "Act by Friday, {{ first_name }}",
        "preheader": "",
        "body": "<p>Dear {{ first_name }}</p>",
    }
    return data | changes


class TestForm:
    def test_writes_a_draft(self, client, staff):
        response = client.post(reverse("admin:campaigns_actionalert_add"), form_data(roles=["advocate"]))
        assert response.status_code == 302
        alert = ActionAlert.objects.get()
        assert (alert.state, alert.created_by, alert.roles) == ("draft", staff, ["advocate"])

    @pytest.mark.parametrize(
        ("changes", "field", "words"),
        [
            ({"subject": "{{ nobody }}"}, "subject", "not a merge field"),
            ({"preheader": "{{ nobody }}"}, "preheader", "not a merge field"),
            ({"body": "<p>{{ first_name }</p>"}, "body", "two braces"),
            ({"body": '<p><a href="www.example.org">x</a></p>'}, "body", "whole address"),
            ({"body": "<p></p>"}, "body", "required"),
            ({"body": "<script>alert(1)</script>"}, "body", "required"),
            ({"roles": ["king"]}, "roles", "king"),
        ],
    )
    def test_says_at_the_field_what_is_wrong_and_keeps_the_rest(self, client, staff, changes, field, words):
        response = client.post(reverse("admin:campaigns_actionalert_add"), form_data(**changes))
        assert response.status_code == 200
        form = response.context["adminform"].form
        assert words in " ".join(form.errors[field])
        assert not ActionAlert.objects.exists()

    def test_an_unpublished_call_is_refused(self, client, staff):
        draft = CallToActionFactory(status="draft")
        response = client.post(reverse("admin:campaigns_actionalert_add"), form_data(call_to_action=draft.pk))
        assert "Publish this call to action first" in response.content.decode()

    def test_rich_text_is_sanitised(self, client, staff):
        body = (
            '<p onclick="x">Hi <img src=x> <a href="javascript:x.example">a</a></p><script>alert(1)</script>'
        )
        response = client.post(reverse("admin:campaigns_actionalert_add"), form_data(body=body))
        # The link lost its hostile address, so the form asks for a whole one.
        assert "whole address" in " ".join(response.context["adminform"].form.errors["body"])
        client.post(
            reverse("admin:campaigns_actionalert_add"),
            form_data(body=body.replace("javascript:", "https://")),
        )
        alert = ActionAlert.objects.get()
        assert not any(bad in alert.body for bad in ("onclick", "img", "script"))

    def test_the_picker_offers_calls_people_can_answer(self, client, staff):
        CallToActionFactory(title="Fund it now")
        CallToActionFactory(title="Fund it: a draft", status="draft")
        CallToActionFactory(title="Fund it: over", opens_at=timezone.now() - timedelta(days=30))
        found = client.get(
            reverse("admin:autocomplete"),
            {
                "app_label": "campaigns",
                "model_name": "actionalert",
                "field_name": "call_to_action",
                "term": "fund",
            },
        ).json()
        assert [result["text"] for result in found["results"]] == ["Fund it now"]

    def test_the_audience_is_counted_while_boxes_are_ticked(self, client, staff):
        membership, _other = MembershipFactory.create_batch(2)
        SubscriberFactory()
        url = reverse("admin:campaigns_actionalert_audience")
        assert "2 people" in client.get(url).content.decode()
        answer = client.get(
            url, {"areas": [membership.organization.area_id], "include_subscribers": "on"}
        ).content.decode()
        assert "1 person in 1 organization, 1 subscriber" in " ".join(answer.split())
        assert "cannot be counted" in client.get(url, {"areas": "nonsense"}).content.decode()

    def test_an_approved_alert_can_no_longer_be_edited_or_deleted(self, client, staff):
        MembershipFactory()
        alert = approve_alert(alert=ActionAlertFactory(), by=staff)
        page = client.get(address("change", alert))
        assert page.status_code == 200
        assert b'name="subject"' not in page.content
        assert client.post(address("change", alert), form_data()).status_code == 403
        assert client.post(address("delete", alert), {"post": "yes"}).status_code == 403
        alert.refresh_from_db()
        assert alert.subject != form_data()["subject"]


class TestPreview:
    def test_as_a_chosen_person_with_hostile_names(self, client, staff):
        MembershipFactory()
        evil = PersonFactory(first_name="</iframe><script>alert(1)</script>", last_name='"><b>')
        MembershipFactory(person=evil, organization__name="<i>Org</i>")
        alert = ActionAlertFactory()
        page = client.get(address("preview", alert), {"person": evil.pk}).content.decode()
        assert "<script>alert(1)" not in page
        assert "</iframe><script>" not in page
        assert page.count('class="desk-frame" sandbox srcdoc=') == 2
        assert "&amp;lt;script&amp;gt;alert(1)" in page

    def test_only_people_of_the_audience_can_be_chosen(self, client, staff):
        member, outsider = MembershipFactory(), PersonFactory(first_name="Outsider")
        alert = ActionAlertFactory()
        for number in (str(outsider.pk), "0", "x", "9" * 40, "-1"):
            page = client.get(address("preview", alert), {"person": number})
            assert page.status_code == 200
            assert page.context["person"] == member.person

    def test_finds_people_by_words(self, client, staff):
        wanted = MembershipFactory(person__last_name="Okafor", organization__name="Shore House")
        MembershipFactory()
        alert = ActionAlertFactory()
        page = client.get(address("preview", alert), {"q": "okafor shore"})
        assert [person.pk for person in page.context["people"]] == [wanted.person_id]
        page = client.get(address("preview", alert), {"q": "nobody at all"})
        assert "Nobody in the audience matches" in page.content.decode()

    def test_as_a_subscriber(self, client, staff):
        alert = ActionAlertFactory(include_subscribers=True)
        page = client.get(address("preview", alert), {"person": "subscriber"})
        assert page.context["message"].subject == "Friend, three days left"


class TestButtons:
    def test_opening_a_page_changes_nothing(self, client, staff):
        MembershipFactory()
        alert = ActionAlertFactory()
        for name in ("send_test", "send_now", "schedule", "cancel", "copy"):
            assert client.get(address(name, alert)).status_code == 200
        alert.refresh_from_db()
        assert alert.state == "draft"
        assert ActionAlert.objects.count() == 1
        assert not OutboxMessage.objects.exists()

    def test_send_test(self, client, staff):
        MembershipFactory()
        alert = ActionAlertFactory()
        response = client.post(address("send_test", alert), follow=True)
        assert f"on its way to {staff.email}" in response.content.decode()
        assert OutboxMessage.objects.get().to == staff.email

    def test_send_now_repeats_what_will_happen_and_sends_once(self, client, staff):
        MembershipFactory.create_batch(3)
        alert = ActionAlertFactory()
        page = client.get(address("send_now", alert)).content.decode()
        assert "Send to 3 people" in page
        assert alert.call_to_action.title in page
        assert "3 people in 3 organizations" in " ".join(page.split())
        assert client.post(address("send_now", alert)).url == address("result", alert)
        again = client.post(address("send_now", alert), follow=True)
        assert "approved already" in again.content.decode()
        assert Mailing.objects.count() == 1
        assert Delivery.objects.count() == 3

    def test_a_closed_call_stands_in_the_way(self, client, staff):
        MembershipFactory()
        alert = ActionAlertFactory(call_to_action__status="closed")
        page = client.get(address("send_now", alert)).content.decode()
        assert "The call to action is not published." in page
        assert "Send to 1 person" not in page
        client.post(address("send_now", alert))
        assert not Mailing.objects.exists()

    def test_an_empty_audience_stands_in_the_way(self, client, staff):
        page = client.get(address("send_now", ActionAlertFactory())).content.decode()
        assert "The audience is empty" in page

    def test_schedule(self, client, staff):
        MembershipFactory()
        alert = ActionAlertFactory()
        at = timezone.localtime(timezone.now() + timedelta(hours=3)).replace(second=0, microsecond=0)
        moment = {"at_0": at.strftime("%Y-%m-%d"), "at_1": at.strftime("%H:%M")}
        assert client.post(address("schedule", alert), moment).url == address("result", alert)
        alert.refresh_from_db()
        assert (alert.state, alert.send_at) == ("scheduled", at)

    @pytest.mark.parametrize(
        "moment", [{}, {"at_0": "2020-01-01", "at_1": "10:00"}, {"at_0": "x", "at_1": "y"}]
    )
    def test_a_wrong_moment_is_said_at_the_field(self, client, staff, moment):
        MembershipFactory()
        alert = ActionAlertFactory()
        response = client.post(address("schedule", alert), moment)
        assert response.status_code == 200
        assert response.context["form"].errors["at"]
        alert.refresh_from_db()
        assert alert.state == "draft"

    def test_pause_resume_cancel_copy(self, client, staff):
        MembershipFactory()
        alert = approve_alert(alert=ActionAlertFactory(), by=staff)
        for name, state in (("pause", "paused"), ("resume", "sending"), ("cancel", "cancelled")):
            client.post(address(name, alert))
            alert.refresh_from_db()
            assert alert.state == state
        refused = client.post(address("pause", alert), follow=True)
        assert any(message.level_tag == "error" for message in refused.context["messages"])
        response = client.post(address("copy", alert))
        copy = ActionAlert.objects.exclude(pk=alert.pk).get()
        assert response.url == address("change", copy)
        assert copy.state == "draft"

    def test_each_state_shows_its_own_buttons(self, client, staff):
        MembershipFactory()
        alert = ActionAlertFactory()
        draft = client.get(address("change", alert)).content.decode()
        assert address("send_now", alert) in draft
        assert address("pause", alert) not in draft
        approve_alert(alert=alert, by=staff)
        sending = client.get(address("change", alert)).content.decode()
        assert address("pause", alert) in sending
        assert address("send_now", alert) not in sending
        assert address("resume", alert) not in sending

    def test_a_missing_alert_is_a_404(self, client, staff):
        alert = ActionAlertFactory()
        page = address("preview", alert)
        alert.delete()
        assert client.get(page).status_code == 404


class TestResult:
    def test_progress_refreshes_itself_while_it_goes_out(self, client, staff):
        MembershipFactory()
        alert = approve_alert(alert=ActionAlertFactory(), by=staff)
        page = client.get(address("result", alert)).content.decode()
        assert 'hx-trigger="every 4s"' in page
        Delivery.objects.update(state="accepted", accepted_at=timezone.now())
        ActionAlert.objects.update(state="sent")
        done = client.get(address("result", alert)).content.decode()
        assert 'hx-trigger="every' not in done
        assert "accepted by the mail server" in done
        assert "Counted three minutes after arrival" in done

    def test_failed_and_unknown_rows_stand_with_the_servers_answer(self, client, staff):
        MembershipFactory.create_batch(2)
        alert = approve_alert(alert=ActionAlertFactory(), by=staff)
        first = Delivery.objects.first()
        Delivery.objects.filter(pk=first.pk).update(state="failed", response="550 <b>no such user</b>")
        page = client.get(address("result", alert)).content.decode()
        assert "550 &lt;b&gt;no such user" in page
        assert first.email in page

    def test_a_draft_has_nothing_to_count(self, client, staff):
        assert "nothing to count" in client.get(address("result", ActionAlertFactory())).content.decode()

    def test_download_streams_and_neutralises_formulas(self, client, staff):
        MembershipFactory(organization__name='=HYPERLINK("https://evil.example")')
        alert = approve_alert(alert=ActionAlertFactory(), by=staff)
        response = client.get(address("csv", alert))
        assert response.streaming
        text = b"".join(response.streaming_content).decode()
        assert "'=HYPERLINK" in text
        assert ',"=HYPERLINK' not in text
        assert len(text.strip().splitlines()) == 2

    def test_the_change_page_and_the_result_stay_flat(self, client, staff, django_assert_max_num_queries):
        MembershipFactory.create_batch(20)
        AlertTopicFactory()
        alert = ActionAlertFactory()
        with django_assert_max_num_queries(22):
            client.get(address("change", alert))
        approve_alert(alert=alert, by=staff)
        with django_assert_max_num_queries(14):
            client.get(address("result", alert))

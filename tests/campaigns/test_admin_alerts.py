"""An alert in the staff desk: its form with blocks, its buttons, its approval. Results are in `test_results`."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from campaigns.models import ActionAlert
from campaigns.services.alerts import approve_alert, submit_alert
from mailing.models import Delivery, Mailing, OutboxMessage
from tests.factories.alerts import ActionAlertFactory, AlertBlockFactory, AlertTopicFactory
from tests.factories.campaigns import CallToActionFactory
from tests.factories.partners import CoalitionFactory, MembershipFactory, StaffFactory

pytestmark = pytest.mark.django_db

ADD = "admin:campaigns_actionalert_add"


@pytest.fixture(autouse=True)
def coalition(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    return CoalitionFactory()


@pytest.fixture
def staff(client):
    user = StaffFactory()
    client.force_login(user)
    return user


def address(name: str, alert: ActionAlert) -> str:
    return reverse(f"admin:campaigns_actionalert_{name}", args=[alert.pk])


def blocks(*rows: dict, first: int = 0) -> dict:
    """The blocks of the form; a row with an `id` is one that is there already."""
    data = {
        "blocks-TOTAL_FORMS": len(rows),
        "blocks-INITIAL_FORMS": sum("id" in row for row in rows),
        "blocks-MIN_NUM_FORMS": 0,
        "blocks-MAX_NUM_FORMS": 1000,
    }
    for number, row in enumerate(rows):
        filled = {"kind": "text", "text": "", "order": ""} | row
        data |= {f"blocks-{number}-{name}": value for name, value in filled.items()}
    return data


TEXT = {"kind": "text", "text": "<p>Dear {{ first_name|Friend }}</p>", "order": 1}
BUTTON = {"kind": "button", "order": 2}


def form_data(*rows: dict, **changes) -> dict:
    data = {
        "call_to_action": CallToActionFactory().pk,
        "subject": "Act by Friday, {{ first_name|Friend }}",
        "preheader": "",
        "test": "",
        "test_percent": 20,
        "test_hours": 4,
        "lobbying": "none",
        "staff_minutes": 0,
        "other_cost": 0,
    }
    return data | blocks(*(rows or (TEXT, BUTTON))) | changes


def said(response) -> str:
    """Every error of the form and of its blocks."""
    errors = str(response.context["adminform"].form.errors)
    for formset in response.context["inline_admin_formsets"]:
        errors += str(formset.formset.errors)
    return errors


class TestForm:
    def test_writes_a_draft_with_its_blocks(self, client, staff):
        response = client.post(reverse(ADD), form_data(reminder_days="6, 3", rate_per_minute=100))
        assert response.status_code == 302
        alert = ActionAlert.objects.get()
        assert (alert.state, alert.created_by) == ("draft", staff)
        assert (alert.reminder_days, alert.rate_per_minute, alert.rules) == ([3, 6], 100, {})
        assert [block.kind for block in alert.blocks.all()] == ["text", "button"]
        assert "{{ first_name|Friend }}" in alert.blocks.first().text

    def test_a_new_alert_starts_with_a_text_and_a_button(self, client, staff):
        page = client.get(reverse(ADD))
        [shown] = page.context["inline_admin_formsets"]
        assert [form.initial["kind"] for form in shown.formset.forms] == ["text", "button"]
        assert b'data-insert="{{ organization|your organization }}"' in page.content

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"subject": "{{ nobody }}"}, "not a merge field"),
            ({"preheader": "{{ nobody }}"}, "not a merge field"),
            ({"subject_es": "{{ nadie }}"}, "not a merge field"),
            ({"test": "subject"}, "Write the second subject"),
            ({"reminder_days": "3, x"}, "Enter a whole number"),
            ({"reminder_days": "1,2,3,4,5,6"}, "should contain no more than 5"),
            ({"rate_per_minute": "0"}, "greater than or equal to 1"),
            ({"test_percent": "101"}, "less than or equal to 100"),
        ],
    )
    def test_says_what_is_wrong_and_keeps_the_rest(self, client, staff, changes, words):
        response = client.post(reverse(ADD), form_data(**changes))
        assert response.status_code == 200
        assert words in said(response)
        assert not ActionAlert.objects.exists()

    @pytest.mark.parametrize(
        ("block", "words"),
        [
            ({"text": "<p>{{ first_name }</p>"}, "two braces"),
            ({"text": '<p><a href="www.example.org">x</a></p>'}, "whole address"),
            ({"text": "<p></p>"}, "Write the text"),
            ({"text": "<script>alert(1)</script>"}, "Write the text"),
            ({"kind": "quote", "label": "Ana"}, "Write the text"),
            ({"kind": "facts"}, "Write the text"),
            ({"kind": "button", "label": "{{ nobody }}"}, "not a merge field"),
            ({"kind": "image", "label": "A map"}, "Enter the address"),
            ({"kind": "image", "label": "A map", "url": "http://a.example/p.png"}, "begin with https"),
            ({"kind": "image", "url": "https://a.example/p.png"}, "Say what the picture shows"),
            ({"kind": "king"}, "not one of the available choices"),
        ],
    )
    def test_says_at_the_block_what_is_wrong(self, client, staff, block, words):
        response = client.post(reverse(ADD), form_data(TEXT, block))
        assert response.status_code == 200
        assert words in said(response)
        assert not ActionAlert.objects.exists()

    def test_an_unpublished_call_is_refused(self, client, staff):
        draft = CallToActionFactory(status="draft")
        response = client.post(reverse(ADD), form_data(call_to_action=draft.pk))
        assert "Publish this call to action first" in response.content.decode()

    def test_rich_text_is_sanitised(self, client, staff):
        text = (
            '<p onclick="x">Hi <img src=x> <a href="javascript:x.example">a</a></p><script>alert(1)</script>'
        )
        response = client.post(reverse(ADD), form_data({"text": text}))
        # The link lost its hostile address, so the form asks for a whole one.
        assert "whole address" in said(response)
        client.post(reverse(ADD), form_data({"text": text.replace("javascript:", "https://")}))
        saved = ActionAlert.objects.get().blocks.get().text
        assert not any(bad in saved for bad in ("onclick", "img", "script"))

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


class TestBlocks:
    def saved(self, client, alert, *rows):
        data = form_data(*rows, call_to_action=alert.call_to_action_id, subject=alert.subject)
        response = client.post(address("change", alert), data)
        assert response.status_code == 302, said(response)
        return [(block.order, block.kind, block.text) for block in alert.blocks.all()]

    def test_blocks_are_moved_removed_and_added(self, client, staff):
        alert = ActionAlertFactory(text="")
        button = alert.blocks.get()
        first, second = (
            AlertBlockFactory(alert=alert, order=order, text=f"<p>{order}</p>") for order in (3, 4)
        )
        rows = self.saved(
            client,
            alert,
            {"id": button.pk, "kind": "button", "order": 9},
            {"id": first.pk, "order": 3, "text": "<p>3</p>", "DELETE": "on"},
            {"id": second.pk, "order": 1, "text": "<p>now first</p>"},
            {"kind": "divider", "order": ""},
        )
        # What has no number comes last.
        assert rows == [(1, "text", "<p>now first</p>"), (9, "button", ""), (10, "divider", "")]

    def test_who_changed_which_words_can_be_read_later(self, client, staff):
        alert = ActionAlertFactory(text="<p>before</p>")
        first = alert.blocks.first()
        self.saved(client, alert, {"id": first.pk, "order": 1, "text": "<p>after</p>"})
        change = first.history.latest()
        assert (change.history_user, change.text) == (staff, "<p>after</p>")
        assert change.prev_record.text == "<p>before</p>"

    def test_a_button_is_kept_though_nothing_was_written_into_it(self, client, staff):
        client.post(reverse(ADD), form_data(TEXT, {"kind": "button", "order": 2, "label": ""}))
        assert ActionAlert.objects.get().blocks.filter(kind="button").exists()


class TestLocked:
    def test_an_approved_alert_can_no_longer_be_edited_or_deleted(self, client, staff):
        MembershipFactory()
        alert = approve_alert(alert=ActionAlertFactory(), by=staff)
        page = client.get(address("change", alert))
        assert page.status_code == 200
        assert b'name="subject"' not in page.content
        assert b"everybody with a current membership" in page.content
        assert client.post(address("change", alert), form_data()).status_code == 403
        assert client.post(address("delete", alert), {"post": "yes"}).status_code == 403
        alert.refresh_from_db()
        assert alert.subject != form_data()["subject"]

    def test_whoever_may_only_look_reads_the_draft(self, client):
        MembershipFactory()
        looker = StaffFactory(is_superuser=False)
        looker.user_permissions.add(Permission.objects.get(codename="view_actionalert"))
        client.force_login(looker)
        page = client.get(address("change", ActionAlertFactory())).content.decode()
        assert "Dear Friend" in page
        assert "everybody with a current membership" in page
        assert 'name="subject"' not in page

    def test_a_submitted_alert_stays_as_it_was_submitted(self, client, staff):
        MembershipFactory()
        alert = submit_alert(alert=ActionAlertFactory(), by=staff)
        assert b'name="subject"' not in client.get(address("change", alert)).content
        assert client.post(address("change", alert), form_data()).status_code == 403
        assert client.post(address("delete", alert), {"post": "yes"}).status_code == 403


class TestButtons:
    def test_opening_a_page_changes_nothing(self, client, staff):
        MembershipFactory()
        alert = ActionAlertFactory()
        for name in ("checks", "send_test", "send_now", "schedule", "submit", "approve", "cancel", "copy"):
            assert client.get(address(name, alert)).status_code == 200
        alert.refresh_from_db()
        assert alert.state == "draft"
        assert ActionAlert.objects.count() == 1
        assert not OutboxMessage.objects.exists()

    def test_send_now_repeats_what_will_happen_and_sends_once(self, client, staff):
        MembershipFactory.create_batch(3)
        alert = ActionAlertFactory(created_by=staff)
        page = client.get(address("send_now", alert)).content.decode()
        assert "Send to 3 people" in page
        assert alert.call_to_action.title in page
        assert "3 people in 3 organizations" in " ".join(page.split())
        assert f"{staff}," in page
        assert "Dear Friend" in page
        assert client.post(address("send_now", alert)).url == address("result", alert)
        again = client.post(address("send_now", alert), follow=True)
        assert "approved already" in again.content.decode()
        assert Mailing.objects.count() == 1
        assert Delivery.objects.count() == 3

    def test_a_closed_call_stands_in_the_way(self, client, staff):
        MembershipFactory()
        alert = ActionAlertFactory(call_to_action__status="closed")
        for name in ("send_now", "submit", "checks"):
            page = client.get(address(name, alert)).content.decode()
            assert "The call to action is not published." in page
            assert "Send to 1 person" not in page
        client.post(address("send_now", alert))
        assert not Mailing.objects.exists()

    def test_an_empty_audience_stands_in_the_way(self, client, staff):
        page = client.get(address("send_now", ActionAlertFactory())).content.decode()
        assert "The audience is empty" in page

    def test_an_audience_that_names_what_is_gone_stands_in_the_way(self, client, staff):
        alert = ActionAlertFactory(rules={"field": "segment", "is": ["999999"]})
        for name in ("send_now", "schedule", "submit", "checks", "change"):
            assert client.get(address(name, alert)).status_code == 200
        refused = client.post(address("send_now", alert), follow=True)
        assert any(message.level_tag == "error" for message in refused.context["messages"])
        assert not Mailing.objects.exists()

    def test_a_warning_is_told_but_stops_nothing(self, client, staff):
        MembershipFactory()
        page = client.get(address("send_now", ActionAlertFactory(preheader=""))).content.decode()
        assert "There is no preheader" in page
        assert "Send to 1 person" in page

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
        assert copy.blocks.count() == 2

    def test_each_state_shows_its_own_buttons(self, client, staff):
        MembershipFactory()
        alert = ActionAlertFactory()
        draft = client.get(address("change", alert)).content.decode()
        assert address("send_now", alert) in draft
        assert address("pause", alert) not in draft
        assert address("approve", alert) not in draft
        approve_alert(alert=alert, by=staff)
        sending = client.get(address("change", alert)).content.decode()
        assert address("pause", alert) in sending
        assert address("send_now", alert) not in sending
        assert address("resume", alert) not in sending

    def test_a_missing_alert_is_a_404(self, client, staff):
        alert = ActionAlertFactory()
        pages = [address(name, alert) for name in ("preview", "checks", "links", "send_now")]
        alert.delete()
        for page in pages:
            assert client.get(page).status_code == 404

    def test_links_to_other_sites_are_tried_beside_the_page(self, client, staff):
        alert = ActionAlertFactory(text='<p><a href="https://a.example/x">The report</a></p>')
        AlertBlockFactory(alert=alert, kind="image", url="https://b.example/p.png", label="A map")
        page = client.get(address("checks", alert)).content.decode()
        assert "2 addresses lead to other sites." in page
        assert f'hx-get="{address("links", alert)}"' in page
        assert "switched off" in client.get(address("links", alert)).content.decode()
        assert "switched off" in client.get(address("checks", alert), {"links": "1"}).content.decode()

    def test_the_pages_stay_flat(self, client, staff, django_assert_num_queries):
        AlertTopicFactory()
        alert = ActionAlertFactory()
        MembershipFactory()
        client.get(address("change", alert))
        for _round in range(2):
            with django_assert_num_queries(13):
                client.get(address("change", alert))
            with django_assert_num_queries(21):
                client.get(address("checks", alert))
            MembershipFactory.create_batch(19)


class TestApproval:
    @pytest.fixture
    def alert(self, coalition):
        coalition.approval_above = 1
        coalition.save()
        MembershipFactory.create_batch(2)
        return ActionAlertFactory(created_by=StaffFactory())

    def test_many_people_need_a_second_person(self, client, staff, alert):
        page = client.get(address("send_now", alert)).content.decode()
        assert "need a second person" in page
        assert "Send to 2 people" not in page
        client.post(address("send_now", alert))
        assert not Mailing.objects.exists()

    def test_submitted_by_one_approved_by_another(self, client, staff, alert):
        client.post(address("submit", alert), {"at_0": "", "at_1": ""})
        alert.refresh_from_db()
        assert (alert.state, alert.submitted_by) == ("waiting", staff)
        own = client.get(address("approve", alert)).content.decode()
        assert "Another person than the one who wrote or submitted it" in own
        assert "Approve for" not in own
        client.post(address("approve", alert))
        alert.refresh_from_db()
        assert alert.state == "waiting"

        second = StaffFactory()
        client.force_login(second)
        page = client.get(address("approve", alert)).content.decode()
        for words in ("Approve for 2 people", "Written by", "Submitted by", str(staff), "Dear Friend"):
            assert words in page
        assert client.post(address("approve", alert)).url == address("result", alert)
        alert.refresh_from_db()
        assert (alert.state, alert.approved_by) == ("sending", second)
        record = client.get(address("change", alert)).content.decode()
        assert f"Submitted by: {staff}" in record
        assert f"Approved by: {second}" in record

    def test_submitted_for_a_time(self, client, staff, alert):
        at = timezone.localtime(timezone.now() + timedelta(hours=3)).replace(second=0, microsecond=0)
        client.post(address("submit", alert), {"at_0": at.strftime("%Y-%m-%d"), "at_1": at.strftime("%H:%M")})
        client.force_login(StaffFactory())
        assert "it goes out." in client.get(address("approve", alert)).content.decode()
        client.post(address("approve", alert))
        alert.refresh_from_db()
        assert (alert.state, alert.send_at) == ("scheduled", at)

    def test_sent_back_with_a_comment_that_its_author_reads(self, client, staff, alert):
        client.post(address("submit", alert), {"at_0": "", "at_1": ""})
        second = StaffFactory()
        client.force_login(second)
        assert client.post(address("send_back", alert), {"comment": ""}).context["form"].errors["comment"]
        client.post(address("send_back", alert), {"comment": "Name the bill, please."})
        alert.refresh_from_db()
        assert alert.state == "draft"
        page = client.get(address("change", alert)).content.decode()
        assert f"Sent back by {second}" in page
        assert "“Name the bill, please.”" in page
        assert 'name="subject"' in page

    def test_without_the_right_nobody_approves(self, client, staff, alert):
        submit_alert(alert=alert, by=staff)
        helper = StaffFactory(is_superuser=False)
        rights = ["view_actionalert", "change_actionalert"]
        helper.user_permissions.set(Permission.objects.filter(codename__in=rights))
        client.force_login(helper)
        assert address("approve", alert) not in client.get(address("change", alert)).content.decode()
        assert client.post(address("approve", alert)).status_code == 403
        helper.user_permissions.add(Permission.objects.get(codename="approve_actionalert"))
        assert client.post(address("approve", alert)).status_code == 302
        alert.refresh_from_db()
        assert alert.approved_by == helper

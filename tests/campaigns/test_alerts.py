"""Alerts from draft to result."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from campaigns.alert_content import build_content, link_problems, merge_field_problems
from campaigns.models import ActionAlert
from campaigns.plain_text import plain_text
from campaigns.services.alerts import (
    AlertRefused,
    alert_result,
    approve_alert,
    audience_people,
    cancel_alert,
    copy_alert,
    pause_alert,
    preview_alert,
    resume_alert,
    send_test,
    settle_alerts,
)
from campaigns.services.calls import close_call
from mailing.models import Click, Delivery, Mailing, OutboxMessage, TrackedLink
from mailing.services import unsubscribe
from mailing.tasks import pump_mailings, send_mailings
from tests.factories.alerts import ActionAlertFactory, SubscriberFactory
from tests.factories.campaigns import ActionTakenFactory, CallToActionFactory
from tests.factories.partners import (
    MembershipFactory,
    OrganizationFactory,
    PersonFactory,
    StaffFactory,
    member,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff():
    return StaffFactory()


class TestContent:
    def test_both_parts_say_the_same_and_the_button_tells_who_comes(self):
        alert = ActionAlertFactory(
            body='<h2>Why</h2><ul><li><p>First</p></li><li><a href="https://example.org/f">Facts</a></li></ul>'
        )
        content = build_content(alert)
        url = f"{alert.call_to_action.get_absolute_url()}?source=alert-{alert.pk}"
        for part in (content.text, content.html):
            assert url in part
            assert alert.call_to_action.statement in part
            assert "{{ unsubscribe_url }}" in part
            assert "{{ preferences_url }}" in part
            assert "{{ view_url }}" in part
        assert "<li>First</li>" in content.html
        assert "- First\n- Facts (https://example.org/f)" in content.text
        assert [link for link in content.personal_links if link.endswith(f"alert-{alert.pk}")]

    def test_the_reason_says_why_one_gets_it(self):
        assert "partner organization" in build_content(ActionAlertFactory()).text
        assert (
            "asked us for action alerts" in build_content(ActionAlertFactory(include_subscribers=True)).text
        )

    def test_words_of_the_call_are_never_merge_fields(self, staff):
        MembershipFactory()
        alert = ActionAlertFactory(call_to_action__statement="Fund {{ nonsense }} & <b>more</b>")
        html = preview_alert(alert=alert, person=audience_people(alert).first()).html
        assert "{ { nonsense } } &amp; &lt;b&gt;more&lt;/b&gt;" in html
        approve_alert(alert=alert, by=staff)

    @pytest.mark.parametrize("text", ["{{ first_name }}", "<p>{{&nbsp;organization&nbsp;}}</p>", "{ a }", ""])
    def test_good_merge_fields(self, text):
        assert merge_field_problems(text) == []

    @pytest.mark.parametrize(
        "text",
        [
            "{{ name }}",
            "{{ }}",
            "{{ <b>first_name</b> }}",
            "{{ first_name",
            "first_name }}",
            "{{link:7}}",
            "{{ unsubscribe_url }}",
        ],
    )
    def test_bad_merge_fields(self, text):
        assert len(merge_field_problems(text)) == 1

    def test_links_need_their_whole_address(self):
        good = '<a href="https://a.example/x">a</a><a href="mailto:a@example.org">b</a><a href="tel:+13125550100">c</a>'
        assert link_problems(good) == []
        for href in ("/stories/", "www.example.org", "https://", "mailto:", "", "https://[bad"):
            assert len(link_problems(f'<a href="{href}">x</a>')) == 1

    def test_plain_text_of_every_allowed_tag(self):
        html = (
            "<h2>Title</h2><p>One<br>two &amp; three</p><ol><li>a<ul><li>b</li></ul></li><li>c</li></ol>"
            "<blockquote><p>Said</p></blockquote><hr><p><a href='https://x.example'>https://x.example</a></p>"
        )
        assert plain_text(html) == (
            "Title\n\nOne\ntwo & three\n\n1. a\n  - b\n2. c\n\n> Said\n\n--------------------\n\nhttps://x.example"
        )


class TestPreviewAndTest:
    def test_hostile_names_stay_text(self):
        organization = OrganizationFactory(name="{{ last_name }} & <b>Sons</b>")
        person = PersonFactory(first_name="<script>alert(1)</script>\r\nBcc: x@example.org", last_name="X")
        MembershipFactory(person=person, organization=organization)
        alert = ActionAlertFactory()
        message = preview_alert(alert=alert, person=audience_people(alert).get())
        assert "<script>" not in message.html
        assert "&lt;script&gt;" in message.html
        assert "{{ last_name }} &amp; &lt;b&gt;Sons" in message.html
        assert "\n" not in message.subject

    def test_a_test_goes_to_the_staff_member_alone(self, staff):
        MembershipFactory()
        alert = ActionAlertFactory()
        send_test(alert=alert, to=staff)
        message = OutboxMessage.objects.get()
        assert message.to == staff.email
        assert message.subject.startswith("[Test] ")
        assert not Delivery.objects.exists()
        alert.refresh_from_db()
        assert alert.state == "draft"

    def test_an_approved_alert_is_shown_as_it_was_compiled(self, staff):
        MembershipFactory()
        alert = approve_alert(alert=ActionAlertFactory(), by=staff)
        alert.call_to_action.statement = "Other words"
        alert.call_to_action.save()
        message = preview_alert(alert=ActionAlert.objects.get(pk=alert.pk), person=None)
        assert "Other words" not in message.text
        assert f"?source=alert-{alert.pk}" in message.html


class TestApproval:
    def test_compiles_writes_one_row_per_recipient_and_starts(self, staff):
        members = MembershipFactory.create_batch(3)
        MembershipFactory(person=members[0].person)
        reader = SubscriberFactory()
        alert = approve_alert(alert=ActionAlertFactory(include_subscribers=True), by=staff)
        assert (alert.state, alert.approved_by) == ("sending", staff)
        assert alert.mailing.state == Mailing.State.SENDING
        assert alert.mailing.expires_at == alert.call_to_action.closes_at
        rows = Delivery.objects.filter(mailing=alert.mailing)
        assert {row.email for row in rows} == {one.person.email for one in members} | {reader.email}
        assert {row.recipient for row in rows} == {one.person_id for one in members} | {None}
        link = TrackedLink.objects.get(mailing=alert.mailing, identifies_recipient=True)
        assert link.url.endswith(f"?source=alert-{alert.pk}")
        assert alert.history.latest().history_user == staff

    def test_a_second_approval_is_refused_and_sends_nothing(self, staff):
        MembershipFactory()
        alert = ActionAlertFactory()
        approve_alert(alert=alert, by=staff)
        with pytest.raises(AlertRefused, match="approved already"):
            approve_alert(alert=alert, by=staff)
        assert Mailing.objects.count() == 1
        assert Delivery.objects.count() == 1

    def test_scheduled_for_later(self, staff):
        MembershipFactory()
        at = timezone.now() + timedelta(hours=2)
        alert = approve_alert(alert=ActionAlertFactory(), by=staff, send_at=at)
        assert (alert.state, alert.send_at, alert.mailing.state) == ("scheduled", at, "ready")
        pump_mailings()
        assert Mailing.objects.get().state == "ready"

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"call_to_action__status": "draft"}, "not published"),
            ({"call_to_action__status": "closed"}, "not published"),
            ({"call_to_action__opens_at": timezone.now() - timedelta(days=30)}, "closes before"),
            ({"call_to_action__opens_at": timezone.now() + timedelta(days=1)}, "opens only after"),
            ({"body": "<p> </p>"}, "no text"),
            ({"body": "<p>{{ nobody }}</p>"}, "not a merge field"),
            ({"body": '<p><a href="/stories/">x</a></p>'}, "whole address"),
            ({"roles": ["viewer"]}, "audience is empty"),
        ],
    )
    def test_what_is_not_fit_to_send_is_refused_with_the_reason(self, staff, change, words):
        MembershipFactory()
        with pytest.raises(AlertRefused, match=words):
            approve_alert(alert=ActionAlertFactory(**change), by=staff)
        assert not Mailing.objects.exists()

    def test_not_in_the_past_and_not_after_the_deadline(self, staff):
        MembershipFactory()
        alert = ActionAlertFactory()
        with pytest.raises(AlertRefused, match="has passed"):
            approve_alert(alert=alert, by=staff, send_at=timezone.now() - timedelta(minutes=1))
        with pytest.raises(AlertRefused, match="closes before"):
            approve_alert(alert=alert, by=staff, send_at=alert.call_to_action.closes_at)

    def test_the_database_refuses_an_alert_on_its_way_without_a_mailing(self):
        alert = ActionAlertFactory()
        with pytest.raises(IntegrityError, match="alert_on_its_way_has_mailing"), transaction.atomic():
            ActionAlert.objects.filter(pk=alert.pk).update(state="sending")


class TestOnItsWay:
    def scheduled(self, staff) -> ActionAlert:
        MembershipFactory()
        return approve_alert(
            alert=ActionAlertFactory(), by=staff, send_at=timezone.now() + timedelta(hours=2)
        )

    def test_pause_resume_cancel(self, staff):
        MembershipFactory()
        alert = approve_alert(alert=ActionAlertFactory(), by=staff)
        assert pause_alert(alert=alert, by=staff).state == "paused"
        with pytest.raises(AlertRefused):
            pause_alert(alert=alert, by=staff)
        assert resume_alert(alert=alert, by=staff).state == "sending"
        assert cancel_alert(alert=alert, by=staff).state == "cancelled"
        with pytest.raises(AlertRefused):
            cancel_alert(alert=alert, by=staff)
        assert alert_result(ActionAlert.objects.get(pk=alert.pk)).cancelled == 1

    def test_a_resumed_schedule_is_a_schedule_again(self, staff):
        alert = self.scheduled(staff)
        pause_alert(alert=alert, by=staff)
        assert resume_alert(alert=alert, by=staff).state == "scheduled"

    def test_a_draft_can_be_put_away_but_not_paused(self, staff):
        alert = ActionAlertFactory()
        with pytest.raises(AlertRefused, match="never sent"):
            pause_alert(alert=alert, by=staff)
        assert cancel_alert(alert=alert, by=staff).state == "cancelled"

    def test_a_scheduled_alert_expires_when_its_call_is_closed(self, staff):
        alert = self.scheduled(staff)
        close_call(call_to_action=alert.call_to_action, outcome="The bill passed early.", by=staff)
        assert settle_alerts(now=timezone.now()) == 1
        alert.refresh_from_db()
        assert alert.state == "expired"
        assert alert.mailing.state == "cancelled"
        assert not Delivery.objects.filter(state="pending").exists()

    def test_nothing_goes_out_when_the_deadline_moves_before_the_send_time(self, staff):
        alert = self.scheduled(staff)
        call = alert.call_to_action
        call.closes_at = timezone.now() + timedelta(hours=1)
        call.save()
        settle_alerts(now=timezone.now())
        alert.refresh_from_db()
        assert alert.state == "expired"

    def test_an_alert_follows_its_calls_deadline(self, staff):
        alert = self.scheduled(staff)
        call = alert.call_to_action
        call.closes_at += timedelta(days=1)
        call.save()
        assert settle_alerts(now=timezone.now()) == 0
        alert.mailing.refresh_from_db()
        assert alert.mailing.expires_at == call.closes_at

    def test_sent_over_smtp_and_settled(self, staff, smtp_catcher):
        first, second = MembershipFactory.create_batch(2)
        alert = approve_alert(alert=ActionAlertFactory(), by=staff)
        send_mailings(alert.mailing_id)
        pump_mailings()
        settle_alerts(now=timezone.now())
        alert.refresh_from_db()
        assert alert.state == "sent"
        for one in (first, second):
            [message] = smtp_catcher.to(one.person.email)
            assert message["Subject"] == f"{one.person.first_name}, three days left"
            assert one.organization.name in message.get_body(("plain",)).get_content()
            assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"

    def test_a_copy_is_a_draft_with_the_same_words_and_audience(self, staff):
        membership = MembershipFactory()
        alert = ActionAlertFactory(roles=["primary_contact"])
        alert.areas.add(membership.organization.area)
        approve_alert(alert=alert, by=staff)
        copy = copy_alert(alert=alert, by=staff)
        assert (copy.state, copy.mailing, copy.created_by) == ("draft", None, staff)
        assert (copy.subject, copy.body, copy.roles) == (alert.subject, alert.body, ["primary_contact"])
        assert list(copy.areas.all()) == [membership.organization.area]


class TestResult:
    def test_numbers(self, staff, smtp_catcher):
        people = MembershipFactory.create_batch(6)
        alert = approve_alert(alert=ActionAlertFactory(), by=staff)
        rows = list(Delivery.objects.order_by("pk"))
        now = timezone.now()
        Delivery.objects.update(state="accepted", accepted_at=now - timedelta(minutes=10))
        Delivery.objects.filter(pk=rows[4].pk).update(
            state="failed", accepted_at=None, response="550 no such user"
        )
        Delivery.objects.filter(pk=rows[5].pk).update(state="unknown", accepted_at=None)
        link = TrackedLink.objects.filter(mailing=alert.mailing).first()
        for row, minutes_after in ((rows[0], 0), (rows[1], 5), (rows[1], 6)):
            click = Click.objects.create(delivery=row, link=link)
            Click.objects.filter(pk=click.pk).update(clicked_at=now - timedelta(minutes=10 - minutes_after))
        ActionTakenFactory(call_to_action=alert.call_to_action, person=people[2].person, via=rows[2])
        ActionTakenFactory(call_to_action=CallToActionFactory(), person=people[3].person)
        unsubscribe(email=rows[3].email, topic=alert.mailing.topic)

        result = alert_result(alert)
        assert (result.recipients, result.accepted, result.failed, result.unknown) == (6, 4, 1, 1)
        # The first visit came with the message, as scanners do; the third person acted without a late visit.
        assert (result.clicked, result.acted, result.unsubscribed) == (2, 1, 1)
        assert (result.waiting, result.percent) == (0, 100)
        parts = (
            result.accepted
            + result.failed
            + result.suppressed
            + result.unknown
            + result.waiting
            + result.cancelled
        )
        assert parts == result.recipients

    def test_a_draft_has_no_numbers(self):
        assert alert_result(ActionAlertFactory()).recipients == 0

    def test_three_queries_whatever_the_audience(self, staff, django_assert_num_queries):
        MembershipFactory.create_batch(20)
        alert = approve_alert(alert=ActionAlertFactory(), by=staff)
        with django_assert_num_queries(3):
            alert_result(alert)


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_send_once():
    """Two staff members approve the same draft in the same moment."""
    from concurrent.futures import ThreadPoolExecutor

    from django.db import connection

    staff = member(OrganizationFactory())
    alert = ActionAlertFactory()

    def approve() -> bool:
        try:
            approve_alert(alert=ActionAlert.objects.get(pk=alert.pk), by=staff)
        except AlertRefused:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as pool:
        outcomes = [future.result() for future in [pool.submit(approve), pool.submit(approve)]]
    assert sorted(outcomes) == [False, True]
    assert Delivery.objects.count() == 1

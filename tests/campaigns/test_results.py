"""What became of an alert: numbers, words, files, decisions."""

import csv
import io
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from campaigns.models import ActionAlert
from campaigns.results.breakdown import parts_of
from campaigns.results.funnel import Funnel, funnel_of
from campaigns.results.progress import duration, measure, progress_of
from campaigns.results.steps import main_steps
from campaigns.services.alerts import approve_alert, cancel_alert, pause_alert, settle_alerts
from campaigns.services.reminders import send_due_reminders
from mailing.models import Batch, Click, Delivery, DeliveryEvent, Mailing, TrackedLink
from mailing.services import unsubscribe
from mailing.services.tallies import recount
from partners.models import Organization
from tests.factories.alerts import ActionAlertFactory, SubscriberFactory
from tests.factories.campaigns import ActionTakenFactory, CallToActionFactory
from tests.factories.partners import MembershipFactory, PersonFactory, StaffFactory, UserFactory
from tests.mailing.helpers import hand_over

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _password_is_enough(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def staff(client):
    user = StaffFactory()
    client.force_login(user)
    return user


def sent(staff, people: int = 6, **alert) -> ActionAlert:
    """An alert that the mail server took ten minutes ago."""
    MembershipFactory.create_batch(people)
    alert = approve_alert(alert=ActionAlertFactory(**alert), by=staff)
    hand_over(alert.mailing)
    Delivery.objects.update(accepted_at=timezone.now() - timedelta(minutes=10))
    Mailing.objects.update(state="done", started_at=timezone.now() - timedelta(minutes=11))
    settle_alerts(now=timezone.now())
    return ActionAlert.objects.get(pk=alert.pk)


def put(delivery: Delivery, state: str, **fields) -> None:
    """Another end for one message, with its batch's figures."""
    if state in {"failed", "unknown", "pending"}:
        fields["accepted_at"] = None
    Delivery.objects.filter(pk=delivery.pk).update(state=state, **fields)
    recount([delivery.batch_id])


def visit(delivery: Delivery, minutes_after: float) -> None:
    link = TrackedLink.objects.filter(mailing=delivery.mailing_id).first()
    click = Click.objects.create(delivery=delivery, link=link)
    at = Delivery.objects.get(pk=delivery.pk).accepted_at + timedelta(minutes=minutes_after)
    Click.objects.filter(pk=click.pk).update(clicked_at=at)


def page(client, name: str, *args, **query) -> str:
    answer = client.get(reverse(f"admin:campaigns_actionalert_{name}", args=args), query)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def read_csv(client, *args) -> list[list[str]]:
    answer = client.get(reverse("admin:campaigns_actionalert_file", args=args))
    assert answer.status_code == 200
    return list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))


def read_xlsx(client, *args) -> list[tuple]:
    answer = client.get(reverse("admin:campaigns_actionalert_file", args=args))
    assert answer.status_code == 200
    return list(load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active.values)


class TestFunnel:
    def test_every_message_is_counted_where_it_belongs(self, staff):
        alert = sent(staff, people=8)
        rows = list(Delivery.objects.order_by("pk"))
        put(rows[0], "failed", response="550 no such user")
        put(rows[1], "unknown")
        put(rows[2], "bounced")
        put(rows[3], "complained")
        put(rows[4], "delivered")
        visit(rows[4], 0)  # With the message, as scanners do.
        visit(rows[5], 5)
        visit(rows[5], 6)
        call = alert.call_to_action
        ActionTakenFactory(call_to_action=call, person_id=rows[6].recipient, via=rows[6])
        ActionTakenFactory(call_to_action=call, person_id=rows[7].recipient)  # Not over the alert.
        unsubscribe(email=rows[7].email, topic=alert.mailing.topic)
        found = funnel_of(alert)
        assert (found.audience, found.accepted, found.failed, found.unknown) == (8, 6, 1, 1)
        assert (found.delivered, found.bounced, found.complained) == (2, 1, 1)
        assert (found.clicked, found.acted, found.unsubscribed) == (2, 1, 1)
        assert (found.kept, found.conversion) == (5, 0.2)
        parts = ("accepted", "failed", "suppressed", "summarized", "unknown", "waiting", "cancelled")
        assert sum(getattr(found, part) for part in parts) == found.audience

    def test_a_refusal_before_the_message_is_not_its_fault(self, staff):
        alert = sent(staff, people=1)
        row = Delivery.objects.get()
        unsubscribe(email=row.email, topic=alert.mailing.topic)
        Delivery.objects.update(accepted_at=timezone.now() + timedelta(minutes=1))
        assert funnel_of(alert).unsubscribed == 0

    def test_a_draft_has_no_numbers(self):
        assert funnel_of(ActionAlertFactory()) == Funnel()

    @pytest.mark.parametrize("people", [1, 20])
    def test_the_same_queries_whatever_the_audience(self, staff, people, django_assert_num_queries):
        alert = sent(staff, people=people)
        with django_assert_num_queries(5):
            funnel_of(alert)

    def test_without_reports_the_page_says_that_nobody_tells_us(self, client, staff):
        alert = sent(staff)
        assert "Nobody reports deliveries to us" in page(client, "result", alert.pk)
        put(Delivery.objects.first(), "delivered")
        assert "we were told of 16% of the accepted messages" in page(client, "result", alert.pk)

    def test_words_say_what_each_number_counts(self):
        labels = [(step.label, step.value) for step in main_steps(Funnel(audience=10, accepted=8, acted=2))]
        assert labels[0] == ("audience", 10)
        assert labels[-1] == ("acted", 2)
        assert all(step.note for step in main_steps(Funnel()))


class TestProgress:
    def test_the_exact_state_in_one_sentence(self, staff):
        MembershipFactory.create_batch(4)
        alert = approve_alert(alert=ActionAlertFactory(), by=staff)
        now = timezone.now()

        def words() -> str:
            one = ActionAlert.objects.get(pk=alert.pk)
            return progress_of(one, measure(one, now), now).words

        assert words() == "Going out: 0 of 4 handled."
        batch = Batch.objects.get()
        Delivery.objects.filter(pk=Delivery.objects.first().pk).update(state="accepted", accepted_at=now)
        recount([batch.pk])
        pause_alert(alert=alert, by=staff)
        assert words() == "Paused by staff at 1 of 4."
        Mailing.objects.update(pause_reason="relay")
        assert "no mail server answers" in words()
        Mailing.objects.update(pause_reason="restored")
        assert "restored from a backup" in words()
        cancel_alert(alert=alert, by=staff)
        assert words() == "Cancelled at 4 of 4."
        assert progress_of(ActionAlertFactory(), None, now).words == "A draft: nothing has been sent."

    def test_time_left_as_people_say_it(self):
        assert [duration(seconds) for seconds in (10, 60, 700, 7200, 200_000)] == [
            "less than a minute",
            "about 1 minute",
            "about 12 minutes",
            "about 2 hours",
            "about 2 days",
        ]

    def test_while_it_moves_htmx_gets_that_part_alone(self, client, staff):
        MembershipFactory()
        alert = approve_alert(alert=ActionAlertFactory(), by=staff)
        url = reverse("admin:campaigns_actionalert_result", args=[alert.pk])
        whole = client.get(url).content.decode()
        assert 'hx-trigger="every 4s"' in whole
        assert reverse("admin:campaigns_actionalert_pause", args=[alert.pk]) in whole
        assert (
            f'<noscript><a class="desk-button desk-button--plain desk-button--small" href="{url}">' in whole
        )
        part = client.get(url, headers={"HX-Request": "true"}).content.decode()
        assert part.strip().startswith('<div id="progress"')
        assert "desk-title" not in part
        cancel_alert(alert=alert, by=staff)
        assert "hx-trigger" not in client.get(url, headers={"HX-Request": "true"}).content.decode()


class TestPage:
    @pytest.mark.parametrize("people", [1, 20])
    def test_the_same_queries_whatever_the_audience(self, client, staff, people, django_assert_num_queries):
        alert = sent(staff, people=people)
        url = reverse("admin:campaigns_actionalert_result", args=[alert.pk])
        client.get(url)
        cache.clear()
        client.get(url, headers={"HX-Request": "true"})
        with django_assert_num_queries(11):
            client.get(url, headers={"HX-Request": "true"})

    def test_parts_say_who_acted(self, client, staff):
        alert = sent(staff, people=2, include_subscribers=False)
        acted, other = Delivery.objects.order_by("pk")
        ActionTakenFactory(call_to_action=alert.call_to_action, person_id=acted.recipient, via=acted)
        first, second = parts_of(alert, "organization")
        assert (first.label, first.acted, first.clicked) == (
            Organization.objects.get(pk=acted.party).name,
            1,
            1,
        )
        assert (second.label, second.acted) == (Organization.objects.get(pk=other.party).name, 0)
        [domain] = parts_of(alert, "domain")
        assert (domain.label, domain.audience, domain.accepted) == ("example.org", 2, 2)
        [house] = parts_of(alert, "house")
        assert house.label == "no district known"
        for key in ("organization", "house", "senate", "domain", "variant", "language", "nonsense"):
            assert "Take along" in page(client, "result", alert.pk, by=key)

    def test_parts_are_counted_once_a_minute(self, staff, django_assert_num_queries):
        alert = sent(staff)
        parts_of(alert, "domain")
        with django_assert_num_queries(0):
            parts_of(alert, "domain")

    def test_subscribers_belong_to_no_organization(self, staff):
        SubscriberFactory()
        alert = sent(staff, people=0, include_subscribers=True)
        assert [part.label for part in parts_of(alert, "organization")] == ["no organization"]

    def test_trouble_with_its_reasons(self, client, staff):
        alert = sent(staff)
        rows = list(Delivery.objects.order_by("pk"))
        put(rows[0], "failed", response="550 5.1.1 no such mailbox")
        put(rows[1], "failed", response="550 5.1.1 no such mailbox")
        put(rows[2], "bounced", response="250 ok")
        DeliveryEvent.objects.create(
            provider="sample", event_id="1", kind="bounced", delivery=rows[2], reason="mailbox full for good",
            happened_at=timezone.now(),
        )  # fmt: skip
        shown = page(client, "result", alert.pk)
        assert '<span>550 5.1.1 no such mailbox</span><span class="desk-kind">2</span>' in shown
        assert "mailbox full for good" in shown
        assert rows[2].email in shown

    def test_many_complaints_are_said_aloud(self, client, staff):
        alert = sent(staff)
        assert "as spam. Above" not in page(client, "result", alert.pk)
        put(Delivery.objects.first(), "complained")
        assert "Readers reported 16.67% of the messages as spam" in page(client, "result", alert.pk)

    def test_reminders_apart_and_together(self, client, staff):
        alert = sent(staff, people=3, reminder_days=[1])
        at = timezone.now() - timedelta(days=2)
        Mailing.objects.update(started_at=at)
        Delivery.objects.update(accepted_at=at)
        send_due_reminders(now=timezone.now())
        reminder = alert.reminders.get()
        hand_over(reminder.mailing)
        row = reminder.mailing.deliveries.first()
        ActionTakenFactory(call_to_action=alert.call_to_action, person_id=row.recipient, via=row)
        apart = client.get(reverse("admin:campaigns_actionalert_result", args=[alert.pk])).context
        assert (apart["funnel"].audience, apart["funnel"].acted) == (3, 0)
        url = reverse("admin:campaigns_actionalert_result", args=[alert.pk])
        together = client.get(url, {"reminders": "1"}).context
        assert (together["funnel"].audience, together["funnel"].acted) == (6, 1)
        shown = page(client, "result", alert.pk)
        assert reverse("admin:campaigns_actionalert_result", args=[reminder.pk]) in shown
        assert "Add the reminders" in shown
        assert "Reminder 1 of" in page(client, "result", reminder.pk)

    def test_staff_stop_reminders_from_here(self, client, staff):
        alert = sent(staff, reminder_days=[2])
        url = reverse("admin:campaigns_actionalert_stop_reminders", args=[alert.pk])
        assert url in page(client, "result", alert.pk)
        client.get(url)
        assert ActionAlert.objects.get(pk=alert.pk).reminders_stopped_at is None
        client.post(url)
        assert "staff stopped them." in page(client, "result", alert.pk)

    def test_staff_decide_a_test_from_here(self, client, staff):
        MembershipFactory.create_batch(10)
        alert = ActionAlertFactory(test="subject", test_subject="Other words")
        alert = approve_alert(alert=alert, by=staff)
        shown = page(client, "result", alert.pk)
        assert "too close to call" in shown
        url = reverse("admin:campaigns_actionalert_decide_test", args=[alert.pk])
        assert url in shown
        client.post(url, {"variant": "B"})
        assert "staff chose variant B." in page(client, "result", alert.pk)


class TestUnknown:
    def trouble(self, staff) -> ActionAlert:
        alert = sent(staff, people=3)
        Mailing.objects.update(state="done")
        for row in Delivery.objects.order_by("pk")[:2]:
            put(row, "unknown")
        return alert

    def test_one_by_one(self, client, staff):
        alert = self.trouble(staff)
        url = reverse("admin:campaigns_actionalert_unknown", args=[alert.pk])
        assert url in page(client, "result", alert.pk)
        first, second = Delivery.objects.filter(state="unknown").order_by("pk")
        client.post(url, {"delivery": [first.pk], "decision": "counted"})
        client.post(url, {"delivery": [second.pk], "decision": "resend"})
        first.refresh_from_db()
        second.refresh_from_db()
        assert (first.state, second.state) == ("accepted", "pending")
        shown = page(client, "unknown", alert.pk)
        assert "There are no unknown messages" in shown
        assert shown.count(f"<td>{staff.email}</td>") == 2

    @pytest.mark.parametrize(("decision", "state"), [("counted", "accepted"), ("resend", "pending")])
    def test_all_at_once_is_asked_first(self, client, staff, decision, state):
        alert = self.trouble(staff)
        url = reverse("admin:campaigns_actionalert_unknown_all", args=[alert.pk, decision])
        assert client.get(url).status_code == 200
        assert Delivery.objects.filter(state="unknown").count() == 2
        answer = client.post(url, follow=True)
        assert "2 messages decided." in answer.content.decode()
        assert Delivery.objects.filter(state=state).count() >= 2
        assert not Delivery.objects.filter(state="unknown").exists()

    def test_nonsense_decides_nothing(self, client, staff):
        alert = self.trouble(staff)
        url = reverse("admin:campaigns_actionalert_unknown", args=[alert.pk])
        client.post(url, {"decision": "counted"})
        client.post(url, {"delivery": ["x", "9" * 30, "-1"], "decision": "counted"})
        row = Delivery.objects.filter(state="unknown").first()
        assert client.post(url, {"delivery": [row.pk], "decision": "nonsense"}).status_code == 404
        accepted = Delivery.objects.filter(state="accepted").get()
        client.post(url, {"delivery": [accepted.pk], "decision": "resend"})
        assert Delivery.objects.filter(state="unknown").count() == 2
        nowhere = reverse("admin:campaigns_actionalert_unknown_all", args=[alert.pk, "nonsense"])
        assert client.post(nowhere).status_code == 404

    @pytest.mark.parametrize("rows", [1, 20])
    def test_the_list_asks_the_same_whatever_its_length(self, client, staff, rows, django_assert_num_queries):
        alert = sent(staff, people=rows)
        for row in Delivery.objects.all():
            put(row, "unknown")
        url = reverse("admin:campaigns_actionalert_unknown", args=[alert.pk])
        client.get(url)
        with django_assert_num_queries(9):
            client.get(url)


class TestFiles:
    def test_recipients_with_formulas_as_text(self, client, staff):
        person = PersonFactory(first_name="=HYPERLINK('http://x.example')")
        MembershipFactory(person=person, organization__name="@SUM(1)")
        alert = sent(staff, people=1)
        row = Delivery.objects.get(recipient=person.pk)
        put(row, "bounced", response="=1+1")
        visit(Delivery.objects.exclude(pk=row.pk).get(), 5)
        heads, *lines = read_csv(client, alert.pk, "recipients", "csv")
        assert heads[0] == "e-mail address"
        mine = dict(zip(heads, next(line for line in lines if line[0] == person.email), strict=True))
        assert mine["first name"].startswith("'=")
        assert mine["organization"] == "'@SUM(1)"
        assert (mine["state"], mine["mail server's answer"]) == ("bounced", "'=1+1")
        assert [line[heads.index("clicked")] for line in lines].count("yes") == 1
        sheet = read_xlsx(client, alert.pk, "recipients", "xlsx")
        assert [list(map(str, line)) for line in lines] == [
            ["" if cell is None else str(cell) for cell in line] for line in sheet[1:]
        ]

    def test_numbers_of_the_alert_and_its_reminders(self, client, staff):
        alert = sent(staff, people=3)
        lines = read_csv(client, alert.pk, "numbers", "csv")
        assert lines[0] == ["step", "alert", "together", "in percent", "what it counts"]
        assert lines[1][:4] == ["audience", "3", "3", "100"]
        assert read_xlsx(client, alert.pk, "numbers", "xlsx")[1][:4] == ("audience", 3, 3, 100)

    def test_each_breakdown(self, client, staff):
        alert = sent(staff, people=2)
        assert len(read_csv(client, alert.pk, "organization", "csv")) == 3
        assert len(read_xlsx(client, alert.pk, "domain", "xlsx")) == 2
        for what, kind in (("nonsense", "csv"), ("recipients", "pdf")):
            url = reverse("admin:campaigns_actionalert_file", args=[alert.pk, what, kind])
            assert client.get(url).status_code == 404

    def test_a_spreadsheet_that_takes_too_long_is_not_offered(self, client, staff, monkeypatch):
        alert = sent(staff, people=2)
        url = reverse("admin:campaigns_actionalert_file", args=[alert.pk, "recipients", "xlsx"])
        assert url in page(client, "result", alert.pk)
        monkeypatch.setattr("campaigns.desk.alert_results.XLSX_ROWS", 1)
        assert url not in page(client, "result", alert.pk)
        assert client.get(url).status_code == 404


class TestAccess:
    def test_only_with_the_right_to_look_and_to_work(self, client, staff):
        alert = sent(staff, people=1, reminder_days=[2])
        client.force_login(UserFactory(is_staff=True))
        for name, args in (
            ("unknown", [alert.pk]),
            ("unknown_all", [alert.pk, "counted"]),
            ("decide_test", [alert.pk]),
            ("stop_reminders", [alert.pk]),
            ("cost", [alert.pk]),
            ("file", [alert.pk, "recipients", "csv"]),
            ("lobbying", []),
        ):
            url = reverse(f"admin:campaigns_actionalert_{name}", args=args)
            assert client.get(url).status_code in {302, 403, 404}, name
            assert client.post(url).status_code in {302, 403, 404, 405}, name
        assert ActionAlert.objects.get(pk=alert.pk).reminders_stopped_at is None

    def test_an_alert_that_does_not_exist(self, client, staff):
        ActionAlertFactory(call_to_action=CallToActionFactory())
        assert client.get(reverse("admin:campaigns_actionalert_unknown", args=[10**9])).status_code == 404


def test_of_a_large_audience_clicks_are_counted_every_few_seconds(
    staff, monkeypatch, django_assert_num_queries
):
    alert = sent(staff)
    monkeypatch.setattr("campaigns.results.funnel.LARGE", 5)
    before = funnel_of(alert)
    row = Delivery.objects.first()
    ActionTakenFactory(call_to_action=alert.call_to_action, person_id=row.recipient, via=row)
    put(row, "bounced")
    with django_assert_num_queries(1):
        after = funnel_of(alert)
    assert (before.acted, after.acted, after.bounced) == (0, 0, 1)
    cache.clear()
    assert funnel_of(alert).acted == 1

"""A/B tests: judged by actions, the rest to the winner, and how sure that is."""

from datetime import timedelta

import pytest
from django.utils import timezone

from campaigns.models import ActionAlert
from campaigns.results.variants import Comparison, Sureness, VariantNumbers, comparison, two_proportions
from campaigns.services.ab_tests import due_at, judge_due_tests, judge_test
from campaigns.services.alerts import AlertRefused, approve_alert, cancel_alert, pause_alert, settle_alerts
from mailing.models import Batch, Click, Delivery, Mailing, MailingContent, TrackedLink
from mailing.services.tallies import recount
from tests.factories.alerts import ActionAlertFactory
from tests.factories.campaigns import ActionTakenFactory, CallToActionFactory
from tests.factories.partners import MembershipFactory, StaffFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff():
    return StaffFactory()


def alert_in_test(staff, *, people: int = 40, percent: int = 50, **alert) -> ActionAlert:
    """An alert with two subjects whose test groups were just handed over."""
    MembershipFactory.create_batch(people)
    fields = {"test": "subject", "test_subject": "Other words", "test_percent": percent, "test_hours": 4}
    alert = approve_alert(alert=ActionAlertFactory(**fields | alert), by=staff)
    batches = Batch.objects.filter(variant__in=["A", "B"])
    Delivery.objects.filter(batch__in=batches).update(state="accepted", accepted_at=timezone.now())
    batches.update(state="done", claimed_at=timezone.now())
    recount(batches.values_list("pk", flat=True))
    return alert


def rows(variant: str) -> list[Delivery]:
    return list(Delivery.objects.filter(batch__variant=variant).order_by("pk"))


def act(alert: ActionAlert, delivery: Delivery) -> None:
    ActionTakenFactory(call_to_action=alert.call_to_action, person_id=delivery.recipient, via=delivery)


def visit(delivery: Delivery) -> None:
    link = TrackedLink.objects.filter(mailing=delivery.mailing_id).first()
    click = Click.objects.create(delivery=delivery, link=link)
    Click.objects.filter(pk=click.pk).update(clicked_at=delivery.accepted_at + timedelta(minutes=5))


def later(hours: float = 4.01):
    return timezone.now() + timedelta(hours=hours)


class TestGroups:
    def test_both_groups_are_about_half_of_the_share_and_the_rest_waits(self, staff):
        alert = alert_in_test(staff, people=60)
        sizes = {variant: len(rows(variant)) for variant in ("A", "B", "")}
        assert sum(sizes.values()) == 60
        assert min(sizes.values()) >= 5
        subjects = dict(
            MailingContent.objects.filter(mailing=alert.mailing).values_list("variant", "subject")
        )
        assert subjects["B"] == "Other words"
        assert not Delivery.objects.filter(batch__variant="").exclude(state="pending").exists()


class TestJudging:
    def test_more_actions_per_message_win_and_the_rest_gets_them(self, staff):
        alert = alert_in_test(staff)
        for delivery in rows("B")[:3]:
            act(alert, delivery)
        act(alert, rows("A")[0])
        for delivery in rows("A"):
            visit(delivery)  # Clicks do not outweigh actions.
        held = [delivery.pk for delivery in rows("")]
        assert judge_due_tests(now=later(3.9)) == 0
        assert judge_due_tests(now=later()) == 1
        alert.refresh_from_db()
        assert (alert.test_winner, alert.test_result["by"]) == ("B", "actions")
        assert set(Delivery.objects.filter(pk__in=held).values_list("batch__variant", flat=True)) == {"B"}
        assert judge_due_tests(now=later()) == 0

    def test_then_clicks_then_a(self, staff):
        alert = alert_in_test(staff)
        visit(rows("B")[0])
        judge_due_tests(now=later())
        alert.refresh_from_db()
        assert (alert.test_winner, alert.test_result["by"]) == ("B", "clicks")

    def test_nothing_at_all_means_a(self, staff):
        alert = alert_in_test(staff)
        judge_due_tests(now=later())
        alert.refresh_from_db()
        assert (alert.test_winner, alert.test_result["by"]) == ("A", "none")

    def test_the_numbers_stay_those_of_the_decision(self, staff):
        alert = alert_in_test(staff)
        judge_due_tests(now=later())
        alert.refresh_from_db()
        before = comparison(alert)
        act(alert, rows("A")[0])
        assert comparison(ActionAlert.objects.get(pk=alert.pk)) == before

    def test_staff_decide_early_and_may_choose(self, staff):
        alert = alert_in_test(staff)
        act(alert, rows("A")[0])
        judge_test(alert=alert, by=staff, now=timezone.now(), variant="B")
        alert.refresh_from_db()
        assert (alert.test_winner, alert.test_result["by"]) == ("B", "staff")
        assert alert.history.latest().history_user == staff
        with pytest.raises(AlertRefused, match="already"):
            judge_test(alert=alert, by=staff, now=timezone.now())

    def test_a_test_of_everybody_is_judged_for_the_record(self, staff):
        alert_in_test(staff, percent=100)
        assert not rows("")
        assert judge_due_tests(now=later()) == 1

    def test_not_before_the_groups_are_out(self, staff):
        MembershipFactory.create_batch(20)
        alert = ActionAlertFactory(test="subject", test_subject="B", test_percent=50)
        approve_alert(alert=alert, by=staff)
        assert judge_due_tests(now=later()) == 0

    def test_close_to_the_deadline_the_rest_goes_out_with_what_is_known(self, staff):
        soon = timezone.now() + timedelta(hours=6)
        call = CallToActionFactory(opens_at=timezone.now() - timedelta(days=1), closes_at=soon)
        alert = alert_in_test(staff, call_to_action=call, test_hours=12)
        assert due_at(alert) == soon - timedelta(hours=2)
        assert judge_due_tests(now=soon - timedelta(hours=2, minutes=-1)) == 1


class TestMeanwhile:
    def test_paused_waits_and_staff_may_decide_all_the_same(self, staff):
        alert = alert_in_test(staff)
        pause_alert(alert=alert, by=staff)
        assert judge_due_tests(now=later()) == 0
        judge_test(alert=alert, by=staff, now=timezone.now())
        assert not rows("")

    def test_cancelled_or_expired_nobody_of_the_rest_gets_it(self, staff):
        alert = alert_in_test(staff)
        held = [delivery.pk for delivery in rows("")]
        cancel_alert(alert=alert, by=staff)
        assert judge_due_tests(now=later()) == 0
        with pytest.raises(AlertRefused, match="not on its way"):
            judge_test(alert=alert, by=staff, now=timezone.now())
        assert set(Delivery.objects.filter(pk__in=held).values_list("state", flat=True)) == {"cancelled"}

    def test_a_mailing_that_expired_is_not_judged(self, staff):
        alert = alert_in_test(staff)
        Mailing.objects.update(state="expired")
        assert judge_due_tests(now=later()) == 0
        settle_alerts(now=timezone.now())
        alert.refresh_from_db()
        assert (alert.state, alert.test_winner) == ("expired", "")


class TestSureness:
    @pytest.mark.parametrize(
        ("numbers", "sure"),
        [
            ((50, 1000, 52, 1000), Sureness.CLOSE),
            ((50, 1000, 72, 1000), Sureness.FAIR),  # z = 2.06, p = 0.04
            ((50, 1000, 90, 1000), Sureness.VERY),  # z = 3.51, p = 0.0005
            ((0, 20, 4, 20), Sureness.CLOSE),  # Too few acts for any word.
            ((0, 0, 5, 100), Sureness.CLOSE),
            ((100, 100, 100, 100), Sureness.CLOSE),
        ],
    )
    def test_two_proportions(self, numbers, sure):
        assert two_proportions(*numbers) is sure

    def test_in_words(self):
        close = Comparison(VariantNumbers(100, 20, 5), VariantNumbers(100, 22, 6))
        assert close.words() == "Variant B brought more actions per message: too close to call."
        clear = Comparison(VariantNumbers(1000, 200, 90), VariantNumbers(1000, 220, 50))
        assert "Variant A brought more actions" in clear.words()
        assert "very sure" in clear.words()
        clicks = Comparison(VariantNumbers(1000, 200, 50), VariantNumbers(1000, 300, 50))
        assert "Variant B brought more clicks: very sure" in clicks.words()
        same = Comparison(VariantNumbers(), VariantNumbers())
        assert "as many actions and clicks" in same.words()

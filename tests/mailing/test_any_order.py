"""Workers, clock, staff and readers in any order: whatever happens, nobody gets it twice and nobody is forgotten."""

from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from hypothesis.stateful import run_state_machine_as_test as run

from mailing import services
from mailing.models import Batch, Delivery, DeliveryEvent, Mailing, Subscription, Suppression
from mailing.services.claiming import claim_batch
from mailing.services.sending import BatchSender, send_batches
from mailing.services.sweeping import settle_expired_leases
from mailing.wire import Outcome, Verdict
from tests.mailing.helpers import FakeTransport, addresses, check_figures, make_due, make_mailing

PEOPLE = 23
VERDICTS = st.sampled_from(
    [Verdict.ACCEPTED] * 6 + [Verdict.DEFERRED, Verdict.FAILED, Verdict.UNKNOWN, Verdict.CUT]
)


class Worker:
    """One process on its way through its batch, a step at a time."""

    def __init__(self, machine: "AnyOrder", claim) -> None:
        self.sender = BatchSender(claim, FakeTransport(machine.answer))
        self.position = 0
        self.is_out = False

    @property
    def next_window(self):
        return self.sender.claim.rows[self.position : self.position + 4]


class AnyOrder(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.workers: list[Worker] = []
        # How often each address may have got it; who said no before a window with them began; whom staff sent it again.
        self.handed_over: Counter[str] = Counter()
        self.again: Counter[str] = Counter()
        self.refused: set[str] = set()
        self.verdicts: list[Verdict] = []

    def answer(self, envelope) -> Outcome:
        verdict = self.verdicts.pop() if self.verdicts else Verdict.ACCEPTED
        if verdict in {Verdict.ACCEPTED, Verdict.UNKNOWN}:
            self.handed_over[envelope.recipient] += 1
        return Outcome(verdict, verdict.value)

    @initialize()
    def begin(self) -> None:
        for model in (Delivery, Batch, DeliveryEvent, Mailing, Subscription, Suppression):
            model.objects.all().delete()
        self.mailing = make_mailing(to=addresses(PEOPLE))

    @rule()
    def a_worker_claims(self) -> None:
        if len(self.workers) < 3 and (claim := claim_batch(now=timezone.now())):
            assert not self.refused & {row.email for row in claim.rows}
            self.workers.append(Worker(self, claim))

    @precondition(lambda self: self.workers)
    @rule(which=st.integers(0, 2))
    def a_worker_goes_on(self, which: int) -> None:
        """Marks its next window, or ends."""
        worker = self.workers[which % len(self.workers)]
        if worker.is_out:
            return
        window = worker.next_window
        if window and worker.sender._may_send(window):
            assert not self.refused & {row.email for row in worker.sender._out}
            worker.position += len(window)
            worker.is_out = True
        else:
            self.workers.remove(worker)
            worker.sender._settle()

    @precondition(lambda self: any(worker.is_out for worker in self.workers))
    @rule(which=st.integers(0, 2), verdicts=st.lists(VERDICTS, max_size=4))
    def a_worker_hands_over(self, which: int, verdicts: list[Verdict]) -> None:
        out = [worker for worker in self.workers if worker.is_out]
        worker, self.verdicts = out[which % len(out)], verdicts
        worker.sender._send()
        worker.is_out = False

    @precondition(lambda self: self.workers)
    @rule(which=st.integers(0, 2), taken=st.integers(0, 4))
    def a_worker_is_killed(self, which: int, taken: int) -> None:
        """The mail server may have taken some of its window."""
        worker = self.workers.pop(which % len(self.workers))
        if worker.is_out:
            self.handed_over.update(row.email for row in worker.sender._out[:taken])

    @precondition(lambda self: self.workers)
    @rule(which=st.integers(0, 2))
    def a_worker_is_asked_to_end(self, which: int) -> None:
        worker = self.workers[which % len(self.workers)]
        if not worker.is_out:
            self.workers.remove(worker)
            worker.sender._settle()

    @rule()
    def the_leases_run_out(self) -> None:
        settle_expired_leases(now=timezone.now() + timedelta(hours=1))

    @rule()
    def time_passes(self) -> None:
        make_due()

    @rule()
    def staff_pause_or_resume(self) -> None:
        self.mailing.refresh_from_db()
        if self.mailing.state == Mailing.State.PAUSED:
            services.resume_mailing(mailing=self.mailing)
        elif self.mailing.state == Mailing.State.SENDING:
            services.pause_mailing(mailing=self.mailing)

    @rule(number=st.integers(0, PEOPLE - 1))
    def somebody_says_no(self, number: int) -> None:
        email = addresses(PEOPLE)[number]
        services.unsubscribe(email=email, topic=self.mailing.topic)
        if not any(email in {row.email for row in worker.sender._out} for worker in self.workers):
            self.refused.add(email)

    @precondition(lambda self: self.handed_over)
    @rule(number=st.integers(0, PEOPLE - 1), kind=st.sampled_from(["delivered", "bounced"]))
    def the_receiving_side_reports(self, number: int, kind: str) -> None:
        got = sorted(+self.handed_over)
        row = Delivery.objects.filter(email=got[number % len(got)])
        services.change_state(
            delivery_ids=list(row.values_list("pk", flat=True)),
            to=kind,
            only_from=["pending", "deferred", "accepted", "unknown"],
        )

    @rule(decision=st.sampled_from(["counted", "resend"]))
    def staff_decide_about_an_unknown(self, decision: str) -> None:
        row = Delivery.objects.filter(state="unknown").first()
        if row and services.resolve_unknown(deliveries=[row], decision=decision, by="staff").done:
            self.again[row.email] += decision == "resend"

    @rule()
    def another_batch_is_filled(self) -> None:
        """Nobody is new."""
        assert not services.add_recipients(
            mailing=self.mailing,
            recipients=[services.Recipient(email, n) for n, email in enumerate(addresses(PEOPLE), 1)],
        )

    @invariant()
    def figures_are_true(self) -> None:
        check_figures()

    @invariant()
    def nobody_gets_it_twice(self) -> None:
        for email, times in self.handed_over.items():
            assert times <= 1 + self.again[email], f"{email} got it {times} times"

    def teardown(self) -> None:
        """In the end everybody got it, or the row says why not."""
        if not hasattr(self, "mailing"):
            return
        for worker in self.workers:
            if worker.is_out:
                self.verdicts = []
                worker.sender._send()
            worker.sender._settle()
        self.mailing.refresh_from_db()
        if self.mailing.state == Mailing.State.PAUSED:
            services.resume_mailing(mailing=self.mailing)
        settle_expired_leases(now=timezone.now() + timedelta(hours=1))
        self.verdicts = []
        make_due()
        send_batches(transport=FakeTransport(self.answer))
        self.figures_are_true()
        self.nobody_gets_it_twice()
        for row in Delivery.objects.all():
            got_it = self.handed_over[row.email] > 0
            assert row.state not in {"pending", "deferred"}, f"{row} is forgotten"
            if row.state in {"accepted", "delivered"}:
                assert got_it or self.counted(row), f"{row} got nothing"
            if row.state == "suppressed":
                assert row.email in self.refused or Subscription.objects.filter(email=row.email).exists()

    def counted(self, row: Delivery) -> bool:
        return DeliveryEvent.objects.filter(delivery=row, kind="counted").exists()


@pytest.mark.django_db(transaction=True)
def test_in_any_order_nobody_gets_it_twice_and_nobody_is_forgotten(settings):
    settings.MAILING_BATCH_SIZE, settings.MAILING_WINDOW_SIZE = 10, 4
    run(AnyOrder, settings=OFTEN_ENOUGH)


OFTEN_ENOUGH = settings(
    max_examples=40,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)

"""What people do meanwhile: pause, unsubscribe, ask for a password; and hearings that are over too soon."""

import time
from datetime import timedelta

from django.utils import timezone

from bench.fault_run import PROCESSES, WINDOW, Broken, Fault, Run

ANSWERS = "answers.example"
MOST_SECONDS = 5.0


def paused(run: Run, number: int) -> int:
    """Staff pause it and let it go on later."""
    from mailing.services import pause_mailing, resume_mailing

    most = 0
    for fault in range(1, number + 1):
        if not run.until_part(fault / (number + 1)):
            return fault - 1
        pause_mailing(mailing=run.mailing)
        before = run.sink.received()
        run.tick_for(2)
        most = max(most, run.sink.received() - before)
        resume_mailing(mailing=run.mailing)
    run.more.append(("messages after the pause", most, PROCESSES * WINDOW))
    return number


def unsubscribed(run: Run, number: int) -> int:
    """People unsubscribe whose batch a worker has claimed already."""
    from mailing.models import Delivery
    from mailing.services import unsubscribe

    done = 0
    while done < number and not run.is_over():
        batches = run.mailing.batches.filter(state="sending").values_list("pk", "window_end")
        for batch, window_end in batches:
            later = Delivery.objects.filter(batch=batch, pk__gt=window_end, state="pending").order_by("pk")
            for email in later.values_list("email", flat=True)[2:30:9]:
                unsubscribe(email=email, topic=run.mailing.topic if done % 2 else None)
                done += 1
        run.tick()
    run.finish()
    kept_back = run.mailing.deliveries.filter(state="suppressed").count()
    run.more.append(("unsubscribed in time and kept back", kept_back, None))
    if not kept_back:
        raise Broken("Nobody who unsubscribed after the claim was kept back.")
    return done


def _hearing_over(run: Run) -> None:
    """Started, but no worker has time for it before it expires."""
    run.mail(expires_at=timezone.now() + timedelta(seconds=3))
    time.sleep(3.2)
    run.hire()


def expired(run: Run, _number: int) -> int:
    """Nothing may go out any more."""
    from mailing import tasks
    from mailing.queueing import queue

    for _turn in range(3):
        queue(tasks.send_batches)
    run.tick_for(4)
    run.more.append(("messages after the hearing", run.sink.received(), 0))
    return 1


def expired_midway(run: Run, _number: int) -> int:
    """The hearing begins while the alert goes out."""
    from mailing.models import Mailing

    run.until_part(1 / 2)
    Mailing.objects.filter(pk=run.mailing.pk).update(expires_at=timezone.now())
    before = run.sink.received()
    run.tick_for(2)
    run.more.append(("messages after the hearing", run.sink.received() - before, PROCESSES * WINDOW))
    return 1


def seven_times(run: Run, number: int) -> int:
    """An alert seven times the usual size; password resets and the like are asked for all the while."""
    from mailing.services import queue_message

    run.hire("answers", queue="default")
    slowest = 0.0
    for fault in range(1, number + 1):
        if not run.until_part(fault / (number + 2)):
            break
        to = f"answer{fault}@{ANSWERS}"
        began = time.monotonic()
        queue_message(to=to, subject="Your new password", text="Here is the link.")
        if not run.until(lambda to=to: to in run.sink.addresses()):  # type: ignore[misc]
            raise Broken("A single message did not arrive within a minute.")
        slowest = max(slowest, time.monotonic() - began)
    run.more.append(("slowest single message, seconds", round(slowest, 2), MOST_SECONDS))
    return number


PEOPLE_FAULTS = {
    "paused and resumed": Fault(paused, times=3),
    "unsubscribed after the claim": Fault(unsubscribed, times=60, rows=("accepted", "suppressed")),
    "hearing over before the send": Fault(
        expired, people=500, rows=("cancelled",), ends="expired", begin=_hearing_over
    ),
    "hearing over in the middle": Fault(expired_midway, rows=("accepted", "cancelled"), ends="expired"),
    "seven times the usual size": Fault(seven_times, times=6, people=14_000, delay=0.0),
}

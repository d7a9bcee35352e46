"""Mail that the clock starts: a worker dies while it writes or sends reminders and messages of a drip series."""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import connection
from django.utils import timezone

from bench.fault_hold import killed_while_it_sends, killed_while_it_writes, queue_copies
from bench.fault_run import PROCESSES, WINDOW, Broken, Fault, Run

if TYPE_CHECKING:
    from mailing.models import Topic

DAY = timedelta(days=1)
ACTED = 200
_PEOPLE = """
INSERT INTO partners_person (email, first_name, last_name, title, phone, zip_code, created_at)
SELECT (CASE WHEN n > %(asked)s THEN 'acted' ELSE 'person' END) || n || %(domain)s, 'Sam', 'Sample', '', '', '', now()
FROM generate_series(1, %(asked)s + %(acted)s) AS n
"""
_ASKED = """
INSERT INTO mailing_delivery (mailing_id, batch_id, recipient, email, address_hash, language, slots, state, attempts,
                              accepted_at, response)
SELECT %(mailing)s, %(batch)s, id, email, encode(sha256(convert_to(email, 'UTF8')), 'hex'), 'en',
       '{"first_name": "Sam"}', 'accepted', 1, now() - interval '4 days', ''
FROM partners_person WHERE email LIKE '%%' || %(domain)s
"""
_ACTED = """
INSERT INTO campaigns_actiontaken
    (reference, call_to_action_id, person_id, comment, show_name, consent_text, verified, source_code, acted_at)
SELECT 'F-' || id, %(call)s, id, '', false, 'faults', 'login', '', now() - interval '1 day'
FROM partners_person WHERE email LIKE 'acted%%' || %(domain)s
"""


class ClockRun(Run):
    """The worker of short tasks is one that dies, too."""

    queues = "bulk,default"


def _asked(run: Run) -> None:
    """Everybody was asked four days ago, and some have acted; the reminder is due."""
    from mailing.models import Batch, Mailing
    from tests.factories.alerts import ActionAlertFactory
    from tests.factories.campaigns import CallToActionFactory
    from tests.factories.partners import StaffFactory

    then = timezone.now() - 4 * DAY
    call = CallToActionFactory(opens_at=then - DAY, closes_at=timezone.now() + 9 * DAY)
    alert = ActionAlertFactory(call_to_action=call, reminder_days=[3])
    mailing = Mailing.objects.create(
        topic=_topic(), name="Fault run", send_at=then, started_at=then, finished_at=then, state="done"
    )
    batch = Batch.objects.create(mailing=mailing, state="done")
    facts = {
        "domain": run.domain,
        "asked": run.people,
        "acted": ACTED,
        "mailing": mailing.pk,
        "batch": batch.pk,
        "call": call.pk,
    }
    with connection.cursor() as cursor:
        for statement in (_PEOPLE, _ASKED, _ACTED):
            cursor.execute(statement, facts)
    alert.mailing, alert.state, alert.send_at = mailing, "sent", then
    alert.approved_at, alert.approved_by = then, StaffFactory()
    alert.save()
    run.hire()


def reminders(run: Run, number: int) -> int:
    """Killed once while it writes the reminder, and then while it goes out."""
    from campaigns import tasks
    from campaigns.models import ActionAlert

    parent = ActionAlert.objects.get(
        mailing__deliveries__email=f"person1{run.domain}", reminder_of__isnull=True
    )
    killed_while_it_writes(run, tasks.send_reminders, table="mailing_delivery")
    if parent.reminders.exists():
        raise Broken("A reminder stands there whose writer died.")
    queue_copies(tasks.send_reminders)
    if not run.until(lambda: parent.reminders.exists(), patience=90):
        raise Broken("Nobody wrote the reminder again.")
    mailing = parent.reminders.get().mailing
    if mailing is None:
        raise Broken("The reminder has no mailing.")
    run.next_mailing(mailing)
    done = 1 + killed_while_it_sends(run, number - 1, tasks.send_reminders)
    run.finish()
    acted = sum(address.startswith("acted") for address in run.sink.addresses())
    run.more.append(("reminders to people who had acted", acted, 0))
    run.more.append(("reminders written", parent.reminders.count(), 1))
    return done


def _series_with_people(run: Run) -> None:
    """Two messages; for everybody both are due, and no two of them may come on one day."""
    from campaigns.services.series import start_series
    from mailing.addresses import hash_address
    from mailing.models import Subscription
    from tests.factories.partners import StaffFactory
    from tests.factories.series import SeriesFactory, SeriesStepFactory

    now = timezone.now()
    topic = _topic(f"faults-{run.domain.strip('@').partition('.')[0]}"[:50])
    series = SeriesFactory(trigger="subscribed", topic=topic, name=f"Fault run {run.domain}")
    for days in (0, 1):
        SeriesStepFactory(series=series, days=days)
    start_series(series=series, by=StaffFactory(), now=now - 3 * DAY)
    emails = [f"person{n}{run.domain}" for n in range(1, run.people + 1)]
    Subscription.objects.bulk_create(
        Subscription(
            email=email,
            address_hash=hash_address(email),
            topic=topic,
            state="subscribed",
            confirmed_at=now - 2 * DAY,
        )
        for email in emails
    )
    run.hire()


def series(run: Run, number: int) -> int:
    """Of each message: killed once while people are put on its list, and then while it goes out."""
    from campaigns import tasks
    from campaigns.models import Series

    steps = list(Series.objects.get(name=f"Fault run {run.domain}").steps.select_related("mailing"))
    done = 0
    for place, step in enumerate(steps):
        if step.mailing is None:
            raise Broken("A message of the series has no mailing.")
        if place:
            _a_day_passes(run)
        run.next_mailing(step.mailing)
        listed = step.mailing.deliveries.order_by()
        killed_while_it_writes(run, tasks.advance_series, table="mailing_delivery")
        if listed.exists():
            raise Broken("People stand on the list whose writer died.")
        # Some at a time: the next rounds of the clock take the others.
        for _round in range(10):
            queue_copies(tasks.advance_series)
            if run.until(lambda: listed.count() >= run.people, patience=15):  # noqa: B023 - asked at once
                break
        else:
            raise Broken("Nobody put the others on the list.")
        done += 1 + killed_while_it_sends(run, number // len(steps) - 1, tasks.advance_series)
        run.finish()
        queue_copies(tasks.advance_series)
        run.tick_for(5)
        if any(later.mailing and later.mailing.deliveries.exists() for later in steps[place + 1 :]):
            raise Broken("Somebody would get two messages of a series on one day.")
    return done


def _a_day_passes(run: Run) -> None:
    """What went out so far went out a day earlier."""
    from mailing.models import Batch, Delivery

    with connection.cursor() as cursor:
        for table, column, owner in (
            (Delivery._meta.db_table, "accepted_at", "mailing_id"),
            (Batch._meta.db_table, "lease_until", "mailing_id"),
        ):
            cursor.execute(
                f"UPDATE {table} SET {column} = {column} - interval '1 day' WHERE {owner} = %s",
                [run.mailing.pk],
            )


def _topic(slug: str = "action-alerts") -> "Topic":
    from tests.factories.alerts import AlertTopicFactory

    topic: Topic = AlertTopicFactory(slug=slug)
    return topic


CAMPAIGN_FAULTS = {
    "kill -9 during reminders": Fault(
        reminders, times=6, unknown_each=PROCESSES * WINDOW, begin=_asked, runner=ClockRun
    ),
    "kill -9 during a drip series": Fault(
        series,
        times=8,
        unknown_each=PROCESSES * WINDOW,
        people=2500,
        ends="sending",
        begin=_series_with_people,
        runner=ClockRun,
    ),
}

"""Mail of many single messages: a worker dies while it writes or sends weekly summaries and followers' digests."""

import time
from collections.abc import Callable

from celery import Task
from django.utils import timezone

from bench import alert
from bench.fault_count import Outcome, count_outbox
from bench.fault_hold import killed_while_it_sends, killed_while_it_writes, queue_copies
from bench.fault_run import PROCESSES, WINDOW, Broken, Fault, Run, database_failures

# How often the clock asks for notices to be sent; in production every 30 seconds.
ROUND_SECONDS = 2.0


class OutboxRun(Run):
    """A single message for each of the people. The workers of short and of long tasks are one that dies."""

    queues = "bulk,default,background"
    _next_round = 0.0

    def tick(self) -> None:
        """The clock's round for notices as well."""
        from mailing import tasks
        from mailing.queueing import queue

        if time.monotonic() >= self._next_round:
            self._next_round = time.monotonic() + ROUND_SECONDS
            queue(tasks.send_notices, expires=ROUND_SECONDS)
        super().tick()

    def written(self) -> int:
        """How many messages stand in the outbox."""
        from mailing.models import OutboxMessage

        return OutboxMessage.objects.filter(to__endswith=self.domain).count()

    def state(self) -> str:
        """ "done" once everybody has a message and none of them waits."""
        from django.db import connection

        from mailing.models import OutboxMessage

        waiting = OutboxMessage.objects.filter(to__endswith=self.domain, state__in=["pending", "sending"])
        try:
            return "done" if self.written() >= self.people and not waiting.exists() else "sending"
        except database_failures():
            connection.close()
            return ""

    def is_over(self) -> bool:
        """Whether nothing more will go out."""
        return self.state() == "done"

    def finish(self) -> None:
        """Lets it go on undisturbed to its end."""
        self.until(self.is_over, patience=90)
        time.sleep(1)

    def count(self, fault: Fault, faults: int, seconds: float) -> Outcome:
        """Compares what arrived with what the outbox says."""
        return count_outbox(self, fault, faults, seconds)


def summaries_due(run: Run) -> None:
    """Everybody wants the weekly summary, and two alerts wait in it."""
    from mailing.addresses import hash_address
    from mailing.models import Subscription, Topic
    from mailing.services import RecipientSelect, Written, compile_mailing, fill_mailing, start_mailing

    topic, _created = Topic.objects.get_or_create(slug="faults-weekly", defaults={"name": "Faults, weekly"})
    emails = [f"person{n}{run.domain}" for n in range(1, run.people + 1)]
    Subscription.objects.bulk_create(
        Subscription(
            email=email,
            address_hash=hash_address(email),
            topic=topic,
            state="subscribed",
            frequency="weekly",
            confirmed_at=timezone.now(),
        )
        for email in emails
    )
    everybody = (
        "SELECT NULL::bigint, NULL::bigint, unnest(%s::text[]), 'en', '{\"first_name\": \"Sam\"}'::jsonb"
    )
    for _week in range(2):
        mailing = compile_mailing(
            topic=topic,
            name="Fault run",
            contents=[Written(alert.SUBJECT, alert.text(), alert.html())],
            send_at=timezone.now(),
        )
        fill_mailing(mailing=mailing, select=RecipientSelect(everybody, (emails,)))
        start_mailing(mailing=mailing)
    run.hire()


def summaries(run: Run, number: int) -> int:
    """Killed once while it writes the third portion, and then while they go out."""
    from mailing import tasks
    from mailing.services.summaries import PEOPLE_AT_A_TIME

    return _killed(run, number, tasks.send_weekly_summaries, "mailing_preference", PEOPLE_AT_A_TIME)


def _followers(run: Run) -> None:
    """Everybody follows a bill, and something happened to it that comes in the digest."""
    from legislation.models import Follow
    from partners.models import User
    from tests.factories.legislation import BillEventFactory, BillFactory
    from tests.factories.partners import CoalitionFactory

    CoalitionFactory()
    bill = BillFactory()
    users = User.objects.bulk_create(
        User(email=f"person{n}{run.domain}", password="!") for n in range(1, run.people + 1)
    )
    Follow.objects.bulk_create(Follow(user=user, bill=bill) for user in users)
    BillEventFactory(bill=bill, kind="action", before="", after="Second Reading", happened_on=None)
    run.hire()


def digests(run: Run, number: int) -> int:
    """Killed while the news is given out, while the third portion is written, and while they go out."""
    from legislation import tasks
    from legislation.models import Notice
    from legislation.services.notices import PEOPLE_AT_A_TIME

    killed_while_it_writes(run, tasks.send_digests, table="legislation_notice")
    if Notice.objects.filter(user__email__endswith=run.domain).exists() or run.written():
        raise Broken("News is half given out.")
    return 1 + _killed(run, number - 1, tasks.send_digests, "legislation_notice", PEOPLE_AT_A_TIME)


def _killed(run: Run, number: int, task: Task, table: str, portion: int) -> int:
    if not isinstance(run, OutboxRun):
        raise SystemExit("This fault is about single messages.")
    third = f"(SELECT count(*) FROM mailing_outboxmessage WHERE \"to\" LIKE '%{run.domain}') >= {3 * portion}"
    killed_while_it_writes(run, task, table=table, when=third)
    if run.written() != 2 * portion:
        raise Broken(f"{run.written()} messages are written, where two portions were committed.")
    everybody: Callable[[], bool] = lambda: run.written() >= run.people  # noqa: E731
    queue_copies(task)
    if not run.until(everybody, patience=90):
        raise Broken("Nobody wrote the others.")
    return 1 + killed_while_it_sends(run, number - 1, task)


OUTBOX_ROWS = ("sent", "unknown")

DIGEST_FAULTS = {
    "kill -9 during weekly summaries": Fault(
        summaries,
        times=6,
        unknown_each=PROCESSES * WINDOW,
        people=1500,
        rows=OUTBOX_ROWS,
        begin=summaries_due,
        runner=OutboxRun,
    ),
    "kill -9 during followers' digests": Fault(
        digests,
        times=6,
        unknown_each=PROCESSES * WINDOW,
        people=1500,
        rows=OUTBOX_ROWS,
        begin=_followers,
        runner=OutboxRun,
    ),
}

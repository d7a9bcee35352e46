"""The result of a call on its way to everybody who acted: whoever breaks off, nobody hears twice and nobody is forgotten."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from campaigns.models import ResultReport
from campaigns.results.reports import progress_words
from campaigns.services import reporting
from campaigns.services.errors import StateError
from campaigns.services.reporting import go_on_with_report, report_back, stop_report, write_reports
from mailing.models import OutboxMessage
from mailing.services import suppress
from tests.factories.campaigns import ActionTakenFactory, CallToActionFactory
from tests.factories.partners import CoalitionFactory, PersonFactory, StaffFactory

PEOPLE = 15


def told_call(people=PEOPLE, text="It worked."):
    """A closed call whose result staff have asked to write to everybody who acted."""
    CoalitionFactory()
    call = CallToActionFactory(status="closed", outcome="It worked.")
    for _number in range(people):
        ActionTakenFactory(call_to_action=call)
    ActionTakenFactory(call_to_action=call, person=PersonFactory(email=""))
    report_back(call_to_action=call, subject="What came of it", text=text, by=StaffFactory())
    return call


def each_once(people=PEOPLE):
    messages = OutboxMessage.objects
    return messages.count() == messages.values("to").distinct().count() == people


def fresh(call):
    return ResultReport.objects.get(call_to_action=call)


@pytest.mark.django_db
class TestWriting:
    def test_in_bounded_portions_with_the_progress_in_words(self, monkeypatch):
        monkeypatch.setattr(reporting, "PEOPLE_AT_A_TIME", 4)
        call = told_call()
        assert (fresh(call).people, fresh(call).written) == (PEOPLE, 0)
        assert write_reports(now=timezone.now(), seconds=0) is True
        assert progress_words(fresh(call)) == "Being written: 4 of 15 people so far."
        assert write_reports(now=timezone.now()) is False
        assert each_once()
        assert progress_words(fresh(call)).startswith("Messages written: 15 (")
        assert write_reports(now=timezone.now()) is False
        assert each_once()

    def test_a_full_last_portion_ends_too(self, monkeypatch):
        monkeypatch.setattr(reporting, "PEOPLE_AT_A_TIME", 5)
        call = told_call()
        write_reports(now=timezone.now())
        assert fresh(call).finished_at
        assert each_once()

    def test_who_wants_no_mail_is_counted_apart(self):
        call = told_call(3)
        suppress(email=call.actions.exclude(person__email="").first().person.email, reason="staff")
        write_reports(now=timezone.now())
        assert (fresh(call).looked_at, fresh(call).written) == (3, 2)

    def test_a_worker_that_fails_loses_nothing(self, monkeypatch):
        monkeypatch.setattr(reporting, "PEOPLE_AT_A_TIME", 4)
        call = told_call()
        write = reporting.queue_messages
        turns = iter([write, None])

        def breaks(*, drafts):
            turn = next(turns)
            if turn is None:
                write(drafts=drafts)
                raise RuntimeError("gone")
            return turn(drafts=drafts)

        monkeypatch.setattr(reporting, "queue_messages", breaks)
        with pytest.raises(RuntimeError), transaction.atomic():
            write_reports(now=timezone.now())
        monkeypatch.setattr(reporting, "queue_messages", write)
        write_reports(now=timezone.now())
        assert fresh(call).written == PEOPLE
        assert each_once()

    def test_long_and_foreign_words(self):
        told_call(1, text="<script>\u202e\U0001f980\n" + "x" * 10_000)
        write_reports(now=timezone.now())
        assert b"<script>" not in bytes(OutboxMessage.objects.get().message).split(b"text/html")[1]

    def test_stopped_and_gone_on(self, monkeypatch):
        monkeypatch.setattr(reporting, "PEOPLE_AT_A_TIME", 4)
        call, staff = told_call(), StaffFactory()
        write_reports(now=timezone.now(), seconds=0)
        stop_report(call_to_action=call, by=staff)
        assert "after 4 of 15 people" in progress_words(fresh(call))
        write_reports(now=timezone.now())
        assert OutboxMessage.objects.count() == 4
        with pytest.raises(StateError):
            stop_report(call_to_action=call, by=staff)
        go_on_with_report(call_to_action=call)
        write_reports(now=timezone.now())
        assert each_once()
        for refused in (
            lambda: stop_report(call_to_action=call, by=staff),
            lambda: go_on_with_report(call_to_action=call),
        ):
            with pytest.raises(StateError):
                refused()

    def test_nothing_to_stop_before_anybody_asked(self):
        with pytest.raises(StateError):
            stop_report(call_to_action=CallToActionFactory(status="closed"), by=StaffFactory())

    def test_the_database_holds_it(self):
        report = fresh(told_call(1))
        with pytest.raises(IntegrityError, match="resultreport_written_of_people"), transaction.atomic():
            ResultReport.objects.filter(pk=report.pk).update(written=2)
        with pytest.raises(IntegrityError, match="resultreport_stopped_by_has_time"), transaction.atomic():
            ResultReport.objects.filter(pk=report.pk).update(stopped_by=report.asked_by)
        with pytest.raises(IntegrityError), transaction.atomic():
            ResultReport.objects.create(
                call_to_action=report.call_to_action,
                subject="Again",
                text="x",
                asked_at=timezone.now() + timedelta(days=1),
                people=1,
            )


@pytest.mark.django_db(transaction=True)
def test_workers_at_the_same_moment_write_once(monkeypatch):
    monkeypatch.setattr(reporting, "PEOPLE_AT_A_TIME", 1)
    call = told_call()

    def work(_number):
        try:
            write_reports(now=timezone.now())
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(work, range(3)))
    write_reports(now=timezone.now())
    assert fresh(call).finished_at
    assert each_once()


def start_worker() -> subprocess.Popen:
    """A worker on this test's database; it waits for a line on its input."""
    connection.ensure_connection()
    where = connection.connection.info
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "DATABASE_URL": f"postgresql://{where.user}@/{where.dbname}?host={quote(where.host)}",
    }
    return subprocess.Popen(
        [sys.executable, "-m", "tests.campaigns.report_worker"],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_middle_costs_no_message_and_makes_none_twice():
    call = told_call()
    worker = start_worker()
    try:
        assert worker.stdout.readline().strip() == "ready"
        worker.stdin.write("go\n")
        worker.stdin.flush()
        for _batch in range(2):
            assert worker.stdout.readline().strip() == "batch"
        worker.kill()
        worker.wait()
    finally:
        worker.kill()
        worker.wait()
        worker.stdin.close()
        worker.stdout.close()
    assert 0 < OutboxMessage.objects.count() < PEOPLE
    write_reports(now=timezone.now())
    assert each_once()
    assert fresh(call).written == PEOPLE

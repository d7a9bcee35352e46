"""Runs over sources: what came in stays, the rest is tried again, and nobody does the same work twice."""

from datetime import date, timedelta

import psycopg
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from legislation.models import Bill, SyncRun
from legislation.records import ActionRecord, MeasureRecord, Rejected
from legislation.services import sync, sync_work
from legislation.services.sync import (
    forget_uploads,
    is_in_session,
    request_scheduled,
    request_sync,
    take_up_forgotten,
)
from legislation.services.sync_work import WRITING, run_sync
from legislation.sources import SOURCES, Progress, SourceBroken, SourceUnavailable
from tests.factories.legislation import chicago

pytestmark = pytest.mark.django_db


def measure(number: int, **fields: object) -> MeasureRecord:
    lines = (ActionRecord("lower", date(2025, 2, 3), "Filed with the Clerk by Rep. Pat Sample"),)
    return MeasureRecord(
        **{"session": 104, "identifier": f"HB{number}", "title": "PORCHES", "synopsis": "", "actions": lines}
        | fields
    )


class Feed:
    """A source that yields what a test gives it; an exception in the list is raised there."""

    name, label, needs_key = "feed", "A feed", ""

    def __init__(self, *items: object) -> None:
        self.items = items
        self.asked: list = []

    def read(self, options):
        self.asked.append(options)
        for item in self.items:
            if isinstance(item, Exception):
                raise item
            yield item


@pytest.fixture
def feed(monkeypatch):
    def offer(*items: object) -> Feed:
        source = Feed(*items)
        monkeypatch.setitem(SOURCES, "feed", source)
        return source

    return offer


def run(**fields: object) -> SyncRun:
    request = request_sync(source="feed", session=104, **fields)
    worked = run_sync(run_id=request.pk)
    assert worked is not None
    worked.refresh_from_db()
    return worked


def test_a_run_says_what_became_of_each_record(feed):
    feed(measure(1), measure(2), Rejected("measure", "HB3", "its date is no date"))
    done = run()
    assert (done.state, done.added, done.changed, done.unchanged, done.rejected) == ("done", 2, 0, 0, 1)
    assert done.counts == {"measure": {"added": 2}}
    refused = done.rejections.get()
    assert (refused.identifier, refused.reason) == ("HB3", "its date is no date")


def test_the_same_again_changes_nothing(feed):
    feed(measure(1), measure(2))
    run()
    again = run()
    assert (again.added, again.changed, again.unchanged) == (0, 0, 2)


def test_a_source_that_goes_down_keeps_what_came_in_and_is_tried_again_from_there(feed):
    feed(measure(1), Progress(cursor="page 2", total=40), measure(2), SourceUnavailable("It answered 503."))
    partial = run()
    assert (partial.state, partial.message, partial.cursor) == ("partial", "It answered 503.", "page 2")
    assert Bill.objects.count() == 2
    assert timedelta(minutes=14) < partial.retry_at - timezone.now() < timedelta(minutes=16)
    source = feed(measure(3))
    whole = run_sync(run_id=partial.pk)
    assert source.asked[0].cursor == "page 2"
    assert (whole.state, whole.added, whole.retry_at, whole.message) == ("done", 3, None, "")


def test_a_source_that_stays_down_is_given_up_after_some_tries(feed):
    feed(SourceUnavailable("No route."))
    request = request_sync(source="feed", session=104)
    for _attempt in range(sync_work.MOST_ATTEMPTS):
        last = run_sync(run_id=request.pk)
    assert (last.state, last.retry_at) == ("failed", None)
    assert run_sync(run_id=request.pk) is None


def test_a_broken_file_is_not_tried_again_and_says_why(feed):
    feed(measure(1), SourceBroken("The file ends in the middle of a line."))
    broken = run()
    assert (broken.state, broken.retry_at) == ("partial", None)
    assert "middle of a line" in broken.message
    assert Bill.objects.count() == 1


def test_a_mistake_of_our_own_is_not_left_as_running(feed):
    feed(measure(1), ZeroDivisionError())
    request = request_sync(source="feed", session=104)
    with pytest.raises(ZeroDivisionError):
        run_sync(run_id=request.pk)
    request.refresh_from_db()
    assert request.state in {"failed", "partial"}
    assert request.message


def test_a_long_run_is_handed_on_at_a_cursor(feed):
    feed(measure(1), Progress(cursor="2"), measure(2))
    request = request_sync(source="feed", session=104)
    turn = run_sync(run_id=request.pk, turn=timedelta(0))
    assert (turn.state, turn.cursor, Bill.objects.count()) == ("waiting", "2", 1)
    feed(measure(2))
    assert run_sync(run_id=request.pk).added == 2


def test_asking_twice_for_the_same_gives_one_run(feed):
    feed(measure(1))
    assert request_sync(source="feed", session=104) == request_sync(source="feed", session=104)
    assert SyncRun.objects.count() == 1
    run()
    assert request_sync(source="feed", session=104) != SyncRun.objects.get(state="done")


def test_asking_for_what_waits_for_its_retry_tries_at_once(feed):
    feed(SourceUnavailable("No route."))
    failed = run()
    again = request_sync(source="feed", session=104)
    assert again == failed
    again.refresh_from_db()
    assert (again.state, again.retry_at) == ("waiting", None)


@pytest.mark.django_db(transaction=True)
def test_only_one_run_writes(feed):
    feed(measure(1))
    request = request_sync(source="feed", session=104)
    settings = connection.get_connection_params()
    address = {
        name: settings[name] for name in ("host", "port", "user", "password", "dbname") if settings.get(name)
    }
    with psycopg.connect(**address, autocommit=True) as other:
        other.execute("SELECT pg_advisory_lock(%s)", [WRITING])
        assert run_sync(run_id=request.pk) is None
        other.execute("SELECT pg_advisory_unlock(%s)", [WRITING])
    assert run_sync(run_id=request.pk).state == "done"


def test_the_sweep_finds_runs_that_nobody_works_on(feed):
    feed(measure(1))
    now = timezone.now()
    old = now - timedelta(minutes=10)
    for state, fields in (
        ("waiting", {}),
        ("running", {"seen_at": old}),
        ("partial", {"retry_at": old}),
        ("running", {"seen_at": now}),
        ("partial", {}),
        ("done", {}),
    ):
        made = SyncRun.objects.create(source="feed", session=104, state=state, **fields)
        SyncRun.objects.filter(pk=made.pk).update(requested_at=old)
    assert take_up_forgotten(now=now) == 3


def test_a_source_without_its_key_says_which(feed, settings):
    source = feed(measure(1))
    source.needs_key = "OPENSTATES_API_KEY"
    settings.OPENSTATES_API_KEY = ""
    failed = run()
    assert (failed.state, failed.message) == ("failed", "OPENSTATES_API_KEY is not set.")


def test_the_clock_reads_every_hour_only_in_session(feed, settings):
    feed(measure(1))
    settings.LEGISLATURE_SOURCES = ["feed=https://legislature.example/bills", "nobody"]
    settings.LEGISLATURE_SESSION_MONTHS = [3]
    assert is_in_session(chicago(2026, 3, 5, 14))
    assert not is_in_session(chicago(2026, 3, 5, 3))
    assert not is_in_session(chicago(2026, 3, 7, 14))
    assert request_scheduled(now=chicago(2026, 7, 2, 14), hourly=True) == []
    (asked,) = request_scheduled(now=chicago(2026, 3, 5, 14), hourly=True)
    assert (asked.source, asked.location) == ("feed", "https://legislature.example/bills")


def test_the_next_scheduled_run_asks_for_changes_since_the_last_good_one(feed, settings):
    source = feed(measure(1))
    settings.LEGISLATURE_SOURCES = ["feed"]
    (first,) = request_scheduled(now=timezone.now(), hourly=False)
    run_sync(run_id=first.pk)
    (second,) = request_scheduled(now=timezone.now(), hourly=False)
    run_sync(run_id=second.pk)
    first.refresh_from_db()
    assert source.asked[0].since is None
    assert source.asked[1].since == first.started_at - sync.OVERLAP


def test_an_uploaded_file_goes_once_it_is_in(feed):
    feed(measure(1))
    done = run(upload=SimpleUploadedFile("bills.json", b"{}"))
    assert not done.upload


def test_the_command_tells_what_came_in_and_fails_when_something_broke_off(feed, capsys):
    feed(measure(1), Rejected("measure", "HB7", "no title"))
    call_command("sync_legislature", "--source", "feed", "--session", "104")
    told = capsys.readouterr().out
    assert "measure" in told
    assert "HB7: no title" in told
    feed(measure(2), SourceUnavailable("It hung up."))
    with pytest.raises(CommandError):
        call_command("sync_legislature", "--source", "feed", "--session", "104")
    assert "It hung up." in capsys.readouterr().out


def test_the_command_refuses_what_it_cannot_read(tmp_path):
    (tmp_path / "notes.txt").write_text("Buy milk.")
    with pytest.raises(CommandError, match=r"notes\.txt"):
        call_command("sync_legislature", str(tmp_path / "notes.txt"))
    with pytest.raises(CommandError, match="2026-03-01"):
        call_command("sync_legislature", "--source", "openstates-files", "--since", "yesterday")


def test_a_run_that_kills_its_worker_each_time_is_given_up(feed):
    feed(measure(1))
    run = SyncRun.objects.create(
        source="feed", session=104, state="running", attempts=sync_work.MOST_ATTEMPTS, seen_at=timezone.now()
    )
    assert run_sync(run_id=run.pk) is None
    run.refresh_from_db()
    assert run.state == "failed"
    assert "died 6 times" in run.message


def test_the_file_of_a_broken_import_is_kept_for_a_month(feed):
    feed(SourceBroken("It ends in the middle."))
    broken = run(upload=SimpleUploadedFile("bills.json", b"{}"))
    assert forget_uploads(now=timezone.now() + timedelta(days=29)) == 0
    assert broken.upload
    assert forget_uploads(now=timezone.now() + timedelta(days=31)) == 1
    broken.refresh_from_db()
    assert not broken.upload


def test_a_file_brings_whatever_general_assembly_it_holds_and_a_feed_the_current_one(feed):
    source = feed(measure(1, session=97))
    run_sync(run_id=request_sync(source="feed", location="old.json").pk)
    run_sync(run_id=request_sync(source="feed").pk)
    assert [options.session for options in source.asked] == [0, sync.GeneralAssembly.current().number]

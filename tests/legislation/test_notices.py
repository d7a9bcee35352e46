"""News for people who follow: each change once, at the right time, to those who want it."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from email.utils import parseaddr

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from legislation.models import BillEvent, Follow, Hearing, Notice
from legislation.services import notices as service
from legislation.services.follow import choose_digest, follow, save_search, stop_mail, unfollow
from legislation.services.giving_out import give_out_events
from legislation.services.notices import send_digests, send_notices
from mailing.models import OutboxMessage
from mailing.services.consent import suppress
from mailing.services.outbox_sending import send_due_messages
from tests.factories.legislation import (
    BillFactory,
    BillTrackingFactory,
    CommitteeFactory,
    HearingFactory,
    LegislatorFactory,
    SponsorshipFactory,
    chicago,
)
from tests.factories.partners import CoalitionFactory, UserFactory
from tests.legislation.following import BEFORE, NOW, at, event, follower, hearing_on
from tests.partners.mails import link_in, mail_to, mails_to

pytestmark = pytest.mark.django_db

MORNING = chicago(2026, 3, 4, 7)


@pytest.fixture(autouse=True)
def _coalition():
    CoalitionFactory()


@pytest.fixture
def bill():
    return BillFactory(identifier="HB1075", number=1075)


def text_of(message) -> str:
    return message.get_body(("plain",)).get_content()


class TestAtOnce:
    def test_a_new_stage_is_told_at_once_with_our_position(self, bill):
        BillTrackingFactory(bill=bill, plain_title="Keep porches safe", summary="Porches matter.")
        person = follower(bill)
        event(bill, before="introduced", after="in_committee")
        assert send_notices(now=NOW) == 1
        message = mail_to(person.email)
        assert message["Subject"] == "HB 1075: in committee"
        words = text_of(message)
        assert "Now in committee (was introduced)." in words
        assert "Keep porches safe" in words
        assert "We support it. Porches matter." in words
        assert bill.get_absolute_url() in words
        html = message.get_body(("html",)).get_content()
        assert "Now in committee (was introduced)." in html
        assert bill.get_absolute_url() in html

    def test_nobody_hears_twice_however_often_the_task_runs(self, bill):
        person = follower(bill)
        event(bill)
        for minutes in (0, 1, 5, 3000):
            send_notices(now=NOW + timedelta(minutes=minutes))
        assert len(mails_to(person.email)) == 1
        assert Notice.objects.filter(queued_at=NOW).count() == 1

    def test_several_changes_of_one_run_are_one_message(self, bill):
        other = BillFactory(identifier="HB20", number=20)
        person = follower(bill, other)
        event(bill, after="in_committee")
        event(bill, before="in_committee", after="passed_committee")
        event(other)
        assert send_notices(now=NOW) == 1
        message = mail_to(person.email)
        assert message["Subject"] == "HB 20: in committee, and 1 more"
        assert "Now passed committee (was in committee)." in text_of(message)

    def test_ordinary_lines_wait_for_the_digest(self, bill):
        person = follower(bill)
        event(bill, "action", after="Added Co-Sponsor Rep. Pat Sample")
        event(bill, "sponsor_added", before="", after="Pat Sample")
        assert send_notices(now=NOW) == 0
        assert mails_to(person.email) == []
        assert Notice.objects.waiting().filter(way="digest").count() == 2

    def test_who_chose_the_digest_gets_everything_there(self, bill):
        person = follower(bill, immediate=False)
        event(bill)
        assert send_notices(now=NOW) == 0
        assert send_digests(now=MORNING) == 1
        assert "Now in committee" in text_of(mail_to(person.email))

    def test_old_news_is_never_urgent(self, bill):
        person = follower(bill, since=NOW - timedelta(days=30))
        event(bill, seen=NOW, happened_on=date(2026, 2, 20))
        event(bill, "replaced", seen=NOW - timedelta(days=4), after="House Amendment 1")
        assert send_notices(now=NOW) == 0
        assert send_digests(now=MORNING) == 1
        assert "House Amendment 1" in text_of(mail_to(person.email))

    def test_what_is_older_than_two_weeks_is_nobodys_news(self, bill):
        follower(bill, since=NOW - timedelta(days=90))
        old = event(bill, seen=NOW - timedelta(days=15))
        send_notices(now=NOW)
        assert not Notice.objects.exists()
        old.refresh_from_db()
        assert old.given_out_at == NOW

    def test_history_floods_nobody(self, bill, django_assert_num_queries):
        follower(bill)
        BillEvent.objects.bulk_create(
            BillEvent(bill=bill, kind="action", key=str(n), is_news=False, observed_at=NOW)
            for n in range(3000)
        )
        with django_assert_num_queries(13):
            assert send_notices(now=NOW) == 0
        assert not Notice.objects.exists()

    def test_three_thousand_changes_at_once_are_one_message_per_person(self):
        bills = BillFactory.create_batch(60)
        person = follower(*bills)
        BillEvent.objects.bulk_create(
            BillEvent(
                bill=bill,
                kind="stage",
                key=str(n),
                before="introduced",
                after="in_committee",
                observed_at=NOW,
            )
            for bill in bills
            for n in range(50)
        )
        assert send_notices(now=NOW) == 1
        words = text_of(mail_to(person.email))
        assert "30 more bills you follow have news." in words
        assert Notice.objects.filter(user=person, queued_at=NOW).count() == 3000

    def test_following_later_brings_no_old_news(self, bill):
        event(bill, seen=NOW - timedelta(hours=3))
        follower(bill, since=NOW)
        assert send_notices(now=NOW) == 0


class TestWhoHears:
    def test_of_a_legislator_their_sponsorships_and_the_stages_of_bills_they_carry(self):
        carried, joined, other = BillFactory.create_batch(3)
        member = LegislatorFactory(name="Pat Sample", slug="pat-sample")
        SponsorshipFactory(bill=carried, legislator=member, role="chief")
        SponsorshipFactory(bill=joined, legislator=member, name="Sample, Pat")
        SponsorshipFactory(bill=other, name="Somebody Else")
        person = follower(member)
        event(carried)
        event(carried, "action", after="Do Pass / Short Debate")
        event(joined)
        event(joined, "sponsor_added", before="", after="Sample, Pat")
        event(joined, "sponsor_role", before="Sample, Pat, co-sponsor", after="Sample, Pat, chief co-sponsor")
        event(joined, "sponsor_added", before="", after="Jo Example")
        event(other, "sponsor_added", before="", after="Somebody Else")
        send_notices(now=NOW)
        told = Notice.objects.filter(user=person).order_by("event_id")
        assert [(notice.event.kind, notice.way) for notice in told] == [
            ("stage", "immediate"),
            ("sponsor_added", "digest"),
            ("sponsor_role", "digest"),
        ]
        words = text_of(mail_to(person.email))
        assert "You hear of it because you follow Rep. Pat Sample." in words

    def test_a_former_chief_sponsor_no_longer_carries_the_bill(self, bill):
        member = LegislatorFactory()
        SponsorshipFactory(bill=bill, legislator=member, role="chief", removed_on=date(2026, 2, 1))
        follower(member)
        event(bill)
        assert send_notices(now=NOW) == 0

    def test_of_a_committee_its_hearings_at_once_and_assigned_bills_in_the_digest(self, bill):
        committee = CommitteeFactory(name="Human Services")
        bill.committee = committee
        bill.save()
        person = follower(committee)
        event(bill, "action", after="Assigned to Human Services Committee")
        event(bill, "action", after="Added Co-Sponsor Rep. Pat Sample")
        event(bill)
        hearing_on(bill, starts_at=chicago(2026, 3, 10, 14), committee=committee)
        send_notices(now=NOW)
        told = Notice.objects.filter(user=person).order_by("event_id")
        assert [(notice.event.kind, notice.way) for notice in told] == [
            ("action", "digest"),
            ("hearing_posted", "immediate"),
        ]

    def test_of_a_committee_that_meets_on_a_subject_alone(self):
        committee = CommitteeFactory(name="Human Services")
        person = follower(committee)
        hearing = HearingFactory(
            committee=committee, starts_at=chicago(2026, 3, 10, 14), changed_at=NOW, subject="Waiting lists."
        )
        for _run in range(2):
            send_notices(now=NOW)
        (message,) = mails_to(person.email)
        assert message["Subject"] == "Hearing on House Human Services, Tuesday, March 10, 2026"
        assert "Waiting lists." in text_of(message)
        Hearing.objects.filter(pk=hearing.pk).update(state="cancelled", changed_at=NOW + timedelta(hours=1))
        for _run in range(2):
            send_notices(now=NOW + timedelta(hours=1))
        assert [mail["Subject"] for mail in mails_to(person.email)[1:]] == [
            "Hearing cancelled: House Human Services"
        ]

    def test_a_hearing_known_before_one_followed_its_committee_is_no_news(self):
        committee = CommitteeFactory()
        HearingFactory(
            committee=committee, starts_at=chicago(2026, 3, 10), changed_at=NOW - timedelta(days=2)
        )
        follower(committee, since=NOW)
        assert send_notices(now=NOW) == 0

    def test_of_a_search_every_bill_that_matches_now(self):
        match, other = BillFactory(identifier="SB7", prefix="SB", number=7, chamber="upper"), BillFactory()
        person = UserFactory()
        with at(BEFORE):
            save_search(user=person, query="chamber=upper", name="The Senate's", immediate=True)
        event(match)
        event(match, "added", before="", after="")
        event(other)
        assert send_notices(now=NOW) == 1
        words = text_of(mail_to(person.email))
        assert "SB 7: in committee" in mail_to(person.email)["Subject"]
        assert "You hear of it because you follow The Senate's." in words
        assert set(Notice.objects.values_list("event__bill", flat=True)) == {match.pk}

    def test_one_search_of_many_people_is_asked_once(self, bill):
        for _person in range(20):
            user = UserFactory()
            with at(BEFORE):
                save_search(user=user, query="chamber=lower")
        event(bill)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            give_out_events(now=NOW)
        assert sum('FROM "legislation_bill"' in query["sql"] for query in queries) == 1
        assert Notice.objects.count() == 20

    def test_of_several_follows_the_closest_decides_and_one_message_tells(self, bill):
        committee = CommitteeFactory()
        person = follower(bill, immediate=False)
        with at(BEFORE):
            follow(user=person, target=committee, immediate=True)
        hearing_on(bill, starts_at=chicago(2026, 3, 10, 14), committee=committee)
        send_notices(now=NOW)
        (notice,) = Notice.objects.filter(user=person)
        assert (notice.way, notice.follow.bill) == ("digest", bill)

    def test_people_who_may_not_or_do_not_want_to_be_written_to(self, bill):
        inactive, stopped, suppressed, gone = (follower(bill) for _person in range(4))
        inactive.is_active = False
        inactive.save()
        stop_mail(user=stopped)
        suppress(email=suppressed.email, reason="bounced")
        unfollow(user=gone, target=bill)
        event(bill)
        assert send_notices(now=NOW) == 0
        assert not OutboxMessage.objects.exists()
        assert not Notice.objects.waiting().exists()

    def test_stopping_the_mail_counts_also_after_the_news_was_given_out(self, bill):
        person = follower(bill)
        event(bill)
        give_out_events(now=NOW)
        suppress(email=person.email, reason="unsubscribed")
        assert send_notices(now=NOW) == 0
        assert not Notice.objects.exists()


class TestHearings:
    def test_a_posted_hearing_tells_when_where_and_until_when_slips_are_taken(self, bill):
        BillTrackingFactory(bill=bill, plain_title="Keep porches safe")
        person = follower(bill)
        hearing = hearing_on(
            bill,
            starts_at=chicago(2026, 3, 10, 14),
            committee=CommitteeFactory(name="Human Services"),
            location="Room 114, Capitol, Springfield",
        )
        send_notices(now=NOW)
        message = mail_to(person.email)
        assert message["Subject"] == "Hearing on HB 1075, Tuesday, March 10, 2026"
        words = text_of(message)
        for part in (
            "Tuesday, March 10, 2026, 2:00 p.m.",
            "House Human Services",
            "Room 114, Capitol, Springfield",
            "HB 1075: Keep porches safe – We support it.",
            "open at least until the start",
            "See the hearing and file a witness slip:",
            hearing.get_absolute_url(),
        ):
            assert part in words

    def test_many_bills_of_one_hearing_are_one_item(self):
        bills = BillFactory.create_batch(4)
        person = follower(*bills)
        hearing_on(*bills, starts_at=chicago(2026, 3, 10, 14))
        assert send_notices(now=NOW) == 1
        assert text_of(mail_to(person.email)).count("2:00 p.m.\r\n") == 1

    def test_behind_a_dead_mail_server_it_is_dropped_when_the_hearing_begins(self, bill):
        other = BillFactory()
        only, both = follower(bill), follower(bill, other)
        hearing = hearing_on(bill, starts_at=chicago(2026, 3, 10, 14))
        event(other, before="introduced", after="in_committee")
        send_notices(now=NOW)
        until = dict(OutboxMessage.objects.values_list("to", "expires_at"))
        # What also tells of a bill is worth reading after the hearing.
        assert until == {only.email: hearing.starts_at, both.email: None}

    def test_nothing_goes_out_once_the_hearing_began(self, bill):
        person = follower(bill)
        hearing_on(bill, starts_at=NOW - timedelta(minutes=1), posted=NOW - timedelta(hours=5))
        send_notices(now=NOW)
        late = hearing_on(bill, starts_at=NOW + timedelta(minutes=1))
        give_out_events(now=NOW)
        assert Notice.objects.filter(event__hearing=late).exists()
        send_notices(now=NOW + timedelta(minutes=2))
        send_digests(now=MORNING)
        assert mails_to(person.email) == []

    def test_moved_cancelled_and_taken_off_the_notice(self, bill):
        person = follower(bill)
        hearing = hearing_on(bill, starts_at=chicago(2026, 3, 10, 14), tell=False)
        event(bill, "hearing_cancelled", hearing=hearing)
        send_notices(now=NOW)
        assert mail_to(person.email)["Subject"].startswith("Taken off a hearing: HB 1075")
        assert "Slips" not in text_of(mail_to(person.email))
        Hearing.objects.update(starts_at=chicago(2026, 3, 12, 9), moved_from=chicago(2026, 3, 10, 14))
        event(bill, "hearing_moved", hearing=hearing)
        send_notices(now=NOW)
        assert mail_to(person.email)["Subject"] == "Hearing moved: HB 1075, Thursday, March 12, 2026"
        assert "A slip for that day does not count: file again." in text_of(mail_to(person.email))
        Hearing.objects.update(state="cancelled")
        event(bill, "hearing_cancelled", hearing=hearing)
        send_notices(now=NOW)
        assert mail_to(person.email)["Subject"] == "Hearing cancelled: HB 1075"
        assert "no slips are taken" in text_of(mail_to(person.email))

    def test_posted_and_cancelled_before_anybody_was_told_is_a_cancellation(self, bill):
        person = follower(bill)
        hearing = hearing_on(bill, starts_at=chicago(2026, 3, 10, 14), state="cancelled")
        event(bill, "hearing_cancelled", hearing=hearing)
        assert send_notices(now=NOW) == 1
        assert mail_to(person.email)["Subject"] == "Hearing cancelled: HB 1075"

    def test_a_day_ahead_followers_of_the_bill_are_reminded_once(self, bill):
        person, digest_only = follower(bill), follower(bill, immediate=False)
        start = chicago(2026, 3, 10, 14)
        hearing_on(bill, starts_at=start)
        send_notices(now=NOW)
        assert send_notices(now=start - timedelta(hours=25)) == 0
        assert send_notices(now=start - timedelta(hours=24)) == 1
        assert send_notices(now=start - timedelta(hours=2)) == 0
        assert (
            mail_to(person.email)["Subject"] == "Witness slips close soon: HB 1075, Tuesday, March 10, 2026"
        )
        assert "by Tuesday, March 10, 2026, 1:00 p.m. at the latest" in text_of(mail_to(person.email))
        assert mails_to(digest_only.email) == []

    def test_a_hearing_that_moved_is_reminded_of_again(self, bill):
        person = follower(bill)
        hearing = hearing_on(bill, starts_at=chicago(2026, 3, 10, 14), tell=False)
        send_notices(now=chicago(2026, 3, 9, 15))
        Hearing.objects.filter(pk=hearing.pk).update(starts_at=chicago(2026, 3, 12, 14))
        send_notices(now=chicago(2026, 3, 11, 15))
        assert len(mails_to(person.email)) == 2

    def test_whoever_just_heard_of_a_late_posting_is_not_reminded(self, bill):
        person = follower(bill)
        hearing_on(bill, starts_at=chicago(2026, 3, 4, 9))
        send_notices(now=NOW)
        send_notices(now=NOW + timedelta(hours=20))
        assert len(mails_to(person.email)) == 1

    @pytest.mark.parametrize("fields", [{"state": "cancelled"}, {"ended_at": NOW}])
    def test_no_reminder_when_no_slip_is_taken(self, bill, fields):
        follower(bill)
        hearing_on(bill, starts_at=chicago(2026, 3, 4, 9), tell=False, **fields)
        assert send_notices(now=NOW) == 0


class TestDigest:
    def test_the_morning_groups_by_bill_in_words(self, bill):
        other = BillFactory(identifier="HB20", number=20)
        person = follower(bill, other)
        event(bill, "action", after="Do Pass / Short Debate Human Services Committee; 008-000-000")
        event(bill, "action", after="Added Co-Sponsor Rep. Pat Sample")
        event(bill, "sponsor_added", before="", after="Pat Sample")
        event(bill, "sponsor_removed", before="Jo Example", after="")
        event(other, "title", before="OLD", after="NEW TITLE")
        event(other, "action_removed", before="Wrong line", after="")
        assert send_digests(now=MORNING) == 1
        message = mail_to(person.email)
        assert message["Subject"] == "What you follow in Springfield: Wednesday, March 4, 2026"
        words = text_of(message)
        assert "2 things you follow changed." in words
        assert "- Do Pass / Short Debate Human Services Committee; 008-000-000" in words
        assert "- Joined as sponsor: Pat Sample." in words
        assert "- No longer sponsor: Jo Example." in words
        assert "Added Co-Sponsor" not in words
        assert "- The title is now “NEW TITLE”." in words
        assert "- No longer printed: Wrong line" in words
        assert words.index("HB 20:") < words.index("HB 1075:")
        assert send_digests(now=MORNING) == 0

    def test_weekly_comes_on_monday_and_a_missed_monday_on_tuesday(self, bill):
        person = follower(bill)
        choose_digest(user=person, digest="weekly")
        event(bill, "action", after="Assigned to Human Services Committee")
        send_notices(now=NOW)
        for day in (4, 5, 6, 7, 8):
            assert send_digests(now=chicago(2026, 3, day, 7)) == 0
        assert send_digests(now=chicago(2026, 3, 9, 7)) == 1
        assert mail_to(person.email)["Subject"] == "Your week in Springfield: Monday, March 9, 2026"
        event(bill, "action", seen=chicago(2026, 3, 9, 9), after="Do Pass")
        send_notices(now=chicago(2026, 3, 9, 9))
        assert send_digests(now=chicago(2026, 3, 15, 7)) == 0
        assert send_digests(now=chicago(2026, 3, 17, 7)) == 1

    def test_without_a_digest_only_urgent_news_comes(self, bill):
        person = follower(bill)
        choose_digest(user=person, digest="off")
        event(bill, "action", after="Do Pass")
        event(bill)
        assert send_notices(now=NOW) == 1
        assert send_digests(now=MORNING) == 0
        assert len(mails_to(person.email)) == 1

    def test_turning_the_digest_off_forgets_what_waits_for_it(self, bill):
        person = follower(bill)
        event(bill, "action", after="Do Pass")
        send_notices(now=NOW)
        choose_digest(user=person, digest="off")
        choose_digest(user=person, digest="daily")
        assert send_digests(now=MORNING) == 0

    def test_what_one_stopped_following_is_in_no_digest(self, bill):
        person = follower(bill)
        event(bill, "action", after="Do Pass")
        send_notices(now=NOW)
        unfollow(user=person, target=bill)
        assert send_digests(now=MORNING) == 0


class TestStopping:
    def test_the_message_carries_one_click_unsubscribing(self, bill, client):
        person = follower(bill)
        event(bill)
        send_notices(now=NOW)
        message = mail_to(person.email)
        address = message["List-Unsubscribe"].strip("<>")
        assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert address in text_of(message)
        path = "/" + address.split("/", 3)[3]
        assert client.get(path).status_code == 200
        person.refresh_from_db()
        assert not person.follow_settings.stopped_at
        response = client.post(path, {"List-Unsubscribe": "One-Click"})
        assert (response.status_code, response["Content-Type"]) == (200, "text/plain; charset=utf-8")
        person.follow_settings.refresh_from_db()
        assert person.follow_settings.stopped_at
        event(bill, after="passed_committee")
        assert send_notices(now=NOW) == 0
        assert Follow.objects.filter(user=person).exists()

    def test_the_page_asks_first_and_a_second_click_does_no_harm(self, bill, client):
        person = follower(bill)
        event(bill)
        send_notices(now=NOW)
        path = link_in(mail_to(person.email), "/updates/following/")
        assert "Stop this mail?" in client.get(path).content.decode()
        for _click in range(2):
            assert "You are unsubscribed" in client.post(path).content.decode()

    @pytest.mark.parametrize("token", ["x", "1.forged", "preview"])
    def test_a_forged_link_stops_nothing(self, client, token):
        assert client.post(reverse("legislation:stop_following_mail", args=[token])).status_code == 404

    def test_the_message_really_goes_over_smtp(self, bill, smtp_catcher):
        person = follower(bill)
        event(bill)
        send_notices(now=NOW)
        assert send_due_messages() == 1
        (message,) = smtp_catcher.to(person.email)
        assert message["Subject"] == "HB 1075: in committee"
        assert parseaddr(message["From"])[1]


class TestScale:
    def test_the_number_of_queries_does_not_grow_with_followers(self, bill):
        def queries(people: int) -> int:
            for _person in range(people):
                follower(bill)
            event(bill)
            with CaptureQueriesContext(connection) as captured:
                assert send_notices(now=NOW) == people
            Follow.objects.all().delete()
            return len(captured)

        assert queries(1) == queries(40)

    def test_people_with_the_same_news_share_its_words_but_not_their_links_nor_reasons(self, bill):
        committee = CommitteeFactory(name="Human Services")
        same, alike, other = follower(bill), follower(bill), follower(committee)
        hearing_on(bill, starts_at=chicago(2026, 3, 10, 14), committee=committee)
        send_notices(now=NOW)
        first, second, third = (text_of(mail_to(person.email)) for person in (same, alike, other))
        links = [link_in(mail_to(person.email), "/updates/following/") for person in (same, alike, other)]
        assert len(set(links)) == 3
        assert first.replace(links[0], "") == second.replace(links[1], "")
        assert "because you follow HB 1075 on our portal" in first
        assert "because you follow House Human Services on our portal" in third
        for person, link in zip((same, alike, other), links, strict=True):
            assert link in mail_to(person.email)["List-Unsubscribe"]
            assert link in mail_to(person.email).get_body(("html",)).get_content()

    def test_more_people_than_one_batch_holds(self, bill, monkeypatch):
        monkeypatch.setattr(service, "PEOPLE_AT_A_TIME", 3)
        for _person in range(8):
            follower(bill)
        event(bill)
        assert send_notices(now=NOW) == 8
        assert OutboxMessage.objects.values("to").distinct().count() == 8


@pytest.mark.django_db(transaction=True)
class TestExactlyOnce:
    @pytest.fixture(autouse=True)
    def _coalition_again(self):
        CoalitionFactory()

    def people(self, bill, number: int) -> None:
        for _person in range(number):
            follower(bill)

    def test_events_committed_out_of_order_are_all_told(self):
        bill = BillFactory()
        person = follower(bill)
        done, go_on = threading.Event(), threading.Event()

        def slow_import():
            with transaction.atomic():
                event(bill, key="early number, late commit", after="passed_committee")
                done.set()
                go_on.wait(20)
            connection.close()

        importer = threading.Thread(target=slow_import)
        importer.start()
        assert done.wait(20)
        event(bill, key="late number, early commit", after="in_committee")
        assert send_notices(now=NOW) == 1
        go_on.set()
        importer.join()
        assert send_notices(now=NOW) == 1
        assert Notice.objects.filter(user=person, queued_at__isnull=False).count() == 2

    def test_a_crash_before_the_commit_leaves_all_waiting_and_doubles_nothing(self, monkeypatch):
        bill = BillFactory()
        self.people(bill, 5)
        event(bill)
        monkeypatch.setattr(service, "PEOPLE_AT_A_TIME", 2)
        calls = []

        def crash_at_second(*, drafts):
            calls.append(1)
            queued = service_queue(drafts=drafts)
            if len(calls) == 2:
                raise KeyboardInterrupt
            return queued

        service_queue = service.queue_messages
        monkeypatch.setattr(service, "queue_messages", crash_at_second)
        with pytest.raises(KeyboardInterrupt):
            send_notices(now=NOW)
        assert OutboxMessage.objects.count() == 2
        monkeypatch.setattr(service, "queue_messages", service_queue)
        assert send_notices(now=NOW) == 3
        assert OutboxMessage.objects.values("to").distinct().count() == OutboxMessage.objects.count() == 5

    def test_workers_at_once_write_one_message_each_person(self):
        bills = BillFactory.create_batch(6)
        committee = CommitteeFactory()
        for _person in range(12):
            follower(*bills, committee)
        for bill in bills:
            for number in range(40):
                event(bill, key=f"n{number}")
        hearing_on(bills[0], starts_at=NOW + timedelta(hours=20), posted=NOW - timedelta(days=6), tell=False)
        HearingFactory(committee=committee, starts_at=NOW + timedelta(days=6), changed_at=NOW)
        start = threading.Barrier(4)

        def work():
            start.wait(20)
            try:
                for _turn in range(3):
                    send_notices(now=NOW)
            finally:
                connection.close()

        with ThreadPoolExecutor(4) as pool:
            for worker in [pool.submit(work) for _worker in range(4)]:
                worker.result()
        send_notices(now=NOW)
        assert Notice.objects.filter(event__isnull=False, queued_at=NOW).count() == 12 * 240
        assert Notice.objects.filter(hearing__isnull=False, queued_at=NOW).count() == 12 * 2
        assert not Notice.objects.waiting().exists()
        told = [text_of(message) for message in mails_to(Follow.objects.order_by("pk").first().user.email)]
        assert sum("WITNESS SLIPS CLOSE SOON" in words for words in told) == 1

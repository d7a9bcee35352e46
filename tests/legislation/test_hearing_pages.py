"""The public pages of hearings, and what staff do about hearings."""

import json
import re
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from legislation.models import BillEvent, Hearing, RecordedSlip
from legislation.services.follow import follow
from legislation.services.hearings import refresh_pages_after_crossing
from partners.caching import empty_page_cache
from tests.factories.legislation import (
    BillFactory,
    BillTrackingFactory,
    CommitteeFactory,
    HearingDocumentFactory,
    HearingFactory,
    chicago,
)
from tests.factories.partners import CoalitionFactory, StaffFactory, UserFactory

pytestmark = pytest.mark.django_db

NOW = chicago(2026, 3, 3, 10)
LIST = "/hearings/"


@pytest.fixture(autouse=True)
def _coalition():
    CoalitionFactory()


@pytest.fixture(autouse=True)
def _tuesday_in_session():
    with time_machine.travel(NOW, tick=False):
        yield


def words(response) -> str:
    assert response.status_code == 200
    return re.sub(r"\s+", " ", response.content.decode())


class TestList:
    def test_from_today_on_the_soonest_first_with_the_state_of_slips(self, client):
        HearingFactory(starts_at=chicago(2026, 3, 2, 9), committee_name="Yesterday", committee=None)
        HearingFactory(starts_at=chicago(2026, 3, 10, 14), committee__name="Later")
        HearingFactory(starts_at=chicago(2026, 3, 3, 9), committee__name="This Morning")
        HearingFactory(starts_at=chicago(2026, 3, 4, 9), committee__name="Off", state="cancelled")
        HearingFactory(starts_at=chicago(2026, 3, 5, 9), committee__name="Replaced", state="moved")
        page = words(client.get(LIST)).partition('id="found"')[2]
        assert page.index("House This Morning") < page.index("House Off") < page.index("House Later")
        assert "Yesterday" not in page
        assert "Replaced" not in page
        assert "3 hearings from today on" in page
        assert "Slips may close any minute" in page
        assert "Cancelled: no slips" in page

    def test_filters(self, client):
        tracked, followed, plain = BillFactory.create_batch(3)
        BillTrackingFactory(bill=tracked)
        senate = CommitteeFactory(name="Appropriations", chamber="upper", slug="senate-appropriations")
        for name, bill, fields in (
            ("A", tracked, {}),
            ("B", followed, {"chamber": "upper", "committee": senate}),
            ("C", plain, {"posted_at": NOW + timedelta(days=1)}),
        ):
            hearing = HearingFactory(
                **({"starts_at": chicago(2026, 3, 5, 14), "location": f"Room {name}"} | fields)
            )
            HearingDocumentFactory(hearing=hearing, bill=bill)
        user = UserFactory()
        follow(user=user, target=followed)

        def rooms(**query) -> list[str]:
            return re.findall(r"Room (\w)", words(client.get(LIST, query)))

        assert rooms() == ["A", "B", "C"]
        assert rooms(chamber="upper") == ["B"]
        assert rooms(committee="senate-appropriations") == ["B"]
        assert rooms(bills="tracked") == ["A"]
        assert rooms(slips="open") == ["A", "B"]
        assert rooms(bills="followed") == []
        assert rooms(chamber="nonsense", bills="x", committee="\x00") == ["A", "B", "C"]
        client.force_login(user)
        assert rooms(bills="followed") == ["B"]

    def test_what_the_filter_calls_open_is_what_the_window_calls_open(self, client):
        from legislation.slip_windows import slip_window

        starts = [NOW + timedelta(hours=hours) for hours in (-30, -11, -3, -1, 0.5, 2, 20, 100)]
        for start in starts:
            for chamber in ("lower", "upper", "joint"):
                for ended in (None, NOW - timedelta(minutes=5), NOW + timedelta(hours=1)):
                    HearingFactory(
                        starts_at=start,
                        chamber=chamber,
                        ended_at=ended,
                        posted_at=None,
                        committee=None,
                        committee_name="x",
                    )
                HearingFactory(starts_at=start, chamber=chamber, posted_at=NOW + timedelta(minutes=1))
            for state in ("cancelled", "moved"):
                HearingFactory(starts_at=start, state=state)
            HearingFactory(starts_at=start, state="moved", moved_from=start - timedelta(days=2))
        by_window = {hearing.pk for hearing in Hearing.objects.all() if slip_window(hearing, NOW).is_open}
        assert set(Hearing.objects.slips_open(NOW).values_list("pk", flat=True)) == by_window
        assert by_window

    def test_a_bill_taken_off_the_notice_is_not_listed(self, client):
        hearing = HearingFactory(starts_at=chicago(2026, 3, 10, 14))
        HearingDocumentFactory(hearing=hearing, removed_at=NOW, bill__identifier="HB77", bill__number=77)
        assert "HB 77" not in words(client.get(LIST))

    def test_empty_lists_say_what_to_do(self, client):
        assert "No hearing is posted" in words(client.get(LIST))
        assert "No hearing matches" in words(client.get(LIST, {"chamber": "upper"}))

    @pytest.mark.parametrize("hearings", [1, 20])
    def test_it_takes_the_same_queries_for_any_number(self, client, hearings, django_assert_num_queries):
        for hearing in HearingFactory.create_batch(hearings, starts_at=chicago(2026, 3, 10, 14)):
            HearingDocumentFactory.create_batch(2, hearing=hearing)
        empty_page_cache()
        with django_assert_num_queries(5):
            client.get(LIST)


class TestMonth:
    def path(self, year: int = 2026, month: int = 3) -> str:
        return reverse("legislation:hearing_month", args=[year, month])

    def test_a_table_of_weeks_and_the_same_as_a_list(self, client):
        hearings = [
            HearingFactory(starts_at=chicago(2026, 3, 10, hour), committee__name=f"At {hour}")
            for hour in range(8, 15)
        ]
        HearingFactory(starts_at=chicago(2026, 3, 31, 23, 30), committee__name="Late")
        HearingFactory(starts_at=chicago(2026, 4, 1, 0, 30), committee__name="Next Month")
        page = words(client.get(self.path()))
        assert "8 committee hearings." in page
        assert "3 more" in page
        assert 'href="#day-10"' in page
        assert 'id="day-10"' in page
        assert "House Late" in page
        assert "Next Month" not in page
        assert page.count(hearings[0].get_absolute_url()) == 2
        assert page.count(hearings[6].get_absolute_url()) == 1
        assert '<th scope="col"><abbr title="Sunday">Sun</abbr></th>' in page
        assert self.path(2026, 2) in page
        assert self.path(2026, 4) in page

    def test_an_empty_month_says_so(self, client):
        assert "No hearing in this month" in words(client.get(self.path(2026, 7)))

    @pytest.mark.parametrize(
        "path", ["/hearings/2026/13/", "/hearings/2026/0/", "/hearings/1999/1/", "/hearings/2101/1/"]
    )
    def test_there_is_an_end_to_months(self, client, path):
        assert client.get(path).status_code == 404

    def test_the_first_and_last_month_lead_nowhere_else(self, client):
        assert "/hearings/1999/" not in words(client.get(self.path(2000, 1)))
        assert "/hearings/2101/" not in words(client.get(self.path(2100, 12)))

    @pytest.mark.parametrize("hearings", [1, 20])
    def test_it_takes_the_same_queries_for_any_number(self, client, hearings, django_assert_num_queries):
        HearingFactory.create_batch(hearings, starts_at=chicago(2026, 3, 10, 14))
        empty_page_cache()
        with django_assert_num_queries(2):
            client.get(self.path())


class TestHearing:
    def test_everything_about_it(self, client, settings):
        settings.ILGA_SLIP_URL = "https://legislature.example/slip/{hearing}"
        hearing = HearingFactory(
            key="lower:15597",
            starts_at=chicago(2026, 3, 10, 14),
            posted_at=NOW,
            committee=CommitteeFactory(name="Human Services"),
            subject="Waiting lists.",
        )
        bill = BillFactory(identifier="HB1075", number=1075)
        BillTrackingFactory(bill=bill, plain_title="Keep porches safe")
        HearingDocumentFactory(hearing=hearing, bill=bill)
        HearingDocumentFactory(hearing=hearing, bill=bill, amendment="House Amendment 1")
        HearingDocumentFactory(hearing=hearing, bill=None, identifier="SB0007")
        for number, (position, amendment) in enumerate(
            [("proponent", "")] * 3 + [("opponent", "")] + [("no_position", "House Amendment 1")]
        ):
            RecordedSlip.objects.create(
                bill=bill,
                hearing=hearing,
                amendment=amendment,
                position=position,
                name=f"Person {number}",
                committee_name="Human Services",
                scheduled_at=hearing.starts_at,
                imported_at=NOW,
            )
        page = words(client.get(hearing.get_absolute_url()))
        for part in (
            "House Human Services",
            "Tuesday, March 10, 2026, 2:00 p.m.",
            "Room 114, Capitol, Springfield",
            "Keep porches safe",
            "We support",
            "HB 1075, House Amendment 1",
            "Waiting lists.",
            "Slips open",
            "open at least until the start",
            "Starts in",
            "https://legislature.example/slip/15597",
            "we never file for you",
            "SB 0007",
        ):
            assert part in page
        rows = re.findall(
            r'<td class="num">(\d+)</td>\s*<td class="num">(\d+)</td>\s*<td class="num">(\d+)</td>', page
        )
        assert rows == [("3", "1", "0"), ("0", "0", "1"), ("0", "0", "0")]

    def test_the_words_follow_the_clock_though_pages_are_stored(self, client):
        hearing = HearingFactory(starts_at=NOW + timedelta(hours=2), posted_at=NOW - timedelta(days=5))
        path = hearing.get_absolute_url()
        assert "Slips open" in words(client.get(path))
        with time_machine.travel(NOW + timedelta(hours=2, minutes=1), tick=False):
            assert "Slips may close any minute" in words(client.get(path))
        with time_machine.travel(NOW + timedelta(days=1), tick=False):
            assert "Slips closed" in words(client.get(path))

    def test_where_no_slip_is_on_record_it_claims_no_count(self, client):
        hearing = HearingDocumentFactory(hearing__starts_at=chicago(2026, 3, 10, 14)).hearing
        page = words(client.get(hearing.get_absolute_url()))
        assert "No slip for this hearing is in our records yet." in page
        assert "Against" not in page

    def test_the_senate_counts_down_to_the_end_of_the_day(self, client):
        hearing = HearingFactory(
            chamber="upper", committee=None, committee_name="Education", starts_at=NOW + timedelta(hours=2)
        )
        page = words(client.get(hearing.get_absolute_url()))
        assert "closes today" in page
        assert "11:59 p.m." in page

    def test_moved_cancelled_and_over(self, client):
        moved = HearingFactory(starts_at=chicago(2026, 3, 6, 14), moved_from=chicago(2026, 3, 9, 14))
        assert "Did you file for the earlier day?" in words(client.get(moved.get_absolute_url()))
        off = HearingFactory(starts_at=chicago(2026, 3, 10, 14), state="cancelled")
        page = words(client.get(off.get_absolute_url()))
        assert "does not take place" in page
        assert "File at the General Assembly" not in page
        over = HearingFactory(starts_at=chicago(2026, 3, 2, 14))
        assert "What was heard" in words(client.get(over.get_absolute_url()))

    def test_machines_read_an_event_that_nothing_can_break_out_of(self, client):
        hearing = HearingFactory(
            committee=None, committee_name="</script><script>alert(1)</script>", state="cancelled"
        )
        page = client.get(hearing.get_absolute_url()).content.decode()
        (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
        event = json.loads(block)
        assert event["eventStatus"] == "https://schema.org/EventCancelled"
        assert event["startDate"] == hearing.starts_at.isoformat()
        assert "<script>alert" not in page

    @pytest.mark.parametrize("documents", [1, 20])
    def test_it_takes_the_same_queries_for_any_number(self, client, documents, django_assert_num_queries):
        hearing = HearingFactory(starts_at=chicago(2026, 3, 10, 14))
        HearingDocumentFactory.create_batch(documents, hearing=hearing)
        empty_page_cache()
        with django_assert_num_queries(4):
            client.get(hearing.get_absolute_url())


@pytest.mark.parametrize(
    ("fields", "crosses"),
    [
        ({"starts_at": NOW}, True),
        ({"starts_at": NOW + timedelta(hours=1)}, True),
        ({"starts_at": NOW + timedelta(days=2), "posted_at": NOW - timedelta(seconds=30)}, True),
        ({"starts_at": NOW + timedelta(hours=3)}, False),
        ({"starts_at": NOW, "state": "cancelled"}, False),
    ],
)
def test_stored_pages_are_forgotten_when_a_window_changes(client, fields, crosses):
    hearing = HearingFactory(**({"posted_at": NOW - timedelta(days=5)} | fields))
    stored = client.get(LIST)
    Hearing.objects.filter(pk=hearing.pk).update(location="Elsewhere")
    refresh_pages_after_crossing(now=NOW)
    assert ("Elsewhere" in words(client.get(LIST))) is crosses
    assert stored.status_code == 200


def test_stored_pages_are_forgotten_at_midnight_after_a_day_of_hearings(client):
    HearingFactory(starts_at=NOW, location="Room 1")
    client.get(LIST)
    Hearing.objects.update(location="Elsewhere")
    refresh_pages_after_crossing(now=chicago(2026, 3, 4) + timedelta(seconds=30))
    assert "Room 1" not in words(client.get(LIST))


class TestStaff:
    @pytest.fixture
    def staff(self, client, settings):
        settings.STAFF_SECOND_FACTOR_REQUIRED = False
        client.force_login(StaffFactory())
        return client

    def test_the_end_closes_house_slips_at_once(self, staff, client):
        hearing = HearingFactory(starts_at=NOW - timedelta(hours=1))
        path = reverse("admin:legislation_hearing_ended", args=[hearing.pk])
        assert "Has this hearing ended?" in words(staff.get(path))
        staff.post(path)
        hearing.refresh_from_db()
        assert hearing.ended_at == NOW
        assert hearing.ended_by.is_staff
        client.logout()
        assert "Slips closed" in words(client.get(hearing.get_absolute_url()))

    def test_the_end_can_be_taken_back(self, staff):
        hearing = HearingFactory(starts_at=NOW - timedelta(hours=1), ended_at=NOW)
        staff.post(reverse("admin:legislation_hearing_goes_on", args=[hearing.pk]))
        hearing.refresh_from_db()
        assert (hearing.ended_at, hearing.ended_by) == (None, None)

    def test_what_has_not_begun_cannot_end(self, staff):
        hearing = HearingFactory(starts_at=NOW + timedelta(hours=1))
        page = words(staff.post(reverse("admin:legislation_hearing_ended", args=[hearing.pk]), follow=True))
        assert "It has not begun yet." in page
        hearing.refresh_from_db()
        assert hearing.ended_at is None

    def fields(self, **more) -> dict:
        return {
            "chamber": "lower",
            "committee": "",
            "committee_name": "",
            "starts_at_0": "2026-03-10",
            "starts_at_1": "14:00",
            "posted_at_0": "",
            "posted_at_1": "",
            "location": "Room 114",
            "documents": "",
            "subject": "",
            "number": "",
            "source_url": "",
        } | more

    def test_a_hearing_entered_by_hand_is_told_like_any_other(self, staff):
        bill = BillFactory(identifier="HB1075", number=1075)
        committee = CommitteeFactory(name="Human Services")
        response = staff.post(
            reverse("admin:legislation_hearing_add"),
            self.fields(
                committee=committee.pk, documents="HB 1075\nhb-1075, House Amendment 1\n", number="20123"
            ),
        )
        assert response.status_code == 302
        hearing = Hearing.objects.get()
        assert (hearing.key, hearing.starts_at, hearing.posted_at) == (
            "lower:20123",
            chicago(2026, 3, 10, 14),
            NOW,
        )
        assert hearing.committee == committee
        assert [document.label for document in hearing.documents.all()] == [
            "HB 1075",
            "HB 1075, House Amendment 1",
        ]
        event = BillEvent.objects.get()
        assert (event.bill, event.kind, event.is_news, event.hearing) == (
            bill,
            "hearing_posted",
            True,
            hearing,
        )

    def test_and_may_be_moved_and_cancelled(self, staff):
        BillFactory(identifier="HB1075", number=1075)
        staff.post(
            reverse("admin:legislation_hearing_add"),
            self.fields(committee_name="Select", documents="HB 1075"),
        )
        hearing = Hearing.objects.get()
        change = reverse("admin:legislation_hearing_change", args=[hearing.pk])
        page = words(staff.get(change))
        assert "HB 1075" in page
        assert "Slips open. The House closes slips when the hearing ends" in page
        same = self.fields(committee_name="Select", documents="HB 1075", starts_at_0="2026-03-11")
        assert staff.post(change, same).status_code == 302
        hearing.refresh_from_db()
        assert (hearing.starts_at, hearing.moved_from) == (chicago(2026, 3, 11, 14), chicago(2026, 3, 10, 14))
        staff.post(change, same | {"cancelled": "on"})
        hearing.refresh_from_db()
        assert hearing.state == "cancelled"
        assert list(BillEvent.objects.order_by("pk").values_list("kind", flat=True)) == [
            "hearing_posted",
            "hearing_moved",
            "hearing_cancelled",
        ]

    @pytest.mark.parametrize(
        ("fields", "reason"),
        [
            (
                {"committee_name": "Select", "documents": "Porches"},
                "does not begin with the number of a measure",
            ),
            ({}, "Choose the committee, or write its name."),
            ({"committee_name": "Select", "number": "12a"}, "The number has digits only."),
            ({"committee_name": "Select", "number": "15597"}, "in our records already"),
            ({"committee_name": "Select", "starts_at_0": ""}, "This field is required."),
        ],
    )
    def test_what_cannot_be_stored_says_why(self, staff, fields, reason):
        HearingFactory(key="lower:15597")
        page = words(staff.post(reverse("admin:legislation_hearing_add"), self.fields(**fields)))
        assert reason in page
        assert Hearing.objects.count() == 1

    @pytest.mark.parametrize("hearings", [1, 20])
    def test_the_list_takes_the_same_queries_for_any_number(self, staff, hearings, django_assert_num_queries):
        HearingFactory.create_batch(hearings, starts_at=chicago(2026, 3, 10, 14))
        path = reverse("admin:legislation_hearing_changelist")
        staff.get(path)
        with django_assert_num_queries(8):
            staff.get(path)

    def test_slips_on_record_are_read_only(self, staff):
        slip = RecordedSlip.objects.create(
            bill=BillFactory(),
            position="proponent",
            name="Pat Sample",
            committee_name="x",
            scheduled_at=NOW,
            imported_at=timezone.now(),
        )
        path = reverse("admin:legislation_recordedslip_change", args=[slip.pk])
        assert "Pat Sample" in words(staff.get(path))
        assert staff.post(path, {"name": "Somebody Else"}).status_code == 403
        assert staff.get(reverse("admin:legislation_recordedslip_add")).status_code == 403

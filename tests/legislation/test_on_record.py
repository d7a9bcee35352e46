"""Partners on record on a bill, and the requests that bring them there."""

import csv
import io
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from legislation.models import OrganizationPosition, PositionRequest, ZipCode
from legislation.pages.position_requests import ASK_AGAIN, REMIND_AFTER, Rule, candidates, requests_of
from legislation.services import asking
from legislation.services.asking import remind_of_requests, request_positions, write_position_requests
from mailing.models import OutboxMessage
from partners.errors import NotAllowed
from partners.models import Membership
from tests.factories.legislation import (
    BillFactory,
    BillTrackingFactory,
    CommitteeFactory,
    CommitteeMembershipFactory,
    LegislatorFactory,
    OrganizationPositionFactory,
    SponsorshipFactory,
)
from tests.factories.partners import (
    CoalitionFactory,
    MembershipFactory,
    OrganizationFactory,
    PersonFactory,
    StaffFactory,
    SubSectorFactory,
    UserFactory,
    member,
)
from tests.legislation.plans import inside, load_plan
from tests.partners.mails import link_in, mail_to, mails_to

pytestmark = pytest.mark.django_db
EVERY = range(1, 100_000)


def zip_of(house):
    """The ZIP code in the middle of a House district, where every district has one (`zips`)."""
    return f"62{house:03d}"


@pytest.fixture
def zips():
    """The sample plan, with a ZIP code in the middle of each House district: so each lies in one district only."""
    load_plan()
    for house in range(1, 119):
        lat, lng = inside(house)
        # A little off the middle: areas are drawn badly around points of a perfect grid.
        off = (house * 37 % 11 - 5) / 1000
        ZipCode.objects.create(
            zip_code=zip_of(house), city="Samplefield", latitude=lat + off, longitude=lng + off
        )


@pytest.fixture
def tracking():
    return BillTrackingFactory(bill=BillFactory(number=9075, title="SAMPLE-PORCH REPAIR"))


@pytest.fixture
def bill(tracking):
    return tracking.bill


@pytest.fixture
def staff():
    CoalitionFactory()
    return StaffFactory()


def address(bill, name="bill_positions"):
    return reverse(f"legislation:{name}", args=[bill.session, bill.identifier.lower()])


def text_of(response):
    assert response.status_code == 200
    return response.content.decode()


def partner(name="Hope House", contact=True, **facts):
    organization = OrganizationFactory(name=name, **facts)
    if contact:
        email = f"contact@{organization.slug}.example"
        MembershipFactory(organization=organization, person=PersonFactory(email=email))
    return organization


def ask(tracking, staff, rule=Rule.EVERYWHERE, organizations=EVERY, now=None):
    """Staff ask, and the worker writes."""
    asked = request_positions(
        tracking=tracking, rule=rule, organizations=organizations, by=staff, now=now or timezone.now()
    )
    write_position_requests()
    return asked


# --- The public page --------------------------------------------------------------------------------------------


class TestThePublicPage:
    def test_counts_by_stance_and_names_with_their_words(self, client, bill):
        for number, position in enumerate(["support"] * 3 + ["oppose"] + ["neutral"] * 2):
            OrganizationPositionFactory(bill=bill, position=position, statement=f"Reason {number}")
        OrganizationPositionFactory(position="support", organization__name="Of another bill")
        words = text_of(client.get(address(bill)))
        assert "organizations support it" in words
        assert "organization opposes it" in words
        assert "6 organizations in this list" in words
        assert "Reason 5" in words
        assert "Of another bill" not in words

    def test_only_active_listed_partners_with_a_position_that_holds(self, client, bill):
        OrganizationPositionFactory(bill=bill, organization__name="Named")
        OrganizationPositionFactory(bill=bill, organization__name="Unlisted", organization__is_listed=False)
        OrganizationPositionFactory(bill=bill, organization__name="Lapsed", organization__status="lapsed")
        OrganizationPositionFactory(
            bill=bill, organization__name="Proposing", state="proposed", decided_at=None
        )
        OrganizationPositionFactory(
            bill=bill, organization__name="Withdrawn", state="withdrawn", withdrawn_at=timezone.now()
        )
        words = text_of(client.get(address(bill)))
        assert "Named" in words
        assert "1 organization in this list" in words
        assert "1 more partner is on record" in words
        for hidden in ("Unlisted", "Lapsed", "Proposing", "Withdrawn"):
            assert hidden not in words
            assert hidden not in b"".join(client.get(address(bill, "bill_positions_csv"))).decode()

    def test_narrows_by_place_and_field(self, client, bill, zips):
        field = SubSectorFactory(slug="aging", name="Aging")
        here = OrganizationFactory(name="Hope House", zip_code=f"{zip_of(5)}-1234", sub_sectors=[field])
        there = OrganizationFactory(name="Far Porch", zip_code=zip_of(60))
        for organization in (here, there):
            OrganizationPositionFactory(bill=bill, organization=organization)
        for query in (
            {"area": here.area.slug},
            {"county": here.county.fips},
            {"field": "aging"},
            {"district": "house-5"},
            {"district": "senate-3"},
        ):
            words = text_of(client.get(address(bill), query))
            assert "Hope House" in words, query
            assert "Far Porch" not in words, query
        assert "No partner on record matches" in text_of(client.get(address(bill), {"position": "oppose"}))

    @pytest.mark.parametrize(
        "query",
        [
            {"district": "house-119"},
            {"district": "senate-"},
            {"district": "house-²"},
            {"area": "x" * 10_000},
            {"county": "\x00"},
            {"position": "<script>alert(1)</script>"},
            {"page": "-1"},
            {"page": "many"},
        ],
    )
    def test_nonsense_is_left_out(self, client, bill, query):
        OrganizationPositionFactory(bill=bill, organization__name="Hope House")
        words = text_of(client.get(address(bill), query))
        assert "Hope House" in words
        assert "<script>alert" not in words

    def test_their_words_are_only_words(self, client, bill):
        OrganizationPositionFactory(bill=bill, statement="<b>=1+1</b> שלום 🏠")
        assert "&lt;b&gt;=1+1&lt;/b&gt; שלום 🏠" in text_of(client.get(address(bill)))
        OrganizationPositionFactory(bill=bill, statement="=HYPERLINK(1)")
        rows = list(
            csv.reader(io.StringIO(b"".join(client.get(address(bill, "bill_positions_csv"))).decode()))
        )
        assert {row[2] for row in rows[1:]} == {"<b>=1+1</b> שלום 🏠", "'=HYPERLINK(1)"}

    @pytest.mark.parametrize("number", [1, 20])
    def test_takes_the_same_reads(self, client, bill, number, django_assert_num_queries):
        for _time in range(number):
            OrganizationPositionFactory(bill=bill, statement="Why")
        client.get(address(bill), {"page": "1"})
        with django_assert_num_queries(7):
            response = client.get(address(bill), {"page": "2"})
        assert len(response.content) < 60_000

    def test_history_is_for_staff(self, client, bill, settings):
        settings.STAFF_SECOND_FACTOR_REQUIRED = False
        OrganizationPositionFactory(
            bill=bill, organization__name="Changed its mind", state="withdrawn", withdrawn_at=timezone.now()
        )
        for user in (None, member(OrganizationFactory()), UserFactory(is_staff=True)):
            if user:
                client.force_login(user)
            assert "Changed its mind" not in text_of(client.get(address(bill)))
        client.force_login(StaffFactory())
        assert "Changed its mind" in text_of(client.get(address(bill)))

    def test_is_stored_and_emptied_with_a_new_position(self, bill):
        organization = OrganizationFactory(name="Hope House")
        contact = member(organization)
        assert "Hope House" not in text_of(Client().get(address(bill)))
        from legislation.services.positions import take_position

        take_position(organization=organization, bill=bill, position="support", by=contact)
        signed_in = Client()
        signed_in.force_login(contact)
        assert "Hope House" in text_of(signed_in.get(address(bill)))

    def test_other_spellings_and_unknown_bills(self, client, bill):
        moved = client.get(f"/bills/{bill.session}/{bill.identifier}/positions/")
        assert (moved.status_code, moved["Location"]) == (301, address(bill))
        assert client.get("/bills/104/hb999999/positions/").status_code == 404
        assert client.get(f"/bills/104/{'x' * 3000}/positions/").status_code == 404

    def test_the_bills_page_links_to_it(self, client, bill):
        OrganizationPositionFactory(bill=bill)
        assert address(bill) in text_of(client.get(bill.get_absolute_url()))


# --- Whom to ask ------------------------------------------------------------------------------------------------


class TestWhomToAsk:
    def names(self, bill, rule, now=None):
        return {row.partner.name: row.reason for row in candidates(bill, rule, now or timezone.now()).rows}

    def test_the_committees_districts(self, bill, zips):
        bill.committee = CommitteeFactory()
        bill.save()
        CommitteeMembershipFactory(
            committee=bill.committee, legislator=LegislatorFactory(district=5, name="Pat Sample")
        )
        CommitteeMembershipFactory(
            committee=bill.committee, legislator=LegislatorFactory(district=60, is_current=False)
        )
        partner("Hope House", zip_code=zip_of(5))
        partner("Far Porch", zip_code=zip_of(60))
        partner("Nowhere", zip_code="99999")
        found = self.names(bill, Rule.COMMITTEE)
        assert list(found) == ["Hope House"]
        assert "Pat Sample" in found["Hope House"]
        assert candidates(bill, Rule.COMMITTEE, timezone.now()).unplaced == 1

    def test_the_districts_of_those_who_do_not_sponsor(self, bill, zips):
        SponsorshipFactory(bill=bill, legislator=LegislatorFactory(district=5))
        LegislatorFactory(district=60)
        partner("Hope House", zip_code=zip_of(5))
        far = partner("Far Porch", zip_code="99999")
        # Its seat is nowhere we know; one of its people lives there.
        MembershipFactory(organization=far, role="viewer", person__zip_code=zip_of(60))
        assert list(self.names(bill, Rule.NOT_SPONSORS)) == ["Far Porch"]

    def test_not_those_who_spoke_were_asked_or_cannot_be_reached(self, bill, tracking, staff):
        on_record, waiting = partner("On record"), partner("Waiting")
        OrganizationPositionFactory(bill=bill, organization=on_record)
        OrganizationPositionFactory(bill=bill, organization=waiting, state="proposed", decided_at=None)
        partner("No contact", contact=False)
        partner("Lapsed", status="lapsed")
        partner("Asked lately")
        ask(tracking, staff)
        partner("Hope House")
        found = candidates(bill, Rule.EVERYWHERE, timezone.now())
        assert [row.partner.name for row in found.rows] == ["Hope House"]
        assert (found.with_position, found.asked_lately, found.without_contact) == (2, 1, 1)
        later = timezone.now() + ASK_AGAIN + timedelta(hours=1)
        assert set(self.names(bill, Rule.EVERYWHERE, later)) == {"Hope House", "Asked lately"}

    @pytest.mark.parametrize("number", [1, 20])
    def test_reads_stay_flat(self, bill, number, django_assert_num_queries):
        for _time in range(number):
            partner()
        with django_assert_num_queries(7):
            candidates(bill, Rule.EVERYWHERE, timezone.now())


# --- Asking -----------------------------------------------------------------------------------------------------


class TestAsking:
    def test_one_mail_to_each_primary_contact_as_a_notice(self, tracking, staff):
        organization = partner("Hope House")
        second = PersonFactory(email="second@hope.example")
        MembershipFactory(organization=organization, person=second)
        MembershipFactory(organization=organization, role="advocate", person__email="advocate@hope.example")
        rows = ask(tracking, staff)
        assert [(row.organization, row.times, row.asked_by) for row in rows] == [(organization, 1, staff)]
        assert mails_to("advocate@hope.example") == []
        assert set(OutboxMessage.objects.values_list("precedence", flat=True)) == {1}
        message = mail_to("second@hope.example")
        assert "HB 9075" in message["Subject"]
        assert link_in(message, "/asked/") == reverse(
            "my_legislation:position_asked", args=[organization.slug, tracking.bill_id]
        )
        for kind in ("plain", "html"):
            assert "Hope House" in message.get_body((kind,)).get_content()

    def test_a_name_with_line_breaks_writes_no_header(self, tracking, staff):
        organization = partner("Evil\r\nBcc: everybody@example.org <b>\u202e")
        ask(tracking, staff)
        message = mail_to(f"contact@{organization.slug}.example")
        assert message["Bcc"] is None
        assert "<b>" not in message.get_body(("html",)).get_content()

    def test_pressed_twice_asks_once(self, tracking, staff):
        partner()
        assert len(ask(tracking, staff)) == 1
        assert ask(tracking, staff) == []
        assert OutboxMessage.objects.count() == 1

    def test_only_those_that_staff_saw_and_did_not_leave_out(self, tracking, staff):
        chosen = partner("Chosen")
        partner("Left out")
        ask(tracking, staff, organizations={chosen.pk})
        assert [row.organization for row in PositionRequest.objects.all()] == [chosen]

    def test_asked_again_after_two_weeks_is_one_row(self, tracking, staff):
        partner()
        ask(tracking, staff, now=timezone.now() - ASK_AGAIN - timedelta(hours=1))
        ask(tracking, staff)
        assert PositionRequest.objects.get().times == 2

    def test_refusals(self, tracking, staff):
        partner()
        for person in (UserFactory(is_staff=True), member(OrganizationFactory())):
            with pytest.raises(NotAllowed):
                ask(tracking, person)
        tracking.is_public = False
        tracking.save()
        with pytest.raises(NotAllowed, match="not public"):
            ask(tracking, staff)
        tracking.is_public = True
        tracking.save()
        tracking.bill.stage = "dead"
        tracking.bill.save()
        with pytest.raises(NotAllowed, match="Nothing can change"):
            ask(tracking, staff)
        assert OutboxMessage.objects.count() == 0

    def test_reminders_go_to_those_who_have_not_answered(self, tracking, staff):
        silent, spoke = partner("Silent"), partner("Spoke")
        before = timezone.now() - REMIND_AFTER - timedelta(hours=1)
        ask(tracking, staff, now=before)
        OrganizationPositionFactory(bill=tracking.bill, organization=spoke)
        found = requests_of(tracking.bill, timezone.now())
        assert (found.answered, found.silent, found.due) == (1, 1, 1)
        assert [
            row.organization for row in remind_of_requests(tracking=tracking, by=staff, now=timezone.now())
        ] == [silent]
        assert remind_of_requests(tracking=tracking, by=staff, now=timezone.now()) == []
        write_position_requests()
        assert "Reminder" in mail_to(f"contact@{silent.slug}.example")["Subject"]
        assert len(mails_to(f"contact@{spoke.slug}.example")) == 1

    def test_nobody_gets_more_than_three(self, tracking, staff):
        partner()
        now = timezone.now()
        ask(tracking, staff, now=now)
        for number in range(1, 6):
            later = now + number * (REMIND_AFTER + timedelta(hours=1))
            remind_of_requests(tracking=tracking, by=staff, now=later)
            write_position_requests()
        assert OutboxMessage.objects.count() == 3

    @pytest.mark.django_db(transaction=True)
    def test_two_staff_at_once_ask_once(self):
        CoalitionFactory()
        tracking, people = BillTrackingFactory(), [StaffFactory() for _number in range(2)]
        for number in range(5):
            partner(f"Partner {number}")

        def press(number):
            try:
                return len(ask(tracking, people[number % 2]))
            finally:
                connection.close()

        with ThreadPoolExecutor(4) as pool:
            assert sorted(pool.map(press, range(4))) == [0, 0, 0, 5]
        assert OutboxMessage.objects.count() == 5


class TestTheWorker:
    """What staff asked for waits in the rows; whoever breaks off leaves it for the next one."""

    @pytest.fixture
    def asked(self, tracking, staff):
        partners = [partner(f"Partner {number}") for number in range(5)]
        request_positions(
            tracking=tracking, rule=Rule.EVERYWHERE, organizations=EVERY, by=staff, now=timezone.now()
        )
        return partners

    def test_the_request_writes_no_mail_and_the_desk_says_how_many_wait(self, client, tracking, staff, asked):
        assert OutboxMessage.objects.count() == 0
        assert requests_of(tracking.bill, timezone.now()).to_write == 5
        write_position_requests()
        assert OutboxMessage.objects.count() == 5
        assert requests_of(tracking.bill, timezone.now()).to_write == 0
        assert write_position_requests() == 0
        assert OutboxMessage.objects.count() == 5

    def test_broken_off_it_goes_on_and_nobody_gets_two(self, asked, monkeypatch):
        monkeypatch.setattr(asking, "REQUESTS_AT_A_TIME", 2)
        write = asking.queue_messages
        done = []

        def breaks_off(*, drafts):
            if len(done) == 1:
                raise SystemExit
            done.append(drafts)
            return write(drafts=drafts)

        monkeypatch.setattr(asking, "queue_messages", breaks_off)
        with pytest.raises(SystemExit):
            write_position_requests()
        assert OutboxMessage.objects.count() == 2
        monkeypatch.setattr(asking, "queue_messages", write)
        assert write_position_requests() == 3
        assert OutboxMessage.objects.values("to").distinct().count() == OutboxMessage.objects.count() == 5

    def test_who_answered_meanwhile_is_asked_nothing(self, tracking, asked):
        OrganizationPositionFactory(bill=tracking.bill, organization=asked[0])
        write_position_requests()
        assert OutboxMessage.objects.count() == 4

    def test_nobody_reads_of_a_bill_that_went_from_sight(self, tracking, asked):
        tracking.is_public = False
        tracking.save()
        write_position_requests()
        assert OutboxMessage.objects.count() == 0
        assert not PositionRequest.objects.to_write().exists()

    @pytest.mark.django_db(transaction=True)
    def test_two_workers_write_once(self, asked, monkeypatch):
        monkeypatch.setattr(asking, "REQUESTS_AT_A_TIME", 1)

        def work(_number):
            try:
                return write_position_requests()
            finally:
                connection.close()

        with ThreadPoolExecutor(3) as pool:
            assert sum(pool.map(work, range(3))) == 5
        assert OutboxMessage.objects.count() == 5


# --- The desk ---------------------------------------------------------------------------------------------------


class TestTheDesk:
    @pytest.fixture(autouse=True)
    def _password_is_enough(self, settings):
        settings.STAFF_SECOND_FACTOR_REQUIRED = False

    def page(self, tracking):
        return reverse("admin:legislation_billtracking_ask_partners", args=[tracking.pk])

    def test_shows_why_and_sends_once(self, client, tracking, staff):
        first, second = partner("Hope House"), partner("Second Home")
        client.force_login(staff)
        button = text_of(client.get(reverse("admin:legislation_billtracking_change", args=[tracking.pk])))
        assert self.page(tracking) in button
        words = text_of(client.get(self.page(tracking), {"rule": "everywhere"}))
        assert "2 partners would be asked" in words
        answers = {
            "rule": "everywhere",
            "shown": f"{first.pk},{second.pk},x,{'9' * 40}",
            "leave_out": [str(second.pk)],
        }
        for said in ("1 partner is asked", "no mail went out"):
            assert said in text_of(client.post(self.page(tracking), answers, follow=True))
        assert [row.organization for row in PositionRequest.objects.all()] == [first]
        assert "The mail to 1 partner is being written." in text_of(client.get(self.page(tracking)))
        write_position_requests()
        assert "is being written" not in text_of(client.get(self.page(tracking)))
        assert "Hope House" in text_of(client.get(reverse("admin:legislation_positionrequest_changelist")))

    def test_reminds(self, client, tracking, staff):
        partner()
        ask(tracking, staff, now=timezone.now() - timedelta(days=8))
        client.force_login(staff)
        assert "Remind this partner" in text_of(client.get(self.page(tracking)))
        assert "is reminded" in text_of(client.post(self.page(tracking), {"remind": "yes"}, follow=True))

    def test_needs_the_right(self, client, tracking):
        looker = UserFactory(is_staff=True)
        looker.user_permissions.add(Permission.objects.get(codename="view_billtracking"))
        client.force_login(looker)
        assert client.get(self.page(tracking)).status_code == 403
        assert client.post(self.page(tracking), {"rule": "everywhere", "shown": "1"}).status_code == 403

    @pytest.mark.parametrize("number", [1, 20])
    def test_reads_stay_flat(self, client, tracking, staff, number, django_assert_max_num_queries):
        for _time in range(number):
            partner()
        ask(
            tracking,
            staff,
            organizations=list(Membership.objects.values_list("organization", flat=True))[:10],
        )
        client.force_login(staff)
        with django_assert_max_num_queries(45):
            client.get(self.page(tracking), {"rule": "everywhere"})


# --- The partner's answer ---------------------------------------------------------------------------------------


class TestTheAnswer:
    @pytest.fixture
    def organization(self, tracking, staff):
        organization = partner("Hope House")
        ask(tracking, staff)
        return organization

    def page(self, organization, bill):
        return reverse("my_legislation:position_asked", args=[organization.slug, bill.pk])

    def test_one_step_for_the_primary_contact(self, client, organization, bill):
        client.force_login(member(organization))
        assert "Put it on record" in text_of(client.get(self.page(organization, bill)))
        answers = {"position": "support", "statement": "We live it."}
        for _time in range(2):  # A double click is one position.
            assert client.post(self.page(organization, bill), answers).status_code == 302
        row = OrganizationPosition.objects.get()
        assert (row.state, row.position, row.statement) == ("on_record", "support", "We live it.")

    def test_an_advocate_proposes(self, client, organization, bill):
        client.force_login(member(organization, "advocate"))
        client.post(self.page(organization, bill), {"position": "oppose"})
        assert OrganizationPosition.objects.get().state == "proposed"

    def test_nobody_else(self, client, organization, bill):
        client.force_login(member(organization, "viewer"))
        assert client.get(self.page(organization, bill)).status_code == 403
        assert client.post(self.page(organization, bill), {"position": "oppose"}).status_code == 403
        other = OrganizationFactory()
        client.force_login(member(other))
        assert client.post(self.page(organization, bill), {"position": "oppose"}).status_code == 404
        # Another organization was not asked about it.
        assert client.get(self.page(other, bill)).status_code == 404
        assert not OrganizationPosition.objects.exists()

    @pytest.mark.parametrize(
        "answers",
        [{}, {"position": "love"}, {"position": "support", "statement": "x" * 10_000}],
    )
    def test_bad_answers_are_told(self, client, organization, bill, answers):
        client.force_login(member(organization))
        assert "There is a problem" in text_of(client.post(self.page(organization, bill), answers))
        assert not OrganizationPosition.objects.exists()

    def test_the_partners_page_says_that_we_asked(self, client, organization, bill):
        BillTrackingFactory()
        client.force_login(member(organization))
        words = text_of(client.get(reverse("my_legislation:positions", args=[organization.slug])))
        assert "We asked you on" in words
        assert self.page(organization, bill) in words

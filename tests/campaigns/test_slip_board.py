"""The board of a hearing: pledged, reported, on record, missing; reminders; and “Did you file?” afterwards."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.core import signing
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from campaigns.models import ActionTaken
from campaigns.services.errors import StateError
from campaigns.services.slip_reminders import missing_slips, remind_missing, report_late
from campaigns.slip_board import board_of
from campaigns.slip_tokens import SALT, filing_token
from legislation.models import Hearing, RecordedSlip, ReportedSlip
from mailing.models import OutboxMessage
from mailing.services import suppress
from tests.campaigns.slip_scene import listed, mailed, said, slip_call
from tests.factories.legislation import HearingDocumentFactory
from tests.factories.partners import MembershipFactory, OrganizationFactory, StaffFactory

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _password_is_enough(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def call():
    return slip_call()


def document_of(call):
    return call.slip_asks.get().document


def board(call):
    return board_of(Hearing.objects.get(pk=call.hearing_id), timezone.now())


def the_one(call):
    (document,) = board(call).documents
    return document


class TestNumbers:
    def test_told_and_listed_stand_side_by_side(self, call):
        document = document_of(call)
        kept, missing, only_filed = said(call), said(call), said(call, pledged=False, filed=True)
        listed(document, kept.organization)
        unannounced = OrganizationFactory()
        listed(document, unannounced, position="opponent")
        listed(document, OrganizationFactory(), position="no_position")
        listed(document, missing.organization, state="doubtful", name="A")
        listed(document, missing.organization, state="rejected", name="B")
        found = the_one(call)
        names = lambda rows: {row.organization for row in rows}  # noqa: E731
        assert names(found.pledged) == {kept.organization, missing.organization}
        assert names(found.reported) == {only_filed.organization}
        assert names(found.kept) == {kept.organization}
        assert names(found.missing) == {missing.organization, only_filed.organization}
        assert names(found.opponents) == {unannounced}
        assert len(found.no_position) == 1
        assert len(found.unannounced) == 2
        assert found.listed == {"proponent": 3, "opponent": 1, "no_position": 1}
        assert board(call).doubtful == 1
        assert found.sentence == "1 of 3 that pledged or reported are on record, these 2 are not."

    def test_several_people_of_a_partner_are_one(self, call):
        organization = OrganizationFactory()
        for _one in range(3):
            said(call, membership=MembershipFactory(organization=organization), filed=True)
        found = the_one(call)
        assert len(found.pledged) == len(found.reported) == len(found.expected) == 1

    def test_another_position_is_on_record_and_told_apart(self, call):
        slip = said(call)
        listed(document_of(call), slip.organization, position="opponent")
        found = the_one(call)
        assert not found.missing
        assert [row.organization for row in found.otherwise] == [slip.organization]

    def test_people_for_themselves_are_no_partner(self, call):
        said(call, own=True, filed=True)
        found = the_one(call)
        assert (found.own_pledged, found.own_reported, found.rows) == (1, 1, [])

    def test_a_bill_and_its_amendment_stay_apart(self, call):
        amendment = HearingDocumentFactory(
            hearing=call.hearing, bill=call.bill, amendment="House Amendment 1"
        )
        slip = said(call)
        listed(amendment, slip.organization)
        bill, other = board(call).documents
        assert [row.organization for row in bill.missing] == [slip.organization]
        assert [row.organization for row in other.unannounced] == [slip.organization]

    def test_slips_of_an_earlier_day_do_not_count(self, call):
        old = timezone.localdate(call.hearing.starts_at) - DAY
        slip, again = said(call, posting_on=old), said(call, posting_on=old)
        said(call, membership=again.person.memberships.get())
        listed(document_of(call), slip.organization, scheduled_at=call.hearing.starts_at - DAY)
        found = board(call)
        assert found.file_again == 1
        assert [row.organization for row in found.documents[0].rows] == [again.organization]
        assert found.documents[0].listed == {}

    def test_sentences_for_one_for_all_for_none(self, call):
        assert "No partner has pledged" in the_one(call).sentence
        slip = said(call)
        assert (
            the_one(call).sentence == "1 partner pledged or reported a slip. The official list is not in yet."
        )
        listed(document_of(call), OrganizationFactory())
        assert the_one(call).sentence == "0 of 1 that pledged or reported are on record, this 1 is not."
        listed(document_of(call), slip.organization)
        assert the_one(call).sentence == "All 1 partners that pledged or reported are on record."

    def test_by_council_each_partner_once(self, call):
        HearingDocumentFactory(hearing=call.hearing, bill=call.bill, amendment="House Amendment 1")
        slip = said(call)
        ReportedSlip.objects.create(
            person=slip.person,
            organization=slip.organization,
            document=call.hearing.documents.get(amendment="House Amendment 1"),
            posting_on=slip.posting_on,
            position="proponent",
            filed_at=timezone.now(),
            consent_text="x",
        )
        (line,) = board(call).areas
        assert (line.label, line.pledged, line.reported, line.missing) == (
            slip.organization.area.name,
            1,
            1,
            1,
        )
        assert board(call).districts == []  # No district plan is loaded here.

    @pytest.mark.parametrize("number", [1, 20])
    def test_as_many_queries_for_one_as_for_twenty(self, call, number, django_assert_num_queries):
        for _one in range(number):
            listed(document_of(call), said(call).organization)
            listed(document_of(call), OrganizationFactory())
        hearing = Hearing.objects.get(pk=call.hearing_id)
        board_of(hearing, timezone.now())
        with django_assert_num_queries(11):
            board_of(hearing, timezone.now())


class TestReminder:
    def test_goes_to_those_missing_and_to_nobody_on_record(self, call):
        pledged, filed, recorded, own = said(call), said(call, filed=True), said(call), said(call, own=True)
        listed(document_of(call), recorded.organization)
        assert remind_missing(hearing=call.hearing, now=timezone.now()) == 2
        assert mailed("Still time") == sorted([pledged.person.email, filed.person.email])
        assert own.person.email not in mailed()
        for slip, words in ((pledged, "not on the official list yet"), (filed, "we do not find it")):
            message = OutboxMessage.objects.get(to=slip.person.email)
            assert message.precedence == OutboxMessage.Precedence.NOTICE
            text = bytes(message.message).decode().replace("=\r\n", "").replace("\r\n", " ")
            assert words in text

    def test_at_most_once_in_twelve_hours(self, call):
        said(call)
        now = timezone.now()
        assert [
            remind_missing(hearing=call.hearing, now=now + timedelta(hours=hours)) for hours in (0, 11, 13)
        ] == [1, 0, 1]

    @pytest.mark.parametrize("what", ["over", "begun", "cancelled", "gone"])
    def test_never_after_the_window(self, call, what):
        said(call)
        moment = timezone.now()
        if what in {"over", "begun"}:
            moment = call.hearing.starts_at + (DAY if what == "over" else timedelta(seconds=1))
        else:
            Hearing.objects.update(state={"cancelled": "cancelled", "gone": "moved"}[what])
        with pytest.raises(StateError):
            remind_missing(hearing=call.hearing, now=moment)
        assert not OutboxMessage.objects.exists()

    def test_not_to_who_wants_no_mail(self, call):
        stopped, other = said(call), said(call)
        suppress(email=stopped.person.email, reason="unsubscribed")
        assert remind_missing(hearing=call.hearing, now=timezone.now()) == 1
        assert mailed() == [other.person.email]

    def test_neither_for_an_earlier_day_nor_of_a_partner_that_left(self, call):
        said(call, posting_on=timezone.localdate(call.hearing.starts_at) - DAY)
        left = said(call)
        left.organization.status = "left"
        left.organization.save()
        assert missing_slips(call.hearing) == []

    def test_header_injection_and_hostile_names(self, call):
        slip = said(call)
        slip.person.first_name = "Eve\r\nBcc: victim@example.com"
        slip.person.save()
        slip.organization.name = "<script>alert(1)</script> ‮اب😀"
        slip.organization.save()
        remind_missing(hearing=call.hearing, now=timezone.now())
        headers = bytes(OutboxMessage.objects.get().message).partition(b"\r\n\r\n")[0]
        assert b"Bcc" not in headers
        assert b"victim" not in headers

    @pytest.mark.django_db(transaction=True)
    def test_two_presses_at_once_write_once(self, call):
        people = [said(call).person.email for _one in range(5)]

        def press(_number):
            try:
                return remind_missing(hearing=call.hearing, now=timezone.now())
            finally:
                connection.close()

        with ThreadPoolExecutor(3) as pool:
            assert sorted(pool.map(press, range(3))) == [0, 0, 5]
        assert mailed("Still time") == sorted(people)


class TestPages:
    def address(self, call, name=""):
        return reverse(f"admin:legislation_hearing_slip_{name or 'board'}", args=[call.hearing_id])

    def test_staff_see_the_board_remind_and_take_the_table_along(self, client, call):
        missing = said(call)
        missing.organization.name = "=HYPERLINK(1) <b>Porch</b>"
        missing.organization.save()
        recorded = said(call)
        listed(document_of(call), recorded.organization)
        client.force_login(StaffFactory())
        page = client.get(self.address(call)).content.decode()
        assert "1 of 2 that pledged or reported are on record, this 1 is not." in page
        assert "&lt;b&gt;Porch" in page
        assert "<b>Porch" not in page
        assert "Remind 1 person" in page
        assert client.get(self.address(call, "remind")).status_code == 302
        assert not OutboxMessage.objects.exists()
        answer = client.post(self.address(call, "remind"), follow=True).content.decode()
        assert "1 person is reminded." in answer
        answer = client.post(self.address(call, "remind"), follow=True).content.decode()
        assert "was reminded within the last 12 hours" in answer
        assert mailed() == [missing.person.email]
        table = b"".join(client.get(self.address(call, "board_file")).streaming_content).decode()
        assert "'=HYPERLINK" in table
        assert recorded.organization.name in table

    def test_the_hearings_page_leads_there(self, client, call):
        client.force_login(StaffFactory())
        for name, args in (("change", [call.hearing_id]), ("changelist", [])):
            page = client.get(reverse(f"admin:legislation_hearing_{name}", args=args)).content.decode()
            assert ("Slip board" if args else "Slip windows open") in page
        answer = client.get(reverse("admin:legislation_hearing_slip_board", args=[call.hearing_id]))
        assert answer.status_code == 200

    def test_an_empty_board_and_one_that_is_gone(self, client, call):
        client.force_login(StaffFactory())
        assert "No partner has pledged" in client.get(self.address(call)).content.decode()
        call.hearing.documents.update(removed_at=timezone.now())
        assert "No document stands on this notice" in client.get(self.address(call)).content.decode()
        assert client.get(reverse("admin:legislation_hearing_slip_board", args=[999999])).status_code == 404

    def test_staff_without_the_rights_and_partners_stay_out(self, client, call):
        said(call)
        looker = StaffFactory(is_superuser=False)
        client.force_login(looker)
        for name in ("board", "board_file", "remind"):
            assert client.post(self.address(call, name)).status_code == 403
        for right in ("view_hearing", "view_calltoaction"):
            looker.user_permissions.add(Permission.objects.get(codename=right))
        page = client.get(self.address(call)).content.decode()
        assert "Slip board" in page
        assert "Remind" not in page
        assert client.post(self.address(call, "remind")).status_code == 403
        assert not OutboxMessage.objects.exists()


class TestDidYouFile:
    @pytest.fixture
    def over(self):
        """A call that closed when its hearing was over, and somebody's pledge."""
        call = slip_call(starts_in=-DAY, status="closed", outcome="Over.")
        return call, said(call)

    def test_asks_notes_once_and_counts_on_the_closed_call(self, client, over):
        call, slip = over
        address = reverse("campaigns:did_you_file", args=[filing_token(slip.person, call.hearing)])
        page = client.get(address).content.decode()
        assert "Yes, I filed it" in page
        assert slip.organization.name in page
        assert ReportedSlip.objects.get().filed_at is None
        for _press in range(2):
            answer = client.post(address, {"answer": "yes"}, follow=True)
            assert "We noted what you filed" in answer.content.decode()
        assert ReportedSlip.objects.get().filed_at
        action = ActionTaken.objects.get()
        assert (action.call_to_action, action.person, action.organization) == (
            call,
            slip.person,
            slip.organization,
        )

    def test_no_is_an_answer(self, client, over):
        call, slip = over
        address = reverse("campaigns:did_you_file", args=[filing_token(slip.person, call.hearing)])
        assert "We count no slip" in client.post(address, {"answer": "no"}).content.decode()
        assert not ActionTaken.objects.exists()
        assert ReportedSlip.objects.get().filed_at is None

    def test_links_that_are_forged_old_or_of_somebody_who_pledged_nothing(self, client, over):
        call, slip = over
        signer = signing.TimestampSigner(salt="other", sep=".")
        for token in ("x", signer.sign("1-1"), filing_token(slip.person, call.hearing)[:-2]):
            assert client.get(reverse("campaigns:did_you_file", args=[token])).status_code == 404
        old = signing.TimestampSigner(salt=SALT, sep=".")
        old.timestamp = lambda: signing.b62_encode(1_700_000_000)
        token = old.sign("1-1")
        assert client.get(reverse("campaigns:did_you_file", args=[token])).status_code == 410
        stranger = MembershipFactory().person
        address = reverse("campaigns:did_you_file", args=[filing_token(stranger, call.hearing)])
        assert "Nothing is open here" in client.post(address, {"answer": "yes"}, follow=True).content.decode()
        assert ReportedSlip.objects.get().filed_at is None

    def test_who_may_no_longer_name_the_partner_is_told_so(self, client, over):
        call, slip = over
        slip.person.memberships.update(ended_on=timezone.localdate())
        address = reverse("campaigns:did_you_file", args=[filing_token(slip.person, call.hearing)])
        answer = client.post(address, {"answer": "yes"})
        assert answer.status_code == 409
        assert "only its primary contacts" in answer.content.decode()
        assert not ActionTaken.objects.exists()

    def test_not_for_a_hearing_that_did_not_take_place(self, over):
        call, slip = over
        Hearing.objects.update(state="cancelled")
        with pytest.raises(StateError):
            report_late(
                person=slip.person, hearing=Hearing.objects.get(pk=call.hearing_id), now=timezone.now()
            )


def test_recorded_slips_of_others_are_no_partners(call):
    RecordedSlip.objects.create(
        bill=call.bill,
        hearing=call.hearing,
        committee_name="Porches",
        scheduled_at=call.hearing.starts_at,
        name="Somebody Else",
        position="opponent",
        imported_at=timezone.now(),
    )
    found = the_one(call)
    assert found.listed == {"opponent": 1}
    assert found.opponents == []

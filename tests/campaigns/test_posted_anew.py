"""A hearing that is off and was posted anew: whose slips must be filed again, who is told of it, and what pages say."""

from datetime import timedelta

import pytest
from django.utils import timezone

from campaigns.models import HearingNews, SlipAsk
from campaigns.services.hearing_news import tell_people
from legislation.models import Hearing
from mailing.models import OutboxMessage
from tests.campaigns.answering import content, mail_text
from tests.campaigns.slip_scene import mailed, said, slip_call
from tests.factories.campaigns import CallToActionFactory
from tests.factories.legislation import BillFactory, HearingDocumentFactory, HearingFactory
from tests.factories.partners import MembershipFactory, OrganizationFactory, member
from tests.factories.slips import ReportedSlipFactory

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def run(later=timedelta(0)):
    return tell_people(now=timezone.now() + later)


def posting(call, *bills, starts_in=8 * DAY, **facts):
    """The committee's new notice, on these bills or the call's own."""
    old = call.hearing
    usual = {
        "committee": old.committee,
        "committee_name": old.committee_name,
        "chamber": old.chamber,
        "starts_at": timezone.now() + starts_in,
    }
    new = HearingFactory(**(usual | facts))
    for bill in bills or [call.bill]:
        HearingDocumentFactory(hearing=new, bill=bill)
    return new


def call_off(hearing):
    Hearing.objects.filter(pk=hearing.pk).update(state="cancelled")


def of_bill(call, bill, membership=None):
    """Somebody's pledge on another bill before the same hearing."""
    membership = membership or MembershipFactory()
    return ReportedSlipFactory(
        person=membership.person,
        document=HearingDocumentFactory(hearing=call.hearing, bill=bill),
        filed_at=None,
        pledged_at=timezone.now(),
    )


class TestWhoIsTold:
    def test_each_hears_of_their_own_bill(self):
        call = slip_call()
        again, off = said(call, filed=True), of_bill(call, BillFactory())
        posting(call)
        call_off(call.hearing)
        run()
        assert mailed("File again") == [again.person.email]
        assert mailed("Cancelled") == [off.person.email]
        again.refresh_from_db()
        off.refresh_from_db()
        assert again.told_again_at
        assert off.told_again_at is None

    def test_two_bills_at_two_new_postings(self):
        call = slip_call()
        other = BillFactory()
        first, second = said(call), of_bill(call, other)
        posting(call, starts_in=8 * DAY)
        posting(call, other, starts_in=9 * DAY)
        call_off(call.hearing)
        run()
        assert mailed("File again") == sorted([first.person.email, second.person.email])
        assert mailed("Cancelled") == []

    def test_once_however_often_the_clock_comes(self):
        call = slip_call()
        said(call)
        posting(call)
        call_off(call.hearing)
        assert [run(), run(), run(timedelta(hours=5))] == [1, 0, 0]
        assert HearingNews.objects.count() == 1

    def test_a_bill_that_comes_onto_the_new_notice_later_is_told_too(self):
        call = slip_call()
        membership = MembershipFactory()
        late = BillFactory()
        said(call, membership=membership)
        of_bill(call, late, membership=membership)
        new = posting(call)
        call_off(call.hearing)
        run()
        HearingDocumentFactory(hearing=new, bill=late)
        run()
        assert mailed("File again") == [membership.person.email] * 2
        last = mail_text(OutboxMessage.objects.filter(subject__startswith="File again").latest("pk"))
        assert late.label in last
        assert call.bill.label not in last

    def test_a_bill_that_comes_later_is_told_also_where_its_slip_was_marked_by_a_move_before(self):
        call = slip_call()
        membership = MembershipFactory()
        late = BillFactory()
        said(call, membership=membership)
        of_bill(call, late, membership=membership)
        Hearing.objects.filter(pk=call.hearing.pk).update(starts_at=timezone.now() + 4 * DAY)
        run()
        moved = len(mailed("File again"))
        new = posting(call)
        call_off(call.hearing)
        run(timedelta(minutes=1))
        HearingDocumentFactory(hearing=new, bill=late)
        run(timedelta(minutes=2))
        run(timedelta(minutes=3))
        assert len(mailed("File again")) == moved + 2
        assert late.label in mail_text(
            OutboxMessage.objects.filter(subject__startswith="File again").latest("pk")
        )

    def test_nobody_who_said_nothing_and_nobody_who_filed_there(self):
        call = slip_call()
        MembershipFactory()
        new = posting(call)
        slip = said(call, filed=True)
        done = CallToActionFactory(kind="slip", hearing=new, bill=call.bill)
        SlipAsk.objects.create(call_to_action=done, document=new.documents.get(), position="proponent")
        said(done, filed=True, membership=slip.person.memberships.get())
        call_off(call.hearing)
        run()
        assert not OutboxMessage.objects.exists()

    def test_never_after_the_new_hearing_began(self):
        call = slip_call()
        said(call)
        posting(call, starts_in=2 * DAY)
        call_off(call.hearing)
        assert run(2 * DAY + timedelta(minutes=1)) == 1
        assert mailed("File again") == []
        assert len(mailed("Cancelled")) == 1

    def test_a_third_posting_is_told_once_to_who_filed_for_the_second(self):
        call = slip_call()
        membership = MembershipFactory()
        said(call, filed=True, membership=membership)
        second = posting(call, starts_in=6 * DAY)
        call_off(call.hearing)
        run()
        again = CallToActionFactory(kind="slip", hearing=second, bill=call.bill)
        SlipAsk.objects.create(call_to_action=again, document=second.documents.get(), position="proponent")
        said(again, filed=True, membership=membership)
        posting(call, starts_in=9 * DAY)
        call_off(second)
        run()
        assert mailed("File again") == [membership.person.email] * 2

    def test_the_words_fit_a_posting_on_the_same_day(self):
        call = slip_call()
        said(call)
        new = posting(call, starts_in=3 * DAY + timedelta(minutes=5))
        Hearing.objects.filter(pk=new.pk).update(starts_at=call.hearing.starts_at + timedelta(minutes=5))
        call_off(call.hearing)
        run()
        text = mail_text(OutboxMessage.objects.get())
        assert "posted it anew" in " ".join(text.split())
        assert "another day" not in text


class TestWhatPagesSay:
    def standing(self, client, path="/my/slips/"):
        page = client.get(path)
        return [row[0] for row in page.context["to_do"]], content(page)

    def test_ones_own_slip_says_file_again_and_leads_to_the_new_posting(self, client):
        call = slip_call()
        user = member(OrganizationFactory())
        slip = said(call, filed=True, membership=user.person.memberships.get())
        client.force_login(user)
        call_off(call.hearing)
        assert self.standing(client)[0] == []
        new = posting(call)
        (found,), page = self.standing(client)
        assert (found.slip, found.state, found.posting) == (slip, "again", new)
        assert "The hearing was posted anew" in page
        assert f'href="{new.get_absolute_url()}"' in page
        assert "I did not file it" not in page
        followup = CallToActionFactory(kind="slip", hearing=new, bill=call.bill)
        SlipAsk.objects.create(call_to_action=followup, document=new.documents.get(), position="proponent")
        page = self.standing(client)[1]
        assert f'href="{followup.get_absolute_url()}"' in page
        assert "File again" in content(client.get(followup.get_absolute_url()))
        said(followup, membership=user.person.memberships.get())
        to_do, _page = self.standing(client)
        assert [found.slip.document.hearing for found in to_do] == [new]
        assert "posted anew after you told us" not in content(client.get(followup.get_absolute_url()))

    def test_the_organizations_people_read_it_too(self, client):
        call = slip_call()
        user = member(OrganizationFactory(slug="arden"))
        said(call, membership=user.person.memberships.get())
        posting(call)
        call_off(call.hearing)
        client.force_login(user)
        page = client.get("/my/organizations/arden/slips/")
        assert [found.state for found in page.context["standings"]] == ["again"]

    @pytest.mark.parametrize("what", ["over", "other chamber", "other bill", "long ago"])
    def test_what_is_no_new_posting(self, client, what):
        call = slip_call()
        user = member(OrganizationFactory())
        said(call, membership=user.person.memberships.get())
        if what == "over":
            posting(call, starts_in=-DAY)
        elif what == "other chamber":
            posting(call, chamber="upper")
        elif what == "other bill":
            posting(call, BillFactory())
        else:
            posting(call)
            Hearing.objects.filter(pk=call.hearing_id).update(starts_at=timezone.now() - 31 * DAY)
        call_off(call.hearing)
        client.force_login(user)
        assert self.standing(client)[0] == []

    @pytest.mark.parametrize("number", [1, 12])
    def test_queries(self, client, number, django_assert_max_num_queries):
        user = member(OrganizationFactory())
        client.force_login(user)
        for _number in range(number):
            call = slip_call()
            said(call, membership=user.person.memberships.get())
            posting(call)
            call_off(call.hearing)
        client.get("/my/slips/")
        with django_assert_max_num_queries(12):
            client.get("/my/slips/")

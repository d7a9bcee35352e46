"""The pledge to file a witness slip, made in a frame on a partner's site and confirmed from the mailbox."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from campaigns.embedding import frames_for
from campaigns.models import ActionTaken, CallToAction, UnconfirmedAction
from campaigns.services.actions import purge_unconfirmed
from campaigns.tokens import confirmation_token
from legislation.models import Hearing, HearingDocument, ReportedSlip
from mailing.models import OutboxMessage
from tests.campaigns.answering import content, mail_text
from tests.factories.partners import CoalitionFactory, MembershipFactory, OrganizationFactory, member
from tests.factories.slips import ReportedSlipFactory, asked, slip_call

pytestmark = pytest.mark.django_db

PLEDGE = {"first_name": "Maria", "last_name": "Gomez", "email": "maria@example.org", "zip_code": "60085"}


@pytest.fixture(autouse=True)
def partner():
    CoalitionFactory()
    return OrganizationFactory(name="Arden Shore", slug="arden-shore")


@pytest.fixture
def call():
    return slip_call(documents=2, consent_text="We keep what you tell us about your slip.")


@pytest.fixture
def foreign():
    """A browser that keeps no cookie from us and comes from the partner's site."""
    return Client(enforce_csrf_checks=True, headers={"origin": "https://ardenshore.example"})


def frame(call):
    return f"/embed/{call.slug}/?partner=arden-shore"


def confirm_link():
    return f"/take-action/confirm/{confirmation_token(UnconfirmedAction.objects.get())}/"


def pledged(client, call, **more):
    """Somebody pledges in the frame and confirms; the answer to their confirmation."""
    assert client.post(frame(call), PLEDGE | more).status_code == 302
    return client.post(confirm_link())


class TestTheWay:
    def test_the_frame_shows_the_hearing_what_to_file_and_a_form_without_script(self, foreign, call):
        response = foreign.get(frame(call))
        page = content(response)
        assert call.hearing.committee_title in page
        assert "at least until the start" in page
        for document in asked(call):
            assert document.label in page
        assert "I will file it" in page
        assert call.consent_text in page
        assert "Shared by Arden Shore." in page
        assert "<script" not in page
        assert "csrf" not in page
        assert 'name="testimony"' not in page
        assert len(response.content) < 15_000
        assert not response.cookies

    def test_from_the_frame_to_the_slip_and_every_step_credits_the_partner(self, foreign, call, partner):
        sent = foreign.post(frame(call), PLEDGE)
        assert sent["Location"] == f"/embed/{call.slug}/check-your-mail/?partner=arden-shore"
        page = content(foreign.get(sent["Location"]))
        assert f'href="{call.get_absolute_url()}?source=partner-arden-shore#guide"' in page
        assert "Shared by Arden Shore." in page
        assert not foreign.cookies
        assert not ReportedSlip.objects.exists()
        reader = Client()
        link = confirm_link()
        asked_page = content(reader.get(link))
        assert "I will file it" in asked_page
        assert "I filed it" not in asked_page
        assert all(document.label in asked_page for document in asked(call))
        assert not ReportedSlip.objects.exists()
        with time_machine.travel(timezone.now() + timedelta(hours=1), tick=False):
            answer = reader.post(link)
            moment = timezone.now()
        rows = ReportedSlip.objects.all()
        assert {row.document for row in rows} == set(asked(call))
        for row in rows:
            assert (row.person.email, row.organization, row.member_of) == (PLEDGE["email"], None, None)
            assert (row.pledged_at, row.filed_at) == (moment, None)
            assert (row.position, row.source_code) == ("proponent", "partner-arden-shore")
            assert row.consent_text == call.consent_text
        assert not ActionTaken.objects.exists()
        page = content(reader.get(answer["Location"]))
        assert "We noted that you will file" in page
        assert f"{call.get_absolute_url()}?source=partner-arden-shore#guide" in page
        reader.post(answer["Location"], {"answer": "yes"})
        action = ActionTaken.objects.get()
        assert (action.credited, action.source_code) == (partner, "partner-arden-shore")
        assert (
            ReportedSlip.objects.filter(filed_at__isnull=False, source_code="partner-arden-shore").count()
            == 2
        )
        assert "We noted what you filed" in content(reader.get(answer["Location"]))

    def test_the_guide_has_every_field_for_whoever_came_over_the_frame(self, client, call):
        page = content(client.get(f"{call.get_absolute_url()}?source=partner-arden-shore"))
        assert 'id="guide"' in page
        assert 'id="guide-representation"' in page
        assert 'name="source" value="partner-arden-shore"' in page

    def test_who_reports_later_without_the_frame_still_credits_it(self, client, call, partner):
        person = MembershipFactory(organization=OrganizationFactory()).person
        user = member(OrganizationFactory(), email=person.email + ".net")
        pledged(client, call, email=user.email)
        client.force_login(user)
        filed = {f"position_{document.pk}": "proponent" for document in asked(call)}
        client.post(call.get_absolute_url(), filed | {"testimony": "record", "behalf": "self"})
        assert ActionTaken.objects.get().credited == partner

    def test_a_strangers_guide_is_never_a_page_for_partners_only(self, client, call):
        sooner = slip_call(audience="partners")
        sooner.slip_asks.update(document=asked(call)[0])
        CallToAction.objects.filter(pk=sooner.pk).update(
            hearing=call.hearing, closes_at=call.closes_at - timedelta(hours=1)
        )
        page = content(client.get(pledged(client, call)["Location"]))
        assert f"{call.get_absolute_url()}?source=partner-arden-shore#guide" in page
        assert sooner.get_absolute_url() not in page

    def test_the_partner_sees_how_many_pledged(self, client, call, partner):
        pledged(client, call)
        (found,) = frames_for(partner, now=timezone.now())
        assert (found.brought, found.pledged) == (0, 1)
        client.force_login(member(partner))
        page = content(client.get("/my/organizations/arden-shore/embed/"))
        assert "1 person pledged a slip over your site." in page
        assert frames_for(OrganizationFactory(), now=timezone.now())[0].pledged == 0


class TestOnce:
    def test_the_link_opened_twice_and_two_clicks_pledge_once(self, client, call):
        client.post(frame(call), PLEDGE)
        link = confirm_link()
        first, second = client.post(link), client.post(link)
        assert "did-you-file" in first["Location"]
        assert "did-you-file" in second["Location"]
        assert "did-you-file" in client.get(link)["Location"]
        assert ReportedSlip.objects.count() == 2
        assert ReportedSlip.history.count() == 2

    def test_pledging_again_changes_nothing_and_tells_nobody_that_we_know_the_address(self, client, call):
        pledged(client, call)
        before = list(ReportedSlip.objects.values())
        again = client.post(frame(call), PLEDGE)
        assert again["Location"] == f"/embed/{call.slug}/check-your-mail/?partner=arden-shore"
        assert client.post(confirm_link()).status_code == 302
        assert list(ReportedSlip.objects.values()) == before

    def test_who_filed_before_pledges_nothing_and_reads_what_they_told(self, client, call):
        person = MembershipFactory(person__email=PLEDGE["email"]).person
        slip = ReportedSlipFactory(person=person, document=asked(call)[0])
        page = content(client.get(pledged(client, call)["Location"]))
        assert "We noted what you filed" in page
        slip.refresh_from_db()
        assert slip.pledged_at is None
        assert ReportedSlip.objects.count() == 1

    def test_a_pledge_takes_nothing_from_a_report_that_waits(self, client, call):
        report = {f"position_{document.pk}": "proponent" for document in asked(call)}
        client.post(call.get_absolute_url(), PLEDGE | report | {"testimony": "written"})
        client.post(frame(call), PLEDGE)
        client.post(confirm_link())
        assert ActionTaken.objects.count() == 1
        assert set(ReportedSlip.objects.values_list("testimony", flat=True)) == {"written"}

    def test_a_report_takes_the_place_of_a_pledge_that_waits(self, client, call):
        client.post(frame(call), PLEDGE)
        link = confirm_link()
        report = {f"position_{document.pk}": "proponent" for document in asked(call)}
        client.post(call.get_absolute_url(), PLEDGE | report | {"testimony": "record"})
        client.post(link)
        assert ReportedSlip.objects.filter(filed_at__isnull=False).count() == 2

    def test_a_report_after_a_pledge_gets_its_own_message_at_once(self, client, call):
        pledged(client, call)
        report = {f"position_{document.pk}": "proponent" for document in asked(call)}
        client.post(call.get_absolute_url(), PLEDGE | report | {"testimony": "record"})
        assert (
            OutboxMessage.objects.filter(to=PLEDGE["email"], subject__startswith="Please confirm").count()
            == 2
        )

    def test_what_was_typed_is_erased_with_the_pledge_and_the_rest_after_a_week(self, client, call):
        pledged(client, call)
        kept = UnconfirmedAction.objects.get()
        assert (kept.first_name, kept.last_name, kept.zip_code) == ("", "", "")
        assert purge_unconfirmed(now=timezone.now() + timedelta(days=8)) == 1

    def test_who_sends_the_form_again_has_a_whole_week(self, client, call):
        client.post(frame(call), PLEDGE)
        UnconfirmedAction.objects.update(created_at=timezone.now() - timedelta(days=6))
        client.post(frame(call), PLEDGE)
        assert purge_unconfirmed(now=timezone.now() + timedelta(days=2)) == 0


class TestWhoMay:
    def test_somebody_we_know_keeps_their_organization_of_that_time_and_names_nobody(self, client, call):
        membership = MembershipFactory(role="primary_contact")
        pledged(client, call, email=membership.person.email)
        row = ReportedSlip.objects.first()
        assert (row.person, row.organization, row.member_of) == (
            membership.person,
            None,
            membership.organization,
        )

    def test_a_login_is_never_looked_at(self, client, call, partner):
        client.force_login(member(partner))
        client.post(f"/embed/{call.slug}/", PLEDGE | {"behalf": str(partner.pk)})
        assert not ReportedSlip.objects.exists()
        client.post(confirm_link())
        assert set(ReportedSlip.objects.values_list("organization", "person__email")) == {
            (None, PLEDGE["email"])
        }

    def test_a_call_for_partners_takes_no_pledge_and_tells_nobody_what_it_asks(self, client):
        call = slip_call(audience="partners")
        page = content(client.get(frame(call)))
        assert 'name="email"' not in page
        assert asked(call)[0].bill.label not in page
        assert call.hearing.committee_name not in page
        assert client.post(frame(call), PLEDGE).status_code == 403
        assert not UnconfirmedAction.objects.exists()


class TestUntilWhen:
    @pytest.mark.parametrize("change", ["cancelled", "ended", "taken off", "hearing gone"])
    def test_nothing_is_pledged_for_what_is_off(self, client, call, change):
        client.post(frame(call), PLEDGE)
        link = confirm_link()
        if change == "cancelled":
            Hearing.objects.update(state="cancelled")
        elif change == "ended":
            Hearing.objects.update(
                starts_at=timezone.now() - timedelta(hours=3), ended_at=timezone.now() - timedelta(hours=1)
            )
        elif change == "taken off":
            HearingDocument.objects.update(removed_at=timezone.now())
        else:
            type(call).objects.update(hearing=None)
        page = content(client.get(frame(call)))
        assert 'name="email"' not in page
        assert client.post(frame(call), PLEDGE).status_code == 409
        assert client.post(link).status_code == 409
        assert not ReportedSlip.objects.exists()

    def test_a_call_that_closed_meanwhile(self, client, call):
        client.post(frame(call), PLEDGE)
        link = confirm_link()
        type(call).objects.update(status="closed")
        assert client.post(link).status_code == 410
        assert client.post(frame(call), PLEDGE).status_code == 410
        assert not ReportedSlip.objects.exists()

    def test_a_posting_that_is_not_open_yet_takes_pledges_and_no_reports(self, client):
        call = slip_call()
        Hearing.objects.update(posted_at=timezone.now() + timedelta(hours=6))
        answer = pledged(client, call)
        page = content(client.get(answer["Location"]))
        assert "We noted that you will file" in page
        assert "I filed it" not in page
        assert client.post(answer["Location"], {"answer": "yes"}).status_code == 409
        assert ReportedSlip.objects.get().filed_at is None

    def test_one_that_moved_before_it_was_confirmed_is_pledged_for_the_new_day(self, client, call):
        client.post(frame(call), PLEDGE)
        link = confirm_link()
        old = call.hearing.starts_at
        Hearing.objects.update(starts_at=old + timedelta(days=1), moved_from=old)
        client.post(link)
        day = timezone.localdate(old + timedelta(days=1))
        assert set(ReportedSlip.objects.values_list("posting_on", flat=True)) == {day}

    def test_the_consent_is_the_one_that_was_read(self, client, call):
        client.post(frame(call), PLEDGE)
        link = confirm_link()
        type(call).objects.update(consent_text="Something else.")
        client.post(link)
        assert ReportedSlip.objects.first().consent_text == "We keep what you tell us about your slip."


def test_the_message_names_nothing_that_was_typed(client, call):
    client.post(frame(call), PLEDGE)
    row = OutboxMessage.objects.get()
    assert row.to == PLEDGE["email"]
    assert "Gomez" not in mail_text(row)

"""The page of a call for witness slips: the guide, the pledge, and saying that one filed."""

from datetime import timedelta
from urllib.parse import quote

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from campaigns import kinds
from campaigns.models import ActionTaken, SlipAsk, UnconfirmedAction
from campaigns.services.actions import confirm_action, take_action
from campaigns.services.errors import AnswerRefused
from campaigns.tokens import confirmation_token
from legislation.models import ReportedSlip
from mailing.models import OutboxMessage
from mailing.tokens import recipient_token
from tests.campaigns.answering import content, delivery_to
from tests.factories.legislation import HearingDocumentFactory, HearingFactory, chicago
from tests.factories.partners import MembershipFactory, OrganizationFactory, member
from tests.factories.slips import ReportedSlipFactory, asked, slip_call

pytestmark = pytest.mark.django_db

STRANGER = {"first_name": "Maria", "last_name": "Gomez", "email": "maria@example.org"}


@pytest.fixture
def call():
    return slip_call()


@pytest.fixture
def partner():
    return OrganizationFactory(
        name="Porch & Beam Services",
        street="12 Oak Street",
        city="Peoria",
        zip_code="61602",
        phone="(309) 555-0100",
    )


@pytest.fixture
def contact(partner):
    """A signed-in primary contact."""
    return member(partner, first_name="Ana", last_name="Bell", title="Director", phone="(309) 555-0111")


def answer(call, **more):
    document = asked(call)[0]
    return {f"position_{document.pk}": "proponent", "testimony": "record"} | more


def signed_in(client, user):
    client.force_login(user)
    return client


def copied(response) -> dict[str, str]:
    return {field.name: field.value for field in response.context["copy_fields"]}


# --- The guide --------------------------------------------------------------------------------------------------


def test_the_page_says_what_to_file_where_and_until_when(client):
    hearing = HearingFactory(key="lower:15597", starts_at=timezone.now() + timedelta(days=2, hours=3))
    call = slip_call(hearing=hearing)
    page = content(client.get(call.get_absolute_url()))
    assert asked(call)[0].label in page
    assert "Proponent" in page
    assert "https://my.ilga.gov/Hearing/HearingDetail/15597" in page
    assert "The House closes slips when the hearing ends" in page
    assert "2 days" in page.replace("\xa0", " ")
    assert "we never file for you" in page


def test_the_fields_stand_in_the_order_of_the_official_form(client, call, contact):
    page = signed_in(client, contact).get(call.get_absolute_url())
    assert copied(page) == {
        "name": "Ana Bell",
        "address": "12 Oak Street",
        "city": "Peoria",
        "state": "IL",
        "zip": "61602",
        "firm": "Porch & Beam Services",
        "title": "Director",
        "email": contact.email,
        "phone": "(309) 555-0111",
        "representation": "Porch & Beam Services",
    }
    assert list(copied(page)) == [
        "name",
        "address",
        "city",
        "state",
        "zip",
        "firm",
        "title",
        "email",
        "phone",
        "representation",
    ]


def test_whoever_speaks_for_themself_is_self(client, call, contact):
    page = signed_in(client, contact).get(call.get_absolute_url(), {"as": "self"})
    fields = copied(page)
    assert (fields["firm"], fields["representation"], fields["address"]) == ("Self", "Self", "")
    assert fields["title"] == ""


def test_a_stranger_copies_from_empty_fields(client, call):
    fields = copied(client.get(call.get_absolute_url()))
    assert (fields["name"], fields["firm"], fields["email"]) == ("", "Self", "")


def test_the_guide_is_filled_for_ones_own_organizations_only(client, call, contact):
    other = OrganizationFactory(name="Somebody Else")
    page = signed_in(client, contact).get(call.get_absolute_url(), {"as": other.slug})
    assert "Somebody Else" not in content(page)
    second = MembershipFactory(person=contact.person, organization__name="Second Porch").organization
    page = client.get(call.get_absolute_url(), {"as": second.slug})
    assert copied(page)["firm"] == "Second Porch"


def test_an_advocate_is_told_who_may_name_the_organization(client, call, partner, contact):
    advocate = member(partner, role="advocate")
    page = signed_in(client, advocate).get(call.get_absolute_url())
    assert copied(page)["firm"] == "Self"
    assert "To name Porch &amp; Beam Services on a slip, you need its permission" in content(page)
    assert "Ana Bell" in content(page)
    assert "behalf" not in page.context["details"].fields


def test_a_link_from_a_mail_gives_no_phone_and_no_address_away(client, call, contact):
    delivery = delivery_to(call, contact.person)
    page = client.get(call.get_absolute_url(), {"r": recipient_token(delivery)})
    fields = copied(page)
    assert fields["name"] == "Ana Bell"
    assert fields["email"] == ""
    assert fields["phone"] == "(309) 555-0100"
    assert "(309) 555-0111" not in content(page)


def test_words_from_profiles_are_never_markup(client, call, partner, contact):
    partner.name = '"><script>alert(1)</script> שלום 🌱'
    partner.save()
    page = content(signed_in(client, contact).get(call.get_absolute_url()))
    assert "<script>alert" not in page
    assert "שלום 🌱" in page


# --- Pledging ---------------------------------------------------------------------------------------------------


def pledge_url(call):
    return reverse("campaigns:slip_pledge", args=[call.slug])


def test_a_pledge_is_no_action(client, call, contact, partner):
    signed_in(client, contact)
    response = client.post(pledge_url(call), {"behalf": partner.pk, "source": "newsletter"}, follow=True)
    row = ReportedSlip.objects.get()
    assert (row.organization, row.filed_at, row.source_code) == (partner, None, "newsletter")
    assert row.consent_text == call.consent_text
    assert not ActionTaken.objects.exists()
    assert "To file" in content(response)
    assert response.context["pledge"] is None


def test_a_pledge_is_remembered_in_the_form(client, call, contact):
    signed_in(client, contact).post(pledge_url(call), {"behalf": "self"})
    page = client.get(call.get_absolute_url())
    assert page.context["details"]["behalf"].initial == "self"
    assert copied(page)["firm"] == "Self"


def test_pressing_twice_pledges_once(client, call, contact, partner):
    for _time in range(2):
        signed_in(client, contact).post(pledge_url(call), {"behalf": partner.pk})
    assert ReportedSlip.objects.count() == 1


def test_over_an_alerts_link_one_pledges_without_a_login(client, call, contact):
    token = recipient_token(delivery_to(call, contact.person))
    response = client.post(pledge_url(call), {"behalf": "self", "r": token})
    assert ReportedSlip.objects.get().person == contact.person
    assert quote(token, safe="") in response["Location"] or token in response["Location"]


def test_strangers_and_followed_links_pledge_nothing(client, call, contact):
    assert client.post(pledge_url(call), {"behalf": "self"}).status_code == 302
    signed_in(client, contact)
    assert client.get(pledge_url(call)).status_code == 302
    assert not ReportedSlip.objects.exists()


def test_nobody_pledges_for_an_organization_they_do_not_speak_for(client, call, partner, contact):
    strange = OrganizationFactory()
    advocate = member(partner, role="advocate")
    for user, number in ((contact, strange.pk), (contact, "x" * 10_000), (contact, "")):
        signed_in(client, user).post(pledge_url(call), {"behalf": number})
        assert not ReportedSlip.objects.exists()
    # An advocate is not even asked: they pledge for themself.
    signed_in(client, advocate).post(pledge_url(call), {"behalf": partner.pk})
    assert ReportedSlip.objects.get().organization is None


def test_no_pledge_where_the_call_is_closed_or_for_others(client, contact):
    closed = slip_call(status="closed", outcome="Done.")
    signed_in(client, contact).post(pledge_url(closed), {"behalf": "self"})
    partners_only = slip_call(audience="partners")
    signed_in(client, member_of_nothing()).post(pledge_url(partners_only), {"behalf": "self"})
    assert not ReportedSlip.objects.exists()
    assert client.post("/take-action/no-such-call/pledge/").status_code == 404


def member_of_nothing():
    user = member(OrganizationFactory())
    user.person.memberships.update(ended_on=timezone.localdate())
    return user


# --- Filing -----------------------------------------------------------------------------------------------------


def test_a_primary_contact_reports_for_the_organization(client, call, contact, partner):
    signed_in(client, contact)
    response = client.post(call.get_absolute_url(), answer(call, behalf=partner.pk), follow=True)
    action, row = ActionTaken.objects.get(), ReportedSlip.objects.get()
    assert (row.person, row.organization) == (action.person, partner)
    assert (row.position, row.testimony) == ("proponent", "record")
    assert row.filed_at
    assert action.reference in content(response)
    assert "counted apart" in content(response)


def test_a_second_answer_updates_and_says_so(client, call, contact, partner):
    signed_in(client, contact).post(call.get_absolute_url(), answer(call, behalf=partner.pk))
    document = asked(call)[0]
    more = {f"position_{document.pk}": "no_position", "testimony": "oral"}
    response = client.post(call.get_absolute_url(), answer(call, behalf=partner.pk, **more), follow=True)
    row = ReportedSlip.objects.get()
    assert (row.position, row.testimony) == ("no_position", "oral")
    assert ActionTaken.objects.count() == 1
    assert "Your answer is up to date" in content(response)
    form = client.get(call.get_absolute_url()).context["details"]
    assert form[f"position_{document.pk}"].initial == "no_position"


def test_an_organization_that_is_not_ones_own_is_refused_in_words(client, call, partner, contact):
    strange = OrganizationFactory(name="Strange Porches")
    page = signed_in(client, contact).post(call.get_absolute_url(), answer(call, behalf=strange.pk))
    assert "you can name only organizations you speak for" in content(page)
    assert "Strange Porches" not in content(page)
    advocate = member(partner, role="advocate")
    signed_in(client, advocate).post(call.get_absolute_url(), answer(call, behalf=partner.pk))
    row = ReportedSlip.objects.get()
    assert (row.organization, row.member_of) == (None, partner)


def test_the_service_guards_what_a_form_would_let_through(call, partner):
    advocate = MembershipFactory(organization=partner, role="advocate")
    details = {"organization": partner.pk, "positions": {str(asked(call)[0].pk): "proponent"}}
    with pytest.raises(AnswerRefused, match="primary contacts"):
        take_action(call_to_action=call, person=advocate.person, details=details, verified="login")
    assert not ActionTaken.objects.exists()


def test_of_several_documents_each_is_answered(client, contact, partner):
    call = slip_call(documents=2)
    first, second = asked(call)
    signed_in(client, contact)
    page = client.get(call.get_absolute_url())
    assert page.context["details"][f"position_{first.pk}"].initial is None
    page = client.post(call.get_absolute_url(), {"behalf": partner.pk, "testimony": "record"})
    assert f"Choose what you filed on {first.label}." in content(page)
    none = {f"position_{document.pk}": "none" for document in (first, second)}
    page = client.post(call.get_absolute_url(), {"behalf": partner.pk, "testimony": "record"} | none)
    assert "at least one document" in content(page)
    half = none | {f"position_{first.pk}": "opponent"}
    client.post(call.get_absolute_url(), {"behalf": partner.pk, "testimony": "record"} | half)
    assert list(ReportedSlip.objects.values_list("document", "position")) == [(first.pk, "opponent")]


def test_a_stranger_reports_for_themself_once_they_confirmed(client, call):
    client.post(call.get_absolute_url(), answer(call, behalf="1", **STRANGER))
    waiting = UnconfirmedAction.objects.get()
    assert not ReportedSlip.objects.exists()
    token = confirmation_token(waiting)
    page = content(client.get(reverse("campaigns:action_confirm", args=[token])))
    assert "Proponent" in page
    assert "Myself" in page
    assert "I filed it" in page
    client.post(reverse("campaigns:action_confirm", args=[token]))
    row = ReportedSlip.objects.get()
    assert (row.person.email, row.organization) == ("maria@example.org", None)
    assert row.filed_at
    assert OutboxMessage.objects.filter(subject__startswith="Thank you").count() == 1


def test_a_hearing_cancelled_before_the_stranger_confirmed_is_said_in_words(client, call):
    client.post(call.get_absolute_url(), answer(call, **STRANGER))
    token = confirmation_token(UnconfirmedAction.objects.get())
    call.hearing.state = "cancelled"
    call.hearing.save()
    response = client.post(reverse("campaigns:action_confirm", args=[token]))
    assert response.status_code == 409
    assert "cancelled" in content(response)
    with pytest.raises(AnswerRefused):
        confirm_action(token=token)
    assert not ReportedSlip.objects.exists()


@pytest.mark.parametrize("posting", ["", "1999-01-01x", "x" * 10_000, "🌱", "\x00"])
def test_a_day_that_makes_no_sense_is_not_the_visitors_mistake(client, call, contact, posting):
    signed_in(client, contact).post(call.get_absolute_url(), answer(call, behalf="self", posting_on=posting))
    if "\x00" not in posting:
        assert ReportedSlip.objects.get().posting_on == timezone.localdate(call.hearing.starts_at)


@pytest.mark.parametrize(
    "bad", ["x" * 10_000, "<b>proponent</b>", "שלום 🌱", "proponent\r\nBcc: a@example.org"]
)
def test_bad_answers_are_refused_at_the_field(client, call, contact, bad):
    document = asked(call)[0]
    sent = {f"position_{document.pk}": bad, "testimony": bad, "behalf": bad}
    page = signed_in(client, contact).post(call.get_absolute_url(), sent)
    assert page.status_code == 200
    assert "<b>proponent" not in content(page)
    assert not ReportedSlip.objects.exists()


# --- The posting ------------------------------------------------------------------------------------------------


def test_a_hearing_that_moved_asks_to_file_again(client, call, contact):
    signed_in(client, contact).post(call.get_absolute_url(), answer(call, behalf="self"))
    hearing = call.hearing
    hearing.moved_from, hearing.state = hearing.starts_at, "moved"
    hearing.starts_at += timedelta(days=2)
    hearing.save()
    page = content(client.get(call.get_absolute_url()))
    assert "That slip does not count for the new day" in page
    client.post(call.get_absolute_url(), answer(call, behalf="self"))
    assert ReportedSlip.objects.filed().count() == 2
    assert ActionTaken.objects.count() == 1
    assert "That slip does not count for the new day" not in content(client.get(call.get_absolute_url()))


def test_an_answer_that_was_on_its_way_when_the_hearing_moved_is_for_the_old_day(client, call, contact):
    hearing = call.hearing
    day = timezone.localdate(hearing.starts_at)
    hearing.moved_from, hearing.state = hearing.starts_at, "moved"
    hearing.starts_at += timedelta(days=2)
    hearing.save()
    sent = answer(call, behalf="self", posting_on=day.isoformat())
    signed_in(client, contact).post(call.get_absolute_url(), sent)
    assert ReportedSlip.objects.get().posting_on == day
    elsewhere = (day - timedelta(days=90)).isoformat()
    page = client.post(call.get_absolute_url(), answer(call, behalf="self", posting_on=elsewhere))
    assert page.status_code == 409
    assert "The hearing changed in the meantime" in content(page)


def test_after_the_window_there_is_nothing_to_file_but_it_can_be_told(client, contact):
    with time_machine.travel(chicago(2026, 3, 5, 8)):
        call = slip_call(
            hearing=HearingFactory(chamber="upper", starts_at=chicago(2026, 3, 5, 14)),
            closes_at=chicago(2026, 3, 7, 14),
        )
    with time_machine.travel(chicago(2026, 3, 6, 9), tick=False):
        signed_in(client, contact)
        page = content(client.get(call.get_absolute_url()))
        assert "The Senate took slips until the end of" in page
        assert "I will file it" not in page
        assert "File it at the General Assembly" not in page
        client.post(call.get_absolute_url(), answer(call, behalf="self"))
        assert ReportedSlip.objects.filed().count() == 1


def test_a_cancelled_hearing_takes_no_answers(client, call, contact):
    call.hearing.state = "cancelled"
    call.hearing.save()
    page = signed_in(client, contact).post(call.get_absolute_url(), answer(call, behalf="self"))
    assert page.status_code == 409
    assert "so no slips are taken" in content(page)
    assert not ActionTaken.objects.exists()


def test_a_call_without_its_hearing_does_not_break(client, call, contact):
    document = asked(call)[0]
    call.hearing = None
    call.save()
    page = signed_in(client, contact).get(call.get_absolute_url())
    assert page.status_code == 200
    page = client.post(
        call.get_absolute_url(),
        {"behalf": "self", f"position_{document.pk}": "proponent", "testimony": "record"},
    )
    assert page.status_code == 409
    assert not ReportedSlip.objects.exists()


# --- Before publishing ------------------------------------------------------------------------------------------


def problems(call):
    return " ".join(kinds.of(call).problems(call))


def test_what_is_missing_before_it_can_be_published(call):
    assert problems(call) == ""
    hearing, ask = call.hearing, call.slip_asks.get()
    ask.document.removed_at = timezone.now()
    ask.document.save()
    assert "does not stand on the hearing" in problems(call)
    call.slip_asks.all().delete()
    assert "which document" in problems(call)
    SlipAsk.objects.create(call_to_action=call, document=HearingDocumentFactory())
    assert "does not stand on the hearing" in problems(call)
    hearing.state = "moved"
    assert "another posting" in problems(call)
    hearing.state = "cancelled"
    assert "cancelled" in problems(call)
    hearing.state, hearing.starts_at = "scheduled", timezone.now() - timedelta(days=3)
    assert "over" in problems(call)
    call.hearing = None
    assert problems(call) == "Choose the hearing that the slips are for."


def test_as_many_queries_for_one_document_as_for_twenty(client, contact):
    signed_in(client, contact)
    counts = []
    for documents in (1, 20):
        call = slip_call(documents=documents)
        for document in asked(call):
            ReportedSlipFactory(person=contact.person, document=document)
        with CaptureQueriesContext(connection) as queries:
            client.get(call.get_absolute_url())
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_known_person_without_an_organization_files_for_themself(client, call):
    user = member_of_nothing()
    signed_in(client, user).post(call.get_absolute_url(), answer(call))
    row = ReportedSlip.objects.get()
    assert (row.person, row.organization, row.member_of) == (user.person, None, None)

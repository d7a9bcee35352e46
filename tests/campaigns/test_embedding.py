"""Calls in frames on partners' sites: only there may a page be framed, no login counts, the partner gets the credit."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.html import escape

from campaigns import kinds
from campaigns.embedding import frame_code
from campaigns.models import ActionTaken, CallToAction, UnconfirmedAction
from campaigns.services.actions import credited_partner, partner_source
from campaigns.tokens import confirmation_token
from legislation.models import ZipCode
from mailing.models import OutboxMessage
from tests.campaigns.answering import ANSWER, content
from tests.factories.campaigns import ActionTakenFactory, CallToActionFactory
from tests.factories.partners import CoalitionFactory, OrganizationFactory, StaffFactory, member
from tests.legislation.plans import inside, load_plan

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _coalition():
    CoalitionFactory()


@pytest.fixture
def partner():
    return OrganizationFactory(name="Arden Shore", slug="arden-shore")


@pytest.fixture
def call():
    return CallToActionFactory(title="Fund loan repayment", slug="fund-it", goal=500)


def frame(call, partner=""):
    return f"/embed/{call.slug}/" + (f"?partner={partner}" if partner else "")


class TestFraming:
    def test_any_site_may_frame_this_page_and_no_other(self, client, call):
        for path in (frame(call), f"/embed/{call.slug}/check-your-mail/"):
            response = client.get(path)
            assert response.status_code == 200
            assert "frame-ancestors *" in response["Content-Security-Policy"]
            assert "script-src 'self'" in response["Content-Security-Policy"]
            assert "X-Frame-Options" not in response
        for path in (call.get_absolute_url(), "/", "/take-action/"):
            response = client.get(path)
            assert "frame-ancestors 'none'" in response["Content-Security-Policy"]
            assert response["X-Frame-Options"] == "DENY"

    def test_it_is_small_and_has_no_script_cookie_or_masthead(self, client, call):
        response = client.get(frame(call))
        page = content(response)
        assert "<script" not in page
        assert "masthead" not in page
        assert "csrf" not in page
        assert not response.cookies
        assert len(response.content) < 15_000
        assert page.count("<h1") == 1
        assert "no-store" in response["Cache-Control"]

    def test_unknown_calls_and_drafts_are_not_there(self, client):
        draft = CallToActionFactory(status="draft")
        assert client.get(frame(draft)).status_code == 404
        assert client.get("/embed/nothing/").status_code == 404
        client.force_login(StaffFactory())
        assert client.get(f"{frame(draft)}?preview=1").status_code == 404


class TestAnswering:
    def test_the_answer_is_credited_and_counts_after_the_mail(self, client, call, partner):
        foreign = Client(enforce_csrf_checks=True, headers={"origin": "https://ardenshore.example"})
        response = foreign.post(frame(call, "arden-shore"), ANSWER)
        assert response["Location"] == f"/embed/{call.slug}/check-your-mail/?partner=arden-shore"
        page = content(foreign.get(response["Location"]))
        assert "check your mail" in page
        assert "Shared by Arden Shore." in page
        assert not foreign.cookies
        waiting = UnconfirmedAction.objects.get()
        assert (waiting.source_code, credited_partner(waiting.source_code)) == (
            "partner-arden-shore",
            partner,
        )
        assert not ActionTaken.objects.exists()
        client.post(f"/take-action/confirm/{confirmation_token(waiting)}/")
        action = ActionTaken.objects.get()
        assert (action.credited, action.organization) == (partner, None)
        assert action.consent_text == call.consent_text

    def test_a_login_is_never_looked_at(self, client, call, partner):
        client.force_login(member(partner))
        page = content(client.get(frame(call)))
        assert "You are acting as" not in page
        assert 'name="email"' in page
        client.post(frame(call), ANSWER)
        assert not ActionTaken.objects.exists()
        assert UnconfirmedAction.objects.get().email == ANSWER["email"]

    def test_only_the_address_names_the_partner(self, client, call, partner):
        OrganizationFactory(slug="other")
        client.post(frame(call, "arden-shore"), ANSWER | {"source": "partner-other"})
        assert credited_partner(UnconfirmedAction.objects.get().source_code) == partner

    @pytest.mark.parametrize("named", ["", "nobody", "<script>", "x" * 5000, "%00", "arden%20shore"])
    def test_an_unknown_partner_gets_no_credit_and_does_no_harm(self, client, call, partner, named):
        response = client.post(frame(call, named), ANSWER)
        assert response.status_code == 302
        assert credited_partner(UnconfirmedAction.objects.get().source_code) is None
        assert "Shared by" not in content(client.get(frame(call, named)))

    def test_a_partner_that_left_is_not_named(self, client, call):
        OrganizationFactory(name="Gone", slug="gone", status="lapsed")
        assert "Shared by" not in content(client.get(frame(call, "gone")))

    def test_mistakes_are_named_and_what_was_written_stays(self, client, call, partner):
        response = client.post(frame(call, "arden-shore"), ANSWER | {"email": "maria@", "first_name": ""})
        page = content(response)
        assert "<title>Error: " in page
        assert "There is a problem" in page
        assert "Enter your first name." in page
        assert "It matters." in page
        assert "Shared by Arden Shore." in page
        assert "frame-ancestors *" in response["Content-Security-Policy"]

    def test_robots_and_floods(self, client, call, settings):
        trapped = client.post(frame(call), ANSWER | {"website_url2": "http://spam.example"})
        assert trapped.status_code == 302
        assert not OutboxMessage.objects.exists()
        settings.FORM_RATE = "2/h"
        codes = [client.post(frame(call), ANSWER).status_code for _ in range(3)]
        assert codes == [302, 429, 429] or codes == [302, 302, 429]
        refused = client.post(frame(call), ANSWER)
        assert "masthead" not in content(refused)
        assert "frame-ancestors *" in refused["Content-Security-Policy"]

    def test_two_clicks_write_one_answer_and_one_mail(self, client, call):
        for _click in range(2):
            assert client.post(frame(call), ANSWER).status_code == 302
        assert UnconfirmedAction.objects.count() == 1
        assert OutboxMessage.objects.count() == 1

    def test_hostile_words_are_text(self, client, call):
        page = content(
            client.post(frame(call), ANSWER | {"comment": "</textarea><script>1</script>", "email": ""})
        )
        assert "<script>" not in page
        assert "&lt;script&gt;" in page


class TestOtherCalls:
    def test_calls_that_ask_more_lead_to_their_page(self, client, partner):
        call = CallToActionFactory(kind="survey")
        page = content(client.get(frame(call, "arden-shore")))
        assert 'name="email"' not in page
        assert f'href="{call.get_absolute_url()}?source=partner-arden-shore" target="_blank"' in page
        client.post(frame(call, "arden-shore"), ANSWER)
        assert not UnconfirmedAction.objects.exists()

    def test_calls_for_partners_show_no_form(self, client):
        call = CallToActionFactory(audience="partners")
        page = content(client.get(frame(call)))
        assert 'name="email"' not in page
        assert "For people of partner organizations" in page
        client.post(frame(call), ANSWER)
        assert not UnconfirmedAction.objects.exists()

    def test_what_is_over_shows_its_outcome(self, client):
        call = CallToActionFactory(status="closed", outcome="The state agreed.")
        page = content(client.get(frame(call)))
        assert "The state agreed." in page
        assert "<form" not in page
        refused = client.post(frame(call), ANSWER)
        assert refused.status_code == 410
        assert "This answer was not taken" in content(refused)
        assert "Maria" not in content(refused)
        assert not UnconfirmedAction.objects.exists()


KINDS = [kind for kind in CallToAction.Kind.values if kind != "sign_on"]
TOMORROW = timezone.now() + timedelta(days=1)


class TestEveryKindInEveryState:
    @pytest.mark.parametrize("kind", KINDS)
    @pytest.mark.parametrize(
        ("facts", "status", "words"),
        [
            ({"status": "closed"}, 410, "Closed"),
            ({"status": "archived"}, 410, "Closed"),
            ({"opens_at": TOMORROW, "closes_at": TOMORROW + timedelta(days=9)}, 409, "Opens "),
            ({"audience": "partners"}, 403, "For people of partner organizations"),
        ],
        ids=["closed", "archived", "not open yet", "partners"],
    )
    def test_no_form_and_no_answer_and_the_frame_says_why(self, client, partner, kind, facts, status, words):
        call = CallToActionFactory(kind=kind, **facts)
        page = content(client.get(frame(call, "arden-shore")))
        assert words in page
        assert "<form" not in page
        refused = client.post(frame(call, "arden-shore"), ANSWER)
        takes = kinds.of(call).frame_form is not None
        assert refused.status_code == (status if takes else 403)
        assert "frame-ancestors *" in refused["Content-Security-Policy"]
        assert not UnconfirmedAction.objects.exists()
        assert not OutboxMessage.objects.exists()

    def test_a_letter_is_for_those_who_speak_for_a_partner(self, client):
        call = CallToActionFactory(kind="sign_on", audience="speakers")
        assert "<form" not in content(client.get(frame(call)))
        assert client.post(frame(call), ANSWER).status_code == 403

    @pytest.mark.parametrize("field", ["first_name", "last_name", "email", "zip_code", "comment"])
    def test_ten_thousand_letters_are_a_mistake_that_is_named(self, client, call, field):
        response = client.post(frame(call), ANSWER | {field: "x" * 10_000})
        assert response.status_code == 200
        assert "There is a problem" in content(response)
        assert not UnconfirmedAction.objects.exists()

    @pytest.mark.parametrize("ending", ["\r\nBcc: others@example.net", "\nSubject: Buy", "\x00"])
    @pytest.mark.parametrize("field", ["first_name", "last_name", "email"])
    def test_nobody_writes_into_the_head_of_a_message(self, client, call, field, ending):
        response = client.post(frame(call), ANSWER | {field: ANSWER[field] + ending + "x"})
        assert "There is a problem" in content(response)
        assert not OutboxMessage.objects.exists()


class TestReachingLegislators:
    @pytest.mark.parametrize("kind", ["email", "phone"])
    def test_the_frame_asks_where_one_lives_and_the_page_opens_with_ones_legislators(
        self, client, partner, kind
    ):
        load_plan()
        lat, lng = inside(25)
        ZipCode.objects.create(zip_code="62625", city="Samplefield", latitude=lat, longitude=lng)
        call = CallToActionFactory(kind=kind)
        response = client.get(frame(call, "arden-shore"))
        page = content(response)
        home = f"{call.get_absolute_url()}your-legislators/"
        assert f'action="{home}" target="_blank"' in page
        assert 'name="where"' in page
        assert 'name="source" value="partner-arden-shore"' in page
        assert "csrf" not in page
        assert not response.cookies
        foreign = Client(enforce_csrf_checks=True, headers={"origin": "https://ardenshore.example"})
        found = foreign.post(home, {"where": "62625", "source": "partner-arden-shore"})
        assert found.status_code in {200, 302}
        assert "source=partner-arden-shore" in (found.headers.get("Location") or content(found))
        assert not UnconfirmedAction.objects.exists()

    def test_without_districts_or_for_partners_it_is_a_link(self, client, partner):
        assert 'name="where"' not in content(client.get(frame(CallToActionFactory(kind="email"))))
        load_plan()
        inside_only = CallToActionFactory(kind="email", audience="partners")
        closed = CallToActionFactory(kind="email", status="closed", outcome="Done.")
        for call in (inside_only, closed):
            assert 'name="where"' not in content(client.get(frame(call)))


class TestCodes:
    def test_a_long_short_name_is_found_where_it_is_the_only_one(self):
        long = OrganizationFactory(slug="association-of-" + "very-" * 16 + "long-names")
        source = partner_source(long)
        assert len(source) == 60
        assert credited_partner(source) == long
        OrganizationFactory(slug=long.slug + "-2")
        assert credited_partner(source) is None

    def test_part_of_a_short_name_is_nobody(self):
        partner = OrganizationFactory(slug="arden-shore")
        assert credited_partner("partner-arden-shore") == partner
        assert credited_partner("partner-arden") is None
        assert credited_partner("alert-1") is None

    def test_the_code_is_one_frame_whatever_the_headline_says(self, partner):
        call = CallToActionFactory(title='"><script>alert(1)</script>')
        code = frame_code(call, partner)
        assert code.startswith("<iframe src=")
        assert "<script>" not in code
        assert "?partner=arden-shore" in code


class TestPartnersPage:
    def test_it_shows_the_code_of_every_open_call_and_what_it_brought(self, client, call, partner):
        ActionTakenFactory.create_batch(2, call_to_action=call, credited=partner)
        ActionTakenFactory(call_to_action=call)
        CallToActionFactory(title="Only inside", audience="partners")
        CallToActionFactory(title="Done", status="closed")
        client.force_login(member(partner, role="viewer"))
        page = content(client.get("/my/organizations/arden-shore/embed/"))
        assert escape(frame_code(call, partner)) in page
        assert "2 answers came over your site." in page
        assert "Only inside" not in page
        assert "Done" not in page

    def test_nothing_open_says_so(self, client, partner):
        client.force_login(member(partner))
        assert "Nothing to show right now" in content(client.get("/my/organizations/arden-shore/embed/"))

    def test_other_partners_find_nothing(self, client, call, partner):
        assert client.get("/my/organizations/arden-shore/embed/").status_code == 302
        client.force_login(member(OrganizationFactory()))
        assert client.get("/my/organizations/arden-shore/embed/").status_code == 404

    @pytest.mark.parametrize("number", [1, 20])
    def test_queries(self, client, partner, number, django_assert_num_queries):
        CallToActionFactory.create_batch(number)
        client.force_login(member(partner))
        client.get("/my/organizations/arden-shore/embed/")
        with django_assert_num_queries(6):
            client.get("/my/organizations/arden-shore/embed/")
        assert CallToAction.objects.count() == number

"""Writing to legislators and calling them on the page: finding one's own, two steps, the log, and what came back."""

import re
from urllib.parse import unquote

import pytest
from django.urls import reverse
from django.utils import timezone

from campaigns.legislator_messages import LONGEST_LINK, mail_link
from campaigns.models import ActionTaken, LegislatorContact, UnconfirmedAction
from campaigns.reply_links import reply_token
from campaigns.services.legislator_contacts import record_messages
from campaigns.tokens import confirmation_token
from legislation.places.zip_areas import Candidate, ZipCandidates
from tests.campaigns.reaching import office_of, pair_of, reaching_call, words
from tests.factories.campaigns import ActionTakenFactory
from tests.factories.legislation import BillFactory, LegislatorFactory
from tests.factories.partners import CoalitionFactory, OrganizationFactory, StaffFactory, member
from tests.legislation.geocoder import answer, fake_geocoder, match
from tests.legislation.plans import inside, load_plan

pytestmark = pytest.mark.django_db

ADDRESS = "1 Sample Porch Way, Springfield"
NASTY = "<script>alert(1)</script> 🏠 שלום \u202eabc & \"quotes\" 'too'"
WHO = {"first_name": "Maria", "last_name": "Gomez", "email": "maria@example.org", "zip_code": "60604"}
TEXT = {"subject": "Vote yes", "text": "Please vote yes.", "story": "I am a nurse."}


@pytest.fixture(autouse=True)
def coalition(settings):
    settings.FORM_RATE = "1000/h"
    return CoalitionFactory()


@pytest.fixture
def geocoder(settings):
    load_plan()
    with fake_geocoder() as fake:
        settings.CENSUS_GEOCODER_URL = fake.url
        yield fake


def find(client, call, where, **more):
    return client.post(reverse("campaigns:action_home", args=[call.slug]), {"where": where, **more})


def offer_in(response) -> str:
    return re.search(r'name="offer" value="([^"]+)"', response.content.decode())[1]


class TestFindingHome:
    def test_the_page_asks_first(self, client, geocoder):
        pair_of()
        call = reaching_call()
        page = words(client.get(call.get_absolute_url()))
        assert "Your home address or ZIP code" in page
        assert "First name" not in page

    def test_an_address_leads_to_ones_own_legislators_and_stays_nowhere(self, client, geocoder, caplog):
        lower, upper = pair_of(25)
        geocoder.answers = [answer(match(ADDRESS, *inside(25)))]
        call = reaching_call()
        response = find(client, call, ADDRESS, source="alert-7", r="token")
        assert response.status_code == 302
        assert response["Location"].startswith(f"{call.get_absolute_url()}?house=25")
        assert "source=alert-7" in response["Location"]
        assert "Porch" not in unquote(response["Location"])
        assert "Porch" not in caplog.text
        page = words(client.get(response["Location"]))
        assert lower.name in page
        assert upper.name in page
        assert "Represents you" in page
        assert "Porch" not in page

    def test_a_zip_code_in_several_districts_asks_for_the_address(self, client, geocoder, monkeypatch):
        pair_of(25)
        found = ZipCandidates("60604", "Chicago", "area", (Candidate(25, 0.6), Candidate(26, 0.4)))
        monkeypatch.setattr("campaigns.views.legislators.zip_candidates", lambda zip_code: found)
        page = words(find(client, reaching_call(), "60604-1234"))
        assert "60604 lies in 2 districts" in page
        assert "house=26" in page
        assert "Your home address" in page

    def test_a_zip_code_in_one_district_goes_on(self, client, geocoder, monkeypatch):
        found = ZipCandidates("60604", "Chicago", "area", (Candidate(25, 1.0),))
        monkeypatch.setattr("campaigns.views.legislators.zip_candidates", lambda zip_code: found)
        assert "house=25" in find(client, reaching_call(), "60604")["Location"]

    @pytest.mark.parametrize(
        "where", ["", "99999", "Springfield", "PO Box 7, Cairo", "x" * 10_000, NASTY, "1 A St\r\nBcc: x"]
    )
    def test_what_cannot_be_placed_is_said_at_the_field(self, client, geocoder, where):
        response = find(client, reaching_call(), where)
        assert response.status_code == 200
        assert "There is a problem" in words(response)
        assert "<script>alert" not in response.content.decode()

    def test_a_geocoder_that_is_down_keeps_the_answer(self, client, geocoder):
        geocoder.answers = [503]
        page = words(find(client, reaching_call(), ADDRESS))
        assert "does not answer right now" in page
        assert ADDRESS in page

    def test_without_a_map_the_district_can_be_chosen(self, client):
        call = reaching_call()
        lower, _upper = pair_of(25)
        assert "Choose your district" in words(client.get(call.get_absolute_url()))
        page = words(client.get(reverse("campaigns:action_home", args=[call.slug])))
        assert "Number of your House district" in page
        assert lower.name in words(client.get(f"{call.get_absolute_url()}?house=25"))

    @pytest.mark.parametrize("house", ["0", "119", "-1", "9" * 5000, "x", "²"])
    def test_a_district_that_is_none_is_no_answer(self, client, house):
        call = reaching_call()
        assert client.get(call.get_absolute_url(), {"house": house}).status_code == 200

    def test_only_calls_that_reach_legislators_ask(self, client):
        petition = reaching_call("petition")
        assert find(client, petition, "60604").status_code == 404
        draft = reaching_call(status="draft")
        assert find(client, draft, "60604").status_code == 404


class TestWriting:
    def start(self, client, call, **more):
        """The first step: words in, letters out."""
        page = client.get(f"{call.get_absolute_url()}?house=25")
        sent = WHO | TEXT | {"house": "25", "offer": offer_in(page)} | more
        return client.post(call.get_absolute_url(), sent), sent

    def test_the_second_step_has_links_texts_and_boxes_and_records_nothing(self, client):
        lower, _upper = pair_of()
        call = reaching_call()
        response, _sent = self.start(client, call)
        page = words(response)
        assert "Error:" not in page
        assert "I sent it to Rep. Ida House" in page
        link = re.search(r'href="(mailto:ida[^"]+)"', response.content.decode())[1].replace("&amp;", "&")
        assert link.startswith("mailto:ida@assembly.example?subject=Vote%20yes&body=Dear%20Representative")
        body = unquote(link.partition("&body=")[2])
        assert "I am a nurse.\r\n\r\nMaria Gomez\r\nZIP code 60604" in body
        assert not UnconfirmedAction.objects.exists()
        assert lower.name in page

    def test_a_stranger_confirms_and_only_then_it_waits_for_its_turn(self, client):
        lower, upper = pair_of()
        call = reaching_call(targets={"through_us": True})
        response, sent = self.start(client, call)
        assert "Send it for me" in words(response)
        sent |= {"step": "send", f"to_{lower.pk}": "through_us", f"to_{upper.pk}": "own_mail"}
        assert client.post(call.get_absolute_url(), sent).status_code == 302
        waiting = UnconfirmedAction.objects.get()
        assert waiting.details["ways"] == {str(lower.pk): "through_us", str(upper.pk): "own_mail"}
        assert not LegislatorContact.objects.exists()
        address = reverse("campaigns:action_confirm", args=[confirmation_token(waiting)])
        page = words(client.get(address))
        assert "Rep. Ida House: sent by us" in page
        assert "Please vote yes." in page
        thanks = client.post(address)
        assert thanks.status_code == 302
        states = dict(LegislatorContact.objects.values_list("legislator", "state"))
        assert states == {lower.pk: "waiting", upper.pk: "done"}
        assert "Waits for its turn" in words(client.get(thanks["Location"]))
        assert client.post(address).status_code == 302
        assert LegislatorContact.objects.count() == 2

    def test_somebody_signed_in_acts_at_once_and_a_double_click_counts_once(self, client):
        lower, upper = pair_of()
        call = reaching_call()
        client.force_login(member(OrganizationFactory()))
        _response, sent = self.start(client, call)
        sent |= {"step": "send", f"to_{lower.pk}": "on"}
        for _click in range(2):
            response = client.post(call.get_absolute_url(), sent)
            assert response.status_code == 302
        assert ActionTaken.objects.count() == 1
        assert LegislatorContact.objects.get().legislator == lower
        page = words(client.get(f"{call.get_absolute_url()}?house=25"))
        assert "What you did so far" in page
        assert "Your message goes to one legislator" in page
        sent |= {f"to_{upper.pk}": "on", "offer": ""}
        client.post(call.get_absolute_url(), sent)
        assert "You have reached everybody" in words(client.get(f"{call.get_absolute_url()}?house=25"))

    def test_nobody_else_can_be_slipped_in(self, client):
        pair_of()
        other = LegislatorFactory(chamber="lower", district=99)
        call = reaching_call()
        client.force_login(member(OrganizationFactory()))
        _response, sent = self.start(client, call)
        response = client.post(call.get_absolute_url(), sent | {"step": "send", f"to_{other.pk}": "on"})
        assert "Say for at least one legislator" in words(response)
        assert not ActionTaken.objects.exists()

    def test_we_send_nothing_where_staff_did_not_allow_it(self, client):
        lower, _upper = pair_of()
        call = reaching_call()
        client.force_login(member(OrganizationFactory()))
        _response, sent = self.start(client, call)
        client.post(call.get_absolute_url(), sent | {"step": "send", f"to_{lower.pk}": "through_us"})
        assert LegislatorContact.objects.get().way == "own_mail"

    def test_back_to_the_message_keeps_the_words(self, client):
        pair_of()
        call = reaching_call()
        response, _sent = self.start(client, call, step="change", text="My own words.")
        page = words(response)
        assert "My own words." in page
        assert "Error:" not in page
        assert 'name="step" value="send"' not in page

    @pytest.mark.parametrize(
        ("field", "value", "problem"),
        [
            ("text", "x" * 10_000, "Shorten your message to 4,000 characters"),
            ("text", "", "Write your message."),
            ("story", "x" * 10_000, "Shorten your story"),
            ("subject", "Yes\r\nBcc: all@example.org", "on one line"),
            ("subject", "x" * 10_000, "at most 160"),
            ("first_name", "x" * 10_000, "at most 80"),
        ],
    )
    def test_a_mistake_is_said_and_every_answer_kept(self, client, field, value, problem):
        pair_of()
        response, _sent = self.start(client, reaching_call(), **{field: value})
        page = words(response)
        assert problem in page
        assert "Error:" in page
        assert "I am a nurse." in page or field == "story"
        assert not UnconfirmedAction.objects.exists()

    def test_what_people_write_is_shown_as_words(self, client):
        lower, _upper = pair_of()
        call = reaching_call()
        client.force_login(member(OrganizationFactory()))
        response, sent = self.start(client, call, text=NASTY, story=NASTY)
        assert "<script>alert" not in response.content.decode()
        client.post(call.get_absolute_url(), sent | {"step": "send", f"to_{lower.pk}": "on"})
        assert NASTY in LegislatorContact.objects.get().text

    def test_a_text_too_long_for_a_link_is_copied(self, client):
        pair_of()
        response, _sent = self.start(client, reaching_call(), text="long " * 700)
        page = words(response)
        assert "too long for the link" in page
        assert "Vote%20yes&amp;body=" not in page

    def test_each_person_keeps_one_wording_and_all_are_used(self, client):
        pair_of()
        call = reaching_call(wordings=3)
        seen = set()
        for _number in range(6):
            client.force_login(member(OrganizationFactory()))
            pages = {
                re.search(r"Wording \d", words(client.get(f"{call.get_absolute_url()}?house=25")))[0]
                for _again in range(2)
            }
            assert len(pages) == 1
            seen |= pages
        assert len(seen) == 3

    def test_a_bill_that_lies_with_nobody_says_so(self, client):
        call = reaching_call(rule="committee", bill=BillFactory())
        assert "Nobody to reach right now" in words(client.get(call.get_absolute_url()))

    def test_a_bill_that_moves_while_somebody_writes_loses_nothing(self, client):
        lower, _upper = pair_of()
        bill = BillFactory(current_chamber="lower")
        call = reaching_call(rule="not_sponsors", bill=bill)
        client.force_login(member(OrganizationFactory()))
        _response, sent = self.start(client, call)
        bill.current_chamber = "upper"
        bill.save()
        client.post(call.get_absolute_url(), sent | {"step": "send", f"to_{lower.pk}": "on"})
        assert LegislatorContact.objects.get().legislator == lower

    def test_partners_only_calls_stay_closed_to_others(self, client):
        lower, _upper = pair_of()
        call = reaching_call(audience="actors")
        client.force_login(member(OrganizationFactory(), role="viewer"))
        sent = TEXT | {"step": "send", "house": "25", f"to_{lower.pk}": "on"}
        assert client.post(call.get_absolute_url(), sent).status_code == 403
        assert not ActionTaken.objects.exists()

    def test_closed_calls_take_nothing(self, client):
        pair_of()
        call = reaching_call(status="closed")
        assert client.post(call.get_absolute_url(), WHO | TEXT | {"step": "send"}).status_code == 410


class TestCalling:
    def test_numbers_script_and_log(self, client):
        lower, _upper = pair_of()
        office_of(lower, "(217) 555-0100 ext. 7", "district", 0)
        office_of(lower, "217-555-0199", "capitol", 1)
        office_of(lower, "call us", "district", 2)
        call = reaching_call("phone")
        page = words(client.get(f"{call.get_absolute_url()}?house=25"))
        assert page.index("tel:+12175550199") < page.index("tel:+12175550100")
        assert "Hello, I ask for a vote." in page
        assert "It is the voicemail?" in page

    def test_the_log_is_kept_and_can_be_changed(self, client):
        lower, upper = pair_of()
        call = reaching_call("phone")
        client.force_login(member(OrganizationFactory()))
        log = {
            "house": "25",
            f"outcome_{lower.pk}": "voicemail",
            f"outcome_{upper.pk}": "not",
            f"note_{lower.pk}": NASTY.replace("\u202e", ""),
        }
        response = client.post(call.get_absolute_url(), log)
        assert response.status_code == 302
        assert LegislatorContact.objects.get().outcome == "voicemail"
        thanks = client.get(response["Location"])
        assert "Left a message" in words(thanks)
        client.post(call.get_absolute_url(), log | {f"outcome_{lower.pk}": "spoke"})
        assert LegislatorContact.objects.get().outcome == "spoke"
        assert ActionTaken.objects.count() == 1

    @pytest.mark.parametrize(
        ("outcome", "note", "problem"),
        [
            ("not", "", "Say of at least one call how it went."),
            ("spoke", "x" * 10_000, "Shorten your note"),
            ("hung up", "", "Select a valid choice"),
        ],
    )
    def test_a_log_that_says_nothing_is_asked_again(self, client, outcome, note, problem):
        lower, upper = pair_of()
        call = reaching_call("phone")
        client.force_login(member(OrganizationFactory()))
        log = {
            "house": "25",
            f"outcome_{lower.pk}": outcome,
            f"outcome_{upper.pk}": "not",
            f"note_{lower.pk}": note,
        }
        response = client.post(call.get_absolute_url(), log)
        assert problem in words(response)
        assert not ActionTaken.objects.exists()


class TestReplies:
    def asked(self):
        lower, upper = pair_of()
        action = ActionTakenFactory(call_to_action=reaching_call())
        ways = {lower.pk: "own_mail", upper.pk: "own_mail"}
        rows = record_messages(action=action, subject="a", text="b", story="", ways=ways, now=timezone.now())
        return (
            action,
            rows,
            reverse("campaigns:action_replies", args=[action.call_to_action.slug, reply_token(action)]),
        )

    def test_a_look_changes_nothing_and_an_answer_is_noted(self, client):
        _action, rows, address = self.asked()
        assert "Did Rep. Ida House reply?" in words(client.get(address))
        assert not LegislatorContact.objects.exclude(reply="").exists()
        sent = {f"reply_{rows[0].pk}": "personal", f"note_{rows[0].pk}": "They will vote yes."}
        response = client.post(address, sent)
        assert "Your answer is noted" in words(client.get(response["Location"]))
        row = LegislatorContact.objects.get(pk=rows[0].pk)
        assert (row.reply, row.note) == ("personal", "They will vote yes.")
        client.post(address, sent | {f"reply_{rows[0].pk}": "automatic"})
        row.refresh_from_db()
        assert row.reply == "automatic"

    def test_nothing_said_is_asked_again(self, client):
        _action, _rows, address = self.asked()
        assert "Choose an answer for at least one" in words(client.post(address, {}))

    def test_another_answers_contacts_are_out_of_reach(self, client):
        _action, _rows, address = self.asked()
        stranger = record_messages(
            action=ActionTakenFactory(),
            subject="a",
            text="b",
            story="",
            ways={LegislatorFactory(district=99).pk: "own_mail"},
        )[0]
        client.post(address, {f"reply_{stranger.pk}": "personal"})
        stranger.refresh_from_db()
        assert stranger.reply == ""

    def test_forged_and_misplaced_links(self, client):
        action, _rows, address = self.asked()
        assert client.get(address[:-2] + "/").status_code == 404
        other = reverse("campaigns:action_replies", args=[reaching_call().slug, reply_token(action)])
        assert client.get(other).status_code == 404


class TestDesk:
    @pytest.fixture
    def staff(self, client, settings):
        settings.STAFF_SECOND_FACTOR_REQUIRED = False
        client.force_login(StaffFactory())
        return client

    def test_results_files_and_taking_back(self, staff):
        lower, upper = pair_of()
        call = reaching_call()
        action = ActionTakenFactory(call_to_action=call, person__first_name="=HYPERLINK(1)")
        ways = {lower.pk: "own_mail", upper.pk: "through_us"}
        record_messages(action=action, subject="a", text="b", story="", ways=ways)
        page = words(staff.get(reverse("admin:campaigns_legislatorcontact_results", args=[call.pk])))
        assert "Rep. Ida House" in page
        assert "Take back what waits" in page
        for what in ("legislators", "districts", "contacts"):
            file = staff.get(reverse("admin:campaigns_legislatorcontact_file", args=[call.pk, what]))
            text = b"".join(file.streaming_content).decode()
            assert "\n=" not in text
            assert ",=" not in text
        assert "Sol Senate" in text
        stop = reverse("admin:campaigns_legislatorcontact_stop", args=[call.pk])
        assert staff.get(stop).status_code == 200
        assert LegislatorContact.objects.filter(state="waiting").exists()
        staff.post(stop)
        assert not LegislatorContact.objects.filter(state="waiting").exists()

    def test_lists_and_forms_open(self, staff):
        lower, _upper = pair_of()
        action = ActionTakenFactory(call_to_action=reaching_call())
        (row,) = record_messages(action=action, subject="a", text="b", story="", ways={lower.pk: "own_mail"})
        assert staff.get(reverse("admin:campaigns_legislatorcontact_changelist")).status_code == 200
        assert (
            staff.get(reverse("admin:campaigns_legislatorcontact_change", args=[row.pk])).status_code == 200
        )
        for kind in ("email", "phone"):
            call = reaching_call(kind, status="draft")
            page = words(staff.get(reverse("admin:campaigns_calltoaction_change", args=[call.pk])))
            assert "Who is asked" in page
            assert ("Messages to one legislator in an hour" in page) == (kind == "email")
            assert ("Script for a telephone call" in page) == (kind == "phone")
            preview = words(staff.get(f"{call.get_absolute_url()}?preview=1"))
            assert "Wording 0." in preview or "Hello, I ask for a vote." in preview

    def test_results_are_for_staff_and_of_such_calls(self, client, staff):
        petition = reaching_call("petition")
        address = reverse("admin:campaigns_legislatorcontact_results", args=[petition.pk])
        assert staff.get(address).status_code == 404
        client.logout()
        client.force_login(member(OrganizationFactory()))
        address = reverse("admin:campaigns_legislatorcontact_results", args=[reaching_call().pk])
        assert client.get(address).status_code in {302, 403}

    def test_results_read_as_many_rows_at_one_price(self, staff, django_assert_max_num_queries):
        call = reaching_call()
        for number in range(1, 21):
            who = LegislatorFactory(chamber="lower", district=number)
            action = ActionTakenFactory(call_to_action=call)
            record_messages(action=action, subject="a", text="b", story="", ways={who.pk: "own_mail"})
        with django_assert_max_num_queries(20):
            staff.get(reverse("admin:campaigns_legislatorcontact_results", args=[call.pk]))


def test_a_mail_link_is_encoded_as_the_standard_says():
    link = mail_link("a+b@example.org", subject="Yes & no? 100%", text="Zeile 1\nñ 🏠")
    assert link == (
        "mailto:a%2Bb@example.org?subject=Yes%20%26%20no%3F%20100%25&body=Zeile%201%0D%0A%C3%B1%20%F0%9F%8F%A0"
    )
    assert len(mail_link("a@example.org", subject="s", text="x" * 5000)) < LONGEST_LINK

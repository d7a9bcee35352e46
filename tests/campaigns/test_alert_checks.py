"""What stands against sending an alert, and what staff are told to look at twice."""

from datetime import timedelta

import httpx
import pytest
from django.conf import settings as django_settings
from django.utils import timezone

from campaigns.desk.alert_checks import look
from campaigns.messages.checks import link_problems, problems_before_sending, stops, try_links
from campaigns.messages.checks.links import Link, outside_links, problems_of_link
from campaigns.messages.lobbying import suggest_lobbying
from campaigns.models import ActionAlert
from mailing.addresses import hash_address
from mailing.models import Preference
from tests.factories.alerts import ActionAlertFactory, AlertBlockFactory, SubscriberFactory
from tests.factories.campaigns import CallToActionFactory, StoryFactory
from tests.factories.partners import CoalitionFactory, MembershipFactory, OrganizationFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def coalition():
    return CoalitionFactory()


def found(alert, *, after=timedelta(0), reached=5000, **more):
    return problems_before_sending(alert, send_at=timezone.now() + after, reached=reached, **more)


def said(problems, level=""):
    return " / ".join(str(problem) for problem in problems if not level or problem.level == level)


def link(url, words="the report"):
    return said(problems_of_link(Link(url, words, "Block 1")))


def named(*people):
    return {"field": "person", "is": [str(person.pk) for person in people]}


def internal(path):
    return f"{django_settings.SITE_URL}{path}"


class TestSending:
    def test_a_good_alert_has_no_problems(self):
        assert found(ActionAlertFactory()) == []

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"call_to_action__status": "draft"}, "not published"),
            ({"call_to_action__status": "closed"}, "not published"),
            ({"call_to_action__opens_at": timezone.now() - timedelta(days=30)}, "closes before"),
            ({"call_to_action__opens_at": timezone.now() + timedelta(days=1)}, "opens only after"),
            ({"text": "<p> </p>"}, "no text"),
            ({"text": "<p>{{ nobody }}</p>"}, "not a merge field"),
            ({"subject": "{{ nobody }}"}, "not a merge field"),
            ({"preheader": "{{ nobody }}"}, "not a merge field"),
            ({"text": '<p><a href="/stories/">x</a></p>'}, "whole address"),
            ({"test": "subject"}, "variant B has none"),
            ({"test": "subject", "test_subject": "{{ first_name|Friend }}, three days left"}, "same subject"),
            ({"test": "content"}, "no block is marked"),
        ],
    )
    def test_what_stops_it(self, change, words):
        assert words in " ".join(stops(found(ActionAlertFactory(**change))))

    def test_each_finding_says_where(self):
        alert = ActionAlertFactory()
        AlertBlockFactory(alert=alert, order=3, kind="quote", text="<p>{{ nobody }}</p>")
        [problem] = [one for one in found(alert) if one.stops]
        assert problem.where == "Block 3 (quote)"

    def test_an_empty_audience_stops_it(self):
        assert "audience is empty" in said(found(ActionAlertFactory(), reached=0), "stop")

    def test_a_test_with_too_few_people_is_a_warning(self):
        alert = ActionAlertFactory(test="subject", test_subject="Another", test_percent=20)
        problems = found(alert, reached=990)
        assert "Only 99 people get each variant" in said(problems, "warn")
        assert not stops(problems)
        assert "each variant" not in said(found(alert, reached=1000))

    def test_marked_blocks_without_a_test_are_a_warning(self):
        alert = ActionAlertFactory()
        AlertBlockFactory(alert=alert, shown="B")
        assert "those of B are left out" in said(found(alert), "warn")

    def test_what_would_come_after_the_deadline_is_a_warning(self):
        # The call closes in seven days.
        alert = ActionAlertFactory(
            reminder_days=[3, 9], rate_per_minute=1, test="subject", test_subject="B", test_hours=72
        )
        words = said(found(alert, after=timedelta(days=5), reached=100_000), "warn")
        assert "The reminder after 3 days" in words
        assert "The reminder after 9 days" in words
        assert "judged after the deadline" in words
        assert "not everybody would get it before the deadline" in words
        assert "The reminder after 3 days" not in said(found(alert))

    def test_little_time_left_is_a_warning(self):
        alert = ActionAlertFactory()
        left = alert.call_to_action.closes_at - timezone.now() - timedelta(minutes=90)
        assert "Less than two hours" in said(found(alert, after=left), "warn")

    def test_stops_come_first(self):
        problems = found(ActionAlertFactory(preheader="", call_to_action__status="draft"))
        assert [problem.level for problem in problems] == ["stop", "warn"]


class TestWords:
    @pytest.mark.parametrize(
        ("subject", "words"),
        [
            ("THREE DAYS LEFT TO ACT", "capital letters"),
            ("Act! Today!", "One exclamation mark"),
            ("Really?!", "look like advertising"),
            ("A very long subject that says everything it can before it comes to the point", "76 characters"),
            ("{{ representative|your State Representative }} votes on loan repayment today", "characters"),
        ],
    )
    def test_habits_of_a_subject(self, subject, words):
        problems = found(ActionAlertFactory(subject=subject))
        assert words in said(problems, "warn")
        assert not stops(problems)

    def test_a_merge_field_counts_as_what_people_read(self):
        assert found(ActionAlertFactory(subject="{{ first_name|Friend }}, three days are left to act")) == []

    def test_habits_of_a_text(self):
        text = "<p>Act now! Risk-free! Hurry! Go! THIS WHOLE SENTENCE SHOUTS LOUDLY.</p>"
        words = said(found(ActionAlertFactory(text=text)), "warn")
        assert "“act now”, “risk-free”" in words
        assert "4 exclamation marks" in words
        assert "capital letters" in words

    def test_a_missing_preheader_is_a_warning(self):
        assert "no preheader" in said(found(ActionAlertFactory(preheader="")), "warn")

    def test_a_picture_needs_its_words_and_its_address(self):
        alert = ActionAlertFactory()
        AlertBlockFactory(alert=alert, kind="image", text="")
        words = said(found(alert), "stop")
        assert "what the picture shows" in words
        assert "no address" in words

    def test_gmail_must_not_cut_it_off(self):
        assert "Gmail cuts it off" in said(found(ActionAlertFactory(text="<p>word</p>" * 3000)), "stop")

    def test_the_postal_address_must_be_there(self, coalition):
        coalition.street = coalition.city_line = ""
        coalition.save()
        assert "postal address is missing" in said(found(ActionAlertFactory()), "stop")

    def test_an_alert_without_any_words_in_one_variant(self):
        alert = ActionAlertFactory(test="content", text="")
        AlertBlockFactory(alert=alert, shown="A")
        assert "Variant B: The alert has no text." in stops(found(alert))


class TestSpanish:
    def test_readers_of_spanish_who_get_english_are_counted(self):
        words = said(found(ActionAlertFactory(), spanish_readers=12), "warn")
        assert "English only. 12 people of the audience chose Spanish" in words
        assert found(ActionAlertFactory(), spanish_readers=0) == []

    def test_half_a_translation_names_what_is_missing(self):
        alert = ActionAlertFactory(subject_es="Hola")
        assert "missing in Spanish: block 1, text." in said(found(alert), "warn")

    def test_spanish_is_checked_as_english_is(self):
        alert = ActionAlertFactory(text="", subject_es="HOLA A TODOS", preheader_es="Hola")
        AlertBlockFactory(
            alert=alert, order=1, text_es='<p>{{ nadie }} <a href="https://bit.ly/x">aquí</a></p>'
        )
        words = said(found(alert))
        assert "Subject in Spanish: The subject is in capital letters" in words
        assert "Block 1 (text), Spanish: “nadie” is not a merge field" in words
        assert "Block 1 (text), Spanish: https://bit.ly/x hides" in words


class TestLinks:
    def test_links_need_their_whole_address(self):
        good = '<a href="https://a.example/x">a</a><a href="mailto:a@example.org">b</a><a href="tel:+13125550100">c</a>'
        assert link_problems(good) == []
        bad = ("/stories/", "www.example.org", "https://", "mailto:", "mailto:x", "tel:", "", "https://[bad")
        for href in bad:
            assert len(link_problems(f'<a href="{href}">x</a>')) == 1

    def test_pages_of_the_portal_must_be_there_for_everybody(self):
        story, draft = StoryFactory(), StoryFactory(status="draft")
        call, secret = CallToActionFactory(), CallToActionFactory(status="draft")
        partner = OrganizationFactory()
        for page in (story, call, partner):
            assert link(internal(page.get_absolute_url())) == ""
        for path in ("/", "/about/", "/stories/?page=2", "/take-action/#now"):
            assert link(internal(path)) == ""
        for page in (draft, secret):
            assert "not there or not published" in link(internal(page.get_absolute_url()))
        assert "not there or not published" in link(internal("/bills/104/HB1/"))
        assert "There is no page" in link(internal("/storys/"))
        assert "staff desk" in link(internal("/admin/"))
        assert "must sign in" in link(internal("/my/"))

    def test_shorteners_and_words_that_say_nothing(self):
        assert "hides where it leads" in link("https://bit.ly/3abc")
        assert "Let its words say" in link("https://a.example/", "click here")
        assert "bare address" in link("https://www.a.example/x", "https://a.example/x")
        assert "Mail programs warn" in link("https://evil.example/", "www.isbe.net")
        assert link("https://a.example/", "The report of 2025") == ""

    def test_only_other_sites_are_tried(self):
        urls = [
            "https://a.example/",
            "https://a.example/",
            internal("/about/"),
            "mailto:a@example.org",
            "https://b.example/?n={{ first_name }}",
            "/x",
        ]
        assert outside_links([Link(url, "w", "") for url in urls]) == ["https://a.example/"]


class TestOutside:
    def tried(self, settings, answer, *urls):
        settings.ALERT_LINK_CHECK = True
        return try_links(urls or ["https://a.example/"], transport=httpx.MockTransport(answer))

    def test_answers_and_errors(self, settings):
        statuses = {"good": 200, "gone": 404, "broken": 500, "shy": 403}

        def answer(request):
            return httpx.Response(statuses[request.url.path.strip("/")])

        answers = self.tried(settings, answer, *(f"https://a.example/{name}" for name in statuses))
        assert answers["https://a.example/good"] == ""
        assert "error 404" in answers["https://a.example/gone"]
        assert "error 500" in answers["https://a.example/broken"]
        assert "open it yourself" in answers["https://a.example/shy"]

    def test_a_site_that_refuses_head_is_asked_for_the_page(self, settings):
        answers = self.tried(
            settings, lambda request: httpx.Response(404 if request.method == "HEAD" else 200)
        )
        assert answers == {"https://a.example/": ""}

    def test_a_site_that_is_gone_or_slow(self, settings):
        def gone(request):
            raise httpx.ConnectError("no such host")

        def slow(request):
            raise httpx.ReadTimeout("too late")

        assert "cannot be reached" in self.tried(settings, gone)["https://a.example/"]
        assert "did not answer within 4 seconds" in self.tried(settings, slow)["https://a.example/"]

    @pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "10.0.0.8", "169.254.169.254", "[::1]"])
    def test_our_own_network_is_never_asked(self, settings, host):
        settings.ALERT_LINK_CHECK = True
        url = f"http://{host}:{5432}/"
        assert try_links([url]) == {url: "leads into a private network"}

    def test_it_can_be_switched_off(self, settings):
        settings.ALERT_LINK_CHECK = False
        assert try_links(["https://a.example/"]) == {}


class TestLobbying:
    def suggested(self, *, public=False, text="<p>Please act.</p>", **changes):
        alert = ActionAlertFactory(text=text, **changes)
        return suggest_lobbying(alert, list(alert.blocks.all()), public=public).lobbying

    def test_no_bill_and_no_legislator(self):
        assert self.suggested(public=True, call_to_action__statement="Pay providers on time.") == "none"

    @pytest.mark.parametrize(
        "words", ["Pass HB 1075.", "Pass House Bill 1075", "Call Senator Sample", "{{ senator }}"]
    )
    def test_members_only_or_the_public(self, words):
        assert self.suggested(text=f"<p>{words}</p>") == "direct"
        assert self.suggested(text=f"<p>{words}</p>", public=True) == "grassroots"

    def test_a_pledge_sways_nobody(self):
        assert self.suggested(text="<p>Learn about HB 1075</p>", call_to_action__kind="pledge") == "none"

    def test_a_class_that_does_not_fit_is_a_warning(self):
        MembershipFactory()
        alert = ActionAlertFactory(text="<p>Pass HB 1075.</p>")
        assert "looks like “direct lobbying”" in said(look(alert).warnings)
        SubscriberFactory()
        alert.include_subscribers = True
        assert "looks like “grassroots lobbying”" in said(look(alert).warnings)
        alert.lobbying = ActionAlert.Lobbying.GRASSROOTS
        assert "looks like" not in said(look(alert).warnings)

    def test_people_named_one_by_one_may_be_the_public(self):
        member, stranger = MembershipFactory().person, PersonFactory()
        alert = ActionAlertFactory(text="<p>Pass HB 1075.</p>", rules=named(member))
        assert look(alert).suggestion.lobbying == "direct"
        alert.rules = named(member, stranger)
        assert look(alert).suggestion.lobbying == "grassroots"


class TestLook:
    def test_who_lacks_a_used_field_and_what_they_read(self):
        MembershipFactory(person__first_name="", person__last_name="Nameless")
        MembershipFactory()
        alert = ActionAlertFactory(subject="{{ first_name|Friend }}", text="<p>{{ first_name }}</p>")
        [one] = look(alert).lacking
        assert (one.used.name, one.count, one.instead) == ("first_name", 1, ["Friend", ""])
        assert "Nameless" in one.names[0]
        assert "1 person lacks it and reads nothing in its place" in said(look(alert).warnings)

    def test_readers_of_spanish_are_counted_in_the_audience(self):
        reader = MembershipFactory()
        MembershipFactory()
        for email in (reader.person.email, "stranger@example.org"):
            Preference.objects.create(email=email, address_hash=hash_address(email), language="es")
        assert "1 person of the audience chose Spanish" in said(look(ActionAlertFactory()).warnings)

    def test_an_audience_that_names_what_is_gone_is_said(self):
        alert = ActionAlertFactory(rules={"field": "segment", "is": ["999999"]})
        findings = look(alert)
        assert findings.size is None
        assert findings.stops[0].where == "Audience"

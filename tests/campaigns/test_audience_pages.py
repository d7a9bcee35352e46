"""Ways in: pages for audiences, the media kit, explanations, allies, sharing a story at any time."""

from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from campaigns.messages import build_contents
from campaigns.models import AudiencePage, CallToAction, UnconfirmedAction
from campaigns.services.errors import StateError
from campaigns.services.pages import publish_page, take_down_page
from campaigns.tokens import confirmation_token
from mailing.models import OutboxMessage
from partners.caching import empty_page_cache
from partners.models import Ally, TeamMember
from partners.related import groups_beside
from portal.reference.load import load_reference
from research.models import PressMention
from tests.campaigns.answering import ANSWER, mail_text
from tests.factories.alerts import ActionAlertFactory
from tests.factories.campaigns import CallToActionFactory, CampaignFactory, StoryFactory
from tests.factories.campaigns_voices import AudiencePageFactory, ExplainerFactory
from tests.factories.letters import StoryCallFactory
from tests.factories.partners import CoalitionFactory, OrganizationFactory, StaffFactory
from tests.factories.research_finding import FindingFactory
from tests.factories.research_report import embargoed_report, published_report

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _coalition(settings):
    CoalitionFactory()
    settings.STAFF_SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def staff():
    return StaffFactory()


def text_of(response) -> str:
    return response.content.decode()


class TestAudiencePages:
    def test_are_composed_of_what_is_public_today(self, client):
        page = AudiencePageFactory(slug="business", body="<p>Here: [finding:cut]</p>")
        page.findings.add(
            FindingFactory(slug="cut", value="$400,000"),
            FindingFactory(claim="Said before", state="draft", published_at=None),
        )
        page.stories.add(
            StoryFactory(headline="On the site"), StoryFactory(headline="Off", status="withdrawn")
        )
        page.reports.add(published_report(title="The true cost"), embargoed_report(title="Not out yet"))
        CallToActionFactory(title="Call now")
        CallToActionFactory(title="For partners alone", audience="partners")
        shown = text_of(client.get("/for/business/"))
        for words in ("$400,000", "On the site", "The true cost", "Call now"):
            assert words in shown
        for words in ("Said before", ">Off<", "Not out yet", "For partners alone", "[finding:"):
            assert words not in shown

    def test_drafts_are_seen_by_staff_alone(self, client, staff):
        AudiencePageFactory(slug="business", state="draft")
        assert client.get("/for/business/?preview=1").status_code == 404
        client.force_login(staff)
        assert client.get("/for/business/?preview=1").status_code == 200

    @pytest.mark.parametrize("factory", [AudiencePageFactory, ExplainerFactory])
    def test_are_published_and_taken_down_by_staff(self, client, staff, factory):
        page = factory(state="draft")
        publish_page(page=page, by=staff)
        assert client.get(page.get_absolute_url()).status_code == 200
        with pytest.raises(StateError, match="Only a draft"):
            publish_page(page=page, by=staff)
        take_down_page(page=page, by=staff)
        with pytest.raises(StateError, match="what is published"):
            take_down_page(page=page, by=staff)

    @pytest.mark.parametrize("count", [1, 20])
    def test_take_the_same_queries(self, client, count, django_assert_num_queries):
        page = AudiencePageFactory(slug="business")
        for _row in range(count):
            page.findings.add(FindingFactory())
            page.reports.add(published_report())
            page.stories.add(StoryFactory())
        with django_assert_num_queries(8):
            client.get("/for/business/")

    @pytest.mark.parametrize(
        ("factory", "values", "name"),
        [
            (AudiencePageFactory, {"published_at": None}, "audience_page_public_has_time"),
            (ExplainerFactory, {"body": ""}, "explainer_public_has_text"),
        ],
    )
    def test_the_database_refuses(self, factory, values, name):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            factory(**values)


class TestTheMediaKit:
    def test_counts_partners_today_and_names_people_to_ask(self, client):
        OrganizationFactory.create_batch(3)
        OrganizationFactory(status="left")
        TeamMember.objects.create(kind="staff", name="Ana Sample", role="Communications")
        PressMention.objects.create(
            outlet="The Sample Gazette",
            headline="On pay",
            url="https://gazette.example/pay",
            published_on="2026-01-02",
        )
        page = text_of(client.get(reverse("campaigns:media_kit")))
        assert '<dt>partner organizations</dt><dd class="facts__value">3</dd>' in page
        assert "Ana Sample" in page
        assert "On pay" in page
        assert client.get(reverse("campaigns:mark_file"))["Content-Type"] == "image/svg+xml"

    def test_takes_its_words_from_the_page_staff_write(self, client):
        page = AudiencePageFactory(slug="media", title="For reporters", body="<p>Call first.</p>")
        assert page.get_absolute_url() == reverse("campaigns:media_kit")
        shown = text_of(client.get(page.get_absolute_url()))
        assert "For reporters" in shown
        assert "Call first." in shown


class TestExplainers:
    def test_show_findings_by_reference_and_the_one_thing_to_do(self, client):
        call = CallToActionFactory(title="Ask for it")
        fact = FindingFactory(value="$400,000")
        explainer = ExplainerFactory(body=f"<p>It was {fact.mark}.</p>", call_to_action=call)
        shown = text_of(client.get(explainer.get_absolute_url()))
        assert "$400,000" in shown
        assert "Ask for it" in shown
        groups = groups_beside(fact, timezone.now())
        assert explainer.title in [link.title for group in groups for link in group.links]


class TestAllies:
    def test_each_has_a_page_that_says_whose_words_they_are(self, client):
        ally = Ally.objects.create(name="Faith & Works", kind="ally", summary="We believe in angels.")
        page = text_of(client.get(reverse("about_ally", args=[ally.slug])))
        assert "These are the words of Faith &amp; Works" in page
        assert '<blockquote class="others-words"' in page
        assert "ld+json" not in page, "nothing of it is told to machines as ours"
        assert "angels" not in page[: page.index("</head>")]
        assert reverse("about_ally", args=[ally.slug]) in text_of(client.get(reverse("about_allies")))

    def test_two_names_alike_get_addresses_of_their_own(self):
        slugs = {
            Ally.objects.create(name=name).slug for name in ("Budget Table", "Budget  Table!", "🌻", "🌼")
        }
        assert len(slugs) == 4


class TestSharingAtAnyTime:
    def test_leads_to_the_standing_call_which_stands_on_no_list(self, client):
        load_reference()
        standing = CallToAction.objects.get(is_standing=True)
        page = text_of(client.get(reverse("campaigns:share_story")))
        assert f"{standing.get_absolute_url()}?source=share-page" in page
        assert "You may show it to lawmakers only" in page
        form = text_of(client.get(standing.get_absolute_url()))
        assert "Your story" in form
        assert "days left" not in form
        assert standing.get_absolute_url() not in text_of(client.get(reverse("campaigns:action_list")))
        assert standing.get_absolute_url() not in text_of(client.get("/"))

    def test_nothing_says_when_it_closes(self, client):
        load_reference()
        standing = CallToAction.objects.get(is_standing=True)
        # It is beside a campaign's other calls too.
        standing.campaign = CampaignFactory(slug="fair-pay")
        standing.save()
        year = str(timezone.localdate(standing.closes_at).year)
        own = standing.get_absolute_url()
        told = {"title": "My lamp", "text": "It was on.", "place": "Quincy", "scope": "public"}
        names = {name: ANSWER[name] for name in ("first_name", "last_name", "email", "zip_code")}
        checked = client.post(own, names | told, follow=True)
        asked = OutboxMessage.objects.get()
        assert "The link works for a week." in mail_text(asked)
        confirm = reverse(
            "campaigns:action_confirm", args=[confirmation_token(UnconfirmedAction.objects.get())]
        )
        thanks = client.post(confirm, follow=True)
        assert "Others can tell theirs at any time" in text_of(thanks)
        receipt = OutboxMessage.objects.exclude(pk=asked.pk).get()
        assert "Your reference is" in mail_text(receipt)
        for mail in (asked, receipt):
            for part in message_from_bytes(bytes(mail.message), policy=policy.default).iter_parts():
                assert year not in part.get_content()
                assert "open until" not in part.get_content()
        frame = f"/embed/{standing.slug}/"
        addresses = [own, frame, f"{frame}check-your-mail/", "/campaigns/fair-pay/", "/take-action/"]
        for page in (checked, thanks, *map(client.get, addresses)):
            assert page.status_code == 200
            assert year not in text_of(page)
            assert "days left" not in text_of(page)

    def test_nor_when_it_closed(self, client):
        call = StoryCallFactory(
            is_standing=True,
            campaign=CampaignFactory(slug="fair-pay"),
            status="closed",
            closes_at=timezone.now() + timedelta(days=36500),
        )
        page = text_of(client.get("/campaigns/fair-pay/"))
        assert call.title in page
        assert str(timezone.localdate(call.closes_at).year) not in page
        assert call.title not in text_of(client.get(reverse("campaigns:action_list")))

    def test_the_desk_and_alerts_name_no_deadline_either(self, client, staff):
        client.force_login(staff)
        call = StoryCallFactory(
            is_standing=True, status="draft", closes_at=timezone.now() + timedelta(days=36500)
        )
        call.campaign = CampaignFactory()
        call.save()
        alert = ActionAlertFactory(call_to_action=call)
        content = build_contents(alert).get("A", "en")
        assert "Please act by" not in content.html + content.text
        for address in (
            reverse("admin:campaigns_calltoaction_changelist"),
            reverse("admin:campaigns_calltoaction_publish", args=[call.pk]),
            reverse("admin:campaigns_campaign_change", args=[call.campaign.pk]),
        ):
            page = text_of(client.get(address))
            assert call.title in page or "Publish this call" in page
            assert "never" in page
            assert str(call.closes_at.year) not in page
        call.status = "published"
        call.save()
        asked = text_of(client.get(reverse("admin:campaigns_actionalert_approve", args=[alert.pk])))
        assert "Deadline" in asked
        assert str(call.closes_at.year) not in asked

    def test_staff_who_closed_it_do_not_get_it_back(self):
        load_reference()
        CallToAction.objects.update(status="closed", outcome="Thank you.")
        load_reference()
        assert not CallToAction.objects.standing(timezone.now()).exists()

    def test_names_open_calls_for_stories_and_without_any_how_to_write(self, client):
        assert reverse("contact") in text_of(client.get(reverse("campaigns:share_story")))
        StoryCallFactory(title="Stories of waiting lists")
        empty_page_cache()
        assert "Stories of waiting lists" in text_of(client.get(reverse("campaigns:share_story")))

    @pytest.mark.parametrize(
        ("values", "name"),
        [
            ({"kind": "petition"}, "cta_standing_takes_stories"),
            ({"kind": "story", "audience": "partners"}, "cta_standing_takes_stories"),
            ({"kind": "story"}, "cta_one_standing"),
        ],
    )
    def test_the_database_refuses_another_kind_and_a_second_one(self, values, name):
        StoryCallFactory(is_standing=True)
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            CallToActionFactory(is_standing=True, **values)


def test_a_page_for_an_audience_is_in_the_sitemap_and_the_kit_once(client):
    AudiencePageFactory(slug="business")
    AudiencePageFactory(slug="media")
    sitemap = text_of(client.get(reverse("sitemap")))
    assert sitemap.count("/for/media/</loc>") == 1
    assert AudiencePage.objects.get(slug="business").get_absolute_url() in sitemap


def test_staff_who_write_of_the_neediest_get_a_gentle_hint_and_their_page(client, staff):
    client.force_login(staff)
    address = reverse("admin:campaigns_explainer_add")
    page = {
        "title": "For the neediest",
        "slug": "rates",
        "summary": "Rates.",
        "body": "<p>A</p>",
        "order": "0",
    }
    response = client.post(address, page | {"history-TOTAL_FORMS": "0"}, follow=True)
    assert "People are more than their need" in text_of(response)
    assert response.redirect_chain

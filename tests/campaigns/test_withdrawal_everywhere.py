"""What somebody takes back is gone everywhere in one step: pages, feeds, lists, sitemap, search, stored pages."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from campaigns.models import AudiencePage, Story, WorkerProfile
from campaigns.services.pages import take_down_page
from campaigns.services.shared_stories import make_article, withdraw_shared_story
from campaigns.services.stories import schedule_story, set_issue_of_the_week, withdraw_story
from campaigns.services.voices import publish_words, withdraw_words
from tests.factories.campaigns import CampaignFactory, StoryFactory
from tests.factories.campaigns_voices import AudiencePageFactory, WorkerProfileFactory, WorkerVoiceFactory
from tests.factories.letters import SharedStoryFactory
from tests.factories.partners import CoalitionFactory, StaffFactory

pytestmark = [pytest.mark.django_db(transaction=True)]

# A word that stands nowhere else.
WORD = "Zwiebelturm"


@pytest.fixture
def staff():
    CoalitionFactory()
    return StaffFactory()


def search_page() -> str:
    return f"{reverse('search')}?q={WORD}"


def shown_on(client, addresses: list[str]) -> dict[str, bool]:
    """Whether each page says the word. Asked twice, so that stored pages answer too."""
    for address in addresses:
        client.get(address)
    return {address: mentions(client.get(address)) for address in addresses}


def mentions(response) -> bool:
    """Whether an answer says the word or leads to an address that does; not what the visitor typed themselves."""
    text = response.content.decode()
    text = re.sub(r"<(input|title|h1)\b[^>]*>([^<]*</(title|h1)>)?", "", text)
    text = re.sub(r'(href|content|action)="[^"]*[?&]q=[^"]*"', "", text)
    if "/search/" in response.request["PATH_INFO"]:
        return f"/{WORD.lower()}" in text.lower() or "<mark>" in text
    return WORD.lower() in text.lower()


def tell(staff) -> Story:
    """A shared story, accepted, made into an article, published, leading this week, chosen for an entry page."""
    shared = SharedStoryFactory(title=f"The {WORD}", text=f"We met at the {WORD}.", state="accepted")
    story = make_article(shared=shared, by=staff)
    story.campaign = CampaignFactory(slug="fair-pay")
    story.save()
    story = schedule_story(story=story, publish_at=timezone.now() - timedelta(minutes=1), by=staff)
    set_issue_of_the_week(story=story, week=timezone.localdate(), by=staff)
    page = AudiencePageFactory(slug="business")
    page.stories.add(story)
    return story


def places_of(story: Story) -> list[str]:
    call = story.sources.get().action.call_to_action
    return [
        story.get_absolute_url(),
        reverse("campaigns:story_list"),
        reverse("campaigns:story_feed"),
        reverse("campaigns:issue_list"),
        reverse("campaigns:issue_feed"),
        reverse("campaigns:shared_stories", args=[call.slug]),
        reverse("campaigns:campaign", args=["fair-pay"]),
        reverse("campaigns:audience_page", args=["business"]),
        reverse("home"),
        reverse("sitemap"),
        search_page(),
    ]


@pytest.mark.parametrize("who", ["its author", "staff"])
def test_a_withdrawn_story_is_gone_from_everywhere_in_one_step(client, staff, who):
    story = tell(staff)
    places = places_of(story)
    before = shown_on(client, places)
    assert all(before.values()), before
    if who == "its author":
        withdraw_shared_story(shared=story.sources.get())
    else:
        withdraw_story(story=story, by=staff)
        # Staff take the article off; what its author shares on the call's page is another decision.
        places.remove(
            reverse("campaigns:shared_stories", args=[story.sources.get().action.call_to_action.slug])
        )
    after = {address: mentions(client.get(address)) for address in places}
    assert not any(after.values()), after
    # Gone for good (410), which search engines follow sooner than "not found"; of what is erased even the address is.
    gone = client.get(places[0])
    assert gone.status_code == (404 if who == "its author" else 410)
    # What machines read of it (JSON-LD, link previews) went with the page.
    assert b"NewsArticle" not in gone.content
    assert b"og:title" not in gone.content


def test_a_draft_that_was_never_out_has_no_address(client, staff):
    story = StoryFactory(status="draft", publish_at=None)
    assert client.get(story.get_absolute_url()).status_code == 404


def test_a_withdrawn_profile_is_gone_from_everywhere_in_one_step(client, staff):
    profile = WorkerProfileFactory(name=WORD, slug=WORD.lower(), email="lourdes@example.org")
    publish_words(words=profile, by=staff)
    address = profile.get_absolute_url()
    other = WorkerProfileFactory(state="published")
    places = [
        address,
        reverse("campaigns:profile_list"),
        other.get_absolute_url(),
        reverse("sitemap"),
        search_page(),
    ]
    before = shown_on(client, places)
    assert all(before.values()), before
    withdraw_words(words=profile)
    after = {place: mentions(client.get(place)) for place in places}
    assert not any(after.values()), after
    assert client.get(address).status_code == 404
    # Nor does its new address lead anywhere.
    assert client.get(WorkerProfile.objects.get(pk=profile.pk).get_absolute_url()).status_code == 404


def test_a_withdrawn_voice_is_gone_from_its_priority_in_one_step(client, staff):
    voice = WorkerVoiceFactory(quote=f"I said {WORD}.")
    publish_words(words=voice, by=staff)
    address = voice.priority.get_absolute_url()
    assert shown_on(client, [address])[address]
    withdraw_words(words=voice)
    assert not mentions(client.get(address))
    assert "What workers told us" not in client.get(address).content.decode()


def test_an_entry_page_taken_off_is_gone_too(client, staff):
    page = AudiencePageFactory(slug=WORD.lower(), title=WORD)
    places = [page.get_absolute_url(), reverse("campaigns:audience_list"), reverse("sitemap")]
    assert all(shown_on(client, places).values())
    take_down_page(page=AudiencePage.objects.get(), by=staff)
    assert not any(mentions(client.get(place)) for place in places)

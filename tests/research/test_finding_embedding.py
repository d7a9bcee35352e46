"""Findings quoted by reference: what readers see in their place, in pages and in plain words."""

from html.parser import HTMLParser

import pytest
from django.db import connection
from django.template import engines
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from partners.html import clean_html
from research.embedding import (
    findings_as_text,
    findings_in,
    quoted,
    trouble_with_findings,
    with_findings,
)
from research.services.finding import correct_finding, retract_finding
from tests.factories.campaigns import CampaignFactory, PriorityFactory, StoryFactory
from tests.factories.partners import CoalitionFactory
from tests.factories.research_finding import FindingFactory, SourceCheckFactory

pytestmark = pytest.mark.django_db
ATTACK = '<img src=x onerror="alert(1)">"><script>alert(2)</script>'


class Read(HTMLParser):
    """What a browser makes of markup: tags with their attributes, and links with their words."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.tags, self.attributes, self.links, self.words = [], set(), {}, ""
        self.open_links = []
        self.deepest = 0
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes |= {name for name, _value in attrs}
        if tag == "a":
            self.open_links.append(dict(attrs).get("href"))
            self.deepest = max(self.deepest, len(self.open_links))

    def handle_endtag(self, tag):
        if tag == "a":
            self.open_links.pop()

    def handle_data(self, data):
        self.words += data
        for link in self.open_links:
            self.links[link] = self.links.get(link, "") + data


@pytest.fixture
def cut():
    return FindingFactory(
        slug="cut",
        value="$400,000",
        claim="The state cut an agency's funding.",
        source="Agency report",
        source_url="https://agency.example/report",
    )


@pytest.mark.parametrize(
    ("text", "slugs"),
    [
        ("<p>Nothing here.</p>", []),
        ("<p>[finding:a] and [finding: b-2 ] and [finding:a]</p>", ["a", "b-2"]),
        ('<p><a href="https://x.example/?q=[finding:a]">x</a></p>', []),
        ('<p><a title="1 > 0 [finding:a]" href="#">[finding:b]</a></p>', ["b"]),
        ("<p>[finding:] [finding:ä] [finding:a b] [find:a]</p>", []),
    ],
)
def test_marks_count_between_tags(text, slugs):
    assert findings_in(text) == slugs


def test_a_mark_alone_becomes_a_card_and_one_in_a_sentence_words(cut):
    page = with_findings("<p>[finding:cut]</p><p>It lost [finding:cut] that year.</p>")
    card, words = Read(page[: page.index("<p>It")]), Read(page[page.index("<p>It") :])
    assert card.tags[0] == "figure"
    assert words.tags[0] == "p"
    for shown in (card, words):
        assert "$400,000" in shown.words
        assert "The state cut an agency's funding" in shown.words
        assert shown.links["https://agency.example/report"] == "Agency report"
        assert cut.get_absolute_url() in shown.links
    assert words.words.startswith("It lost $400,000")


def test_a_correction_shows_everywhere_and_a_retraction_leaves_nothing(cut):
    body = "<p>Before.</p><p>[finding:cut]</p><p>It lost [finding:cut].</p>"
    correct_finding(finding=cut, by=None, now=timezone.now(), reason="Rounded wrongly.", value="$410,000")
    assert "$410,000" in with_findings(body)
    assert "$400,000" not in with_findings(body) + findings_as_text(body)
    retract_finding(finding=cut, by=None, now=timezone.now(), reason="The source withdrew it.")
    assert with_findings(body) == "<p>Before.</p><p>It lost .</p>"
    assert with_findings("<p>[finding:unknown]</p>") == ""


def test_what_a_finding_says_never_becomes_markup():
    FindingFactory(
        slug="bad", claim=ATTACK, value='"><b>1', source=ATTACK, source_url="https://x.example/?a=1&b='2'"
    )
    texts = [
        "<p>[finding:bad]</p>",
        "<p>So [finding:bad].</p>",
        '<p><a href="https://x.example/[finding:bad]" title="[finding:bad]">so [finding:bad]</a></p>',
        '<p title="<p>[finding:bad]</p>">x</p>',
    ]
    for text in texts:
        for told in (with_findings(text), findings_as_text(text)):
            shown = Read(told)
            assert not {"script", "img", "b"} & set(shown.tags), told
            assert not [name for name in shown.attributes if name.startswith("on")], told
            assert all(link.startswith(("https://x.example/", "/research/")) for link in shown.links), told


def test_no_link_stands_within_a_link(cut):
    told = with_findings('<p><a href="https://x.example/">It lost [finding:cut]</a> and [finding:cut].</p>')
    shown = Read(told)
    assert shown.deepest == 1
    assert shown.links["https://x.example/"] == "It lost $400,000"
    assert shown.links["https://agency.example/report"] == "Agency report"


def test_plain_words_for_files_and_mail(cut):
    assert findings_as_text("<p>[finding:cut]</p>") == (
        "<p>$400,000: The state cut an agency&#x27;s funding (Source: Agency report, 2024)</p>"
    )


def test_the_database_is_asked_once_for_all_marks_and_never_without(cut):
    for slug in ("a", "b", "c"):
        FindingFactory(slug=slug)
    texts = ["<p>[finding:a] [finding:b]</p>", "<p>[finding:c]</p><p>[finding:cut]</p>", "<p>None.</p>"]
    with CaptureQueriesContext(connection) as asked:
        found = quoted(*texts)
        told = [with_findings(text, found) for text in texts]
        with_findings("".join(texts))
    assert len(asked) == 2
    assert told[2] == "<p>None.</p>"
    with CaptureQueriesContext(connection) as asked:
        assert with_findings("<p>None.</p>") == "<p>None.</p>"
    assert not asked.captured_queries


def test_the_template_filters(cut):
    template = engines["django"].from_string(
        "{% load findings %}{{ body|with_findings }}|{{ body|findings_as_text }}|{{ none|with_findings }}"
    )
    page, text, empty = template.render({"body": "<p>[finding:cut]</p>", "none": None}).split("|")
    assert "finding-card" in page
    assert text.startswith("<p>$400,000: ")
    assert empty == ""


def test_a_dead_source_is_named_without_its_link(cut):
    SourceCheckFactory(finding=cut, outcome="gone", failed_days=2, first_failed_at=timezone.now())
    told = with_findings("<p>[finding:cut]</p>")
    assert "Agency report" in told
    assert "https://agency.example/report" not in told


def test_staff_are_told_which_marks_readers_do_not_see(cut):
    FindingFactory(slug="draft", state="draft", published_at=None)
    gone = FindingFactory(slug="gone")
    retract_finding(finding=gone, by=None, now=timezone.now(), reason="Wrong.")
    troubles = trouble_with_findings(
        "<p>[finding:cut] [finding:draft]</p>", "<p>[finding:gone] [finding:typo]</p>"
    )
    assert [name for words in troubles for name in ("draft", "gone", "typo") if f"“{name}”" in words] == [
        "draft",
        "gone",
        "typo",
    ]
    assert trouble_with_findings("<p>[finding:cut]</p>") == []


def test_marks_survive_the_sanitiser(cut):
    assert findings_in(clean_html("<p>Text [finding:cut]</p>")) == ["cut"]


def test_a_correction_reaches_stories_priorities_campaigns_and_the_feed(
    client, cut, django_capture_on_commit_callbacks
):
    CoalitionFactory()
    body = "<p>[finding:cut]</p>"
    story, priority = StoryFactory(body=body), PriorityFactory(body=body)
    campaign = CampaignFactory(body=body)
    addresses = [one.get_absolute_url() for one in (story, priority, campaign)] + ["/stories/feed/"]
    for address in addresses:
        assert "$400,000" in client.get(address).content.decode(), address
    with django_capture_on_commit_callbacks(execute=True):
        correct_finding(finding=cut, by=None, now=timezone.now(), reason="Rounded wrongly.", value="$410,000")
    for address in addresses:
        page = client.get(address).content.decode()
        assert "$410,000" in page, address
        assert "$400,000" not in page
        assert "[finding" not in page
    with django_capture_on_commit_callbacks(execute=True):
        retract_finding(finding=cut, by=None, now=timezone.now(), reason="Withdrawn.")
    for address in addresses:
        page = client.get(address).content.decode()
        assert "$410,000" not in page, address
        assert "[finding" not in page


def test_a_finding_names_the_stories_that_quote_it(client, cut):
    CoalitionFactory()
    story = StoryFactory(body="<p>[finding:cut]</p>", headline="A story that quotes it")
    StoryFactory(body="<p>Nothing.</p>", headline="Another story")
    page = client.get(cut.get_absolute_url()).content.decode()
    assert story.headline in page
    assert "Another story" not in page

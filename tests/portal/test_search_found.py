"""What the search finds, and in which order."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from campaigns.models import CallToAction, Story, WorkerProfile
from legislation.models import Bill
from legislation.search.spelling import forget_vocabulary
from legislation.services.search_index import fill_search
from partners.caching import empty_page_cache
from partners.models import Organization
from partners.searching import LONGEST_SEARCHED
from portal.search.asked import Asked
from portal.search.excerpts import WINDOW, around, excerpts, plain
from portal.search.found import MOST_RANKED, PER_PAGE, Found, find
from portal.search.kinds import BY_NAME, KINDS
from portal.search.words import longer, respelled, vocabulary
from tests.factories.campaigns import CallToActionFactory, CampaignFactory, StoryFactory
from tests.factories.campaigns_voices import WorkerProfileFactory
from tests.factories.legislation import BillFactory, BillTrackingFactory, HearingFactory, LegislatorFactory
from tests.factories.letters import StoryCallFactory
from tests.factories.meetings import EventFactory
from tests.factories.partners import AreaFactory, CountyFactory, OrganizationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_words_of_other_tests():
    """The words of bills stay with the process for a while."""
    forget_vocabulary()


def search(words: str, **others: str) -> Found:
    return find(Asked.read({"q": words, **others}, BY_NAME), KINDS, timezone.now())


def titles(words: str, **others: str) -> list[str]:
    """What is found, in order, without marks."""
    return [
        str(hit.excerpt.title).replace("<mark>", "").replace("</mark>", "")
        for hit in search(words, **others).hits
    ]


def bill(number: int, title: str, **fields: object) -> Bill:
    """A House bill that the search knows."""
    made = BillFactory(identifier=f"HB{number}", prefix="HB", number=number, title=title, **fields)
    fill_search([made.pk])
    return made


class TestDays:
    def test_a_call_that_stands_all_year_has_no_last_day(self):
        now = timezone.now()
        CallToActionFactory(title="Ask for shelter", closes_at=now + timedelta(days=9))
        StoryCallFactory(
            title="Tell us of your shelter", is_standing=True, closes_at=now + timedelta(days=36500)
        )
        assert {str(hit.excerpt.title)[:4]: hit.day for hit in search("shelter").hits} == {
            "Ask ": timezone.localdate(now + timedelta(days=9)),
            "Tell": None,
        }

    def test_a_day_is_chicagos(self):
        # Nine in the evening there; the day after in Greenwich.
        evening = datetime(2026, 3, 6, 3, 0, tzinfo=UTC)
        StoryFactory(headline="Shelter at night", status="published", publish_at=evening)
        CampaignFactory(title="Shelter for all", starts_on=date(2026, 3, 6))
        days = {hit.kind.name: hit.day for hit in search("shelter").hits}
        assert days == {"stories": date(2026, 3, 5), "campaigns": date(2026, 3, 6)}


class TestWords:
    def test_all_words_must_be_there_and_the_last_may_be_a_beginning(self):
        StoryFactory(headline="Shelters open in Peoria", status="published")
        StoryFactory(headline="Shelters close in Rockford", status="published")
        assert titles("shelter peor") == ["Shelters open in Peoria"]
        assert titles("shelter -rockford") == ["Shelters open in Peoria"]
        assert titles('"open in peoria"') == ["Shelters open in Peoria"]
        assert titles('"peoria open"') == []
        assert len(titles("peoria or rockford")) == 2

    @pytest.mark.parametrize(
        "words", ["", "the", "&|!():*<->", "'; DROP TABLE x; --", "%", "\x00", "a" * 5000, "-"]
    )
    def test_whatever_is_typed_is_never_an_error(self, words):
        assert search(words).total == 0

    def test_a_number_finds_its_bill_first_and_then_what_is_written_about_it(self):
        bill(1075, "RAISE ACT")
        bill(1076, "AMENDS HB 1075")
        StoryFactory(headline="What HB1075 changes", status="published")
        StoryFactory(headline="Bill HB 1075 explained", status="published")
        StoryFactory(headline="Something else", status="published", body="<p>HB 10755</p>")
        for typed in ("hb1075", "HB 1075", "h.b. 1075", "House Bill 1075"):
            found = titles(typed)
            assert found[0].startswith("HB1075"), typed
            assert {"What HB1075 changes", "Bill HB 1075 explained"} <= set(found), typed
            assert "Something else" not in found

    def test_a_public_act_finds_its_bill_and_what_is_written_about_it(self):
        bill(7, "WAGES", public_act="103-0007")
        StoryFactory(headline="After Public Act 103-0007", status="published")
        found = titles("public act 103-7")
        assert found[0].startswith("HB7")
        assert "After Public Act 103-0007" in titles("PA 103-0007")

    def test_our_plain_title_stands_in_for_the_printed_one_only_in_public(self):
        tracking = BillTrackingFactory(bill=bill(12, "WAGE ACT"), plain_title="Fair pay")
        assert titles("hb 12") == ["HB12 Fair pay"]
        tracking.is_public = False
        tracking.save()
        assert titles("hb 12") == ["HB12 WAGE ACT"]


class TestOrder:
    def test_a_title_counts_more_than_a_text(self):
        StoryFactory(headline="A day at work", body="<p>childcare</p>", status="published")
        OrganizationFactory(name="Lakeside", summary="We offer childcare, and more childcare.")
        StoryFactory(headline="Childcare for all", status="published")
        assert titles("childcare")[0] == "Childcare for all"

    def test_of_equals_the_newer_comes_first(self):
        now = timezone.now()
        for years in (3, 0, 1):
            StoryFactory(
                headline=f"Wages {years}", status="published", publish_at=now - timedelta(days=365 * years)
            )
        assert titles("wages") == ["Wages 0", "Wages 1", "Wages 3"]

    def test_pages_leave_nothing_out_and_show_nothing_twice(self):
        for number in range(PER_PAGE + 3):
            StoryFactory(headline=f"Wages {number}", status="published")
        OrganizationFactory.create_batch(4, name="Wages together")
        first, second, beyond = (search("wages", page=page) for page in ("1", "2", "99999999"))
        assert (first.total, first.pages, len(first.hits), len(second.hits)) == (17, 2, 10, 7)
        assert len({hit.url for hit in [*first.hits, *second.hits]}) == 17
        assert [hit.url for hit in beyond.hits] == [hit.url for hit in second.hits]

    def test_of_very_many_matches_those_with_the_words_in_their_title_are_ranked(self):
        county = CountyFactory()
        Organization.objects.bulk_create(
            Organization(
                name="Wages" if not n else f"Place {n}", slug=f"wages-{n}", city="Peoria", county=county,
                area=county.area, joined_on=timezone.localdate(), summary="About wages.",
            )
            for n in range(MOST_RANKED + 40)
        )  # fmt: skip
        found = search("wages")
        assert found.counts == {"partners": MOST_RANKED + 40}
        assert found.hits[0].url == "/partners/wages-0/"
        last = search("wages", page="20")
        assert (last.page, last.pages, last.is_cut, len(last.hits)) == (
            MOST_RANKED // PER_PAGE,
            MOST_RANKED // PER_PAGE,
            True,
            PER_PAGE,
        )

    def test_nobody_counts_or_leafs_without_end(self, monkeypatch):
        monkeypatch.setattr("portal.search.found.MOST_COUNTED", PER_PAGE)
        monkeypatch.setattr("portal.search.found.MOST_PAGES", 1)
        OrganizationFactory.create_batch(PER_PAGE + 1, name="Wages")
        found = search("wages")
        assert (found.total, found.is_more, found.pages, found.is_cut) == (PER_PAGE, True, 1, True)


class TestKinds:
    def test_counts_are_by_kind_and_the_filter_shows_one(self):
        StoryFactory(headline="Wages", status="published")
        OrganizationFactory.create_batch(2, name="Wages")
        found = search("wages", kind="partners")
        assert found.counts == {"stories": 1, "partners": 2}
        assert {hit.kind.name for hit in found.hits} == {"partners"}
        assert not search("wages", kind="bills").hits

    def test_a_council_is_found_by_its_counties_and_a_coming_hearing_by_its_committee(self):
        area = AreaFactory(name="North Shore")
        CountyFactory(name="Winnebago", area=area)
        HearingFactory(committee_name="Zoning Panel", starts_at=timezone.now() + timedelta(days=2))
        HearingFactory(committee_name="Zoning Panel", starts_at=timezone.now() - timedelta(days=2))
        LegislatorFactory(name="Quinn Zebrowski")
        assert titles("winnebago") == ["North Shore"]
        assert titles("zoning", kind="hearings") == ["Zoning Panel"]
        assert titles("zebrow") == ["Quinn Zebrowski"]

    def test_what_is_not_public_is_never_found(self):
        StoryFactory(headline="Secret draft", status="draft")
        StoryFactory(headline="Secret plan", status="withdrawn")
        CampaignFactory(title="Secret campaign", status="draft")
        CallToActionFactory(title="Secret draft of a call", status="draft")
        CallToActionFactory(title="Secret for partners", status="published", audience="partners")
        EventFactory(title="Secret board meeting", kind="internal", audience="staff", state="published")
        EventFactory(title="Secret event", state="draft")
        OrganizationFactory(name="Secret partner", is_listed=False)
        OrganizationFactory(name="Secret lapsed", status="lapsed")
        assert search("secret").counts == {}

    def test_who_allows_no_name_is_found_and_suggested_by_the_work_alone(self):
        now = timezone.now()
        hidden = WorkerProfileFactory(
            state="published", scope="anonymous", name="Zelda Quill", city="Cairo", role="Night aide"
        )
        empty_page_cache()
        for words in ("zelda", "zeld", "quill", "cairo", '"zelda quill"'):
            assert search(words).counts == {}, words
        (hit,) = search("night aide").hits
        assert (hit.excerpt.title, hit.url) == ("<mark>Night aide</mark>", hidden.get_absolute_url())
        assert "Zelda" not in hit.excerpt.text
        known = vocabulary(KINDS, now)
        assert {"zelda", "quill", "cairo"}.isdisjoint(known)
        assert "aide" in known
        assert longer(Asked(q="zeld"), known) == []
        assert respelled("zelde", known) == ""
        # What they allow decides, in the same statement.
        WorkerProfile.objects.update(scope="public")
        assert titles("zelda") == titles("cairo") == ["Zelda Quill"]
        WorkerProfile.objects.update(scope="anonymous", role="")
        assert search("zelda").counts == {}
        assert titles("kitchen") == ["Someone who does the work"]
        WorkerProfile.objects.update(scope="lawmakers")
        assert search("kitchen").counts == {}

    def test_withdrawn_is_gone_at_once(self):
        story = StoryFactory(headline="Wages", status="published")
        call = CallToActionFactory(title="Wages", status="published")
        assert search("wages").total == 2
        Story.objects.filter(pk=story.pk).update(status="withdrawn")
        CallToAction.objects.filter(pk=call.pk).update(status="draft")
        assert search("wages").total == 0


class TestExcerpts:
    def test_nothing_of_a_texts_own_html_comes_through(self):
        evil = '<p onclick="x">Wages <script>alert(1)</script> &lt;img src=x&gt; <b>rise</b></p>'
        StoryFactory(headline='<img src=x onerror="y"> wages', summary="", body=evil, status="published")
        Story.objects.update(body=evil)  # Past the field's own cleaning.
        (hit,) = search("wages").hits
        shown = f"{hit.excerpt.title} {hit.excerpt.text}"
        assert "<mark>wages</mark>" in shown.lower()
        assert "<" not in shown.replace("<mark>", "").replace("</mark>", "")
        assert "&lt;img src=x" in hit.excerpt.title

    def test_signs_that_could_be_taken_for_our_marks_are_left_out(self):
        (shown,) = excerpts(Asked(q="wage"), [("A \x02wage\x03", "\x02b\x03 " * 3)])
        assert shown.title == "A <mark>wage</mark>"
        assert shown.text == "b b b"

    def test_an_excerpt_says_that_more_follows(self):
        (shown, whole) = excerpts(Asked(q="x"), [("A", "One two three. " * 40), ("A", "One two three.")])
        assert shown.text.endswith(" …")
        assert whole.text == "One two three."

    def test_an_excerpt_shows_where_the_words_stand_together(self):
        filler = "Something about other things altogether. " * 200
        text = f"Care is named here. {filler}Then foster care is named. {filler}"
        part = around(text, Asked(q="foster care").stems)
        assert "Then foster care is named." in part
        assert len(part) <= WINDOW + 2
        StoryFactory(headline="Long", body=f"<p>{text}</p>", status="published")
        (hit,) = search('"foster care"').hits
        assert "Then <mark>foster care</mark> is named." in hit.excerpt.text, "neighbors are one mark"

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("<p>One</p><p>two</p>", "One two"),
            ("Fish &amp; chips&nbsp;&mdash; 3 &lt; 5", "Fish & chips — 3 < 5"),
            ("3 < 5 and 7 > 6", "3 < 5 and 7 > 6"),
            ("x" * (LONGEST_SEARCHED - 3) + "<a href='y'>z</a>", "x" * (LONGEST_SEARCHED - 3)),
        ],
    )
    def test_html_becomes_words(self, text, words):
        assert plain(text) == words


def test_a_page_costs_the_same_for_any_number_of_things(django_assert_num_queries):
    def fill(rows: int) -> None:
        StoryFactory.create_batch(rows, headline="Wages", status="published")
        OrganizationFactory.create_batch(rows, name="Wages")
        EventFactory.create_batch(rows, title="Wages", state="published")

    for rows in (1, 19):
        fill(rows)
        with django_assert_num_queries(
            7
        ):  # The savepoint and its end, a setting, counts, ranks, rows, excerpts.
            assert search("wages").total

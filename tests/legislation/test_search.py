"""Finding bills: numbers in any spelling, words, filters, and what to say when nothing is found."""

from datetime import date, timedelta

import pytest
from django.db.models import F
from django.http import QueryDict
from django.utils import timezone

from legislation.models import Bill, Sponsorship, Subject
from legislation.reading.titles import tidy_title
from legislation.search import page as bill_list
from legislation.search.bills import BillSearch
from legislation.search.page import bill_page
from legislation.search.spelling import forget_vocabulary, suggestion
from legislation.search.text import SearchText, text_query
from legislation.search.words import chips
from legislation.services.search_index import fill_search
from tests.factories.legislation import (
    BillFactory,
    BillTrackingFactory,
    CommitteeFactory,
    HearingDocumentFactory,
    HearingFactory,
    LegislatorFactory,
    OrganizationPositionFactory,
    SponsorshipFactory,
)


def found(query: str | dict) -> list[str]:
    """The numbers a search finds, in its order."""
    params = QueryDict(query) if isinstance(query, str) else query
    return [bill.identifier for bill in BillSearch.parse(params).queryset()]


@pytest.fixture
def bills(db):
    """Four measures of two General Assemblies, ready to be searched."""
    BillFactory(
        number=1075,
        title="CHILD WELFARE-FOSTER CARE",
        synopsis="Amends the Child Care Act. Provides for kinship placements.",
        last_action_on=date(2025, 5, 1),
    )
    BillFactory(
        prefix="SB", number=40, chamber="upper", title="WAGES-HOME CARE", synopsis="Raises wages of workers."
    )
    BillFactory(
        prefix="SB",
        number=40,
        session=103,
        chamber="upper",
        title="HOUSING-RENT",
        synopsis="Creates a fund for education and renters.",
        stage="public_act",
        public_act="103-0007",
        last_action_on=date(2023, 8, 4),
    )
    BillFactory(number=107, title="SCH CD-BUSES", synopsis="Buses are safe.", last_action_on=date(2025, 3, 1))
    fill_search()
    forget_vocabulary()
    return Bill.objects


class TestNumbers:
    @pytest.mark.parametrize(
        "typed",
        [
            "hb 1075",
            "HB-1075",
            "hb1075",
            "h.b. 1075",
            "HB01075",
            "H B 1075",
            "House Bill 1075",
            "1075",
            "#1075",
            "hb no. 1075",
        ],
    )
    def test_are_found_however_they_are_typed(self, bills, typed):
        assert found({"q": typed}) == ["HB1075"]

    def test_a_general_assembly_beside_the_number_narrows_it(self, bills):
        assert len(found({"q": "sb 40"})) == 2
        assert [bill.session for bill in BillSearch.parse({"q": "sb40 103rd"}).queryset()] == [103]

    def test_words_beside_a_number_put_the_right_one_first(self, bills):
        assert [bill.session for bill in BillSearch.parse({"q": "SB 40 rent"}).queryset()] == [103, 104]
        assert [bill.session for bill in BillSearch.parse({"q": "SB 40 wages"}).queryset()] == [104, 103]

    def test_a_public_act_is_found_by_its_number(self, bills):
        assert found({"q": "PA 103-0007"}) == found({"q": "103-7"}) == ["SB40"]

    def test_several_numbers_find_several_bills(self, bills):
        assert set(found({"q": "HB 107, HB 1075"})) == {"HB107", "HB1075"}

    @pytest.mark.parametrize(
        ("typed", "numbers"),
        [
            ("HJRCA 3", (("HJRCA", 3),)),
            ("senate joint resolution 12", (("SJR", 12),)),
            ("AM 1030246", (("AM", 1030246),)),
            ("15 dollar wage", ()),
            ("hb1075a", ()),
            ('"hb 1075"', ()),
        ],
    )
    def test_what_is_a_number_and_what_is_not(self, typed, numbers):
        assert SearchText.read(typed).numbers == numbers


class TestWords:
    def test_every_word_must_be_there_in_any_form(self, bills):
        assert found({"q": "placement kinship"}) == ["HB1075"]
        assert found({"q": "placement wages"}) == []

    @pytest.mark.parametrize("beginning", ["educ", "educat", "educatio", "education"])
    def test_the_last_word_may_be_a_beginning(self, bills, beginning):
        assert found({"q": beginning}) == ["SB40"]

    @pytest.mark.parametrize("beginning", ["hou", "housi", "housin", "housing"])
    def test_a_beginning_may_end_inside_an_ending(self, bills, beginning):
        assert "SB40" in found({"q": beginning})

    def test_quotation_marks_keep_words_together(self, bills):
        assert found({"q": '"foster care"'}) == found({"q": "“foster care”"}) == ["HB1075"]
        assert found({"q": '"care foster"'}) == []

    def test_a_minus_leaves_out_and_or_gives_a_choice(self, bills):
        assert found({"q": "care -wages"}) == ["HB1075"]
        assert set(found({"q": "kinship or buses"})) == {"HB1075", "HB107"}

    def test_a_sponsor_is_found_by_name(self, bills):
        bill = bills.get(identifier="HB107")
        SponsorshipFactory(
            bill=bill, legislator=LegislatorFactory(given_name="Quill", family_name="Underbeam")
        )
        fill_search([bill.pk])
        assert found({"q": "underbeam"}) == ["HB107"]

    def test_the_plain_title_is_found_when_it_is_public(self, bills):
        tracking = BillTrackingFactory(
            bill=bills.get(identifier="HB107"), plain_title="Seat belts for everybody"
        )
        fill_search()
        assert found({"q": "belts"}) == ["HB107"]
        tracking.is_public = False
        tracking.save()
        fill_search()
        assert found({"q": "belts"}) == []

    def test_words_in_the_title_come_first(self, bills):
        late = BillFactory(number=9, title="OTHER", synopsis="Wages.", last_action_on=date(2026, 1, 1))
        fill_search([late.pk])
        assert found({"q": "wages"})[0] == "SB40"

    @pytest.mark.parametrize(
        "typed", ["' & | ! ( ) :* <->", "a'b", '"', "-", "\\", "the", "%", "::", "-wages", "(hb"]
    )
    def test_nothing_typed_breaks_it(self, bills, typed):
        assert isinstance(found({"q": typed}), list)
        assert bill_page(BillSearch.parse({"q": typed})).found >= 0

    def test_operators_in_words_are_only_letters(self):
        assert text_query("fo'o & b|ar") == "(('fo' <-> 'o')) & (('b' <-> 'ar'))"


class TestManyMatches:
    def test_show_titles_first_then_the_newest_and_page_without_gaps(self, db, monkeypatch):
        monkeypatch.setattr(bill_list, "MOST_RANKED", 3)
        for number in range(1, 9):
            in_title = number % 4 == 0
            BillFactory(
                number=number,
                title="LANTERN LAW" if in_title else "OTHER",
                synopsis="About lanterns.",
                last_action_on=date(2025, 1, number),
            )
        fill_search()
        search = BillSearch.parse({"q": "lantern"})
        pages = [bill_page(search, page, per_page=3) for page in (1, 2, 3)]
        shown = [bill.number for page in pages for bill in page.bills]
        assert shown == [8, 4, 7, 6, 5, 3, 2, 1]
        assert pages[0].found == 8

    @pytest.mark.parametrize("rows", [1, 20])
    @pytest.mark.parametrize(("query", "reads"), [({}, 2), ({"q": "porch"}, 5), ({"position": "support"}, 2)])
    def test_take_the_same_reads_however_many_there_are(
        self, db, django_assert_num_queries, rows, query, reads
    ):
        for _number in range(rows):
            BillTrackingFactory()
        fill_search()
        # The count and the rows; for words also the plan's setting in a transaction (a savepoint here, and its end).
        with django_assert_num_queries(reads):
            page = bill_page(BillSearch.parse(query))
            assert all(bill.shown_title for bill in page.bills)


class TestFilters:
    def test_chamber_kind_stage_and_session(self, bills):
        assert found("chamber=lower") == ["HB1075", "HB107"]
        assert found("stage=public_act") == ["SB40"]
        assert set(found("stage=public_act&stage=introduced&chamber=upper")) == {"SB40"}
        assert len(found("stage=public_act,introduced")) == 4
        assert len(found("session=103")) == 1
        assert found("kind=resolution") == []

    def test_a_subject_is_a_search_kept_by_staff(self, bills):
        Subject.objects.create(name="Children", slug="children", words="“foster care” or kinship")
        assert found("subject=children") == ["HB1075"]
        assert found("subject=unknown") == []

    def test_our_position_and_priority_where_they_are_public(self, bills):
        BillTrackingFactory(bill=bills.get(identifier="HB1075"), position="oppose", priority="monitor")
        BillTrackingFactory(bill=bills.get(identifier="HB107"), position="oppose", is_public=False)
        assert found("position=oppose") == found("position=any") == found("priority=monitor") == ["HB1075"]
        assert found("position=support") == []

    def test_committee_and_sponsor(self, bills):
        committee = CommitteeFactory(name="Buses", slug="house-buses")
        bus_bill = bills.get(identifier="HB107")
        bus_bill.committee = committee
        bus_bill.save()
        member = LegislatorFactory(slug="pat-sample")
        SponsorshipFactory(bill=bus_bill, legislator=member)
        Sponsorship.objects.create(
            bill=bills.get(identifier="HB1075"),
            legislator=member,
            name="Pat",
            chamber="lower",
            role="cosponsor",
            removed_on=date(2025, 3, 1),
        )
        assert found("committee=house-buses") == ["HB107"]
        assert found("sponsor=pat-sample") == ["HB107"]

    def test_hearing_soon_counts_what_is_still_to_take_place(self, bills):
        now = timezone.now()
        soon = bills.get(identifier="HB107")
        HearingDocumentFactory(bill=soon, hearing=HearingFactory(starts_at=now + timedelta(days=2)))
        for bill, facts in (
            (bills.get(identifier="HB1075"), {"starts_at": now + timedelta(days=20)}),
            (bills.get(session=103), {"starts_at": now + timedelta(days=1), "state": "cancelled"}),
            (bills.get(session=104, prefix="SB"), {"starts_at": now - timedelta(days=1)}),
        ):
            HearingDocumentFactory(bill=bill, hearing=HearingFactory(**facts))
        assert found("hearing=1") == ["HB107"]

    def test_changed_is_an_action_or_a_change_we_saw_but_not_the_first_import(self, bills):
        bills.update(first_seen_at=F("changed_at"))
        assert found("changed=7") == []
        bill = bills.get(identifier="HB107")
        bill.first_seen_at = timezone.now() - timedelta(days=30)
        bill.save()
        assert found("changed=7") == ["HB107"]
        Bill.objects.filter(identifier="HB1075").update(last_action_on=timezone.localdate())
        assert set(found("changed=7")) == {"HB107", "HB1075"}

    def test_partners_on_record(self, bills):
        OrganizationPositionFactory(bill=bills.get(identifier="HB107"))
        OrganizationPositionFactory(bill=bills.get(identifier="HB1075"), state="proposed", decided_at=None)
        assert found("partners=1") == ["HB107"]

    def test_sorts(self, bills):
        assert found("sort=number")[:2] == ["HB107", "HB1075"]
        assert found("")[0] == "HB1075"
        assert found("q=care&sort=recent")[0] == "HB1075"

    def test_what_no_list_knows_is_left_out(self, bills):
        search = BillSearch.parse(
            QueryDict(
                "chamber=x&stage=y&position=z&changed=99999&session=x&sort=up&committee=%27;&hearing=no&page=7"
            )
        )
        assert search == BillSearch()
        assert not search.is_active


class TestSpelling:
    def test_one_search_has_one_address(self):
        one = BillSearch.parse(QueryDict("stage=vetoed&q=++care++home&stage=signed&chamber=&sort=relevance"))
        other = BillSearch.parse({"q": "care home", "stage": ["signed", "vetoed"], "hearing": ""})
        assert one == other
        assert one.canonical_query() == "q=care+home&stage=signed&stage=vetoed"
        assert BillSearch.parse(QueryDict(one.canonical_query())) == one

    def test_a_search_says_what_it_is(self, db):
        Subject.objects.create(name="Children", slug="children", words="foster")
        search = BillSearch.parse(QueryDict("q=care&subject=children&position=support&changed=7&hearing=1"))
        assert search.describe() == (
            "“care”, Subject: Children, We support, Hearing in the next 14 days, Changed in the last 7 days"
        )
        assert BillSearch().describe() == "All bills"

    def test_chips_take_off_one_part_each(self, db):
        search = BillSearch.parse(QueryDict("q=care&stage=signed&stage=vetoed"))
        assert [(chip.label, chip.query) for chip in chips(search)] == [
            ("“care”", "stage=signed&stage=vetoed"),
            ("Signed", "q=care&stage=vetoed"),
            ("Vetoed", "q=care&stage=signed"),
        ]

    @pytest.mark.parametrize(
        ("typed", "meant"), [("fostr care", "foster care"), ("kinshp", None), ("welfrae", "welfare")]
    )
    def test_a_misspelled_word_gets_the_nearest_known_one(self, bills, typed, meant):
        better = suggestion(BillSearch.parse({"q": typed}))
        assert (better.q if better else None) == meant

    def test_the_rest_of_the_search_stays(self, bills):
        better = suggestion(BillSearch.parse({"q": "fostr", "chamber": "lower"}))
        assert better.canonical_query() == "q=foster&chamber=lower"

    def test_a_members_name_is_known(self, bills):
        LegislatorFactory(given_name="Quill", family_name="Underbeam")
        forget_vocabulary()
        assert suggestion(BillSearch.parse({"q": "Undrebeam"})).q == "underbeam"


@pytest.mark.parametrize(
    ("printed", "tidy"),
    [
        ("PROP TX-INCOME PROPERTY", "Property Tax: Income Property"),
        ("$DCEO-YMCA", "Appropriation: DCEO: YMCA"),
        ("APPOINT-SELMA D'SAMPLE", "Appointment: Selma D'Sample"),
        ("9-1-1 TELECOMMUNICATOR CPR", "9-1-1 Telecommunicator CPR"),
        ("E-CIGARETTES-BAN", "E-Cigarettes: Ban"),
        ("NON-PROFIT HOUSING", "Non-Profit Housing"),
        ("INVEST IN KIDS-REENACT", "Invest in Kids: Reenact"),
        ("CONGRATS-PAT MCSAMPLE", "Congratulations: Pat McSample"),
        ("Readable already", "Readable already"),
        ("", ""),
    ],
)
def test_printed_titles_are_made_readable(printed, tidy):
    assert tidy_title(printed) == tidy

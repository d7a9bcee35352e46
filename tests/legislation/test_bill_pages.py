"""The list of bills, a bill's page, a roll call's page and the fact sheet, as visitors meet them."""

import re
from datetime import date, timedelta

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone

from legislation.models import (
    AppropriationAsk,
    AppropriationFigure,
    BillDocument,
    BillRelation,
    RecordedSlip,
    Sponsorship,
    SyncRun,
)
from legislation.pages.bill_sponsors import bill_sponsors
from legislation.pages.stage_track import stage_track
from legislation.pages.vote_pictures import party_bars
from legislation.search.spelling import forget_vocabulary
from legislation.services.search_index import fill_search
from tests.factories.legislation import (
    BillActionFactory,
    BillFactory,
    BillTrackingFactory,
    CommitteeFactory,
    HearingDocumentFactory,
    HearingFactory,
    LegislatorFactory,
    OrganizationPositionFactory,
    RollCallFactory,
    SponsorshipFactory,
    VoteFactory,
)
from tests.factories.partners import OrganizationFactory, StaffFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_page_cache(settings):
    settings.PAGE_CACHE_SECONDS = 0


def text(response) -> str:
    """The page's words without tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


class TestList:
    def test_shows_number_plain_title_position_and_stage(self, client):
        tracking = BillTrackingFactory(bill__number=1075, bill__stage="in_committee")
        words = text(client.get("/bills/"))
        for part in (
            "HB 1075",
            tracking.plain_title,
            "We support",
            "Lead priority",
            "In committee",
            "1 bill",
        ):
            assert part in words

    def test_never_shows_a_position_that_is_not_public(self, client):
        BillTrackingFactory(is_public=False, plain_title="Secret plan", summary="Hush")
        words = text(client.get("/bills/"))
        assert "Sample: Porch Repair" in words
        assert "Secret plan" not in words
        assert "We support" not in words.replace("We support We oppose", "")

    def test_a_form_with_empty_fields_leads_to_the_short_address(self, client):
        response = client.get("/bills/?q=&subject=&chamber=lower&sort=recent&stage=dead")
        assert response.status_code == 302
        assert response["Location"] == "/bills/?chamber=lower&stage=dead"

    def test_chips_say_what_is_set_and_take_it_off(self, client):
        response = client.get("/bills/?chamber=lower&stage=dead")
        assert 'href="/bills/?stage=dead"' in response.content.decode()
        assert "Clear all" in text(response)

    def test_filters_stay_chosen_and_pages_keep_them(self, client):
        for _number in range(30):
            BillFactory()
        page = client.get("/bills/?chamber=lower").content.decode()
        assert '<option value="lower" selected>House</option>' in page
        assert 'href="?chamber=lower&amp;page=2"' in page
        assert "noindex" in page
        assert "noindex" not in client.get("/bills/").content.decode()

    def test_a_misspelled_word_is_answered_with_the_right_one(self, client):
        BillFactory(title="FOSTER CARE")
        fill_search()
        forget_vocabulary()
        response = client.get("/bills/?q=fostr")
        assert "Did you mean foster" in text(response)
        assert 'href="/bills/?q=foster"' in response.content.decode()

    def test_the_whole_list_begins_with_the_bills_we_follow(self, client):
        for day, number in ((3, 31), (9, 32), (1, 33)):
            BillTrackingFactory(
                bill__number=number, bill__last_action_on=date(2025, 3, day), priority="support"
            )
        BillTrackingFactory(bill__number=34, plain_title="Only watched", priority="monitor")
        BillTrackingFactory(bill__number=35, plain_title="Secret plan", is_public=False)
        page = client.get("/bills/")
        assert [bill.number for bill in page.context["followed"]] == [32, 31, 33]
        assert "Bills we follow" in text(page)
        assert "All 5 bills" in text(page)
        assert 'href="/bills/?priority=any"' in page.content.decode()

    @pytest.mark.parametrize("query", ["?chamber=lower", "?q=porch", "?sort=number", "?page=2"])
    def test_what_somebody_looks_for_stands_first(self, client, query):
        for _number in range(30):
            BillTrackingFactory()
        assert "Bills we follow" not in text(client.get(f"/bills/{query}"))

    def test_says_so_where_we_follow_none(self, client):
        BillFactory(last_action="Public Act . . . . . . . . . 104-0027")
        words = text(client.get("/bills/"))
        assert "Bills we follow" not in words
        assert "1 bill " in words
        assert "Public Act 104-0027" in words

    @pytest.mark.parametrize("rows", [1, 20])
    def test_the_whole_list_takes_the_same_reads(self, client, rows, django_assert_num_queries):
        for _number in range(rows):
            BillTrackingFactory(bill__committee=CommitteeFactory())
        client.get("/bills/")
        with django_assert_num_queries(6):
            client.get("/bills/")

    def test_what_was_typed_is_escaped(self, client):
        page = client.get("/bills/", {"q": '"><script>x</script>'}).content.decode()
        assert "<script>x" not in page

    def test_an_empty_list_says_what_to_do(self, client):
        assert "No bill is in our records yet" in text(client.get("/bills/"))
        assert "Try fewer words or filters" in text(client.get("/bills/?q=zzz"))

    @pytest.mark.parametrize("rows", [1, 20])
    def test_takes_the_same_reads_however_many_bills(self, client, rows, django_assert_num_queries):
        for _number in range(rows):
            BillTrackingFactory(bill__committee=CommitteeFactory())
            SponsorshipFactory()
        client.get("/bills/")
        with django_assert_num_queries(5):
            client.get("/bills/?stage=introduced")


class TestAddresses:
    @pytest.mark.parametrize("typed", ["/bills/104/HB1075/", "/bills/104/hb-1075/", "/bills/104/HB01075/"])
    def test_other_spellings_lead_to_the_one_address(self, client, typed):
        BillFactory(number=1075)
        response = client.get(typed)
        assert response.status_code == 301
        assert response["Location"] == "/bills/104/hb1075/"

    def test_a_number_alone_leads_to_the_newest_bill_of_it(self, client):
        BillFactory(number=5, session=103)
        BillFactory(number=5, session=104)
        assert client.get("/bills/hb5/")["Location"] == "/bills/104/hb5/"

    def test_an_unknown_bill_says_so_and_offers_the_same_number_elsewhere(self, client):
        BillFactory(number=5, session=103, title="RENT")
        response = client.get("/bills/104/hb5/")
        assert response.status_code == 404
        assert "We do not know HB 5" in text(response)
        assert "/bills/103/hb5/" in response.content.decode()
        assert client.get("/bills/nothing/").status_code == 404

    def test_the_page_names_its_canonical_address_and_what_it_is_about(self, client):
        bill = BillFactory(number=5)
        page = client.get(bill.get_absolute_url()).content.decode()
        assert f'rel="canonical" href="http://localhost:8000{bill.get_absolute_url()}"' in page
        assert '"@type": "Legislation"' in page
        assert '"legislationIdentifier": "HB 5 (104th)"' in page

    def test_the_sitemap_names_it(self, client):
        bill = BillFactory(number=5)
        old = BillFactory(number=6, session=103)
        followed = BillTrackingFactory(bill__session=103, bill__number=7).bill
        sitemap = client.get("/sitemap.xml").content.decode()
        assert bill.get_absolute_url() in sitemap
        assert followed.get_absolute_url() in sitemap
        assert old.get_absolute_url() not in sitemap


class TestBillPage:
    def test_says_what_we_think_and_why(self, client):
        tracking = BillTrackingFactory(talking_points="<p>Porches hold streets together.</p>")
        tracking.credited.add(
            OrganizationFactory(name="Listed Friend"),
            OrganizationFactory(name="Quiet Friend", is_listed=False),
        )
        words = text(client.get(tracking.bill.get_absolute_url()))
        for part in (
            tracking.plain_title,
            "Printed title: SAMPLE-PORCH REPAIR",
            "We support",
            tracking.summary,
        ):
            assert part in words
        assert "Porches hold streets together." in words
        assert "Listed Friend" in words
        assert "Quiet Friend" not in words

    def test_keeps_a_position_that_is_not_public_to_itself(self, client):
        tracking = BillTrackingFactory(
            is_public=False, plain_title="Secret plan", talking_points="<p>Hush</p>"
        )
        tracking.fact_sheet.save("sheet.pdf", ContentFile(b"%PDF-1.7 secret"))
        url = tracking.bill.get_absolute_url()
        words = text(client.get(url))
        for part in ("Secret plan", "Hush", "We support", "Fact sheet"):
            assert part not in words
        assert client.get(f"{url}fact-sheet.pdf").status_code == 404

    def test_the_fact_sheet_can_be_downloaded(self, client):
        tracking = BillTrackingFactory(bill__number=1075, fact_sheet_on=date(2025, 3, 1))
        tracking.fact_sheet.save("sheet.pdf", ContentFile(b"%PDF-1.7 sample"))
        url = tracking.bill.get_absolute_url()
        assert f"{url}fact-sheet.pdf" in client.get(url).content.decode()
        response = client.get(f"{url}fact-sheet.pdf")
        assert b"".join(response.streaming_content) == b"%PDF-1.7 sample"
        assert response["Content-Disposition"] == 'attachment; filename="HB1075-fact-sheet.pdf"'
        assert response["X-Content-Type-Options"] == "nosniff"

    def test_warns_of_an_amendment_that_replaces_everything(self, client):
        bill = BillFactory(replaces_everything=True)
        BillDocument.objects.create(
            bill=bill, kind="amendment", note="House Amendment 001", fate="adopted", replaces_everything=True
        )
        words = text(client.get(bill.get_absolute_url()))
        assert "An amendment replaces everything in this bill" in words
        assert "House Amendment 001: adopted" in words

    def test_shows_the_next_hearing_with_its_window_for_slips(self, client):
        bill = BillFactory()
        hearing = HearingFactory(starts_at=timezone.now() + timedelta(days=3))
        HearingDocumentFactory(bill=bill, hearing=hearing, amendment="House Amendment 1")
        HearingDocumentFactory(
            bill=bill, hearing=HearingFactory(starts_at=timezone.now() - timedelta(days=9))
        )
        words = text(client.get(bill.get_absolute_url()))
        assert "Slips open 3 days left" in words
        assert "House Amendment 1" in words
        assert "1 other hearing" in words

    @pytest.mark.parametrize(("hours", "is_stored"), [(3, False), (72, True)])
    def test_a_page_with_a_hearing_today_is_made_anew_for_everybody(self, client, settings, hours, is_stored):
        settings.PAGE_CACHE_SECONDS = 60
        bill = BillFactory()
        hearing = HearingFactory(starts_at=timezone.now() + timedelta(hours=hours))
        HearingDocumentFactory(bill=bill, hearing=hearing)
        client.get(bill.get_absolute_url())
        hearing.location = "Room 2"
        hearing.save()
        assert ("Room 2" in text(client.get(bill.get_absolute_url()))) is not is_stored

    def test_sponsors_stand_by_chamber_and_party_and_who_left_is_told(self, client):
        bill = BillFactory(introduced_on=date(2025, 1, 10))
        SponsorshipFactory(bill=bill, role="chief", legislator__name="Ada Chief")
        SponsorshipFactory(bill=bill, added_on=date(2025, 2, 1), legislator__party="Republican")
        SponsorshipFactory(bill=bill, chamber="upper", legislator=None, name="Nobody Known")
        SponsorshipFactory(bill=bill, legislator__name="Gone Member", removed_on=date(2025, 3, 3))
        words = text(client.get(bill.get_absolute_url()))
        assert "3 sponsors" in words
        assert "House 2 of 118 members Democratic (1) Ada Chief chief sponsor Republican (1)" in words
        assert "Party not known (1) Nobody Known" in words
        assert "Gone Member , left Monday, March 3, 2025" in words

    def test_tells_both_counts_of_a_vote_where_they_disagree(self, client):
        bill = BillFactory()
        vote = RollCallFactory(
            bill=bill, stated_yes=60, named_yes=1, stated_no=40, named_no=1, counts_agree=False
        )
        VoteFactory(roll_call=vote, option="Y", legislator__party="Democratic")
        VoteFactory(roll_call=vote, option="N", legislator__party="Republican")
        words = text(client.get(bill.get_absolute_url()))
        assert "60 yes, 40 no, 0 present" in words
        assert "which add up to 1 yes, 1 no, 0 present. We show both." in words
        assert "Democratic 1 yes" in words
        detail = text(
            client.get(reverse("legislation:roll_call", args=[104, bill.identifier.lower(), vote.pk]))
        )
        assert "Yes 60 1 (differs)" in detail

    def test_a_vote_of_another_bill_is_not_found(self, client):
        vote, other = RollCallFactory(), BillFactory()
        url = reverse("legislation:roll_call", args=[104, other.identifier.lower(), vote.pk])
        assert client.get(url).status_code == 404

    def test_history_folds_lines_about_sponsors_and_leaves_out_what_is_no_longer_printed(self, client):
        bill = BillFactory()
        BillActionFactory(bill=bill, description="First Reading", rule="first_reading")
        BillActionFactory(bill=bill, description="Added Co-Sponsor Rep. A", rule="sponsor_added")
        BillActionFactory(bill=bill, description="Printed by mistake", removed_on=date(2025, 3, 1))
        words = text(client.get(bill.get_absolute_url()))
        assert "1 line about sponsors" in words
        assert "Printed by mistake" not in words

    def test_days_with_nothing_but_sponsors_are_one_line(self, client):
        bill = BillFactory()
        for day in (date(2024, 12, 2), date(2025, 1, 8)):
            BillActionFactory(
                bill=bill, date=day, description=f"Added Co-Sponsor {day}", rule="sponsor_added"
            )
        BillActionFactory(bill=bill, date=date(2025, 2, 3), description="First Reading")
        BillActionFactory(bill=bill, date=date(2025, 2, 3), description="Added", rule="sponsor_added")
        for day in (4, 9, 9, 27):
            BillActionFactory(
                bill=bill, date=date(2025, 3, day), description=f"Removed {day}", rule="sponsor_removed"
            )
        BillActionFactory(bill=bill, date=date(2025, 4, 1), description="Second Reading")
        BillActionFactory(bill=bill, date=date(2025, 4, 2), description="Added", rule="sponsor_added")
        words = text(client.get(bill.get_absolute_url()))
        assert "4 lines about sponsors, March 4 to March 27, 2025" in words
        assert "Removed 9, Mar 9, 2025" in words
        assert "Thursday, March 27, 2025" not in words
        assert "2 lines about sponsors, December 2, 2024 to January 8, 2025" in words
        assert "1 line about sponsors, April 2, 2025" in words
        assert "First Reading 1 line about sponsors House" in words

    def test_what_is_shared_says_why_it_matters_and_where_it_stands(self, client):
        tracking = BillTrackingFactory(
            summary="Porches keep people safe.", bill__number=75, bill__stage_on=date(2025, 2, 3)
        )
        page = client.get(tracking.bill.get_absolute_url()).content.decode()
        assert f'<meta property="og:title" content="HB 75: {tracking.plain_title}">' in page
        assert (
            '<meta property="og:description" content="Porches keep people safe. '
            'Where HB 75 stands: Introduced, since Feb 3, 2025.">' in page
        )

    def test_no_sentence_ends_in_two_periods(self, client):
        bill = BillFactory()
        SyncRun.objects.create(source="s", session=104, state="done", finished_at=timezone.now())
        assert "m.." not in text(client.get(bill.get_absolute_url()))

    def test_lineage_goes_both_ways(self, client):
        bill = BillFactory(number=5)
        earlier = BillFactory(session=103, number=77, title="RENT")
        BillRelation.objects.create(bill=bill, session=103, identifier="HB77")
        BillRelation.objects.create(
            bill=bill, session=102, identifier="SB3925", title="Old idea", outcome="Died"
        )
        words = text(client.get(bill.get_absolute_url()))
        assert "Brings back: HB 77 (103rd) : Rent" in words
        assert "SB 3925 (102nd): Old idea (Died)" in words
        assert "Came back as: HB 5 (104th)" in text(client.get(earlier.get_absolute_url()))

    def test_partners_on_record_are_counted_and_only_listed_ones_named(self, client):
        bill = BillFactory()
        OrganizationPositionFactory(bill=bill, organization__name="Listed Friend")
        OrganizationPositionFactory(
            bill=bill, organization__name="Quiet Friend", organization__is_listed=False
        )
        OrganizationPositionFactory(
            bill=bill, organization__name="Undecided", state="proposed", decided_at=None
        )
        words = text(client.get(bill.get_absolute_url()))
        assert "2 partners support it" in words
        assert "Listed Friend" in words
        assert "Quiet Friend" not in words
        assert "Undecided" not in words

    def test_money_slips_and_the_last_reading_are_told(self, client):
        bill = BillFactory()
        ask = AppropriationAsk.objects.create(name="Loan repayment", slug="loans", purpose="Repays loans.")
        ask.bills.add(bill)
        AppropriationAsk.objects.create(name="Hidden", slug="hidden", purpose="x", is_public=False).bills.add(
            bill
        )
        AppropriationFigure.objects.create(
            ask=ask, year=2026, step="asked", amount=15_000_000, source="Letter"
        )
        now = timezone.now()
        for name, position in (("A", "proponent"), ("B", "proponent"), ("C", "opponent")):
            RecordedSlip.objects.create(
                bill=bill, committee_name="X", scheduled_at=now, name=name, position=position, imported_at=now
            )
        SyncRun.objects.create(source="s", session=104, state="done", finished_at=now)
        words = text(client.get(bill.get_absolute_url()))
        assert "FY26 $15 million – –" in words
        assert "Hidden" not in words
        assert "Proponent 2 Opponent 1" in words
        assert "Public records last read:" in words

    def test_visitors_get_a_link_to_follow_and_members_a_button(self, client):
        bill = BillFactory()
        assert "csrfmiddlewaretoken" not in client.get(bill.get_absolute_url()).content.decode()
        client.force_login(StaffFactory())
        page = client.get(bill.get_absolute_url()).content.decode()
        assert reverse("my_legislation:follow") in page
        assert "csrfmiddlewaretoken" in page

    @pytest.mark.parametrize("many", [1, 20])
    def test_takes_the_same_reads_and_stays_small(self, client, many, django_assert_num_queries):
        bill = _full_bill(many)
        client.get(bill.get_absolute_url())
        with django_assert_num_queries(14):
            client.get(bill.get_absolute_url())

    def test_stays_below_150_kilobytes_with_198_lines_and_60_roll_calls(self, client):
        bill = _full_bill(1)
        for number in range(198):
            BillActionFactory(
                bill=bill,
                date=date(2025, 2, 1) + timedelta(days=number // 3),
                description=f"Senate Committee Amendment No. {number} Referred to Assignments and to more committees",
                rule="sponsor_added" if number % 5 == 0 else "",
            )
        for _number in range(60):
            RollCallFactory(bill=bill, motion="Third Reading, House Floor Amendment and more words")
        for _number in range(90):
            SponsorshipFactory(bill=bill, legislator__district=None, legislator__is_current=False)
        assert len(client.get(bill.get_absolute_url()).content) < 150_000


def _full_bill(many: int):
    """A bill with `many` of everything."""
    bill = BillTrackingFactory().bill
    ask = AppropriationAsk.objects.create(name="Loans", slug="loans", purpose="x")
    ask.bills.add(bill)
    for number in range(many):
        earlier = BillFactory(session=103)
        BillRelation.objects.create(bill=bill, session=103, identifier=earlier.identifier)
        BillRelation.objects.create(
            bill=BillFactory(session=105), session=bill.session, identifier=bill.identifier
        )
        SponsorshipFactory(bill=bill)
        BillActionFactory(bill=bill)
        vote = RollCallFactory(bill=bill, committee=CommitteeFactory())
        VoteFactory(roll_call=vote, legislator__district=None, legislator__is_current=False)
        HearingDocumentFactory(bill=bill)
        OrganizationPositionFactory(bill=bill)
        AppropriationFigure.objects.create(
            ask=ask, year=2020 + number, step="asked", amount=1, source="Letter"
        )
        BillDocument.objects.create(bill=bill, kind="text", note=f"Text {number}")
        bill.tracking.credited.add(OrganizationFactory())
    return bill


class TestStageTrack:
    def states(self, bill, actions=()) -> list[tuple[str, str]]:
        return [(stage["label"], stage["state"]) for stage in stage_track(bill, list(actions)).stages]

    def test_a_bill_goes_through_both_chambers(self):
        bill = BillFactory.build(prefix="SB", chamber="upper", stage="crossed", current_chamber="lower")
        assert self.states(bill) == [
            ("Filed", "done"),
            ("Senate committee", "done"),
            ("Senate vote", "done"),
            ("House committee", "current"),
            ("House vote", "ahead"),
            ("Governor", "ahead"),
            ("Public Act", "ahead"),
        ]

    def test_out_of_committee_in_the_second_chamber_it_waits_for_the_vote(self):
        bill = BillFactory.build(stage="crossed", current_chamber="upper")
        reported = BillActionFactory.build(bill=bill, chamber="upper", rule="do_pass")
        assert self.states(bill, [reported])[4] == ("Senate vote", "current")
        earlier = BillActionFactory.build(bill=bill, chamber="lower", rule="do_pass")
        assert self.states(bill, [earlier])[3] == ("Senate committee", "current")

    @pytest.mark.parametrize("stage", ["public_act", "adopted", "confirmed"])
    def test_what_is_finished_is_done_all_along(self, stage):
        kind = {"public_act": "bill", "adopted": "joint_resolution", "confirmed": "appointment"}[stage]
        bill = BillFactory.build(kind=kind, chamber="upper", stage=stage)
        assert {state for _label, state in self.states(bill)} == {"done"}

    @pytest.mark.parametrize(
        ("stage", "after"), [("re_referred", "ahead"), ("tabled", "missed"), ("dead", "missed")]
    )
    def test_a_setback_shows_where_it_stopped(self, stage, after):
        bill = BillFactory.build(stage=stage, furthest_stage="in_committee", stage_on=date(2025, 4, 11))
        track = stage_track(bill, [])
        assert [part["state"] for part in track.stages] == ["done", "stopped", *[after] * 5]
        assert "Apr 11, 2025" in track.stages[1]["note"]
        assert "got as far as “in committee”" in track.words

    def test_a_veto_stops_at_the_governor(self):
        bill = BillFactory.build(stage="vetoed", furthest_stage="sent_to_governor")
        assert self.states(bill)[5:] == [("Governor", "stopped"), ("Public Act", "missed")]

    def test_a_resolution_adopted_without_a_committee_does_not_claim_one(self):
        bill = BillFactory.build(kind="resolution", stage="adopted")
        filed = BillActionFactory.build(bill=bill, rule="filed", stage="introduced")
        assert self.states(bill, [filed]) == [("Filed", "done"), ("Adopted", "done")]
        heard = BillActionFactory.build(bill=bill, rule="assigned", stage="in_committee")
        assert ("House committee", "done") in self.states(bill, [filed, heard])
        joint = BillFactory.build(kind="joint_resolution", stage="adopted")
        labels = [label for label, _state in self.states(joint, [heard])]
        assert labels == ["Filed", "House committee", "House vote", "Adopted by both"]

    def test_days_come_from_the_lines(self):
        bill = BillFactory.build(stage="passed_chamber", furthest_stage="passed_chamber")
        lines = [
            BillActionFactory.build(bill=bill, stage="introduced", happened_on=date(2025, 1, 9)),
            BillActionFactory.build(bill=bill, stage="passed_committee", happened_on=date(2025, 3, 4)),
            BillActionFactory.build(bill=bill, stage="passed_chamber", happened_on=date(2025, 4, 9)),
        ]
        notes = [part["note"] for part in stage_track(bill, lines).stages]
        assert notes[:3] == ["Jan 9, 2025", "Mar 4, 2025", "Apr 9, 2025"]

    @pytest.mark.parametrize(
        ("kind", "labels"),
        [
            ("resolution", ["Filed", "House committee", "Adopted"]),
            (
                "joint_resolution",
                ["Filed", "House committee", "House vote", "Senate committee", "Adopted by both"],
            ),
            (
                "constitutional_amendment",
                ["Filed", "House committee", "House vote", "Senate committee", "Goes to the voters"],
            ),
            ("executive_order", ["Filed", "House committee", "Adopted"]),
        ],
    )
    def test_other_kinds_have_their_own_steps(self, kind, labels):
        assert [label for label, _state in self.states(BillFactory.build(kind=kind))] == labels

    @pytest.mark.parametrize(
        "kind", ["bill", "resolution", "joint_resolution", "appointment", "executive_order"]
    )
    def test_every_stage_of_every_kind_can_be_drawn(self, kind):
        for stage in BillFactory._meta.model.Stage.values:
            for furthest in BillFactory._meta.model.Stage.values:
                track = stage_track(BillFactory.build(kind=kind, stage=stage, furthest_stage=furthest), [])
                assert 1 <= track.number <= track.total


class TestPictures:
    def test_the_curve_counts_who_joined_and_left(self):
        bill = BillFactory(introduced_on=date(2025, 1, 10), last_action_on=date(2025, 3, 1))
        SponsorshipFactory(bill=bill, role="chief")
        SponsorshipFactory(bill=bill, added_on=date(2025, 2, 1), removed_on=date(2025, 2, 20))
        SponsorshipFactory(bill=bill, added_on=date(2025, 2, 1))
        curve = bill_sponsors(bill, list(Sponsorship.objects.all()), date(2026, 1, 1)).curve
        assert [(step.joined, step.left, step.number) for step in curve.steps] == [
            (1, 0, 1),
            (2, 0, 3),
            (0, 1, 2),
        ]
        assert curve.most == 3
        assert curve.last == date(2025, 3, 1)

    def test_no_curve_where_nothing_changed(self):
        bill = BillFactory()
        SponsorshipFactory(bill=bill)
        assert bill_sponsors(bill, list(Sponsorship.objects.all()), date(2026, 1, 1)).curve is None

    def test_bars_add_up_and_the_largest_party_fills_the_drawing(self):
        bars = party_bars(
            {("Republican", "N"): 20, ("Democratic", "Y"): 30, ("Democratic", "NV"): 10, ("", "Y"): 1}
        )
        assert [bar.label for bar in bars] == ["Democratic", "Republican", "Party not known"]
        assert [part.width for part in bars[0].parts] == [75.0, 25.0]
        assert bars[1].parts[0].width == 50.0

    def test_a_picture_of_nobody_is_empty(self):
        assert party_bars({}) == []


def test_a_member_is_named_once_in_a_roll_call(client):
    vote = RollCallFactory()
    VoteFactory(roll_call=vote, legislator=LegislatorFactory(name="Ada Chief"))
    VoteFactory(roll_call=vote, legislator=None, name="Mr. Speaker", option="NV")
    words = text(client.get(f"{vote.bill.get_absolute_url()}votes/{vote.pk}/"))
    assert words.count("Ada Chief") == 1
    assert "Mr. Speaker Not voting" in words
    assert "1 name as printed fits no member for certain" in words

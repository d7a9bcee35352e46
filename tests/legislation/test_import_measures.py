"""Measures: what is stored of them, what counts as history and what as news, and what is refused in which words."""

from datetime import UTC, date, datetime, timedelta

import pytest

from legislation.models import Bill, BillAction, BillDocument, BillEvent, NameMatch, Sponsorship
from legislation.records import ActionRecord, DocumentRecord, MeasureRecord, Rejected, SponsorshipRecord
from legislation.services.imports import import_records
from legislation.services.imports.measures import made_ocd_id
from legislation.services.search_index import fill_search
from legislation.services.sessions import close_finished_sessions
from legislation.sources.base import Progress
from tests.factories.legislation import CommitteeFactory, LegislatorFactory
from tests.legislation.standing import nothing_written

pytestmark = pytest.mark.django_db

NOON = datetime(2025, 3, 3, 18, tzinfo=UTC)
FILED = ActionRecord("lower", date(2025, 1, 9), "Filed with the Clerk by Rep. Ann Sample")
FIRST = ActionRecord("lower", date(2025, 1, 9), "First Reading")
RULES = ActionRecord("lower", date(2025, 1, 9), "Referred to Rules Committee")
ASSIGNED = ActionRecord("lower", date(2025, 2, 4), "Assigned to Housing")
PASSED = ActionRecord("lower", date(2025, 3, 4), "Do Pass / Short Debate Housing;  012-000-000")
JOINED = ActionRecord("lower", date(2025, 3, 5), "Added Co-Sponsor Rep. Ben Porch")
LEFT = ActionRecord("lower", date(2025, 3, 6), "Removed Co-Sponsor Rep. Ben Porch")
HISTORY = (FILED, FIRST, RULES, ASSIGNED)
ANN = SponsorshipRecord("Ann Sample", "chief", "lower")
BEN = SponsorshipRecord("Ben Porch", "cosponsor", "lower")
INTRODUCED = DocumentRecord("Introduced", "https://legislature.example/HB7.html", "text/html")
AMENDED = DocumentRecord("House Amendment 001", "https://legislature.example/HB7ham1.html", "text/html")
SYNOPSIS = "Creates the Porch Act. Provides that porches are kept safe."


def measure(**fields) -> MeasureRecord:
    facts = {
        "session": 104,
        "identifier": "HB7",
        "title": "PORCH SAFETY",
        "synopsis": SYNOPSIS,
        "sponsorships": (ANN,),
        "actions": HISTORY,
        "documents": (INTRODUCED,),
        "source_url": "https://www.ilga.gov/HB7",
    }
    return MeasureRecord(**(facts | fields))


def take(*records, source="files", at=NOON, **arguments):
    return import_records(records, source=source, observed_at=at, **arguments)


def news(kind=None):
    events = BillEvent.objects.filter(is_news=True).order_by("id")
    if kind:
        events = events.filter(kind=kind)
    return list(events.values_list("kind", "before", "after", "happened_on"))


class TestFirstSight:
    def test_everything_the_record_says_is_stored(self):
        housing = CommitteeFactory(name="Housing")
        ann = LegislatorFactory(name="Ann Sample", given_name="Ann", family_name="Sample")
        summary = take(measure())
        assert dict(summary.by_kind) == {("measure", "added"): 1}
        bill = Bill.objects.get()
        assert (bill.session, bill.identifier, bill.prefix, bill.number) == (104, "HB7", "HB", 7)
        assert (bill.kind, bill.chamber, bill.title, bill.synopsis) == (
            "bill",
            "lower",
            "PORCH SAFETY",
            SYNOPSIS,
        )
        assert (bill.stage, bill.stage_on, bill.furthest_stage) == (
            "in_committee",
            date(2025, 2, 4),
            "in_committee",
        )
        assert (bill.current_chamber, bill.committee_name, bill.committee) == ("lower", "Housing", housing)
        assert (bill.introduced_on, bill.last_action, bill.last_action_on) == (
            date(2025, 1, 9),
            "Assigned to Housing",
            date(2025, 2, 4),
        )
        assert (bill.source_url, bill.first_seen_at, bill.changed_at) == (
            "https://www.ilga.gov/HB7",
            NOON,
            NOON,
        )
        lines = list(bill.actions.values_list("position", "chamber", "date", "description", "stage"))
        assert lines == [
            (0, "lower", FILED.date, FILED.description, "introduced"),
            (1, "lower", FIRST.date, FIRST.description, ""),
            (2, "lower", RULES.date, RULES.description, ""),
            (3, "lower", ASSIGNED.date, ASSIGNED.description, "in_committee"),
        ]
        sponsor = bill.sponsorships.get()
        assert (sponsor.name, sponsor.role, sponsor.legislator, sponsor.added_on, sponsor.removed_on) == (
            "Ann Sample",
            "chief",
            ann,
            date(2025, 1, 9),
            None,
        )
        document = bill.documents.get()
        assert (document.kind, document.note, document.html_url) == ("text", "Introduced", INTRODUCED.url)

    def test_a_history_is_no_news(self):
        take(measure())
        assert news() == []
        assert list(
            BillEvent.objects.order_by("id").values_list("kind", "before", "after", "happened_on")
        ) == [
            ("stage", "", "introduced", date(2025, 1, 9)),
            ("stage", "introduced", "in_committee", date(2025, 2, 4)),
            ("added", "", "", None),
        ]

    def test_the_same_again_changes_nothing(self):
        LegislatorFactory(name="Ann Sample", given_name="Ann", family_name="Sample")
        take(measure(as_of=NOON))
        with nothing_written():
            summary = take(measure(as_of=NOON), at=NOON + timedelta(days=1))
        assert dict(summary.by_kind) == {("measure", "unchanged"): 1}

    @pytest.mark.parametrize(
        ("identifier", "stored", "kind", "chamber"),
        [
            ("hb 0007", "HB7", "bill", "lower"),
            ("SB-12", "SB12", "bill", "upper"),
            ("HR0081", "HR81", "resolution", "lower"),
            ("SR 9", "SR9", "resolution", "upper"),
            ("HJR3", "HJR3", "joint_resolution", "lower"),
            ("SJR 3", "SJR3", "joint_resolution", "upper"),
            ("HJRCA1", "HJRCA1", "constitutional_amendment", "lower"),
            ("SJRCA0001", "SJRCA1", "constitutional_amendment", "upper"),
            ("AM 103-0246", "AM1030246", "appointment", "upper"),
            ("EO2500001", "EO2500001", "executive_order", "lower"),
            ("JSR1", "JSR1", "resolution", "lower"),
        ],
    )
    def test_a_number_says_kind_and_chamber(self, identifier, stored, kind, chamber):
        take(measure(identifier=identifier))
        assert list(Bill.objects.values_list("identifier", "kind", "chamber")) == [(stored, kind, chamber)]

    def test_without_lines_it_is_introduced_in_its_chamber(self):
        take(measure(identifier="SB1", actions=None))
        bill = Bill.objects.get()
        assert (bill.stage, bill.current_chamber, bill.introduced_on) == ("introduced", "upper", None)

    def test_the_open_civic_data_id_is_the_sources_or_one_that_stays(self):
        take(measure(), measure(identifier="HB8", ocd_id="ocd-bill/11111111-1111-4111-8111-111111111111"))
        made, given = Bill.objects.order_by("number").values_list("ocd_id", flat=True)
        assert made == made_ocd_id(104, "HB7") == "ocd-bill/" + made.removeprefix("ocd-bill/")
        assert given == "ocd-bill/11111111-1111-4111-8111-111111111111"
        # One that comes later takes the made one's place.
        take(measure(ocd_id="ocd-bill/22222222-2222-4222-8222-222222222222"))
        assert Bill.objects.filter(ocd_id="ocd-bill/22222222-2222-4222-8222-222222222222").exists()

    def test_a_past_general_assembly_ends_what_was_pending(self):
        past = measure(session=103, actions=tuple(_in_2023(line) for line in HISTORY))
        take(past)
        bill = Bill.objects.get()
        assert (bill.stage, bill.stage_on, bill.furthest_stage) == ("dead", date(2025, 1, 7), "in_committee")
        assert list(
            BillEvent.objects.filter(kind="stage").order_by("id").values_list("after", "is_news")
        ) == [
            ("introduced", False),
            ("in_committee", False),
            ("dead", False),
        ]

    def test_long_texts_are_kept_whole(self):
        long = "x " * 2000
        take(measure(title=long, actions=(*HISTORY, ActionRecord("lower", date(2025, 3, 1), long))))
        bill = Bill.objects.get()
        assert (bill.title, bill.last_action, bill.actions.last().description) == (long, long, long)


def _in_2023(line: ActionRecord) -> ActionRecord:
    return ActionRecord(line.chamber, line.date.replace(year=2023), line.description)


class TestNews:
    @pytest.fixture(autouse=True)
    def _known(self):
        take(measure())

    def change(self, source="files", **fields):
        return take(measure(**fields), source=source, at=NOON + timedelta(days=3))

    def test_a_new_line_and_the_stage_it_brings(self):
        summary = self.change(actions=(*HISTORY, PASSED))
        assert dict(summary.by_kind) == {("measure", "changed"): 1}
        assert news() == [
            ("action", "", PASSED.description, PASSED.date),
            ("stage", "in_committee", "passed_committee", PASSED.date),
        ]
        bill = Bill.objects.get()
        assert (bill.stage, bill.last_action_on, bill.changed_at) == (
            "passed_committee",
            PASSED.date,
            NOON + timedelta(days=3),
        )
        assert bill.first_seen_at == NOON

    def test_a_stage_reached_twice_is_told_twice(self):
        back = ActionRecord("lower", date(2025, 3, 21), "Rule 19(a) / Re-referred to Rules Committee")
        again = ActionRecord("lower", date(2025, 4, 2), "Assigned to Housing")
        self.change(actions=(*HISTORY, back))
        self.change(actions=(*HISTORY, back, again))
        assert [(before, after) for _kind, before, after, _on in news("stage")] == [
            ("in_committee", "re_referred"),
            ("re_referred", "in_committee"),
        ]

    def test_the_same_change_through_two_sources_is_told_once(self):
        actions = (*HISTORY, PASSED, JOINED)
        self.change(actions=actions, sponsorships=(ANN, BEN), title="Porch Safety Now")
        told = news()
        assert len(told) == 5
        spaced = tuple(
            ActionRecord(line.chamber, line.date, line.description.replace(" ", "  ")) for line in actions
        )
        self.change(
            source="other",
            actions=spaced,
            sponsorships=(ANN, SponsorshipRecord("Porch, Ben", "cosponsor", "lower")),
            title="PORCH  SAFETY NOW",
        )
        assert news() == told
        assert Bill.objects.get().actions.count() == 6
        assert Sponsorship.objects.count() == 2

    def test_lines_alike_on_one_day_are_told_apart(self):
        twice = (*HISTORY, PASSED, PASSED)
        self.change(actions=(*HISTORY, PASSED))
        self.change(actions=twice)
        self.change(source="other", actions=twice)
        assert [after for _kind, _before, after, _on in news("action")] == [PASSED.description] * 2

    def test_a_chamber_that_one_source_does_not_tell_is_no_other_line(self):
        self.change(
            source="other", actions=tuple(ActionRecord("", line.date, line.description) for line in HISTORY)
        )
        assert news() == []
        assert set(BillAction.objects.values_list("chamber", "removed_on")) == {("lower", None)}

    def test_sponsors_come_go_and_change(self):
        chief = ActionRecord("lower", date(2025, 3, 6), "Added Chief Co-Sponsor Rep. Ben Porch")
        self.change(actions=(*HISTORY, JOINED), sponsorships=(ANN, BEN))
        ben = Sponsorship.objects.get(name="Ben Porch")
        assert (ben.role, ben.added_on) == ("cosponsor", JOINED.date)
        self.change(actions=(*HISTORY, JOINED, chief), sponsorships=(ANN, BEN))
        ben.refresh_from_db()
        assert (ben.role, ben.added_on) == ("chief_cosponsor", JOINED.date)
        self.change(actions=(*HISTORY, JOINED, chief, LEFT), sponsorships=(ANN,))
        ben.refresh_from_db()
        assert (ben.removed_on, ben.added_on) == (LEFT.date, JOINED.date)
        assert [event for event in news() if event[0].startswith("sponsor")] == [
            ("sponsor_added", "", "Ben Porch", JOINED.date),
            ("sponsor_role", "Ben Porch, co-sponsor", "Ben Porch, chief co-sponsor", chief.date),
            ("sponsor_removed", "Ben Porch", "", LEFT.date),
        ]

    def test_a_sponsor_who_vanishes_without_a_line_left_when_we_saw_it(self):
        self.change(sponsorships=(ANN, BEN))
        self.change(sponsorships=(ANN,))
        ben = Sponsorship.objects.get(name="Ben Porch")
        assert (ben.added_on, ben.removed_on) == (None, date(2025, 3, 6))
        self.change(sponsorships=(ANN, BEN))
        ben.refresh_from_db()
        assert ben.removed_on is None
        assert [kind for kind, *_rest in news()] == ["sponsor_added", "sponsor_removed", "sponsor_added"]

    def test_a_sponsor_known_only_from_lines_has_a_row_with_the_day(self):
        self.change(actions=(*HISTORY, JOINED, LEFT))
        ben = Sponsorship.objects.get(name="Ben Porch")
        assert (ben.role, ben.added_on, ben.removed_on) == ("cosponsor", JOINED.date, LEFT.date)

    def test_title_and_synopsis(self):
        self.change(title="PORCHES", synopsis="Another text.")
        assert news() == [
            ("title", "PORCH SAFETY", "PORCHES", date(2025, 3, 6)),
            ("synopsis", SYNOPSIS, "Another text.", date(2025, 3, 6)),
        ]

    def test_an_amendment_that_replaces_everything(self):
        synopsis = (
            SYNOPSIS + "\nHouse Committee Amendment No. 1\nReplaces everything after the enacting clause."
        )
        self.change(documents=(INTRODUCED, AMENDED), synopsis=synopsis)
        assert [event[0] for event in news()] == ["synopsis", "document", "replaced"]
        assert news("replaced")[0][2] == "House Amendment 001"
        assert Bill.objects.get().replaces_everything
        tabled = ActionRecord(
            "lower", date(2025, 3, 5), "House Committee Amendment No. 1 Tabled Pursuant to Rule 40"
        )
        self.change(documents=(INTRODUCED, AMENDED), synopsis=synopsis, actions=(*HISTORY, tabled))
        assert not Bill.objects.get().replaces_everything
        assert BillDocument.objects.get(note="House Amendment 001").fate == "tabled"

    def test_a_line_that_is_taken_back_stays_with_the_day(self):
        self.change(actions=(*HISTORY, PASSED))
        summary = self.change(actions=HISTORY)
        assert summary.total("changed") == 1
        line = BillAction.objects.get(description=PASSED.description)
        assert line.removed_on == date(2025, 3, 6)
        assert news()[2:] == [
            ("action_removed", PASSED.description, "", date(2025, 3, 6)),
            ("stage", "passed_committee", "in_committee", date(2025, 3, 6)),
        ]
        assert Bill.objects.get().stage == "in_committee"
        self.change(actions=(*HISTORY, PASSED))
        line.refresh_from_db()
        assert line.removed_on is None
        assert Bill.objects.get().stage == "passed_committee"

    def test_a_line_printed_late_brings_no_stage_of_today(self):
        late = ActionRecord("lower", date(2025, 1, 20), "To Executive Subcommittee")
        self.change(actions=(FILED, FIRST, RULES, late, ASSIGNED))
        assert [kind for kind, *_rest in news()] == ["action"]
        assert list(BillAction.objects.values_list("position", "description"))[3:] == [
            (3, late.description),
            (4, ASSIGNED.description),
        ]

    def test_what_a_source_does_not_speak_of_stays(self):
        silent = measure(
            title=None, synopsis=None, sponsorships=None, actions=None, documents=None, source_url=None
        )
        summary = take(silent, source="other")
        assert dict(summary.by_kind) == {("measure", "unchanged"): 1}
        bill = Bill.objects.get()
        assert (bill.title, bill.synopsis, bill.actions.count()) == ("PORCH SAFETY", SYNOPSIS, 4)
        assert news() == []

    def test_lines_alone_tell_of_sponsors_too(self):
        take(
            measure(title=None, synopsis=None, sponsorships=None, documents=None, actions=(*HISTORY, JOINED)),
            source="other",
        )
        assert Sponsorship.objects.get(name="Ben Porch").added_on == JOINED.date
        assert [kind for kind, *_rest in news()] == ["action", "sponsor_added"]

    def test_a_source_that_repeats_an_old_part_takes_nothing_back(self):
        # Another source says more about the synopsis; ours changes its lines and repeats the old synopsis.
        self.change(source="other", synopsis="The fuller text.")
        self.change(actions=(*HISTORY, PASSED))
        assert Bill.objects.get().synopsis == "The fuller text."
        assert [kind for kind, *_rest in news()] == ["synopsis", "action", "stage"]

    def test_what_is_told_for_the_first_time_is_no_news(self):
        take(measure(identifier="HB8", synopsis=None, sponsorships=None, actions=None, documents=None))
        take(measure(identifier="HB8"), source="other")
        assert news() == []
        bill = Bill.objects.get(identifier="HB8")
        assert (bill.actions.count(), bill.sponsorships.count(), bill.documents.count()) == (4, 1, 1)
        assert bill.synopsis == SYNOPSIS


class TestAge:
    def test_an_older_snapshot_after_a_newer_one_changes_nothing(self):
        newer = measure(actions=(*HISTORY, PASSED), as_of=NOON)
        take(newer)
        for source in ("files", "other"):
            take(measure(title="OLD", as_of=NOON - timedelta(days=9)), source=source)
        bill = Bill.objects.get()
        assert (bill.title, bill.stage) == ("PORCH SAFETY", "passed_committee")
        assert not BillAction.objects.filter(removed_on__isnull=False).exists()
        assert news() == []

    def test_the_same_said_later_keeps_when_it_was_said(self):
        take(measure(as_of=NOON - timedelta(days=9)))
        take(measure(as_of=NOON))
        take(measure(title="BETWEEN", as_of=NOON - timedelta(days=5)))
        assert Bill.objects.get().title == "PORCH SAFETY"

    @pytest.mark.parametrize(
        "moment",
        [
            datetime(2199, 1, 1, tzinfo=UTC),
            datetime.max.replace(tzinfo=UTC),
            datetime.min.replace(tzinfo=UTC),
        ],
    )
    def test_a_source_whose_clock_is_wrong_is_believed_but_not_its_clock(self, moment):
        take(measure(as_of=moment))
        take(measure(title="LATER", as_of=NOON))
        take(measure(title="LATEST"), source="other")
        assert Bill.objects.get().title == "LATEST"

    def test_an_older_word_of_another_source_fills_what_nobody_told(self):
        take(measure(synopsis=None, documents=None, as_of=NOON))
        take(measure(title="OLD", as_of=NOON - timedelta(days=9)), source="other")
        bill = Bill.objects.get()
        assert (bill.title, bill.synopsis, bill.documents.count()) == ("PORCH SAFETY", SYNOPSIS, 1)

    def test_a_general_assembly_that_ended_closes_what_is_pending_once(self):
        take(measure(), measure(identifier="HB8", actions=(*HISTORY, _act())))
        assert close_finished_sessions(today=date(2027, 1, 12)) == 0
        assert close_finished_sessions(today=date(2027, 1, 13)) == 1
        assert close_finished_sessions(today=date(2027, 1, 14)) == 0
        bill = Bill.objects.get(identifier="HB7")
        assert (bill.stage, bill.stage_on) == ("dead", date(2027, 1, 12))
        assert news() == [("stage", "in_committee", "dead", date(2027, 1, 12))]
        # The source prints it as well, later.
        printed = ActionRecord("lower", date(2027, 1, 12), "Session Sine Die")
        take(measure(actions=(*HISTORY, printed)), at=datetime(2027, 2, 1, tzinfo=UTC))
        assert [kind for kind, *_rest in news()] == ["stage", "action"]


def _act() -> ActionRecord:
    return ActionRecord("lower", date(2025, 8, 15), "Public Act . . . . . . . . . 104-0447")


class TestSearch:
    def find(self, words):
        return set(Bill.objects.filter(search=words).values_list("identifier", flat=True))

    def test_number_title_sponsors_and_synopsis_are_found(self):
        LegislatorFactory(name="Zoë Müñoz", given_name="Zoë", family_name="Müñoz")
        take(measure(sponsorships=(SponsorshipRecord("Müñoz", "chief", "lower"),), actions=(RULES,)))
        for words in ("HB7", "7", "porch", "safe", "Müñoz", "munoz", "Zoe"):
            assert self.find(words) == {"HB7"}, words
        assert self.find("Referred") == set()

    def test_it_follows_changes(self):
        take(measure())
        take(measure(title="STAIRS", sponsorships=(BEN,), synopsis="Steps."), at=NOON + timedelta(days=1))
        assert self.find("stair") == self.find("Ben") == {"HB7"}
        assert self.find("porch") == {"HB7"}  # Ben Porch
        assert self.find("Ann") == self.find("safe") == set()

    def test_it_is_what_filling_it_anew_gives(self):
        LegislatorFactory(name="Ann Sample", given_name="Ann", family_name="Sample")
        take(measure(sponsorships=(ANN, BEN)))
        before = Bill.objects.values_list("search", flat=True).get()
        fill_search()
        assert _lexemes(Bill.objects.values_list("search", flat=True).get()) == _lexemes(before)

    def test_a_text_of_a_million_words_goes_in(self):
        take(measure(synopsis=" ".join(f"w{number}" for number in range(300_000))))
        assert self.find("w1") == {"HB7"}


def _lexemes(vector: str) -> set[str]:
    return {part.split(":")[0] + part.strip("0123456789,:'")[-1:] for part in vector.split()}


class TestRefusals:
    def refused(self, *records):
        summary = take(*records, measure(identifier="HB1"), measure(identifier="HB2"))
        assert set(Bill.objects.values_list("identifier", flat=True)) == {"HB1", "HB2"}
        assert summary.by_kind["measure", "added"] == 2
        return [(rejected.identifier, rejected.reason) for rejected in summary.rejected]

    def test_a_number_that_no_measure_has(self):
        assert self.refused(measure(identifier="XB5"), measure(identifier="HB0")) == [
            ("104 XB5", "“XB5” is not the number of a measure of the General Assembly."),
            ("104 HB0", "“HB0” is not the number of a measure of the General Assembly."),
        ]

    def test_more_lines_than_can_be_stored(self):
        assert self.refused(measure(actions=(RULES,) * 70_000)) == [
            ("104 HB7", "It has 70,000 lines of history; 32,767 are possible.")
        ]

    def test_a_character_that_no_database_holds(self):
        assert self.refused(
            measure(title="POR\0CH"),
            measure(identifier="HB8", actions=(ActionRecord("lower", FILED.date, "Filed\0"),)),
        ) == [
            ("104 HB7", "Its text holds a NUL character."),
            ("104 HB8", "Its text holds a NUL character."),
        ]

    def test_days_that_cannot_be(self):
        lines = [(ActionRecord("lower", date(year, 1, 9), "First Reading"),) for year in (1, 9999)]
        assert self.refused(
            measure(actions=lines[0]), measure(identifier="HB8", session=90, actions=lines[1])
        ) == [
            ("104 HB7", "0001-01-09 cannot be the date of a line."),
            ("90 HB8", "9999-01-09 cannot be the date of a line."),
        ]

    def test_half_a_character(self):
        assert self.refused(measure(title="\ud800")) == [
            ("104 HB7", "It holds characters that are not valid text.")
        ]

    def test_names_and_addresses_that_are_too_long(self):
        reasons = self.refused(
            measure(sponsorships=(SponsorshipRecord("A" * 121, "chief"),)),
            measure(identifier="HB8", source_url="https://legislature.example/" + "x" * 500),
            measure(identifier="HB9", sponsorships=(SponsorshipRecord("Ann", "boss"),)),
        )
        reasons = dict(reasons)
        assert "cannot be a sponsor's name" in reasons["104 HB7"]
        assert "500" in reasons["104 HB8"]
        assert reasons["104 HB9"] == "“boss” is not a sponsor's role."

    def test_what_the_source_refused_is_passed_on(self):
        summary = take(Rejected("measure", "HB9", "It has no date."), measure())
        assert [(one.identifier, one.reason) for one in summary.rejected] == [("HB9", "It has no date.")]

    def test_what_was_refused_is_taken_once_it_is_mended(self):
        take(measure(title="POR\0CH"))
        take(measure())
        assert Bill.objects.get().title == "PORCH SAFETY"

    def test_names_met_beside_a_refused_record_are_kept_for_review(self):
        take(measure(title="\0"), measure(identifier="HB8", sponsorships=(BEN,)))
        assert NameMatch.objects.filter(name="Ben Porch").exists()


class TestRun:
    def test_progress_is_told_with_a_cursor_only_when_all_before_is_stored(self):
        heard = []

        def on_progress(progress, done, summary):
            heard.append((progress and progress.cursor, done, Bill.objects.count()))

        records = [measure(), Progress(cursor="1"), measure(identifier="HB8"), Progress(cursor="2", total=9)]
        take(*records, on_progress=on_progress)
        assert heard[-1] == ("2", 2, 2)
        assert all(stored >= int(cursor) for cursor, _done, stored in heard if cursor)

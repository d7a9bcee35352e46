"""The job that makes the fact sheets of all districts: all of them, only what changed, stopped, killed, taken up again."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, OperationalError, transaction
from django.utils import timezone
from pypdf import PdfReader

from legislation.models import Office
from partners.errors import NotAllowed
from partners.fiscal_year import FiscalYear
from partners.models import ProfileAnswer
from research.fact_sheets import paper
from research.models import FactSheet, FactSheetRun, FactSheetVersion
from research.services import fact_sheet, fact_sheet_runs
from research.services.fact_sheet import withdraw_sheet
from research.services.fact_sheet_runs import (
    MOST_ATTEMPTS,
    continue_run,
    end_run,
    request_run,
    stop_run,
    take_up_forgotten,
    work,
)
from research.services.fact_sheet_stale import mark_stale
from tests.factories.legislation import LegislatorFactory
from tests.factories.partners import OrganizationFactory, SubSectorFactory
from tests.research.fact_sheet_places import load_places, zip_of

FEW = [("lower", 3), ("lower", 4), ("lower", 11), ("upper", 2)]
LONGEST = (
    "Coalition for the Advancement of Community Behavioral Health and Family Resilience of Greater Illinois"
)


@pytest.fixture
def places(db):
    load_places()


@pytest.fixture
def few(places, monkeypatch):
    """The job over four districts only."""
    monkeypatch.setattr(fact_sheet_runs, "all_places", lambda: FEW)


def start(**arguments) -> FactSheetRun:
    return request_run(**{"ask": "", "make_all": False, "by": None, "now": timezone.now()} | arguments)


def made(**arguments) -> FactSheetRun:
    """A run that was worked on until its end."""
    run = work(run_id=start(**arguments).pk)
    assert run is not None
    return run


def sheet_of(chamber: str, number: int) -> FactSheet:
    return FactSheet.objects.get(chamber=chamber, district=number)


def words_of(version: FactSheetVersion) -> str:
    reader = PdfReader(version.pdf.open("rb"))
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


# --- All of them -----------------------------------------------------------------------------------------------------


def test_all_177_are_one_tagged_page_with_fonts_names_and_legislators(places):
    for number in range(1, 119):
        member = LegislatorFactory(
            chamber="lower", district=number, name=f"Ada House{number}", slug=f"h{number}"
        )
        Office.objects.create(legislator=member, kind="capitol", phone=f"217-555-{number:04d}")
    for number in range(1, 59):  # The seat of Senate District 59 is vacant.
        LegislatorFactory(chamber="upper", district=number, name=f"Bo Senate{number}", slug=f"s{number}")
    field = SubSectorFactory(name="Behavioral health")
    at = FiscalYear.current().previous().start + timedelta(days=9)
    # Forty partners with the longest names in one district, and three in its neighbor.
    for house, number in ((3, 40), (4, 3)):
        for index in range(number):
            partner = OrganizationFactory(
                name=f"{LONGEST} {index}", zip_code=zip_of(house), sub_sectors=[field]
            )
            ProfileAnswer.objects.create(
                organization=partner, marker="employed", number=7001 if house == 4 else 10, answered_at=at
            )
    run = made(ask="Fund human services at what they cost.")
    assert (run.state, run.total, run.done, run.made, run.failures) == ("done", 177, 177, 177, [])
    versions = FactSheetVersion.objects.select_related("sheet").order_by("sheet__chamber", "sheet__district")
    assert len(versions) == 177
    for version in versions:
        reader = PdfReader(version.pdf.open("rb"))
        sheet, content = version.sheet, version.content
        assert len(reader.pages) == 1, sheet
        assert reader.metadata is not None
        assert reader.metadata.title == sheet.title
        assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
        assert all(embedded(font) for font in fonts(reader)), sheet
        text = " ".join(reader.pages[0].extract_text().split())
        number = sheet.district or 0
        houses = [number] if sheet.chamber == "lower" else [2 * number - 1, 2 * number]
        senate = (number + 1) // 2 if sheet.chamber == "lower" else number
        assert sheet.title in text
        assert all(f"Ada House{house}" in text and f"217-555-{house:04d}" in text for house in houses)
        assert (f"Bo Senate{senate}" if senate < 59 else "Vacant seat") in text
        assert "Fund human services at what they cost." in text
        # 40 × 10 and 3 × 7,001 people: neither alone, nor what is printed of the neighbor, gives the three away.
        assert "7,001" not in text
        assert "21,003" not in text
        assert "21,403" in text or (sheet.chamber, number) not in {("lower", 3), ("lower", 4), ("upper", 2)}
        assert content["version"] in text
    assert f"{LONGEST} 0" in words_of(sheet_of("lower", 3).versions.get())


def fonts(reader: PdfReader) -> list:
    found = []
    for font in reader.pages[0]["/Resources"]["/Font"].values():
        inner = font.get_object()
        found += [one.get_object() for one in inner.get("/DescendantFonts", [inner])]
    return found


def embedded(font) -> bool:
    descriptor = font["/FontDescriptor"].get_object()
    ours = any(name in str(font["/BaseFont"]) for name in ("Bitter", "Atkinson"))
    return ours and any(name in descriptor for name in ("/FontFile", "/FontFile2", "/FontFile3"))


# --- What changed ----------------------------------------------------------------------------------------------------


def test_only_sheets_whose_data_changed_get_a_new_version_and_say_what_changed(few):
    first = made()
    assert (first.made, first.unchanged) == (4, 0)
    assert made().made == 0
    OrganizationFactory(name="Porch Menders", zip_code=zip_of(11))
    mark_stale(now=timezone.now())
    assert [str(sheet) for sheet in FactSheet.objects.exclude(stale_since=None)] == ["House District 11"]
    second = made()
    assert (second.made, second.unchanged, second.done) == (1, 3, 4)
    newest, oldest = sheet_of("lower", 11).versions.all()
    assert (newest.number, oldest.number) == (2, 1)
    assert "partners" in newest.what_changed
    assert "Porch Menders" in words_of(newest)
    assert "Porch Menders" not in words_of(oldest)
    assert sheet_of("lower", 11).stale_since is None
    assert made(make_all=True).made == 4


def test_a_new_ask_is_a_new_version_of_every_sheet(few):
    made()
    made(ask="Pass the porch bill.")
    for sheet in FactSheet.objects.all():
        assert sheet.versions.first().content["ask"]["text"] == "Pass the porch bill."
        assert "the ask" in sheet.versions.first().what_changed


def test_a_withdrawn_sheet_stays_withdrawn(few):
    made()
    withdraw_sheet(sheet=sheet_of("lower", 4), now=timezone.now())
    run = made(make_all=True)
    assert (run.made, run.done) == (3, 4)
    assert sheet_of("lower", 4).state == "withdrawn"
    assert sheet_of("lower", 4).versions.count() == 1


# --- Stopped, failed, killed -----------------------------------------------------------------------------------------


def break_at(monkeypatch, title: str, error: BaseException) -> None:
    """Typesetting of one sheet breaks, with what was set before it kept."""
    real = paper.fact_sheet_pdf

    def set_or_break(content):
        if content["title"] == title:
            raise error
        return real(content)

    monkeypatch.setattr(fact_sheet, "fact_sheet_pdf", set_or_break)


def test_one_sheet_that_fails_stops_no_other(few, monkeypatch):
    break_at(monkeypatch, "House District 4", NotAllowed("It is too long for one page."))
    run = made()
    assert (run.state, run.made, run.failed, run.done) == ("partial", 3, 1, 4)
    assert run.failures == [["House District 4", "It is too long for one page."]]
    assert not sheet_of("lower", 4).versions.exists()
    assert sheet_of("lower", 4).state == "draft"


@pytest.mark.parametrize("death", [SystemExit(9), OperationalError("server closed the connection")])
def test_after_its_worker_died_a_run_goes_on_with_the_next_sheet(few, monkeypatch, death):
    run = start()
    with monkeypatch.context() as broken:
        break_at(broken, "House District 11", death)
        with pytest.raises(type(death)):
            work(run_id=run.pk)
    run.refresh_from_db()
    assert (run.state, run.done, run.made) == ("running", 2, 2)
    # Nobody says anything for minutes: the sweep hands it to the next worker.
    queued = []
    monkeypatch.setattr(fact_sheet_runs, "queue", lambda task, pk: queued.append(pk))
    assert take_up_forgotten(now=timezone.now()) == 0
    assert take_up_forgotten(now=timezone.now() + timedelta(minutes=3)) == 1
    assert queued == [run.pk]
    work(run_id=run.pk)
    run.refresh_from_db()
    assert (run.state, run.done, run.made, run.failed) == ("done", 4, 4, 0)
    assert FactSheetVersion.objects.count() == 4
    assert {version.number for version in FactSheetVersion.objects.all()} == {1}


def test_what_kills_its_worker_each_time_is_given_up(few):
    run = start()
    FactSheetRun.objects.filter(pk=run.pk).update(state="running", attempts=MOST_ATTEMPTS)
    assert work(run_id=run.pk) is None
    run.refresh_from_db()
    assert run.state == "failed"
    assert "died" in run.error


def test_a_run_is_stopped_between_two_sheets_and_continued(few, monkeypatch):
    run = start()
    real = fact_sheet_runs._make

    def stop_in_between(row, sheet_id, gathered):
        answer = real(row, sheet_id, gathered)
        if row.done == 1:
            # As another connection would, were it not for the row's lock until this sheet is written.
            row.state = FactSheetRun.State.STOPPED
        return answer

    with monkeypatch.context() as pressed:
        pressed.setattr(fact_sheet_runs, "_make", stop_in_between)
        work(run_id=run.pk)
    run.refresh_from_db()
    assert (run.state, run.done, run.is_open) == ("stopped", 2, True)
    assert work(run_id=run.pk) is None
    with pytest.raises(NotAllowed, match="Continue that run"):
        start()
    continue_run(run=run, now=timezone.now())
    work(run_id=run.pk)
    run.refresh_from_db()
    assert (run.state, run.done, run.made) == ("done", 4, 4)


def test_a_stopped_run_can_be_ended_and_makes_room_for_the_next(few):
    run = start()
    with pytest.raises(NotAllowed):
        end_run(run=run, now=timezone.now())
    stop_run(run=run, now=timezone.now())
    end_run(run=run, now=timezone.now())
    with pytest.raises(NotAllowed):
        stop_run(run=run, now=timezone.now())
    assert made().state == "done"


def test_without_districts_a_run_says_so(db):
    run = made()
    assert (run.state, run.error) == ("failed", "The districts are not loaded yet.")


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("factsheetrun_one_at_a_time", {}),
        ("factsheetrun_counts_add_up", {"state": "done", "done": 3, "total": 2}),
        ("factsheetrun_counts_add_up", {"state": "done", "done": 1, "total": 2, "made": 1, "failed": 1}),
    ],
)
def test_what_must_hold_of_a_run(db, name, fields):
    start()
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        FactSheetRun.objects.create(asked_at=timezone.now(), **fields)

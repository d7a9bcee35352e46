"""The job that makes the sheets of all districts: asked for, stopped, continued, and taken up again after a crash.

One worker at a time makes sheets. Each sheet is written in a transaction of its own together with how far the run is,
so whatever kills the worker, the next one goes on with the next sheet.
"""

from datetime import datetime

import structlog
import typst
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from legislation.chambers import Chamber
from legislation.pages.representation import CHAMBER_WORDS
from legislation.places.district_plans import district_name
from legislation.places.geography import current_atlas
from mailing.locks import the_only_one
from mailing.queueing import queue, queue_after_commit
from partners.caching import empty_page_cache, empty_page_cache_on_commit
from partners.errors import NotAllowed
from partners.models import User
from research.fact_sheets.content import source_digest
from research.fact_sheets.district import district_content
from research.fact_sheets.figures import Place, all_places
from research.fact_sheets.gathering import Gathered, findings_for, gather
from research.models import FactSheet, FactSheetRun
from research.services.fact_sheet import add_version
from research.services.fact_sheet_figures import count_finished_year

logger = structlog.get_logger(__name__)

# The key of the lock that the worker holds.
MAKING = 117_0923
# Whatever kills its worker each time must not do so for ever.
MOST_ATTEMPTS = 5
_State = FactSheetRun.State


@transaction.atomic
def request_run(*, ask: str, make_all: bool, by: User | None, now: datetime) -> FactSheetRun:
    """Has a worker make the sheets of all districts. Raises `NotAllowed` while another run is under way."""
    from research.tasks import make_district_sheets

    try:
        with transaction.atomic():
            run = FactSheetRun.objects.create(
                ask=ask.strip(), make_all=make_all, asked_at=now, asked_by=by, total=len(all_places())
            )
    except IntegrityError as error:
        raise NotAllowed(
            _("Fact sheets are being made already, or were stopped on the way. Continue that run, or end it.")
        ) from error
    queue_after_commit(make_district_sheets, run.pk)
    return run


@transaction.atomic
def stop_run(*, run: FactSheetRun, now: datetime) -> FactSheetRun:
    """Stops after the sheet in hand. Raises `NotAllowed`."""
    row = FactSheetRun.objects.select_for_update().get(pk=run.pk)
    if row.state not in {_State.WAITING, _State.RUNNING}:
        raise NotAllowed(_("This run is not under way."))
    row.state, row.seen_at = _State.STOPPED, now
    row.save()
    return row


@transaction.atomic
def continue_run(*, run: FactSheetRun, now: datetime) -> FactSheetRun:
    """Goes on where a run was stopped. Raises `NotAllowed`."""
    from research.tasks import make_district_sheets

    row = FactSheetRun.objects.select_for_update().get(pk=run.pk)
    if row.state != _State.STOPPED:
        raise NotAllowed(_("Only a run that was stopped can be continued."))
    row.state, row.seen_at, row.attempts = _State.WAITING, now, 0
    row.save()
    queue_after_commit(make_district_sheets, row.pk)
    return row


@transaction.atomic
def end_run(*, run: FactSheetRun, now: datetime) -> FactSheetRun:
    """Gives a stopped run up; the sheets it made stay. Raises `NotAllowed`."""
    row = FactSheetRun.objects.select_for_update().get(pk=run.pk)
    if row.state != _State.STOPPED:
        raise NotAllowed(_("Stop the run first."))
    row.state, row.ended_at = _State.PARTIAL, now
    row.error = _("Ended by staff before all sheets were looked at.")
    row.save()
    return row


def take_up_forgotten(*, now: datetime) -> int:
    """Queues runs that broke off with their worker or were never begun. Returns how many."""
    from research.tasks import make_district_sheets

    forgotten = list(FactSheetRun.objects.forgotten(now).values_list("pk", flat=True))
    for pk in forgotten:
        queue(make_district_sheets, pk)
    return len(forgotten)


# --- The work ------------------------------------------------------------------------------------------------------


def work(*, run_id: int) -> FactSheetRun | None:
    """Makes sheets until all were looked at or somebody stops it. None when another worker is at it."""
    with the_only_one(MAKING) as alone:
        if not alone:
            return None
        run = _claim(run_id)
        if run is None:
            return None
        if current_atlas() is None:
            return _end(run_id, _State.FAILED, _("The districts are not loaded yet."))
        count_finished_year(now=timezone.now())
        sheets = ensure_sheets()
        gathered = gather()
        for place in _places_after(run.cursor):
            if not _one(run_id, sheets[place], place, gathered):
                empty_page_cache()
                return FactSheetRun.objects.get(pk=run_id)
        return _end(run_id, None, "")


@transaction.atomic
def _claim(run_id: int) -> FactSheetRun | None:
    """Takes the run. Whoever had it before is gone: it would hold the lock."""
    run = FactSheetRun.objects.select_for_update().filter(pk=run_id).first()
    if run is None or run.state not in {_State.WAITING, _State.RUNNING}:
        return None
    now = timezone.now()
    if run.attempts >= MOST_ATTEMPTS:
        run.state, run.ended_at = _State.FAILED, now
        run.error = _("Its worker died %(times)s times, so it is not tried again.") % {"times": run.attempts}
        run.save()
        return None
    run.state, run.seen_at, run.started_at = _State.RUNNING, now, run.started_at or now
    run.attempts += 1
    run.save()
    return run


@transaction.atomic
def ensure_sheets() -> dict[Place, int]:
    """The sheet of every district, as drafts where there was none, by district."""
    known = set(FactSheet.objects.of_districts().values_list("chamber", "district"))
    FactSheet.objects.bulk_create(
        FactSheet(
            kind=FactSheet.Kind.DISTRICT,
            title=district_name(*place),
            slug=f"{CHAMBER_WORDS[Chamber(place[0])]}-district-{place[1]}",
            summary=_("Partners, their work and the legislators of %(district)s on one page.")
            % {"district": district_name(*place)},
            chamber=place[0],
            district=place[1],
        )
        for place in all_places()
        if place not in known
    )
    rows = FactSheet.objects.of_districts().values_list("chamber", "district", "pk")
    return {(chamber, number or 0): pk for chamber, number, pk in rows}


def _places_after(cursor: str) -> list[Place]:
    places = all_places()
    names = [f"{chamber}-{number}" for chamber, number in places]
    return places[names.index(cursor) + 1 :] if cursor in names else places


@transaction.atomic
def _one(run_id: int, sheet_id: int, place: Place, gathered: Gathered) -> bool:
    """One sheet, and the run's count with it. False where the run is no longer to go on."""
    run = FactSheetRun.objects.select_for_update().get(pk=run_id)
    if run.state != _State.RUNNING:
        return False
    try:
        with transaction.atomic():
            run.made += _make(run, sheet_id, gathered)
    except (NotAllowed, typst.TypstError, OSError, ValueError, LookupError) as error:
        logger.warning("fact sheet not made", run=run_id, place=place, error=str(error))
        run.failed += 1
        run.failures = [*run.failures, [district_name(*place), " ".join(str(error).split())[:300]]]
    run.done += 1
    run.cursor, run.seen_at = f"{place[0]}-{place[1]}", timezone.now()
    run.save()
    return True


def _make(run: FactSheetRun, sheet_id: int, gathered: Gathered) -> bool:
    """Whether the sheet got a new version."""
    sheet = FactSheet.objects.select_for_update().get(pk=sheet_id)
    if sheet.state == FactSheet.State.WITHDRAWN:
        return False
    sheet.ask = run.ask
    content = district_content(sheet, gathered)
    newest = sheet.versions.first()
    if newest is not None and newest.source_digest == source_digest(content) and not run.make_all:
        if sheet.stale_since is not None or sheet.state != FactSheet.State.PUBLISHED:
            _publish(sheet)
        return False
    add_version(
        sheet=sheet,
        content=content,
        findings=findings_for(gathered, (sheet.chamber, sheet.district or 0)),
        newest=newest,
        by=run.asked_by,
        # A correction that came after the reading is not in it.
        now=gathered.at,
    )
    _publish(sheet)
    empty_page_cache_on_commit()
    return True


def _publish(sheet: FactSheet) -> None:
    sheet.stale_since = None
    sheet.state, sheet.published_at = FactSheet.State.PUBLISHED, sheet.published_at or timezone.now()
    sheet.save()


@transaction.atomic
def _end(run_id: int, state: FactSheetRun.State | None, error: str) -> FactSheetRun:
    run = FactSheetRun.objects.select_for_update().get(pk=run_id)
    run.state = state or (_State.PARTIAL if run.failed else _State.DONE)
    run.error, run.ended_at = error, timezone.now()
    run.save()
    empty_page_cache_on_commit()
    return run

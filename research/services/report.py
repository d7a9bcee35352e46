"""The life of a report: draft, embargo with a preview for partners, release, new versions, withdrawal."""

from datetime import datetime

import structlog
from django.db import transaction
from django.db.models import Max
from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from partners.caching import empty_page_cache_on_commit
from partners.errors import NotAllowed
from partners.history import changed_by
from partners.models import User
from research.embedding import trouble_with_findings
from research.models import Report, ReportVersion
from research.models.report_parts import cell_problem
from research.report_content import content_of, searched_text

logger = structlog.get_logger(__name__)

_State = Report.State


def problems_of(report: Report) -> list[str]:
    """What stands against a release, in sentences; nothing when the report is complete."""
    chapters = list(report.chapters.prefetch_related("tables"))
    checks = [
        (not report.summary.strip(), _("Write the summary: lists, searches and shared links show it.")),
        (not strip_tags(report.method).strip(), _("Say by which method the figures came about.")),
        (not report.authors.exists(), _("Name its authors: without them nobody can cite it.")),
        (not chapters, _("Write at least one chapter.")),
    ]
    problems = [words for missing, words in checks if missing]
    for chapter in chapters:
        if not strip_tags(chapter.body).strip() and not chapter.tables.all():
            problems.append(_("The chapter “%(title)s” is empty.") % {"title": chapter.title})
        for table in chapter.tables.all():
            if not table.source.strip():
                problems.append(_("Name the source of the table “%(title)s”.") % {"title": table.title})
            if trouble := cell_problem(table.heads, table.rows):
                problems.append(f"{table.title}: {trouble}")
    keys = report.key_findings.filter(finding__isnull=False).select_related("finding")
    marks = [key.finding.mark for key in keys if key.finding]
    return problems + trouble_with_findings(*(chapter.body for chapter in chapters), report.method, *marks)


def _locked(report: Report, by: User | None) -> Report:
    held = Report.objects.select_for_update(of=("self",)).get(pk=report.pk)
    changed_by(held, by)
    return held


def _refuse_incomplete(report: Report) -> None:
    if problems := problems_of(report):
        raise NotAllowed(" ".join(problems))


@transaction.atomic
def set_embargo(*, report: Report, until: datetime, by: User | None, now: datetime) -> Report:
    """Shows a complete draft to partners, and releases it by itself at a moment; moves the moment of an embargo."""
    held = _locked(report, by)
    if held.state not in {_State.DRAFT, _State.EMBARGOED}:
        raise NotAllowed(_("Only a report that was never released can be under embargo."))
    if until <= now:
        raise NotAllowed(_("Choose a moment that is still to come, or release the report now."))
    _refuse_incomplete(held)
    held.state, held.embargo_until = _State.EMBARGOED, until
    held.save(update_fields=["state", "embargo_until", "updated_at"])
    return held


@transaction.atomic
def back_to_draft(*, report: Report, by: User | None) -> Report:
    """Ends an embargo without a release: partners no longer see the report."""
    held = _locked(report, by)
    if held.state != _State.EMBARGOED:
        raise NotAllowed(_("Only a report under embargo can go back to draft."))
    held.state, held.embargo_until = _State.DRAFT, None
    held.save(update_fields=["state", "embargo_until", "updated_at"])
    return held


@transaction.atomic
def release_report(*, report: Report, by: User | None, now: datetime) -> ReportVersion:
    """Puts a draft or an embargoed report before everybody, as its first version."""
    held = _locked(report, by)
    if held.state not in {_State.DRAFT, _State.EMBARGOED}:
        raise NotAllowed(_("This report was released already. Make a new version of it instead."))
    _refuse_incomplete(held)
    return _released(held, by=by, now=now, what_changed="")


@transaction.atomic
def release_version(*, report: Report, what_changed: str, by: User | None, now: datetime) -> ReportVersion:
    """Releases what the draft says now as a new version; a withdrawn report comes back with it."""
    held = _locked(report, by)
    if held.state not in {_State.PUBLISHED, _State.WITHDRAWN}:
        raise NotAllowed(_("Only a released report gets a new version."))
    if not what_changed.strip():
        raise NotAllowed(_("Say what changed: readers see it beside the versions."))
    _refuse_incomplete(held)
    newest = held.versions.first()
    if held.is_published and newest is not None and newest.content == content_of(held):
        raise NotAllowed(_("The newest version says the same. Change the draft first."))
    return _released(held, by=by, now=now, what_changed=what_changed.strip())


def _released(held: Report, *, by: User | None, now: datetime, what_changed: str) -> ReportVersion:
    content = content_of(held)
    number = (held.versions.aggregate(most=Max("number"))["most"] or 0) + 1
    version = ReportVersion.objects.create(
        report=held,
        number=number,
        released_at=now,
        released_by=by,
        what_changed=what_changed,
        content=content,
    )
    held.state = _State.PUBLISHED
    if held.published_at is None:
        held.published_at, held.published_by = now, by
    held.embargo_until = held.withdrawn_at = None
    held.withdrawn_because = ""
    held.released_text = searched_text(content)
    held.save()
    empty_page_cache_on_commit()
    return version


@transaction.atomic
def withdraw_report(*, report: Report, because: str, by: User | None, now: datetime) -> Report:
    """Takes back what a published report says. Its page stays and says why; its words and files are gone."""
    held = _locked(report, by)
    if held.state != _State.PUBLISHED:
        raise NotAllowed(_("Only a published report can be withdrawn."))
    if not because.strip():
        raise NotAllowed(_("Say why: readers who follow a link or a citation read it."))
    held.state, held.withdrawn_at, held.withdrawn_because = _State.WITHDRAWN, now, because.strip()
    held.released_text = ""
    held.save(update_fields=["state", "withdrawn_at", "withdrawn_because", "released_text", "updated_at"])
    empty_page_cache_on_commit()
    return held


def release_due(*, now: datetime) -> int:
    """Releases every report whose embargo is over, each on its own; how many.

    One that became incomplete under embargo waits for staff, who see it at the desk. Whatever else fails with one
    report holds up no other.
    """
    released = 0
    for report in Report.objects.due(now):
        try:
            with transaction.atomic():
                held = Report.objects.due(now).select_for_update(skip_locked=True, of=("self",))
                if one := held.filter(pk=report.pk).first():
                    release_report(report=one, by=None, now=now)
                    released += 1
        except NotAllowed:
            continue
        except Exception:
            logger.exception("report not released", report=report.pk)
    return released

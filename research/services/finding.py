"""The life of a finding: published, corrected in the open, retracted with a reason."""

from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from partners.caching import empty_page_cache_on_commit
from partners.errors import NotAllowed
from partners.history import changed_by
from partners.models import User
from research.finding_import import Reading
from research.models import Finding, FindingCorrection
from research.querysets.finding import PRINTED
from research.services.fact_sheet_stale import mark_quoting

_State = Finding.State
# What a published finding says. It changes only by a correction that readers see.
CORRECTABLE = ("claim", "value", "number", "kind", "unit", "year", "source", "caveat")


def problems_of(finding: Finding) -> list[str]:
    """What stands against publishing it, in sentences; nothing when it is complete."""
    problems = []
    if not finding.method.strip():
        problems.append(_("Say how the value came about: a finding without a method cannot be checked."))
    if not finding.source.strip():
        problems.append(_("Name the source."))
    return problems


def _locked(finding: Finding, by: User | None) -> Finding:
    held = Finding.objects.select_for_update(of=("self",)).get(pk=finding.pk)
    changed_by(held, by)
    return held


def changed_meanwhile(finding: Finding) -> str:
    """Tells somebody who opened a page before the finding was changed who changed it."""
    newest = finding.history.select_related("history_user").first()
    user = newest.history_user if newest else None
    return _("This finding was changed by %(who)s since you opened this page.") % {
        "who": user.get_full_name() if user else _("somebody else")
    }


@transaction.atomic
def publish_finding(*, finding: Finding, by: User | None, now: datetime) -> Finding:
    """Puts a draft into the library. Raises `NotAllowed` with all that is missing."""
    held = _locked(finding, by)
    if held.state == _State.PUBLISHED:
        raise NotAllowed(_("This finding is published already."))
    if held.state == _State.RETRACTED:
        raise NotAllowed(_("A retracted finding stays retracted. Write a new one with what holds now."))
    if problems := problems_of(held):
        raise NotAllowed(" ".join(problems))
    held.state = _State.PUBLISHED
    held.published_at = now
    held.save(update_fields=["state", "published_at", "updated_at"])
    empty_page_cache_on_commit()
    return held


@transaction.atomic
def correct_finding(
    *,
    finding: Finding,
    by: User | None,
    now: datetime,
    reason: str,
    seen: datetime | None = None,
    **said: object,
) -> FindingCorrection:
    """Says something else from now on, everywhere the finding stands, and keeps what was said before for readers.

    Fact sheets are printed: those that quote it are marked as out of date, and tell readers.

    `said` holds new values of `CORRECTABLE` fields; those that are the same as before are no change. `seen` is the
    `updated_at` of the finding that somebody had before their eyes: when it changed since, nothing is corrected.
    """
    held = _locked(finding, by)
    if held.state != _State.PUBLISHED:
        raise NotAllowed(_("Only a published finding is corrected; a draft is simply changed."))
    if seen is not None and seen != held.updated_at:
        raise NotAllowed(f"{changed_meanwhile(held)} {_('Look at it again first.')}")
    reason = reason.strip()
    if not reason:
        raise NotAllowed(_("Say why: readers see the reason beside what was said before."))
    if set(said) - set(CORRECTABLE):
        raise ValueError(f"not correctable: {sorted(set(said) - set(CORRECTABLE))}")
    before = {name: getattr(held, name) for name in CORRECTABLE if name in said}
    changed = [name for name in before if before[name] != said[name]]
    if not changed:
        raise NotAllowed(_("Nothing is different from what the finding says now."))
    was = {name: shown(held, name) for name in changed}
    for name in changed:
        setattr(held, name, said[name])
    held.full_clean()
    held.save(update_fields=[*changed, "updated_at"])
    correction = FindingCorrection.objects.create(
        finding=held,
        changes={name: [was[name], shown(held, name)] for name in changed},
        reason=reason,
        corrected_at=now,
        corrected_by=by,
    )
    if set(changed) & set(PRINTED):
        mark_quoting(finding=held, now=now)
    empty_page_cache_on_commit()
    return correction


@transaction.atomic
def retract_finding(*, finding: Finding, by: User | None, now: datetime, reason: str) -> Finding:
    """Takes a finding out of every list and text. Its page stays and says why; fact sheets that quote it say so."""
    held = _locked(finding, by)
    if held.state != _State.PUBLISHED:
        raise NotAllowed(_("Only a published finding can be retracted."))
    reason = reason.strip()
    if not reason:
        raise NotAllowed(_("Say why: the finding's page keeps the reason."))
    held.state = _State.RETRACTED
    held.retracted_at, held.retraction = now, reason
    held.save(update_fields=["state", "retracted_at", "retraction", "updated_at"])
    mark_quoting(finding=held, now=now)
    empty_page_cache_on_commit()
    return held


@transaction.atomic
def import_findings(*, reading: Reading, by: User | None) -> list[Finding]:
    """Writes a table that was read without errors as drafts, all of it or nothing."""
    if not reading.can_be_imported:
        raise NotAllowed(_("The table has errors: mend them first. Nothing was imported."))
    for line in reading.lines:
        changed_by(line.finding, by)
        try:
            with transaction.atomic():
                line.finding.save(force_insert=True)
        except IntegrityError as error:
            raise NotAllowed(
                _("Line %(line)d could not be written: somebody entered it meanwhile. Nothing was imported.")
                % {"line": line.number}
            ) from error
        line.finding.topics.set(line.topics)
    return [line.finding for line in reading.lines]


def shown(finding: Finding, name: str) -> str:
    """A field as people read it in a correction."""
    value = getattr(finding, name)
    if isinstance(value, Decimal):
        return number_format(value.normalize(), use_l10n=True, force_grouping=True)
    if name == "kind":
        return str(finding.get_kind_display())
    return "" if value is None else str(value)

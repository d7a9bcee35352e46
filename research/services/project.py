"""A project's way from phase to phase. No phase closes before every underrepresented group was heard, or waived."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from partners.caching import empty_page_cache_on_commit
from partners.errors import NotAllowed
from partners.history import changed_by
from partners.models import User
from research.models import Phase, ResearchProject
from research.services.project_gate import missing_groups

_Status, _State = ResearchProject.Status, Phase.State


@transaction.atomic
def start_project(*, project: ResearchProject, by: User) -> ResearchProject:
    """Lets a planned or stopped project run; its first phase that is not closed is open then."""
    project = _locked(project)
    if project.status not in {_Status.PLANNED, _Status.STOPPED}:
        raise NotAllowed(_("This project runs already, or is released."))
    phases = list(project.phases.select_for_update())
    left = [phase for phase in phases if phase.state != _State.CLOSED]
    if not left:
        raise NotAllowed(_("Enter the phases of the project first."))
    if not any(phase.state == _State.OPEN for phase in left):
        _set_phase(left[0], _State.OPEN, by)
    return _set_status(project, _Status.RUNNING, by)


@transaction.atomic
def open_phase(*, phase: Phase, by: User) -> Phase:
    """Begins a phase beside those that are open; the one before it must have begun."""
    phase = _running(phase)
    if phase.state != _State.AHEAD:
        raise NotAllowed(_("This phase has begun already."))
    if phase.project.phases.filter(order__lt=phase.order, state=_State.AHEAD).exists():
        raise NotAllowed(_("A phase before this one has not begun."))
    _set_phase(phase, _State.OPEN, by)
    return phase


@transaction.atomic
def close_phase(*, phase: Phase, by: User, now: datetime) -> Phase:
    """Closes a phase and opens the next one; with the last phase the project is released.

    Raises `NotAllowed` with the groups that were neither heard nor waived.
    """
    phase = _running(phase)
    if phase.state != _State.OPEN:
        raise NotAllowed(_("This phase is not open."))
    if phase.project.phases.filter(order__lt=phase.order).exclude(state=_State.CLOSED).exists():
        raise NotAllowed(_("Close the phases before this one first."))
    if missing := missing_groups(phase):
        raise NotAllowed(
            _("Not heard in this phase, and not waived: %(groups)s.")
            % {"groups": ", ".join(str(group.label) for group in missing)}
        )
    phase.closed_at, phase.closed_by = now, by
    _set_phase(phase, _State.CLOSED, by)
    _go_on(phase.project, by)
    return phase


def _go_on(project: ResearchProject, by: User) -> None:
    """What comes after a phase was closed."""
    left = list(project.phases.select_for_update().exclude(state=_State.CLOSED))
    if not left:
        _set_status(project, _Status.RELEASED, by)
    elif all(phase.state == _State.AHEAD for phase in left):
        _set_phase(left[0], _State.OPEN, by)


@transaction.atomic
def reopen_phase(*, phase: Phase, by: User) -> Phase:
    """Opens a phase that was closed too early; a released project runs again."""
    project = _locked(phase.project)
    phase = project.phases.select_for_update().get(pk=phase.pk)
    if phase.state != _State.CLOSED or project.status not in {_Status.RUNNING, _Status.RELEASED}:
        raise NotAllowed(_("Only a closed phase of a project that runs or is released can be opened again."))
    phase.closed_at, phase.closed_by = None, None
    _set_phase(phase, _State.OPEN, by)
    _set_status(project, _Status.RUNNING, by)
    return phase


@transaction.atomic
def stop_project(*, project: ResearchProject, reason: str, by: User) -> ResearchProject:
    """Ends a project before its release, with the reason. Its phases stay where they are."""
    project = _locked(project)
    if project.status not in {_Status.PLANNED, _Status.RUNNING}:
        raise NotAllowed(_("Only a project that is planned or runs can be stopped."))
    if not reason.strip():
        raise NotAllowed(_("Say why it stops."))
    return _set_status(project, _Status.STOPPED, by, note=reason.strip())


# --- Shared -----------------------------------------------------------------------------------------------------


def _locked(project: ResearchProject) -> ResearchProject:
    return ResearchProject.objects.select_for_update().get(pk=project.pk)


def _running(phase: Phase) -> Phase:
    """The phase and its project, held; refused unless the project runs."""
    project = _locked(phase.project)
    if project.status != _Status.RUNNING:
        raise NotAllowed(_("The project does not run. Start it first."))
    held = project.phases.select_for_update().get(pk=phase.pk)
    held.project = project
    return held


def _set_phase(phase: Phase, state: str, by: User) -> None:
    phase.state = state
    changed_by(phase, by)
    phase.save(update_fields=["state", "closed_at", "closed_by"])
    empty_page_cache_on_commit()


def _set_status(project: ResearchProject, status: str, by: User, note: str = "") -> ResearchProject:
    project.status, project.status_note = status, note
    changed_by(project, by)
    project.save(update_fields=["status", "status_note"])
    empty_page_cache_on_commit()
    return project

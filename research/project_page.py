"""What a project's page tells beside its own words: the track of phases, days that are left, who was heard."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from research.models import Milestone, Phase, PhaseFeedback, ProjectChange, ResearchProject
from research.services.project_gate import GateLine, checklist

_State, _Status = Phase.State, ResearchProject.Status


@dataclass(frozen=True)
class PhaseView:
    """A phase on the page: what is asked of partners, how many spoke, who was heard, what changed."""

    phase: Phase
    gate: list[GateLine]
    feedback: int
    changes: list[ProjectChange]

    @property
    def heard(self) -> int:
        """Groups that gave input."""
        return sum(1 for line in self.gate if line.inputs)

    @property
    def waived(self) -> int:
        return sum(1 for line in self.gate if not line.inputs and line.waiver)

    @property
    def groups(self) -> int:
        return len(self.gate)

    @property
    def is_met(self) -> bool:
        """Whether the phase can close."""
        return all(line.is_met for line in self.gate)


@dataclass(frozen=True)
class MilestoneView:
    """A milestone with its days in words."""

    milestone: Milestone
    words: str
    is_late: bool
    is_after_session: bool
    days_before: int | None


@dataclass(frozen=True)
class ProjectPage:
    """All of it."""

    stages: list[dict[str, str]]
    phases: list[PhaseView]
    milestones: list[MilestoneView]
    session_words: str

    @property
    def open_phases(self) -> list[PhaseView]:
        return [view for view in self.phases if view.phase.state == _State.OPEN]

    @property
    def begun(self) -> list[PhaseView]:
        return [view for view in self.phases if view.phase.state != _State.AHEAD]

    @property
    def changes(self) -> list[ProjectChange]:
        return [change for view in self.phases for change in view.changes]


def page_of(project: ResearchProject, today: date) -> ProjectPage:
    """Six queries."""
    public_changes = Prefetch(
        "changes", ProjectChange.objects.filter(is_public=True), to_attr="public_changes"
    )
    phases = list(project.phases.prefetch_related("inputs", "waivers", public_changes))
    counts = Counter(PhaseFeedback.objects.filter(phase__project=project).values_list("phase", flat=True))
    return ProjectPage(
        stages=[_stage(project, phase) for phase in phases],
        phases=[
            PhaseView(phase, checklist(phase), counts[phase.pk], phase.public_changes) for phase in phases
        ],
        milestones=[_milestone(project, row, today) for row in project.milestones.all()],
        session_words=_session_words(project, today),
    )


def _stage(project: ResearchProject, phase: Phase) -> dict[str, str]:
    stopped = project.status == _Status.STOPPED
    states = {
        _State.CLOSED.value: "done",
        _State.OPEN.value: "stopped" if stopped else "current",
        _State.AHEAD.value: "missed" if stopped else "ahead",
    }
    return {"label": phase.name, "state": states[phase.state], "note": _note(phase)}


def _note(phase: Phase) -> str:
    if phase.state == _State.CLOSED or phase.ends_on is None:
        return ""
    return _("until %(day)s") % {"day": date_format(phase.ends_on, "M j, Y")}


def _milestone(project: ResearchProject, row: Milestone, today: date) -> MilestoneView:
    left = row.days_left(today)
    if row.done_on:
        words = _("done")
    elif left < 0:
        words = ngettext("%(n)d day late", "%(n)d days late", -left) % {"n": -left}
    elif left == 0:
        words = _("due today")
    else:
        words = ngettext("in %(n)d day", "in %(n)d days", left) % {"n": left}
    # What is done counts by the day on which it was.
    before = (project.session_date - (row.done_on or row.due_on)).days if project.session_date else None
    return MilestoneView(row, words, row.is_late(today), before is not None and before <= 0, before)


def _session_words(project: ResearchProject, today: date) -> str:
    left = project.days_to_session(today)
    if left is None or project.status in {_Status.RELEASED, _Status.STOPPED}:
        return ""
    if left < 0:
        return _("%(day)s has passed") % {"day": project.session_day}
    if left == 0:
        return _("%(day)s is today") % {"day": project.session_day}
    return ngettext("%(n)d day until %(day)s", "%(n)d days until %(day)s", left) % {
        "n": left,
        "day": project.session_day,
    }

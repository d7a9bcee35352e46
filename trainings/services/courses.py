"""The life of a course: published with its equity objectives, archived."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from partners.caching import empty_page_cache_on_commit
from partners.errors import NotAllowed
from partners.history import changed_by
from partners.models import User
from trainings.models import Course


def problems_of(course: Course) -> list[str]:
    """What stands against publishing it, in sentences; nothing when it is complete."""
    problems = []
    if not course.objectives:
        problems.append(
            _("Write its equity objectives: what people will be able to do for equity afterwards. "
              "Equity is at the core of each training, so none is published without them.")
        )  # fmt: skip
    if course.pk and not course.topics.exists():
        problems.append(_("Choose at least one topic, so that people find it."))
    if course.end_survey_required and course.end_survey_id is None:
        problems.append(_("Its completion asks for a survey at the end: choose the survey."))
    return problems


def _locked(course: Course, by: User | None) -> Course:
    held = Course.objects.select_for_update(of=("self",)).get(pk=course.pk)
    changed_by(held, by)
    return held


@transaction.atomic
def publish_course(*, course: Course, by: User | None, now: datetime) -> Course:
    """Puts a draft on the site, or an archived course back. Raises `NotAllowed` with all that is missing."""
    held = _locked(course, by)
    if held.state == Course.State.PUBLISHED:
        raise NotAllowed(_("This course is published already."))
    if problems := problems_of(held):
        raise NotAllowed(" ".join(problems))
    held.state = Course.State.PUBLISHED
    held.published_at, held.published_by = now, by
    held.save(update_fields=["state", "published_at", "published_by"])
    empty_page_cache_on_commit()
    return held


@transaction.atomic
def archive_course(*, course: Course, by: User | None, now: datetime) -> Course:
    """Takes a course off the site. What was given of it stays on record."""
    held = _locked(course, by)
    if held.state != Course.State.PUBLISHED:
        raise NotAllowed(_("Only a published course can be archived."))
    if held.sessions.coming(now).exists():
        raise NotAllowed(_("A session of it is still to come. Hold it or cancel it first."))
    held.state = Course.State.ARCHIVED
    held.save(update_fields=["state"])
    empty_page_cache_on_commit()
    return held

"""Who teaches at a session or a course, and who sponsors it, wherever its page shows that."""

from typing import Any

from django import template
from django.utils import timezone

from trainings.models import Course, Facilitation, Facilitator, Session, TrainingSponsorship

register = template.Library()


@register.inclusion_tag("trainings/_facilitators.html")
def session_facilitators(session: Session) -> dict[str, Any]:
    """Those who teach at a session and agreed to be shown."""
    rows = Facilitation.objects.public().filter(session=session).order_by("role", "facilitator__name")
    return {"people": [{"facilitator": row.facilitator, "role": row.get_role_display()} for row in rows]}


@register.inclusion_tag("trainings/_facilitators.html")
def course_facilitators(course: Course) -> dict[str, Any]:
    """Those who taught a course, or will, and agreed to be shown."""
    sessions = Session.objects.filter(course=course).exclude(state__in=["draft", "cancelled"])
    people = Facilitator.objects.public().filter(facilitations__session__in=sessions).distinct()
    return {"people": [{"facilitator": person, "role": ""} for person in people.order_by("name")]}


@register.inclusion_tag("trainings/_sponsors.html")
def session_sponsors(session: Session) -> dict[str, Any]:
    """Who gave money for a session, its course, or all trainings of that time."""
    return {"sponsorships": TrainingSponsorship.objects.shown_at(session)}


@register.inclusion_tag("trainings/_sponsors.html")
def course_sponsors(course: Course) -> dict[str, Any]:
    """Who gives money for a course or all trainings today."""
    return {"sponsorships": TrainingSponsorship.objects.shown_for(course, timezone.localdate())}

"""What machines that read pages are told of courses and sessions (schema.org)."""

from django.conf import settings
from django.utils.safestring import SafeString

from partners.gatherings.models import Mode
from partners.models import Coalition
from partners.structured_data import json_ld
from trainings.models import Course, Session

_MODES = {Mode.IN_PERSON: "Offline", Mode.ONLINE: "Online", Mode.HYBRID: "Mixed"}
_COURSE_MODES = {Mode.IN_PERSON: "Onsite", Mode.ONLINE: "Online", Mode.HYBRID: "Blended"}


def course_data(course: Course, sessions: list[Session], coalition: Coalition) -> SafeString:
    """A course with its coming sessions. Source: https://schema.org/Course"""
    data: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "Course",
        "name": course.title,
        "description": course.summary,
        "url": f"{settings.SITE_URL}{course.get_absolute_url()}",
        "provider": _provider(coalition),
        "teaches": course.objectives,
        "about": [topic.name for topic in course.topics.all()],
    }
    if sessions:
        data["hasCourseInstance"] = [_instance(session) for session in sessions]
    return json_ld(data)


def session_data(session: Session, coalition: Coalition) -> SafeString:
    """A session as an EducationEvent. Source: https://schema.org/EducationEvent"""
    status = "EventCancelled" if session.state == Session.State.CANCELLED else "EventScheduled"
    return json_ld(
        {
            "@context": "https://schema.org",
            "@type": "EducationEvent",
            "name": session.course.title,
            "description": session.course.summary,
            "startDate": session.starts_at.isoformat(),
            "endDate": session.ends_at.isoformat(),
            "eventStatus": f"https://schema.org/{status}",
            "eventAttendanceMode": f"https://schema.org/{_MODES[Mode(session.mode)]}EventAttendanceMode",
            "location": _locations(session),
            "organizer": _provider(coalition),
            "url": f"{settings.SITE_URL}{session.get_absolute_url()}",
        }
    )


def _provider(coalition: Coalition) -> dict[str, str]:
    return {"@type": "Organization", "name": coalition.name, "url": settings.SITE_URL}


def _instance(session: Session) -> dict[str, object]:
    return {
        "@type": "CourseInstance",
        "courseMode": _COURSE_MODES[Mode(session.mode)],
        "startDate": session.starts_at.isoformat(),
        "endDate": session.ends_at.isoformat(),
        "location": _locations(session),
        "url": f"{settings.SITE_URL}{session.get_absolute_url()}",
    }


def _locations(session: Session) -> list[dict[str, object]]:
    """The place, and that one can join online: the address to join is not for machines."""
    found: list[dict[str, object]] = []
    if session.is_in_person:
        address = ", ".join(part for part in (session.street, session.city) if part)
        found.append({"@type": "Place", "name": session.venue, "address": address or session.venue})
    if session.is_online:
        found.append({"@type": "VirtualLocation", "url": f"{settings.SITE_URL}{session.get_absolute_url()}"})
    return found

"""Courses, sessions, enrollments."""

from trainings.models.course import Course, CourseTopic, FeeTier
from trainings.models.enrollment import Enrollment, EnrollmentNotice, Registration
from trainings.models.session import Session, SessionPart

__all__ = [
    "Course",
    "CourseTopic",
    "Enrollment",
    "EnrollmentNotice",
    "FeeTier",
    "Registration",
    "Session",
    "SessionPart",
]

"""Councils, events, attendance."""

from meetings.models.attendance import Attendance, AttendanceNotice, EventInvitation, Feedback
from meetings.models.council import Collaborative, Council
from meetings.models.event import Event, EventDocument, FollowUp

__all__ = [
    "Attendance",
    "AttendanceNotice",
    "Collaborative",
    "Council",
    "Event",
    "EventDocument",
    "EventInvitation",
    "Feedback",
    "FollowUp",
]

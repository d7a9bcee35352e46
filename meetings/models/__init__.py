"""Councils, events, attendance."""

from meetings.models.attendance import Attendance, AttendanceNotice, EventInvitation, Feedback
from meetings.models.council import Collaborative, Council
from meetings.models.door import DoorTick
from meetings.models.event import Event, EventDocument, FollowUp
from meetings.models.imports import AttendanceImport, ImportedPerson
from meetings.models.tables import Seat, SeatReport, Table, TableMember, TermNotice

__all__ = [
    "Attendance",
    "AttendanceImport",
    "AttendanceNotice",
    "Collaborative",
    "Council",
    "DoorTick",
    "Event",
    "EventDocument",
    "EventInvitation",
    "Feedback",
    "FollowUp",
    "ImportedPerson",
    "Seat",
    "SeatReport",
    "Table",
    "TableMember",
    "TermNotice",
]
